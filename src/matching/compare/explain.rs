//! What follows from a search: bindings and notes where it found all, else a difference.

use std::collections::HashSet;

use super::pattern::Class;
use super::plan::{Pair, Plan};
use crate::matching::align::{self, Item};
use crate::matching::binding::{Bindings, Conflict};
use crate::matching::comparison::Note;
use crate::matching::difference::{Difference, Row};
use crate::matching::order;
use crate::matching::rules::{End, Order};
use crate::matching::token::Kind;
use crate::matching::value::Value;
use crate::matching::version;

impl Plan<'_> {
    /// Binds the examples of lines that were found, and says what has drifted.
    pub(super) fn bind(&self, pairs: &[Pair], first_line: usize, bindings: &mut Bindings) -> Vec<Note> {
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

    /// The rows of lines that were found. An elision stands for the lines up to the next that was found,
    /// and in a block without order for none.
    pub(super) fn rows(&self, pairs: &[Pair], order: Order) -> Vec<Row> {
        let mut found = pairs.iter();
        let mut rows: Vec<Row> = Vec::with_capacity(self.patterns.len());
        let mut at = self.offset;
        let ends_at = |rows: &mut Vec<Row>, end: usize| {
            if let (Some(Row::Elided { actual, .. }), Order::Listed) = (rows.last_mut(), order) {
                actual.end = end.max(actual.start);
            }
        };
        for pattern in &self.patterns {
            match (pattern.class, found.as_slice().first()) {
                (Class::Text(_), Some(pair)) => {
                    let actual = pair.actual + self.offset;
                    ends_at(&mut rows, actual);
                    rows.push(Row::Same { expected: pattern.line..pattern.line + pattern.joined, actual });
                    at = actual + 1;
                    found.next();
                }
                _ => rows.push(Row::Elided { expected: pattern.line, actual: at..at }),
            }
        }
        ends_at(&mut rows, self.offset + self.actual.len());
        rows
    }

    /// Aligns both sides, and says which lines are false.
    pub(super) fn explain(&self, end: End, conflict: Option<Conflict>) -> Difference {
        let patterns: Vec<Item> = self
            .patterns
            .iter()
            .map(|pattern| Item {
                line: pattern.line,
                joined: pattern.joined,
                class: match pattern.class {
                    Class::Text(class) => Some(class),
                    Class::Elision => None,
                },
            })
            .collect();
        let keys = self.classes.keys();
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
