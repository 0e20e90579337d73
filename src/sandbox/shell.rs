//! An interactive shell on a terminal, driven as a person drives it.
//!
//! A shell marks its prompt (see `marks`), and each shell that is opened within it is taught to do
//! the same; the prompts of other programs are known by their look. What a page changes in the
//! reader's environment (`PS1`, `PROMPT_COMMAND`, traps, options) does not reach the marks: they are
//! set again before each line, and where a line takes them away, the shell is asked by a key that only
//! it knows.

use std::collections::VecDeque;
use std::pin::Pin;
use std::time::Duration;

use futures_util::{FutureExt, Stream, StreamExt};
use tokio::io::{AsyncWrite, AsyncWriteExt};
use tokio::time::Instant;

use super::Error;
use super::listening::{At, Listening};
use super::marks::{Marks, Piece};
use super::nonce::Nonce;
use super::tty::Tty;
use crate::snippet::{asks_for_secret, is_shell_prompt, may_open_session, opens_elsewhere, waits_for_input};

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
/// A command that goes on must live so long after what the page shows has appeared.
const LIVES_ON: Duration = Duration::from_millis(400);
/// How long a shell may take to come up, and to answer a key.
const PATIENCE: Duration = Duration::from_secs(15);
/// How long a program is given to end after each key that ends programs.
const GRACE: Duration = Duration::from_millis(400);
/// Ctrl-C, Ctrl-D and Ctrl-\.
const INTERRUPT: &[u8] = b"\x03";
const END_OF_INPUT: &[u8] = b"\x04";
const QUIT: &[u8] = b"\x1c";
/// The keys that the hooks bind: the one after the number of a line, and the one that asks.
const ARM: &str = "\x18\x01";
const ASK: &[u8] = b"\x18\x02";

/// The shell's settings, and what makes any bash mark its prompt.
const SETTINGS: &str = concat!(include_str!("bashrc"), include_str!("hooks"), "unset HAECHI_PID_FILE\n");
const HOOKS: &str = include_str!("hooks");

/// What starts the shell, with [`environment`] as its environment: its settings come along, so that
/// nothing must lie ready where it runs. The nonce of the marks goes no further than the settings:
/// in the shell's own environment any program could read it (`/proc/PID/environ`).
pub(super) const COMMAND: [&str; 16] = [
    "env",
    "-u",
    "SHELLOPTS",
    "-u",
    "BASHOPTS",
    "-u",
    "BASH_ENV",
    "-u",
    "POSIXLY_CORRECT",
    "-u",
    "PS0",
    "-u",
    "INPUTRC",
    "bash",
    "-c",
    r#"exec env -u HAECHI_SETTINGS -u HAECHI_NONCE -u HAECHI_PID_FILE bash --noprofile --rcfile <(
        printf '__haechi_nonce=%s\nHAECHI_PID_FILE=%q\n%s\n' "$HAECHI_NONCE" "$HAECHI_PID_FILE" "$HAECHI_SETTINGS"
    ) -i"#,
];

/// The environment that [`COMMAND`] reads. Pagers do not page: nobody is there to turn the page.
pub(super) fn environment<'a>(nonce: &'a Nonce, pid_file: &'a str) -> [(&'static str, &'a str); 10] {
    [
        ("HAECHI_SETTINGS", SETTINGS),
        ("HAECHI_NONCE", nonce.text()),
        ("HAECHI_PID_FILE", pid_file),
        ("TERM", "xterm-256color"),
        ("LANG", "C.UTF-8"),
        ("PAGER", "cat"),
        ("GIT_PAGER", "cat"),
        ("MANPAGER", "cat"),
        ("SYSTEMD_PAGER", "cat"),
        // less prints what fits on the screen, and ends.
        ("LESS", "FRX"),
    ]
}

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

/// When a step counts as done.
pub enum Until<'a> {
    /// When the command ends.
    End,
    /// When this says so of the lines on the screen; the command is then interrupted.
    Satisfied(&'a mut (dyn FnMut(&[String]) -> bool + Send)),
    /// When it has run for so long; it is then interrupted.
    Alive(Duration),
}

/// What is typed where a program asks.
#[derive(Debug, Default)]
pub struct Answers {
    /// What answers questions that do not echo, in order.
    pub secrets: VecDeque<String>,
    /// The lines that the page shows: where the screen stands still at the end of what one of them
    /// begins with, the rest of it is typed.
    pub shown: VecDeque<String>,
}

impl Answers {
    /// What the page types behind a question that stands on the screen.
    fn answer_to(&mut self, question: &str, may_be_empty: bool) -> Option<String> {
        let begins = |line: &String| {
            let rest = line.strip_prefix(question).or_else(|| line.strip_prefix(question.trim_end()));
            rest.is_some_and(|rest| may_be_empty || !rest.trim().is_empty())
        };
        let at = self.shown.iter().position(begins)?;
        let line = self.shown.drain(..=at).next_back()?;
        let rest = line.strip_prefix(question).or_else(|| line.strip_prefix(question.trim_end()))?;
        Some(rest.trim().to_owned())
    }
}

/// What a step left on the terminal, and how it ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StepOutput {
    /// The lines that a reader would see.
    pub screen: Vec<String>,
    /// How it ended.
    pub ended: Ended,
    /// What came, and how long after it was typed; empty if it was more than a recording keeps.
    pub frames: Vec<Frame>,
}

/// A piece of output, and how long after the command was typed it came.
pub type Frame = (Duration, Vec<u8>);

/// How a step ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ended {
    /// With this exit code.
    Exited(i32),
    /// A program waits for input with this prompt.
    Prompt(String),
    /// A program asks for a secret and there was none to give.
    Asked(String),
    /// The shell asks for more of the command.
    Incomplete,
    /// It was still running when enough was seen, and was interrupted.
    Interrupted,
    /// It was still running when its time was up; what had the terminal then, if that is known.
    TimedOut(Option<String>),
    /// It printed more than a step may.
    TooMuch,
    /// The shell is gone.
    Gone,
}

/// What a look at a terminal that stands still found.
enum Found {
    /// Nothing to do.
    Nothing,
    /// Something was typed.
    Answered,
    /// The step is over.
    Over(Ended),
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

    /// Looks at a terminal that stands still: whether a shell is back without a mark, or a program asks.
    async fn look(
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
        self.enter(listening, &line, command, false).await
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
        Some(self.enter(listening, prompt, command, true).await)
    }

    /// Whether the shell that was typed at stands at its prompt without having said so: it is asked by
    /// a key that only it knows, if the kernel says that no other program has the terminal. A shell
    /// that another has replaced is taught the marks.
    async fn is_back(&mut self, listening: &mut Listening) -> bool {
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
    async fn ask(&mut self, listening: &mut Listening, shell: usize, patience: Duration) -> Option<i32> {
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

    /// A program waits behind a prompt: a session is open. A shell is taught to mark its prompt.
    async fn enter(&mut self, listening: &mut Listening, prompt: &str, command: &str, edits: bool) -> Found {
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
        let _ = listening;
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

    /// Leaves the program that is open in the shell, as a reader would with Ctrl-D; those in between, too.
    pub async fn leave_sessions(&mut self) {
        while !self.lost && !self.sessions.is_empty() {
            let depth = self.sessions.len();
            let at = At::Prompt { prompt: String::new(), shell: None };
            let mut listening = Listening::new(at, self.outer());
            if self.send(END_OF_INPUT).await.is_err() {
                self.lost = true;
                return;
            }
            if self.wait_until(&mut listening, PATIENCE / 3, |listening| listening.over().is_some()).await
                && let Some((shell, _)) = listening.over()
            {
                self.return_to(shell, &listening);
            }
            if self.sessions.len() >= depth {
                let heard = self.interrupt(listening, Ended::Interrupted).await;
                drop(heard);
                self.sessions.truncate(depth - 1);
            }
        }
    }

    /// Leaves a question without an answer, so that the next step is typed where the page means it:
    /// by Ctrl-C, or, where a program takes that for an answer, by Enter.
    async fn leave_question(&mut self, listening: &mut Listening) {
        for key in [INTERRUPT, b"\r", b"\r", b"\r"] {
            if self.send(key).await.is_err() {
                break;
            }
            if self.comes_back(listening, Duration::from_secs(2)).await {
                return;
            }
        }
        self.tty.hang_up().await;
        if !self.comes_back(listening, Duration::from_secs(2)).await {
            self.lost = true;
        }
    }

    /// Ends what runs: by Ctrl-C as soon as it has the terminal, by Ctrl-\, by hanging up; the screen
    /// is that of before.
    async fn interrupt(&mut self, mut listening: Listening, ended: Ended) -> StepOutput {
        // What ends by itself does not go on: its exit code counts.
        if ended == Ended::Interrupted
            && self.wait_until(&mut listening, LIVES_ON, |listening| listening.over().is_some()).await
            && let Some((_, exit)) = listening.over()
        {
            return self.finish(&listening, Ended::Exited(exit));
        }
        let heard = listening.output(ended, None);
        self.wait_for_job().await;
        for attempt in 0..12_u32 {
            match attempt {
                8 | 9 if self.send(QUIT).await.is_err() => break,
                8 | 9 => {}
                10 | 11 => self.tty.hang_up().await,
                _ if self.send(INTERRUPT).await.is_err() => break,
                _ => {}
            }
            if self.comes_back(&mut listening, GRACE * (attempt + 1).min(3)).await {
                self.settle().await;
                return heard;
            }
        }
        self.lost = true;
        heard
    }

    /// Waits until the shell has handed the terminal to what it starts: an interrupt before that may
    /// reach nobody.
    async fn wait_for_job(&mut self) {
        if !self.sessions.is_empty() {
            return;
        }
        for _ in 0..5 {
            match self.tty.state().await {
                Some(state) if state.is_the_shells => tokio::time::sleep(Duration::from_millis(20)).await,
                _ => return,
            }
        }
    }

    /// Whether a shell, or the program that is open in it, shows its prompt again.
    async fn comes_back(&mut self, listening: &mut Listening, patience: Duration) -> bool {
        let deadline = Instant::now() + patience;
        loop {
            let wake = deadline.min(Instant::now() + STILL[0]);
            match tokio::time::timeout_at(wake, self.output.next()).await {
                Ok(Some(chunk)) => {
                    for piece in self.marks.feed(&chunk) {
                        listening.take_marks(piece);
                    }
                }
                Ok(None) => return false,
                Err(_) if self.shows_prompt(listening).await => return true,
                Err(_) => {}
            }
            if let Some((shell, _)) = listening.over() {
                self.return_to(shell, listening);
                return true;
            }
            if Instant::now() >= deadline {
                return false;
            }
        }
    }

    /// Whether the terminal stands still behind the prompt of an open session, or of a shell without marks.
    async fn shows_prompt(&mut self, listening: &mut Listening) -> bool {
        let Some(prompt) = listening.before_cursor() else { return false };
        if self.sessions.is_empty() {
            return listening.is_editing() && self.is_back(listening).await;
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
        if let Some(Prompted { shell, edits: true }) = prompted {
            let mut listening = Listening::new(At::Plain { shell }, Vec::new());
            let _ = self.ask(&mut listening, shell, Duration::from_secs(2)).await;
        }
    }

    /// The program that has the terminal, for the message that it did not end.
    async fn holder(&mut self) -> Option<String> {
        let state = self.tty.state().await?;
        (!state.is_the_shells && !state.holder.is_empty()).then_some(state.holder)
    }

    fn lose(&mut self, listening: &Listening) -> StepOutput {
        self.lost = true;
        listening.output(Ended::Gone, None)
    }
}

/// What makes a bash mark its prompt, as keys: one line, and then gone from the history.
fn lesson_for_bash(nonce: &Nonce) -> String {
    let hooks = HOOKS.replace('\'', r"'\''");
    format!(
        "\x1b[200~ __haechi_exit=$?; __haechi_nonce={}; [ -n \"$BASH_VERSION\" ] && eval '{hooks}' 2>/dev/null; \
         history -d $((HISTCMD-1)) 2>/dev/null; (exit $__haechi_exit)\x1b[201~\r",
        nonce.text()
    )
}

/// What makes another shell mark its prompt: the exit code stands in it. busybox wants to know what
/// takes no room on the line.
fn lesson_for_sh(nonce: &Nonce) -> String {
    let nonce = nonce.text();
    format!(
        " case $(readlink /proc/$$/exe) in *busybox*) l='\\[' r='\\]';; *) l= r=;; esac; \
         PS1=\"$l$(printf '\\033]133;D;')\"'$?'\"$(printf ';0;{nonce}\\007')$r$PS1$l$(printf '\\033]133;B;0;{nonce}\\007')$r\" \
         PS2=\"$l$(printf '\\033]133;M;0;{nonce}\\007')$r$PS2\"; unset l r\r"
    )
}
