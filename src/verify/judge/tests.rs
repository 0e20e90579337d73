//! Screens, ends and exit codes, and their verdicts.

use std::time::Duration;

use super::*;
use crate::markdown::Line;
use crate::matching::Order;
use crate::matching::{Elisions, Supplied};
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
    let supplied = Supplied::new(["sleep 50 &", step.shown().unwrap_or_default()]);
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
fn a_notice_that_never_came_is_false() {
    let missing = "bash: wait: %1: no such job";
    let shown = "[1]+  Done                    sleep 50";
    assert!(!verdict(Some(shown), None, missing, Ended::Exited(127)).is_good());
    let both = format!("{shown}\n{missing}");
    assert!(verdict(Some(shown), None, &both, Ended::Exited(0)).is_good());
}

#[test]
fn without_jobs_nothing_is_a_notice() {
    let step = step(Some("ok"), None);
    let output = StepOutput {
        screen: vec!["[1]+  Exit 3                  make".into(), "ok".into()],
        ended: Ended::Exited(0),
        frames: Vec::new(),
    };
    let good = |commands: &[&str]| {
        let context = JudgeContext {
            elisions: &Elisions::default(),
            first_line: 1,
            words: &[],
            supplied: &Supplied::new(commands.iter().copied()),
            timeout: Duration::from_secs(1),
            notices: &[],
            place: SessionState::default(),
        };
        judge(&step, &output, context, &mut Bindings::default()).is_good()
    };
    assert!(good(&["make &", "x"]) && !good(&["make", "x"]));
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
    let reason = |screen| {
        let verdict = verdict(None, None, screen, Ended::TimedOut(Some("docker".into())));
        verdict.reason().unwrap().english().to_owned()
    };
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
