//! A command is typed, and listened to until it is done.

use std::collections::VecDeque;
use std::time::Duration;

use futures_util::StreamExt;
use tokio::time::Instant;

use super::capture::{Capture, TypedAt};
use super::connection::{IDLE_CHECKS, MarkedShell, Shell};
use super::idle::Inspection;
use super::step::{Answers, Ended, StepOutput, Until};

/// A line that does not end counts as whole once nothing has come for so long.
const SETTLED_AFTER: Duration = Duration::from_secs(5);
/// The key after the number of a line, which the hooks bind.
const ARM: &str = "\x18\x01";

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
        if self.lost || !self.drain() || self.send(keys.as_bytes()).await.is_err() {
            return self.lose(&capture);
        }
        let began = Instant::now();
        let alive = match until {
            Until::Alive(grace) => Some(began + grace),
            Until::End | Until::Satisfied(_) => None,
        };
        let (mut last, mut checks, mut seen) = (began, 0, usize::MAX);
        loop {
            let still = IDLE_CHECKS.get(checks).map(|&still| last + still);
            let stood = matches!(until, Until::Satisfied(_)).then_some(last + SETTLED_AFTER);
            let stood = stood.filter(|_| seen != 0);
            let wake =
                [Some(began + timeout), alive, still, stood].into_iter().flatten().min().unwrap_or(began);
            match tokio::time::timeout_at(wake, self.output.next()).await {
                Ok(Some(chunk)) => {
                    self.take_all(&chunk, &mut capture);
                    (last, checks, seen) = (Instant::now(), 0, usize::MAX);
                }
                Ok(None) => return self.lose(&capture),
                Err(_) => {
                    let now = Instant::now();
                    if alive.is_some_and(|alive| alive <= now) {
                        return self.interrupt(capture, Ended::Interrupted).await;
                    }
                    if began + timeout <= now {
                        let holder = self.holder().await;
                        return self.interrupt(capture, Ended::TimedOut(holder)).await;
                    }
                    if still.is_some_and(|still| still <= now) {
                        checks += 1;
                        match self.inspect(&mut capture, &mut further, answers, command, checks).await {
                            Inspection::Nothing => {}
                            Inspection::Answered => (last, checks) = (Instant::now(), 0),
                            Inspection::Over(ended) => return self.finish(&capture, ended),
                        }
                    }
                }
            }
            if capture.takes_more() && !self.type_further(&mut capture, &mut further).await {
                return self.interrupt(capture, Ended::Incomplete).await;
            }
            if capture.is_finishing() && capture.over().is_none() {
                continue;
            }
            if capture.is_too_much() {
                return match capture.over() {
                    Some(_) => self.finish(&capture, Ended::TooMuch),
                    None => self.interrupt(capture, Ended::TooMuch).await,
                };
            }
            if let Some((_, exit)) = capture.over() {
                return self.finish(&capture, Ended::Exited(exit));
            }
            if let Until::Satisfied(satisfied) = &mut until {
                let stood_still = last + SETTLED_AFTER <= Instant::now();
                let lines = if stood_still { capture.lines() } else { capture.whole_lines() };
                seen = usize::from(!stood_still);
                if satisfied(&lines) {
                    return self.interrupt(capture, Ended::Interrupted).await;
                }
            }
        }
    }

    /// Where a command is typed, and by what keys.
    fn keys<'c>(&mut self, command: &'c str, further: &mut VecDeque<&'c str>) -> (TypedAt, String) {
        let prompted = match self.sessions.last() {
            None => Some(self.own),
            Some(session) => session.marked,
        };
        match prompted {
            Some(MarkedShell { shell, edits: true }) => {
                self.line += 1;
                // Bracketed paste (xterm) keeps the lines of a command together.
                let keys = format!("{}{ARM}\x1b[200~{command}\x1b[201~\r", self.line);
                (TypedAt::Armed { shell, line: self.line }, keys)
            }
            Some(MarkedShell { shell, edits: false }) if self.sessions.is_empty() => {
                (TypedAt::Plain { shell }, format!("{}\r", command.replace('\n', "\r")))
            }
            _ => {
                // Each further line is typed when the program asks for it.
                further.extend(command.split('\n'));
                let first = further.pop_front().unwrap_or_default();
                let prompt = self.sessions.last().map(|session| session.prompt.clone()).unwrap_or_default();
                (
                    TypedAt::Prompt { prompt, shell: prompted.map(|prompted| prompted.shell) },
                    format!("{first}\r"),
                )
            }
        }
    }
}
