//! What is told of a run while it goes on.

/// What happens while pages run, for a progress display.
#[derive(Debug, Clone)]
pub enum Progress {
    /// A step of a page begins.
    Step(String),
    /// A step is done, with this verdict.
    StepDone(&'static str),
}
