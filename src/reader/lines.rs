//! What was pasted, as lines of a screen.

/// The lines of a pasted text as a terminal shows them: without control sequences, and of a line that was
/// written over only what stands there at the end.
pub(super) fn lines(text: &str) -> Vec<String> {
    let text = without_controls(text);
    text.split('\n').map(|line| last_state(line).trim_end().to_owned()).collect()
}

fn last_state(line: &str) -> &str {
    let line = line.trim_end_matches('\r');
    line.rsplit('\r').next().unwrap_or(line)
}

/// A text without the sequences that move and colour (ECMA-48's CSI, OSC and single characters).
fn without_controls(text: &str) -> String {
    let mut kept = String::with_capacity(text.len());
    let mut rest = text.chars();
    while let Some(c) = rest.next() {
        match c {
            '\u{1b}' => match rest.next() {
                Some('[') => drop(rest.find(|c| matches!(c, '@'..='~'))),
                Some(']') => drop(rest.find(|c| matches!(c, '\u{7}' | '\u{1b}'))),
                _ => {}
            },
            '\n' | '\r' | '\t' => kept.push(c),
            c if c.is_control() => {}
            c => kept.push(c),
        }
    }
    kept
}

/// Whether a line has nothing to see.
pub(super) fn is_blank(line: &str) -> bool {
    line.trim().is_empty()
}

#[cfg(test)]
mod tests {
    use super::lines;

    #[test]
    fn a_screen_is_what_is_seen_at_the_end() {
        assert_eq!(lines("a\r\nb  \n"), ["a", "b", ""]);
        assert_eq!(lines("10%\r100%\r\nx"), ["100%", "x"]);
        assert_eq!(lines("\u{1b}[1;31mred\u{1b}[0m \u{1b}]0;title\u{7}x\u{8}"), ["red x"]);
    }
}
