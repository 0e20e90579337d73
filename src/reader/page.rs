//! What is asked: what the page promises, and what the reader pasted.

use serde::{Deserialize, Serialize};

use super::errors::KnownError;
use crate::matching::Supply;

/// What is asked of a snippet.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Question {
    /// The lines that stand for any number of lines, besides the built-in ones.
    pub elisions: Vec<String>,
    /// The errors that the book explains.
    pub errors: Vec<KnownError>,
    /// The steps of the page, in order.
    pub steps: Vec<PageStep>,
    /// What the reader pasted so far.
    pub pasted: Vec<Pasted>,
    /// The snippet that is asked about.
    pub snippet: usize,
}

/// What was pasted for a snippet.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Pasted {
    /// The number of the snippet in the page.
    pub snippet: usize,
    /// What the terminal printed.
    pub text: String,
}

/// A step of a page, as far as a reader's screen is compared with it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct PageStep {
    /// The snippet whose command it is, if readers type it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub snippet: Option<usize>,
    /// The command, or what else supplies values.
    pub text: String,
    /// Whether it is one of the plain commands of a block.
    #[serde(skip_serializing_if = "is_not")]
    pub plain: bool,
    /// The line of the page, from 1, on which the expected lines begin.
    #[serde(skip_serializing_if = "is_zero")]
    pub line: usize,
    /// What the page says that it prints, if it says.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expected: Option<Vec<String>>,
    /// Whether the lines come in any order.
    #[serde(skip_serializing_if = "is_not")]
    pub unordered: bool,
    /// Whether the last expected line is an exit code.
    #[serde(skip_serializing_if = "is_not")]
    pub exit: bool,
    /// Whether the command goes on until it is interrupted.
    #[serde(skip_serializing_if = "is_not")]
    pub follows: bool,
    /// Whether the expected lines may be what all commands of the block print.
    #[serde(skip_serializing_if = "is_not")]
    pub whole: bool,
    /// Whether the page begins again here, with nothing of what was before.
    #[serde(skip_serializing_if = "is_not")]
    pub fresh: bool,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands it so")]
fn is_not(flag: &bool) -> bool {
    !flag
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands it so")]
fn is_zero(number: &usize) -> bool {
    *number == 0
}

impl PageStep {
    /// What it supplies.
    pub(super) fn supply(&self) -> Option<Supply<'_>> {
        let block = self.snippet.filter(|_| self.plain);
        (!self.text.is_empty()).then_some(Supply { text: &self.text, block })
    }
}
