//! What has come of a step so far.

use std::time::Instant;

use super::step::{Ended, Frame, StepOutput};
use crate::sandbox::marks::{Mark, MarkKind, Piece};
use crate::sandbox::terminal::Terminal;

/// The most bytes that one step may print, with those that it draws over.
const MOST_OUTPUT: usize = 64 * 1024 * 1024;
/// The most bytes that are kept as they came.
const MOST_UNSHOWN: usize = 16 * 1024 * 1024;
/// The most bytes of a step that a recording keeps.
const MOST_RECORDED: usize = 256 * 1024;
/// What clears the screen, and with it the echo of what was typed.
const CLEARS: [&[u8]; 2] = [b"\x1b[2J", b"\x1b[H\x1b[J"];
/// The longest text that may be the prompt of a program that edits its line, in bytes.
const LONGEST_PROMPT: usize = 2048;

/// Where a line was typed.
#[derive(Debug, Clone)]
pub(super) enum TypedAt {
    /// At a shell with marks that edits its line.
    Edited {
        /// The shell's number.
        shell: usize,
        /// The number of the line before.
        after: u64,
    },
    /// At the page's own shell while it does not edit its line.
    Plain {
        /// The shell's number.
        shell: usize,
    },
    /// At another prompt: the first row of the screen is that prompt with the echo of what was typed.
    Prompt {
        /// The prompt.
        prompt: String,
        /// The shell's number, if it marks its prompt.
        shell: Option<usize>,
    },
}

/// What a shell says that was asked whether it is at its prompt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ShellState {
    /// It is; the line with this number was the last, and has ended with this exit code.
    AtPrompt(u64, i32),
    /// A command of its own reads a line.
    Reading,
}

/// What has come of a step so far.
pub(super) struct Capture {
    at: TypedAt,
    /// The shells below the one that was typed at: when one of them speaks, those above have ended.
    outer: Vec<usize>,
    terminal: Terminal,
    /// What came before the output began: the echo, and the shell's complaint if the line is not a command.
    before: Vec<u8>,
    started: bool,
    /// Whether the shell has said so itself.
    begun: bool,
    uncounted: bool,
    finished: Option<(usize, i32)>,
    ready: bool,
    /// Whether that shell edits its line.
    edits: bool,
    /// Whether the shell asks for more of the line.
    more: bool,
    /// The answer of a shell that was asked whether it is at its prompt.
    here: Option<(usize, ShellState)>,
    /// The prompt that the shell shows at the end.
    prompt: Vec<u8>,
    /// Whether a program edits its line now.
    editing: bool,
    /// Whether the shell has begun to show its prompt.
    prompting: bool,
    /// What such a program has shown since it began: its prompt, and no output if it is the shell.
    withheld: Option<Vec<u8>>,
    bytes: usize,
    /// In a session the first lines are prompts with the echo of what was typed.
    echoed: usize,
    awaits_echo: bool,
    /// The question that was answered and has not gone from the cursor's line yet.
    asked: bool,
    typed: Instant,
    frames: Vec<Frame>,
}

impl Capture {
    pub(super) fn new(at: TypedAt, outer: Vec<usize>) -> Self {
        let mut terminal = Terminal::new();
        let mut echoed = 0;
        if let TypedAt::Prompt { prompt, .. } = &at {
            terminal.feed(prompt.as_bytes());
            echoed = 1;
        }
        Self {
            started: echoed > 0,
            at,
            outer,
            terminal,
            before: Vec::new(),
            begun: false,
            uncounted: false,
            finished: None,
            ready: false,
            edits: false,
            more: false,
            here: None,
            prompt: Vec::new(),
            editing: false,
            prompting: false,
            withheld: None,
            bytes: 0,
            echoed,
            awaits_echo: false,
            asked: false,
            typed: Instant::now(),
            frames: Vec::new(),
        }
    }

    pub(super) fn take(&mut self, piece: Piece) {
        match piece {
            Piece::Text(text) => self.text(text),
            Piece::Editing(on) => self.editing(on),
            Piece::Mark(mark) => self.mark(mark),
        }
    }

    /// Takes what still comes of a step that is over: only marks count, the rest may be without end.
    pub(super) fn take_marks(&mut self, piece: Piece) {
        match piece {
            Piece::Text(text) if self.finished.is_none() => {
                let withheld = self.withheld.get_or_insert_default();
                withheld.extend(text);
                let surplus = withheld.len().saturating_sub(LONGEST_PROMPT);
                withheld.drain(..surplus);
            }
            other => self.take(other),
        }
    }

    fn text(&mut self, text: Vec<u8>) {
        self.bytes += text.len();
        self.awaits_echo = false;
        if self.finished.is_some() {
            if !self.ready {
                self.prompt.extend(text);
            }
        } else if !self.started {
            self.before.extend(text);
        } else if let Some(withheld) = &mut self.withheld {
            withheld.extend(text);
            let full_screen = withheld.windows(8).any(|bytes| bytes == b"\x1b[?1049h");
            if !self.prompting && (withheld.len() > LONGEST_PROMPT || full_screen) {
                self.release();
            }
        } else {
            self.show(text);
        }
    }

    fn show(&mut self, text: Vec<u8>) {
        self.asked &= !text.contains(&b'\n');
        let cleared = CLEARS
            .iter()
            .filter_map(|clears| text.windows(clears.len()).rposition(|bytes| bytes == *clears))
            .max()
            .filter(|_| !self.terminal.is_full_screen());
        if let Some(at) = cleared {
            // What stood above is gone, and so is the echo.
            self.terminal = Terminal::new();
            self.echoed = 0;
            self.terminal.feed(&text[at..]);
        } else {
            self.terminal.feed(&text);
        }
        if self.bytes <= MOST_RECORDED {
            self.frames.push((self.typed.elapsed(), text));
        } else {
            self.frames.clear();
        }
    }

    /// What was withheld is output.
    fn release(&mut self) {
        if let Some(withheld) = self.withheld.take().filter(|withheld| !withheld.is_empty()) {
            self.show(withheld);
        }
    }

    fn editing(&mut self, on: bool) {
        self.editing = on;
        if self.finished.is_some() {
            return;
        }
        if !self.started {
            // The shell has read a line: what comes now is of the command.
            self.started = !on && matches!(self.at, TypedAt::Edited { .. });
            return;
        }
        if self.prompting {
            return;
        }
        self.release();
        self.withheld = on.then(Vec::new);
    }

    fn mark(&mut self, mark: Mark) {
        match mark.kind {
            // What comes from now on is the reader's prompt.
            MarkKind::Prompting if self.is_own(mark) && self.started => {
                self.release();
                self.withheld = Some(Vec::new());
                self.prompting = true;
            }
            MarkKind::Started if self.is_own(mark) => (self.started, self.begun) = (true, true),
            MarkKind::Finished(_) if self.is_of_before(mark) => self.begin_again(),
            MarkKind::Finished(code) if self.ends(mark) => self.finish(mark.shell, code),
            MarkKind::Ready if self.finished.is_some_and(|(shell, _)| shell == mark.shell) => {
                self.get_ready()
            }
            MarkKind::More if self.is_own(mark) => self.more = true,
            MarkKind::Here(code) => self.here = Some((mark.shell, ShellState::AtPrompt(mark.line, code))),
            MarkKind::Reading => self.here = Some((mark.shell, ShellState::Reading)),
            _ => {}
        }
    }

    /// Whether a mark is of the line that was typed.
    fn is_own(&self, mark: Mark) -> bool {
        match self.at {
            TypedAt::Edited { shell, after } => mark.shell == shell && mark.line > after,
            TypedAt::Plain { shell } => mark.shell == shell,
            TypedAt::Prompt { shell, .. } => Some(mark.shell) == shell,
        }
    }

    /// Whether a mark is of a prompt that stood before the line was typed, drawn anew.
    fn is_of_before(&self, mark: Mark) -> bool {
        let is_old = |shell: usize, after: u64| mark.shell == shell && mark.line <= after;
        let has_read = self.started && !self.begun && self.editing && self.finished.is_none();
        has_read && matches!(self.at, TypedAt::Edited { shell, after } if is_old(shell, after))
    }

    /// What came until now was not of the line that was typed.
    fn begin_again(&mut self) {
        self.terminal = Terminal::new();
        self.frames.clear();
        self.before.clear();
        self.withheld = None;
        (self.started, self.prompting) = (false, false);
    }

    /// Whether a mark says that the step is over: an end without its beginning is none.
    fn ends(&self, mark: Mark) -> bool {
        if self.finished.is_some() {
            return false;
        }
        let begun = match self.at {
            TypedAt::Edited { .. } => self.started,
            TypedAt::Plain { .. } => self.started || self.before.contains(&b'\n'),
            TypedAt::Prompt { .. } => self.terminal.has_left_first_row(),
        };
        (self.is_own(mark) && begun) || self.outer.contains(&mark.shell)
    }

    /// The step is over; `shell` shows its prompt.
    fn finish(&mut self, shell: usize, code: i32) {
        if !self.started {
            // Not a command: what the shell says of it stands behind the echo.
            let echo = self.before.iter().position(|&byte| byte == b'\n').map_or(0, |at| at + 1);
            let complaint = self.before.split_off(echo);
            self.started = true;
            self.show(complaint);
        }
        // Only a shell that edits its lines announces its prompt; from others it is output.
        let announced = matches!(self.at, TypedAt::Edited { .. }) && self.editing;
        if !(self.prompting || announced) {
            self.release();
        }
        self.withheld = None;
        self.finished = Some((shell, code));
    }

    /// The prompt stands. What comes now may be of a line that was typed ahead.
    fn get_ready(&mut self) {
        if !self.ready {
            (self.ready, self.edits) = (true, self.editing);
        }
    }

    /// The step is over, as the shell itself says that was asked; what it shows is its prompt.
    pub(super) fn conclude(&mut self, shell: usize, code: i32) {
        self.finish(shell, code);
        self.get_ready();
    }

    /// The same, with the number of the last line that the shell knows.
    pub(super) fn conclude_at(&mut self, line: u64, shell: usize, code: i32) {
        self.uncounted = matches!(self.at, TypedAt::Edited { after, .. } if line <= after);
        self.conclude(shell, code);
    }

    /// Whether the shell has not counted the line that was typed.
    pub(super) fn is_uncounted(&self) -> bool {
        self.uncounted
    }

    /// The shell that shows its prompt, and the exit code, once the step is over.
    pub(super) fn over(&self) -> Option<(usize, i32)> {
        self.finished.filter(|_| self.ready)
    }

    /// Whether the shell has begun to say that it is over.
    pub(super) fn is_finishing(&self) -> bool {
        self.finished.is_some()
    }

    /// Whether the shell asks for more of the line; it is asked once.
    pub(super) fn takes_more(&mut self) -> bool {
        std::mem::take(&mut self.more)
    }

    /// The answer of a shell that was asked whether it is at its prompt; taken once.
    pub(super) fn take_here(&mut self) -> Option<(usize, ShellState)> {
        self.here.take()
    }

    /// Whether the shell that shows its prompt at the end edits its line.
    pub(super) fn edits(&self) -> bool {
        self.edits
    }

    /// Whether a program edits its line now.
    pub(super) fn is_editing(&self) -> bool {
        self.editing
    }

    /// The prompt that the shell shows at the end.
    pub(super) fn last_prompt(&self) -> String {
        last_row(&self.prompt)
    }

    /// What a program that edits its line shows before the cursor, if one does.
    pub(super) fn edited_prompt(&self) -> Option<String> {
        let withheld = self.withheld.as_ref().filter(|_| self.editing && self.finished.is_none())?;
        Some(last_row(withheld)).filter(|prompt| !prompt.trim().is_empty())
    }

    /// What stands before the cursor on its line, if something does and nothing stands behind it.
    pub(super) fn before_cursor(&self) -> Option<String> {
        if !self.started || self.finished.is_some() || self.asked {
            return None;
        }
        if let Some(withheld) = &self.withheld {
            return Some(last_row(withheld)).filter(|line| !line.trim().is_empty());
        }
        let answered = self.echoed == 0 || self.terminal.has_left_first_row();
        self.terminal.before_cursor().filter(|line| answered && !line.trim().is_empty())
    }

    /// A prompt of the program was answered with a further line of the same input.
    pub(super) fn has_echoed(&mut self) {
        self.echoed += 1;
        self.release();
        self.awaits_echo = true;
    }

    /// Whether nothing has come since a further line was typed: then its prompt is the one before.
    pub(super) fn awaits_echo(&self) -> bool {
        self.awaits_echo
    }

    /// A question was answered.
    pub(super) fn has_answered(&mut self) {
        self.release();
        self.asked = true;
    }

    /// Whether it has printed more than a step may.
    pub(super) fn is_too_much(&self) -> bool {
        let withheld = self.withheld.as_ref().map_or(0, Vec::len);
        let unshown = self.before.len() + withheld + self.prompt.len();
        self.bytes > MOST_OUTPUT || unshown > MOST_UNSHOWN || self.terminal.overflowed()
    }

    /// The lines that a reader sees, without the echo.
    pub(super) fn lines(&self) -> Vec<String> {
        let mut lines = self.terminal.lines();
        lines.drain(..self.echoed.min(lines.len()));
        lines
    }

    /// The lines that are whole: a program may go on with the last. A full screen is as it is.
    pub(super) fn whole_lines(&self) -> Vec<String> {
        let mut lines = self.lines();
        if self.terminal.is_within_line() && !self.terminal.is_full_screen() {
            lines.pop();
        }
        lines
    }

    /// What the step has left so far; `prompt` is what the screen ends with and no output.
    pub(super) fn output(&self, ended: Ended, prompt: Option<&str>) -> StepOutput {
        let mut screen = self.lines();
        if let Some(prompt) = prompt
            && screen.last().is_some_and(|last| last.trim_end() == prompt.trim_end())
        {
            screen.pop();
        }
        StepOutput { screen, ended, frames: self.frames.clone() }
    }
}

/// The last row that bytes leave on an empty screen, up to the cursor.
fn last_row(bytes: &[u8]) -> String {
    let mut terminal = Terminal::new();
    terminal.feed(bytes);
    terminal.before_cursor().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHELL: usize = 0;

    fn mark(line: u64, kind: MarkKind) -> Piece {
        Piece::Mark(Mark { shell: SHELL, line, kind })
    }

    fn text(text: &str) -> Piece {
        Piece::Text(text.as_bytes().to_vec())
    }

    /// What is captured of line 2 at a shell that edits its line.
    fn captured(pieces: Vec<Piece>) -> Capture {
        let mut capture = Capture::new(TypedAt::Edited { shell: SHELL, after: 1 }, Vec::new());
        pieces.into_iter().for_each(|piece| capture.take(piece));
        capture
    }

    /// The line is typed and read; its output comes next.
    fn begun(further: Vec<Piece>) -> Capture {
        let begin = [text("$ command\r\n"), Piece::Editing(false)];
        captured(begin.into_iter().chain(further).collect())
    }

    fn ends_with(code: i32) -> Vec<Piece> {
        vec![Piece::Editing(true), mark(2, MarkKind::Finished(code)), mark(2, MarkKind::Ready)]
    }

    #[test]
    fn an_end_is_that_of_the_line_that_was_typed() {
        let old = [mark(1, MarkKind::Finished(0)), mark(1, MarkKind::Ready)];
        assert_eq!(captured(old.to_vec()).over(), None, "before the line was read");
        assert_eq!(begun(old.to_vec()).over(), None, "of the line before");
        assert_eq!(begun(ends_with(3)).over(), Some((SHELL, 3)));
        let unread = vec![mark(2, MarkKind::Finished(0)), mark(2, MarkKind::Ready)];
        assert_eq!(captured(unread).over(), None, "a prompt drawn anew while the line is typed");
        // An interrupt that comes between two lines: the shell has read nothing of the second yet.
        let mut interrupted = vec![Piece::Editing(false), text("^C\r\n"), Piece::Editing(true)];
        interrupted.extend(old);
        interrupted.extend([text("$ command\r\n"), Piece::Editing(false), text("out\r\n")]);
        interrupted.extend(ends_with(0));
        let capture = captured(interrupted);
        assert_eq!((capture.over(), capture.lines()), (Some((SHELL, 0)), vec!["out".to_owned()]));
    }

    #[test]
    fn a_line_that_was_typed_ahead_makes_no_shell_without_an_editor() {
        let mut capture = begun(ends_with(0));
        capture.take(text("sleep 1\r\n"));
        capture.take(Piece::Editing(false));
        assert!(capture.edits() && !capture.is_editing());
    }

    #[test]
    fn the_readers_prompt_is_no_output() {
        let mut pieces = vec![text("out\r\n"), Piece::Editing(true), text("(venv) $ ")];
        pieces.extend([mark(2, MarkKind::Finished(0)), mark(2, MarkKind::Ready)]);
        assert_eq!(begun(pieces).lines(), ["out"]);
    }

    /// What a program prints after it claims to edit a line is output all the same.
    #[test]
    fn a_program_cannot_hide_its_output_as_a_prompt() {
        let mut pieces = vec![text("ok\r\n"), Piece::Editing(true), text("ERROR\r\n")];
        pieces.extend(ends_with(0));
        assert_eq!(begun(pieces).lines(), ["ok", "ERROR"]);
        let mut plain = Capture::new(TypedAt::Plain { shell: SHELL }, Vec::new());
        for piece in [
            mark(2, MarkKind::Started),
            Piece::Editing(true),
            text("ERROR\r\n"),
            mark(2, MarkKind::Finished(0)),
        ] {
            plain.take(piece);
        }
        assert_eq!(plain.lines(), ["ERROR"], "at a shell that does not edit its line");
    }

    #[test]
    fn a_screen_that_was_cleared_shows_what_came_after() {
        assert_eq!(begun(vec![text("gone\r\n\x1b[H\x1b[2Jleft\r\n")]).lines(), ["left"]);
    }

    #[test]
    fn a_further_line_has_its_prompt_once_something_came() {
        let mut capture =
            Capture::new(TypedAt::Prompt { prompt: ">>> ".to_owned(), shell: None }, Vec::new());
        capture.take(text("for i in a:\r\n... "));
        assert!(!capture.awaits_echo());
        capture.has_echoed();
        assert!(capture.awaits_echo());
        capture.take(text("  b\r\n... "));
        assert!(!capture.awaits_echo());
    }

    #[test]
    fn a_line_that_does_not_end_is_not_whole() {
        let capture = begun(vec![text("one\r\ntwo")]);
        assert_eq!((capture.whole_lines(), capture.lines().len()), (vec!["one".to_owned()], 2));
    }
}
