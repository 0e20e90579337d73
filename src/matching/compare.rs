//! Expected lines against a screen.

use std::collections::{HashMap, HashSet};

use unicode_width::UnicodeWidthStr;

use super::align::{self, Difference};
use super::binding::{Bindings, Conflict};
use super::elision::Elisions;
use super::line::{Prepared, Value, expand_tabs};
use super::token::Kind;
use crate::snippet::Order;

/// How a comparison is made.
#[derive(Debug, Clone, Copy)]
pub struct Rules<'a> {
    /// The lines that stand for any number of lines.
    pub elisions: &'a Elisions,
    /// Whether the order of the lines is a claim.
    pub order: Order,
    /// Whether more may follow on the screen.
    pub end: End,
    /// The words of the command that were replaced by values of this run.
    pub words: &'a [(String, String)],
}

/// Whether the screen must end where the expected lines end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// Nothing may follow.
    Closed,
    /// More may follow: the command goes on.
    Open,
}

/// What came of a comparison.
#[derive(Debug, Clone, PartialEq)]
pub enum Comparison {
    /// The page is true; notes say where it has drifted.
    Match(Vec<Note>),
    /// The page is false.
    Mismatch(Box<Difference>),
}

/// Something that is not false, and yet not as the page says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Note {
    /// A version number has changed.
    Version {
        /// The index of the expected line.
        line: usize,
        /// What the page says.
        expected: String,
        /// What the screen says.
        actual: String,
    },
    /// Two examples of the page stand for one thing.
    SecondExample {
        /// The index of the expected line.
        line: usize,
        /// The later example.
        example: String,
        /// The earlier one.
        first: String,
        /// The earlier one's line in the page, from 1.
        first_line: usize,
    },
}

/// An expected line broken by the width of its author's terminal is at least this wide, in columns.
const NARROWEST_TERMINAL: usize = 80;

/// Compares the expected lines with the screen, and binds the examples that meet their values.
///
/// `first_line` is the line of the page, from 1, that `expected[0]` is on. Takes time linear in the
/// text of both for the search, and at most the product of their line counts, capped, for the
/// alignment that explains a mismatch.
pub fn compare(
    expected: &[&str],
    first_line: usize,
    screen: &[String],
    rules: Rules<'_>,
    bindings: &mut Bindings,
) -> Comparison {
    let plan = Plan::new(expected, screen, rules);
    match plan.find(rules, bindings) {
        Ok(pairs) => Comparison::Match(plan.bind(&pairs, first_line, bindings)),
        Err(conflict) => {
            let difference = plan.explain(rules.end, conflict);
            // What does agree is bound all the same, so that one false line does not make the next steps false too.
            for (expected, actual) in difference.pairs() {
                let pair = plan.pair_of(expected, actual);
                if plan.is_alike(&pair) && bindings.check(plan.values(&pair)).is_ok() {
                    plan.bind(&[pair], first_line, bindings);
                }
            }
            Comparison::Mismatch(Box::new(difference))
        }
    }
}

/// Whether [`compare`] would find a match, without saying where the two part, and without binding.
pub fn agrees(expected: &[&str], screen: &[String], rules: Rules<'_>, bindings: &Bindings) -> bool {
    let plan = Plan::new(expected, screen, rules);
    plan.find(rules, bindings).is_ok()
}

/// Where an expected line (an index into the plan's patterns) was found on the screen.
#[derive(Debug, Clone, Copy)]
struct Pair {
    pattern: usize,
    actual: usize,
}

/// An expected line, or several that were one before a narrow terminal broke them.
#[derive(Debug)]
struct Pattern {
    /// The first expected line and how many are joined.
    line: usize,
    joined: usize,
    class: Class,
    values: Vec<Value>,
}

/// Lines of the same class are equal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Class {
    Elision,
    Text(u32),
}

struct Plan {
    patterns: Vec<Pattern>,
    actual: Vec<u32>,
    actual_values: Vec<Vec<Value>>,
    /// The screen lines that count: blank ones at either end do not.
    offset: usize,
    /// The class of each line by its key.
    classes: HashMap<String, u32>,
}

impl Plan {
    fn new(expected: &[&str], screen: &[String], rules: Rules<'_>) -> Self {
        let mut classes: HashMap<String, u32> = HashMap::new();
        let mut class_of = |key: String| {
            let next = u32::try_from(classes.len()).unwrap_or(u32::MAX);
            *classes.entry(key).or_insert(next)
        };
        let literals: HashSet<&str> = expected
            .iter()
            .flat_map(|line| line.split(|c: char| !c.is_ascii_alphanumeric()))
            .filter(|word| matches!(word.len(), 12 | 64) && word.bytes().all(|byte| byte.is_ascii_digit()))
            .collect();
        let blank = |line: &str| line.trim().is_empty();
        let offset = screen.iter().take_while(|line| blank(line)).count();
        let end = screen.len() - screen.iter().rev().take_while(|line| blank(line)).count();
        let mut actual = Vec::new();
        let mut actual_values = Vec::new();
        for line in screen.get(offset..end).unwrap_or_default() {
            let prepared = Prepared::new(line, Some(&literals));
            actual.push(class_of(prepared.key));
            actual_values.push(prepared.values);
        }
        let known: HashSet<u32> = actual.iter().copied().collect();

        let first = expected.iter().take_while(|line| blank(line)).count();
        let last = expected.len() - expected.iter().rev().take_while(|line| blank(line)).count();
        let mut patterns = Vec::new();
        let mut at = first;
        while at < last {
            if rules.elisions.is(expected[at]) {
                patterns.push(Pattern { line: at, joined: 1, class: Class::Elision, values: Vec::new() });
                at += 1;
                continue;
            }
            let mut joined = 1;
            let mut text = substitute(expected[at], rules.words);
            let mut prepared = Prepared::new(&text, None);
            let mut class = class_of(prepared.key);
            let mut next = at + 1;
            let mut last_piece = expected[at];
            while !known.contains(&class)
                && next < last
                && last_piece.trim_end().width() >= NARROWEST_TERMINAL
                && !rules.elisions.is(expected[next])
            {
                text.push_str(&substitute(expected[next], rules.words));
                last_piece = expected[next];
                next += 1;
                let longer = Prepared::new(&text, None);
                let candidate = class_of(longer.key);
                if known.contains(&candidate) {
                    prepared.values = longer.values;
                    class = candidate;
                    joined = next - at;
                }
            }
            patterns.push(Pattern { line: at, joined, class: Class::Text(class), values: prepared.values });
            at += joined;
        }
        Self { patterns, actual, actual_values, offset, classes }
    }

    fn pair_of(&self, line: usize, actual: usize) -> Pair {
        let pattern = self.patterns.partition_point(|pattern| pattern.line <= line).saturating_sub(1);
        Pair { pattern, actual: actual - self.offset }
    }

    fn values<'p>(&'p self, pair: &Pair) -> impl Iterator<Item = (&'p Value, &'p Value)> {
        self.patterns[pair.pattern].values.iter().zip(&self.actual_values[pair.actual])
    }

    /// Whether both lines have volatile tokens of the same kinds, in the same order.
    fn is_alike(&self, pair: &Pair) -> bool {
        let (expected, actual) = (&self.patterns[pair.pattern].values, &self.actual_values[pair.actual]);
        expected.len() == actual.len() && self.values(pair).all(|(example, value)| example.kind == value.kind)
    }

    fn find(&self, rules: Rules<'_>, bindings: &Bindings) -> Result<Vec<Pair>, Option<Conflict>> {
        match rules.order {
            Order::Listed => self.search(rules.end, bindings),
            Order::Any => self.search_unordered(rules.end, bindings),
        }
    }

    /// Finds each run of expected lines between elisions, in order, each as early as it can be.
    fn search(&self, end: End, bindings: &Bindings) -> Result<Vec<Pair>, Option<Conflict>> {
        let mut bindings = bindings.clone();
        let mut pairs = Vec::with_capacity(self.patterns.len());
        let mut runs = Vec::new();
        let mut start = 0;
        for (at, pattern) in self.patterns.iter().enumerate() {
            if pattern.class == Class::Elision {
                runs.push(start..at);
                start = at + 1;
            }
        }
        runs.push(start..self.patterns.len());
        let count = runs.len();
        let mut from = 0;
        for (number, run) in runs.into_iter().enumerate() {
            let needle: Vec<u32> = self.patterns[run.clone()]
                .iter()
                .filter_map(|pattern| match pattern.class {
                    Class::Text(class) => Some(class),
                    Class::Elision => None,
                })
                .collect();
            let anchored_start = number == 0;
            let anchored_end = number == count - 1 && end == End::Closed;
            let mut places = Places::new(&needle, &self.actual, from, anchored_start, anchored_end);
            let mut conflict = None;
            let found = places.find(|place| {
                let tried = run.clone().map(|pattern| Pair { pattern, actual: place + pattern - run.start });
                let values: Vec<_> = tried.flat_map(|pair| self.values(&pair).collect::<Vec<_>>()).collect();
                match bindings.check(values.iter().copied()) {
                    Ok(()) => true,
                    Err(found) => {
                        conflict.get_or_insert(found);
                        false
                    }
                }
            });
            let Some(place) = found else { return Err(conflict) };
            for pattern in run.clone() {
                let pair = Pair { pattern, actual: place + pattern - run.start };
                for (example, value) in self.values(&pair) {
                    bindings.bind(example, value, 0);
                }
                pairs.push(pair);
            }
            from = place + needle.len();
        }
        Ok(pairs)
    }

    /// Finds each expected line anywhere on the screen, each screen line once.
    fn search_unordered(&self, end: End, bindings: &Bindings) -> Result<Vec<Pair>, Option<Conflict>> {
        let mut bindings = bindings.clone();
        let mut free: HashMap<u32, std::collections::VecDeque<usize>> = HashMap::new();
        for (at, class) in self.actual.iter().enumerate() {
            free.entry(*class).or_default().push_back(at);
        }
        let mut pairs = Vec::new();
        let mut elided = end == End::Open;
        for (pattern, expected) in self.patterns.iter().enumerate() {
            let Class::Text(class) = expected.class else {
                elided = true;
                continue;
            };
            let places = free.get_mut(&class).ok_or(None)?;
            let mut conflict = None;
            let chosen = places.iter().position(|&actual| {
                match bindings.check(self.values(&Pair { pattern, actual })) {
                    Ok(()) => true,
                    Err(found) => {
                        conflict.get_or_insert(found);
                        false
                    }
                }
            });
            let actual = chosen.and_then(|at| places.remove(at)).ok_or(conflict)?;
            let pair = Pair { pattern, actual };
            for (example, value) in self.values(&pair) {
                bindings.bind(example, value, 0);
            }
            pairs.push(pair);
        }
        if elided || pairs.len() == self.actual.len() { Ok(pairs) } else { Err(None) }
    }

    fn bind(&self, pairs: &[Pair], first_line: usize, bindings: &mut Bindings) -> Vec<Note> {
        let mut notes = Vec::new();
        for pair in pairs {
            let line = self.patterns[pair.pattern].line;
            for (example, value) in self.values(pair) {
                if example.kind == Kind::Version && release(&example.text) != release(&value.text) {
                    notes.push(Note::Version {
                        line,
                        expected: example.text.clone(),
                        actual: value.text.clone(),
                    });
                }
                if let Some(second) = bindings.bind(example, value, first_line + line) {
                    notes.push(Note::SecondExample {
                        line,
                        example: second.example,
                        first: second.first,
                        first_line: second.first_line,
                    });
                }
            }
        }
        notes
    }

    fn explain(&self, end: End, conflict: Option<Conflict>) -> Difference {
        let patterns: Vec<align::Item> = self
            .patterns
            .iter()
            .map(|pattern| align::Item {
                line: pattern.line,
                joined: pattern.joined,
                class: match pattern.class {
                    Class::Text(class) => Some(class),
                    Class::Elision => None,
                },
            })
            .collect();
        let mut keys = vec![""; self.classes.len()];
        for (key, class) in &self.classes {
            keys[*class as usize] = key;
        }
        align::align(&patterns, &self.actual, &keys, self.offset, end, conflict)
    }
}

/// A version without its build metadata, which says nothing of precedence (SemVer 2.0.0, section 10).
fn release(version: &str) -> &str {
    version.split('+').next().unwrap_or(version)
}

/// Replaces whole words of an expected line that the command's rewriting replaced.
fn substitute(line: &str, words: &[(String, String)]) -> String {
    let mut text = expand_tabs(line);
    for (example, value) in words {
        let mut at = 0;
        while let Some(found) = text[at..].find(example.as_str()) {
            let start = at + found;
            let end = start + example.len();
            let inside = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '_');
            if inside(text[..start].chars().next_back()) || inside(text[end..].chars().next()) {
                at = end;
            } else {
                text.replace_range(start..end, value);
                at = start + value.len();
            }
        }
    }
    text
}

/// The places at which a run of lines occurs, from left to right, in linear time (Knuth, Morris, Pratt).
struct Places<'a> {
    needle: &'a [u32],
    haystack: &'a [u32],
    /// For each prefix of the needle, the length of its longest border.
    borders: Vec<usize>,
    at: usize,
    matched: usize,
    only: Option<Option<usize>>,
}

impl<'a> Places<'a> {
    fn new(needle: &'a [u32], haystack: &'a [u32], from: usize, at_start: bool, at_end: bool) -> Self {
        let last = haystack.len().checked_sub(needle.len()).filter(|&place| place >= from);
        let fits = |place: usize| haystack.get(place..place + needle.len()) == Some(needle);
        let only = match (at_start, at_end) {
            (false, false) => None,
            (true, false) => Some(Some(0).filter(|&place| fits(place))),
            (false, true) => Some(last.filter(|&place| fits(place))),
            (true, true) => Some(last.filter(|&place| place == 0 && fits(place))),
        };
        let mut borders = vec![0; needle.len()];
        let mut length = 0;
        for at in 1..needle.len() {
            while length > 0 && needle[at] != needle[length] {
                length = borders[length - 1];
            }
            if needle[at] == needle[length] {
                length += 1;
            }
            borders[at] = length;
        }
        Self { needle, haystack, borders, at: from, matched: 0, only }
    }
}

impl Iterator for Places<'_> {
    type Item = usize;

    fn next(&mut self) -> Option<usize> {
        if let Some(only) = &mut self.only {
            return only.take();
        }
        if self.needle.is_empty() {
            let at = self.at;
            self.only = Some(None);
            return Some(at);
        }
        while let Some(class) = self.haystack.get(self.at) {
            while self.matched > 0 && self.needle[self.matched] != *class {
                self.matched = self.borders[self.matched - 1];
            }
            if self.needle[self.matched] == *class {
                self.matched += 1;
            }
            self.at += 1;
            if self.matched == self.needle.len() {
                self.matched = self.borders[self.matched - 1];
                return Some(self.at - self.needle.len());
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(expected: &str, screen: &str, end: End, order: Order, bindings: &mut Bindings) -> Comparison {
        let expected: Vec<&str> = expected.lines().collect();
        let screen: Vec<String> = screen.lines().map(str::to_owned).collect();
        let elisions = Elisions::default();
        compare(&expected, 1, &screen, Rules { elisions: &elisions, order, end, words: &[] }, bindings)
    }

    fn passes(expected: &str, screen: &str) -> bool {
        matches!(
            run(expected, screen, End::Closed, Order::Listed, &mut Bindings::default()),
            Comparison::Match(_)
        )
    }

    #[test]
    fn lines_in_order_with_elisions() {
        assert!(passes("a\nb", "a\nb\n\n"));
        assert!(!passes("a\nb", "b\na"));
        assert!(!passes("a", "a\nb"));
        assert!(!passes("a\nb", "a"));
        assert!(passes("a\n...\nd", "a\nb\nc\nd"));
        assert!(passes("...\nc\n...", "a\nb\nc\nd"));
        assert!(passes("a\n...\nb", "a\nb"));
        assert!(!passes("a\n...\nb\nc", "a\nb\nx\nc"));
        assert!(!passes("...\nb\n...\na\n...", "a\nb"));
        assert!(passes("a\n...", "a"));
        assert!(!passes("a\n...\na", "a"));
        assert!(passes("...", ""));
        assert!(passes("", ""));
        assert!(!passes("", "a"));
        assert!(!passes("a", ""));
        assert!(passes("x\n...\na\na\nb\n...", "x\na\na\na\nb\ny"));
    }

    #[test]
    fn a_line_broken_by_a_terminal_is_joined() {
        let long = "w".repeat(100);
        assert!(passes(&format!("{long}\nrest"), &format!("{long}rest")));
        assert!(!passes("short\nrest", "shortrest"));
    }

    #[test]
    fn an_open_end_lets_more_follow() {
        let mut bindings = Bindings::default();
        assert!(matches!(run("a", "a\nb", End::Open, Order::Listed, &mut bindings), Comparison::Match(_)));
        assert!(matches!(run("b", "a\nb", End::Open, Order::Listed, &mut bindings), Comparison::Mismatch(_)));
    }

    #[test]
    fn unordered_lines_each_count_once() {
        let mut bindings = Bindings::default();
        assert!(matches!(
            run("b\na\na", "a\nb\na", End::Closed, Order::Any, &mut bindings),
            Comparison::Match(_)
        ));
        assert!(matches!(
            run("b\na\na", "a\nb\nb", End::Closed, Order::Any, &mut bindings),
            Comparison::Mismatch(_)
        ));
        assert!(matches!(
            run("b\na", "a\nb\na", End::Closed, Order::Any, &mut bindings),
            Comparison::Mismatch(_)
        ));
    }

    #[test]
    fn an_example_means_one_thing_on_the_whole_page() {
        let mut bindings = Bindings::default();
        assert!(matches!(
            run("89c9a39c74e4", "0123a39c74e4", End::Closed, Order::Listed, &mut bindings),
            Comparison::Match(_)
        ));
        let Comparison::Mismatch(difference) =
            run("89c9a39c74e4", "ffffa39c74e4", End::Closed, Order::Listed, &mut bindings)
        else {
            panic!()
        };
        assert_eq!(difference.conflict.unwrap().bound, "0123a39c74e4");
        let Comparison::Match(notes) =
            run("ab50cc931c7a", "0123a39c74e4", End::Closed, Order::Listed, &mut bindings)
        else {
            panic!()
        };
        assert!(matches!(&notes[..], [Note::SecondExample { first, .. }] if first == "89c9a39c74e4"));
    }

    #[test]
    fn a_version_alone_drifts() {
        let Comparison::Match(notes) = run(
            "Server version: 5.7.24",
            "Server version: 9.7.0",
            End::Closed,
            Order::Listed,
            &mut Bindings::default(),
        ) else {
            panic!()
        };
        assert_eq!(notes, [Note::Version { line: 0, expected: "5.7.24".into(), actual: "9.7.0".into() }]);
    }
}
