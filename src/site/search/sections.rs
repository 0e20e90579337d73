//! The sections of a page, and the scripts of their text.

use pulldown_cmark::{CodeBlockKind, Event, Tag, TagEnd};
use serde::Serialize;
use serde_json::json;

use crate::markdown::Document;

/// How long a piece of a page's text may become, in bytes: what is loaded to show one hit.
const PIECE: usize = 8 * 1024;

/// What stands between two headings.
#[derive(Debug, Default)]
pub(super) struct Section {
    /// The fragment of its heading; empty for what stands before the first.
    pub(super) anchor: String,
    /// The headings that lead to it, outermost first, without the page's title.
    pub(super) path: Vec<String>,
    pub(super) prose: String,
    pub(super) code: String,
    /// Code that is `text`: what commands print.
    pub(super) output: String,
}

impl Section {
    /// How many letters it has.
    pub(super) fn length(&self) -> usize {
        [&self.prose, &self.code, &self.output].iter().map(|text| text.chars().count()).sum()
    }
}

/// The sections of a page; there is always one.
pub(super) fn sections(document: &Document<'_>) -> Vec<Section> {
    let mut sections = vec![Section::default()];
    let mut path: Vec<(u8, String)> = Vec::new();
    let mut headings = document.headings.iter();
    let (mut in_heading, mut in_code, mut in_output) = (false, false, false);
    for (event, _) in &document.events {
        let first = sections.len() == 1;
        let section = sections.last_mut().expect("there is always one");
        match event {
            Event::Start(Tag::Heading { .. }) => {
                in_heading = true;
                let Some(heading) = headings.next() else { continue };
                if heading.level == 1 && first && section.prose.trim().is_empty() {
                    section.anchor.clone_from(&heading.anchor);
                    continue;
                }
                path.retain(|(level, _)| *level < heading.level);
                path.push((heading.level, heading.text.clone()));
                sections.push(Section {
                    anchor: heading.anchor.clone(),
                    path: path.iter().map(|(_, text)| text.clone()).collect(),
                    ..Section::default()
                });
            }
            Event::End(TagEnd::Heading(_)) => in_heading = false,
            Event::Start(Tag::CodeBlock(kind)) => {
                in_code = true;
                in_output = is_output(kind);
            }
            Event::End(TagEnd::CodeBlock) => (in_code, in_output) = (false, false),
            _ if in_heading => {}
            Event::Text(text) if in_output => section.output.push_str(text),
            Event::Text(text) if in_code => section.code.push_str(text),
            Event::Text(text) | Event::Code(text) => section.prose.push_str(text),
            Event::SoftBreak | Event::HardBreak | Event::End(_) => section.prose.push(' '),
            _ => {}
        }
    }
    sections
}

/// Whether a block is marked as no code but what code prints.
fn is_output(kind: &CodeBlockKind<'_>) -> bool {
    let CodeBlockKind::Fenced(info) = kind else { return false };
    info.split([' ', ',', '{']).next() == Some("text")
}

/// Cuts a page's sections into pieces that are short enough.
pub(super) fn pieces(sections: &[Section]) -> Vec<std::ops::Range<usize>> {
    let mut pieces = Vec::new();
    let (mut start, mut size) = (0, 0);
    for (at, section) in sections.iter().enumerate() {
        let length = section.prose.len() + section.code.len() + section.output.len();
        if at > start && size + length > PIECE {
            pieces.push(start..at);
            (start, size) = (at, 0);
        }
        size += length;
    }
    pieces.push(start..sections.len());
    pieces
}

/// The script that gives the browser a piece.
pub(super) fn piece_script(name: &str, href: &str, title: &str, sections: &[Section]) -> String {
    let sections: Vec<(&str, &[String], String)> = sections
        .iter()
        .map(|section| {
            let mut text =
                String::with_capacity(section.prose.len() + section.code.len() + section.output.len());
            for part in [&section.prose, &section.code, &section.output] {
                blanks_joined(part, &mut text);
            }
            (&*section.anchor, &*section.path, text)
        })
        .collect();
    let data = PieceData { href, title, sections };
    format!("haechiSearch.page({},{});\n", json!(name), serde_json::to_string(&data).unwrap_or_default())
}

/// What the browser knows of a piece.
#[derive(Serialize)]
struct PieceData<'a> {
    href: &'a str,
    title: &'a str,
    sections: Vec<(&'a str, &'a [String], String)>,
}

/// Adds the words of a text, with one blank between them.
fn blanks_joined(text: &str, joined: &mut String) {
    for word in text.split_whitespace() {
        if !joined.is_empty() {
            joined.push(' ');
        }
        joined.push_str(word);
    }
}
