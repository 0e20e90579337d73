//! A volatile value, and the digits of an ID.

use super::token::Kind;

/// A volatile value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Value {
    pub(super) kind: Kind,
    pub(super) text: String,
}

/// An ID without the name of its algorithm.
pub(super) fn digits_of(id: &str) -> &str {
    id.trim_start_matches("sha256:")
}
