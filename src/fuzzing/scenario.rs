//! Markdown to its plan.

use crate::config::Verify;
use crate::markdown::{Document, Extensions, github_disagreements};
use crate::snippet::{Scenario, extract};
use crate::text::{ByteRange, Source};

/// An input is a page, and the text of fences of commands.
pub(super) fn check(input: &[u8]) {
    let Ok(text) = std::str::from_utf8(input) else { return };
    page(text);
    for language in ["sh", "console", ""] {
        fence(language, text);
    }
}

fn plan(source: &Source) -> Scenario {
    let document = Document::parse(source, Extensions::default());
    assert!(document.blocks.iter().all(|block| source.text.get(block.range()).is_some()));
    extract(source, &document, &Verify::default())
}

/// All that a plan speaks of stands in the page, where it says that it stands.
fn page(text: &str) {
    let source = Source::new("page.md", text);
    let scenario = plan(&source);
    let at = |range: &ByteRange| {
        source.text.get(range.clone()).unwrap_or_else(|| panic!("{range:?} is not a place in {text:?}"))
    };
    for snippet in &scenario.snippets {
        at(&snippet.range);
        snippet.output.as_ref().map(at);
    }
    for step in &scenario.steps {
        at(&step.range);
        assert!(step.snippet.is_none_or(|number| number < scenario.snippets.len()));
        for line in step.expected.iter().flat_map(|expected| &expected.lines) {
            assert!(!line.text.contains('\n'), "{line:?} is not one line");
            // The parser leaves out carriage returns.
            let [written, read] =
                [at(&line.range), line.text.trim_start()].map(|text| text.replace('\r', ""));
            assert!(written.ends_with(&read), "{line:?} stands there as {written:?}");
        }
    }
    assert!(scenario.not_run.iter().all(|block| !at(&block.range).is_empty()));
    scenario.problems.iter().for_each(|problem| super::assert_shown(problem, &source));
    assert_eq!(format!("{scenario:?}"), format!("{:?}", plan(&source)), "a second time it is another");
    github_disagreements(text, &Document::parse(&source, Extensions::default()));
}

/// Each line of a fence of commands is part of a command, a comment, or its output, whatever is in it.
fn fence(language: &str, text: &str) {
    if text.lines().any(|line| line.trim_start().starts_with("~~~")) {
        return;
    }
    let page = format!("~~~~~~{language}\n{text}\n~~~~~~\n");
    let source = Source::new("page.md", page);
    let scenario = plan(&source);
    let inside = |range: &ByteRange| range.start < range.end || source.text.get(range.clone()).is_some();
    assert!(scenario.steps.iter().all(|step| inside(&step.range)));
    assert!(scenario.steps.is_sorted_by_key(|step| step.range.start), "the steps are out of order");
}
