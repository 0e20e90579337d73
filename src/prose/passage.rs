//! The text of a page, passage by passage, with the place in the page of each of its bytes.

use pulldown_cmark::{Event, Tag, TagEnd};

use crate::markdown::Document;
use crate::text::ByteRange;

/// A paragraph, a list item, a heading or a cell of a table. Inline code is one sign that is not a letter.
#[derive(Debug, Default)]
pub(super) struct Passage {
    pub(super) text: String,
    /// Whether it is made of sentences: headings and cells are not.
    pub(super) is_sentences: bool,
    /// Where pieces of the text begin, and the bytes that they have in the page.
    pieces: Vec<(usize, ByteRange)>,
}

const CODE: &str = "\u{fffc}";

impl Passage {
    fn push(&mut self, text: &str, range: ByteRange) {
        self.pieces.push((self.text.len(), range));
        self.text.push_str(text);
    }

    /// The bytes of the page that a part of the text has there.
    pub(super) fn place(&self, part: ByteRange) -> ByteRange {
        let place = |at: usize| {
            let number = self.pieces.partition_point(|(start, _)| *start <= at).saturating_sub(1);
            let (start, range) = self.pieces.get(number)?;
            Some((range.start + (at - start)).min(range.end))
        };
        let start = place(part.start).unwrap_or_default();
        let end = part.end.checked_sub(1).and_then(place).map_or(start, |last| last + 1);
        start..end.max(start)
    }
}

/// The passages of a page, code blocks and HTML left out.
pub(super) fn passages(document: &Document<'_>) -> Vec<Passage> {
    let mut passages = Vec::new();
    let mut open = Passage { is_sentences: true, ..Passage::default() };
    let mut in_code = false;
    let mut flush = |open: &mut Passage, next_is_sentences: bool| {
        let next = Passage { is_sentences: next_is_sentences, ..Passage::default() };
        let done = std::mem::replace(open, next);
        if !done.text.trim().is_empty() {
            passages.push(done);
        }
    };
    for (event, range) in &document.events {
        match event {
            Event::Start(Tag::CodeBlock(_)) => {
                flush(&mut open, true);
                in_code = true;
            }
            Event::End(TagEnd::CodeBlock) => in_code = false,
            Event::Start(Tag::Heading { .. } | Tag::TableCell) => flush(&mut open, false),
            Event::End(TagEnd::Heading(_) | TagEnd::TableCell)
            | Event::Start(
                Tag::Paragraph
                | Tag::Item
                | Tag::List(_)
                | Tag::BlockQuote(_)
                | Tag::DefinitionListTitle
                | Tag::DefinitionListDefinition
                | Tag::FootnoteDefinition(_),
            )
            | Event::End(TagEnd::Paragraph | TagEnd::Item) => flush(&mut open, true),
            Event::Text(text) if !in_code => open.push(text, range.clone()),
            Event::Code(_) => open.push(CODE, range.clone()),
            Event::SoftBreak | Event::HardBreak => open.push(" ", range.clone()),
            _ => {}
        }
    }
    flush(&mut open, true);
    passages
}
