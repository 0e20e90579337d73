//! What has come of a step so far.

use std::time::Instant;

use super::step::{Ended, Frame, StepOutput};
use crate::sandbox::marks::{Mark, MarkKind, Piece};
use crate::sandbox::terminal::Terminal;

/// The most bytes that one step may print.
const MOST_OUTPUT: usize = 16 * 1024 * 1024;
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
        /// How many commands it had read before.
        read: u64,
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

/// What has come of a step so far.
pub(super) struct Capture {
    at: TypedAt,
    /// The shells below the one that was typed at: when one of them speaks, those above have ended.
    outer: Vec<usize>,
    terminal: Terminal,
    /// What came before the output began: the echo, and the shell's complaint if the line is not a command.
    before: Vec<u8>,
    /// Which bytes of it came after the shell had read the line, and before it edits another.
    complaint: Option<(usize, Option<usize>)>,
    started: bool,
    finished: Option<(usize, i32)>,
    ready: bool,
    /// Whether the shell asks for more of the line.
    more: bool,
    /// The answer of a shell that was asked whether it is there.
    here: Option<(usize, i32)>,
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
            complaint: None,
            finished: None,
            ready: false,
            more: false,
            here: None,
            prompt: Vec::new(),
            editing: false,
            prompting: false,
            withheld: None,
            bytes: 0,
            echoed,
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
            self.complaint = match self.complaint {
                _ if !on => Some((self.before.len(), None)),
                Some((from, _)) => Some((from, Some(self.before.len()))),
                None => None,
            };
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
            MarkKind::Prompting if self.is_shell(mark) && self.started => {
                self.release();
                self.withheld = Some(Vec::new());
                self.prompting = true;
            }
            MarkKind::Started if self.is_own(mark) && !self.started => self.start(),
            MarkKind::Finished(code) if self.ends(mark) => self.finish(mark.shell, code),
            MarkKind::Ready if self.finished.is_some_and(|(shell, _)| shell == mark.shell) => {
                self.ready = true
            }
            MarkKind::More if self.is_shell(mark) => self.more = true,
            MarkKind::Here(code) => self.here = Some((mark.shell, code)),
            _ => {}
        }
    }

    /// Whether a mark is of the shell that was typed at.
    fn is_shell(&self, mark: Mark) -> bool {
        match self.at {
            TypedAt::Edited { shell, .. } | TypedAt::Plain { shell } => mark.shell == shell,
            TypedAt::Prompt { shell, .. } => Some(mark.shell) == shell,
        }
    }

    /// Whether a mark is of what was typed, not of a prompt that stood before.
    fn is_own(&self, mark: Mark) -> bool {
        let is_new = !matches!(self.at, TypedAt::Edited { read, .. } if mark.read <= read);
        self.is_shell(mark) && is_new
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

    /// What comes now is output, and so is what the shell itself has said of the line since it read it.
    fn start(&mut self) {
        let echo = |before: &[u8]| before.iter().position(|&byte| byte == b'\n').map_or(0, |at| at + 1);
        let (from, to) = match self.at {
            TypedAt::Edited { .. } => self.complaint.unwrap_or((self.before.len(), None)),
            TypedAt::Plain { .. } | TypedAt::Prompt { .. } => (echo(&self.before), None),
        };
        self.before.truncate(to.unwrap_or(self.before.len()));
        let complaint = self.before.split_off(from);
        self.started = true;
        if !complaint.is_empty() {
            self.show(complaint);
        }
    }

    /// The step is over; `shell` shows its prompt.
    fn finish(&mut self, shell: usize, code: i32) {
        if !self.started {
            self.start();
        }
        // Only a shell that edits its lines announces its prompt; from others it is output.
        let announced = matches!(self.at, TypedAt::Edited { .. }) && self.editing;
        if !(self.prompting || announced) {
            self.release();
        }
        self.withheld = None;
        self.finished = Some((shell, code));
    }

    /// The step is over, as the shell itself says that was asked; what it shows is its prompt.
    pub(super) fn conclude(&mut self, shell: usize, code: i32) {
        self.finish(shell, code);
        self.ready = true;
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

    /// The answer of a shell that was asked whether it is there; taken once.
    pub(super) fn take_here(&mut self) -> Option<(usize, i32)> {
        self.here.take()
    }

    /// Whether the program at the prompt edits its line.
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
    }

    /// A question was answered.
    pub(super) fn has_answered(&mut self) {
        self.release();
        self.asked = true;
    }

    /// Whether it has printed more than a step may.
    pub(super) fn is_too_much(&self) -> bool {
        self.bytes > MOST_OUTPUT || self.terminal.overflowed()
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

    fn mark(read: u64, kind: MarkKind) -> Piece {
        Piece::Mark(Mark { shell: SHELL, read, prompt: 0, kind })
    }

    fn text(text: &str) -> Piece {
        Piece::Text(text.as_bytes().to_vec())
    }

    /// What is captured of the second command at a shell that edits its line.
    fn captured(pieces: Vec<Piece>) -> Capture {
        let mut capture = Capture::new(TypedAt::Edited { shell: SHELL, read: 1 }, Vec::new());
        pieces.into_iter().for_each(|piece| capture.take(piece));
        capture
    }

    /// The line is typed and read; its output comes next.
    fn begun(further: Vec<Piece>) -> Capture {
        let begin = [text("$ command\r\n"), Piece::Editing(false), mark(2, MarkKind::Started)];
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
    }

    #[test]
    fn what_the_shell_itself_says_of_a_line_is_output() {
        let echoed =
            [text("$ set -v\r\n"), Piece::Editing(false), text("ls -v\r\n"), mark(2, MarkKind::Started)];
        assert_eq!(captured(echoed.to_vec()).lines(), ["ls -v"]);
        // Not a command: it has to be asked whether it is over.
        let mut capture = captured(vec![
            text("$ fi\r\n"),
            Piece::Editing(false),
            text("bash: syntax error\r\n"),
            Piece::Editing(true),
            mark(1, MarkKind::Finished(2)),
            text("$ "),
            mark(1, MarkKind::Ready),
        ]);
        assert_eq!(capture.over(), None);
        capture.conclude(SHELL, 2);
        assert_eq!(
            (capture.over(), capture.lines()),
            (Some((SHELL, 2)), vec!["bash: syntax error".to_owned()])
        );
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
    fn a_line_that_does_not_end_is_not_whole() {
        let capture = begun(vec![text("one\r\ntwo")]);
        assert_eq!((capture.whole_lines(), capture.lines().len()), (vec!["one".to_owned()], 2));
    }
}
