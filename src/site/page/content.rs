//! The content of a page as HTML: the events of the parser, with what the site does otherwise.

use std::iter::Peekable;
use std::{slice, vec};

use pulldown_cmark::{Alignment, BlockQuoteKind, CodeBlockKind, CowStr, Event, HeadingLevel, Tag, TagEnd};
use pulldown_cmark_escape::escape_href;

use super::code::{fenced, plain};
use super::diagram::drawing;
use super::footnotes::Footnotes;
use super::image::{Image, alt_text, image_length};
use super::links::site_link;
use super::pictures::Pictures;
use super::table::Columns;
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
    footnotes: Footnotes<'a>,
    /// The footnotes that are being read, each with what was written before it.
    outer: Vec<(CowStr<'a>, Vec<Event<'a>>)>,
    headings: slice::Iter<'a, Heading>,
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
            columns: Columns::new(&[]),
            footnotes: Footnotes::default(),
            outer: Vec::new(),
            headings: document.headings.iter(),
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
            Event::End(TagEnd::Heading(level)) => self.html(format!("</a></{level}>\n")),
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
            _ => self.written.push(event.clone()),
        }
    }

    fn start(&mut self, tag: &'a Tag<'a>, event: &'a Event<'a>, range: &ByteRange) {
        match tag {
            Tag::CodeBlock(kind) => self.code_block(kind, range),
            Tag::Heading { level, .. } => self.heading(*level),
            Tag::BlockQuote(Some(kind)) => self.alert(*kind),
            Tag::Table(alignments) => self.table(alignments, event),
            Tag::TableHead | Tag::TableRow => {
                self.columns.begin_row(if *tag == Tag::TableHead { "th" } else { "td" });
                self.written.push(event.clone());
            }
            Tag::TableCell => {
                let cell = self.columns.begin_cell();
                self.html(cell);
            }
            Tag::Link { link_type, dest_url, title, id } => {
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
            _ => self.written.push(event.clone()),
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
                _ => fenced(fence, self.content.proofs, &self.content.book.config.output.html.code.hidelines),
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

    fn heading(&mut self, level: HeadingLevel) {
        if let Some(html) = self.tabs.heading(level) {
            self.html(html);
        }
        let anchor = self.headings.next().map(|heading| heading.anchor.as_str()).unwrap_or_default();
        let mut href = String::new();
        let _ = escape_href(&mut href, anchor);
        self.html(format!("<{level} id=\"{}\"><a class=\"anchor\" href=\"#{href}\">", escaped(anchor)));
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

    fn table(&mut self, alignments: &'a [Alignment], event: &Event<'a>) {
        self.columns = Columns::new(alignments);
        let label = self.word("table");
        self.html(format!("<div class=\"table\" tabindex=\"0\" role=\"region\" aria-label=\"{label}\">"));
        self.written.push(event.clone());
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
