//! What a run needs to know besides its plan.

use std::time::Duration;

use crate::matching::Elisions;
use crate::verify::options::Pictures;

/// What a run needs to know besides its plan.
#[derive(Debug, Clone)]
pub(in crate::verify) struct RunContext {
    pub(in crate::verify) elisions: Elisions,
    /// How long a step may take.
    pub(in crate::verify) timeout: Duration,
    /// How long a page may take.
    pub(in crate::verify) page_timeout: Duration,
    /// How many times as long what a page itself allows is; the two above are multiplied already.
    pub(in crate::verify) timeout_multiplier: u32,
    pub(in crate::verify) bare: Vec<String>,
    pub(in crate::verify) pictures: Pictures,
}

impl RunContext {
    /// How long a step may take whose fence may say so.
    pub(super) fn step_timeout(&self, written: Option<Duration>) -> Duration {
        written.map_or(self.timeout, |timeout| self.multiplied(timeout))
    }

    /// A time of the page's own, on this machine.
    pub(super) fn multiplied(&self, time: Duration) -> Duration {
        time.saturating_mul(self.timeout_multiplier)
    }
}
