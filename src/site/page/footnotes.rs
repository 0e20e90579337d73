//! Footnotes.

use std::collections::HashMap;
use std::fmt::Write as _;

use pulldown_cmark::{Event, html};

use crate::site::html::escaped;

/// The footnotes of a page, with mdBook's anchors; their text stands at its end.
#[derive(Default)]
pub(super) struct Footnotes<'e> {
    /// Those that are referred to, in order, and how often.
    references: Vec<(String, usize)>,
    definitions: HashMap<String, Vec<Event<'e>>>,
}

impl<'e> Footnotes<'e> {
    pub(super) fn define(&mut self, name: &str, events: Vec<Event<'e>>) {
        self.definitions.entry(name.to_owned()).or_insert(events);
    }

    /// The HTML of events, whose references count.
    pub(super) fn html(&mut self, events: Vec<Event<'e>>) -> String {
        let mut text = String::new();
        let referred = events.into_iter().map(|event| match event {
            Event::FootnoteReference(name) => Event::Html(self.reference(&name).into()),
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
    pub(super) fn list(mut self) -> String {
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
