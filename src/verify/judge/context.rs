//! What a step is judged with.

use std::time::Duration;

use crate::matching::{Actual, Elisions, End, Example, Order, Rules, Supplied};
use crate::verify::screen::is_same_notice;

/// What a step is judged with.
#[derive(Debug, Clone, Copy)]
pub(in crate::verify) struct JudgeContext<'a> {
    pub(in crate::verify) elisions: &'a Elisions,
    /// The line of the page, from 1, on which the expected block begins.
    pub(in crate::verify) first_line: usize,
    /// The words of the command that were replaced.
    pub(in crate::verify) words: &'a [(Example, Actual)],
    /// What the page has supplied so far, with this command.
    pub(in crate::verify) supplied: &'a Supplied,
    pub(in crate::verify) timeout: Duration,
    /// What the shell has said of background jobs so far.
    pub(in crate::verify) notices: &'a [String],
    /// Where the command was typed, and where it left the reader.
    pub(in crate::verify) place: SessionState<'a>,
}

/// Where a command was typed, and where it left the reader.
#[derive(Debug, Clone, Copy, Default)]
pub(in crate::verify) struct SessionState<'a> {
    /// Whether it was typed at the prompt of a program whose exit codes are not known.
    pub(in crate::verify) at_program: bool,
    /// Whether it was typed in a session that is on another machine, or in a container.
    pub(in crate::verify) elsewhere: bool,
    /// Whether pages run on this machine itself.
    pub(in crate::verify) local: bool,
    /// The prompt that the reader is left at, in a session.
    pub(in crate::verify) prompt: Option<&'a str>,
}

impl<'a> JudgeContext<'a> {
    pub(super) fn rules(&self, order: Order, end: End) -> Rules<'a> {
        Rules { order, end, words: self.words, ..Rules::new(self.elisions, self.supplied) }
    }

    /// Whether the shell has said so of a job.
    pub(super) fn has_come(&self, notice: &str) -> bool {
        self.notices.iter().any(|came| is_same_notice(came, notice))
    }
}
