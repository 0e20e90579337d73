//! How much of a page is proven.

use serde::{Deserialize, Serialize};

use super::provenance::Provenance;
use crate::sandbox::Image;
use crate::verify::{Evidence, Plan, State, Stored};

/// How many snippets of a page are in which state, and what they were verified with.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct ProofSummary {
    pub(crate) total: usize,
    pub(crate) verified: usize,
    pub(crate) skipped: usize,
    /// How many of these name where they were read instead.
    pub(crate) cited: usize,
    pub(crate) commands: usize,
    pub(crate) commands_run: usize,
    /// Commands that cannot be run and name where they were read instead.
    pub(crate) commands_cited: usize,
    /// When, as RFC 3339.
    pub(crate) when: Option<String>,
    pub(crate) engine: String,
    pub(crate) images: Vec<Image>,
    pub(crate) worst: State,
}

impl Default for ProofSummary {
    fn default() -> Self {
        Self {
            total: 0,
            verified: 0,
            skipped: 0,
            cited: 0,
            commands: 0,
            commands_run: 0,
            commands_cited: 0,
            when: None,
            engine: String::new(),
            images: Vec::new(),
            worst: State::Verified,
        }
    }
}

/// States from the best to the worst.
const ORDER: [State; 7] = [
    State::Verified,
    State::Skipped,
    State::Drifted,
    State::Unverified,
    State::Unvouched,
    State::Stale,
    State::Failed,
];

impl ProofSummary {
    /// On which images it was verified.
    pub(crate) fn provenance(&self) -> Provenance {
        Provenance::of(&self.images)
    }

    pub(super) fn new(plan: &Plan, stored: Option<&Stored>) -> Self {
        let mut summary = Self {
            total: plan.scenario.snippets.len(),
            commands: plan.scenario.commands(),
            ..Self::default()
        };
        let rank = |state: State| ORDER.iter().position(|&other| other == state);
        // A page is as good as the worst of the snippets that run.
        let mut worst = None;
        for (number, snippet) in plan.scenario.snippets.iter().enumerate() {
            let state = state(plan, stored, number);
            match state {
                State::Verified | State::Drifted => {
                    summary.verified += 1;
                    summary.commands_run += snippet.commands;
                }
                State::Skipped => {
                    summary.skipped += 1;
                    summary.cited += usize::from(snippet.is_unverified());
                    summary.commands_cited += if snippet.is_unverified() { snippet.commands } else { 0 };
                }
                State::Failed | State::Stale | State::Unvouched | State::Unverified => {}
            }
            if state != State::Skipped && worst.is_none_or(|worst| rank(state) > rank(worst)) {
                worst = Some(state);
            }
        }
        summary.worst = worst.unwrap_or(State::Skipped);
        if let Some(evidence) = vouched(stored) {
            summary.when = Some(evidence.verified.to_string());
            summary.engine = evidence.engine.split(['+', '-']).next().unwrap_or_default().to_owned();
            summary.images = evidence.images.clone();
        }
        summary
    }
}

/// The state of a snippet by its number.
pub(super) fn state(plan: &Plan, stored: Option<&Stored>, snippet: usize) -> State {
    if plan.scenario.snippets[snippet].skip.is_some() {
        return State::Skipped;
    }
    stored.map_or(State::Unverified, |stored| stored.state(plan, snippet))
}

/// What is shown of a run: only what somebody vouches for.
pub(super) fn vouched(stored: Option<&Stored>) -> Option<&Evidence> {
    stored.filter(|stored| stored.vouched).map(|stored| &stored.evidence)
}
