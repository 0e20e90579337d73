//! Text made safe to show: whoever wrote it, nothing in it speaks to the terminal.

use std::fmt::Write as _;

use super::ByteRange;

/// A text made safe to show: control, direction-changing and invisible characters appear as their numbers.
pub fn printable(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        if is_printable(c) {
            safe.push(c);
        } else {
            let _ = write!(safe, "\\u{{{:X}}}", u32::from(c));
        }
    }
    safe
}

/// Whether a character may be shown as it is.
pub(crate) fn is_printable(c: char) -> bool {
    !(c.is_control()
        || matches!(c, '\u{00AD}' | '\u{061C}' | '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}')
        || matches!(c, '\u{2060}'..='\u{2069}' | '\u{FEFF}' | '\u{E0000}'..='\u{E007F}'))
}

/// The same for a text of several lines.
pub(crate) fn printable_lines(text: &str) -> String {
    let lines: Vec<String> = text.split('\n').map(printable).collect();
    lines.join("\n")
}

/// The same for a source text and the bytes that are marked in it; tabs stay.
pub(super) fn printable_source(text: &str, range: ByteRange) -> (String, ByteRange) {
    let mut safe = String::with_capacity(text.len());
    let (mut start, mut end) = (0, 0);
    for (at, c) in text.char_indices() {
        if at <= range.start {
            start = safe.len();
        }
        if at <= range.end {
            end = safe.len();
        }
        match c {
            '\n' | '\t' => safe.push(c),
            '\r' if text[at..].starts_with("\r\n") => {}
            _ => safe.push_str(&printable(c.encode_utf8(&mut [0; 4]))),
        }
    }
    if range.start >= text.len() {
        start = safe.len();
    }
    if range.end >= text.len() {
        end = safe.len();
    }
    (safe, start..end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_cannot_speak_to_the_terminal() {
        assert_eq!(printable("a\u{1b}[2Jb\u{202e}c"), "a\\u{1B}[2Jb\\u{202E}c");
        assert_eq!(printable("가 나"), "가 나");
    }
}
