//! A command is typed, and listened to until it is done.

use std::collections::VecDeque;
use std::time::Duration;

use futures_util::StreamExt;
use tokio::time::Instant;

use super::connection::{Prompted, STILL, Shell};
use super::listening::{At, Listening};
use super::look::Found;
use super::step::{Answers, Ended, StepOutput, Until};

/// A line that does not end counts as whole once nothing has come for so long.
const STOOD_STILL: Duration = Duration::from_secs(5);
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
        let mut listening = Listening::new(at, self.outer());
        if self.lost || !self.drain() || self.send(keys.as_bytes()).await.is_err() {
            return self.lose(&listening);
        }
        let began = Instant::now();
        let alive = match until {
            Until::Alive(grace) => Some(began + grace),
            Until::End | Until::Satisfied(_) => None,
        };
        let (mut last, mut looks, mut seen) = (began, 0, usize::MAX);
        loop {
            let still = STILL.get(looks).map(|&still| last + still);
            let stood = matches!(until, Until::Satisfied(_)).then_some(last + STOOD_STILL);
            let stood = stood.filter(|_| seen != 0);
            let wake =
                [Some(began + timeout), alive, still, stood].into_iter().flatten().min().unwrap_or(began);
            match tokio::time::timeout_at(wake, self.output.next()).await {
                Ok(Some(chunk)) => {
                    self.take_all(&chunk, &mut listening);
                    (last, looks, seen) = (Instant::now(), 0, usize::MAX);
                }
                Ok(None) => return self.lose(&listening),
                Err(_) => {
                    let now = Instant::now();
                    if alive.is_some_and(|alive| alive <= now) {
                        return self.interrupt(listening, Ended::Interrupted).await;
                    }
                    if began + timeout <= now {
                        let holder = self.holder().await;
                        return self.interrupt(listening, Ended::TimedOut(holder)).await;
                    }
                    if still.is_some_and(|still| still <= now) {
                        looks += 1;
                        match self.look(&mut listening, &mut further, answers, command, looks).await {
                            Found::Nothing => {}
                            Found::Answered => (last, looks) = (Instant::now(), 0),
                            Found::Over(ended) => return self.finish(&listening, ended),
                        }
                    }
                }
            }
            if listening.takes_more() && !self.type_further(&mut listening, &mut further).await {
                return self.interrupt(listening, Ended::Incomplete).await;
            }
            if listening.is_finishing() && listening.over().is_none() {
                continue;
            }
            if listening.is_too_much() {
                return match listening.over() {
                    Some(_) => self.finish(&listening, Ended::TooMuch),
                    None => self.interrupt(listening, Ended::TooMuch).await,
                };
            }
            if let Some((_, exit)) = listening.over() {
                return self.finish(&listening, Ended::Exited(exit));
            }
            if let Until::Satisfied(satisfied) = &mut until {
                let stood_still = last + STOOD_STILL <= Instant::now();
                let lines = if stood_still { listening.lines() } else { listening.whole_lines() };
                seen = usize::from(!stood_still);
                if satisfied(&lines) {
                    return self.interrupt(listening, Ended::Interrupted).await;
                }
            }
        }
    }

    /// Where a command is typed, and by what keys.
    fn keys<'c>(&mut self, command: &'c str, further: &mut VecDeque<&'c str>) -> (At, String) {
        let prompted = match self.sessions.last() {
            None => Some(self.own),
            Some(session) => session.marked,
        };
        match prompted {
            Some(Prompted { shell, edits: true }) => {
                self.line += 1;
                // Bracketed paste (xterm) keeps the lines of a command together.
                let keys = format!("{}{ARM}\x1b[200~{command}\x1b[201~\r", self.line);
                (At::Armed { shell, line: self.line }, keys)
            }
            Some(Prompted { shell, edits: false }) if self.sessions.is_empty() => {
                (At::Plain { shell }, format!("{}\r", command.replace('\n', "\r")))
            }
            _ => {
                // Each further line is typed when the program asks for it.
                further.extend(command.split('\n'));
                let first = further.pop_front().unwrap_or_default();
                let prompt = self.sessions.last().map(|session| session.prompt.clone()).unwrap_or_default();
                (At::Prompt { prompt, shell: prompted.map(|prompted| prompted.shell) }, format!("{first}\r"))
            }
        }
    }
}
