//! What came of a comparison.

use super::difference::Difference;

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
