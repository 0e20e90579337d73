//! An expected block against a screen, in each way in which it can be read.

use super::context::JudgeContext;
use crate::matching::{
    Bindings, Comparison, Difference, End, Order, Rules, agrees, compare, without_download,
};
use crate::sandbox::{Ended, StepOutput};
use crate::snippet::{Expected, Step};
use crate::verify::screen;
use crate::verify::verdict::{Failure, Remark};

/// What came of comparing an expected block with a screen.
pub(super) struct Compared {
    pub(super) comparison: Comparison,
    pub(super) remarks: Vec<Remark>,
    /// The exit code that the block claims.
    pub(super) exit: Option<i32>,
}

impl Compared {
    fn plain(comparison: Comparison) -> Self {
        Self { comparison, remarks: Vec::new(), exit: None }
    }
}

/// Compares a block with the screen, in each way in which it can be read; what is reported is
/// how it differs when taken literally.
pub(super) fn match_screen(
    step: &Step,
    expected: &Expected,
    output: &StepOutput,
    context: JudgeContext<'_>,
    bindings: &mut Bindings,
) -> Compared {
    let lines: Vec<&str> = expected.lines.iter().map(|line| line.text.as_str()).collect();
    let reading = Reading { expected, output, context, goes_on: step.conditions.follows };
    // The block may show the prompt that the command leaves the reader at.
    let prompt = match &output.ended {
        Ended::Prompt(prompt) => Some(prompt.as_str()),
        _ => context.place.prompt,
    };
    if let Some(prompt) = prompt {
        let mut screen = output.screen.clone();
        screen.push(prompt.trim_end().to_owned());
        if let Some(matched) = reading.tried(&lines, &screen, bindings) {
            return Compared::plain(matched);
        }
    }
    if let Some(matched) = reading.tried(&lines, &output.screen, bindings) {
        return Compared::plain(matched);
    }
    let lines = &lines[..expected.output_lines()];
    let compared = |comparison, remarks| Compared { comparison, remarks, exit: expected.exit };
    if let Some(matched) = reading.tried(lines, &output.screen, bindings) {
        return compared(matched, Vec::new());
    }
    if !step.shown().is_some_and(lists_jobs)
        && let Some(matched) = reading.without_notices(lines, bindings)
    {
        return compared(matched, Vec::new());
    }
    if let Some(screen) = without_download(&output.screen)
        && let Some(matched) = reading.tried(lines, &screen, bindings)
    {
        return compared(matched, vec![Remark::Download]);
    }
    compared(reading.compared(lines, &output.screen, bindings), Vec::new())
}

/// Whether a command prints what the shell says of its jobs, so that all of it is output.
fn lists_jobs(text: &str) -> bool {
    text.split(['\n', ';', '&', '|']).any(|command| command.split_whitespace().next() == Some("jobs"))
}

/// A block and a screen.
struct Reading<'a> {
    expected: &'a Expected,
    output: &'a StepOutput,
    context: JudgeContext<'a>,
    /// Whether the command goes on: the page shows how it begins.
    goes_on: bool,
}

impl Reading<'_> {
    fn rules(&self) -> Rules<'_> {
        let open =
            self.output.ended == Ended::Interrupted || self.goes_on && self.output.ended == Ended::Exited(0);
        let end = if open { End::Open } else { End::Closed };
        let failed = matches!(self.output.ended, Ended::Exited(code) if code != 0);
        Rules { failed, ..self.context.rules(self.expected.order, end) }
    }

    fn compared(&self, lines: &[&str], screen: &[String], bindings: &mut Bindings) -> Comparison {
        compare(lines, self.context.first_line, screen, self.rules(), bindings)
    }

    /// The comparison if it is a match; bindings stay as they are if it is none.
    fn tried(&self, lines: &[&str], screen: &[String], bindings: &mut Bindings) -> Option<Comparison> {
        if !agrees(lines, screen, self.rules(), bindings) {
            return None;
        }
        Some(self.compared(lines, screen, bindings))
    }

    /// What the shell says of its jobs comes when it likes: on both sides it is left out, and what the
    /// page shows of it must have come at some time. If it came before a `wait` that shows it, that
    /// `wait` finds no such job.
    fn without_notices(&self, lines: &[&str], bindings: &mut Bindings) -> Option<Comparison> {
        if !self.context.supplied.has_jobs() {
            return None;
        }
        let (notices, rest) = screen::notices(lines);
        let mut kept = screen::without_notices(&self.output.screen);
        kept.retain(|line| !screen::is_reported_job(line, &notices));
        if kept.len() == self.output.screen.len() && notices.is_empty() {
            return None;
        }
        if !notices.iter().all(|notice| self.context.has_come(notice)) {
            return None;
        }
        self.tried(&rest, &kept, bindings)
    }
}

/// Whether a block shows notices of jobs that have not come yet.
pub(in crate::verify) fn awaits_notices(step: &Step, context: JudgeContext<'_>) -> bool {
    shown_notices(step).iter().any(|notice| !context.has_come(notice))
}

/// The notices of jobs that a block shows.
pub(in crate::verify) fn shown_notices(step: &Step) -> Vec<String> {
    let lines = step.expected.iter().flat_map(|expected| &expected.lines).map(|line| line.text.as_str());
    screen::notices(&lines.collect::<Vec<_>>()).0
}

/// Whether everything expected has appeared, for a command that goes on.
pub(in crate::verify) fn has_appeared(
    expected: &Expected,
    screen: &[String],
    context: JudgeContext<'_>,
    bindings: &Bindings,
) -> bool {
    let lines: Vec<&str> = expected.lines.iter().map(|line| line.text.as_str()).collect();
    let rules = context.rules(expected.order, End::Open);
    agrees(&lines, screen, rules, bindings)
}

/// Whether the prompt of a transcript is the prompt of the open session.
pub(in crate::verify) fn judge_prompt(
    prompt: &str,
    session: Option<&str>,
    context: JudgeContext<'_>,
    bindings: &mut Bindings,
) -> Result<(), Failure> {
    let wrong = || Failure::Prompt { expected: prompt.to_owned(), actual: session.map(str::to_owned) };
    let Some(actual) = session else { return Err(wrong()) };
    let rules = context.rules(Order::Listed, End::Closed);
    let screen = [actual.trim_end().to_owned()];
    match compare(&[prompt.trim_end()], context.first_line, &screen, rules, bindings) {
        Comparison::Match(_) => Ok(()),
        Comparison::Mismatch(difference) => match *difference {
            Difference { conflict: Some(_), .. } => Err(Failure::Differs(difference)),
            Difference { conflict: None, .. } => Err(wrong()),
        },
    }
}
