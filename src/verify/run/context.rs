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
    pub(in crate::verify) bare: Vec<String>,
    pub(in crate::verify) pictures: Pictures,
}
