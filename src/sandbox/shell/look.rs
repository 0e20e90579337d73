//! What a terminal that stands still may mean: a question, a session, or the shell without its mark.

use std::collections::VecDeque;
use std::time::Duration;

use futures_util::StreamExt;
use tokio::time::Instant;

use super::connection::{Prompted, Session, Shell};
use super::listening::{At, Listening};
use super::startup::{lesson_for_bash, lesson_for_sh};
use super::step::{Answers, Ended};
use crate::sandbox::marks::Piece;
use crate::sandbox::nonce::Nonce;
use crate::snippet::{asks_for_secret, is_shell_prompt, may_open_session, opens_elsewhere, waits_for_input};

/// The key that asks a shell whether it is at its prompt, which the hooks bind.
const ASK: &[u8] = b"\x18\x02";

/// What a look at a terminal that stands still found.
pub(super) enum Found {
    /// Nothing to do.
    Nothing,
    /// Something was typed.
    Answered,
    /// The step is over.
    Over(Ended),
}

impl Shell {
    /// Looks at a terminal that stands still: whether a shell is back without a mark, or a program asks.
    pub(super) async fn look(
        &mut self,
        listening: &mut Listening,
        further: &mut VecDeque<&str>,
        answers: &mut Answers,
        command: &str,
        looks: usize,
    ) -> Found {
        if let Some(prompt) = listening.edited_prompt()
            && let Some(found) = self.look_at_editor(listening, further, answers, command, &prompt).await
        {
            return found;
        }
        if listening.is_editing()
            && listening.edited_prompt().is_none()
            && looks == 2
            && self.is_back(listening).await
        {
            return Found::Answered;
        }
        let Some(line) = listening.before_cursor() else { return Found::Nothing };
        if let Some(found) = self.answer(listening, answers, &line, looks).await {
            return found;
        }
        let may_open = !self.sessions.is_empty() || may_open_session(command);
        if !(may_open && waits_for_input(&line)) {
            return Found::Nothing;
        }
        if self.type_further(listening, further).await {
            return Found::Answered;
        }
        self.enter(&line, command, false).await
    }

    /// A program edits its line behind this prompt: the shell itself, without its mark, or another.
    async fn look_at_editor(
        &mut self,
        listening: &mut Listening,
        further: &mut VecDeque<&str>,
        answers: &mut Answers,
        command: &str,
        prompt: &str,
    ) -> Option<Found> {
        if self.is_back(listening).await {
            return Some(Found::Answered);
        }
        if asks_for_secret(prompt) || !(waits_for_input(prompt) || may_open_session(command)) {
            return None;
        }
        if let Some(answer) = answers.answer_to(prompt, false).filter(|_| !waits_for_input(prompt)) {
            listening.has_answered();
            return Some(match self.send(format!("{answer}\r").as_bytes()).await {
                Ok(()) => Found::Answered,
                Err(_) => Found::Over(Ended::Gone),
            });
        }
        if self.type_further(listening, further).await {
            return Some(Found::Answered);
        }
        Some(self.enter(prompt, command, true).await)
    }

    /// Whether the shell that was typed at stands at its prompt without having said so: it is asked by
    /// a key that only it knows, if the kernel says that no other program has the terminal. A shell
    /// that another has replaced is taught the marks.
    pub(super) async fn is_back(&mut self, listening: &mut Listening) -> bool {
        let (shell, own) = match self.sessions.last() {
            None => (self.own.shell, true),
            Some(Session { marked: Some(prompted), .. }) => (prompted.shell, false),
            Some(_) => return false,
        };
        if own && !self.tty.state().await.is_none_or(|state| state.is_the_shells && !state.by_lines) {
            return false;
        }
        if !own && !listening.edited_prompt().is_some_and(|prompt| is_shell_prompt(&prompt)) {
            return false;
        }
        if let Some(exit) = self.ask(listening, shell, Duration::from_secs(1)).await {
            listening.conclude(shell, exit);
            return true;
        }
        if !own {
            return false;
        }
        let Some(marked) = self.teach(true).await else { return false };
        self.own = marked;
        listening.conclude(marked.shell, 0);
        true
    }

    /// Asks a shell whether it is at its prompt; it answers with the exit code of the line before.
    pub(super) async fn ask(
        &mut self,
        listening: &mut Listening,
        shell: usize,
        patience: Duration,
    ) -> Option<i32> {
        self.send(ASK).await.ok()?;
        let mut exit = None;
        let deadline = Instant::now() + patience;
        while exit.is_none() {
            let chunk = tokio::time::timeout_at(deadline, self.output.next()).await.ok()??;
            for piece in self.marks.feed(&chunk) {
                if let Piece::Mark(_) = piece {
                    listening.take(piece);
                }
            }
            exit = listening.take_here().filter(|(here, _)| *here == shell).map(|(_, exit)| exit);
        }
        exit
    }

    /// Answers a question that the cursor stands behind, if it is one and there is an answer.
    async fn answer(
        &mut self,
        listening: &mut Listening,
        answers: &mut Answers,
        line: &str,
        looks: usize,
    ) -> Option<Found> {
        let looks_secret = asks_for_secret(line);
        let known = answers.shown.iter().any(|shown| shown.starts_with(line.trim_end()));
        if !looks_secret && !known && answers.secrets.is_empty() {
            return None;
        }
        let state = self.tty.state().await;
        // A terminal that is passed on to a container says nothing of the program there: then, and where
        // nothing is known, a question is what stands still for longer.
        let certain = state.as_ref().filter(|state| state.by_lines || state.is_the_shells);
        let waits = certain.map_or(looks >= 2, |state| state.is_read || !state.by_lines);
        let hidden = certain.map_or(looks_secret, |state| !state.echoes && state.by_lines);
        if !waits {
            return None;
        }
        let answer = if hidden {
            match answers.secrets.pop_front() {
                Some(secret) => secret,
                None if looks_secret => {
                    self.leave_question(listening).await;
                    return Some(Found::Over(Ended::Asked(line.to_owned())));
                }
                None => return None,
            }
        } else {
            answers.answer_to(line, certain.is_some_and(|state| state.is_read && state.by_lines))?
        };
        listening.has_answered();
        Some(match self.send(format!("{answer}\r").as_bytes()).await {
            Ok(()) => Found::Answered,
            Err(_) => Found::Over(Ended::Gone),
        })
    }

    /// Types the next line of a command that takes several, if there is one.
    pub(super) async fn type_further(
        &mut self,
        listening: &mut Listening,
        further: &mut VecDeque<&str>,
    ) -> bool {
        let Some(line) = further.pop_front() else { return false };
        listening.has_echoed();
        self.send(format!("{line}\r").as_bytes()).await.is_ok()
    }

    /// A program waits behind a prompt: a session is open. A shell is taught to mark its prompt.
    async fn enter(&mut self, prompt: &str, command: &str, edits: bool) -> Found {
        let was_open = matches!(self.sessions.last(), Some(session) if session.marked.is_none());
        let elsewhere =
            self.sessions.last().is_some_and(|session| session.elsewhere) || opens_elsewhere(command);
        let marked = if is_shell_prompt(prompt) && (edits || may_open_session(command)) && !was_open {
            self.teach(edits).await
        } else {
            None
        };
        let session = Session { prompt: prompt.to_owned(), elsewhere, marked };
        match self.sessions.last_mut().filter(|_| was_open && !may_open_session(command)) {
            Some(last) => *last = session,
            None => self.sessions.push(session),
        }
        Found::Over(Ended::Prompt(prompt.to_owned()))
    }

    /// Teaches the shell that waits at its prompt to mark it; nothing of this shows or stays in its
    /// history. `None` if it does not answer: then it is no shell that is known.
    async fn teach(&mut self, edits: bool) -> Option<Prompted> {
        let nonce = Nonce::new();
        let shell = self.marks.add(&nonce);
        let lesson = if edits { lesson_for_bash(&nonce) } else { lesson_for_sh(&nonce) };
        self.send(lesson.as_bytes()).await.ok()?;
        let mut listening = Listening::new(At::Prompt { prompt: String::new(), shell: None }, vec![shell]);
        let taught = self
            .wait_until(&mut listening, Duration::from_secs(3), |listening| listening.over().is_some())
            .await;
        taught.then(|| Prompted { shell, edits: listening.is_editing() })
    }
}
