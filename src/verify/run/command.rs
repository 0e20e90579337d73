//! A command: it is typed, listened to, and judged, again where it may become true.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::runner::Runner;
use crate::matching::{Bindings, Rewritten, Row, Rules, Supplied, agrees};
use crate::sandbox::{Ended, Sandbox, StepOutput, Until};
use crate::snippet::Step;
use crate::text::Source;
use crate::verify::judge::{JudgeContext, SessionState, awaits_notices, has_appeared, judge, shown_notices};
use crate::verify::result::StepResult;
use crate::verify::screen;
use crate::verify::verdict::{Remark, Verdict};

/// Between two attempts at something that is to become true.
const PAUSE: Duration = Duration::from_millis(200);
/// A command that goes on and shows nothing to wait for must stay alive this long.
const GRACE: Duration = Duration::from_secs(1);
/// How long the shell is waited for to say that a background job has ended.
const NOTICES_WITHIN: Duration = Duration::from_secs(3);

impl Runner<'_> {
    pub(super) async fn command(
        &mut self,
        source: &Source,
        step: &Step,
        text: &str,
        prompt: Option<&str>,
        whole: Option<usize>,
    ) -> StepResult {
        let rewritten = self.bindings.rewrite(text);
        let supplied = Arc::clone(&self.supplied);
        let first_line = step.expected.as_ref().and_then(|expected| expected.lines.first());
        let place = first_line.map_or(step.range.start, |line| line.range.start);
        let input = CommandInput {
            first_line: source.position(place).line,
            rewritten: &rewritten,
            supplied: &supplied,
            timeout: self.context.step_timeout(step.conditions.timeout),
        };
        self.has_own_prompt &= self.shell().session().is_some();
        let left = match self.reach_prompt(text, prompt, input).await {
            Ok(left) => left,
            Err(failure) => return StepResult::new(&rewritten.text, Verdict::Fail(failure)),
        };
        let deadline = step.conditions.retry.map(|retry| Instant::now() + self.context.multiplied(retry));
        let mut attempts = 0;
        loop {
            attempts += 1;
            let mut bindings = self.bindings.clone();
            let at = self.place();
            let output = self.listen(step, input).await;
            let (output, verdict) = self.judged(step, output, input, at, whole, &mut bindings).await;
            if !verdict.is_good() && deadline.is_some_and(|deadline| Instant::now() < deadline) {
                tokio::time::sleep(PAUSE).await;
                continue;
            }
            self.bindings = bindings;
            self.forget_notices(step);
            if changes_prompt(text) && self.shell().session().is_none() {
                self.own_prompt = None;
            }
            let again =
                (attempts > 1 && screen::has_side_effects(text)).then_some(Remark::Attempts(attempts));
            let verdict = [left.map(Remark::LeftSession), again]
                .into_iter()
                .flatten()
                .fold(verdict, Verdict::with_remark);
            return step_result(rewritten.text, output, verdict, attempts);
        }
    }

    /// Judges what came of a command; what the shell has still to say of jobs is waited for. The block of
    /// a snippet of several commands is what the last one prints, or what all of them print.
    async fn judged(
        &mut self,
        step: &Step,
        mut output: StepOutput,
        input: CommandInput<'_>,
        at: SessionKind,
        whole: Option<usize>,
        bindings: &mut Bindings,
    ) -> (StepOutput, Verdict) {
        self.keep_notices(&output.screen);
        let prompt = self.shell().session().map(|session| session.prompt.clone());
        self.wait_for_notices(step, input, at).await;
        let before = bindings.clone();
        let place = SessionState { prompt: prompt.as_deref(), ..at.place(&self.sandbox) };
        let verdict = judge(step, &output, self.judge_context(input, place), bindings);
        self.printed.1.extend(output.screen.iter().cloned());
        let (Some(snippet), false, Some(_)) = (whole, verdict.is_good(), &step.expected) else {
            return (output, verdict);
        };
        let all = StepOutput { screen: self.printed.1.clone(), ..output.clone() };
        let mut tried = before;
        let judged = judge(step, &all, self.judge_context(input, place), &mut tried);
        if judged.is_good() || agreement(&judged) > agreement(&verdict) {
            self.whole = judged.is_good().then_some(snippet);
            *bindings = tried;
            output.screen = all.screen;
            return (output, judged);
        }
        (output, verdict)
    }

    /// Whether the output block of a step has a line that is this one, and no elision.
    pub(super) fn shows(&self, step: &Step, line: &String) -> bool {
        let rules = Rules::new(&self.context.elisions, &self.supplied);
        let lines = step.expected.iter().flat_map(|expected| &expected.lines).map(|line| line.text.as_str());
        let mut literal = lines.filter(|line| !self.context.elisions.is(line));
        literal.any(|shown| agrees(&[shown], std::slice::from_ref(line), rules, &self.bindings))
    }

    /// Takes out the notices that the page shows: each is printed once.
    fn forget_notices(&mut self, step: &Step) {
        for shown in shown_notices(step) {
            if let Some(at) = self.notices.iter().position(|notice| screen::is_same_notice(notice, &shown)) {
                self.notices.remove(at);
            }
        }
    }

    /// Remembers the notices that came.
    fn keep_notices(&mut self, screen: &[String]) {
        self.notices.extend(screen::notices(&screen::texts(screen)).0);
    }

    /// Remembers in which step the shell said that a job has failed.
    pub(super) fn note_failed_jobs(&mut self, step: usize) {
        let is_new = |notice: &&String| {
            screen::is_failed_job(notice) && !self.failed_jobs.iter().any(|(_, known)| known == *notice)
        };
        let new: Vec<_> = self.notices.iter().filter(is_new).map(|notice| (step, notice.clone())).collect();
        self.failed_jobs.extend(new);
    }

    /// Lets the shell say what it has to say of jobs, if the page shows it and it has not come.
    async fn wait_for_notices(&mut self, step: &Step, input: CommandInput<'_>, at: SessionKind) {
        let deadline = Instant::now() + NOTICES_WITHIN;
        while awaits_notices(step, self.judge_context(input, at.place(&self.sandbox)))
            && self.shell().session().is_none()
            && Instant::now() < deadline
        {
            tokio::time::sleep(PAUSE).await;
            // The reader presses Enter.
            let output = self.type_in("", VecDeque::new(), input.timeout, Until::End).await;
            self.keep_notices(&output.screen);
        }
    }

    pub(super) fn judge_context<'s>(
        &'s self,
        input: CommandInput<'s>,
        place: SessionState<'s>,
    ) -> JudgeContext<'s> {
        JudgeContext {
            elisions: &self.context.elisions,
            first_line: input.first_line,
            words: &input.rewritten.words,
            supplied: input.supplied,
            timeout: input.timeout,
            notices: &self.notices,
            place,
        }
    }

    /// Where the next command is typed.
    fn place(&mut self) -> SessionKind {
        let session = self.shell().session();
        SessionKind {
            program: session.is_some_and(|session| !session.is_shell()),
            elsewhere: session.is_some_and(|session| session.elsewhere),
        }
    }

    async fn listen(&mut self, step: &Step, input: CommandInput<'_>) -> StepOutput {
        let (command, timeout) = (input.rewritten.text.as_str(), input.timeout);
        let shown: VecDeque<String> =
            step.expected.iter().flat_map(|expected| &expected.lines).map(|line| line.text.clone()).collect();
        match (&step.expected, step.conditions.follows) {
            (_, false) => self.type_in(command, shown, timeout, Until::End).await,
            (None, true) => self.type_in(command, shown, timeout, Until::Alive(GRACE)).await,
            (Some(expected), true) => {
                let (bindings, notices) = (self.bindings.clone(), self.notices.clone());
                let elisions = self.context.elisions.clone();
                let mut appeared = move |screen: &[String]| {
                    let context = JudgeContext {
                        elisions: &elisions,
                        first_line: input.first_line,
                        words: &input.rewritten.words,
                        supplied: input.supplied,
                        timeout,
                        notices: &notices,
                        place: SessionState::default(),
                    };
                    has_appeared(expected, screen, context, &bindings)
                };
                self.type_in(command, shown, timeout, Until::Satisfied(&mut appeared)).await
            }
        }
    }
}

/// What a command is judged by, as far as the page decides it.
#[derive(Clone, Copy)]
pub(super) struct CommandInput<'a> {
    pub(super) first_line: usize,
    pub(super) rewritten: &'a Rewritten,
    pub(super) supplied: &'a Supplied,
    pub(super) timeout: Duration,
}

/// Where a command is typed.
#[derive(Clone, Copy)]
struct SessionKind {
    program: bool,
    elsewhere: bool,
}

impl SessionKind {
    fn place(self, sandbox: &Sandbox) -> SessionState<'static> {
        SessionState {
            at_program: self.program,
            elsewhere: self.elsewhere,
            local: !sandbox.has_engine(),
            prompt: None,
        }
    }
}

/// How many lines a verdict found to agree.
fn agreement(verdict: &Verdict) -> usize {
    let Verdict::Fail(failure) = verdict else { return 0 };
    let rows = failure.difference().map(|difference| difference.rows.as_slice()).unwrap_or_default();
    rows.iter().filter(|row| matches!(row, Row::Same { .. })).count()
}

/// Whether a command may give the reader's own shell another prompt.
fn changes_prompt(text: &str) -> bool {
    let mut words = text.split(|c: char| c.is_whitespace() || c == ';');
    words.any(|word| {
        matches!(word, "exec" | "newgrp") || word.starts_with("PS1=") || word.ends_with("/activate")
    })
}

fn step_result(ran: String, output: StepOutput, verdict: Verdict, attempts: u32) -> StepResult {
    let exit = match output.ended {
        Ended::Exited(code) => Some(code),
        _ => None,
    };
    let (screen, frames) = (output.screen, output.frames);
    StepResult { screen, exit, attempts, frames, ..StepResult::new(ran, verdict) }
}
