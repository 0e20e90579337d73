//! The marks of shells (OSC 133, FinalTerm's semantic prompts) separated from the text around them.
//!
//! Each mark carries a nonce that only one shell knows, so no program can forge one, and how many
//! commands the shell has read, so that a prompt drawn again is not taken for a new one.

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
    /// How many commands it has read.
    pub(super) read: u64,
    /// What its prompt is made from, in a number that changes with it; 0 where it is not known.
    pub(super) prompt: u64,
    /// What it says.
    pub(super) kind: MarkKind,
}

/// What a mark says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum MarkKind {
    /// A command has been read; its output begins.
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
}

const OPEN: &[u8] = b"\x1b]133;";
const CLOSE: u8 = 0x07;
const EDITING: &[u8] = b"\x1b[?2004h";
const EDITED: &[u8] = b"\x1b[?2004l";
const LONGEST: usize = 128;

/// Cuts a stream at its marks.
#[derive(Debug)]
pub(super) struct Marks {
    shells: Vec<MarkingShell>,
    pending: Vec<u8>,
}

/// A shell that is known, and what it has said last.
#[derive(Debug)]
struct MarkingShell {
    nonce: String,
    read: u64,
    /// What its prompt was made from when its marks were seen to be whole.
    whole: Option<u64>,
    /// What its prompt is made from now.
    prompt: u64,
}

impl MarkingShell {
    fn new(nonce: &Nonce) -> Self {
        Self { nonce: nonce.text().to_owned(), read: 0, whole: None, prompt: 0 }
    }

    fn hear(&mut self, mark: Mark) {
        match mark.kind {
            MarkKind::Finished(_) => {
                self.whole.get_or_insert(mark.prompt);
            }
            // 0: it cannot set them all again.
            MarkKind::Here(_) => self.whole = Some(mark.prompt).filter(|&prompt| prompt != 0),
            _ => return,
        }
        (self.read, self.prompt) = (mark.read, mark.prompt);
    }
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

    /// How many commands a shell had read when it showed its prompt last.
    pub(super) fn read(&self, shell: usize) -> u64 {
        self.shells[shell].read
    }

    /// Whether what a shell's prompt is made from has changed since its marks were seen to be whole.
    pub(super) fn may_be_lost(&self, shell: usize) -> bool {
        let shell = &self.shells[shell];
        shell.whole != Some(shell.prompt)
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
                self.shells[mark.shell].hear(mark);
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
            Some(length) => match self.parse(&rest[OPEN.len()..length]) {
                Some(mark) => Sequence::Whole(Piece::Mark(mark), length + 1),
                None => Sequence::Other,
            },
            None if rest.len() < LONGEST => Sequence::Begun,
            None => Sequence::Other,
        }
    }

    /// `LETTER;READ;NONCE`, or `LETTER;CODE;READ;PROMPT;NONCE`.
    fn parse(&self, body: &[u8]) -> Option<Mark> {
        let body = std::str::from_utf8(body).ok()?;
        let (body, nonce) = body.rsplit_once(';')?;
        let shell = self.shells.iter().position(|known| known.nonce == nonce)?;
        let mut parts = body.split(';');
        let letter = parts.next()?;
        let mut numbers = parts.map(|part| part.parse::<u64>().ok());
        let mut number = || numbers.next().flatten();
        let has_code = matches!(letter, "D" | "P");
        let code = if has_code { i32::try_from(number()?).ok()? } else { 0 };
        let read = number()?;
        let prompt = if has_code { number()? } else { 0 };
        let kind = match letter {
            "C" => MarkKind::Started,
            "D" => MarkKind::Finished(code),
            "E" => MarkKind::Prompting,
            "B" => MarkKind::Ready,
            "M" => MarkKind::More,
            "P" => MarkKind::Here(code),
            _ => return None,
        };
        Some(Mark { shell, read, prompt, kind })
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
            "echo\x1b[?2004l\x1b]133;C;4;{nonce}\x07out\x1b[31m\x1b]0;t\x07\x1b[?2004h\x1b]133;D;7;4;0;{nonce}\x07\x1b]133;B;4;{nonce}\x07"
        );
        let whole = marks.feed(stream.as_bytes());
        let mark = |kind| Piece::Mark(Mark { shell: 0, read: 4, prompt: 0, kind });
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
        let forged = b"\x1b]133;D;0\x07\x1b]133;D;0;1;0;guess\x07\x1b]133;D;0;1;0;\x07";
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
            [Piece::Mark(Mark { shell: 1, read: 2, prompt: 0, kind: MarkKind::Ready })]
        );
    }

    #[test]
    fn a_prompt_that_the_page_made_anew_may_have_lost_its_marks() {
        let (mut marks, nonce) = marks();
        let mut hear = |mark: &str| {
            marks.feed(format!("\x1b]133;{mark};{nonce}\x07").as_bytes());
            (marks.read(0), marks.may_be_lost(0))
        };
        assert_eq!(hear("D;0;0;52010"), (0, false));
        assert_eq!(hear("D;0;1;52010"), (1, false));
        assert_eq!(hear("D;0;2;58010"), (2, true));
        assert_eq!(hear("P;0;2;58010"), (2, false), "it was asked, and has set them again");
    }
}
