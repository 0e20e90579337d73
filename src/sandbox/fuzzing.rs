//! What programs write to the terminal, and the marks of the shell among it.

use super::marks::{Marks, Piece};
use super::terminal::Terminal;
use crate::nonce::Nonce;

/// Where an input has this, the shell's nonce stands.
const PLACE: &[u8] = b"NONCE";

/// How a stream is cut into reads changes nothing, and nobody makes a mark who does not know the nonce.
pub(crate) fn check(input: &[u8]) {
    let nonce = Nonce::new();
    let knows = input.windows(PLACE.len()).any(|window| window == PLACE);
    let stream = with_nonce(input, nonce.text().as_bytes());
    let whole = pieces(&nonce, [stream.as_slice()]);
    let single = pieces(&nonce, stream.chunks(1));
    assert_eq!(settled(&whole), settled(&single), "cut into bytes the stream is another");
    let half = stream.split_at(stream.len() / 2);
    assert_eq!(settled(&whole), settled(&pieces(&nonce, [half.0, half.1])), "cut in two it is another");
    assert!(knows || !whole.iter().any(|piece| matches!(piece, Piece::Mark(_))), "a mark was forged");
    let shown = terminal([stream.as_slice()]);
    let lines = shown.lines();
    for line in &lines {
        assert_eq!(line.trim_end(), line);
        assert!(!line.contains(|c: char| c.is_control()), "a line has a control character: {line:?}");
    }
    let single = terminal(stream.chunks(1));
    assert_eq!(lines, single.lines(), "shown byte by byte the screen is another");
    assert_eq!(shown.before_cursor(), single.before_cursor());
    assert_eq!(shown.whole_lines(), single.whole_lines());
    assert_eq!(shown.overflowed(), single.overflowed());
}

fn with_nonce(input: &[u8], nonce: &[u8]) -> Vec<u8> {
    let mut stream = Vec::with_capacity(input.len());
    let mut at = 0;
    while at < input.len() {
        if input[at..].starts_with(PLACE) {
            stream.extend_from_slice(nonce);
            at += PLACE.len();
        } else {
            stream.push(input[at]);
            at += 1;
        }
    }
    stream
}

fn pieces<'b>(nonce: &Nonce, reads: impl IntoIterator<Item = &'b [u8]>) -> Vec<Piece> {
    let mut marks = Marks::new(nonce);
    reads.into_iter().flat_map(|read| marks.feed(read)).collect()
}

/// Pieces with the texts that follow each other joined.
fn settled(pieces: &[Piece]) -> Vec<Piece> {
    let mut joined: Vec<Piece> = Vec::new();
    for piece in pieces {
        match (joined.last_mut(), piece) {
            (Some(Piece::Text(text)), Piece::Text(more)) => text.extend(more),
            (_, piece) => joined.push(piece.clone()),
        }
    }
    joined
}

fn terminal<'b>(reads: impl IntoIterator<Item = &'b [u8]>) -> Terminal {
    let mut terminal = Terminal::new();
    reads.into_iter().for_each(|read| terminal.feed(read));
    terminal
}
