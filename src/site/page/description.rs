//! What a page says of itself to search engines.

use pulldown_cmark::{Event, Tag, TagEnd};

use crate::markdown::Document;

/// The longest description, in characters.
const LONGEST: usize = 160;

/// The first paragraph, cut where it is too long.
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
    match text.char_indices().nth(LONGEST) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text,
    }
}
