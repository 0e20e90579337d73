//! Expected lines against a screen.

mod pattern;
mod unordered;

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use unicode_width::UnicodeWidthStr;

use super::align::{self, Difference};
use super::binding::{Actual, Bindings, Conflict, Example};
use super::elision::Elisions;
use super::layout::{self, Surroundings};
use super::line::{Gap, Prepared, Reading, Value, expand_tabs};
use super::order;
use super::places::Places;
use super::supplied::Supplied;
use super::token::Kind;
use super::version;
use crate::snippet::Order;
use pattern::{Class, Pattern, Pieces, claimed_words};

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
    pub words: &'a [(Example, Actual)],
    /// What the page itself supplies: where that is printed, it is a claim.
    pub supplied: &'a Supplied,
    /// Whether the command ended with another exit code than 0. Then the last line of its screen is
    /// among the lines that an unordered block matches.
    pub failed: bool,
}

impl<'a> Rules<'a> {
    /// The rules for a command that has ended with exit code 0, and of which nothing was replaced: the
    /// lines are in their order, and nothing follows.
    pub fn new(elisions: &'a Elisions, supplied: &'a Supplied) -> Self {
        Self { elisions, order: Order::Listed, end: End::Closed, words: &[], supplied, failed: false }
    }
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
    /// Two sizes or durations are in another order than on the page.
    Order {
        /// The index of the expected line of the second.
        line: usize,
        /// What the page says of both, the smaller first.
        expected: (String, String),
        /// What the screen says of them.
        actual: (String, String),
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

/// The most text, in bytes, that is tried as lines which a terminal broke: without an end, the last line of
/// a page would be tried with each before it.
const MOST_JOINED: usize = 1024 * 1024;

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
    let mut first = None;
    for literal in literal_elisions(expected, screen, rules.elisions) {
        let plan = Plan::new(expected, &literal, screen, rules, bindings);
        match plan.find(rules, bindings) {
            Ok(pairs) => return Comparison::Match(plan.bind(&pairs, first_line, bindings)),
            Err(conflict) => first.get_or_insert((plan, conflict)),
        };
    }
    let Some((plan, conflict)) = first else { return Comparison::Match(Vec::new()) };
    let difference = plan.explain(rules.end, conflict);
    // What does agree is bound all the same, so that one false line does not make the next steps false too.
    for (expected, actual) in difference.pairs() {
        let pair = plan.pair_of(expected, actual);
        if plan.is_alike(&pair) && bindings.check(plan.values(pair)).is_ok() {
            plan.bind(&[pair], first_line, bindings);
        }
    }
    Comparison::Mismatch(Box::new(difference))
}

/// Whether [`compare`] would find a match, without saying where the two part, and without binding.
pub fn agrees(expected: &[&str], screen: &[String], rules: Rules<'_>, bindings: &Bindings) -> bool {
    literal_elisions(expected, screen, rules.elisions)
        .iter()
        .any(|literal| Plan::new(expected, literal, screen, rules, bindings).find(rules, bindings).is_ok())
}

/// Where an expected line (an index into the plan's patterns) was found on the screen.
#[derive(Debug, Clone, Copy)]
struct Pair {
    pattern: usize,
    actual: usize,
}

struct Plan<'a> {
    patterns: Vec<Pattern<'a>>,
    actual: Vec<u32>,
    actual_values: Vec<Vec<Value>>,
    actual_texts: Vec<Cow<'a, str>>,
    actual_gaps: Vec<Vec<Gap>>,
    /// The screen lines that count: blank ones at either end do not.
    offset: usize,
    /// The class of each line by its key.
    classes: HashMap<String, u32>,
}

impl<'a> Plan<'a> {
    fn new(
        expected: &[&'a str],
        literal: &HashSet<usize>,
        screen: &'a [String],
        rules: Rules<'_>,
        bindings: &Bindings,
    ) -> Self {
        let mut classes: HashMap<String, u32> = HashMap::new();
        let mut class_of = |key: String| {
            let next = u32::try_from(classes.len()).unwrap_or(u32::MAX);
            *classes.entry(key).or_insert(next)
        };
        let literals = claimed_words(expected, rules.words);
        let blank = |line: &str| line.trim().is_empty();
        let offset = screen.iter().take_while(|line| blank(line)).count();
        let end = screen.len() - screen.iter().rev().take_while(|line| blank(line)).count();
        let shown = screen.get(offset..end).unwrap_or_default();
        let reading = Reading { literals: Some(&literals), supplied: rules.supplied, bindings };
        let mut actual = Vec::with_capacity(shown.len());
        let mut actual_values = Vec::with_capacity(shown.len());
        let mut actual_texts = Vec::with_capacity(shown.len());
        let mut actual_gaps = Vec::with_capacity(shown.len());
        for line in shown {
            let text = expand_tabs(line);
            let prepared = Prepared::new(&text, reading);
            actual.push(class_of(prepared.key));
            actual_values.push(prepared.values);
            actual_gaps.push(prepared.gaps);
            actual_texts.push(text);
        }
        let known: HashSet<u32> = actual.iter().copied().collect();

        let reading = Reading { literals: None, ..reading };
        let is_elision = |at: usize| rules.elisions.is(expected[at]) && !literal.contains(&at);
        let first = expected.iter().take_while(|line| blank(line)).count();
        let last = expected.len() - expected.iter().rev().take_while(|line| blank(line)).count();
        let mut patterns = Vec::new();
        // The values of a line that is longer than each of the screen may be as much longer as they can be.
        let longest = 4 * actual_texts.iter().map(|text| text.len()).max().unwrap_or(0);
        let mut left = MOST_JOINED;
        let mut at = first;
        while at < last {
            if is_elision(at) {
                patterns.push(Pattern::elision(at));
                at += 1;
                continue;
            }
            let pieces = Pieces { reading, words: rules.words };
            let mut pattern = pieces.pattern(at, expected[at].into(), &mut class_of);
            let mut whole = String::new();
            let mut next = at + 1;
            while !known.contains(&pattern.key())
                && next < last
                && expected[next - 1].trim_end().width() >= NARROWEST_TERMINAL
                && !is_elision(next)
                && whole.len() <= longest.min(left)
            {
                if whole.is_empty() {
                    whole.push_str(expected[at]);
                }
                whole.push_str(expected[next]);
                left = left.saturating_sub(whole.len());
                next += 1;
                let longer = pieces.pattern(at, whole.clone().into(), &mut class_of);
                if known.contains(&longer.key()) {
                    pattern = Pattern { joined: next - at, ..longer };
                }
            }
            at += pattern.joined;
            patterns.push(pattern);
        }
        Self { patterns, actual, actual_values, actual_texts, actual_gaps, offset, classes }
    }

    fn pair_of(&self, line: usize, actual: usize) -> Pair {
        let pattern = self.patterns.partition_point(|pattern| pattern.line <= line).saturating_sub(1);
        Pair { pattern, actual: actual - self.offset }
    }

    fn values(&self, pair: Pair) -> impl Iterator<Item = (&Value, &Value)> {
        self.patterns[pair.pattern].values.iter().zip(&self.actual_values[pair.actual])
    }

    /// Whether both lines have volatile tokens of the same kinds, in the same order.
    fn is_alike(&self, pair: &Pair) -> bool {
        let (expected, actual) = (&self.patterns[pair.pattern].values, &self.actual_values[pair.actual]);
        expected.len() == actual.len()
            && self.values(*pair).all(|(example, value)| example.kind == value.kind)
    }

    fn find(&self, rules: Rules<'_>, bindings: &Bindings) -> Result<Vec<Pair>, Option<Conflict>> {
        let pairs = match rules.order {
            Order::Listed => self.search(rules.end, bindings)?,
            Order::Any => self.search_unordered(rules, bindings)?,
        };
        if self.has_false_gaps(&pairs) { Err(None) } else { Ok(pairs) }
    }

    fn row(&self, pair: &Pair) -> layout::Row<'_> {
        let pattern = &self.patterns[pair.pattern];
        layout::Row {
            expected: &pattern.text,
            expected_gaps: &pattern.gaps,
            actual: &self.actual_texts[pair.actual],
            actual_gaps: &self.actual_gaps[pair.actual],
        }
    }

    fn has_false_gaps(&self, pairs: &[Pair]) -> bool {
        pairs.iter().any(|pair| self.row(pair).differs()) && !self.false_gaps(pairs).is_empty()
    }

    /// The indices of the pairs whose gaps are false.
    fn false_gaps(&self, pairs: &[Pair]) -> Vec<usize> {
        let rows: Vec<_> = pairs.iter().map(|pair| self.row(pair)).collect();
        let has_elision = self.patterns.iter().any(|pattern| pattern.class == Class::Elision);
        let matched: HashSet<usize> = pairs.iter().map(|pair| pair.actual).collect();
        let elided: Vec<&str> = (0..self.actual.len())
            .filter(|at| has_elision && !matched.contains(at))
            .map(|at| &*self.actual_texts[at])
            .collect();
        layout::false_rows(&rows, Surroundings { has_elision, elided: &elided })
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
            let mut conflict = None;
            let place = {
                let places = || Places::new(&needle, &self.actual, from, anchored_start, anchored_end);
                let pairs_at = |place: usize| {
                    run.clone().map(move |pattern| Pair { pattern, actual: place + pattern - run.start })
                };
                let mut binds = |place: usize| {
                    let checked = bindings.check(pairs_at(place).flat_map(|pair| self.values(pair)));
                    checked.map_err(|found| conflict.get_or_insert(found)).is_ok()
                };
                // Lines whose gaps are not what they look like may stand before those that are meant.
                let exact = |place: usize| {
                    !pairs_at(place).any(|pair| self.row(&pair).differs())
                        || !self.has_false_gaps(&pairs_at(place).collect::<Vec<_>>())
                };
                let found = places().find(|&place| binds(place) && exact(place));
                found.or_else(|| places().find(|&place| binds(place)))
            };
            let Some(place) = place else { return Err(conflict) };
            for pattern in run.clone() {
                let pair = Pair { pattern, actual: place + pattern - run.start };
                for (example, value) in self.values(pair) {
                    bindings.bind(example, value, 0);
                }
                pairs.push(pair);
            }
            from = place + needle.len();
        }
        Ok(pairs)
    }

    fn bind(&self, pairs: &[Pair], first_line: usize, bindings: &mut Bindings) -> Vec<Note> {
        let mut notes = Vec::new();
        for pair in pairs {
            let line = self.patterns[pair.pattern].line;
            for (example, value) in self.values(*pair) {
                if example.kind == Kind::Version && !version::is_same(&example.text, &value.text) {
                    notes.push(Note::Version {
                        line,
                        expected: example.text.clone(),
                        actual: value.text.clone(),
                    });
                }
                bindings.show(example);
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
        let is_measured = |value: &Value| matches!(value.kind, Kind::Size | Kind::Duration);
        let measured: Vec<_> = pairs
            .iter()
            .filter(|pair| self.patterns[pair.pattern].values.iter().any(is_measured))
            .map(|pair| (self.patterns[pair.pattern].line, self.values(*pair).collect::<Vec<_>>()))
            .collect();
        notes.extend(order::note(&measured));
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
        let mut difference = align::align(&patterns, &self.actual, &keys, self.offset, end, conflict);
        // A row of a table that is false in a word still says how wide its columns are.
        let pairs: Vec<Pair> = difference
            .pairs()
            .into_iter()
            .map(|(line, actual)| self.pair_of(line, actual))
            .filter(|pair| self.is_alike(pair))
            .collect();
        let wrong: HashSet<usize> = self.false_gaps(&pairs).into_iter().map(|at| pairs[at].actual).collect();
        let rows: Vec<usize> = difference
            .same_rows()
            .filter(|(_, _, actual)| wrong.contains(&(actual - self.offset)))
            .map(|(row, ..)| row)
            .collect();
        for row in rows {
            difference.change(row);
        }
        difference
    }
}

/// For each way to read a block, the elisions that are lines of the screen: a line such as `...` that
/// the screen has is that line. Where the page has more of them, each way to choose is one.
fn literal_elisions(expected: &[&str], screen: &[String], elisions: &Elisions) -> Vec<HashSet<usize>> {
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

    fn run(expected: &str, screen: &str, end: End, order: Order, bindings: &mut Bindings) -> Comparison {
        let expected: Vec<&str> = expected.lines().collect();
        let screen: Vec<String> = screen.lines().map(str::to_owned).collect();
        let elisions = Elisions::default();
        let supplied = Supplied::default();
        let rules = Rules { order, end, ..Rules::new(&elisions, &supplied) };
        compare(&expected, 1, &screen, rules, bindings)
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
    fn many_long_lines_end() {
        let line = |number: usize| format!("{number:04} {}", "word ".repeat(20));
        let page: Vec<String> = (0..600).map(line).collect();
        assert!(!passes(&page.join("\n"), "something else"));
        assert!(!passes(&page.join("\n"), &"z".repeat(20_000)));
        let broken = page.concat();
        assert!(passes(
            &format!("{}\nend", page[..50].join("\n")),
            &format!("{}\nend", &broken[..50 * page[0].len()])
        ));
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
    fn a_claim_that_looks_like_a_value_may_have_a_particle() {
        for line in ["123456789012를 지웠다", "0ms가 걸렸다", "0µs가 걸렸다"] {
            assert!(passes(line, line), "{line}");
        }
        assert!(!passes("123456789012를 지웠다", "123456789013를 지웠다"));
    }

    #[test]
    fn an_unordered_block_is_true_of_itself() {
        for block in
            ["89c9a39c74e4\n89c9a39c74e4\n4f1be0c1d2a3", "a  89c9a39c74e4  b\na    89c9a39c74e4  b\nc"]
        {
            let comparison = run(block, block, End::Closed, Order::Any, &mut Bindings::default());
            assert_eq!(comparison, Comparison::Match(Vec::new()), "{block}");
        }
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
