//! GitHub workflow commands, which the Actions runner turns into annotations of a pull request.

use std::fmt::Write as _;

use crate::verify::{PageResult, Verdict};

/// A line for each step that is false, unknown or has drifted.
pub fn annotations(results: &[PageResult]) -> String {
    let mut text = String::new();
    for page in results {
        for (step, done) in page.scenario.steps.iter().zip(&page.steps) {
            let level = match done.verdict {
                Verdict::Fail(_) | Verdict::Error(_) => "error",
                Verdict::Drift(_) => "warning",
                Verdict::Pass | Verdict::Skipped(_) => continue,
            };
            let position = page.source.position(step.range.start);
            let message = format!("{}\n{}", step.label(), done.verdict.reason().unwrap_or_default());
            let _ = writeln!(
                text,
                "::{level} file={},line={},col={}::{}",
                property(&page.source.path.to_string_lossy()),
                position.line,
                position.column,
                data(&message)
            );
        }
    }
    text
}

/// Escapes a message as the runner's documentation of workflow commands asks.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
