//! HTML comments, with the bytes that they have in the page.

use pulldown_cmark::Event;

use super::directive::near_miss;
use crate::messages::markdown as messages;
use crate::text::{ByteRange, Problem, Source};

/// An HTML comment.
pub(super) struct Comment {
    pub(super) text: String,
    /// Its bytes in the page.
    pub(super) range: ByteRange,
    pub(super) ends: bool,
    /// Whether the marks still stand in the text: the parser takes them out of blocks only.
    pub(super) has_marks: bool,
}

/// The HTML comments in a run of HTML.
pub(super) fn comments(page: &str, run: &[(Event<'_>, ByteRange)]) -> Vec<Comment> {
    let mut text = String::new();
    // Where each piece begins in the text, and which bytes it has in the page.
    let mut pieces: Vec<(usize, &ByteRange)> = Vec::new();
    for (event, range) in run {
        if let Event::Html(piece) | Event::InlineHtml(piece) = event {
            pieces.push((text.len(), range));
            text.push_str(piece);
        }
    }
    // The place in the page, where the piece is as the page has it, and the bytes of the piece.
    let place = |at: usize| {
        let piece = pieces.partition_point(|(start, _)| *start <= at).saturating_sub(1);
        let (start, range) = pieces[piece];
        let next = pieces.get(piece + 1).map_or(text.len(), |(next, _)| *next);
        let own = page.get(range.clone()).filter(|own| *own == &text[start..next]);
        (own.map(|_| range.start + at - start), range)
    };
    let mut found = Vec::new();
    let mut start = 0;
    while let Some(open) = text[start..].find("<!--").map(|at| start + at) {
        let close = text[open..].find("-->").map(|at| open + at + 3);
        let end = close.unwrap_or(text.trim_end().len());
        let (first, last) = (place(open), place(end - 1));
        let range = first.0.unwrap_or(first.1.start)..last.0.map_or(last.1.end, |at| at + 1);
        let text = text[open..end].replace("\r\n", "\n");
        let has_marks = matches!(run[0].0, Event::InlineHtml(_));
        found.push(Comment { text, range, ends: close.is_some(), has_marks });
        start = end;
    }
    found
}

/// What is wrong with a comment that does not end, if it seems intended for haechi.
pub(super) fn unclosed(source: &Source, comment: &str, range: ByteRange) -> Option<Problem> {
    let body = comment.strip_prefix("<!--")?.trim_start();
    if !body.starts_with("haechi:") && near_miss(body).is_none() {
        return None;
    }
    let line = source.text[range.clone()].find('\n').unwrap_or(range.len());
    let range = range.start..range.start + line;
    Some(Problem::new(messages::unclosed_directive()).help(messages::close_directive()).at(source, range))
}
