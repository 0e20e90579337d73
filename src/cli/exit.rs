//! The exit codes.

/// How a command ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Exit {
    /// All is well; drift counts as well, unless `[verify] drift = "fail"`.
    Good = 0,
    /// Something fails or could not be found out, a page cannot be built, or `check` has findings.
    Findings = 1,
    /// The command line, `book.toml` or `SUMMARY.md` is wrong, or a file cannot be read or written.
    Usage = 2,
    /// No Docker Engine answers, or no sandbox starts in it.
    NoEngine = 3,
    /// The run was interrupted.
    Interrupted = 130,
}
