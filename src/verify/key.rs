//! What evidence belongs to: all that decides a verdict, as two hashes. One is of what the book says and
//! can be had without a run; the other is of where it ran.

use std::fmt::Write as _;
use std::time::Duration;

use super::plan::Plan;
use crate::config;
use crate::repository::Workspace;
use crate::snippet::{Expected, Snippet, Step};

/// The revision of the rules by which pages are read and judged; evidence of another one is run again.
/// `tests/rules.rs` fails when the rules change under the same number, and says what to do.
pub const RULES: u32 = 6;

/// A hash of all that the book decides of a page's run: what is done, what it is compared with, and how.
///
/// It has all of its bits: evidence of one text must not be made to fit another.
pub(super) fn text_hash(plan: &Plan) -> String {
    // What is named in this pattern is in the hash, or is decided not to be. A new setting must be, too.
    let config::Verify {
        bare,
        elisions,
        timeout,
        drift: _,
        files: _,
        fresh: _,
        jobs: _,
        max_age: _,
        workdir: _,
    } = &plan.settings;
    let files = plan.workspace.as_ref().map(Workspace::key);
    let mut text =
        format!("{} {RULES} {bare:?} {elisions:?} {timeout:?} {files:?}\n", env!("CARGO_PKG_VERSION"));
    let scenarios = plan.prelude.iter().map(|(_, scenario)| scenario).chain([&plan.scenario]);
    for (scenario, step) in
        scenarios.flat_map(|scenario| scenario.steps.iter().map(move |step| (scenario, step)))
    {
        let Step { snippet, range: _, action, expected, conditions } = step;
        let of_snippet = snippet.map(|snippet| {
            let Snippet { range: _, output: _, skip, commands: _, whole } = &scenario.snippets[snippet];
            (skip.as_ref().map(ToString::to_string), whole)
        });
        let expected = expected.as_ref().map(|Expected { lines, order, exit: _ }| {
            (lines.iter().map(|line| line.text.as_str()).collect::<Vec<_>>(), order)
        });
        let _ = writeln!(text, "{snippet:?} {action:?} {of_snippet:?} {expected:?} {conditions:?}");
    }
    hash(&text)
}

/// A hash of where a page ran: the sandbox with its images and limits, and the page's own limit.
pub(super) fn environment_hash(sandbox: &str, page_timeout: Duration, timeout_multiplier: u32) -> String {
    match timeout_multiplier {
        1 => hash(&format!("{sandbox:?} {page_timeout:?}")),
        times => hash(&format!("{sandbox:?} {page_timeout:?} {times}")),
    }
}

fn hash(text: &str) -> String {
    blake3::hash(text.as_bytes()).to_hex().to_string()
}
