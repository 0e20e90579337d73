//! How the expected lines of a step and its screen differ.

use std::ops::Range;

use super::binding::Conflict;

/// How the expected lines of a step and its screen differ.
#[derive(Debug, Clone, PartialEq)]
pub struct Difference {
    /// Both sides, aligned.
    pub rows: Vec<Row>,
    /// An example that would have to mean two things, if that is what is wrong.
    pub conflict: Option<Conflict>,
}

/// A row of the alignment. Indices count the lines given, blank ones at the ends included.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Row {
    /// The expected lines (several where a narrow terminal broke one) agree with the screen line.
    Same {
        /// Indices of the expected lines.
        expected: Range<usize>,
        /// Index of the screen line.
        actual: usize,
    },
    /// The screen says something else.
    Changed {
        /// Indices of the expected lines.
        expected: Range<usize>,
        /// Index of the screen line.
        actual: usize,
    },
    /// The screen does not have the line.
    Missing {
        /// Indices of the expected lines.
        expected: Range<usize>,
    },
    /// The page does not have the line.
    Extra {
        /// Index of the screen line.
        actual: usize,
    },
    /// An elision, and the screen lines that it stands for.
    Elided {
        /// Index of the expected line.
        expected: usize,
        /// Indices of the screen lines.
        actual: Range<usize>,
    },
}

impl Row {
    /// The index behind its last expected line, if it has one.
    pub fn expected_end(&self) -> Option<usize> {
        match self {
            Self::Same { expected, .. } | Self::Changed { expected, .. } | Self::Missing { expected } => {
                Some(expected.end)
            }
            Self::Elided { expected, .. } => Some(expected + 1),
            Self::Extra { .. } => None,
        }
    }
}

impl Difference {
    /// The first expected lines that are false, if it is not only that lines are extra.
    pub fn first_false(&self) -> Option<Range<usize>> {
        self.rows.iter().find_map(|row| match row {
            Row::Changed { expected, .. } | Row::Missing { expected } => Some(expected.clone()),
            Row::Same { .. } | Row::Extra { .. } | Row::Elided { .. } => None,
        })
    }

    /// The rows that agree: their index, and those of their first expected line and screen line.
    pub(super) fn same_rows(&self) -> impl Iterator<Item = (usize, usize, usize)> {
        self.rows.iter().enumerate().filter_map(|(at, row)| match row {
            Row::Same { expected, actual } => Some((at, expected.start, *actual)),
            _ => None,
        })
    }

    /// Has a row that agrees but for its gaps as one that does not.
    pub(super) fn change(&mut self, row: usize) {
        if let Row::Same { expected, actual } = self.rows[row].clone() {
            self.rows[row] = Row::Changed { expected, actual };
        }
    }

    /// The expected and screen lines that stand for each other.
    pub(super) fn pairs(&self) -> Vec<(usize, usize)> {
        self.rows
            .iter()
            .filter_map(|row| match row {
                Row::Same { expected, actual } | Row::Changed { expected, actual } => {
                    Some((expected.start, *actual))
                }
                _ => None,
            })
            .collect()
    }
}
