//! The report for machines.

use serde_json::{Value, json as value};

use super::Summary;
use crate::verify::PageResult;

/// The report as JSON: a summary, and each page with its steps.
pub fn json(results: &[PageResult]) -> Value {
    let pages: Vec<Value> = results
        .iter()
        .filter(|page| !page.steps.is_empty())
        .map(|page| {
            let steps = page.scenario.steps.iter().zip(&page.steps).map(|(step, done)| {
                let position = page.source.position(step.range.start);
                value!({
                    "line": position.line,
                    "column": position.column,
                    "command": step.label(),
                    "ran": done.ran,
                    "verdict": done.verdict.word(),
                    "reason": done.verdict.reason(),
                    "exit": done.exit,
                    "screen": done.screen,
                    "seconds": done.took.as_secs_f64(),
                })
            });
            value!({
                "page": page.page,
                "file": page.source.path,
                "engine": page.engine,
                "seconds": page.took.map(|took| took.as_secs_f64()),
                "steps": steps.collect::<Vec<_>>(),
            })
        })
        .collect();
    value!({ "summary": Summary::of(results), "pages": pages })
}
