//! The examples of the pages that explain the matching rules, in both languages.

#![allow(clippy::unwrap_used, reason = "a test says what is wrong by failing")]

use std::path::Path;

use haechi::diagnostic::Source;
use haechi::markdown::{Document, Extensions};
use haechi::matching::{Bindings, Comparison, Elisions, End, Rules, Supplied, compare};
use haechi::snippet::Order;

/// The pairs of page and screen of a document, with the line and the word of the second.
fn examples(name: &str) -> Vec<(usize, Vec<String>, Vec<String>, String)> {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs").join(name);
    let source = Source::new(name, std::fs::read_to_string(file).unwrap());
    let document = Document::parse(&source, Extensions::default());
    let mut examples = Vec::new();
    let mut page: Option<Vec<String>> = None;
    for fence in document.fences() {
        let lines: Vec<String> = fence.lines.iter().map(|line| line.text.clone()).collect();
        match fence.language.as_str() {
            "page" => page = Some(lines),
            "screen" => {
                let position = source.position(fence.range.start);
                let info = source.text[fence.range.clone()].lines().next().unwrap_or_default();
                let word = info.rsplit(' ').next().unwrap_or_default().to_owned();
                let page = page
                    .take()
                    .unwrap_or_else(|| panic!("{name}:{}: no page before the screen", position.line));
                examples.push((position.line, page, lines, word));
            }
            _ => {}
        }
    }
    examples
}

fn run(name: &str) -> usize {
    let examples = examples(name);
    for (line, page, screen, word) in &examples {
        let lines: Vec<&str> = page.iter().map(String::as_str).collect();
        let elisions = Elisions::default();
        let supplied = Supplied::default();
        let rules = Rules {
            elisions: &elisions,
            order: Order::Listed,
            end: End::Closed,
            words: &[],
            supplied: &supplied,
            failed: false,
        };
        let outcome = match compare(&lines, 1, screen, rules, &mut Bindings::default()) {
            Comparison::Match(notes) if notes.is_empty() => "matches",
            Comparison::Match(_) => "drifts",
            Comparison::Mismatch(_) => "false",
        };
        assert_eq!(outcome, word, "docs/{name}:{line}");
    }
    examples.len()
}

#[test]
fn the_examples_are_true() {
    assert!(run("matching.md") >= 20);
}

#[test]
fn the_korean_page_has_the_same_examples() {
    assert_eq!(run("matching.ko.md"), run("matching.md"));
    let told = |name| {
        examples(name).into_iter().map(|(_, page, screen, word)| (page, screen, word)).collect::<Vec<_>>()
    };
    assert_eq!(told("matching.ko.md"), told("matching.md"));
}
