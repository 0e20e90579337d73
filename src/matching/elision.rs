//! Lines that stand for any number of lines.

use std::collections::HashSet;

/// The lines that stand for any number of lines, including none.
#[derive(Debug, Clone, Default)]
pub struct Elisions {
    further: Vec<String>,
}

/// The marks; with one of the words beside them or alone they make an elision.
const MARKS: [&str; 4] = ["...", "…", "⋯", ".."];
const WORDS: [&str; 6] = ["생략", "중략", "이하 생략", "snip", "omitted", "truncated"];
const BRACKETS: [(char, char); 3] = [('[', ']'), ('(', ')'), ('<', '>')];

impl Elisions {
    /// The built-in lines and those that a book adds.
    pub fn new(further: &[String]) -> Self {
        Self { further: further.iter().map(|line| line.trim().to_owned()).collect() }
    }

    /// Whether a line of an expected block is an elision.
    pub fn is(&self, line: &str) -> bool {
        let line = line.trim();
        if line.is_empty() {
            return false;
        }
        if self.further.iter().any(|further| further == line) {
            return true;
        }
        let (text, bracketed) = match unbracket(line) {
            Some(inner) => (inner.trim(), true),
            None => (line, false),
        };
        if matches!(text, "..." | "…" | "⋯") {
            return true;
        }
        let mut word = text;
        let mut marks = 0;
        for mark in MARKS {
            if let Some(rest) = word.strip_prefix(mark) {
                word = rest;
                marks += 1;
            }
            if let Some(rest) = word.strip_suffix(mark) {
                word = rest;
                marks += 1;
            }
        }
        (bracketed || marks > 0) && WORDS.contains(&word.trim())
    }
}

fn unbracket(line: &str) -> Option<&str> {
    BRACKETS.iter().find_map(|&(open, close)| line.strip_prefix(open)?.strip_suffix(close))
}

/// For each way to read a block, the elisions that are lines of the screen: a line such as `...` that
/// the screen has is that line. Where the page has more of them, each way to choose is one.
pub(super) fn literal_elisions(
    expected: &[&str],
    screen: &[String],
    elisions: &Elisions,
) -> Vec<HashSet<usize>> {
    const MOST: usize = 32;
    let mut ways = vec![HashSet::new()];
    let marks: Vec<usize> = (0..expected.len()).filter(|&at| elisions.is(expected[at])).collect();
    let mut texts: Vec<&str> = marks.iter().map(|&at| expected[at].trim_end()).collect();
    texts.sort_unstable();
    texts.dedup();
    for text in texts {
        let shown = screen.iter().filter(|line| line.trim_end() == text).count();
        let own: Vec<usize> = marks.iter().copied().filter(|&at| expected[at].trim_end() == text).collect();
        if shown == 0 {
            continue;
        }
        let choices: Vec<&[usize]> = own.windows(shown.min(own.len())).take(MOST).collect();
        ways = ways
            .iter()
            .flat_map(|way| choices.iter().map(move |choice| way.iter().chain(*choice).copied().collect()))
            .take(MOST)
            .collect();
    }
    ways
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn elisions_in_korean_and_english() {
        let elisions = Elisions::new(&["-- 8< --".into()]);
        for line in [
            "...",
            "…",
            "⋯",
            "[...]",
            "(생략)",
            "...생략",
            "생략...",
            "... 중략 ...",
            "  ...  ",
            "[…]",
            "(중략)",
            "…생략…",
            "[snip]",
            "-- 8< --",
            "(이하 생략)",
        ] {
            assert!(elisions.is(line), "{line}");
        }
        for line in ["", "생략", "....", "[a]", "...a", "wait...", "(snip", "()", "[]", "$ ...", "snip"] {
            assert!(!elisions.is(line), "{line}");
        }
    }
}
