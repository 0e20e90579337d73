//! The marks of the shell (OSC 133, FinalTerm's semantic prompts) told from the text around them.
//!
//! Each mark carries a word that only this shell knows, so no program can forge one.

/// A piece of what the shell sends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Piece {
    /// What a program wrote, or the echo of what was typed.
    Text(Vec<u8>),
    /// The command has been read; its output begins.
    Started,
    /// The command has ended with this exit code.
    Finished(i32),
    /// The shell waits for a command.
    Ready,
}

const OPEN: &[u8] = b"\x1b]133;";
const CLOSE: u8 = 0x07;
const LONGEST: usize = 128;

/// Cuts a stream at its marks.
#[derive(Debug)]
pub(super) struct Marks {
    word: String,
    pending: Vec<u8>,
}

impl Marks {
    pub(super) fn new(word: String) -> Self {
        Self { word, pending: Vec::new() }
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
            if rest.len() < OPEN.len() && OPEN.starts_with(rest) {
                self.pending = rest.to_vec();
                push(&mut pieces, &data[text_from..start]);
                return pieces;
            }
            at = start + 1;
            if !rest.starts_with(OPEN) {
                continue;
            }
            let Some(length) = rest.iter().take(LONGEST).position(|&byte| byte == CLOSE) else {
                if rest.len() < LONGEST {
                    self.pending = rest.to_vec();
                    push(&mut pieces, &data[text_from..start]);
                    return pieces;
                }
                continue;
            };
            if let Some(mark) = self.read(&rest[OPEN.len()..length]) {
                push(&mut pieces, &data[text_from..start]);
                pieces.push(mark);
                text_from = start + length + 1;
                at = text_from;
            }
        }
        push(&mut pieces, &data[text_from..]);
        pieces
    }

    fn read(&self, body: &[u8]) -> Option<Piece> {
        let body = std::str::from_utf8(body).ok()?;
        let body = body.strip_suffix(self.word.as_str())?.strip_suffix(';')?;
        match body {
            "C" => Some(Piece::Started),
            "B" => Some(Piece::Ready),
            _ => body.strip_prefix("D;")?.parse().ok().map(Piece::Finished),
        }
    }
}

fn push(pieces: &mut Vec<Piece>, text: &[u8]) {
    if !text.is_empty() {
        pieces.push(Piece::Text(text.to_vec()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_are_found_however_the_stream_is_cut() {
        let stream = b"echo\x1b]133;C;w\x07out\x1b[31m\x1b]0;t\x07\x1b]133;D;7;w\x07\x1b]133;B;w\x07";
        let whole = Marks::new("w".into()).feed(stream);
        assert_eq!(whole[1], Piece::Started);
        assert_eq!(&whole[3..], [Piece::Finished(7), Piece::Ready]);
        let mut marks = Marks::new("w".into());
        let mut joined: Vec<Piece> = Vec::new();
        for piece in stream.iter().flat_map(|byte| marks.feed(&[*byte])) {
            match (joined.last_mut(), piece) {
                (Some(Piece::Text(text)), Piece::Text(more)) => text.extend(more),
                (_, piece) => joined.push(piece),
            }
        }
        assert_eq!(joined, whole);
    }

    #[test]
    fn a_program_cannot_forge_a_mark() {
        let forged = b"\x1b]133;D;0\x07\x1b]133;D;0;guess\x07";
        assert_eq!(Marks::new("w".into()).feed(forged), [Piece::Text(forged.to_vec())]);
    }
}
