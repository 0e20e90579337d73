//! What has come of a step so far.

use std::time::Instant;

use super::echo::Echo;
use super::prompt::Prompt;
use super::step::{Ended, Frame, StepOutput};
use crate::sandbox::marks::{Mark, MarkKind, Piece};
use crate::sandbox::terminal::Terminal;

/// The most bytes that one step may print, with those that it draws over.
const MOST_OUTPUT: usize = 64 * 1024 * 1024;
/// The most bytes that are kept as they came.
const MOST_UNSHOWN: usize = 16 * 1024 * 1024;
/// The most bytes of a step that a recording keeps.
const MOST_RECORDED: usize = 256 * 1024;

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
        /// What was typed.
        typed: String,
        /// The shell's number, if it marks its prompt.
        shell: Option<usize>,
    },
}

impl TypedAt {
    /// Where only a shell's marks count.
    pub(super) fn no_prompt() -> Self {
        Self::Prompt { prompt: String::new(), typed: String::new(), shell: None }
    }
}

/// What a shell says that was asked whether it is at its prompt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ShellState {
    /// It is.
    AtPrompt {
        /// The number of the last line.
        line: u64,
        /// The exit code of that line.
        code: i32,
    },
    /// Whether it announces its prompt, by turning bracketed paste on.
    Announces(bool),
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
    /// How often the shell has asked for more of the line than was typed.
    more: isize,
    /// The answer of a shell that was asked whether it is at its prompt.
    here: Option<(usize, ShellState)>,
    /// What may be a prompt, and no output.
    prompt: Prompt,
    bytes: usize,
    /// In a session the first lines are prompts with the echo of what was typed.
    echoes: Vec<Echo>,
    awaits_echo: bool,
    /// The question that was answered and has not gone from the cursor's line yet.
    asked: bool,
    typed: Instant,
    frames: Vec<Frame>,
}

impl Capture {
    pub(super) fn new(at: TypedAt, outer: Vec<usize>) -> Self {
        let mut terminal = Terminal::new();
        let mut echoes = Vec::new();
        if let TypedAt::Prompt { prompt, typed, .. } = &at {
            terminal.feed(prompt.as_bytes());
            echoes.push(Echo { prompt: Some(prompt.clone()), typed: typed.clone() });
        }
        Self {
            started: !echoes.is_empty(),
            at,
            outer,
            terminal,
            before: Vec::new(),
            begun: false,
            uncounted: false,
            finished: None,
            ready: false,
            edits: false,
            more: 0,
            here: None,
            prompt: Prompt::default(),
            bytes: 0,
            echoes,
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
            Piece::Text(text) if self.finished.is_none() => self.prompt.take_last(text),
            other => self.take(other),
        }
    }

    fn text(&mut self, text: Vec<u8>) {
        self.bytes += text.len();
        self.awaits_echo = false;
        if self.finished.is_some() {
            if !self.ready {
                self.prompt.show(text);
            }
        } else if !self.started {
            self.before.extend(text);
        } else {
            let output = self.prompt.take(text);
            self.show(output);
        }
    }

    fn show(&mut self, text: Vec<u8>) {
        if text.is_empty() {
            return;
        }
        self.asked &= !text.contains(&b'\n');
        self.terminal.feed(&text);
        if self.bytes <= MOST_RECORDED {
            self.frames.push((self.typed.elapsed(), text));
        } else {
            self.frames.clear();
        }
    }

    /// What was withheld is output.
    pub(super) fn release(&mut self) {
        let output = self.prompt.release();
        self.show(output);
    }

    fn editing(&mut self, on: bool) {
        self.prompt.set_editing(on);
        if self.finished.is_some() {
            return;
        }
        if !self.started {
            // The shell has read a line: what comes now is of the command.
            self.started = !on && matches!(self.at, TypedAt::Edited { .. });
            return;
        }
        let output = self.prompt.withhold(on);
        self.show(output);
    }

    fn mark(&mut self, mark: Mark) {
        match mark.kind {
            // What comes from now on is the reader's prompt.
            MarkKind::Prompting if self.is_own(mark) && self.started => {
                let output = self.prompt.announce();
                self.show(output);
            }
            MarkKind::Started if self.is_own(mark) => (self.started, self.begun) = (true, true),
            MarkKind::Finished(_) if self.is_of_before(mark) => self.begin_again(),
            MarkKind::Finished(code) if self.ends(mark) => self.finish(mark.shell, code),
            MarkKind::Ready if self.finished.is_some_and(|(shell, _)| shell == mark.shell) => {
                self.get_ready()
            }
            MarkKind::More if self.is_own(mark) => self.more += 1,
            MarkKind::Here(code) => {
                self.here = Some((mark.shell, ShellState::AtPrompt { line: mark.line, code }));
            }
            MarkKind::Announces(on) => self.here = Some((mark.shell, ShellState::Announces(on))),
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
        let has_read = self.started && !self.begun && self.prompt.is_editing() && self.finished.is_none();
        has_read && matches!(self.at, TypedAt::Edited { shell, after } if is_old(shell, after))
    }

    /// What came until now was not of the line that was typed.
    fn begin_again(&mut self) {
        self.terminal = Terminal::new();
        self.frames.clear();
        self.before.clear();
        self.prompt.begin_again();
        self.started = false;
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
        let output = self.prompt.finish(matches!(self.at, TypedAt::Edited { .. }));
        self.show(output);
        self.finished = Some((shell, code));
    }

    /// The prompt stands. What comes now may be of a line that was typed ahead.
    fn get_ready(&mut self) {
        if !self.ready {
            (self.ready, self.edits) = (true, self.prompt.is_editing());
        }
    }

    /// Whether it is not decided yet if the shell has announced its prompt.
    pub(super) fn is_undecided(&self) -> bool {
        self.prompt.is_undecided()
    }

    /// What was withheld as the step ended is output.
    pub(super) fn decide_for_output(&mut self) {
        let output = self.prompt.decide_for_output();
        self.show(output);
    }

    /// What was withheld as the step ended is the beginning of the prompt.
    pub(super) fn decide_for_prompt(&mut self) {
        self.prompt.decide_for_prompt();
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

    /// So many further lines were typed at once with the first.
    pub(super) fn has_typed_ahead(&mut self, lines: usize) {
        self.more -= isize::try_from(lines).unwrap_or(isize::MAX);
    }

    /// Whether the shell asks for more of the line; it is asked once.
    pub(super) fn takes_more(&mut self) -> bool {
        let more = self.more > 0;
        self.more = self.more.min(0);
        more
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
        self.prompt.is_editing()
    }

    /// The prompt that the shell shows at the end.
    pub(super) fn last_prompt(&self) -> String {
        self.prompt.shown()
    }

    /// What a program that edits its line shows before the cursor, if one does.
    pub(super) fn edited_prompt(&self) -> Option<String> {
        let edits = self.prompt.is_editing() && self.finished.is_none();
        self.prompt.withheld().filter(|prompt| edits && !prompt.trim().is_empty())
    }

    /// What stands before the cursor on its line, if something does and nothing stands behind it.
    pub(super) fn before_cursor(&self) -> Option<String> {
        if !self.started || self.finished.is_some() || self.asked {
            return None;
        }
        if let Some(line) = self.prompt.withheld() {
            return Some(line).filter(|line| !line.trim().is_empty());
        }
        let answered = self.echoes.is_empty() || self.terminal.has_left_first_row();
        self.terminal.before_cursor().filter(|line| answered && !line.trim().is_empty())
    }

    /// A prompt of the program was answered with a further line of the same input.
    pub(super) fn has_echoed(&mut self, prompt: Option<&str>, typed: &str) {
        self.echoes.push(Echo { prompt: prompt.map(str::to_owned), typed: typed.to_owned() });
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
        let unshown = self.before.len() + self.prompt.bytes();
        self.bytes + self.terminal.repeated() > MOST_OUTPUT
            || unshown > MOST_UNSHOWN
            || self.terminal.overflowed()
    }

    /// The lines that a reader sees, without the echo.
    pub(super) fn lines(&self) -> Vec<String> {
        self.without_echoes(self.terminal.lines())
    }

    /// The lines that are whole: a program may go on with the one that the cursor is on. A full screen is
    /// as it is.
    pub(super) fn whole_lines(&self) -> Vec<String> {
        self.without_echoes(self.terminal.whole_lines())
    }

    fn without_echoes(&self, mut lines: Vec<String>) -> Vec<String> {
        let shown = lines.iter().zip(&self.echoes).take_while(|(line, echo)| echo.is_shown_by(line)).count();
        lines.drain(..shown);
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

    /// Typed at the prompt of another program.
    fn session(prompt: &str, typed: &str) -> Capture {
        let at = TypedAt::Prompt { prompt: prompt.to_owned(), typed: typed.to_owned(), shell: None };
        Capture::new(at, Vec::new())
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
        let mut capture = begun(pieces);
        capture.decide_for_prompt();
        assert_eq!(capture.lines(), ["out"]);
        assert_eq!(capture.last_prompt(), "(venv) $ ");
    }

    /// What a program prints after it claims to edit a line is output all the same.
    #[test]
    fn a_program_cannot_hide_its_output_as_a_prompt() {
        let mut pieces = vec![text("ok\r\n"), Piece::Editing(true), text("ERROR\r\n")];
        pieces.extend(ends_with(0));
        assert_eq!(begun(pieces).lines(), ["ok", "ERROR"]);
        // Nobody knows whose announcement it is but the shell, which announces nothing where bracketed paste
        // is off.
        let mut pieces = vec![text("ok\r\n"), Piece::Editing(true), text("ERROR")];
        pieces.extend(ends_with(0).split_off(1));
        let mut capture = begun(pieces);
        assert!(capture.is_undecided());
        assert_eq!(capture.lines(), ["ok"]);
        capture.decide_for_output();
        assert_eq!(capture.lines(), ["ok", "ERROR"]);
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
    fn an_echo_is_left_out_where_it_still_stands() {
        let lines = |output: &str| {
            let mut capture = session(">>> ", "run()");
            capture.take(text(output));
            capture.lines()
        };
        assert_eq!(lines("run()\r\nok\r\n"), ["ok"]);
        assert_eq!(lines("run()\r\n\x1b[H\x1b[2Jok\r\n"), ["ok"]);
        for over in ["\x1bcERROR\r\n", "\x1b[1;1H\x1b[JERROR\r\n", "\x1b[A\r\x1b[KERROR\r\n"] {
            assert_eq!(lines(&format!("run()\r\n{over}ok\r\n")), ["ERROR", "ok"], "{over:?}");
        }
        for over in [">>> ERROR", ">>> run() FAILED", ">>> run", "run()"] {
            assert_eq!(lines(&format!("run()\r\n\x1b[A\r{over}\x1b[K\r\nok\r\n")), [over, "ok"]);
        }
        let mut further = session("mysql> ", "select 1,");
        further.take(text("select 1,\r\n    -> "));
        further.has_echoed(Some("    -> "), "2;");
        further.take(text("2;\r\n1 2\r\n"));
        assert_eq!(further.lines(), ["1 2"]);
        let mut asked = session("$ ", "printf '%s' \\");
        asked.has_echoed(None, "오류");
        asked.take(text("printf '%s' \\\r\n> 오류\r\n오류\r\n"));
        assert_eq!(asked.lines(), ["오류"]);
    }

    #[test]
    fn lines_that_were_typed_at_once_are_asked_for_as_often() {
        let mut plain = Capture::new(TypedAt::Plain { shell: SHELL }, Vec::new());
        plain.has_typed_ahead(2);
        for asked in [false, false, true, true] {
            plain.take(mark(2, MarkKind::More));
            assert_eq!(plain.takes_more(), asked);
        }
    }

    #[test]
    fn a_further_line_has_its_prompt_once_something_came() {
        let mut capture = session(">>> ", "for i in a:");
        capture.take(text("for i in a:\r\n... "));
        assert!(!capture.awaits_echo());
        capture.has_echoed(Some("... "), "  b");
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
