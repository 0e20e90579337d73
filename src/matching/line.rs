//! A line in the form in which it is compared.

use std::borrow::Cow;
use std::collections::HashSet;
use std::sync::LazyLock;

use regex::Regex;

use super::binding::Bindings;
use super::supplied::Supplied;
use super::token::{Token, tokens};
use super::value::Value;

/// A line ready to be compared: two lines are equal when their keys are, and their gaps agree.
#[derive(Debug, Clone)]
pub(super) struct Prepared {
    /// The text with volatile tokens replaced by their kind and shape, and column gaps by one mark.
    pub(super) key: String,
    /// The volatile tokens, as many and of the same kinds in lines with the same key.
    pub(super) values: Vec<Value>,
    /// The gaps, as many in lines with the same key.
    pub(super) gaps: Vec<Gap>,
}

/// A run of blanks that may be a gap between columns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Gap {
    /// Where it begins in the line, in bytes; tabs are expanded.
    pub(super) start: usize,
    /// How many blanks.
    pub(super) width: usize,
    /// Whether the cell before it has a volatile token, which may push what follows.
    pub(super) after_token: bool,
    /// Whether a volatile token begins right after it.
    pub(super) before_token: bool,
}

/// What decides which tokens of a line are volatile.
#[derive(Debug, Clone, Copy)]
pub(super) struct Reading<'a> {
    /// As for [`tokens`].
    pub(super) literals: Option<&'a HashSet<&'a str>>,
    pub(super) supplied: &'a Supplied,
    pub(super) bindings: &'a Bindings,
}

impl Reading<'_> {
    /// The volatile tokens of a line: what the page supplies is none, unless it is an example of its own.
    pub(super) fn tokens<'l>(&self, line: &'l str) -> Vec<Token<'l>> {
        let mut found = tokens(line, self.literals);
        found.retain(|token| !self.supplied.claims(token) || self.bindings.has_shown(token));
        found
    }
}

/// The end state of a layer: which of the two depends on what the machine already has.
static LAYER: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new("^[0-9a-f]{12}: (?:Pull complete|Already exists)$").expect("the expression is constant")
});

/// Whether a line says how the download of a layer ended.
pub fn is_layer(line: &str) -> bool {
    LAYER.is_match(line)
}

const GAP: char = '\u{1}';

impl Prepared {
    /// Prepares a line whose tabs are expanded.
    pub(super) fn new(line: &str, reading: Reading<'_>) -> Self {
        let line = line.trim_end();
        if is_layer(line) {
            return Self { key: "\u{0}layer".into(), values: Vec::new(), gaps: Vec::new() };
        }
        let found = reading.tokens(line);
        let mut prepared = Self {
            key: String::with_capacity(line.len()),
            values: Vec::with_capacity(found.len()),
            gaps: Vec::new(),
        };
        let mut literals = Literals { line, token_in_cell: false };
        let mut at = 0;
        for token in &found {
            literals.push(at..token.start, Beside { token_after: true }, &mut prepared);
            prepared.key.push('\u{0}');
            prepared.key.push_str(token.shape);
            for part in token.form() {
                prepared.key.push_str(part);
            }
            prepared.key.push('\u{0}');
            prepared.values.push(Value { kind: token.kind, text: token.text.to_owned() });
            at = token.start + token.text.len();
            literals.token_in_cell = true;
        }
        literals.push(at..line.len(), Beside { token_after: false }, &mut prepared);
        prepared
    }
}

/// The literal parts of a line, from left to right.
struct Literals<'a> {
    line: &'a str,
    /// Whether the cell that is being read has a volatile token.
    token_in_cell: bool,
}

/// What stands after a literal part.
#[derive(Clone, Copy)]
struct Beside {
    token_after: bool,
}

impl Literals<'_> {
    /// Appends literal text: a run of two or more blanks inside the line may be a column gap, and so
    /// may any run beside a volatile token, whose width may push a column about. Indentation stays.
    fn push(&mut self, range: std::ops::Range<usize>, beside: Beside, into: &mut Prepared) {
        let text = &self.line[range.clone()];
        let leads = range.start == 0;
        let indent = if leads { text.len() - text.trim_start_matches(' ').len() } else { 0 };
        into.key.push_str(&text[..indent]);
        let mut rest = &text[indent..];
        let mut at = range.start + indent;
        while let Some(blank) = rest.find(' ') {
            into.key.push_str(&rest[..blank]);
            let after = rest[blank..].trim_start_matches(' ');
            let width = rest.len() - blank - after.len();
            let start = at + blank;
            let after_token = !leads && start == range.start;
            let before_token = beside.token_after && after.is_empty();
            if width > 1 || after_token || before_token {
                into.key.push(GAP);
                let after_token = after_token || self.token_in_cell;
                into.gaps.push(Gap { start, width, after_token, before_token });
            } else {
                into.key.push(' ');
            }
            self.token_in_cell &= width == 1;
            at = start + width;
            rest = after;
        }
        into.key.push_str(rest);
    }
}

/// Replaces tabs as a terminal does, with stops every eight columns.
pub(super) fn expand_tabs(line: &str) -> Cow<'_, str> {
    if !line.contains('\t') {
        return line.into();
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
    expanded.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn same(a: &str, b: &str) -> bool {
        let (supplied, bindings, none) = (Supplied::default(), Bindings::default(), HashSet::new());
        let key = |line, literals| {
            Prepared::new(&expand_tabs(line), Reading { literals, supplied: &supplied, bindings: &bindings })
                .key
        };
        key(a, None) == key(b, Some(&none))
    }

    #[test]
    fn gaps_are_where_columns_may_be() {
        let (supplied, bindings) = (Supplied::default(), Bindings::default());
        let reading = Reading { literals: None, supplied: &supplied, bindings: &bindings };
        let gaps = Prepared::new("  a   Up 3 seconds x   y  z", reading).gaps;
        let found: Vec<_> =
            gaps.iter().map(|gap| (gap.start, gap.width, gap.after_token || gap.before_token)).collect();
        assert_eq!(found, [(3, 3, false), (8, 1, true), (18, 1, true), (20, 3, true), (24, 2, false)]);
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
