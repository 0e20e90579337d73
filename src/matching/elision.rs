//! Lines that stand for any number of lines.

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
