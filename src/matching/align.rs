//! Aligns expected lines and screen, for what a report shows and what `bless` edits by.

use std::collections::HashMap;
use std::ops::Range;

use super::binding::Conflict;
use super::difference::{Difference, Row};
use super::rules::End;

/// An expected line as the alignment sees it; an elision has no class.
pub(super) struct Item {
    pub(super) line: usize,
    pub(super) joined: usize,
    pub(super) class: Option<u32>,
}

/// The most cells of the alignment's table; what is beyond is shown unaligned.
const MOST_CELLS: usize = 400_000;

// An elision takes lines for nothing. A line that was changed costs less than one dropped and one
// added, and less than one dropped alone if it still resembles what stands in its place.
const GAP: u32 = 4;
const CHANGE: u32 = 5;
const RESEMBLING: u32 = 2;

/// Aligns expected lines and screen at the least cost.
///
/// `keys` are the lines of each class; `offset` is the index of the first of the `actual` lines.
pub(super) fn align(
    items: &[Item],
    actual: &[u32],
    keys: &[&str],
    offset: usize,
    end: End,
    conflict: Option<Conflict>,
) -> Difference {
    let head = items.iter().zip(actual).take_while(|(item, class)| item.class == Some(**class)).count();
    let columns = (MOST_CELLS / (items.len() - head + 1)).min(actual.len() - head);
    let rows = (MOST_CELLS / (columns + 1)).min(items.len() - head);
    let mut aligned: Vec<Row> = (0..head).map(|at| same(&items[at], at + offset)).collect();
    let table = Table {
        items: &items[head..head + rows],
        actual: &actual[head..head + columns],
        change: Change { keys, known: HashMap::new() },
        end,
    };
    aligned.extend(table.rows(offset + head));
    aligned.extend(items[head + rows..].iter().map(|item| Row::Missing { expected: range(item) }));
    if end == End::Closed {
        aligned.extend((head + columns..actual.len()).map(|at| Row::Extra { actual: at + offset }));
    }
    Difference { rows: settle(aligned), conflict }
}

/// An elision took for nothing what stands in the place of missing lines, between it and a line
/// that agrees (or the end): gives those lines back, so that they show as changed.
fn settle(rows: Vec<Row>) -> Vec<Row> {
    let mut settled: Vec<Row> = Vec::with_capacity(rows.len());
    let mut rows = rows.into_iter().peekable();
    while let Some(row) = rows.next() {
        let Row::Missing { expected } = row else {
            settled.push(row);
            continue;
        };
        let mut missing = vec![expected];
        while let Some(Row::Missing { expected }) = rows.next_if(|row| matches!(row, Row::Missing { .. })) {
            missing.push(expected);
        }
        let before = match settled.last_mut() {
            Some(Row::Elided { actual, .. }) => Some(actual),
            _ => None,
        };
        let after = match rows.peek_mut() {
            Some(Row::Elided { actual, .. }) => Some(actual),
            _ => None,
        };
        let mut taken = match (before, after) {
            (Some(range), None) => {
                let from = range.end - missing.len().min(range.len());
                let taken = from..range.end;
                range.end = from;
                taken
            }
            (None, Some(range)) => {
                let to = range.start + missing.len().min(range.len());
                let taken = range.start..to;
                range.start = to;
                taken
            }
            _ => 0..0,
        };
        settled.extend(missing.into_iter().map(|expected| match taken.next() {
            Some(actual) => Row::Changed { expected, actual },
            None => Row::Missing { expected },
        }));
    }
    settled
}

fn range(item: &Item) -> Range<usize> {
    item.line..item.line + item.joined
}

fn same(item: &Item, actual: usize) -> Row {
    Row::Same { expected: range(item), actual }
}

/// What it costs to take one line for another.
struct Change<'a> {
    keys: &'a [&'a str],
    known: HashMap<(u32, u32), u32>,
}

impl Change<'_> {
    fn cost(&mut self, expected: u32, actual: u32, both_last: bool) -> u32 {
        if expected == actual {
            return 0;
        }
        if both_last {
            return RESEMBLING;
        }
        let key = |class: u32| self.keys.get(class as usize).copied().unwrap_or_default();
        *self
            .known
            .entry((expected, actual))
            .or_insert_with(|| if resemble(key(expected), key(actual)) { RESEMBLING } else { CHANGE })
    }
}

/// Whether two lines share at least half of their words, or a long beginning.
fn resemble(a: &str, b: &str) -> bool {
    let common = a.chars().zip(b.chars()).take_while(|(a, b)| a == b).count();
    let longer = a.chars().count().max(b.chars().count());
    if common * 2 >= longer && longer > 0 {
        return true;
    }
    let words = |text: &str| {
        text.split(|c: char| !c.is_alphanumeric())
            .filter(|w| !w.is_empty())
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    let (first, mut second) = (words(a), words(b));
    let most = first.len().max(second.len());
    let mut shared = 0;
    for word in &first {
        if let Some(at) = second.iter().position(|other| other == word) {
            second.swap_remove(at);
            shared += 1;
        }
    }
    most > 0 && shared * 2 >= most
}

/// The table of the alignment's costs.
struct Table<'a> {
    items: &'a [Item],
    actual: &'a [u32],
    change: Change<'a>,
    end: End,
}

impl Table<'_> {
    /// The cost of taking an item of this class for a screen line.
    fn change(&mut self, class: u32, i: usize, j: usize) -> u32 {
        let both_last = self.end == End::Closed && i + 1 == self.items.len() && j + 1 == self.actual.len();
        self.change.cost(class, self.actual[j], both_last)
    }

    /// At `i * width + j` the least cost of aligning what is left after i items and j screen lines.
    fn costs(&mut self, width: usize) -> Vec<u32> {
        let mut cost = vec![0u32; (self.items.len() + 1) * width];
        for i in (0..=self.items.len()).rev() {
            for j in (0..=self.actual.len()).rev() {
                cost[i * width + j] = match self.items.get(i) {
                    None if self.end == End::Open => 0,
                    None => u32::try_from(self.actual.len() - j).unwrap_or(u32::MAX).saturating_mul(GAP),
                    Some(item) => {
                        let skip = cost[(i + 1) * width + j];
                        let take = |at: usize| (j < self.actual.len()).then(|| cost[at * width + j + 1]);
                        match item.class {
                            None => skip.min(take(i).unwrap_or(u32::MAX)),
                            Some(class) => {
                                let (after, here) = (take(i + 1), take(i));
                                let both = after.map(|rest| rest + self.change(class, i, j));
                                let extra = here.map(|rest| rest + GAP);
                                (skip + GAP).min(both.unwrap_or(u32::MAX)).min(extra.unwrap_or(u32::MAX))
                            }
                        }
                    }
                };
            }
        }
        cost
    }

    /// The rows of the way through the table that costs the least.
    fn rows(mut self, offset: usize) -> Vec<Row> {
        let width = self.actual.len() + 1;
        let cost = self.costs(width);
        let cost_at = |i: usize, j: usize| cost.get(i * width + j).copied().unwrap_or(u32::MAX);
        let mut rows = Vec::new();
        let (mut i, mut j) = (0, 0);
        while i < self.items.len() || j < self.actual.len() {
            let Some(item) = self.items.get(i) else {
                if self.end == End::Closed {
                    rows.push(Row::Extra { actual: j + offset });
                }
                j += 1;
                continue;
            };
            let here = cost_at(i, j);
            match item.class {
                None => {
                    let start = j;
                    while j < self.actual.len() && cost_at(i + 1, j) != cost_at(i, j) {
                        j += 1;
                    }
                    rows.push(Row::Elided { expected: item.line, actual: start + offset..j + offset });
                    i += 1;
                }
                Some(class)
                    if j < self.actual.len() && here == cost_at(i + 1, j + 1) + self.change(class, i, j) =>
                {
                    rows.push(if self.actual[j] == class {
                        same(item, j + offset)
                    } else {
                        Row::Changed { expected: range(item), actual: j + offset }
                    });
                    i += 1;
                    j += 1;
                }
                Some(_) if here == cost_at(i + 1, j).saturating_add(GAP) => {
                    rows.push(Row::Missing { expected: range(item) });
                    i += 1;
                }
                Some(_) => {
                    rows.push(Row::Extra { actual: j + offset });
                    j += 1;
                }
            }
        }
        rows
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(expected: &[Option<u32>], actual: &[u32]) -> String {
        let items: Vec<Item> =
            expected.iter().enumerate().map(|(line, &class)| Item { line, joined: 1, class }).collect();
        let keys: Vec<String> = (0..10).map(|class| format!("{class}{class}{class}")).collect();
        let keys: Vec<&str> = keys.iter().map(String::as_str).collect();
        align(&items, actual, &keys, 0, End::Closed, None)
            .rows
            .iter()
            .map(|row| match row {
                Row::Same { .. } => '=',
                Row::Changed { .. } => '~',
                Row::Missing { .. } => '-',
                Row::Extra { .. } => '+',
                Row::Elided { .. } => '*',
            })
            .collect()
    }

    #[test]
    fn one_false_line_is_one_changed_row() {
        assert_eq!(rows(&[Some(1), Some(2), Some(3)], &[1, 9, 3]), "=~=");
        assert_eq!(rows(&[Some(1), None, Some(2)], &[1, 5, 6, 9]), "=*~");
        assert_eq!(rows(&[Some(1), Some(3)], &[1, 2, 3]), "=+=");
        assert_eq!(rows(&[Some(1), Some(2), Some(3)], &[1, 3]), "=-=");
        assert_eq!(rows(&[None, Some(2), None], &[1, 9, 3]), "*-*");
        assert_eq!(rows(&[None, Some(2), None], &[2, 2]), "*=*");
        assert_eq!(rows(&[Some(1), None, Some(2), Some(3)], &[1, 7, 8, 3]), "=*~=");
        assert_eq!(rows(&[Some(1), Some(2), None, Some(3)], &[1, 8, 7, 3]), "=~*=");
        assert_eq!(rows(&[], &[1]), "+");
    }
}
