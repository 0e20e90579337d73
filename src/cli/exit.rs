//! The exit codes.

/// How a command ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Exit {
    Good = 0,
    Findings = 1,
    Usage = 2,
    NoEngine = 3,
    Interrupted = 130,
}
