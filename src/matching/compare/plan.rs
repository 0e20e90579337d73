//! Both sides of a comparison, ready for the search.

use std::borrow::Cow;
use std::collections::HashSet;

use unicode_width::UnicodeWidthStr;

use super::pattern::{Class, Classes, Pattern, PatternBuilder, claimed_words};
use crate::matching::binding::Bindings;
use crate::matching::layout::{self, Surroundings};
use crate::matching::line::{Gap, Prepared, Reading, expand_tabs};
use crate::matching::rules::Rules;
use crate::matching::value::Value;

/// An expected line broken by the width of its author's terminal is at least this wide, in columns.
const NARROWEST_TERMINAL: usize = 80;

/// The most text, in bytes, that is tried as lines which a terminal broke: without an end, the last line of
/// a page would be tried with each before it.
const MOST_JOINED: usize = 1024 * 1024;

/// Where an expected line (an index into the plan's patterns) was found on the screen.
#[derive(Debug, Clone, Copy)]
pub(super) struct Pair {
    pub(super) pattern: usize,
    pub(super) actual: usize,
}

/// The lines of both sides, each with its class: lines of one class are equal but for their values.
pub(super) struct Plan<'a> {
    pub(super) patterns: Vec<Pattern<'a>>,
    /// The class of each screen line that counts.
    pub(super) actual: Vec<u32>,
    actual_values: Vec<Vec<Value>>,
    pub(super) actual_texts: Vec<Cow<'a, str>>,
    actual_gaps: Vec<Vec<Gap>>,
    /// The screen lines that count: blank ones at either end do not.
    pub(super) offset: usize,
    pub(super) classes: Classes,
}

impl<'a> Plan<'a> {
    pub(super) fn new(
        expected: &[&'a str],
        literal: &HashSet<usize>,
        screen: &'a [String],
        rules: Rules<'_>,
        bindings: &Bindings,
    ) -> Self {
        let literals = claimed_words(expected, rules.words);
        let blank = |line: &str| line.trim().is_empty();
        let offset = screen.iter().take_while(|line| blank(line)).count();
        let end = screen.len() - screen.iter().rev().take_while(|line| blank(line)).count();
        let shown = screen.get(offset..end).unwrap_or_default();
        let reading = Reading { literals: Some(&literals), supplied: rules.supplied, bindings };
        let mut plan = Self {
            patterns: Vec::new(),
            actual: Vec::with_capacity(shown.len()),
            actual_values: Vec::with_capacity(shown.len()),
            actual_texts: Vec::with_capacity(shown.len()),
            actual_gaps: Vec::with_capacity(shown.len()),
            offset,
            classes: Classes::default(),
        };
        for line in shown {
            plan.push_screen_line(line, reading);
        }
        let builder = PatternBuilder { reading: Reading { literals: None, ..reading }, words: rules.words };
        let is_elision = |at: usize| rules.elisions.is(expected[at]) && !literal.contains(&at);
        plan.read_expected(expected, builder, is_elision);
        plan
    }

    fn push_screen_line(&mut self, line: &'a str, reading: Reading<'_>) {
        let text = expand_tabs(line);
        let prepared = Prepared::new(&text, reading);
        self.actual.push(self.classes.of(prepared.key));
        self.actual_values.push(prepared.values);
        self.actual_gaps.push(prepared.gaps);
        self.actual_texts.push(text);
    }

    /// Makes the patterns, with the screen lines read: a line that its author's terminal broke is joined
    /// where the screen has the whole.
    fn read_expected(
        &mut self,
        expected: &[&'a str],
        builder: PatternBuilder<'_>,
        is_elision: impl Fn(usize) -> bool,
    ) {
        let known: HashSet<u32> = self.actual.iter().copied().collect();
        let blank = |line: &str| line.trim().is_empty();
        let first = expected.iter().take_while(|line| blank(line)).count();
        let last = expected.len() - expected.iter().rev().take_while(|line| blank(line)).count();
        // The values of a line that is longer than each of the screen may be as much longer as they can be.
        let longest = 4 * self.actual_texts.iter().map(|text| text.len()).max().unwrap_or(0);
        let mut left = MOST_JOINED;
        let mut at = first;
        while at < last {
            if is_elision(at) {
                self.patterns.push(Pattern::elision(at));
                at += 1;
                continue;
            }
            let mut pattern = builder.pattern(at, expected[at].into(), &mut self.classes);
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
                let longer = builder.pattern(at, whole.clone().into(), &mut self.classes);
                if known.contains(&longer.key()) {
                    pattern = Pattern { joined: next - at, ..longer };
                }
            }
            at += pattern.joined;
            self.patterns.push(pattern);
        }
    }

    pub(super) fn pair_of(&self, line: usize, actual: usize) -> Pair {
        let pattern = self.patterns.partition_point(|pattern| pattern.line <= line).saturating_sub(1);
        Pair { pattern, actual: actual - self.offset }
    }

    pub(super) fn values(&self, pair: Pair) -> impl Iterator<Item = (&Value, &Value)> {
        self.patterns[pair.pattern].values.iter().zip(&self.actual_values[pair.actual])
    }

    /// Whether both lines have volatile tokens of the same kinds, in the same order.
    pub(super) fn is_alike(&self, pair: &Pair) -> bool {
        let (expected, actual) = (&self.patterns[pair.pattern].values, &self.actual_values[pair.actual]);
        expected.len() == actual.len()
            && self.values(*pair).all(|(example, value)| example.kind == value.kind)
    }

    pub(super) fn row(&self, pair: &Pair) -> layout::Row<'_> {
        let pattern = &self.patterns[pair.pattern];
        layout::Row {
            expected: &pattern.text,
            expected_gaps: &pattern.gaps,
            actual: &self.actual_texts[pair.actual],
            actual_gaps: &self.actual_gaps[pair.actual],
        }
    }

    pub(super) fn has_false_gaps(&self, pairs: &[Pair]) -> bool {
        pairs.iter().any(|pair| self.row(pair).differs()) && !self.false_gaps(pairs).is_empty()
    }

    /// The indices of the pairs whose gaps are false.
    pub(super) fn false_gaps(&self, pairs: &[Pair]) -> Vec<usize> {
        let rows: Vec<_> = pairs.iter().map(|pair| self.row(pair)).collect();
        let has_elision = self.patterns.iter().any(|pattern| pattern.class == Class::Elision);
        let matched: HashSet<usize> = pairs.iter().map(|pair| pair.actual).collect();
        let elided: Vec<&str> = (0..self.actual.len())
            .filter(|at| has_elision && !matched.contains(at))
            .map(|at| &*self.actual_texts[at])
            .collect();
        layout::false_rows(&rows, Surroundings { has_elision, elided: &elided })
    }
}
