//! Verdicts to edits of a page.

use super::{parts, screen_of};
use crate::bless::{Edit, apply, edits as edits_of};
use crate::config::Verify;
use crate::markdown::{Document, Extensions};
use crate::matching::{Bindings, Comparison, Elisions, Rules, Supplied, compare};
use crate::messages::Message;
use crate::snippet::{Scenario, Step, extract};
use crate::text::Source;
use crate::verify::{Failure, PageResult, StepResult, Verdict};

/// An input is a page, and the screens of those of its steps that expect something.
pub(super) fn check(input: &[u8]) {
    let Some(parts) = parts(input) else { return };
    let [page, screens @ ..] = parts.as_slice() else { return };
    let screens: Vec<Vec<String>> = screens.iter().map(|screen| screen_of(screen)).collect();
    let shown = shown(page, screens);
    let before = judged(page, &shown);
    if !before.problems.is_empty() {
        return;
    }
    let edits = edits_of(&before, &Verify::default());
    stay_inside(&before, &edits);
    let blessed = apply(page, &edits);
    let after = judged(&blessed, &shown);
    assert_eq!(after.steps.len(), before.steps.len(), "the page has other steps: {blessed:?}");
    for (number, step) in after.steps.iter().enumerate() {
        assert_eq!(after.scenario.steps[number].action, before.scenario.steps[number].action);
        let was_refused = !edits.iter().any(|edit| edit.step == number);
        if before.scenario.steps[number].expected.is_some() && !was_refused {
            assert!(step.verdict.is_good(), "step {number} is still false: {:?}\n{blessed}", step.verdict);
        }
    }
    let again = edits_of(&after, &Verify::default());
    assert_eq!(apply(&blessed, &again), blessed, "a second time it changes more");
}

/// Edits change bytes of the block of their step, and nothing else.
fn stay_inside(page: &PageResult, edits: &[Edit]) {
    for edit in edits {
        let text = &page.source.text;
        assert!(text.get(edit.range.clone()).is_some(), "{edit:?} is not a place in the page");
        let expected = page.scenario.steps[edit.step].expected.as_ref().expect("what is edited is expected");
        let first = expected.lines.first().expect("what is edited has lines").range.start;
        let last = expected.lines.last().expect("what is edited has lines").range.end;
        let start = text[..first].rfind('\n').map_or(0, |at| at + 1);
        let end = text[last..].find('\n').map_or(text.len(), |at| last + at + 1);
        assert!(start <= edit.range.start && edit.range.end <= end, "{edit:?} is outside of {start}..{end}");
    }
}

fn plan(source: &Source) -> Scenario {
    extract(source, &Document::parse(source, Extensions::default()), &Verify::default())
}

/// What each step showed, if it did.
fn shown(page: &str, screens: Vec<Vec<String>>) -> Vec<Option<Vec<String>>> {
    let mut screens = screens.into_iter();
    let scenario = plan(&Source::new("page.md", page));
    scenario.steps.iter().map(|step| step.expected.as_ref().and_then(|_| screens.next())).collect()
}

/// The result of a page whose steps showed this; those without a screen were left out.
fn judged(page: &str, shown: &[Option<Vec<String>>]) -> PageResult {
    let source = Source::new("page.md", page);
    let scenario = plan(&source);
    let mut bindings = Bindings::default();
    let mut steps = Vec::new();
    for (number, step) in scenario.steps.iter().enumerate() {
        let screen = shown.get(number).and_then(Option::as_ref);
        let verdict = match screen {
            Some(screen) => verdict(&source, &scenario, number, screen, &mut bindings),
            None => Verdict::Skipped(Message::verbatim("not run")),
        };
        steps.push(StepResult {
            screen: screen.cloned().unwrap_or_default(),
            exit: Some(0),
            ..StepResult::new(step.label(), verdict)
        });
    }
    let bindings =
        bindings.pairs().into_iter().map(|(example, value)| (example.to_owned(), value.to_owned())).collect();
    PageResult { bindings, ..PageResult::new(source, scenario, steps) }
}

fn verdict(
    source: &Source,
    scenario: &Scenario,
    number: usize,
    screen: &[String],
    bindings: &mut Bindings,
) -> Verdict {
    let Some(expected) = &scenario.steps[number].expected else { return Verdict::Pass };
    let lines: Vec<&str> = expected.lines.iter().map(|line| line.text.as_str()).collect();
    let first = expected.lines.first().map_or(1, |line| source.position(line.range.start).line);
    let (elisions, supplied) =
        (Elisions::default(), Supplied::of(scenario.steps[..=number].iter().filter_map(Step::supply)));
    let rules = Rules { order: expected.order, ..Rules::new(&elisions, &supplied) };
    match compare(&lines, first, screen, rules, bindings) {
        Comparison::Match(_) => Verdict::Pass,
        Comparison::Mismatch(difference) => Verdict::Fail(Failure::Differs(difference)),
    }
}
