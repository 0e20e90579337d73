//! What a reader would see: the bytes of a program through a terminal.

use avt::{Line, ScreenKind, Terminal as Emulator};
use unicode_width::UnicodeWidthChar;

/// The width of the terminal, in columns.
const COLUMNS: usize = 120;
/// The height of the terminal, in rows.
const ROWS: usize = 50;
/// The most lines that are kept; more is too much output.
const SCROLLBACK: usize = 100_000;

const DELETE: u8 = 0x7f;

/// What stands at the edge where a wide character does not fit, and is not text: a character that no
/// program has a use for.
const EDGE: char = '\u{10FFFD}';

/// A terminal of 120 columns that remembers what scrolled out of view.
pub(super) struct Terminal {
    emulator: Emulator,
    /// The bytes of a character that is not whole yet.
    partial: Vec<u8>,
    newlines: usize,
}

impl Terminal {
    pub(super) fn new() -> Self {
        let emulator =
            Emulator::with_scrollback(COLUMNS, ROWS, Some(SCROLLBACK)).expect("the size is not zero");
        Self { emulator, partial: Vec::new(), newlines: 0 }
    }

    /// Shows bytes; what is not UTF-8 shows as U+FFFD.
    pub(super) fn feed(&mut self, bytes: &[u8]) {
        self.newlines += bytes.iter().filter(|&&byte| byte == b'\n').count();
        // A terminal does nothing at DEL; the emulator would show it.
        self.partial.extend(bytes.iter().filter(|&&byte| byte != DELETE));
        let pending = std::mem::take(&mut self.partial);
        let mut rest = pending.as_slice();
        loop {
            match std::str::from_utf8(rest) {
                Ok(text) => {
                    self.show(text);
                    return;
                }
                Err(error) => {
                    let (text, after) = rest.split_at(error.valid_up_to());
                    self.show(std::str::from_utf8(text).unwrap_or_default());
                    match error.error_len() {
                        Some(length) => {
                            self.emulator.feed("\u{FFFD}");
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

    /// Shows text. The emulator leaves a blank at the edge where a wide character does not fit, which
    /// would look as one that was written.
    fn show(&mut self, text: &str) {
        let mut shown = 0;
        for (at, _) in text.char_indices().filter(|(_, c)| c.width() == Some(2)) {
            self.emulator.feed(&text[shown..at]);
            shown = at;
            if self.emulator.cursor_position().col == COLUMNS - 1 {
                self.emulator.feed(EDGE.encode_utf8(&mut [0; 4]));
            }
        }
        self.emulator.feed(&text[shown..]);
    }

    /// Whether more lines were shown than are kept.
    pub(super) fn overflowed(&self) -> bool {
        self.newlines > SCROLLBACK
    }

    /// What a reader sees: the lines, those that the terminal wrapped by itself joined, without
    /// trailing blanks; of a program that took the whole screen, what stands on it.
    pub(super) fn lines(&self) -> Vec<String> {
        let mut lines = match self.emulator.active_screen_kind() {
            ScreenKind::Primary => joined(self.emulator.primary_screen().all_lines()),
            ScreenKind::Alternate => joined(self.emulator.screen().visible_lines()),
        };
        let kept = lines.len() - lines.iter().rev().take_while(|line| line.is_empty()).count();
        lines.truncate(kept);
        lines
    }

    /// Whether a program has the whole screen.
    pub(super) fn is_full_screen(&self) -> bool {
        self.emulator.active_screen_kind() == ScreenKind::Alternate
    }

    /// Whether the cursor has gone below the row that it began on, or everything was cleared.
    pub(super) fn has_left_first_row(&self) -> bool {
        self.newlines > 0
    }

    /// Whether the cursor stands behind something that was written on its line.
    pub(super) fn is_within_line(&self) -> bool {
        self.emulator.cursor_position().col > 0
    }

    /// The text from the beginning of the cursor's line to the cursor, if nothing stands after it.
    pub(super) fn before_cursor(&self) -> Option<String> {
        let position = self.emulator.cursor_position();
        let row = usize::try_from(position.row).ok()?;
        let line = self.emulator.screen().line(row)?;
        let mut column = 0;
        let mut before = String::new();
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
    fn a_program_that_takes_the_whole_screen_shows_that() {
        assert_eq!(shown(b"before\r\n\x1b[?1049h\x1b[Htop"), ["top"]);
        assert_eq!(shown(b"before\r\n\x1b[?1049htop\x1b[?1049l"), ["before"]);
    }

    #[test]
    fn the_text_before_the_cursor() {
        let mut terminal = Terminal::new();
        terminal.feed(b"one\r\nmysql> ");
        assert_eq!(terminal.before_cursor().as_deref(), Some("mysql> "));
    }
}
