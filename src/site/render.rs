//! A document as HTML.

use std::borrow::Cow;
use std::collections::HashMap;
use std::fmt::Write as _;

use pulldown_cmark::{BlockQuoteKind, CodeBlockKind, CowStr, Event, Tag, TagEnd, html};
use pulldown_cmark_escape::escape_href;

use super::code::{fenced, plain};
use super::navigation::escaped;
use super::proof::Proofs;
use super::theme::Theme;
use crate::markdown::{Block, Document};

/// The HTML of a page's content.
pub(super) fn render(
    document: &Document<'_>,
    proofs: &Proofs<'_>,
    theme: &Theme,
    hidelines: &HashMap<String, String>,
) -> String {
    let mut events = Vec::with_capacity(document.events.len());
    let mut footnotes = Footnotes::default();
    // What stands around the footnote that is being read.
    let (mut around, mut name) = (Vec::new(), String::new());
    let mut headings = document.headings.iter();
    let mut terms = document.terms.iter();
    let mut fences = document.fences().peekable();
    let directives: Vec<_> = document
        .blocks
        .iter()
        .filter(|block| matches!(block, Block::Directive(_)))
        .map(Block::range)
        .collect();
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
                    (CodeBlockKind::Fenced(_), Some(fence)) => fenced(fence, proofs, hidelines),
                    _ => {
                        let text: String = body.iter().filter_map(|(event, _)| text_of(event)).collect();
                        plain(&text)
                    }
                };
                events.push(html_event(block));
            }
            Event::Start(Tag::Heading { level, .. }) => {
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
                let title = escaped(theme.word(word));
                events.push(html_event(format!(
                    "<aside class=\"note {class}\"><p class=\"note-title\">{title}</p>\n"
                )));
            }
            Event::End(TagEnd::BlockQuote(Some(_))) => events.push(html_event("</aside>\n".into())),
            Event::Start(Tag::Table(_)) => {
                events.push(html_event(format!(
                    "<div class=\"table\" tabindex=\"0\" role=\"region\" aria-label=\"{}\">",
                    escaped(theme.word("table"))
                )));
                events.push(event.clone());
            }
            Event::End(TagEnd::Table) => {
                events.push(event.clone());
                events.push(html_event("</div>\n".into()));
            }
            Event::Start(Tag::Link { .. } | Tag::Image { .. }) => {
                let mut event = event.clone();
                if let Event::Start(Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. }) = &mut event {
                    *dest_url = on_the_site(dest_url);
                }
                events.push(event);
            }
            Event::Start(Tag::DefinitionListTitle) => {
                let anchor = terms.next().map(String::as_str).unwrap_or_default();
                events.push(html_event(format!("<dt id=\"{}\">", escaped(anchor))));
            }
            Event::FootnoteReference(name) => events.push(html_event(footnotes.reference(name))),
            Event::Start(Tag::FootnoteDefinition(label)) => {
                name = label.to_string();
                around = std::mem::take(&mut events);
            }
            Event::End(TagEnd::FootnoteDefinition) => {
                let own = std::mem::replace(&mut events, std::mem::take(&mut around));
                footnotes.define(&name, own);
            }
            Event::Html(_) | Event::InlineHtml(_)
                if directives
                    .iter()
                    .any(|directive| directive.start < range.end && range.start < directive.end) => {}
            _ => events.push(event.clone()),
        }
    }
    let mut content = String::new();
    html::push_html(&mut content, events.into_iter());
    content.push_str(&footnotes.list());
    content
}

/// The footnotes of a page, with mdBook's anchors; their text stands at its end.
#[derive(Default)]
struct Footnotes {
    /// Those that are referred to, in order, and how often.
    references: Vec<(String, usize)>,
    texts: HashMap<String, String>,
}

impl Footnotes {
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

    fn define(&mut self, name: &str, events: Vec<Event<'_>>) {
        let mut text = String::new();
        html::push_html(&mut text, events.into_iter());
        self.texts.entry(name.to_owned()).or_insert(text);
    }

    fn list(&self) -> String {
        let mut items = String::new();
        for (name, count) in &self.references {
            let Some(text) = self.texts.get(name) else { continue };
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
