//! The end of what stands on a screen, in the space that a report has for it.

use std::borrow::Cow;

use crate::text::printable;

/// How many lines are shown.
const MOST_LINES: usize = 12;
/// How many characters of a line are shown.
const MOST_CHARACTERS: usize = 1000;

/// The last lines of a screen, safe to show; a long line ends in `…`.
pub(super) fn last_lines<L: AsRef<str>>(screen: &[L]) -> impl Iterator<Item = String> {
    screen[screen.len().saturating_sub(MOST_LINES)..].iter().map(|line| printable(&shortened(line.as_ref())))
}

fn shortened(line: &str) -> Cow<'_, str> {
    match line.char_indices().nth(MOST_CHARACTERS) {
        Some((end, _)) => format!("{}…", &line[..end]).into(),
        None => line.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_line_and_many_lines_are_shortened() {
        let screen = ["x".repeat(MOST_CHARACTERS), "가".repeat(MOST_CHARACTERS + 1), "\x1b".into()];
        let shown: Vec<_> = last_lines(&screen).collect();
        assert_eq!(shown, [screen[0].clone(), "가".repeat(MOST_CHARACTERS) + "…", "\\u{1B}".into()]);
        let screen: Vec<_> = (0..20).map(|number| number.to_string()).collect();
        assert_eq!(last_lines(&screen).collect::<Vec<_>>(), &screen[8..]);
    }
}
