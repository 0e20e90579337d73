//! A line in the form in which it is compared.

use std::collections::HashSet;
use std::sync::LazyLock;

use regex::Regex;

use super::token::{Kind, tokens};

/// A line ready to be compared: two lines are equal when their keys are.
#[derive(Debug, Clone)]
pub(super) struct Prepared {
    /// The text with volatile tokens replaced by their kind and shape, and column gaps by one mark.
    pub(super) key: String,
    /// The volatile tokens, as many and of the same kinds in lines with the same key.
    pub(super) values: Vec<Value>,
}

/// A volatile value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Value {
    pub(super) kind: Kind,
    pub(super) text: String,
}

/// The end state of a layer: which of the two depends on what the machine already has.
static LAYER: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new("^[0-9a-f]{12}: (?:Pull complete|Already exists)$").expect("the expression is constant")
});

const GAP: char = '\u{1}';

impl Prepared {
    /// Prepares a line; `literals` as for [`tokens`].
    pub(super) fn new(line: &str, literals: Option<&HashSet<&str>>) -> Self {
        let expanded = expand_tabs(line);
        let line = expanded.trim_end();
        if LAYER.is_match(line) {
            return Self { key: "\u{0}layer".into(), values: Vec::new() };
        }
        let found = tokens(line, literals);
        let mut key = String::with_capacity(line.len());
        let mut values = Vec::with_capacity(found.len());
        let mut at = 0;
        for token in &found {
            literal(&line[at..token.start], at == 0, at != 0, true, &mut key);
            key.push('\u{0}');
            key.push_str(token.shape);
            key.push('\u{0}');
            values.push(Value { kind: token.kind, text: token.text.to_owned() });
            at = token.start + token.text.len();
        }
        literal(&line[at..], at == 0, at != 0, false, &mut key);
        Self { key, values }
    }
}

/// Appends literal text: a run of two or more blanks inside the line is a column gap, and so is
/// any run beside a volatile token, whose width may push a column about. Indentation stays.
fn literal(text: &str, leads_line: bool, after_token: bool, before_token: bool, key: &mut String) {
    let indent = if leads_line { text.len() - text.trim_start_matches(' ').len() } else { 0 };
    key.push_str(&text[..indent]);
    let mut rest = &text[indent..];
    let mut first = indent == 0 && after_token;
    while let Some(blank) = rest.find(' ') {
        key.push_str(&rest[..blank]);
        let after = rest[blank..].trim_start_matches(' ');
        let width = rest.len() - blank - after.len();
        let beside = (first && blank == 0) || (before_token && after.is_empty());
        key.push(if width > 1 || beside { GAP } else { ' ' });
        rest = after;
        first = false;
    }
    key.push_str(rest);
}

/// Replaces tabs as a terminal does, with stops every eight columns.
pub(super) fn expand_tabs(line: &str) -> String {
    if !line.contains('\t') {
        return line.to_owned();
    }
    let mut expanded = String::with_capacity(line.len() + 8);
    let mut column = 0;
    for c in line.chars() {
        if c == '\t' {
            let width = 8 - column % 8;
            expanded.extend(std::iter::repeat_n(' ', width));
            column += width;
        } else {
            expanded.push(c);
            column += unicode_width::UnicodeWidthChar::width(c).unwrap_or(0);
        }
    }
    expanded
}

#[cfg(test)]
mod tests {
    use super::*;

    fn same(a: &str, b: &str) -> bool {
        Prepared::new(a, None).key == Prepared::new(b, Some(&HashSet::new())).key
    }

    #[test]
    fn tables_reflow_and_indentation_stays() {
        assert!(same("a   b", "a      b"));
        assert!(!same("a b", "a  b"));
        assert!(!same("  a", "    a"));
        assert!(same("my-cat   Up 3 seconds   tomcat", "my-cat   Up About a minute   tomcat"));
        assert!(same("size  9.5kB x", "size 13.3kB x"));
        assert!(same("a\tb", "a       b"));
    }

    #[test]
    fn another_kind_or_shape_is_another_line() {
        assert!(!same("89c9a39c74e4", "2 minutes ago"));
        assert!(!same("89c9a39c74e4", "89c9a39c74e45aa58d0f589ef89932e2092352fcee46f53f03efa473187b8f6d"));
        assert!(!same("13.3 kB", "13.3kB"));
        assert!(same("54f7e8ac135a: Already exists ", "d1786b40ed4f: Pull complete"));
        assert!(!same("54f7e8ac135a: Already exists", "d1786b40ed4f: Waiting"));
    }
}
