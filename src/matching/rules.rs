//! How a comparison is made.

use super::binding::{Actual, Example};
use super::elision::Elisions;
use super::supplied::Supplied;

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

/// Whether the order of the expected lines is a claim.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Order {
    /// The lines come in this order.
    #[default]
    Listed,
    /// The lines come in any order.
    Any,
}

/// Whether the screen must end where the expected lines end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// Nothing may follow.
    Closed,
    /// More may follow: the command goes on.
    Open,
}
