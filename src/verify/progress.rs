//! Events of a run, for a display of its progress.

/// What happens while pages run, for a progress display.
#[derive(Debug, Clone)]
pub enum Progress {
    /// A step of a page begins.
    Step(String),
    /// A step is done, with this verdict.
    StepDone(&'static str),
}
