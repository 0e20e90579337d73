//! Lines that come in any order.

use std::collections::{HashMap, VecDeque};

use super::pattern::Class;
use super::plan::{Pair, Plan};
use crate::matching::binding::{Bindings, Conflict};
use crate::matching::rules::{End, Rules};

impl Plan<'_> {
    /// Finds each expected line anywhere on the screen, each screen line once.
    pub(super) fn search_unordered(
        &self,
        rules: Rules<'_>,
        bindings: &Bindings,
    ) -> Result<Vec<Pair>, Option<Conflict>> {
        let mut bindings = bindings.clone();
        let mut free = FreeLines::new(self);
        let mut pairs = Vec::new();
        let mut elided = rules.end == End::Open;
        for (pattern, expected) in self.patterns.iter().enumerate() {
            let Class::Text(class) = expected.class else {
                elided = true;
                continue;
            };
            let mut conflict = None;
            let fits = |actual: usize| {
                let pair = Pair { pattern, actual };
                match bindings.check(self.values(pair)) {
                    Ok(()) => !self.row(&pair).differs() || !self.has_false_gaps(&[pair]),
                    Err(found) => {
                        conflict.get_or_insert(found);
                        false
                    }
                }
            };
            let actual = free.take(class, &expected.text, fits).ok_or(conflict)?;
            let pair = Pair { pattern, actual };
            for (example, value) in self.values(pair) {
                bindings.bind(example, value, 0);
            }
            pairs.push(pair);
        }
        let last = self.actual.len().checked_sub(1);
        let shows_the_end = last.is_none_or(|last| pairs.iter().any(|pair| pair.actual == last));
        let is_whole = pairs.len() == self.actual.len() || (elided && (shows_the_end || !rules.failed));
        if is_whole { Ok(pairs) } else { Err(None) }
    }
}

/// The screen lines that no expected line of an unordered block has taken yet.
struct FreeLines<'p> {
    /// Of each class, the last first.
    alike: HashMap<u32, VecDeque<usize>>,
    /// Of each class and text, the last last.
    same: HashMap<(u32, &'p str), Vec<usize>>,
    taken: Vec<bool>,
}

impl<'p> FreeLines<'p> {
    fn new(plan: &'p Plan<'_>) -> Self {
        let mut alike: HashMap<u32, VecDeque<usize>> = HashMap::new();
        let mut same: HashMap<(u32, &str), Vec<usize>> = HashMap::new();
        for (at, (class, text)) in plan.actual.iter().zip(&plan.actual_texts).enumerate() {
            alike.entry(*class).or_default().push_front(at);
            same.entry((*class, text.trim_end())).or_default().push(at);
        }
        Self { alike, same, taken: vec![false; plan.actual.len()] }
    }

    /// Takes a line that fits: the very same one before those that are alike, and of these the last, since
    /// an error may be what it says.
    fn take(&mut self, class: u32, text: &'p str, mut fits: impl FnMut(usize) -> bool) -> Option<usize> {
        let alike = self.alike.get_mut(&class)?;
        let same = self.same.get_mut(&(class, text.trim_end()));
        let same = same.and_then(|same| {
            while same.last().is_some_and(|&last| self.taken[last]) {
                same.pop();
            }
            same.last().copied()
        });
        while alike.front().is_some_and(|&first| self.taken[first]) {
            alike.pop_front();
        }
        let chosen = same
            .filter(|&line| fits(line))
            .or_else(|| alike.iter().copied().find(|&line| !self.taken[line] && fits(line)))?;
        self.taken[chosen] = true;
        Some(chosen)
    }
}
