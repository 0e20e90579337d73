//! What a reader would see: the bytes of a program through a terminal.

use avt::parser::{EdScope, Function};
use avt::{Line, Observation, Observer, Operation, ScreenKind, Terminal as Emulator};
use unicode_width::UnicodeWidthChar;

/// The width of the terminal, in columns.
const COLUMNS: usize = 120;
/// The height of the terminal, in rows.
const ROWS: usize = 50;
/// The most rows that are kept above the screen; more is too much output.
const SCROLLBACK: usize = 100_000;

const DELETE: u8 = 0x7f;

/// What stands at the edge where a wide character does not fit, and is not text: a character that no
/// program has a use for.
const EDGE: char = '\u{10FFFD}';

/// What stands on the row above the first: a row of the reader's, which a program may write over. A
/// character that no program has a use for, either.
const ABOVE: char = '\u{10FFFC}';

/// The most bytes that are kept as they came.
const MOST_PLAIN: usize = 16 * 1024;

/// A terminal of 120 columns that remembers what scrolled out of view.
pub(super) struct Terminal {
    screen: Screen,
    /// The bytes of a character that is not whole yet.
    partial: Vec<u8>,
    /// Whether a line has ended.
    has_newline: bool,
    history: History,
}

/// What has become of what was shown.
#[derive(Debug, Default)]
struct History {
    /// How many rows were cleared, the first ones.
    cleared: usize,
    /// Whether rows were lost, since more were shown than are kept.
    has_lost: bool,
    /// How many characters were shown by asking for the last one again.
    repeated: usize,
    /// Whether what is done now clears the screen.
    clears: bool,
    /// The row, from the first one that is kept, to whose beginning the cursor has returned.
    returned: Option<usize>,
}

impl Observer for History {
    type Output = ();

    fn before(&mut self, context: &mut Observation<'_>, operation: &Operation) {
        let Operation::Function(function) = operation else { return };
        let terminal = context.terminal();
        let clears = match function {
            Function::Rep(count) => {
                self.repeated += usize::from(*count);
                false
            }
            Function::Cr => {
                self.returned = Some(cursor_row(terminal));
                false
            }
            // A new terminal.
            Function::Ris => {
                self.cleared = 0;
                false
            }
            Function::Ed(EdScope::All | EdScope::SavedLines) => true,
            Function::Ed(EdScope::Below) => {
                let cursor = terminal.cursor_position();
                (cursor.row, cursor.col) == (0, 0)
            }
            _ => false,
        };
        self.clears = clears && terminal.active_screen_kind() == ScreenKind::Primary;
    }

    fn after(&mut self, context: &mut Observation<'_>, _: &Operation) {
        if std::mem::take(&mut self.clears) {
            self.cleared = row_count(context.terminal()).saturating_sub(ROWS);
        }
    }

    fn evicted(&mut self, _: &mut Observation<'_>, _: &Line) {
        self.returned = None;
        match self.cleared.checked_sub(1) {
            Some(left) => self.cleared = left,
            None => self.has_lost = true,
        }
    }

    fn end(&mut self, _: &mut Observation<'_>) {}
}

/// What a terminal shows.
enum Screen {
    /// Lines of printable ASCII, and nothing else until now: they look as they came. To make an emulator
    /// takes longer than what most commands do.
    Plain(String),
    Emulated(Box<Emulator>),
}

impl Terminal {
    pub(super) fn new() -> Self {
        Self {
            screen: Screen::Plain(String::new()),
            partial: Vec::new(),
            has_newline: false,
            history: History::default(),
        }
    }

    /// Shows bytes; what is not UTF-8 shows as U+FFFD.
    pub(super) fn feed(&mut self, bytes: &[u8]) {
        self.has_newline |= bytes.contains(&b'\n');
        if let Screen::Plain(shown) = &mut self.screen {
            match plain(shown, bytes) {
                Some(text) => return shown.push_str(text),
                None => self.screen = Screen::Emulated(Box::new(emulator(shown, &mut self.history))),
            }
        }
        let Screen::Emulated(emulator) = &mut self.screen else { return };
        // A terminal does nothing at DEL; the emulator would show it.
        self.partial.extend(bytes.iter().filter(|&&byte| byte != DELETE));
        let pending = std::mem::take(&mut self.partial);
        let mut rest = pending.as_slice();
        loop {
            match std::str::from_utf8(rest) {
                Ok(text) => {
                    show(emulator, text, &mut self.history);
                    return;
                }
                Err(error) => {
                    let (text, after) = rest.split_at(error.valid_up_to());
                    let text = std::str::from_utf8(text).unwrap_or_default();
                    show(emulator, text, &mut self.history);
                    match error.error_len() {
                        Some(length) => {
                            show(emulator, "\u{FFFD}", &mut self.history);
                            rest = &after[length..];
                        }
                        None => {
                            self.partial = after.to_vec();
                            return;
                        }
                    }
                }
            }
        }
    }

    /// Whether more rows stand above the screen than are kept. What is drawn over or cleared does not count.
    pub(super) fn overflowed(&self) -> bool {
        self.history.has_lost
    }

    /// How many characters were shown by asking for the last one again.
    pub(super) fn repeated(&self) -> usize {
        self.history.repeated
    }

    /// What a reader sees: the lines, those that the terminal wrapped by itself joined, without
    /// trailing blanks; of a program that took the whole screen, what stands on it.
    pub(super) fn lines(&self) -> Vec<String> {
        match &self.screen {
            Screen::Plain(shown) => without_end(shown.split('\n').map(str::to_owned).collect()),
            Screen::Emulated(emulator) => match emulator.active_screen_kind() {
                ScreenKind::Primary => self.primary_lines(emulator, usize::MAX),
                ScreenKind::Alternate => without_end(joined(emulator.screen().visible_lines())),
            },
        }
    }

    /// The lines above the one that the cursor is within, where more may come; all where it stands at a
    /// beginning. A full screen is as it is.
    pub(super) fn whole_lines(&self) -> Vec<String> {
        match &self.screen {
            Screen::Plain(shown) if !shown.ends_with('\r') => {
                let end = shown.rfind('\n').unwrap_or(0);
                without_end(shown[..end].split('\n').map(str::to_owned).collect())
            }
            Screen::Emulated(emulator)
                if emulator.active_screen_kind() == ScreenKind::Primary
                    && emulator.cursor_position().col > 0 =>
            {
                let rows: Vec<&Line> = emulator.primary_screen().all_lines().collect();
                let on = cursor_row(emulator);
                let begin = rows[..on].iter().rposition(|row| !row.is_wrapped()).map_or(0, |at| at + 1);
                self.primary_lines(emulator, begin)
            }
            _ => self.lines(),
        }
    }

    /// The lines of the first rows, without what was cleared and the row above.
    fn primary_lines(&self, emulator: &Emulator, rows: usize) -> Vec<String> {
        let rows = emulator.primary_screen().all_lines().take(rows).skip(self.history.cleared);
        let mut lines = joined(rows);
        if lines.first().is_some_and(|first| first.trim_end().chars().eq([ABOVE])) {
            lines.remove(0);
            return without_end(lines);
        }
        // What the screen begins with after it was cleared depends on where the reader's prompt stood.
        lines.iter_mut().for_each(|line| *line = line.replace(ABOVE, " "));
        let mut lines = without_end(lines);
        lines.drain(..lines.iter().take_while(|line| line.is_empty()).count());
        lines
    }

    /// Whether a line has ended since the first was begun.
    pub(super) fn has_left_first_row(&self) -> bool {
        self.has_newline
    }

    /// The text from the beginning of the cursor's line to the cursor, if nothing stands after it.
    pub(super) fn before_cursor(&self) -> Option<String> {
        match &self.screen {
            Screen::Plain(shown) => {
                let mut history = History::default();
                before_cursor(&emulator(shown, &mut history), history.returned)
            }
            Screen::Emulated(emulator) => before_cursor(emulator, self.history.returned),
        }
    }
}

/// What bytes add to a plain text, if it stays one: lines of printable ASCII as a terminal passes them on.
fn plain<'b>(shown: &str, bytes: &'b [u8]) -> Option<&'b str> {
    let mut text = std::str::from_utf8(bytes).ok()?;
    if shown.is_empty() || shown.ends_with('\n') {
        // Bash returns to the beginning of a line that has nothing on it.
        text = text.trim_start_matches('\r');
    }
    let mut before = shown.bytes().next_back();
    let goes_on = |byte| {
        let before = before.replace(byte);
        match byte {
            b'\n' => before.is_none_or(|before| matches!(before, b'\r' | b'\n')),
            b'\r' | b' '..=b'~' => before != Some(b'\r'),
            _ => false,
        }
    };
    (shown.len() + text.len() <= MOST_PLAIN && text.bytes().all(goes_on)).then_some(text)
}

/// An emulator that shows a text.
fn emulator(text: &str, history: &mut History) -> Emulator {
    let mut emulator =
        Emulator::with_scrollback(COLUMNS, ROWS, Some(SCROLLBACK)).expect("the size is not zero");
    emulator.feed(format!("{ABOVE}\r\n").as_str());
    emulator.feed_with(text, history);
    emulator
}

fn row_count(emulator: &Emulator) -> usize {
    emulator.primary_screen().all_lines().size_hint().0
}

/// The row of the cursor, from the first one that is kept.
fn cursor_row(emulator: &Emulator) -> usize {
    let row = usize::try_from(emulator.cursor_position().row).unwrap_or(0);
    row_count(emulator).saturating_sub(ROWS) + row
}

/// Lines without trailing blanks and blank lines at the end.
fn without_end(mut lines: Vec<String>) -> Vec<String> {
    lines.iter_mut().for_each(|line| line.truncate(line.trim_end().len()));
    let kept = lines.len() - lines.iter().rev().take_while(|line| line.is_empty()).count();
    lines.truncate(kept);
    lines
}

/// Shows text. The emulator leaves a blank at the edge where a wide character does not fit, which
/// would look as one that was written.
fn show(emulator: &mut Emulator, text: &str, history: &mut History) {
    if text.contains([EDGE, ABOVE]) {
        return show(emulator, &text.replace([EDGE, ABOVE], "\u{FFFD}"), history);
    }
    let mut shown = 0;
    for (at, _) in text.char_indices().filter(|(_, c)| c.width() == Some(2)) {
        emulator.feed_with(&text[shown..at], &mut *history);
        shown = at;
        if emulator.cursor_position().col == COLUMNS - 1 {
            emulator.feed_with(&*EDGE.encode_utf8(&mut [0; 4]), &mut *history);
        }
    }
    emulator.feed_with(&text[shown..], history);
}

/// What stands before the cursor. Rows that the terminal wrapped are joined, but none above the one to whose
/// beginning the cursor has returned.
fn before_cursor(emulator: &Emulator, returned: Option<usize>) -> Option<String> {
    let position = emulator.cursor_position();
    let row = usize::try_from(position.row).ok()?;
    let screen = emulator.screen();
    let line = screen.line(row)?;
    let begin = (0..row)
        .rfind(|&row| screen.line(row).is_none_or(|line| !line.is_wrapped()))
        .map_or(0, |row| row + 1);
    let above = cursor_row(emulator) - row;
    let returned = returned.and_then(|returned| returned.checked_sub(above));
    let begin = returned.filter(|returned| (begin..=row).contains(returned)).unwrap_or(begin);
    let mut before: String = (begin..row).filter_map(|row| screen.line(row)).flat_map(Line::chars).collect();
    before.retain(|c| c != EDGE);
    let mut column = 0;
    for c in line.chars() {
        if column < position.col {
            before.push(c);
        } else if c != ' ' {
            return None;
        }
        column += UnicodeWidthChar::width(c).unwrap_or(0).max(1);
    }
    while column < position.col {
        before.push(' ');
        column += 1;
    }
    Some(before)
}

/// The text of rows, those that were wrapped joined.
fn joined<'l>(rows: impl Iterator<Item = &'l Line>) -> Vec<String> {
    let mut lines = Vec::new();
    let mut current = String::new();
    for row in rows {
        // Most rows of most screens are blank.
        if row.is_wrapped() || row.cells().iter().any(|cell| cell.char() != ' ') {
            current.extend(row.chars().filter(|&c| c != EDGE));
        }
        if !row.is_wrapped() {
            lines.push(current.trim_end().to_owned());
            current.clear();
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(bytes: &[u8]) -> Vec<String> {
        let mut terminal = Terminal::new();
        for byte in bytes {
            terminal.feed(&[*byte]);
        }
        terminal.lines()
    }

    #[test]
    fn only_what_is_left_counts() {
        assert_eq!(shown(b"10%\r100%\r\ndone\x1b[31m!\x1b[0m\r\n"), ["100%", "done!"]);
        assert_eq!(
            shown(b"a: Waiting\r\nb: Waiting\r\n\x1b[2A\x1b[2Ka: Done\r\x1b[2B"),
            ["a: Done", "b: Waiting"]
        );
        assert_eq!(shown("가나 \u{1F600}\r\n".as_bytes()), ["가나 \u{1F600}"]);
        assert_eq!(shown(b"a\xffb"), ["a\u{FFFD}b"]);
        assert_eq!(shown(b"a\x7fb"), ["ab"]);
    }

    #[test]
    fn a_line_that_the_terminal_wrapped_is_one() {
        let long = "x".repeat(300);
        assert_eq!(shown(format!("{long}\r\nend").as_bytes()), [long.as_str(), "end"]);
    }

    #[test]
    fn a_wide_character_at_the_edge_leaves_no_blank() {
        for offset in 0..4 {
            let long = format!("{}{}", "x".repeat(offset), "가나".repeat(70));
            assert_eq!(shown(format!("{long}\r\nend").as_bytes()), [long.as_str(), "end"], "{offset}");
        }
        for words in 0..4 {
            let long = format!("{}{}", "x".repeat(words), "가 나다 ".repeat(40));
            let long = long.trim_end();
            assert_eq!(shown(format!("{long}\r\nend").as_bytes()), [long, "end"], "{words}");
        }
        // A blank that was written there is text.
        let written = format!("{} 가", "x".repeat(119));
        assert_eq!(shown(written.as_bytes()), [written]);
    }

    #[test]
    fn plain_lines_look_as_an_emulator_shows_them() {
        let widths = [0, 1, 80, 119, 120, 121, 240, 241, 300];
        let lines = widths.iter().flat_map(|&width| {
            [" ", "x", " x", "x ", "x  y "].map(|word| word.chars().cycle().take(width).collect::<String>())
        });
        let whole: String = lines.map(|line| line + "\r\n").collect();
        for text in [whole.repeat(2), format!("{whole}\r\n\r\n"), "a\r".into(), "\r\rone\r\n\n\r".into()] {
            let mut terminal = Terminal::new();
            for (at, piece) in text.as_bytes().chunks(7).enumerate() {
                terminal.feed(piece);
                assert!(matches!(terminal.screen, Screen::Plain(_)), "{text:?}");
                shows_what_an_emulator_shows(&terminal, &text[..at * 7 + piece.len()]);
            }
        }
    }

    #[test]
    fn returns_and_newlines_in_any_order_look_as_an_emulator_shows_them() {
        let mut texts = vec![String::new()];
        for _ in 0..6 {
            texts =
                texts.iter().flat_map(|text| ['a', ' ', '\r', '\n'].map(|c| format!("{text}{c}"))).collect();
            for text in &texts {
                for size in 1..=3 {
                    let mut terminal = Terminal::new();
                    text.as_bytes().chunks(size).for_each(|piece| terminal.feed(piece));
                    shows_what_an_emulator_shows(&terminal, text);
                }
            }
        }
    }

    fn shows_what_an_emulator_shows(terminal: &Terminal, text: &str) {
        let mut history = History::default();
        let screen = Screen::Emulated(Box::new(emulator(text, &mut history)));
        let emulated = Terminal { screen, history, ..Terminal::new() };
        assert_eq!(terminal.lines(), emulated.lines(), "{text:?}");
        assert_eq!(terminal.whole_lines(), emulated.whole_lines(), "{text:?}");
        assert_eq!(terminal.before_cursor(), emulated.before_cursor(), "{text:?}");
    }

    #[test]
    fn what_is_more_than_plain_lines_is_emulated() {
        for (more, lines) in
            [("\rno", "noe"), ("\nno", "one\n   no"), ("\tno", "one     no"), ("\x08no", "onno")]
        {
            let mut terminal = Terminal::new();
            terminal.feed(b"one");
            for byte in more.bytes() {
                terminal.feed(&[byte]);
            }
            assert_eq!(terminal.lines().join("\n"), lines, "{more:?}");
        }
        let much = "x\r\n".repeat(MOST_PLAIN);
        assert_eq!(shown(much.as_bytes()).len(), MOST_PLAIN);
    }

    #[test]
    fn only_rows_that_stay_are_too_many() {
        let overflows = |piece: &str, times: usize| {
            let mut terminal = Terminal::new();
            (0..times).for_each(|_| terminal.feed(piece.as_bytes()));
            terminal.overflowed()
        };
        // The row above the first is one, too.
        let most = SCROLLBACK + ROWS - 1;
        assert!(!overflows("x\r\n", most - 1));
        assert!(overflows("x\r\n", most));
        // Lines that the terminal wraps, and rows that it scrolls without a line's end.
        assert!(!overflows(&"x".repeat(COLUMNS), most));
        assert!(overflows(&"x".repeat(COLUMNS), most + 1));
        assert!(overflows("\x1b[50S", most / 50 + 1));
        // A screen that is cleared again and again, a progress that is drawn over, and a program that has the
        // whole screen.
        assert!(!overflows("\x1b[2J\x1b[Hx\r\ny", most / 20));
        assert!(!overflows("x\r\ny\r\n\x1b[2A", most));
        let mut terminal = Terminal::new();
        terminal.feed(b"\x1b[?1049h");
        (0..=most).for_each(|_| terminal.feed(b"x\r\n"));
        assert!(!terminal.overflowed());
    }

    #[test]
    fn a_program_that_takes_the_whole_screen_shows_that() {
        assert_eq!(shown(b"before\r\n\x1b[?1049h\x1b[Htop"), ["top"]);
        assert_eq!(shown(b"before\r\n\x1b[?1049htop\x1b[?1049l"), ["before"]);
    }

    #[test]
    fn what_was_cleared_is_gone_and_the_cursor_stays() {
        assert_eq!(shown(b"gone\r\n\x1b[H\x1b[2Jleft\r\n"), ["left"]);
        assert_eq!(shown(b"gone\r\n\x1b[H\x1b[Jleft\r\n"), ["left"]);
        assert_eq!(shown(b"gone\r\n\x1b[1;1H\x1b[Jleft\r\n\r\nmore"), ["left", "", "more"]);
        assert_eq!(shown(b"gone\r\n\x1bcleft\r\n"), ["left"]);
        assert_eq!(shown(b"first\r\nsecond\x1b[2Jthird\r\n"), ["      third"]);
        assert_eq!(shown(b"\x1b(0\x1b[2J\x1b[Hlqqk\x1b(B"), ["┌──┐"]);
        assert_eq!(shown(b"ERROR\r\n\x1b[?1049h\x1b[2J\x1b[?1049lok\r\n"), ["ERROR", "ok"]);
        let many = "gone\r\n".repeat(200);
        assert_eq!(shown(format!("{many}\x1b[H\x1b[2J\x1b[3Jleft\r\n{many}").as_bytes()).len(), 201);
    }

    #[test]
    fn what_is_written_over_the_row_above_shows() {
        assert_eq!(shown(b"ERROR\r\n\x1b[2A\x1b[KOK\r\n\r\n"), ["OK", "ERROR"]);
        assert_eq!(shown(b"one\r\n\x1b[A\x1b[Ktwo\r\n"), ["two"]);
        assert_eq!(shown(b"\x1b[A\x1b[3Cup\r\nok\r\n"), ["   up", "ok"]);
        assert_eq!(shown("a\u{10FFFC}b\u{10FFFD}c\x1b[m".as_bytes()), ["a\u{FFFD}b\u{FFFD}c"]);
    }

    #[test]
    fn the_line_of_the_cursor_is_not_whole() {
        let whole = |bytes: &[u8]| {
            let mut terminal = Terminal::new();
            terminal.feed(bytes);
            terminal.whole_lines()
        };
        assert_eq!(whole(b"one\r\ntwo"), ["one"]);
        assert_eq!(whole(b"one\r\ntwo\r\n"), ["one", "two"]);
        assert_eq!(whole(b"one\r\ntwo\r\nthree\r\n\x1b[2A\x1b[3C ok"), ["one"]);
        assert_eq!(whole(b"\x1b[H\x1b[2Jone\r\ntwo\r\n\x1b[H"), ["one", "two"]);
        assert_eq!(whole(b"10%\r20%\r"), ["20%"]);
        assert_eq!(whole(format!("one\r\n\x1b[m{}", "x".repeat(200)).as_bytes()), ["one"]);
    }

    #[test]
    fn the_text_before_the_cursor() {
        let mut terminal = Terminal::new();
        terminal.feed(b"one\r\nmysql> ");
        assert_eq!(terminal.before_cursor().as_deref(), Some("mysql> "));
        let question = "word ".repeat(50);
        let mut terminal = Terminal::new();
        terminal.feed(format!("one\r\n{question}").as_bytes());
        assert_eq!(terminal.before_cursor(), Some(question));
        let mut terminal = Terminal::new();
        terminal.feed(format!("{}\r\x1b[KRemove? ", "x".repeat(130)).as_bytes());
        assert_eq!(terminal.before_cursor().as_deref(), Some("Remove? "));
    }
}
