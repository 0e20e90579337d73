//! The connection to a shell: what is typed, what comes, and which programs are open in it.

use std::pin::Pin;
use std::time::Duration;

use futures_util::stream::Peekable;
use futures_util::{FutureExt, Stream, StreamExt};
use tokio::io::{AsyncWrite, AsyncWriteExt};
use tokio::time::Instant;

use super::capture::{Capture, TypedAt};
use super::step::{Ended, StepOutput};
use crate::nonce::Nonce;
use crate::sandbox::Error;
use crate::sandbox::marks::Marks;
use crate::sandbox::tty::Tty;

/// After so long without output it is looked whether a program waits, and again a few times.
pub(super) const IDLE_CHECKS: [Duration; 6] = [
    Duration::from_millis(120),
    Duration::from_millis(300),
    Duration::from_millis(800),
    Duration::from_secs(2),
    Duration::from_secs(4),
    Duration::from_secs(8),
];
/// How long a shell may take to come up, and to answer a key.
pub(super) const ANSWER_WITHIN: Duration = Duration::from_secs(15);
/// For so long output is taken before it is looked whether time is up.
const MOMENT: Duration = Duration::from_millis(50);
/// What comes from a terminal.
pub(in crate::sandbox) type Output = Pin<Box<dyn Stream<Item = bytes::Bytes> + Send>>;

/// A shell and the sessions that may be open in it.
pub struct Shell {
    pub(super) input: Pin<Box<dyn AsyncWrite + Send>>,
    pub(super) output: Peekable<Output>,
    pub(super) marks: Marks,
    pub(super) tty: Tty,
    pub(super) pid_file: String,
    /// The page's own shell, and whether it edits its line.
    pub(super) own: MarkedShell,
    /// The programs with a prompt that are open in it, the innermost last.
    pub(super) sessions: Vec<Session>,
    pub(super) lost: bool,
}

/// What has become of keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Pasted {
    /// They were typed.
    Whole,
    /// Nothing has read them all in time, or too much came meanwhile.
    InPart,
    /// Nobody is there.
    Gone,
}

/// A shell that marks its prompt.
#[derive(Debug, Clone, Copy)]
pub(super) struct MarkedShell {
    pub(super) shell: usize,
    pub(super) edits: bool,
}

/// A program with a prompt that is open in the page's shell.
#[derive(Debug, Clone)]
pub struct Session {
    /// Its prompt, as it stands now.
    pub prompt: String,
    /// Whether it is on another machine than the reader's shell, or in a container.
    pub elsewhere: bool,
    /// The shell that it is, if it marks its prompt.
    pub(super) marked: Option<MarkedShell>,
}

impl Session {
    /// Whether it is a shell whose exit codes are known.
    pub fn is_shell(&self) -> bool {
        self.marked.is_some()
    }
}

impl Shell {
    pub(in crate::sandbox) async fn open(
        input: Pin<Box<dyn AsyncWrite + Send>>,
        output: Output,
        nonce: &Nonce,
        tty: Tty,
        pid_file: String,
    ) -> Result<Self, Error> {
        let mut shell = Self {
            input,
            output: output.peekable(),
            marks: Marks::new(nonce),
            tty,
            pid_file,
            own: MarkedShell { shell: 0, edits: true },
            sessions: Vec::new(),
            lost: false,
        };
        let mut capture = Capture::new(TypedAt::no_prompt(), vec![0]);
        if !shell.wait_until(&mut capture, ANSWER_WITHIN, |capture| capture.over().is_some()).await {
            return Err(Error::Gone);
        }
        shell.own.edits = capture.edits();
        Ok(shell)
    }

    /// The program with a prompt that is open in the shell, if one is.
    pub fn session(&self) -> Option<&Session> {
        self.sessions.last()
    }

    /// The file, in the sandbox, that contains the number of the shell's process.
    pub fn pid_file(&self) -> &str {
        &self.pid_file
    }

    /// The shells below the one that is typed at.
    pub(super) fn outer(&self) -> Vec<usize> {
        let inner = self.sessions.iter().rev().skip(1).filter_map(|session| session.marked);
        let own = (!self.sessions.is_empty()).then_some(self.own);
        inner.chain(own).map(|prompted| prompted.shell).collect()
    }

    /// Takes what has come since the last step; says whether the shell is still there.
    pub(super) fn drain(&mut self) -> bool {
        while let Some(chunk) = self.output.next().now_or_never() {
            match chunk {
                Some(chunk) => drop(self.marks.feed(&chunk)),
                None => return false,
            }
        }
        true
    }

    /// Whether more has come that was not taken yet.
    pub(super) fn has_more(&mut self) -> bool {
        Pin::new(&mut self.output).peek().now_or_never().is_some()
    }

    /// Takes what has come, for a moment: a program may print faster than it can be shown.
    pub(super) fn take_all(&mut self, chunk: &[u8], capture: &mut Capture) {
        let end = Instant::now() + MOMENT;
        self.take(chunk, capture);
        while !capture.is_too_much()
            && Instant::now() < end
            && let Some(Some(chunk)) = self.output.next().now_or_never()
        {
            self.take(&chunk, capture);
        }
    }

    pub(super) fn take(&mut self, chunk: &[u8], capture: &mut Capture) {
        for piece in self.marks.feed(chunk) {
            capture.take(piece);
        }
    }

    /// Types a few keys.
    pub(super) async fn send(&mut self, keys: &[u8]) -> std::io::Result<()> {
        // Where nothing reads, the terminal takes no more.
        tokio::time::timeout(ANSWER_WITHIN, write(&mut self.input, keys)).await?
    }

    /// Types keys, however many, and takes what comes meanwhile: a shell that cannot show them reads none.
    pub(super) async fn paste(&mut self, keys: &[u8], capture: &mut Capture, until: Instant) -> Pasted {
        let Self { input, output, marks, .. } = self;
        let typed = write(input, keys);
        tokio::pin!(typed);
        while !capture.is_too_much() {
            tokio::select! {
                biased;
                typed = &mut typed => return if typed.is_ok() { Pasted::Whole } else { Pasted::Gone },
                chunk = output.next() => match chunk {
                    Some(chunk) => marks.feed(&chunk).into_iter().for_each(|piece| capture.take(piece)),
                    None => return Pasted::Gone,
                },
                () = tokio::time::sleep_until(until) => break,
            }
        }
        Pasted::InPart
    }

    /// Listens until a condition is true of what has come; says whether it was in time.
    pub(super) async fn wait_until(
        &mut self,
        capture: &mut Capture,
        patience: Duration,
        is_met: impl Fn(&mut Capture) -> bool,
    ) -> bool {
        let deadline = Instant::now() + patience;
        while !is_met(capture) {
            match tokio::time::timeout_at(deadline, self.output.next()).await {
                Ok(Some(chunk)) => self.take(&chunk, capture),
                Ok(None) | Err(_) => return false,
            }
        }
        true
    }

    /// The step is over: what is open is so no longer, or still.
    pub(super) fn finish(&mut self, capture: &Capture, ended: Ended) -> StepOutput {
        if let Some((shell, _)) = capture.over() {
            self.return_to(shell, capture);
        }
        let prompt = match &ended {
            Ended::Prompt(prompt) => Some(prompt.as_str()),
            _ => None,
        };
        capture.output(ended.clone(), prompt)
    }

    /// This shell shows its prompt: what was open in it has ended.
    pub(super) fn return_to(&mut self, shell: usize, capture: &Capture) {
        let marked = |session: &Session| session.marked.is_some_and(|marked| marked.shell == shell);
        match self.sessions.iter().position(marked) {
            Some(at) => {
                self.sessions.truncate(at + 1);
                let Some(session) = self.sessions.last_mut() else { return };
                let prompt = capture.last_prompt();
                if !prompt.trim().is_empty() {
                    session.prompt = prompt;
                }
                session.marked = Some(MarkedShell { shell, edits: capture.edits() });
            }
            None => {
                self.sessions.clear();
                self.own = MarkedShell { shell, edits: capture.edits() };
            }
        }
    }

    pub(super) fn shell_gone(&mut self, capture: &Capture) -> StepOutput {
        self.lost = true;
        capture.output(Ended::Gone, None)
    }
}

async fn write(input: &mut (impl AsyncWrite + Unpin), keys: &[u8]) -> std::io::Result<()> {
    input.write_all(keys).await?;
    input.flush().await
}
