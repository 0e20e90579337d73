//! SARIF 2.1.0, for code scanning.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Value, json};

use super::Report;
use crate::verify::VerdictKind;

/// What is escaped in a relative path as a URI reference (RFC 3986).
const RESERVED: &AsciiSet =
    &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~').remove(b'/');

/// The report as a SARIF log: a result for each step that is false, unknown or has drifted.
pub fn sarif(report: &Report) -> String {
    let results: Vec<Value> = report
        .pages
        .iter()
        .flat_map(|page| page.steps.iter().map(move |step| (page, step)))
        .filter_map(|(page, step)| {
            let (rule, level) = match step.verdict {
                VerdictKind::Fail => ("fail", "error"),
                VerdictKind::Error => ("error", "error"),
                VerdictKind::Drift => ("drift", "warning"),
                VerdictKind::Pass | VerdictKind::Skipped => return None,
            };
            let location = json!({
                "physicalLocation": {
                    "artifactLocation": { "uri": utf8_percent_encode(&page.file, RESERVED).to_string() },
                    "region": { "startLine": step.at_line, "startColumn": step.at_column },
                },
            });
            // Tells a finding from another when lines move: the page and the command.
            let print = blake3::hash(format!("{}\0{}", page.page, step.command).as_bytes()).to_hex();
            Some(json!({
                "ruleId": rule,
                "level": level,
                "message": { "text": format!("{}: {}", step.title(), step.why()) },
                "locations": [location],
                "partialFingerprints": { "haechi/v1": print[..32] },
            }))
        })
        .collect();
    let rule = |id: &str, text: &str| json!({ "id": id, "shortDescription": { "text": text } });
    let log = json!({
        "$schema": "https://docs.oasis-open.org/sarif/sarif/v2.1.0/os/schemas/sarif-schema-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "haechi",
                "version": report.haechi,
                "rules": [
                    rule("fail", "The command does not do what the page says"),
                    rule("error", "It could not be found out whether the page is true"),
                    rule("drift", "A version or an example value on the page is out of date"),
                ],
            }},
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    });
    format!("{log:#}\n")
}
