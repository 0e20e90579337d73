//! Headings and their anchors.

use std::collections::HashMap;

use pulldown_cmark::{Event, Tag};

use super::document::ends_heading;
use crate::diagnostic::ByteRange;

/// A heading of a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Heading {
    /// 1 to 6.
    pub level: u8,
    /// Its text without markup.
    pub text: String,
    /// The fragment that leads to it, unique in the page.
    pub anchor: String,
    /// Its bytes in the page.
    pub range: ByteRange,
}

/// The headings among the events.
pub(super) fn collect(events: &[(Event<'_>, ByteRange)]) -> Vec<Heading> {
    let mut headings: Vec<Heading> = Vec::new();
    let mut seen = HashMap::new();
    let mut at = 0;
    while at < events.len() {
        if let (Event::Start(Tag::Heading { level, id, .. }), range) = &events[at] {
            let mut text = String::new();
            while at < events.len() && !ends_heading(&events[at].0) {
                if let Event::Text(piece) | Event::Code(piece) = &events[at].0 {
                    text.push_str(piece);
                }
                at += 1;
            }
            let wanted = id.as_ref().map_or_else(|| slug(&text), |id| id.to_string());
            let anchor = unique(wanted, &mut seen);
            headings.push(Heading { level: *level as u8, text, anchor, range: range.clone() });
        }
        at += 1;
    }
    headings
}

/// The anchor of a heading's text, as mdBook makes it: letters of any script,
/// digits, `-` and `_` stay, blanks become `-`, the rest goes.
fn slug(text: &str) -> String {
    text.trim()
        .chars()
        .filter_map(|c| {
            if c.is_alphanumeric() || c == '_' || c == '-' {
                Some(c.to_ascii_lowercase())
            } else {
                c.is_whitespace().then_some('-')
            }
        })
        .collect()
}

fn unique(wanted: String, seen: &mut HashMap<String, usize>) -> String {
    let count = seen.entry(wanted.clone()).or_insert(0);
    *count += 1;
    if *count == 1 {
        return wanted;
    }
    let mut number = *count - 1;
    loop {
        let candidate = format!("{wanted}-{number}");
        if !seen.contains_key(&candidate) {
            seen.insert(candidate.clone(), 1);
            return candidate;
        }
        number += 1;
    }
}

#[cfg(test)]
mod tests {
    use crate::diagnostic::Source;
    use crate::markdown::Document;

    #[test]
    fn anchors_are_readable_in_korean_and_unique() {
        let source = Source::new(
            "p.md",
            "# 도커란?\n\n## `docker run` 실행\n\n## 도커란?\n\n## x {#도커란-1}\n\n## 도커란\n",
        );
        let document = Document::parse(&source);
        let anchors: Vec<_> = document.headings.iter().map(|h| h.anchor.as_str()).collect();
        assert_eq!(anchors, ["도커란", "docker-run-실행", "도커란-1", "도커란-1-1", "도커란-2"]);
    }
}
