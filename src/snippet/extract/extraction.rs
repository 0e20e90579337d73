//! The state of an extraction: the plan so far, and the command that may have its output yet.

use super::lines::squeeze;
use crate::config::Verify;
use crate::markdown::Fence;
use crate::messages::Message;
use crate::snippet::join::{Join, join};
use crate::snippet::scenario::{Scenario, Snippet, Step};
use crate::text::{ByteRange, Problem, Source};

pub(super) struct Extraction<'a> {
    pub(super) source: &'a Source,
    pub(super) settings: &'a Verify,
    pub(super) scenario: Scenario,
    /// The snippet whose last command may have its expected block yet, and where its fence ends.
    pub(super) open: Option<Open>,
}

#[derive(Debug, Clone, Copy)]
pub(super) struct Open {
    pub(super) snippet: usize,
    pub(super) end: usize,
    pub(super) shows: Shows,
}

/// What the page has shown of the open command's output so far.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shows {
    /// Nothing.
    Nothing,
    /// It stands in the transcript itself.
    InTranscript,
    /// It stood in a block of its own.
    InBlock,
}

impl Extraction<'_> {
    pub(super) fn snippet(&mut self, fence: &Fence) -> usize {
        self.scenario.snippets.push(Snippet {
            range: fence.range.clone(),
            output: None,
            skip: fence.attributes.skip.clone(),
            commands: 0,
            whole: false,
        });
        self.scenario.snippets.len() - 1
    }

    pub(super) fn last_command(&mut self, snippet: usize) -> Option<&mut Step> {
        self.scenario.steps.iter_mut().rev().find(|step| step.snippet == Some(snippet))
    }

    /// The snippet whose last command this transcript repeats, if it does.
    pub(super) fn take_echo(&mut self, first: &str) -> Option<usize> {
        let open = self.open.take()?;
        let step = self.scenario.steps.iter().rev().find(|step| step.snippet == Some(open.snippet))?;
        let same =
            step.expected.is_none() && step.shown().is_some_and(|shown| squeeze(shown) == squeeze(first));
        same.then_some(open.snippet)
    }

    /// Whether this fence is close enough to the open command to be its output.
    pub(super) fn joins(&self, fence: &Fence, wanted: Join) -> bool {
        let Some(open) = self.open else { return false };
        let between = self.source.text.get(open.end..fence.range.start).unwrap_or_default();
        let found = join(between);
        found == Join::Adjacent || (found == Join::Near && wanted == Join::Near)
    }

    /// The bytes of the line that opens a fence.
    pub(super) fn first_line(&self, fence: &Fence) -> ByteRange {
        let end = self.source.text[fence.range.clone()].find('\n').unwrap_or(fence.range.len());
        fence.range.start..fence.range.start + end
    }

    pub(super) fn problem(&mut self, message: Message, help: Message, fence: &Fence) {
        let problem = Problem::new(message).help(help).at(self.source, self.first_line(fence));
        self.scenario.problems.push(problem);
    }
}
