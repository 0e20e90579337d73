//! The marks of shells (OSC 133, FinalTerm's semantic prompts) separated from the text around them.
//!
//! Each mark carries a nonce that only one shell knows, so no program can forge one, and the number
//! of the line that was typed last, so that a prompt drawn again is not taken for a new one.

use crate::nonce::Nonce;

/// A piece of what the terminal gets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Piece {
    /// What a program wrote, or the echo of what was typed.
    Text(Vec<u8>),
    /// A mark of a shell.
    Mark(Mark),
    /// A program begins (or ends) to edit a line: it turns bracketed paste on (or off).
    Editing(bool),
}

/// What a shell says of itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Mark {
    /// Which of the shells that are known, by the order in which they were made known.
    pub(super) shell: usize,
    /// The number of the line that was typed last.
    pub(super) line: u64,
    /// What it says.
    pub(super) kind: MarkKind,
}

/// What a mark says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum MarkKind {
    /// The line has been read; its output begins.
    Started,
    /// The line has ended, and what the reader wants shown before the prompt comes.
    Prompting,
    /// The line has ended with this exit code.
    Finished(i32),
    /// The prompt stands: a line can be typed.
    Ready,
    /// The line is not complete: the shell waits for more of it.
    More,
    /// It was asked, and the line before has ended with this exit code.
    Here(i32),
    /// It was asked whether it turns bracketed paste on at its prompt.
    Announces(bool),
    /// It was asked, and edits a line that is not the next command but what a command reads.
    Reading,
}

const OPEN: &[u8] = b"\x1b]133;";
const CLOSE: u8 = 0x07;
const EDITING: &[u8] = b"\x1b[?2004h";
const EDITED: &[u8] = b"\x1b[?2004l";
const LONGEST: usize = 128;

/// A shell that is known.
#[derive(Debug)]
struct MarkingShell {
    nonce: String,
    /// The number of its last line, as it said itself.
    line: u64,
}

impl MarkingShell {
    fn new(nonce: &Nonce) -> Self {
        Self { nonce: nonce.text().to_owned(), line: 0 }
    }
}

/// Cuts a stream at its marks.
#[derive(Debug)]
pub(super) struct Marks {
    shells: Vec<MarkingShell>,
    pending: Vec<u8>,
}

impl Marks {
    pub(super) fn new(nonce: &Nonce) -> Self {
        Self { shells: vec![MarkingShell::new(nonce)], pending: Vec::new() }
    }

    /// Makes a further shell known; returns its number.
    pub(super) fn add(&mut self, nonce: &Nonce) -> usize {
        self.shells.push(MarkingShell::new(nonce));
        self.shells.len() - 1
    }

    /// The number of the last line that was typed at a shell, as it said itself.
    pub(super) fn last_line(&self, shell: usize) -> u64 {
        self.shells[shell].line
    }

    /// The pieces that are whole after these bytes.
    pub(super) fn feed(&mut self, bytes: &[u8]) -> Vec<Piece> {
        self.pending.extend_from_slice(bytes);
        let data = std::mem::take(&mut self.pending);
        let mut pieces = Vec::new();
        let mut text_from = 0;
        let mut at = 0;
        while let Some(found) = data[at..].iter().position(|&byte| byte == OPEN[0]) {
            let start = at + found;
            let rest = &data[start..];
            let (piece, length) = match self.sequence(rest) {
                Sequence::Other => {
                    at = start + 1;
                    continue;
                }
                Sequence::Begun => {
                    push(&mut pieces, &data[text_from..start]);
                    self.pending = rest.to_vec();
                    return pieces;
                }
                Sequence::Whole(piece, length) => (piece, length),
            };
            if let Piece::Mark(mark) = piece {
                // A page may print a mark of before.
                let shell = &mut self.shells[mark.shell];
                shell.line = shell.line.max(mark.line);
            }
            push(&mut pieces, &data[text_from..start]);
            pieces.push(piece);
            text_from = start + length;
            at = text_from;
        }
        push(&mut pieces, &data[text_from..]);
        pieces
    }

    /// The sequence at the beginning of some bytes.
    fn sequence(&self, rest: &[u8]) -> Sequence {
        for (sequence, on) in [(EDITING, true), (EDITED, false)] {
            if rest.starts_with(sequence) {
                return Sequence::Whole(Piece::Editing(on), sequence.len());
            }
        }
        let begins = |sequence: &[u8]| rest.len() < sequence.len() && sequence.starts_with(rest);
        if begins(OPEN) || begins(EDITING) || begins(EDITED) {
            return Sequence::Begun;
        }
        if !rest.starts_with(OPEN) {
            return Sequence::Other;
        }
        match rest.iter().take(LONGEST).position(|&byte| byte == CLOSE) {
            Some(length) => match self.read(&rest[OPEN.len()..length]) {
                Some(mark) => Sequence::Whole(Piece::Mark(mark), length + 1),
                None => Sequence::Other,
            },
            None if rest.len() < LONGEST => Sequence::Begun,
            None => Sequence::Other,
        }
    }

    /// `LETTER;LINE;NONCE`, or `LETTER;CODE;LINE;NONCE`.
    fn read(&self, body: &[u8]) -> Option<Mark> {
        let body = std::str::from_utf8(body).ok()?;
        let (body, nonce) = body.rsplit_once(';')?;
        let shell = self.shells.iter().position(|known| known.nonce == nonce)?;
        let mut parts = body.split(';');
        let letter = parts.next()?;
        let mut numbers = parts.map(|part| part.parse::<u64>().ok());
        let mut number = || numbers.next().flatten();
        let code = if matches!(letter, "D" | "P") { i32::try_from(number()?).ok()? } else { 0 };
        let line = number()?;
        let kind = match letter {
            "C" => MarkKind::Started,
            "D" => MarkKind::Finished(code),
            "E" => MarkKind::Prompting,
            "B" => MarkKind::Ready,
            "M" => MarkKind::More,
            "P" => MarkKind::Here(code),
            "A" | "N" => MarkKind::Announces(letter == "A"),
            "Q" => MarkKind::Reading,
            _ => return None,
        };
        Some(Mark { shell, line, kind })
    }
}

enum Sequence {
    /// Not one of ours.
    Other,
    /// It may become one of ours.
    Begun,
    /// One of ours, and its length.
    Whole(Piece, usize),
}

fn push(pieces: &mut Vec<Piece>, text: &[u8]) {
    if !text.is_empty() {
        pieces.push(Piece::Text(text.to_vec()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn marks() -> (Marks, String) {
        let nonce = Nonce::new();
        (Marks::new(&nonce), nonce.text().to_owned())
    }

    #[test]
    fn marks_are_found_however_the_stream_is_cut() {
        let (mut marks, nonce) = marks();
        let stream = format!(
            "echo\x1b[?2004l\x1b]133;C;4;{nonce}\x07out\x1b[31m\x1b]0;t\x07\x1b[?2004h\x1b]133;D;7;4;{nonce}\x07\x1b]133;B;4;{nonce}\x07"
        );
        let whole = marks.feed(stream.as_bytes());
        let mark = |kind| Piece::Mark(Mark { shell: 0, line: 4, kind });
        assert_eq!(whole[1..3], [Piece::Editing(false), mark(MarkKind::Started)]);
        assert_eq!(whole[4..], [Piece::Editing(true), mark(MarkKind::Finished(7)), mark(MarkKind::Ready)]);
        let mut joined: Vec<Piece> = Vec::new();
        for piece in stream.bytes().flat_map(|byte| marks.feed(&[byte])) {
            match (joined.last_mut(), piece) {
                (Some(Piece::Text(text)), Piece::Text(more)) => text.extend(more),
                (_, piece) => joined.push(piece),
            }
        }
        assert_eq!(joined, whole);
    }

    #[test]
    fn a_program_cannot_forge_a_mark() {
        let (mut marks, _) = marks();
        let forged = b"\x1b]133;D;0\x07\x1b]133;D;0;1;guess\x07\x1b]133;D;0;1;\x07";
        assert_eq!(marks.feed(forged), [Piece::Text(forged.to_vec())]);
    }

    #[test]
    fn each_shell_has_a_nonce_of_its_own() {
        let (mut marks, _) = marks();
        let second = Nonce::new();
        assert_eq!(marks.add(&second), 1);
        let mark = format!("\x1b]133;B;2;{}\x07", second.text());
        assert_eq!(
            marks.feed(mark.as_bytes()),
            [Piece::Mark(Mark { shell: 1, line: 2, kind: MarkKind::Ready })]
        );
    }

    #[test]
    fn a_mark_of_before_that_is_printed_takes_no_line_back() {
        let (mut marks, nonce) = marks();
        for line in [3, 1] {
            marks.feed(format!("\x1b]133;D;0;{line};{nonce}\x07").as_bytes());
        }
        assert_eq!(marks.last_line(0), 3);
    }
}
