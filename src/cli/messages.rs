//! Problems and warnings on standard error.

use crate::text::Problem;

/// Prints problems, each with its place and what to do.
pub(super) fn print_problems(problems: &[Problem]) {
    for problem in problems {
        eprint!("{}", problem.render());
    }
}

/// The most warnings that are shown where more than warnings is to be seen.
const WARNINGS: usize = 5;

/// Prints warnings, the first of them if there are many.
pub(super) fn warn(warnings: &[Problem]) {
    print_problems(&warnings[..warnings.len().min(WARNINGS)]);
    if warnings.len() > WARNINGS {
        eprintln!(
            "  and {} more warnings: `haechi check --unsupported` shows them all",
            warnings.len() - WARNINGS
        );
    }
}
