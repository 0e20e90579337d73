//! The content of a page as HTML: the events of the parser, with what the site does otherwise.

use std::collections::HashSet;
use std::iter::Peekable;
use std::{slice, vec};

use pulldown_cmark::{Alignment, BlockQuoteKind, CodeBlockKind, CowStr, Event, HeadingLevel, Tag, TagEnd};
use pulldown_cmark_escape::escape_href;

use super::callouts::explained;
use super::code::{Callouts, fenced, plain};
use super::diagram::drawing;
use super::footnotes::Footnotes;
use super::glossary::Glossary;
use super::image::{Image, alt_text, image_length};
use super::links::site_link;
use super::lists::Lists;
use super::pictures::Pictures;
use super::table::{Columns, first_cell, labels};
use super::tabs::Tabs;
use crate::book::{Book, PagePath};
use crate::markdown::{Directive, Document, Fence, Heading};
use crate::site::html::escaped;
use crate::site::proof::ProofView;
use crate::site::words::Words;
use crate::text::ByteRange;

/// What a page's content is made from.
pub(crate) struct Content<'a> {
    pub(crate) document: &'a Document<'a>,
    pub(crate) proofs: &'a ProofView<'a>,
    pub(crate) words: &'a Words,
    pub(crate) book: &'a Book,
    pub(crate) path: &'a PagePath,
    pub(crate) pictures: &'a Pictures<'a>,
    pub(crate) glossary: &'a Glossary,
}

/// The HTML of a page's content.
pub(crate) fn render_content(content: &Content<'_>) -> String {
    let mut writer = Writer::new(content);
    while let Some((event, range)) = content.document.events.get(writer.at) {
        writer.at += 1;
        writer.event(event, range);
    }
    writer.finish()
}

/// Reads the events of a document in order, and writes those of the page.
struct Writer<'a> {
    content: &'a Content<'a>,
    /// The number of the next event.
    at: usize,
    written: Vec<Event<'a>>,
    tabs: Tabs,
    columns: Columns<'a>,
    lists: Lists,
    /// The terms of the glossary that the page has explained.
    terms_met: HashSet<usize>,
    /// How many elements are open in which no term is explained.
    no_terms: usize,
    is_glossary: bool,
    footnotes: Footnotes<'a>,
    /// The footnotes that are being read, each with what was written before it.
    outer: Vec<(CowStr<'a>, Vec<Event<'a>>)>,
    headings: slice::Iter<'a, Heading>,
    /// The heading that was met last.
    heading: Option<&'a Heading>,
    terms: slice::Iter<'a, String>,
    fences: Peekable<vec::IntoIter<&'a Fence>>,
    directives: Peekable<vec::IntoIter<&'a Directive>>,
}

impl<'a> Writer<'a> {
    fn new(content: &'a Content<'a>) -> Self {
        let document = content.document;
        Self {
            content,
            at: 0,
            written: Vec::with_capacity(document.events.len()),
            tabs: Tabs::default(),
            columns: Columns::new(&[], Vec::new()),
            lists: Lists::default(),
            terms_met: HashSet::new(),
            no_terms: 0,
            is_glossary: content.glossary.is(&content.path.html()),
            footnotes: Footnotes::default(),
            outer: Vec::new(),
            headings: document.headings.iter(),
            heading: None,
            terms: document.terms.iter(),
            fences: document.fences().collect::<Vec<_>>().into_iter().peekable(),
            directives: document.directives().collect::<Vec<_>>().into_iter().peekable(),
        }
    }

    fn html(&mut self, html: impl Into<CowStr<'a>>) {
        self.written.push(Event::Html(html.into()));
    }

    /// A word of the theme as HTML.
    fn word(&self, name: &str) -> String {
        escaped(self.content.words.get(name))
    }

    fn event(&mut self, event: &'a Event<'a>, range: &ByteRange) {
        match event {
            Event::Start(tag) => self.start(tag, event, range),
            Event::End(TagEnd::Heading(level)) => self.end_of_heading(*level),
            Event::End(TagEnd::BlockQuote(Some(_))) => self.html("</div>\n"),
            Event::End(TagEnd::Table) => {
                self.written.push(event.clone());
                self.html("</div>\n");
            }
            Event::End(TagEnd::FootnoteDefinition) => {
                if let Some((name, outer)) = self.outer.pop() {
                    self.footnotes.define(&name, std::mem::replace(&mut self.written, outer));
                }
            }
            Event::TaskListMarker(done) => {
                let (checked, word) = if *done { (" checked", "done") } else { ("", "to_do") };
                let word = self.word(word);
                self.html(format!("<input type=\"checkbox\" disabled{checked} aria-label=\"{word}\">\n"));
            }
            Event::Html(_) | Event::InlineHtml(_) => self.authors_html(event, range),
            Event::Text(text) => self.text(text, event),
            Event::Code(code) if code.split(' ').any(is_option) => {
                self.written.push(Event::InlineHtml(code_with_options(code).into()));
            }
            Event::End(TagEnd::Link) => {
                self.no_terms -= 1;
                self.written.push(event.clone());
            }
            Event::End(TagEnd::List(_)) => {
                self.lists.end();
                self.written.push(event.clone());
            }
            _ => self.written.push(event.clone()),
        }
    }

    fn start(&mut self, tag: &'a Tag<'a>, event: &'a Event<'a>, range: &ByteRange) {
        match tag {
            Tag::CodeBlock(kind) => self.code_block(kind, range),
            Tag::Heading { level, .. } => self.heading(*level),
            Tag::BlockQuote(Some(kind)) => self.alert(*kind),
            Tag::Table(alignments) => self.table(alignments),
            Tag::TableHead => {
                self.columns.begin_row("th");
                self.written.push(event.clone());
            }
            Tag::TableRow => self.table_row(event),
            Tag::TableCell => {
                let cell = self.columns.begin_cell();
                self.html(cell);
            }
            Tag::Link { link_type, dest_url, title, id } => {
                self.no_terms += 1;
                let (link_type, dest_url) = (*link_type, site_link(dest_url));
                let (title, id) = (title.clone(), id.clone());
                self.written.push(Event::Start(Tag::Link { link_type, dest_url, title, id }));
            }
            Tag::Image { dest_url, title, .. } => self.image(dest_url, title),
            Tag::DefinitionListTitle => {
                let anchor = self.terms.next().map(String::as_str).unwrap_or_default();
                self.html(format!("<dt id=\"{}\">", escaped(anchor)));
            }
            Tag::FootnoteDefinition(name) => {
                self.outer.push((name.clone(), std::mem::take(&mut self.written)));
            }
            Tag::List(_) => {
                let begun = self.lists.begin(self.at);
                match begun {
                    Some(html) => self.html(html),
                    None => self.written.push(event.clone()),
                }
            }
            Tag::Item => match self.lists.item() {
                Some(html) => self.html(html),
                None => self.written.push(event.clone()),
            },
            _ => self.written.push(event.clone()),
        }
    }

    /// Text, in which terms of the glossary are explained.
    fn text(&mut self, text: &str, event: &Event<'a>) {
        let Content { glossary, path, .. } = self.content;
        let linked = (self.no_terms == 0 && !self.is_glossary)
            .then(|| glossary.linked(text, &path.to_root(), &mut self.terms_met))
            .flatten();
        match linked {
            Some(html) => self.html(html),
            None => self.written.push(event.clone()),
        }
    }

    fn code_block(&mut self, kind: &CodeBlockKind<'_>, range: &ByteRange) {
        let rest = &self.content.document.events[self.at..];
        let end = rest.iter().position(|(event, _)| matches!(event, Event::End(TagEnd::CodeBlock)));
        let body = &rest[..end.unwrap_or(0)];
        self.at += body.len() + 1;
        let fence = self.fences.next_if(|fence| fence.range == *range);
        let block = match (kind, fence) {
            (CodeBlockKind::Fenced(_), Some(fence)) => match drawing(fence) {
                Some(Ok(picture)) => picture,
                _ => self.fence(fence),
            },
            _ => {
                let texts = body.iter().filter_map(|(event, _)| match event {
                    Event::Text(text) => Some(&**text),
                    _ => None,
                });
                plain(&texts.collect::<String>())
            }
        };
        self.html(block);
    }

    fn fence(&mut self, fence: &Fence) -> String {
        let Content { document, proofs, words, book, .. } = self.content;
        // The list that explains it stands behind its output.
        let is_output = |(event, range): &(Event<'_>, ByteRange)| {
            matches!(event, Event::Start(Tag::CodeBlock(_))) && proofs.is_output(range.start)
        };
        let mut next = self.at;
        if document.events.get(next).is_some_and(is_output) {
            let rest = &document.events[next..];
            next += rest.iter().position(|(event, _)| matches!(event, Event::End(_))).unwrap_or(0) + 1;
        }
        let codes = explained(&document.events[next..]).unwrap_or_default();
        let mut callouts = Callouts { block: self.lists.blocks() + 1, codes, words };
        let html = fenced(fence, proofs, &book.config.output.html.code.hidelines, &mut callouts);
        if !callouts.codes.is_empty() {
            self.lists.expect(next);
        }
        html
    }

    fn heading(&mut self, level: HeadingLevel) {
        if let Some(html) = self.tabs.heading(level) {
            self.html(html);
        }
        self.heading = self.headings.next();
        self.no_terms += 1;
        let anchor = self.heading.map(|heading| heading.anchor.as_str()).unwrap_or_default();
        let block = match level {
            HeadingLevel::H1 => String::new(),
            level => format!("<div class=\"heading {level}\">"),
        };
        self.html(format!("{block}<{level} id=\"{}\">", escaped(anchor)));
    }

    /// The link to a section stands beside its heading, not around it.
    fn end_of_heading(&mut self, level: HeadingLevel) {
        self.no_terms -= 1;
        let Some(heading) = self.heading.filter(|_| level != HeadingLevel::H1) else {
            return self.html(format!("</{level}>\n"));
        };
        let mut href = String::new();
        let _ = escape_href(&mut href, &heading.anchor);
        let label = self.word("section_link").replace("{name}", &escaped(&heading.text));
        self.html(format!(
            "</{level}><a class=\"anchor\" href=\"#{href}\" aria-label=\"{label}\"></a></div>\n"
        ));
    }

    fn alert(&mut self, kind: BlockQuoteKind) {
        let (class, word) = match kind {
            BlockQuoteKind::Note => ("info", "note"),
            BlockQuoteKind::Tip => ("tip", "tip"),
            BlockQuoteKind::Important => ("important", "important"),
            BlockQuoteKind::Warning => ("warning", "warning"),
            BlockQuoteKind::Caution => ("caution", "caution"),
        };
        let title = self.word(word);
        self.html(format!("<div class=\"note {class}\" role=\"note\"><p class=\"note-title\">{title}</p>\n"));
    }

    fn table(&mut self, alignments: &'a [Alignment]) {
        self.columns = Columns::new(alignments, labels(&self.content.document.events[self.at..]));
        let class = if self.columns.are_cards() { "table cards" } else { "table" };
        let name = match self.heading {
            Some(heading) => format!("aria-labelledby=\"{}\"", escaped(&heading.anchor)),
            None => format!("aria-label=\"{}\"", self.word("table")),
        };
        self.html(format!("<div class=\"{class}\"><table {name}>"));
    }

    fn table_row(&mut self, event: &Event<'a>) {
        self.columns.begin_row("td");
        let term = first_cell(&self.content.document.events[self.at..]);
        match self.content.glossary.anchor(term.trim()).filter(|_| self.is_glossary) {
            Some(anchor) => self.html(format!("<tr id=\"{}\">", escaped(anchor))),
            None => self.written.push(event.clone()),
        }
    }

    fn image(&mut self, address: &str, title: &str) {
        let rest = &self.content.document.events[self.at..];
        let length = image_length(rest);
        self.at += length + 1;
        let image = Image { address, title, alt: alt_text(&rest[..length]) };
        self.html(image.html(self.content.path, self.content.pictures));
    }

    /// HTML that the author wrote. A comment that speaks to haechi is not shown; it may be several events.
    fn authors_html(&mut self, event: &Event<'a>, range: &ByteRange) {
        while self.directives.next_if(|directive| directive.range.end <= range.start).is_some() {}
        match self.directives.peek().filter(|directive| directive.range.start < range.end) {
            Some(directive) => {
                let is_first = directive.range.start >= range.start;
                if let Some(html) = self.tabs.directive(&directive.request).filter(|_| is_first) {
                    self.html(html);
                }
            }
            None => self.written.push(event.clone()),
        }
    }

    fn finish(mut self) -> String {
        if let Some(html) = self.tabs.end() {
            self.html(html);
        }
        let mut content = self.footnotes.html(self.written);
        content.push_str(&self.footnotes.list());
        content
    }
}

/// Inline code whose options the theme does not divide at their hyphens.
fn code_with_options(code: &str) -> String {
    let words = code.split(' ').map(|word| match escaped(word) {
        option if is_option(word) => format!("<span class=\"option\">{option}</span>"),
        word => word,
    });
    format!("<code>{}</code>", words.collect::<Vec<_>>().join(" "))
}

/// Whether a word is an option of a command, short enough for a line of a phone.
fn is_option(word: &str) -> bool {
    word.starts_with('-') && (2..=20).contains(&word.len())
}
