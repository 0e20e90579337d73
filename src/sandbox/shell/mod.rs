//! An interactive shell on a terminal, driven as a person drives it.
//!
//! A shell marks its prompt (see `marks`), and each shell that is opened within it is taught to do
//! the same; the prompts of other programs are known by their look. What a page changes in the
//! reader's environment (`PS1`, `PROMPT_COMMAND`, traps, options) does not reach the marks: they are
//! set again before each line, and where a line takes them away, the shell is asked by a key that only
//! it knows.

mod interrupt;
mod look;
mod startup;
mod step;

use std::collections::VecDeque;
use std::pin::Pin;
use std::time::Duration;

use futures_util::{FutureExt, Stream, StreamExt};
use tokio::io::{AsyncWrite, AsyncWriteExt};
use tokio::time::Instant;

use super::Error;
use super::listening::{At, Listening};
use super::marks::Marks;
use super::nonce::Nonce;
use super::tty::Tty;
use look::Found;
pub(super) use startup::{COMMAND, environment};
pub use step::{Answers, Ended, Frame, StepOutput, Until};

/// After so long without output it is looked whether a program waits, and again a few times.
const STILL: [Duration; 6] = [
    Duration::from_millis(120),
    Duration::from_millis(300),
    Duration::from_millis(800),
    Duration::from_secs(2),
    Duration::from_secs(4),
    Duration::from_secs(8),
];
/// A line that does not end counts as whole once nothing has come for so long.
const STOOD_STILL: Duration = Duration::from_secs(5);
/// How long a shell may take to come up, and to answer a key.
const PATIENCE: Duration = Duration::from_secs(15);
/// The keys that the hooks bind: the one after the number of a line, and the one that asks.
const ARM: &str = "\x18\x01";
const ASK: &[u8] = b"\x18\x02";

/// What comes from a terminal.
pub(super) type Output = Pin<Box<dyn Stream<Item = bytes::Bytes> + Send>>;

/// A shell and the sessions that may be open in it.
pub struct Shell {
    input: Pin<Box<dyn AsyncWrite + Send>>,
    output: Output,
    marks: Marks,
    tty: Tty,
    pid_file: String,
    /// The page's own shell, and whether it edits its line.
    own: Prompted,
    /// The programs with a prompt that are open in it, the innermost last.
    sessions: Vec<Session>,
    /// The number of the line that was typed last.
    line: u64,
    lost: bool,
}

/// A shell that marks its prompt.
#[derive(Debug, Clone, Copy)]
struct Prompted {
    shell: usize,
    edits: bool,
}

/// A program with a prompt that is open in the page's shell.
#[derive(Debug, Clone)]
pub struct Session {
    /// Its prompt, as it stands now.
    pub prompt: String,
    /// Whether it is on another machine than the reader's shell, or in a container.
    pub elsewhere: bool,
    /// The shell that it is, if it marks its prompt.
    marked: Option<Prompted>,
}

impl Session {
    /// Whether it is a shell whose exit codes are known.
    pub fn is_shell(&self) -> bool {
        self.marked.is_some()
    }
}

impl Shell {
    pub(super) async fn open(
        input: Pin<Box<dyn AsyncWrite + Send>>,
        output: Output,
        nonce: &Nonce,
        tty: Tty,
        pid_file: String,
    ) -> Result<Self, Error> {
        let mut shell = Self {
            input,
            output,
            marks: Marks::new(nonce),
            tty,
            pid_file,
            own: Prompted { shell: 0, edits: true },
            sessions: Vec::new(),
            line: 0,
            lost: false,
        };
        let mut listening = Listening::new(At::Prompt { prompt: String::new(), shell: None }, vec![0]);
        if !shell.wait_until(&mut listening, PATIENCE, |listening| listening.over().is_some()).await {
            return Err(Error::Gone);
        }
        shell.own.edits = listening.is_editing();
        Ok(shell)
    }

    /// The program with a prompt that is open in the shell, if one is.
    pub fn session(&self) -> Option<&Session> {
        self.sessions.last()
    }

    /// The file, in the sandbox, that holds the number of the shell's process.
    pub fn pid_file(&self) -> &str {
        &self.pid_file
    }

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

    /// The shells below the one that is typed at.
    fn outer(&self) -> Vec<usize> {
        let inner = self.sessions.iter().rev().skip(1).filter_map(|session| session.marked);
        let own = (!self.sessions.is_empty()).then_some(self.own);
        inner.chain(own).map(|prompted| prompted.shell).collect()
    }

    /// Takes what has come since the last step; says whether the shell is still there.
    fn drain(&mut self) -> bool {
        while let Some(chunk) = self.output.next().now_or_never() {
            match chunk {
                Some(chunk) => drop(self.marks.feed(&chunk)),
                None => return false,
            }
        }
        true
    }

    fn take_all(&mut self, chunk: &[u8], listening: &mut Listening) {
        self.take(chunk, listening);
        while !listening.is_too_much()
            && let Some(Some(chunk)) = self.output.next().now_or_never()
        {
            self.take(&chunk, listening);
        }
    }

    fn take(&mut self, chunk: &[u8], listening: &mut Listening) {
        for piece in self.marks.feed(chunk) {
            listening.take(piece);
        }
    }

    async fn send(&mut self, bytes: &[u8]) -> std::io::Result<()> {
        self.input.write_all(bytes).await?;
        self.input.flush().await
    }

    /// Listens until something holds of what was heard; says whether it did in time.
    async fn wait_until(
        &mut self,
        listening: &mut Listening,
        patience: Duration,
        holds: impl Fn(&mut Listening) -> bool,
    ) -> bool {
        let deadline = Instant::now() + patience;
        while !holds(listening) {
            match tokio::time::timeout_at(deadline, self.output.next()).await {
                Ok(Some(chunk)) => self.take(&chunk, listening),
                Ok(None) | Err(_) => return false,
            }
        }
        true
    }

    /// Types the next line of a command that takes several, if there is one.
    async fn type_further(&mut self, listening: &mut Listening, further: &mut VecDeque<&str>) -> bool {
        let Some(line) = further.pop_front() else { return false };
        listening.has_echoed();
        self.send(format!("{line}\r").as_bytes()).await.is_ok()
    }

    /// The step is over: what is open is so no longer, or still.
    fn finish(&mut self, listening: &Listening, ended: Ended) -> StepOutput {
        if let Some((shell, _)) = listening.over() {
            self.return_to(shell, listening);
        }
        let prompt = match &ended {
            Ended::Prompt(prompt) => Some(prompt.as_str()),
            _ => None,
        };
        listening.output(ended.clone(), prompt)
    }

    /// This shell shows its prompt: what was open in it has ended.
    fn return_to(&mut self, shell: usize, listening: &Listening) {
        let marked = |session: &Session| session.marked.is_some_and(|marked| marked.shell == shell);
        match self.sessions.iter().position(marked) {
            Some(at) => {
                self.sessions.truncate(at + 1);
                let Some(session) = self.sessions.last_mut() else { return };
                let prompt = listening.last_prompt();
                if !prompt.trim().is_empty() {
                    session.prompt = prompt;
                }
                session.marked = Some(Prompted { shell, edits: listening.is_editing() });
            }
            None => {
                self.sessions.clear();
                self.own = Prompted { shell, edits: listening.is_editing() };
            }
        }
    }

    fn lose(&mut self, listening: &Listening) -> StepOutput {
        self.lost = true;
        listening.output(Ended::Gone, None)
    }
}
