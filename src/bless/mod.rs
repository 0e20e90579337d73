//! From verdicts to edits: in goes a page's result, out come the [`Edit`]s of its expected blocks
//! that make it true.
//!
//! Only bytes of expected blocks are touched. A line that still matches stays, so do elisions. Pure.

use std::ops::Range;

use crate::config;
use crate::markdown::{Document, Extensions, Line};
use crate::matching::{
    Bindings, Comparison, Difference, Elisions, Row, Rules, Supplied, compare, with_examples,
};
use crate::snippet::{Expected, Order, Step, extract};
use crate::text::{ByteRange, Source};
use crate::verify::{Failure, PageResult, StepResult, Verdict};

/// A replacement of bytes of a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edit {
    /// The bytes of the page that go.
    pub range: ByteRange,
    /// What comes in their place.
    pub text: String,
    /// The step whose block it is.
    pub step: usize,
}

/// The edits that make a page's expected blocks say what the screens said.
///
/// A step whose screen cannot stand in its block (it would end the fence, or turn into a command of
/// a transcript) has none.
pub fn edits(page: &PageResult, settings: &config::Verify) -> Vec<Edit> {
    let elisions = &Elisions::new(&settings.elisions);
    let mut all = Vec::new();
    for (number, (step, done)) in page.scenario.steps.iter().zip(&page.steps).enumerate() {
        let (Some(expected), Verdict::Fail(Failure::Differs(difference))) = (&step.expected, &done.verdict)
        else {
            continue;
        };
        let (edits, preview) = step_edits(page, number, expected, done, difference, elisions);
        if reads_back(page, number, &edits, &preview, settings) {
            all.extend(edits);
        }
    }
    all
}

/// Whether the page, with these edits, is read as the same steps with this block.
fn reads_back(
    page: &PageResult,
    step: usize,
    edits: &[Edit],
    preview: &[String],
    settings: &config::Verify,
) -> bool {
    let source = Source::new(page.source.path.clone(), apply(&page.source.text, edits));
    let new = extract(&source, &Document::parse(&source, Extensions::default()), settings);
    let block = |step: &Step| -> Vec<String> {
        step.expected.iter().flat_map(|expected| &expected.lines).map(|line| line.text.clone()).collect()
    };
    new.steps.len() == page.scenario.steps.len()
        && new.steps.iter().zip(&page.scenario.steps).enumerate().all(|(at, (new, old))| {
            let same = if at == step { block(new) == preview } else { block(new) == block(old) };
            same && new.action == old.action
        })
}

/// A text with edits applied; edits that overlap an earlier one are left out.
pub fn apply(text: &str, edits: &[Edit]) -> String {
    let mut sorted: Vec<&Edit> = edits.iter().collect();
    sorted.sort_by_key(|edit| (edit.range.start, edit.range.end));
    let mut new = String::with_capacity(text.len());
    let mut at = 0;
    for edit in sorted {
        if edit.range.start < at {
            continue;
        }
        new.push_str(&text[at..edit.range.start]);
        new.push_str(&edit.text);
        at = edit.range.end;
    }
    new.push_str(&text[at..]);
    new
}

/// What becomes of an expected line, or what comes where.
enum Change {
    Replace(Range<usize>, String),
    Delete(Range<usize>),
    /// Before the expected line of this index, or after the last.
    Insert(usize, String),
}

fn step_edits(
    page: &PageResult,
    step: usize,
    expected: &Expected,
    done: &StepResult,
    difference: &Difference,
    elisions: &Elisions,
) -> (Vec<Edit>, Vec<String>) {
    let Some(first) = expected.lines.first() else { return (Vec::new(), Vec::new()) };
    let actual = |at: usize| with_examples(done.screen.get(at).map_or("", String::as_str), &page.bindings);
    let mut changes = Vec::new();
    let mut next = 0;
    for row in &difference.rows {
        match row {
            Row::Same { expected: lines, actual: at } => {
                let conflicts = difference.conflict.as_ref().is_some_and(|conflict| {
                    lines.clone().any(|line| expected.lines[line].text.contains(conflict.example.as_str()))
                });
                if conflicts {
                    changes.push(Change::Replace(lines.clone(), done.screen[*at].clone()));
                }
                next = lines.end;
            }
            Row::Changed { expected: lines, actual: at } => {
                changes.push(Change::Replace(lines.clone(), actual(*at)));
                next = lines.end;
            }
            Row::Missing { expected: lines } => {
                changes.push(Change::Delete(lines.clone()));
                next = lines.end;
            }
            Row::Extra { actual: at } => changes.push(Change::Insert(next, actual(*at))),
            Row::Elided { expected: line, .. } => next = line + 1,
        }
    }
    let mut preview = preview_of(&expected.lines, &changes);
    let supplied = Supplied::of(&page.scenario.steps[..=step]);
    let whole = |line: &dyn Fn(usize) -> String| -> Vec<Change> {
        let inserted = (0..done.screen.len()).map(|at| Change::Insert(expected.lines.len(), line(at)));
        std::iter::once(Change::Delete(0..expected.lines.len())).chain(inserted).collect()
    };
    if expected.order == Order::Any || !is_true(&preview, &done.screen, elisions, &supplied) {
        changes = whole(&actual);
        preview = preview_of(&expected.lines, &changes);
    }
    // What is an example of the page may be a value of this run, too: then each line is as it was shown.
    if !is_true(&preview, &done.screen, elisions, &supplied) {
        changes = whole(&|at| done.screen[at].clone());
        preview = preview_of(&expected.lines, &changes);
    }
    let text = &page.source.text;
    // The marks of a list or a quote stand before each line of the block.
    let line_start = text[..first.range.start].rfind('\n').map_or(0, |at| at + 1);
    let margin = &text[line_start..first.range.start];
    let newline = if text[..first.range.start].ends_with("\r\n") { "\r\n" } else { "\n" };
    let whole = |line: &Line| {
        let start = text[..line.range.start].rfind('\n').map_or(0, |at| at + 1);
        let end = text[line.range.end..].find('\n').map_or(text.len(), |at| line.range.end + at + 1);
        start..end
    };
    let replacement = |lines: &Range<usize>, new: String| Edit {
        range: expected.lines[lines.start].range.start..expected.lines[lines.end - 1].range.end,
        text: new,
        step,
    };
    let mut edits: Vec<Edit> = Vec::new();
    for change in changes {
        match change {
            Change::Replace(lines, new) => edits.push(replacement(&lines, new)),
            Change::Delete(lines) => {
                let range =
                    whole(&expected.lines[lines.start]).start..whole(&expected.lines[lines.end - 1]).end;
                edits.push(Edit { range, text: String::new(), step });
            }
            Change::Insert(at, new) => {
                let place = match expected.lines.get(at) {
                    Some(line) => whole(line).start,
                    None => whole(&expected.lines[expected.lines.len() - 1]).end,
                };
                let line = format!("{margin}{new}{newline}");
                match edits.last_mut() {
                    Some(last) if last.range == (place..place) => last.text.push_str(&line),
                    _ => edits.push(Edit { range: place..place, text: line, step }),
                }
            }
        }
    }
    (edits, preview)
}

/// The block as it would be.
fn preview_of(lines: &[Line], changes: &[Change]) -> Vec<String> {
    let mut new: Vec<Option<Vec<String>>> = vec![None; lines.len()];
    let mut inserted: Vec<Vec<String>> = vec![Vec::new(); lines.len() + 1];
    for change in changes {
        match change {
            Change::Replace(range, text) => {
                for at in range.clone() {
                    new[at] = Some(Vec::new());
                }
                new[range.start] = Some(vec![text.clone()]);
            }
            Change::Delete(range) => range.clone().for_each(|at| new[at] = Some(Vec::new())),
            Change::Insert(at, text) => inserted[*at].push(text.clone()),
        }
    }
    let mut preview = Vec::new();
    for (at, line) in lines.iter().enumerate() {
        preview.append(&mut inserted[at]);
        preview.extend(new[at].take().unwrap_or_else(|| vec![line.text.clone()]));
    }
    preview.append(&mut inserted[lines.len()]);
    preview
}

fn is_true(expected: &[String], screen: &[String], elisions: &Elisions, supplied: &Supplied) -> bool {
    let lines: Vec<&str> = expected.iter().map(String::as_str).collect();
    let rules = Rules::new(elisions, supplied);
    matches!(compare(&lines, 1, screen, rules, &mut Bindings::default()), Comparison::Match(_))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What `bless` makes of a page whose one command prints `screen`.
    pub(crate) fn blessed(page: &str, screen: &str) -> String {
        let source = Source::new("page.md", page);
        let scenario =
            extract(&source, &Document::parse(&source, Extensions::default()), &config::Verify::default());
        let screen: Vec<String> = screen.lines().map(str::to_owned).collect();
        let elisions = Elisions::default();
        let expected = scenario.steps[0].expected.clone().unwrap();
        let lines: Vec<&str> = expected.lines.iter().map(|line| line.text.as_str()).collect();
        let supplied = Supplied::of(&scenario.steps);
        let rules = Rules { order: expected.order, ..Rules::new(&elisions, &supplied) };
        let verdict = match compare(&lines, 1, &screen, rules, &mut Bindings::default()) {
            Comparison::Match(_) => Verdict::Pass,
            Comparison::Mismatch(difference) => Verdict::Fail(Failure::Differs(difference)),
        };
        let step = StepResult {
            ran: "x".into(),
            screen,
            exit: Some(0),
            verdict,
            attempts: 1,
            took: std::time::Duration::ZERO,
            frames: Vec::new(),
        };
        let result = PageResult {
            page: "page.md".into(),
            source,
            scenario,
            steps: vec![step],
            bindings: Vec::new(),
            engine: String::new(),
            images: Vec::new(),
            took: None,
            text: String::new(),
            finding: None,
            problems: Vec::new(),
        };
        apply(page, &edits(&result, &config::Verify::default()))
    }

    #[test]
    fn only_what_is_false_is_replaced() {
        let page = "글\n\n```sh\nx\n```\n\n```\n89c9a39c74e4 a\n...\nb\nc\n```\n\n끝\n";
        let new = blessed(page, "0123a39c74e4 a\nq\nB!\nc");
        assert_eq!(new, page.replace("\nb\n", "\nB!\n"));
        assert_eq!(blessed(&new, "0123a39c74e4 a\nq\nB!\nc"), new);
    }

    #[test]
    fn lines_come_and_go_with_the_margin_of_their_block() {
        assert_eq!(
            blessed("> ```sh\n> x\n> ```\n> ```\n> one\n> two\n> ```\n", "zero\none"),
            "> ```sh\n> x\n> ```\n> ```\n> zero\n> one\n> ```\n"
        );
        assert_eq!(blessed("```console\n$ x\na\n```\n", "a\nb"), "```console\n$ x\na\nb\n```\n");
    }

    #[test]
    fn a_screen_that_cannot_stand_in_its_block_is_left_alone() {
        for (page, screen) in
            [("```sh\nx\n```\n```\na\n```\n", "```"), ("```console\n$ x\na\n```\n", "$ rm -rf /")]
        {
            assert_eq!(blessed(page, screen), page);
        }
    }
}
