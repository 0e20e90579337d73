//! How what runs is ended: sessions are left, questions given up, jobs interrupted.

use std::time::Duration;

use futures_util::StreamExt;
use tokio::time::Instant;

use super::capture::{Capture, TypedAt};
use super::connection::{ANSWER_WITHIN, IDLE_CHECKS, MarkedShell, Shell};
use super::idle::IS_AT_PROMPT;
use super::step::{Ended, StepOutput};
use crate::sandbox::tty::Interrupted;
use crate::snippet::{asks_for_secret, waits_for_input};

/// A command that goes on must live so long after what the page shows has appeared.
const LIVES_ON: Duration = Duration::from_millis(400);
/// How long a program is given to end after each key that ends programs.
const GRACE: Duration = Duration::from_millis(400);
/// Ctrl-C, Ctrl-D and Ctrl-\.
const INTERRUPT: &[u8] = b"\x03";
const END_OF_INPUT: &[u8] = b"\x04";
const QUIT: &[u8] = b"\x1c";

impl Shell {
    /// Leaves the program that is open in the shell, as a reader would with Ctrl-D; those in between, too.
    pub async fn leave_sessions(&mut self) {
        while !self.lost && !self.sessions.is_empty() {
            let depth = self.sessions.len();
            let at = TypedAt::no_prompt();
            let mut capture = Capture::new(at, self.outer());
            if self.send(END_OF_INPUT).await.is_err() {
                self.lost = true;
                return;
            }
            if self.wait_until(&mut capture, ANSWER_WITHIN / 3, |capture| capture.over().is_some()).await
                && let Some((shell, _)) = capture.over()
            {
                self.return_to(shell, &capture);
            }
            if self.sessions.len() >= depth {
                self.interrupt(capture, Ended::Interrupted).await;
                self.sessions.truncate(depth - 1);
            }
        }
    }

    /// Leaves a question without an answer, so that the next step is typed where the page means it:
    /// by Ctrl-C, or, where a program takes that for an answer, by Enter.
    pub(super) async fn leave_question(&mut self, capture: &mut Capture) {
        for key in [INTERRUPT, b"\r", b"\r", b"\r"] {
            if self.send(key).await.is_err() {
                break;
            }
            if self.comes_back(capture, Duration::from_secs(2)).await {
                return;
            }
        }
        self.tty.hang_up().await;
        if !self.comes_back(capture, Duration::from_secs(2)).await {
            self.lost = true;
        }
    }

    /// Ends what runs: by an interrupt or Ctrl-C, by Ctrl-\, by hanging up; the screen
    /// is that of before.
    pub(super) async fn interrupt(&mut self, mut capture: Capture, ended: Ended) -> StepOutput {
        // What ends by itself does not go on: its exit code counts.
        if ended == Ended::Interrupted
            && self.wait_until(&mut capture, LIVES_ON, |capture| capture.over().is_some()).await
            && let Some((_, exit)) = capture.over()
        {
            self.decide(&mut capture).await;
            return self.finish(&capture, Ended::Exited(exit));
        }
        let output = capture.output(ended, None);
        for attempt in 0..12_u32 {
            match attempt {
                8 | 9 if self.send(QUIT).await.is_err() => break,
                8 | 9 => {}
                10 | 11 => self.tty.hang_up().await,
                _ if self.interrupt_job().await => {}
                _ if self.send(INTERRUPT).await.is_err() => break,
                _ => {}
            }
            if self.comes_back(&mut capture, GRACE * (attempt + 1).min(3)).await {
                self.settle().await;
                return output;
            }
        }
        self.lost = true;
        output
    }

    /// Interrupts the job that has the terminal; waits a moment for one that the shell is about to
    /// start. `false` where Ctrl-C is to be typed.
    async fn interrupt_job(&mut self) -> bool {
        if !self.sessions.is_empty() {
            return false;
        }
        for _ in 0..5 {
            match self.tty.interrupt().await {
                Interrupted::Job => return true,
                Interrupted::Key => return false,
                Interrupted::Shell => tokio::time::sleep(Duration::from_millis(20)).await,
            }
        }
        false
    }

    /// Whether a shell, or the program that is open in it, shows its prompt again.
    async fn comes_back(&mut self, capture: &mut Capture, patience: Duration) -> bool {
        let deadline = Instant::now() + patience;
        loop {
            let wake = deadline.min(Instant::now() + IDLE_CHECKS[0]);
            match tokio::time::timeout_at(wake, self.output.next()).await {
                Ok(Some(chunk)) => {
                    for piece in self.marks.feed(&chunk) {
                        capture.take_marks(piece);
                    }
                }
                Ok(None) => return false,
                Err(_) if self.shows_prompt(capture).await => return true,
                Err(_) => {}
            }
            if let Some((shell, _)) = capture.over() {
                self.return_to(shell, capture);
                return true;
            }
            if Instant::now() >= deadline {
                return false;
            }
        }
    }

    /// Whether the terminal stands still behind the prompt of an open session, or of a shell without marks.
    async fn shows_prompt(&mut self, capture: &mut Capture) -> bool {
        let Some(prompt) = capture.before_cursor() else { return false };
        if self.sessions.is_empty() {
            return capture.is_editing() && self.is_back(capture).await;
        }
        let Some(session) = self.sessions.last_mut().filter(|session| session.marked.is_none()) else {
            return false;
        };
        let waits = waits_for_input(&prompt) && !asks_for_secret(&prompt);
        if waits {
            session.prompt = prompt;
        }
        waits
    }

    /// Sees that every key has been read before anything else is typed.
    async fn settle(&mut self) {
        let prompted = match self.sessions.last() {
            None => Some(self.own),
            Some(session) => session.marked,
        };
        if let Some(MarkedShell { shell, edits: true }) = prompted {
            let mut capture = Capture::new(TypedAt::Plain { shell }, Vec::new());
            let _ = self.ask(&mut capture, IS_AT_PROMPT, shell, Duration::from_secs(2)).await;
        }
    }

    /// The program that has the terminal, for the message that it did not end.
    pub(super) async fn holder(&mut self) -> Option<String> {
        let state = self.tty.state().await?;
        (!state.is_the_shells && !state.holder.is_empty()).then_some(state.holder)
    }
}
