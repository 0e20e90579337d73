//! What the template of a page is given.

use jiff::Timestamp;
use serde::Serialize;
use serde_json::json;
use tera::Context;

use crate::book::{Book, Page};
use crate::markdown::Heading;
use crate::site::proof::{Label, ProofSummary, engine_name};
use crate::site::whole::{self, Position};
use crate::site::words::Words;

/// A page of the book and what is made of it.
pub(crate) struct PageContext<'a> {
    pub(crate) book: &'a Book,
    pub(crate) page: &'a Page,
    pub(crate) title: &'a str,
    pub(crate) description: &'a str,
    pub(crate) headings: &'a [Heading],
    pub(crate) position: Position,
    pub(crate) content: &'a str,
    pub(crate) proofs: &'a ProofSummary,
    /// On what the book was verified; empty but on its first page.
    pub(crate) edition: &'a str,
    pub(crate) policy: &'a str,
    /// Fragments that have left the page, with where they lead.
    pub(crate) moved: &'a [(&'a str, &'a str)],
    /// When the page was last changed, if that is known.
    pub(crate) changed: Option<Timestamp>,
}

#[derive(Serialize)]
struct HeadingContext<'a> {
    level: u8,
    text: &'a str,
    anchor: &'a str,
}

/// The content of a page cut behind its title, if it begins with one.
fn title_and_text(content: &str) -> (&str, &str) {
    const END: &str = "</h1>\n";
    let end = content.find(END).filter(|_| content.trim_start().starts_with("<h1"));
    content.split_at(end.map_or(0, |at| at + END.len()))
}

impl PageContext<'_> {
    /// Adds all of it to what every template is given.
    pub(super) fn fill(&self, context: &mut Context, words: &Words) {
        let href = self.page.path.html();
        context.insert("head_title", &self.page.title);
        context.insert("description", self.description);
        context.insert("content", self.content);
        // What stands between the title and the text is the template's.
        let (head, body) = title_and_text(self.content);
        context.insert("head", head);
        context.insert("body", body);
        context.insert("place", &self.position);
        context.insert("proofs", self.proofs);
        let Label { class, icon, .. } = Label::of(self.proofs.worst);
        let engine = Some(self.proofs.engine.as_str()).filter(|engine| !engine.is_empty());
        let engine = engine.map(|engine| engine_name(words, engine));
        let mark = self.proofs.provenance().mark().filter(|_| self.proofs.verified > 0);
        let (kind, images) = mark.map_or_else(Default::default, |(kind, word)| (kind, words.get(word)));
        context.insert(
            "tally",
            &json!({ "class": class, "icon": icon, "engine": engine, "kind": kind, "images": images }),
        );
        context.insert("edition", self.edition);
        context.insert("policy", self.policy);
        context.insert("source", self.page.path.as_str());
        context.insert("edit", &self.edit_url());
        context.insert("moved", self.moved);
        let canonical = whole::base_url(self.book).map(|base| whole::address(&base, &href));
        context.insert("canonical", &canonical);
        let linked = whole::linked_data(self.book, self.title, self.description, self.changed);
        context.insert("linked_data", &linked);
        context.insert("changed", &self.changed.map(|time| time.to_string()));
        context.insert("changed_day", &self.changed.map(|time| time.strftime("%Y-%m-%d").to_string()));
        context.insert("headings", &self.headings());
    }

    /// Where the page can be changed.
    fn edit_url(&self) -> Option<String> {
        let template = self.book.config.output.html.edit_url_template.as_ref()?;
        let file = self.book.config.book.src.join(self.page.path.as_str());
        Some(template.replace("{path}", &file.to_string_lossy()))
    }

    /// The headings that stand beside the page.
    fn headings(&self) -> Vec<HeadingContext<'_>> {
        let shown = |heading: &&Heading| matches!(heading.level, 2 | 3);
        self.headings
            .iter()
            .filter(|_| self.book.config.output.html.sidebar_header_nav)
            .filter(shown)
            .map(|heading| HeadingContext {
                level: heading.level,
                text: &heading.text,
                anchor: &heading.anchor,
            })
            .collect()
    }
}
