//! Whether what was heard of a step is what the page says. Pure.

use std::time::Duration;

use super::screen::{self, Unavailable};
use super::verdict::{Failure, Remark, Verdict};
use crate::matching::{
    Actual, Bindings, Comparison, Difference, Elisions, End, Example, Rules, Supplied, agrees, compare,
};
use crate::sandbox::{Ended, StepOutput};
use crate::snippet::{Expected, Order, Step};

/// What a step is judged with.
#[derive(Debug, Clone, Copy)]
pub(super) struct JudgeContext<'a> {
    pub(super) elisions: &'a Elisions,
    /// The line of the page, from 1, on which the expected block begins.
    pub(super) first_line: usize,
    /// The words of the command that were replaced.
    pub(super) words: &'a [(Example, Actual)],
    /// What the page has supplied so far, with this command.
    pub(super) supplied: &'a Supplied,
    pub(super) timeout: Duration,
    /// What the shell has said of background jobs so far.
    pub(super) notices: &'a [String],
    /// Where the command was typed, and where it left the reader.
    pub(super) place: SessionState<'a>,
}

/// Where a command was typed, and where it left the reader.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct SessionState<'a> {
    /// Whether it was typed at the prompt of a program whose exit codes are not known.
    pub(super) at_program: bool,
    /// Whether it was typed in a session that is on another machine, or in a container.
    pub(super) elsewhere: bool,
    /// Whether pages run on this machine itself.
    pub(super) local: bool,
    /// The prompt that the reader is left at, in a session.
    pub(super) prompt: Option<&'a str>,
}

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
    let verdict = match (&output.ended, difference) {
        (Ended::Gone, _) => Verdict::Error(
            "the shell is gone: this or an earlier command ended it; the next block begins in a new one"
                .into(),
        ),
        (Ended::Asked(question), _) => Verdict::Fail(Failure::Asked(question.clone())),
        (Ended::Incomplete, _) => Verdict::Fail(Failure::Incomplete),
        (Ended::TooMuch, _) => Verdict::Fail(Failure::TooMuch),
        (Ended::TimedOut(holder), difference) => {
            let failure = Failure::TimedOut(context.timeout, difference);
            let question = screen::question(&output.screen).map(|line| {
                format!("it asks `{line}`: show the answer behind the question, as a reader types it")
            });
            let held = || holder.as_ref().map(|name| format!("`{name}` had the terminal"));
            Verdict::Fail(failure.with_hint(question.or_else(held)))
        }
        (_, Some(difference)) => Verdict::Fail(Failure::Differs(difference)),
        (Ended::Prompt(_) | Ended::Interrupted, None) => match step.conditions.exit.or(exit) {
            Some(wanted) => Verdict::Fail(Failure::StillRuns { wanted }),
            None => passed(remarks),
        },
        (Ended::Exited(code), None) => {
            let wanted = step.conditions.exit.or(exit);
            // What goes on shows no error by ending.
            let shown = wanted.is_none()
                && !step.conditions.follows
                && step.expected.as_ref().is_some_and(|expected| shows_the_error(expected, output, context));
            if *code == wanted.unwrap_or(0) || shown || step.is_comment() {
                passed(remarks)
            } else {
                Verdict::Fail(Failure::Exit { code: *code, wanted: wanted.unwrap_or(0) })
            }
        }
    };
    excuse_unavailable(verdict, output, context)
}

fn passed(remarks: Vec<Remark>) -> Verdict {
    if remarks.is_empty() { Verdict::Pass } else { Verdict::Drift(remarks) }
}

/// What a command whose output the page does not show prints all the same.
fn judge_unshown_output(output: &StepOutput, context: JudgeContext<'_>) -> Result<Option<Remark>, Failure> {
    let lines: Vec<String> = output.screen.iter().filter(|line| !screen::is_notice(line)).cloned().collect();
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
            Verdict::Fail(failure.clone().with_hint(Some(format!("did you mean `{known}`?"))))
        }
        Some(missing) => Verdict::Error(missing.sentence(context.place.local)),
    }
}

/// The well-known program whose name this one is likely to be a slip for.
fn nearest_program(name: &str) -> Option<&'static str> {
    const KNOWN: [&str; 24] = [
        "docker",
        "echo",
        "cat",
        "grep",
        "curl",
        "sudo",
        "git",
        "mkdir",
        "chmod",
        "chown",
        "touch",
        "printf",
        "sleep",
        "head",
        "tail",
        "export",
        "source",
        "python3",
        "apt-get",
        "systemctl",
        "kubectl",
        "make",
        "exit",
        "which",
    ];
    let letters = |word: &str| {
        let mut letters: Vec<char> = word.chars().collect();
        letters.sort_unstable();
        letters
    };
    KNOWN.into_iter().find(|known| {
        let distance = strsim::damerau_levenshtein(known, name);
        // Of short names another letter makes another program: `bat` is no slip for `cat`.
        match known.len() {
            ..=3 => distance == 1 && letters(known) == letters(name),
            4..=5 => distance == 1,
            _ => (1..=2).contains(&distance),
        }
    })
}

/// What came of comparing an expected block with a screen.
struct Compared {
    comparison: Comparison,
    remarks: Vec<Remark>,
    /// The exit code that the block claims.
    exit: Option<i32>,
}

impl Compared {
    fn plain(comparison: Comparison) -> Self {
        Self { comparison, remarks: Vec::new(), exit: None }
    }
}

/// Compares a block with the screen, in each of the ways in which it may be meant; what is reported is
/// how it differs when taken literally.
fn match_screen(
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
    let last = lines.iter().rposition(|line| !line.trim().is_empty()).unwrap_or(0);
    let lines = if expected.exit.is_some() { &lines[..last] } else { &lines[..] };
    let compared = |comparison, remarks| Compared { comparison, remarks, exit: expected.exit };
    if let Some(matched) = reading.tried(lines, &output.screen, bindings) {
        return compared(matched, Vec::new());
    }
    if !step.shown().is_some_and(lists_jobs)
        && let Some(matched) = reading.without_notices(lines, bindings)
    {
        return compared(matched, Vec::new());
    }
    if let Some(screen) = screen::without_download(&output.screen)
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
        let (told, rest): (Vec<&str>, Vec<&str>) = lines.iter().partition(|line| screen::is_notice(line));
        let of_jobs = |line: &str| screen::is_notice(line) || screen::is_reported_job(line, &told);
        let kept: Vec<String> = self.output.screen.iter().filter(|line| !of_jobs(line)).cloned().collect();
        if kept.len() == self.output.screen.len() && told.is_empty() {
            return None;
        }
        let came = |line: &&str| {
            self.context.notices.iter().any(|notice| notice.split_whitespace().eq(line.split_whitespace()))
        };
        if !told.iter().all(came) {
            return None;
        }
        self.tried(&rest, &kept, bindings)
    }
}

impl<'a> JudgeContext<'a> {
    fn rules(&self, order: Order, end: End) -> Rules<'a> {
        Rules { order, end, words: self.words, ..Rules::new(self.elisions, self.supplied) }
    }
}

/// Whether a block shows notices of jobs that have not come yet.
pub(super) fn awaits_notices(step: &Step, context: JudgeContext<'_>) -> bool {
    let lines = step.expected.iter().flat_map(|expected| &expected.lines);
    lines.filter(|line| screen::is_notice(&line.text)).any(|line| {
        !context.notices.iter().any(|notice| notice.split_whitespace().eq(line.text.split_whitespace()))
    })
}

/// Whether the literal lines of a block that matches include the last line of the screen.
fn shows_the_error(expected: &Expected, output: &StepOutput, context: JudgeContext<'_>) -> bool {
    let something = output.screen.iter().any(|line| !line.trim().is_empty());
    let last = expected.lines.iter().rev().find(|line| !line.text.trim().is_empty());
    something && last.is_some_and(|last| !context.elisions.is(&last.text))
}

/// Whether everything expected has appeared, for a command that goes on.
pub(super) fn has_appeared(
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
pub(super) fn judge_prompt(
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::markdown::Line;
    use crate::snippet::{Action, Conditions};

    fn verdict(expected: Option<&str>, exit: Option<i32>, screen: &str, ended: Ended) -> Verdict {
        verdict_of(&step(expected, exit), screen, ended)
    }

    fn step(expected: Option<&str>, exit: Option<i32>) -> Step {
        let lines = |text: &str| text.lines().map(|line| Line { text: line.into(), range: 0..0 }).collect();
        Step {
            snippet: Some(0),
            range: 0..0,
            action: Action::Command { text: "x".into(), prompt: None },
            expected: expected.map(|text| Expected { lines: lines(text), order: Order::Listed, exit: None }),
            conditions: Conditions { exit, ..Conditions::default() },
        }
    }

    fn verdict_of(step: &Step, screen: &str, ended: Ended) -> Verdict {
        let output =
            StepOutput { screen: screen.lines().map(str::to_owned).collect(), ended, frames: Vec::new() };
        let elisions = Elisions::default();
        let supplied = Supplied::default();
        let timeout = Duration::from_secs(1);
        let context = JudgeContext {
            elisions: &elisions,
            first_line: 1,
            words: &[],
            supplied: &supplied,
            timeout,
            notices: &screen.lines().map(str::to_owned).collect::<Vec<_>>(),
            place: SessionState::default(),
        };
        judge(step, &output, context, &mut Bindings::default())
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
    fn an_exit_code_in_brackets_stands_behind_what_the_page_shows() {
        let download = concat!(
            "Unable to find image 'busybox:latest' locally\nlatest: Pulling from library/busybox\n",
            "Digest: sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef\n",
            "Status: Downloaded newer image for busybox:latest"
        );
        let shown = |code| {
            let mut step = step(Some("[5]"), None);
            step.expected.as_mut().unwrap().exit = Some(5);
            verdict_of(&step, download, Ended::Exited(code))
        };
        assert!(shown(5).is_good());
        assert!(!shown(0).is_good());
    }

    #[test]
    fn all_that_jobs_lists_is_output() {
        let screen = "[1]-  Running                 sleep 50 &\n[2]+  Running                 sleep 60 &";
        let listed = |command: &str| {
            let mut step = step(screen.lines().next(), None);
            step.action = Action::Command { text: command.into(), prompt: None };
            verdict_of(&step, screen, Ended::Exited(0)).is_good()
        };
        assert!(!listed("jobs") && !listed("true; jobs -l"));
        assert!(listed("wait") && listed("echo jobs"), "elsewhere notices come when they like");
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
    fn a_question_without_an_answer_is_named() {
        let reason =
            |screen| verdict(None, None, screen, Ended::TimedOut(Some("docker".into()))).reason().unwrap();
        assert!(reason("Warning\nGo on? [y/N]").contains("it asks `Go on? [y/N]`"));
        assert!(reason("Log in first.\n\nUsername:").contains("it asks `Username:`"));
        assert!(reason("Waiting").contains("`docker` had the terminal"));
    }

    #[test]
    fn a_block_may_show_the_prompt_it_leaves_at() {
        let ended = || Ended::Prompt("mysql> ".into());
        assert!(verdict(Some("Welcome\nmysql>"), None, "Welcome", ended()).is_good());
        assert!(verdict(Some("Welcome"), None, "Welcome", ended()).is_good());
        assert!(!verdict(Some("Welcome\nroot#"), None, "Welcome", ended()).is_good());
    }

    #[test]
    fn a_slip_is_the_pages_and_a_program_that_is_not_there_is_not() {
        for (name, meant) in
            [("dokcer", "docker"), ("gti", "git"), ("suod", "sudo"), ("systemclt", "systemctl")]
        {
            assert_eq!(nearest_program(name), Some(meant), "{name}");
        }
        for name in ["bat", "jq", "gcc", "rg", "terraform", "docker", "less"] {
            assert_eq!(nearest_program(name), None, "{name}");
        }
    }
}
