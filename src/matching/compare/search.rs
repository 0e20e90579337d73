//! Expected lines are looked for on the screen, in their order.

use std::ops::Range;

use super::pattern::Class;
use super::plan::{Pair, Plan};
use crate::matching::binding::{Bindings, Conflict};
use crate::matching::places::Places;
use crate::matching::rules::{End, Order, Rules};

impl Plan<'_> {
    /// Finds each expected line on the screen.
    pub(super) fn find(&self, rules: Rules<'_>, bindings: &Bindings) -> Result<Vec<Pair>, Option<Conflict>> {
        let pairs = match rules.order {
            Order::Listed => self.search(rules.end, bindings)?,
            Order::Any => self.search_unordered(rules, bindings)?,
        };
        if self.has_false_gaps(&pairs) { Err(None) } else { Ok(pairs) }
    }

    /// The runs of patterns between elisions.
    fn runs(&self) -> Vec<Range<usize>> {
        let mut runs = Vec::new();
        let mut start = 0;
        for (at, pattern) in self.patterns.iter().enumerate() {
            if pattern.class == Class::Elision {
                runs.push(start..at);
                start = at + 1;
            }
        }
        runs.push(start..self.patterns.len());
        runs
    }

    /// Finds each run of expected lines between elisions, in order, each as early as it can be.
    fn search(&self, end: End, bindings: &Bindings) -> Result<Vec<Pair>, Option<Conflict>> {
        let mut bindings = bindings.clone();
        let mut pairs = Vec::with_capacity(self.patterns.len());
        let runs = self.runs();
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
                // Lines whose gaps are not what they look like may stand before the intended ones.
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
}
