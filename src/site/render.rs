//! A document as HTML.

use std::borrow::Cow;
use std::collections::HashMap;
use std::fmt::Write as _;
use std::path::Path;

use pulldown_cmark::{
    Alignment, BlockQuoteKind, CodeBlockKind, CowStr, Event, HeadingLevel, Tag, TagEnd, html,
};
use pulldown_cmark_escape::escape_href;

use super::code::{fenced, plain};
use super::html::escaped;
use super::pictures::Pictures;
use super::proof::ProofView;
use super::words::Words;
use super::{diagram, pictures};
use crate::book::{Book, PagePath};
use crate::diagnostic::ByteRange;
use crate::files::percent_decoded;
use crate::markdown::{Document, Fence, Request};

/// What a page's content is made from.
pub(super) struct Page<'a> {
    pub(super) document: &'a Document<'a>,
    pub(super) proofs: &'a ProofView<'a>,
    pub(super) words: &'a Words,
    pub(super) book: &'a Book,
    pub(super) path: &'a PagePath,
    pub(super) pictures: &'a Pictures<'a>,
}

/// The HTML of a page's content.
pub(super) fn render(page: &Page<'_>) -> String {
    let Page { document, proofs, words, book, .. } = *page;
    let hidelines = &book.config.output.html.code.hidelines;
    let mut tabs = Tabs::default();
    let mut columns = Columns { alignments: &[], cell: "td", at: 0 };
    let mut events = Vec::with_capacity(document.events.len());
    let mut footnotes = Footnotes::default();
    // The footnotes that are being read, each with what stands around it.
    let mut around: Vec<(CowStr<'_>, Vec<Event<'_>>)> = Vec::new();
    let mut headings = document.headings.iter();
    let mut terms = document.terms.iter();
    let mut fences = document.fences().peekable();
    let mut directives = document.directives().peekable();
    let mut at = 0;
    while at < document.events.len() {
        let (event, range) = &document.events[at];
        at += 1;
        match event {
            Event::Start(Tag::CodeBlock(kind)) => {
                let end = document.events[at..]
                    .iter()
                    .position(|(event, _)| matches!(event, Event::End(TagEnd::CodeBlock)));
                let body = &document.events[at..at + end.unwrap_or(0)];
                at += body.len() + 1;
                let fence = fences.next_if(|fence| fence.range == *range);
                let block = match (kind, fence) {
                    (CodeBlockKind::Fenced(_), Some(fence)) => match drawing(fence) {
                        Some(Ok(picture)) => picture,
                        _ => fenced(fence, proofs, hidelines),
                    },
                    _ => {
                        let text: String = body.iter().filter_map(|(event, _)| text_of(event)).collect();
                        plain(&text)
                    }
                };
                events.push(html_event(block));
            }
            Event::Start(Tag::Heading { level, .. }) => {
                if let Some(html) = tabs.heading(*level) {
                    events.push(html_event(html.into()));
                }
                let anchor = headings.next().map(|heading| heading.anchor.as_str()).unwrap_or_default();
                let mut href = String::new();
                let _ = escape_href(&mut href, anchor);
                events.push(html_event(format!(
                    "<{level} id=\"{}\"><a class=\"anchor\" href=\"#{href}\">",
                    escaped(anchor)
                )));
            }
            Event::End(TagEnd::Heading(level)) => events.push(html_event(format!("</a></{level}>\n"))),
            Event::Start(Tag::BlockQuote(Some(kind))) => {
                let (class, word) = alert(*kind);
                let title = escaped(words.get(word));
                events.push(html_event(format!(
                    "<div class=\"note {class}\" role=\"note\"><p class=\"note-title\">{title}</p>\n"
                )));
            }
            Event::End(TagEnd::BlockQuote(Some(_))) => events.push(html_event("</div>\n".into())),
            Event::Start(Tag::Table(alignments)) => {
                columns = Columns { alignments, cell: "td", at: 0 };
                events.push(html_event(format!(
                    "<div class=\"table\" tabindex=\"0\" role=\"region\" aria-label=\"{}\">",
                    escaped(words.get("table"))
                )));
                events.push(event.clone());
            }
            Event::End(TagEnd::Table) => {
                events.push(event.clone());
                events.push(html_event("</div>\n".into()));
            }
            Event::Start(Tag::TableHead | Tag::TableRow) => {
                let cell = if *event == Event::Start(Tag::TableHead) { "th" } else { "td" };
                columns = Columns { cell, at: 0, ..columns };
                events.push(event.clone());
            }
            Event::Start(Tag::TableCell) => events.push(html_event(columns.begin())),
            Event::Start(Tag::Link { .. }) => {
                let mut event = event.clone();
                if let Event::Start(Tag::Link { dest_url, .. }) = &mut event {
                    *dest_url = on_the_site(dest_url);
                }
                events.push(event);
            }
            Event::Start(Tag::Image { dest_url, title, .. }) => {
                let end = end_of_image(&document.events[at..]);
                let alt: String =
                    document.events[at..at + end].iter().filter_map(|(e, _)| alt_of(e)).collect();
                at += end + 1;
                events.push(html_event(page.picture(dest_url, title, &alt)));
            }
            Event::Start(Tag::DefinitionListTitle) => {
                let anchor = terms.next().map(String::as_str).unwrap_or_default();
                events.push(html_event(format!("<dt id=\"{}\">", escaped(anchor))));
            }
            Event::TaskListMarker(done) => {
                let (checked, word) = if *done { (" checked", "done") } else { ("", "to_do") };
                let word = escaped(words.get(word));
                events.push(html_event(format!(
                    "<input type=\"checkbox\" disabled{checked} aria-label=\"{word}\">\n"
                )));
            }
            Event::Start(Tag::FootnoteDefinition(name)) => {
                around.push((name.clone(), std::mem::take(&mut events)));
            }
            Event::End(TagEnd::FootnoteDefinition) => {
                if let Some((name, outer)) = around.pop() {
                    footnotes.define(&name, std::mem::replace(&mut events, outer));
                }
            }
            Event::Html(_) | Event::InlineHtml(_) => {
                while directives.next_if(|directive| directive.range.end <= range.start).is_some() {}
                match directives.peek().filter(|directive| directive.range.start < range.end) {
                    // A comment that speaks to haechi is not shown; it may be several events.
                    Some(directive) => {
                        let first = directive.range.start >= range.start;
                        if let Some(html) = tabs.directive(&directive.request).filter(|_| first) {
                            events.push(html_event(html.into()));
                        }
                    }
                    None => events.push(event.clone()),
                }
            }
            _ => events.push(event.clone()),
        }
    }
    if let Some(html) = tabs.end() {
        events.push(html_event(html.into()));
    }
    let mut content = footnotes.html(events);
    content.push_str(&footnotes.list());
    content
}

/// A diagram that a fence writes as text, drawn; `None` for other fences.
pub(super) fn drawing(fence: &Fence) -> Option<Result<String, String>> {
    if fence.language != "mermaid" {
        return None;
    }
    let text: String = fence.lines.iter().flat_map(|line| [line.text.as_str(), "\n"]).collect();
    Some(diagram::drawn(&text).map(|svg| {
        let size = pictures::of_svg(&svg).map_or_else(String::new, dimensions);
        format!(
            "<p class=\"diagram\"><img src=\"data:image/svg+xml,{}\" alt=\"{}\"{size}></p>\n",
            in_an_address(&svg),
            escaped(&diagram::told(&text))
        )
    }))
}

/// Text as part of an address: what means something there is written by its number.
fn in_an_address(text: &str) -> String {
    let mut address = String::with_capacity(text.len() + text.len() / 4);
    for byte in text.bytes() {
        match byte {
            b'"' => address.push('\''),
            b'%' | b'#' | b'<' | b'>' | b'&' | b'\'' | b'\\' | 0..=31 | 127.. => {
                let _ = write!(address, "%{byte:02X}");
            }
            other => address.push(char::from(other)),
        }
    }
    address
}

fn dimensions((width, height): (u32, u32)) -> String {
    format!(" width=\"{width}\" height=\"{height}\"")
}

/// A drawing of so many pixels scrolls on a narrow screen.
const WIDE: u32 = 600;

impl Page<'_> {
    /// A picture, with its size if it is a file of the book.
    fn picture(&self, address: &str, title: &str, alt: &str) -> String {
        let mut src = String::new();
        let _ = escape_href(&mut src, address);
        let mut html = format!("<img src=\"{src}\" alt=\"{}\"", escaped(alt));
        if !title.is_empty() {
            let _ = write!(html, " title=\"{}\"", escaped(title));
        }
        let mut size = None;
        if !address.contains(':') && !address.starts_with('/') {
            let path = address.split(['#', '?']).next().unwrap_or(address);
            let folder = Path::new(self.path.as_str()).parent().unwrap_or(Path::new(""));
            size = self.pictures.size(&folder.join(&*percent_decoded(path)));
            html.push_str(&size.map_or_else(String::new, dimensions));
        }
        html.push_str(" loading=\"lazy\">");
        // Letters of a drawing are not made smaller than one can read: it scrolls.
        let is_wide = size.is_some_and(|(width, _)| width >= WIDE) && address.ends_with(".svg");
        if is_wide { format!("<span class=\"wide\" tabindex=\"0\">{html}</span>") } else { html }
    }
}

/// How many events stand before the end of the image that has begun.
fn end_of_image(events: &[(Event<'_>, ByteRange)]) -> usize {
    let mut depth = 1;
    for (number, (event, _)) in events.iter().enumerate() {
        match event {
            Event::Start(_) => depth += 1,
            Event::End(_) => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return number;
        }
    }
    events.len()
}

fn alt_of<'e>(event: &'e Event<'_>) -> Option<&'e str> {
    match event {
        Event::Text(text) | Event::Code(text) => Some(text),
        Event::SoftBreak | Event::HardBreak => Some(" "),
        _ => None,
    }
}

/// The columns of a table. Their alignment is a class: the policy forbids styles in the text.
struct Columns<'a> {
    alignments: &'a [Alignment],
    /// The element of a cell in this row.
    cell: &'static str,
    /// The number of the next cell.
    at: usize,
}

impl Columns<'_> {
    fn begin(&mut self) -> String {
        let class = match self.alignments.get(self.at) {
            Some(Alignment::Center) => " class=\"center\"",
            Some(Alignment::Right) => " class=\"right\"",
            Some(Alignment::Left | Alignment::None) | None => "",
        };
        self.at += 1;
        format!("<{}{class}>", self.cell)
    }
}

/// Alternatives of which the reader sees one at a time; each begins with a heading.
#[derive(Default)]
struct Tabs {
    open: bool,
    /// The level of the headings, once the first has come.
    level: Option<HeadingLevel>,
}

impl Tabs {
    fn directive(&mut self, request: &Request) -> Option<&'static str> {
        match request {
            Request::Tabs if !self.open => {
                *self = Self { open: true, level: None };
                Some("<div class=\"tabs\">\n")
            }
            Request::EndTabs => self.end(),
            _ => None,
        }
    }

    fn heading(&mut self, level: HeadingLevel) -> Option<&'static str> {
        if !self.open {
            return None;
        }
        match self.level {
            None => {
                self.level = Some(level);
                Some("<section>\n")
            }
            Some(own) if level <= own => Some("</section>\n<section>\n"),
            Some(_) => None,
        }
    }

    fn end(&mut self) -> Option<&'static str> {
        let begun = self.level.is_some();
        std::mem::take(&mut self.open).then_some(if begun { "</section>\n</div>\n" } else { "</div>\n" })
    }
}

/// The footnotes of a page, with mdBook's anchors; their text stands at its end.
#[derive(Default)]
struct Footnotes<'e> {
    /// Those that are referred to, in order, and how often.
    references: Vec<(String, usize)>,
    definitions: HashMap<String, Vec<Event<'e>>>,
}

impl<'e> Footnotes<'e> {
    fn define(&mut self, name: &str, events: Vec<Event<'e>>) {
        self.definitions.entry(name.to_owned()).or_insert(events);
    }

    /// The HTML of events, whose references count.
    fn html(&mut self, events: Vec<Event<'e>>) -> String {
        let mut text = String::new();
        let referred = events.into_iter().map(|event| match event {
            Event::FootnoteReference(name) => html_event(self.reference(&name)),
            other => other,
        });
        html::push_html(&mut text, referred);
        text
    }

    fn reference(&mut self, name: &str) -> String {
        let number = match self.references.iter().position(|(known, _)| known == name) {
            Some(at) => at,
            None => {
                self.references.push((name.to_owned(), 0));
                self.references.len() - 1
            }
        };
        self.references[number].1 += 1;
        let name = escaped(name);
        format!(
            "<sup class=\"footnote-reference\" id=\"fr-{name}-{}\"><a href=\"#footnote-{name}\">{}</a></sup>",
            self.references[number].1,
            number + 1
        )
    }

    /// The notes that the text refers to, and those that these refer to.
    fn list(mut self) -> String {
        let mut texts = Vec::new();
        while let Some((name, _)) = self.references.get(texts.len()) {
            let events = self.definitions.remove(name).unwrap_or_default();
            texts.push(self.html(events));
        }
        let mut items = String::new();
        for ((name, count), text) in self.references.iter().zip(&texts) {
            let name = escaped(name);
            let back = (1..=*count).fold(String::new(), |mut back, usage| {
                let nth = if usage == 1 { String::new() } else { usage.to_string() };
                let _ = write!(back, " <a class=\"back\" href=\"#fr-{name}-{usage}\">↩{nth}</a>");
                back
            });
            let (text, end) = match text.trim_end().strip_suffix("</p>") {
                Some(text) => (text, "</p>"),
                None => (text.as_str(), ""),
            };
            let _ = writeln!(items, "<li id=\"footnote-{name}\">{text}{back}{end}</li>");
        }
        if items.is_empty() {
            items
        } else {
            format!("<hr>\n<ol class=\"footnote-definition\">\n{items}</ol>\n")
        }
    }
}

fn html_event(text: String) -> Event<'static> {
    Event::Html(CowStr::from(text))
}

fn text_of<'e>(event: &'e Event<'_>) -> Option<&'e str> {
    match event {
        Event::Text(text) => Some(text),
        _ => None,
    }
}

/// A link to a Markdown file of the book leads to its page.
fn on_the_site<'a>(url: &CowStr<'a>) -> CowStr<'a> {
    if url.contains("://") || url.starts_with("mailto:") {
        return url.clone();
    }
    let (path, rest) = url.find(['#', '?']).map_or((&**url, ""), |at| url.split_at(at));
    match path.strip_suffix(".md") {
        Some(_) => CowStr::from(format!("{}{rest}", crate::book::PagePath::new(path).html())),
        None => url.clone(),
    }
}

/// The class of an alert in the style sheet, and its title among the theme's words.
fn alert(kind: BlockQuoteKind) -> (&'static str, &'static str) {
    match kind {
        BlockQuoteKind::Note => ("info", "note"),
        BlockQuoteKind::Tip => ("tip", "tip"),
        BlockQuoteKind::Important => ("important", "important"),
        BlockQuoteKind::Warning => ("warning", "warning"),
        BlockQuoteKind::Caution => ("caution", "caution"),
    }
}

/// The first paragraph, for search engines: at most 160 characters.
pub(super) fn description(document: &Document<'_>) -> String {
    let mut text = String::new();
    let mut inside = false;
    for (event, _) in &document.events {
        match event {
            Event::Start(Tag::Paragraph) => inside = true,
            Event::End(TagEnd::Paragraph) if !text.is_empty() => break,
            Event::Text(piece) | Event::Code(piece) if inside => text.push_str(piece),
            Event::SoftBreak if inside => text.push(' '),
            _ => {}
        }
    }
    let short: Cow<'_, str> = match text.char_indices().nth(160) {
        Some((at, _)) => Cow::Owned(format!("{}…", &text[..at])),
        None => Cow::Borrowed(&text),
    };
    short.into_owned()
}
