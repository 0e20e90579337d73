//! Numbered explanations of a block: an ordered list right behind it, each item of which begins with code
//! that stands in the block. GitHub shows a list like any other.

use pulldown_cmark::{Event, Tag, TagEnd};

use crate::text::ByteRange;

/// The codes that the items of a list explain, if `events` begins with such a list.
pub(super) fn explained<'a>(events: &'a [(Event<'_>, ByteRange)]) -> Option<Vec<&'a str>> {
    let (Event::Start(Tag::List(Some(1))), _) = events.first()? else { return None };
    let mut codes = Vec::new();
    let mut depth = 0;
    for (at, (event, _)) in events.iter().enumerate() {
        match event {
            Event::Start(Tag::List(_)) => depth += 1,
            Event::End(TagEnd::List(_)) if depth == 1 => break,
            Event::End(TagEnd::List(_)) => depth -= 1,
            Event::Start(Tag::Item) if depth == 1 => {
                let mut inner = events[at + 1..].iter().map(|(event, _)| event);
                let first = inner.find(|event| !matches!(event, Event::Start(Tag::Paragraph)));
                let Some(Event::Code(code)) = first else { return None };
                codes.push(&**code);
            }
            _ => {}
        }
    }
    (codes.len() > 1).then_some(codes)
}
