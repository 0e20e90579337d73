//! An interactive shell on a terminal, driven as a person drives it.

use std::collections::VecDeque;
use std::pin::Pin;
use std::time::{Duration, Instant};

use futures_util::{FutureExt, Stream, StreamExt};
use tokio::io::{AsyncWrite, AsyncWriteExt};

use super::Error;
use super::marks::{Marks, Piece};
use super::terminal::Terminal;
use crate::snippet::{asks_for_secret, waits_for_input};

/// The most bytes that one step may print.
const MOST_OUTPUT: usize = 16 * 1024 * 1024;
/// The most bytes of a step that a recording keeps.
const MOST_RECORDED: usize = 256 * 1024;
/// A prompt counts once nothing has come after it for so long.
const QUIET: Duration = Duration::from_millis(120);
/// How long a program may take to end after Ctrl-C.
const PATIENCE: Duration = Duration::from_secs(15);

/// A word that only one shell knows: its marks carry it, so that no program can forge one.
#[derive(Debug, Clone)]
pub(super) struct Word(String);

impl Word {
    /// A word that no program can guess: the standard library takes its hash keys from the system's
    /// random numbers.
    pub(super) fn new() -> Self {
        use std::hash::{BuildHasher, Hasher};
        let number = || std::hash::RandomState::new().build_hasher().finish();
        Self(format!("{:016x}{:016x}", number(), number()))
    }

    /// The word.
    pub(super) fn text(&self) -> &str {
        &self.0
    }

    /// A name for the shell that does not give the word away.
    pub(super) fn name(&self) -> String {
        blake3::hash(self.0.as_bytes()).to_hex()[..8].to_owned()
    }
}

/// The shell's settings.
const SETTINGS: &str = include_str!("bashrc");

/// What starts the shell, with [`environment`] as its environment: its settings come along, so that
/// nothing must lie ready where it runs. The word of the marks goes no further than the settings:
/// in the shell's own environment any program could read it (`/proc/PID/environ`).
pub(super) const COMMAND: [&str; 3] = [
    "bash",
    "-c",
    r#"exec env -u HAECHI_SETTINGS -u HAECHI_MARK -u HAECHI_PID_FILE bash --noprofile --rcfile <(
        printf 'HAECHI_MARK=%s HAECHI_PID_FILE=%s\n%s\n' "$HAECHI_MARK" "$HAECHI_PID_FILE" "$HAECHI_SETTINGS"
    ) -i"#,
];

/// The environment that [`COMMAND`] reads.
pub(super) fn environment<'a>(word: &'a Word, pid_file: &'a str) -> [(&'static str, &'a str); 5] {
    [
        ("HAECHI_SETTINGS", SETTINGS),
        ("HAECHI_MARK", word.text()),
        ("HAECHI_PID_FILE", pid_file),
        ("TERM", "xterm-256color"),
        ("LANG", "C.UTF-8"),
    ]
}

/// What comes from a terminal.
pub(super) type Output = Pin<Box<dyn Stream<Item = bytes::Bytes> + Send>>;

/// A shell and the session that may be open in it.
pub struct Shell {
    input: Pin<Box<dyn AsyncWrite + Send>>,
    output: Output,
    marks: Marks,
    pid_file: String,
    /// The prompt of the program that is open in the shell, if one is.
    session: Option<String>,
    lost: bool,
}

/// When a step counts as done.
pub enum Until<'a> {
    /// When the command ends.
    End,
    /// When this says so of the screen; the command is then interrupted.
    Satisfied(&'a mut (dyn FnMut(&[String]) -> bool + Send)),
    /// When it has run for so long; it is then interrupted.
    Alive(Duration),
}

/// What a step left on the terminal, and how it ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Heard {
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
    /// It was still running when enough was seen, and was interrupted.
    Interrupted,
    /// It was still running when its time was up.
    TimedOut,
    /// It printed more than a step may.
    TooMuch,
    /// The shell is gone.
    Gone,
}

impl Shell {
    pub(super) async fn open(
        input: Pin<Box<dyn AsyncWrite + Send>>,
        output: Output,
        word: Word,
        pid_file: String,
    ) -> Result<Self, Error> {
        let mut shell =
            Self { input, output, marks: Marks::new(word.0), pid_file, session: None, lost: false };
        let ready = async {
            while let Some(chunk) = shell.output.next().await {
                if shell.marks.feed(&chunk).contains(&Piece::Ready) {
                    return true;
                }
            }
            false
        };
        match tokio::time::timeout(PATIENCE, ready).await {
            Ok(true) => Ok(shell),
            Ok(false) | Err(_) => Err(Error::Gone),
        }
    }

    /// The prompt of the program that is open in the shell, if one is.
    pub fn session(&self) -> Option<&str> {
        self.session.as_deref()
    }

    /// The file, in the sandbox, that holds the number of the shell's process.
    pub fn pid_file(&self) -> &str {
        &self.pid_file
    }

    /// Types a command and listens until it is done. `secrets` answer questions that do not echo,
    /// in order.
    pub async fn type_in(
        &mut self,
        command: &str,
        secrets: &mut VecDeque<String>,
        timeout: Duration,
        mut until: Until<'_>,
    ) -> Heard {
        if self.lost {
            return Heard { screen: Vec::new(), ended: Ended::Gone, frames: Vec::new() };
        }
        let mut listening = Listening::new(self.session.as_deref());
        // In a session each line is typed when the program asks for it.
        let mut further: VecDeque<&str> = VecDeque::new();
        let typed = match &self.session {
            Some(_) => {
                further.extend(command.split('\n'));
                format!("{}\r", further.pop_front().unwrap_or_default())
            }
            // Bracketed paste (xterm) keeps the lines of a command together.
            None => format!("\x1b[200~{command}\x1b[201~\r"),
        };
        let may_open = self.session.is_some() || crate::snippet::may_open_session(command);
        if self.send(typed.as_bytes()).await.is_err() {
            return self.lose(&listening);
        }
        let deadline = tokio::time::Instant::now() + timeout;
        let alive = match until {
            Until::Alive(grace) => Some(tokio::time::Instant::now() + grace),
            Until::End | Until::Satisfied(_) => None,
        };
        loop {
            let quiet = listening.prompt(may_open).map(|_| tokio::time::Instant::now() + QUIET);
            let wake = [Some(deadline), alive, quiet].into_iter().flatten().min().unwrap_or(deadline);
            match tokio::time::timeout_at(wake, self.output.next()).await {
                Ok(Some(chunk)) => {
                    self.take(&chunk, &mut listening);
                    while !listening.too_much()
                        && let Some(Some(chunk)) = self.output.next().now_or_never()
                    {
                        self.take(&chunk, &mut listening);
                    }
                }
                Ok(None) => return self.lose(&listening),
                Err(_) if quiet.is_some_and(|quiet| quiet <= tokio::time::Instant::now()) => {
                    let Some(prompt) = listening.prompt(may_open) else { continue };
                    if let Some(line) = further.pop_front() {
                        listening.echoed += 1;
                        if self.send(format!("{line}\r").as_bytes()).await.is_err() {
                            return self.lose(&listening);
                        }
                        continue;
                    }
                    if let Some(ended) = self.answer(prompt, secrets, &mut listening).await {
                        return listening.heard(ended);
                    }
                }
                Err(_) if alive.is_some_and(|alive| alive <= tokio::time::Instant::now()) => {
                    return self.interrupt(listening, Ended::Interrupted).await;
                }
                Err(_) => return self.interrupt(listening, Ended::TimedOut).await,
            }
            if listening.exit.is_some() && !listening.ready {
                continue;
            }
            if listening.too_much() {
                if listening.ready {
                    self.session = None;
                    return listening.heard(Ended::TooMuch);
                }
                return self.interrupt(listening, Ended::TooMuch).await;
            }
            if let Some(exit) = listening.exit {
                self.session = None;
                return listening.heard(Ended::Exited(exit));
            }
            if let Until::Satisfied(satisfied) = &mut until
                && satisfied(&listening.lines())
            {
                return self.interrupt(listening, Ended::Interrupted).await;
            }
        }
    }

    /// Leaves the program that is open in the shell, as a reader would with Ctrl-D.
    pub async fn leave_session(&mut self) -> Heard {
        let mut listening = Listening::new(self.session.as_deref());
        for _ in 0..5 {
            if self.send(b"\x04").await.is_err() {
                break;
            }
            let deadline = tokio::time::Instant::now() + Duration::from_secs(2);
            while let Ok(Some(chunk)) = tokio::time::timeout_at(deadline, self.output.next()).await {
                self.take(&chunk, &mut listening);
                if listening.ready {
                    self.session = None;
                    return listening.heard(Ended::Exited(listening.exit.unwrap_or(0)));
                }
                if listening.prompt(true).is_some() {
                    break;
                }
            }
        }
        self.interrupt(listening, Ended::TimedOut).await
    }

    async fn send(&mut self, bytes: &[u8]) -> std::io::Result<()> {
        self.input.write_all(bytes).await?;
        self.input.flush().await
    }

    fn take(&mut self, chunk: &[u8], listening: &mut Listening) {
        for piece in self.marks.feed(chunk) {
            listening.take(piece);
        }
    }

    /// A program waits: gives it the next secret if it asks for one, else says how the step ended.
    async fn answer(
        &mut self,
        prompt: String,
        secrets: &mut VecDeque<String>,
        listening: &mut Listening,
    ) -> Option<Ended> {
        if !asks_for_secret(&prompt) {
            self.session = Some(prompt.clone());
            listening.prompt_line = Some(prompt.clone());
            return Some(Ended::Prompt(prompt));
        }
        let Some(secret) = secrets.pop_front() else {
            self.leave_question(listening).await;
            return Some(Ended::Asked(prompt));
        };
        listening.answered();
        match self.send(format!("{secret}\r").as_bytes()).await {
            Ok(()) => None,
            Err(_) => Some(Ended::Gone),
        }
    }

    /// Leaves a question without an answer, so that the next step is typed where the page means it:
    /// by Ctrl-C, or, where a program takes that for an answer, by Enter.
    async fn leave_question(&mut self, listening: &mut Listening) {
        for key in [b"\x03", b"\r", b"\r", b"\r"] {
            if self.send(key).await.is_err() {
                break;
            }
            let deadline = tokio::time::Instant::now() + Duration::from_secs(2);
            while let Ok(Some(chunk)) = tokio::time::timeout_at(deadline, self.output.next()).await {
                self.take(&chunk, listening);
                if listening.ready {
                    self.session = None;
                    return;
                }
                if let Some(prompt) = listening.prompt(true).filter(|prompt| !asks_for_secret(prompt)) {
                    self.session = Some(prompt);
                    return;
                }
            }
        }
        self.lost = true;
    }

    /// Ctrl-C, and Ctrl-\ if that does not help; the screen is that of before.
    async fn interrupt(&mut self, mut listening: Listening, ended: Ended) -> Heard {
        let heard = listening.heard(ended);
        for key in [b"\x03", b"\x03", b"\x1c"] {
            if self.send(key).await.is_err() {
                break;
            }
            let deadline = tokio::time::Instant::now() + PATIENCE / 3;
            while let Ok(Some(chunk)) = tokio::time::timeout_at(deadline, self.output.next()).await {
                // What still comes is thrown away: it may be without end.
                for piece in self.marks.feed(&chunk) {
                    if !matches!(piece, Piece::Text(_)) {
                        listening.take(piece);
                    }
                }
                if listening.ready {
                    self.session = None;
                    return heard;
                }
            }
        }
        self.lost = true;
        heard
    }

    fn lose(&mut self, listening: &Listening) -> Heard {
        self.lost = true;
        listening.heard(Ended::Gone)
    }
}

/// What has been heard of a step so far.
struct Listening {
    terminal: Terminal,
    /// What came before the output began: the echo, and the shell's complaint if the line is no command.
    before: Vec<u8>,
    started: bool,
    exit: Option<i32>,
    ready: bool,
    bytes: usize,
    /// In a session the first lines are prompts with the echo of what was typed.
    echoed: usize,
    /// The prompt that the screen ends with, which is no output.
    prompt_line: Option<String>,
    /// The question that was answered and has not gone from the cursor's line yet.
    asked: bool,
    typed: Instant,
    frames: Vec<Frame>,
}

impl Listening {
    fn new(session: Option<&str>) -> Self {
        let mut terminal = Terminal::new();
        if let Some(prompt) = session {
            terminal.feed(prompt.as_bytes());
        }
        Self {
            terminal,
            before: Vec::new(),
            started: session.is_some(),
            exit: None,
            ready: false,
            bytes: 0,
            echoed: usize::from(session.is_some()),
            prompt_line: None,
            asked: false,
            typed: Instant::now(),
            frames: Vec::new(),
        }
    }

    fn take(&mut self, piece: Piece) {
        match piece {
            Piece::Text(text) if self.exit.is_some() => drop(text),
            Piece::Text(text) => {
                self.bytes += text.len();
                if self.started {
                    self.asked &= !text.contains(&b'\n');
                    self.terminal.feed(&text);
                    if self.bytes <= MOST_RECORDED {
                        self.frames.push((self.typed.elapsed(), text));
                    } else {
                        self.frames.clear();
                    }
                } else {
                    self.before.extend(text);
                }
            }
            Piece::Started => self.started = true,
            Piece::Finished(exit) => {
                if !self.started {
                    // Not a command: what the shell says of it stands after the end of the paste.
                    const END_OF_LINE: &[u8] = b"\x1b[?2004l";
                    let echo = self.before.windows(END_OF_LINE.len()).rposition(|bytes| bytes == END_OF_LINE);
                    let complaint = echo.map_or(0, |at| at + END_OF_LINE.len());
                    self.terminal.feed(&self.before[complaint..]);
                    self.started = true;
                }
                self.exit = Some(exit);
            }
            Piece::Ready => self.ready = self.exit.is_some(),
        }
    }

    /// The prompt or question that the cursor stands behind, if a program seems to wait.
    fn prompt(&self, may_open: bool) -> Option<String> {
        if !self.started || self.exit.is_some() || self.asked {
            return None;
        }
        let line = self.terminal.before_cursor()?;
        let answered = self.echoed == 0 || self.terminal.lines().len() > self.echoed;
        let session = may_open && waits_for_input(&line) && answered;
        (session || asks_for_secret(&line)).then_some(line)
    }

    /// Whether it has printed more than a step may.
    fn too_much(&self) -> bool {
        self.bytes > MOST_OUTPUT || self.terminal.overflowed()
    }

    fn answered(&mut self) {
        self.asked = true;
    }

    fn lines(&self) -> Vec<String> {
        let mut lines = self.terminal.lines();
        lines.drain(..self.echoed.min(lines.len()));
        lines
    }

    fn heard(&self, ended: Ended) -> Heard {
        let mut screen = self.lines();
        if let Some(prompt) = &self.prompt_line
            && screen.last().is_some_and(|last| last.trim_end() == prompt.trim_end())
        {
            screen.pop();
        }
        Heard { screen, ended, frames: self.frames.clone() }
    }
}
