//! The place in a page that a verdict is about.

use crate::matching::{Difference, Note};
use crate::snippet::Step;
use crate::verify::{Failure, Remark, Verdict};

/// The byte of the page that a verdict is about: the line that is false or has drifted, else the step.
pub(super) fn place_of_verdict(verdict: &Verdict, step: &Step) -> usize {
    match verdict {
        Verdict::Drift(remarks) => drift_place(remarks, step),
        Verdict::Fail(failure) => false_place(failure, step),
        Verdict::Pass | Verdict::Error(_) | Verdict::Skipped(_) => step.range.start,
    }
}

fn drift_place(remarks: &[Remark], step: &Step) -> usize {
    let line = remarks.iter().find_map(|remark| match remark {
        Remark::Note(
            Note::Version { line, .. } | Note::Order { line, .. } | Note::SecondExample { line, .. },
        ) => Some(*line),
        _ => None,
    });
    place_of(step, line)
}

fn false_place(failure: &Failure, step: &Step) -> usize {
    let line = failure.difference().and_then(Difference::first_false).map(|lines| lines.start);
    place_of(step, line)
}

fn place_of(step: &Step, line: Option<usize>) -> usize {
    line.and_then(|line| step.expected.as_ref()?.lines.get(line))
        .map_or(step.range.start, |line| line.range.start)
}
