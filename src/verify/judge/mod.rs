//! Whether what came of a step is what the page says. Pure.

mod block;
mod context;
mod program;
#[cfg(test)]
mod tests;

use super::screen;
use super::unavailable::Unavailable;
use super::verdict::{Failure, Remark, Verdict};
use crate::matching::{Bindings, Comparison, Difference};
use crate::messages::verify as messages;
use crate::sandbox::{Ended, StepOutput};
use crate::snippet::{Expected, Step};
use block::{Compared, match_screen};
pub(super) use block::{awaits_notices, has_appeared, judge_prompt, shown_notices};
pub(super) use context::{JudgeContext, SessionState};
use program::nearest_program;

/// Judges a command by its screen, its end and its exit code.
pub(super) fn judge(
    step: &Step,
    output: &StepOutput,
    context: JudgeContext<'_>,
    bindings: &mut Bindings,
) -> Verdict {
    let compared =
        step.expected.as_ref().map(|expected| match_screen(step, expected, output, context, bindings));
    let (mut remarks, difference, exit) = match compared {
        None => (Vec::new(), None, None),
        Some(Compared { comparison: Comparison::Match(notes), remarks, exit }) => {
            (notes.into_iter().map(Remark::Note).chain(remarks).collect(), None, exit)
        }
        Some(Compared { comparison: Comparison::Mismatch(difference), exit, .. }) => {
            (Vec::new(), Some(difference), exit)
        }
    };
    if step.expected.is_none() {
        match judge_unshown_output(output, context) {
            Ok(remark) => remarks.extend(remark),
            Err(failure) => return Verdict::Fail(failure),
        }
    }
    // The fence may say one exit code and its block another: both are claims.
    let both = [step.conditions.exit, exit];
    let wanted = match output.ended {
        Ended::Exited(code) => both.into_iter().flatten().find(|&wanted| wanted != code),
        _ => None,
    };
    let wanted = wanted.or(both[0]).or(both[1]);
    let verdict = match (&output.ended, difference) {
        (Ended::Gone, _) => Verdict::Error(messages::shell_gone()),
        (Ended::Asked(question), _) => Verdict::Fail(Failure::Asked(question.clone())),
        (Ended::Incomplete, _) => Verdict::Fail(Failure::Incomplete),
        (Ended::TooMuch, _) => Verdict::Fail(Failure::TooMuch),
        (Ended::TimedOut(holder), difference) => {
            Verdict::Fail(timed_out(output, holder.as_deref(), difference, context))
        }
        (_, Some(difference)) => Verdict::Fail(Failure::Differs(difference)),
        (Ended::Prompt(_) | Ended::Interrupted, None) => match wanted {
            Some(wanted) => Verdict::Fail(Failure::StillRuns { wanted }),
            None => passed(remarks),
        },
        (Ended::Exited(code), None) if step.conditions.interrupted => {
            Verdict::Fail(Failure::EndedByItself { code: *code })
        }
        (Ended::Exited(code), None) if is_right_exit(*code, wanted, step, output, context) => passed(remarks),
        (Ended::Exited(code), None) => {
            Verdict::Fail(Failure::Exit { code: *code, wanted: wanted.unwrap_or(0) })
        }
    };
    excuse_unavailable(verdict, output, context)
}

/// A command that did not end, with what may have kept it.
fn timed_out(
    output: &StepOutput,
    holder: Option<&str>,
    difference: Option<Box<Difference>>,
    context: JudgeContext<'_>,
) -> Failure {
    let question = screen::question(&output.screen).map(messages::show_the_answer);
    let blocked = || holder.map(messages::held_terminal);
    Failure::TimedOut(context.timeout, difference).with_hint(question.or_else(blocked))
}

/// Whether an exit code is the one wanted, or that of an error which the page shows.
fn is_right_exit(
    code: i32,
    wanted: Option<i32>,
    step: &Step,
    output: &StepOutput,
    context: JudgeContext<'_>,
) -> bool {
    // What goes on shows no error by ending.
    let shown = wanted.is_none()
        && !step.conditions.follows
        && step.expected.as_ref().is_some_and(|expected| shows_the_error(expected, output, context));
    code == wanted.unwrap_or(0) || shown || step.is_comment()
}

fn passed(remarks: Vec<Remark>) -> Verdict {
    if remarks.is_empty() { Verdict::Pass } else { Verdict::Drift(remarks) }
}

/// What a command whose output the page does not show prints all the same.
fn judge_unshown_output(output: &StepOutput, context: JudgeContext<'_>) -> Result<Option<Remark>, Failure> {
    let lines = screen::without_notices(&output.screen);
    let error = screen::error_line(&lines);
    let first = lines.iter().find(|line| !line.trim().is_empty());
    match (&output.ended, error, first) {
        (Ended::Prompt(_), Some(line), _) if context.place.at_program => {
            Err(Failure::PrintsError(line.trim().to_owned()))
        }
        (Ended::Prompt(_), None, Some(line)) if context.place.at_program => {
            Ok(Some(Remark::PrintsUnannounced(line.trim().to_owned())))
        }
        (Ended::Exited(0), Some(line), _) => Ok(Some(Remark::PrintsError(line.trim().to_owned()))),
        _ => Ok(None),
    }
}

/// What is false only since something cannot be had here was not found out.
fn excuse_unavailable(verdict: Verdict, output: &StepOutput, context: JudgeContext<'_>) -> Verdict {
    let Verdict::Fail(failure) = &verdict else { return verdict };
    if !matches!(failure, Failure::Differs(_) | Failure::Exit { .. }) {
        return verdict;
    }
    match Unavailable::on(&output.screen) {
        // In a container it is the page that says what there is.
        None | Some(Unavailable::Program(_)) if context.place.elsewhere => verdict,
        None => verdict,
        Some(Unavailable::Program(name)) if let Some(known) = nearest_program(&name) => {
            Verdict::Fail(failure.clone().with_hint(Some(messages::did_you_mean(known))))
        }
        Some(missing) => Verdict::Error(missing.sentence(context.place.local)),
    }
}

/// Whether the literal lines of a block that matches include the last line of the screen.
fn shows_the_error(expected: &Expected, output: &StepOutput, context: JudgeContext<'_>) -> bool {
    let something = output.screen.iter().any(|line| !line.trim().is_empty());
    let last = expected.lines.iter().rev().find(|line| !line.text.trim().is_empty());
    something && last.is_some_and(|last| !context.elisions.is(&last.text))
}
