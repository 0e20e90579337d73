//! What a terminal that stands still may mean: a question, a session, or the shell without its mark.

use std::collections::VecDeque;
use std::time::Duration;

use futures_util::StreamExt;
use tokio::time::Instant;

use super::capture::{Capture, ShellState, TypedAt};
use super::connection::{ANSWER_WITHIN, IDLE_CHECKS, MarkedShell, Session, Shell};
use super::startup::{marks_for_bash, marks_for_sh};
use super::step::{Answers, Ended};
use crate::nonce::Nonce;
use crate::sandbox::marks::Piece;
use crate::snippet::{asks_for_secret, is_shell_prompt, may_open_session, opens_elsewhere, waits_for_input};

/// The key that asks a shell whether it is at its prompt, which the hooks bind.
pub(super) const IS_AT_PROMPT: &[u8] = b"\x18\x02";
/// The key that asks it whether it announces its prompt.
const ANNOUNCES: &[u8] = b"\x18\x0e";

/// What a look at a terminal that stands still found.
pub(super) enum Inspection {
    /// Nothing to do.
    Nothing,
    /// Something was typed.
    Answered,
    /// The step is over.
    Over(Ended),
}

impl Shell {
    /// Looks at a terminal that stands still: whether a shell is back without a mark, or a program asks.
    pub(super) async fn inspect(
        &mut self,
        capture: &mut Capture,
        further: &mut VecDeque<&str>,
        answers: &mut Answers,
        command: &str,
        checks: usize,
    ) -> Inspection {
        // A program on a busy machine may be slow to show what was typed.
        if capture.awaits_echo() && checks < IDLE_CHECKS.len() {
            return Inspection::Nothing;
        }
        if let Some(prompt) = capture.edited_prompt()
            && let Some(found) = self.inspect_editor(capture, further, answers, command, &prompt).await
        {
            return found;
        }
        if capture.is_editing() && capture.edited_prompt().is_none() && checks == 2 {
            if self.is_back(capture).await {
                return self.back(capture);
            }
            capture.release();
        }
        let Some(line) = capture.before_cursor() else { return Inspection::Nothing };
        if let Some(found) = self.answer(capture, answers, &line, checks).await {
            return found;
        }
        if self.has_more() {
            return Inspection::Nothing;
        }
        let may_open = !self.sessions.is_empty() || may_open_session(command);
        if !(may_open && waits_for_input(&line)) {
            return Inspection::Nothing;
        }
        // What looks like a prompt is none while the program that printed it does something else. One that
        // polls may wait for the terminal, or for something else that comes soon.
        let state = self.tty.state().await.filter(|state| state.by_lines && !state.is_the_shells);
        let is_last = checks >= IDLE_CHECKS.len();
        if state.is_some_and(|state| !(state.is_read || state.polls && is_last)) || self.has_more() {
            return Inspection::Nothing;
        }
        if self.type_further(capture, further, Some(&line)).await {
            return Inspection::Answered;
        }
        self.enter(&line, command, false).await
    }

    /// A program edits its line behind this prompt: the shell itself, without its mark, or another.
    async fn inspect_editor(
        &mut self,
        capture: &mut Capture,
        further: &mut VecDeque<&str>,
        answers: &mut Answers,
        command: &str,
        prompt: &str,
    ) -> Option<Inspection> {
        if self.is_back(capture).await {
            return Some(self.back(capture));
        }
        if asks_for_secret(prompt) || !(waits_for_input(prompt) || may_open_session(command)) {
            return None;
        }
        if let Some(answer) = answers.answer_to(prompt, false).filter(|_| !waits_for_input(prompt)) {
            capture.has_answered();
            return Some(match self.send(format!("{answer}\r").as_bytes()).await {
                Ok(()) => Inspection::Answered,
                Err(_) => Inspection::Over(Ended::Gone),
            });
        }
        if self.type_further(capture, further, Some(prompt)).await {
            return Some(Inspection::Answered);
        }
        Some(self.enter(prompt, command, true).await)
    }

    /// The shell stands at its prompt. Where its key does not count any more, nothing is known of the line that
    /// was typed.
    fn back(&mut self, capture: &Capture) -> Inspection {
        if capture.is_uncounted() {
            self.lost = true;
            return Inspection::Over(Ended::Gone);
        }
        Inspection::Answered
    }

    /// Whether the shell that was typed at stands at its prompt without having said so: it is asked by
    /// a key that only it knows, if the kernel says that no other program has the terminal. A shell
    /// that another has replaced is taught the marks.
    pub(super) async fn is_back(&mut self, capture: &mut Capture) -> bool {
        let (shell, own) = match self.sessions.last() {
            None => (self.own.shell, true),
            Some(Session { marked: Some(prompted), .. }) => (prompted.shell, false),
            Some(_) => return false,
        };
        if own && !self.tty.state().await.is_none_or(|state| state.is_the_shells && !state.by_lines) {
            return false;
        }
        if !own && !capture.edited_prompt().is_some_and(|prompt| is_shell_prompt(&prompt)) {
            return false;
        }
        match self.ask(capture, IS_AT_PROMPT, shell, Duration::from_secs(1)).await {
            Some(ShellState::AtPrompt { line, code }) => {
                capture.conclude_at(line, shell, code);
                return true;
            }
            Some(_) => return false,
            None if !own => return false,
            None => {}
        }
        let Some((marked, exit)) = self.install_marks(true).await else { return false };
        self.own = marked;
        capture.conclude(marked.shell, exit);
        true
    }

    /// Decides what is before the prompt at which the step is over: output, unless the shell says that it has
    /// announced that prompt.
    pub(super) async fn decide(&mut self, capture: &mut Capture) {
        let Some((shell, _)) = capture.over().filter(|_| capture.is_undecided()) else { return };
        match self.ask(capture, ANNOUNCES, shell, ANSWER_WITHIN).await {
            Some(ShellState::Announces(true)) => capture.decide_for_prompt(),
            _ => capture.decide_for_output(),
        }
    }

    /// Asks a shell by a key that its hooks bind.
    pub(super) async fn ask(
        &mut self,
        capture: &mut Capture,
        key: &[u8],
        shell: usize,
        patience: Duration,
    ) -> Option<ShellState> {
        self.send(key).await.ok()?;
        let mut state = None;
        let deadline = Instant::now() + patience;
        while state.is_none() {
            let chunk = tokio::time::timeout_at(deadline, self.output.next()).await.ok()??;
            for piece in self.marks.feed(&chunk) {
                if let Piece::Mark(_) = piece {
                    capture.take(piece);
                }
            }
            state = capture.take_here().filter(|(here, _)| *here == shell).map(|(_, state)| state);
        }
        state
    }

    /// Answers a question that the cursor stands behind, if it is one and there is an answer.
    async fn answer(
        &mut self,
        capture: &mut Capture,
        answers: &mut Answers,
        line: &str,
        checks: usize,
    ) -> Option<Inspection> {
        let looks_secret = asks_for_secret(line);
        let known = answers.shown.iter().any(|shown| shown.starts_with(line.trim_end()));
        if !looks_secret && !known && answers.secrets.is_empty() {
            return None;
        }
        let state = self.tty.state().await;
        // It has not stood still: what the kernel said may be of another moment than the line.
        if self.has_more() {
            return None;
        }
        // A terminal that is passed on to a container says nothing of the program there: then, and where
        // nothing is known, a question is what stands still for longer.
        let certain = state.as_ref().filter(|state| state.by_lines || state.is_the_shells);
        let waits = certain.map_or(checks >= 2, |state| state.is_read || !state.by_lines);
        let hidden = certain.map_or(looks_secret, |state| !state.echoes && state.by_lines);
        if !waits {
            return None;
        }
        let answer = if hidden {
            match answers.secrets.pop_front() {
                Some(secret) => secret,
                None if looks_secret => {
                    self.leave_question(capture).await;
                    return Some(Inspection::Over(Ended::Asked(line.to_owned())));
                }
                None => return None,
            }
        } else {
            answers.answer_to(line, certain.is_some_and(|state| state.is_read && state.by_lines))?
        };
        capture.has_answered();
        Some(match self.send(format!("{answer}\r").as_bytes()).await {
            Ok(()) => Inspection::Answered,
            Err(_) => Inspection::Over(Ended::Gone),
        })
    }

    /// Types the next line of a command that takes several, if there is one, at a prompt that may be known.
    pub(super) async fn type_further(
        &mut self,
        capture: &mut Capture,
        further: &mut VecDeque<&str>,
        prompt: Option<&str>,
    ) -> bool {
        let Some(line) = further.pop_front() else { return false };
        capture.has_echoed(prompt, line);
        self.send(format!("{line}\r").as_bytes()).await.is_ok()
    }

    /// A program waits behind a prompt: a session is open. A shell is taught to mark its prompt.
    async fn enter(&mut self, prompt: &str, command: &str, edits: bool) -> Inspection {
        let was_open = matches!(self.sessions.last(), Some(session) if session.marked.is_none());
        let elsewhere =
            self.sessions.last().is_some_and(|session| session.elsewhere) || opens_elsewhere(command);
        let marked = if is_shell_prompt(prompt) && (edits || may_open_session(command)) && !was_open {
            self.install_marks(edits).await.map(|(marked, _)| marked)
        } else {
            None
        };
        let session = Session { prompt: prompt.to_owned(), elsewhere, marked };
        match self.sessions.last_mut().filter(|_| was_open && !may_open_session(command)) {
            Some(last) => *last = session,
            None => self.sessions.push(session),
        }
        Inspection::Over(Ended::Prompt(prompt.to_owned()))
    }

    /// Teaches the shell that waits at its prompt to mark it; nothing of this shows or stays in its
    /// history. It comes with the exit code of its last command. `None` if it does not answer: then it is
    /// not a shell that is known.
    async fn install_marks(&mut self, edits: bool) -> Option<(MarkedShell, i32)> {
        let nonce = Nonce::new();
        let shell = self.marks.add(&nonce);
        let keys = if edits { marks_for_bash(&nonce) } else { marks_for_sh(&nonce) };
        self.send(keys.as_bytes()).await.ok()?;
        let mut capture = Capture::new(TypedAt::no_prompt(), vec![shell]);
        self.wait_until(&mut capture, Duration::from_secs(3), |capture| capture.over().is_some()).await;
        capture.over().map(|(_, exit)| (MarkedShell { shell, edits: capture.edits() }, exit))
    }
}
