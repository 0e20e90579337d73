//! A command is typed, and listened to until it is done.

use std::collections::VecDeque;
use std::time::Duration;

use futures_util::StreamExt;
use tokio::time::Instant;

use super::capture::{Capture, TypedAt};
use super::connection::{IDLE_CHECKS, MarkedShell, Pasted, Shell};
use super::idle::Inspection;
use super::step::{Answers, Ended, StepOutput, Until};

/// A line that does not end counts as whole once nothing has come for so long.
const SETTLED_AFTER: Duration = Duration::from_secs(5);
/// The key that counts a line and begins its paste, which the hooks bind.
const BEGIN: &str = "\x18\x01";
/// The end of a bracketed paste (xterm), which keeps the lines of a command together.
const END: &str = "\x1b[201~";

impl Shell {
    /// Types a command and listens until it is done.
    pub async fn type_in(
        &mut self,
        command: &str,
        answers: &mut Answers,
        timeout: Duration,
        mut until: Until<'_>,
    ) -> StepOutput {
        let mut further: VecDeque<&str> = VecDeque::new();
        let (at, keys) = self.keys(command, &mut further);
        let mut capture = Capture::new(at, self.outer());
        capture.has_typed_ahead(keys.bytes().filter(|&key| key == b'\r').count().saturating_sub(1));
        let mut clock = Clock::new(timeout, &until);
        if self.lost || !self.drain() {
            return self.shell_gone(&capture);
        }
        match self.paste(keys.as_bytes(), &mut capture, clock.end()).await {
            Pasted::Whole => {}
            Pasted::InPart if capture.is_too_much() => return self.interrupt(capture, Ended::TooMuch).await,
            Pasted::InPart => return self.interrupt(capture, Ended::TimedOut(None)).await,
            Pasted::Gone => return self.shell_gone(&capture),
        }
        loop {
            match tokio::time::timeout_at(clock.wake(), self.output.next()).await {
                Ok(Some(chunk)) => {
                    self.take_all(&chunk, &mut capture);
                    clock.restart();
                }
                Ok(None) => return self.shell_gone(&capture),
                Err(_) => {
                    if let Some(ended) = self.time_is_up(&clock).await {
                        return self.interrupt(capture, ended).await;
                    }
                    if clock.is_idle(Instant::now()) {
                        clock.checks += 1;
                        match self.inspect(&mut capture, &mut further, answers, command, clock.checks).await {
                            Inspection::Nothing => {}
                            Inspection::Answered => (clock.last, clock.checks) = (Instant::now(), 0),
                            Inspection::Over(ended) => return self.finish(&capture, ended),
                        }
                    }
                }
            }
            if capture.takes_more() && !self.type_further(&mut capture, &mut further, None).await {
                return self.interrupt(capture, Ended::Incomplete).await;
            }
            let is_ending = capture.is_finishing() && capture.over().is_none();
            if is_ending && !capture.is_too_much() && !clock.is_over(Instant::now()) {
                continue;
            }
            self.decide(&mut capture).await;
            match (capture.is_too_much(), capture.over()) {
                (true, Some(_)) => return self.finish(&capture, Ended::TooMuch),
                (true, None) => return self.interrupt(capture, Ended::TooMuch).await,
                (false, Some((_, exit))) => return self.finish(&capture, Ended::Exited(exit)),
                (false, None) => {}
            }
            if let Until::Satisfied(satisfied) = &mut until
                && satisfied(&clock.settled_lines(&capture))
            {
                return self.interrupt(capture, Ended::Interrupted).await;
            }
            // What prints without a pause is never idle.
            if let Some(ended) = self.time_is_up(&clock).await {
                return self.interrupt(capture, ended).await;
            }
            tokio::task::yield_now().await;
        }
    }

    /// How the step ends if it has lived for long enough, or has had its time.
    async fn time_is_up(&mut self, clock: &Clock) -> Option<Ended> {
        let now = Instant::now();
        if clock.has_lived(now) {
            Some(Ended::Interrupted)
        } else if clock.is_over(now) {
            Some(Ended::TimedOut(self.holder().await))
        } else {
            None
        }
    }

    /// Where a command is typed, and by what keys.
    fn keys<'c>(&self, command: &'c str, further: &mut VecDeque<&'c str>) -> (TypedAt, String) {
        let prompted = match self.sessions.last() {
            None => Some(self.own),
            Some(session) => session.marked,
        };
        match prompted {
            Some(MarkedShell { shell, edits: true }) => {
                let keys = format!("{BEGIN}{command}{END}\r");
                (TypedAt::Edited { shell, after: self.marks.last_line(shell) }, keys)
            }
            Some(MarkedShell { shell, edits: false }) if self.sessions.is_empty() => {
                (TypedAt::Plain { shell }, format!("{}\r", command.replace('\n', "\r")))
            }
            _ => {
                // Each further line is typed when the program asks for it.
                further.extend(command.split('\n'));
                let first = further.pop_front().unwrap_or_default();
                let prompt = self.sessions.last().map(|session| session.prompt.clone()).unwrap_or_default();
                let shell = prompted.map(|prompted| prompted.shell);
                (TypedAt::Prompt { prompt, typed: first.to_owned(), shell }, format!("{first}\r"))
            }
        }
    }
}

/// When a command that runs is looked at again.
struct Clock {
    began: Instant,
    timeout: Duration,
    /// When it has lived for long enough.
    alive: Option<Instant>,
    /// Whether its lines are watched.
    watches: bool,
    /// When something came last.
    last: Instant,
    /// How often it was looked at since.
    checks: usize,
    /// Whether the lines were seen since, with one that does not end.
    is_settled: bool,
}

impl Clock {
    fn new(timeout: Duration, until: &Until<'_>) -> Self {
        let began = Instant::now();
        let alive = match until {
            Until::Alive(grace) => Some(began + *grace),
            Until::End | Until::Satisfied(_) => None,
        };
        let watches = matches!(until, Until::Satisfied(_));
        Self { began, timeout, alive, watches, last: began, checks: 0, is_settled: false }
    }

    /// When it has had its time.
    fn end(&self) -> Instant {
        self.began + self.timeout
    }

    /// Something came.
    fn restart(&mut self) {
        (self.last, self.checks, self.is_settled) = (Instant::now(), 0, false);
    }

    /// When to look next, if nothing comes before.
    fn wake(&self) -> Instant {
        let settles = (self.watches && !self.is_settled).then_some(self.last + SETTLED_AFTER);
        let times = [Some(self.end()), self.alive, self.next_check(), settles];
        times.into_iter().flatten().min().unwrap_or(self.began)
    }

    fn next_check(&self) -> Option<Instant> {
        IDLE_CHECKS.get(self.checks).map(|&idle| self.last + idle)
    }

    fn has_lived(&self, now: Instant) -> bool {
        self.alive.is_some_and(|alive| alive <= now)
    }

    fn is_over(&self, now: Instant) -> bool {
        self.end() <= now
    }

    fn is_idle(&self, now: Instant) -> bool {
        self.next_check().is_some_and(|check| check <= now)
    }

    /// The lines that are whole; once nothing has come for long enough, the last counts as whole, too.
    fn settled_lines(&mut self, capture: &Capture) -> Vec<String> {
        self.is_settled = self.last + SETTLED_AFTER <= Instant::now();
        if self.is_settled { capture.lines() } else { capture.whole_lines() }
    }
}
