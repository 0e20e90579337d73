//! From verdicts to edits: in goes a page's result, out come the [`Edit`]s of its expected blocks
//! that make it true.
//!
//! Only bytes of expected blocks are touched. A line that still matches stays, so do elisions. Pure.

mod change;
mod edit;

use crate::config;
use crate::markdown::{Document, Extensions};
use crate::matching::{
    Bindings, Comparison, Difference, Elisions, Order, Row, Rules, Supplied, compare, with_examples,
};
use crate::snippet::{Expected, Step, extract};
use crate::text::Source;
use crate::verify::{Failure, PageResult, StepResult, Verdict};
use change::{edits_of, of_rows, of_whole, preview_of};
pub use edit::{Edit, apply};

/// The edits that make a page's expected blocks say what the screens said.
///
/// A step whose screen cannot stand in its block (it would end the fence, or turn into a command of
/// a transcript) has none.
pub fn edits(page: &PageResult, settings: &config::Verify) -> Vec<Edit> {
    let elisions = &Elisions::new(&settings.elisions);
    let mut all = Vec::new();
    for (number, (step, done)) in page.scenario.steps.iter().zip(&page.steps).enumerate() {
        let (Some(expected), Verdict::Fail(failure)) = (&step.expected, &done.verdict) else { continue };
        let Failure::Differs(difference) = failure.root() else { continue };
        let (edits, preview) = step_edits(page, number, expected, done, difference, elisions);
        if survives_reading(page, number, &edits, &preview, settings) {
            all.extend(edits);
        }
    }
    all
}

/// Whether the page, with these edits, is read as the same steps with this block.
fn survives_reading(
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

/// The edits of a step's block, and the block as it would be.
fn step_edits(
    page: &PageResult,
    step: usize,
    expected: &Expected,
    done: &StepResult,
    difference: &Difference,
    elisions: &Elisions,
) -> (Vec<Edit>, Vec<String>) {
    let screen = &done.screen;
    // An exit code at the end is no line of the screen.
    let compared = difference.rows.iter().filter_map(Row::expected_end).max().unwrap_or(0);
    let (lines, exit) = expected.lines.split_at(expected.output_lines().max(compared));
    if lines.is_empty() {
        return (Vec::new(), Vec::new());
    }
    let supplied = Supplied::of(page.scenario.steps[..=step].iter().filter_map(Step::supply));
    let actual = |at: usize| with_examples(screen.get(at).map_or("", String::as_str), &page.bindings);
    let mut changes = of_rows(lines, difference, screen, &actual);
    let mut preview = preview_of(lines, &changes);
    if expected.order == Order::Any || !is_true(&preview, screen, elisions, &supplied) {
        changes = of_whole(lines, screen, &actual);
        preview = preview_of(lines, &changes);
    }
    // What is an example of the page may be a value of this run, too: then each line is as it was shown.
    if !is_true(&preview, screen, elisions, &supplied) {
        changes = of_whole(lines, screen, &|at| screen[at].clone());
        preview = preview_of(lines, &changes);
    }
    // Where an example stands for another value already, no text is true.
    if !is_true_with(&preview, screen, elisions, &supplied, &mut bound(page, elisions)) {
        return (Vec::new(), preview);
    }
    preview.extend(exit.iter().map(|line| line.text.clone()));
    (edits_of(&page.source.text, lines, changes, step), preview)
}

fn is_true(expected: &[String], screen: &[String], elisions: &Elisions, supplied: &Supplied) -> bool {
    is_true_with(expected, screen, elisions, supplied, &mut Bindings::default())
}

fn is_true_with(
    expected: &[String],
    screen: &[String],
    elisions: &Elisions,
    supplied: &Supplied,
    bindings: &mut Bindings,
) -> bool {
    let lines: Vec<&str> = expected.iter().map(String::as_str).collect();
    matches!(compare(&lines, 1, screen, Rules::new(elisions, supplied), bindings), Comparison::Match(_))
}

/// What the page's example values stand for in this run.
fn bound(page: &PageResult, elisions: &Elisions) -> Bindings {
    let mut bindings = Bindings::default();
    let supplied = Supplied::default();
    for (example, value) in &page.bindings {
        let (expected, screen) = (std::slice::from_ref(example), std::slice::from_ref(value));
        is_true_with(expected, screen, elisions, &supplied, &mut bindings);
    }
    bindings
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
        let lines: Vec<&str> =
            expected.lines[..expected.output_lines()].iter().map(|line| line.text.as_str()).collect();
        let supplied = Supplied::of(scenario.steps.iter().filter_map(Step::supply));
        let rules = Rules { order: expected.order, ..Rules::new(&elisions, &supplied) };
        let verdict = match compare(&lines, 1, &screen, rules, &mut Bindings::default()) {
            Comparison::Match(_) => Verdict::Pass,
            Comparison::Mismatch(difference) => Verdict::Fail(Failure::Differs(difference)),
        };
        let step = StepResult { screen, exit: Some(0), ..StepResult::new("x", verdict) };
        let result = PageResult::new(source, scenario, vec![step]);
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
    fn an_exit_code_and_elisions_stay() {
        let page = "```console\n$ x\na\n...\nb\n[3]\n```\n";
        assert_eq!(blessed(page, "a\nq\nB!"), page.replace("\nb\n", "\nB!\n"));
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
