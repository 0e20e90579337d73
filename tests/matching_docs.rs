//! The examples of the pages that explain the matching rules, in both languages.

#![allow(clippy::unwrap_used, reason = "a test says what is wrong by failing")]

use std::path::Path;

use haechi::markdown::{Document, Extensions};
use haechi::matching::Order;
use haechi::matching::{Bindings, Comparison, Elisions, Rules, Supplied, compare};
use haechi::text::Source;

/// A pair of page and screen of a document.
#[derive(Debug, PartialEq)]
struct Example {
    /// What stands beside the word `page`: `$` and a command, or `any order, fails`.
    given: String,
    page: Vec<String>,
    screen: Vec<String>,
    /// What comes of it.
    word: String,
}

/// The pairs of a document, with the line of the second.
fn examples(name: &str) -> Vec<(usize, Example)> {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs").join(name);
    let source = Source::new(name, std::fs::read_to_string(file).unwrap());
    let document = Document::parse(&source, Extensions::default());
    let mut examples = Vec::new();
    let mut page: Option<(String, Vec<String>)> = None;
    for fence in document.fences() {
        let lines: Vec<String> = fence.lines.iter().map(|line| line.text.clone()).collect();
        let info = source.text[fence.range.clone()].lines().next().unwrap_or_default();
        match fence.language.as_str() {
            "page" => page = Some((info.trim_start_matches("```page").trim().to_owned(), lines)),
            "screen" => {
                let position = source.position(fence.range.start);
                let word = info.rsplit(' ').next().unwrap_or_default().to_owned();
                let (given, page) = page
                    .take()
                    .unwrap_or_else(|| panic!("{name}:{}: no page before the screen", position.line));
                examples.push((position.line, Example { given, page, screen: lines, word }));
            }
            _ => {}
        }
    }
    examples
}

fn run(name: &str) -> usize {
    let examples = examples(name);
    for (line, Example { given, page, screen, word }) in &examples {
        let lines: Vec<&str> = page.iter().map(String::as_str).collect();
        let elisions = Elisions::default();
        let supplied = Supplied::new(given.strip_prefix("$ "));
        let order = if given.starts_with("any order") { Order::Any } else { Order::Listed };
        let rules = Rules { order, failed: given.ends_with("fails"), ..Rules::new(&elisions, &supplied) };
        let outcome = match compare(&lines, 1, screen, rules, &mut Bindings::default()) {
            Comparison::Match(notes) if notes.is_empty() => "pass",
            Comparison::Match(_) => "drift",
            Comparison::Mismatch(_) => "fail",
        };
        assert_eq!(outcome, word, "docs/{name}:{line}");
    }
    examples.len()
}

#[test]
fn the_examples_are_true() {
    assert!(run("en/matching.md") >= 40);
}

#[test]
fn the_korean_page_has_the_same_examples() {
    assert_eq!(run("ko/matching.md"), run("en/matching.md"));
    let shown = |name| examples(name).into_iter().map(|(_, example)| example).collect::<Vec<_>>();
    assert_eq!(shown("ko/matching.md"), shown("en/matching.md"));
}
