//! Whether what was heard of a step is what the page says. Pure.

use std::time::Duration;

use super::verdict::{Failure, Remark, Verdict};
use crate::matching::{
    Actual, Bindings, Comparison, Difference, Elisions, End, Example, Rules, Supplied, agrees, compare,
};
use crate::sandbox::{Ended, StepOutput};
use crate::snippet::{Expected, Step};

/// What a step is judged with.
#[derive(Debug, Clone, Copy)]
pub(super) struct Bench<'a> {
    pub(super) elisions: &'a Elisions,
    /// The line of the page, from 1, on which the expected block begins.
    pub(super) first_line: usize,
    /// The words of the command that were replaced.
    pub(super) words: &'a [(Example, Actual)],
    /// What the page has supplied so far, with this command.
    pub(super) supplied: &'a Supplied,
    pub(super) timeout: Duration,
}

/// Judges a command by its screen, its end and its exit code.
pub(super) fn judge(step: &Step, heard: &StepOutput, bench: Bench<'_>, bindings: &mut Bindings) -> Verdict {
    let compared = step.expected.as_ref().map(|expected| match_screen(expected, heard, bench, bindings));
    let (remarks, difference) = match compared {
        None => (Vec::new(), None),
        Some(Comparison::Match(notes)) => (notes.into_iter().map(Remark::Note).collect(), None),
        Some(Comparison::Mismatch(difference)) => (Vec::new(), Some(difference)),
    };
    let passed =
        |remarks: Vec<Remark>| if remarks.is_empty() { Verdict::Pass } else { Verdict::Drift(remarks) };
    match (&heard.ended, difference) {
        (Ended::Gone, _) => Verdict::Error("the shell is gone: this or an earlier command ended it".into()),
        (Ended::Asked(question), _) => Verdict::Fail(Failure::Asked(question.clone())),
        (Ended::Incomplete, _) => {
            Verdict::Fail(Failure::Claim("the shell asks for more: the command is not complete".into()))
        }
        (Ended::TooMuch, _) => Verdict::Fail(Failure::TooMuch),
        (Ended::TimedOut(_), difference) => Verdict::Fail(Failure::TimedOut(bench.timeout, difference)),
        (_, Some(difference)) => Verdict::Fail(Failure::Differs(difference)),
        (Ended::Prompt(_) | Ended::Interrupted, None) => match step.conditions.exit {
            Some(wanted) => Verdict::Fail(Failure::TimedOut(bench.timeout, None)).or_exit(wanted),
            None => passed(remarks),
        },
        (Ended::Exited(code), None) => {
            let wanted = step.conditions.exit.unwrap_or(0);
            let shown = step.conditions.exit.is_none()
                && step.expected.as_ref().is_some_and(|expected| shows_the_error(expected, heard, bench));
            if *code == wanted || shown {
                passed(remarks)
            } else {
                Verdict::Fail(Failure::Exit { code: *code, wanted })
            }
        }
    }
}

impl Verdict {
    /// A command that was to exit, and did not.
    fn or_exit(self, wanted: i32) -> Self {
        match self {
            Self::Fail(Failure::TimedOut(..)) => Self::Fail(Failure::Claim(format!(
                "it was to end with exit code {wanted}, and is still running"
            ))),
            other => other,
        }
    }
}

fn match_screen(
    expected: &Expected,
    heard: &StepOutput,
    bench: Bench<'_>,
    bindings: &mut Bindings,
) -> Comparison {
    let lines: Vec<&str> = expected.lines.iter().map(|line| line.text.as_str()).collect();
    let end = if heard.ended == Ended::Interrupted { End::Open } else { End::Closed };
    let failed = matches!(heard.ended, Ended::Exited(code) if code != 0);
    let rules = Rules {
        elisions: bench.elisions,
        order: expected.order,
        end,
        words: bench.words,
        supplied: bench.supplied,
        failed,
    };
    if let Ended::Prompt(prompt) = &heard.ended {
        // The block may show the prompt that the command leaves the reader at.
        let mut screen = heard.screen.clone();
        screen.push(prompt.clone());
        let mut tried = bindings.clone();
        if let matched @ Comparison::Match(_) = compare(&lines, bench.first_line, &screen, rules, &mut tried)
        {
            *bindings = tried;
            return matched;
        }
    }
    compare(&lines, bench.first_line, &heard.screen, rules, bindings)
}

/// Whether the literal lines of a block that matches include the last line of the screen.
fn shows_the_error(expected: &Expected, heard: &StepOutput, bench: Bench<'_>) -> bool {
    let something = heard.screen.iter().any(|line| !line.trim().is_empty());
    let last = expected.lines.iter().rev().find(|line| !line.text.trim().is_empty());
    something && last.is_some_and(|last| !bench.elisions.is(&last.text))
}

/// Whether everything expected has appeared, for a command that goes on.
pub(super) fn has_appeared(
    expected: &Expected,
    screen: &[String],
    bench: Bench<'_>,
    bindings: &Bindings,
) -> bool {
    let lines: Vec<&str> = expected.lines.iter().map(|line| line.text.as_str()).collect();
    let rules = Rules {
        elisions: bench.elisions,
        order: expected.order,
        end: End::Open,
        words: bench.words,
        supplied: bench.supplied,
        failed: false,
    };
    agrees(&lines, screen, rules, bindings)
}

/// Whether the prompt of a transcript is the prompt of the open session.
pub(super) fn judge_prompt(
    prompt: &str,
    session: Option<&str>,
    bench: Bench<'_>,
    bindings: &mut Bindings,
) -> Result<(), Failure> {
    let wrong = || Failure::Prompt { expected: prompt.to_owned(), actual: session.map(str::to_owned) };
    let Some(actual) = session else { return Err(wrong()) };
    let rules = Rules {
        elisions: bench.elisions,
        order: crate::snippet::Order::Listed,
        end: End::Closed,
        words: bench.words,
        supplied: bench.supplied,
        failed: false,
    };
    let screen = [actual.trim_end().to_owned()];
    match compare(&[prompt.trim_end()], bench.first_line, &screen, rules, bindings) {
        Comparison::Match(_) => Ok(()),
        Comparison::Mismatch(difference) => match *difference {
            Difference { conflict: Some(_), .. } => Err(Failure::Differs(difference)),
            Difference { conflict: None, .. } => Err(wrong()),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::markdown::Line;
    use crate::snippet::{Action, Conditions, Order};

    fn verdict(expected: Option<&str>, exit: Option<i32>, screen: &str, ended: Ended) -> Verdict {
        let lines = |text: &str| text.lines().map(|line| Line { text: line.into(), range: 0..0 }).collect();
        let step = Step {
            snippet: Some(0),
            range: 0..0,
            action: Action::Command { text: "x".into(), prompt: None },
            expected: expected.map(|text| Expected { lines: lines(text), order: Order::Listed, exit: None }),
            conditions: Conditions { exit, ..Conditions::default() },
        };
        let heard =
            StepOutput { screen: screen.lines().map(str::to_owned).collect(), ended, frames: Vec::new() };
        let elisions = Elisions::default();
        let supplied = Supplied::default();
        let timeout = Duration::from_secs(1);
        let bench = Bench { elisions: &elisions, first_line: 1, words: &[], supplied: &supplied, timeout };
        judge(&step, &heard, bench, &mut Bindings::default())
    }

    #[test]
    fn exit_codes_are_claims() {
        assert_eq!(verdict(None, None, "", Ended::Exited(0)), Verdict::Pass);
        assert!(!verdict(None, None, "", Ended::Exited(1)).is_good());
        assert!(verdict(None, Some(1), "", Ended::Exited(1)).is_good());
        assert!(!verdict(None, Some(1), "", Ended::Exited(0)).is_good());
        assert!(!verdict(Some("a"), Some(1), "a", Ended::Exited(0)).is_good());
    }

    #[test]
    fn an_error_that_the_page_shows_is_true() {
        assert!(verdict(Some("error: x"), None, "error: x", Ended::Exited(1)).is_good());
        assert!(!verdict(Some("..."), None, "error: x", Ended::Exited(1)).is_good());
        assert!(!verdict(Some("a\n..."), None, "a\nerror: x", Ended::Exited(1)).is_good());
        assert!(!verdict(Some(""), None, "", Ended::Exited(1)).is_good());
    }

    #[test]
    fn commands_that_go_on() {
        assert!(verdict(Some("a"), None, "a\nb", Ended::Interrupted).is_good());
        assert!(!verdict(Some("b"), None, "a\nb", Ended::Interrupted).is_good());
        assert!(!verdict(Some("a"), None, "a\nb", Ended::TimedOut(None)).is_good());
        assert!(verdict(None, None, "a", Ended::Interrupted).is_good());
        assert!(!verdict(None, Some(0), "a", Ended::Interrupted).is_good());
    }

    #[test]
    fn a_block_may_show_the_prompt_it_leaves_at() {
        let ended = || Ended::Prompt("mysql> ".into());
        assert!(verdict(Some("Welcome\nmysql>"), None, "Welcome", ended()).is_good());
        assert!(verdict(Some("Welcome"), None, "Welcome", ended()).is_good());
        assert!(!verdict(Some("Welcome\nroot#"), None, "Welcome", ended()).is_good());
    }
}
