//! Headings and their anchors.

use std::collections::HashMap;

use pulldown_cmark::{Event, Tag};

use crate::text::ByteRange;

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

/// The headings among the events, and the anchors of the terms of definition lists.
pub(super) fn collect(events: &[(Event<'_>, ByteRange)]) -> (Vec<Heading>, Vec<String>) {
    let (mut headings, mut terms) = (Vec::new(), Vec::new());
    let mut seen = HashMap::new();
    let mut at = 0;
    while at < events.len() {
        let (event, range) = &events[at];
        let Event::Start(tag) = event else {
            at += 1;
            continue;
        };
        let end = tag.to_end();
        if !matches!(tag, Tag::Heading { .. } | Tag::DefinitionListTitle) {
            at += 1;
            continue;
        }
        let mut text = String::new();
        while at < events.len() && events[at].0 != Event::End(end) {
            if let Event::Text(piece) | Event::Code(piece) = &events[at].0 {
                text.push_str(piece);
            }
            at += 1;
        }
        match tag {
            Tag::Heading { level, id, .. } => {
                let wanted = id.as_ref().map_or_else(|| slug(&text), |id| id.to_string());
                let anchor = unique(wanted, &mut seen);
                headings.push(Heading { level: *level as u8, text, anchor, range: range.clone() });
            }
            _ => terms.push(unique(slug(&text), &mut seen)),
        }
    }
    (headings, terms)
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
    use crate::markdown::{Document, Extensions};
    use crate::text::Source;

    #[test]
    fn anchors_are_readable_in_korean_and_unique() {
        let source = Source::new(
            "p.md",
            "# 도커란?\n\n## `docker run` 실행\n\n## 도커란?\n\n## x {#도커란-1}\n\n## 도커란\n",
        );
        let document = Document::parse(&source, Extensions::default());
        let anchors: Vec<_> = document.headings.iter().map(|h| h.anchor.as_str()).collect();
        assert_eq!(anchors, ["도커란", "docker-run-실행", "도커란-1", "도커란-1-1", "도커란-2"]);
    }
}
