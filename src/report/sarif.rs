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
    let steps = report.pages.iter().flat_map(|page| page.steps.iter().map(move |step| (page, step)));
    let results = steps.filter_map(|(page, step)| {
        let (rule, level) = match step.verdict {
            VerdictKind::Fail => ("fail", "error"),
            VerdictKind::Error => ("error", "error"),
            VerdictKind::Drift => ("drift", "warning"),
            VerdictKind::Pass | VerdictKind::Skipped => return None,
        };
        Some(SarifResult {
            rule,
            level,
            message: format!("{}: {}", step.title(), step.why()),
            file: page.file.clone(),
            line: step.at_line,
            column: step.at_column,
            identity: format!("{}\0{}", page.page, step.command),
        })
    });
    sarif_log(&RULES, results)
}

const RULES: [(&str, &str); 3] = [
    ("fail", "The command does not do what the page says"),
    ("error", "It could not be found out whether the page is true"),
    ("drift", "A version or an example value on the page is out of date"),
];

/// A finding at a place of a file.
#[derive(Debug, Clone)]
pub struct SarifResult {
    /// The name of the rule.
    pub rule: &'static str,
    /// `error` or `warning`.
    pub level: &'static str,
    /// What is wrong.
    pub message: String,
    /// The file, relative to the repository.
    pub file: String,
    /// The line, from 1.
    pub line: usize,
    /// The column in characters, from 1.
    pub column: usize,
    /// What tells it from others when lines move.
    pub identity: String,
}

/// A log with the rules that its results may have, each with a sentence.
pub fn sarif_log(rules: &[(&str, &str)], results: impl Iterator<Item = SarifResult>) -> String {
    let results: Vec<Value> = results.map(|result| result.json()).collect();
    let rules: Vec<Value> =
        rules.iter().map(|(id, text)| json!({ "id": id, "shortDescription": { "text": text } })).collect();
    let log = json!({
        "$schema": "https://docs.oasis-open.org/sarif/sarif/v2.1.0/os/schemas/sarif-schema-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": { "name": "haechi", "version": env!("CARGO_PKG_VERSION"), "rules": rules } },
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    });
    format!("{log:#}\n")
}

impl SarifResult {
    fn json(&self) -> Value {
        let location = json!({
            "physicalLocation": {
                "artifactLocation": { "uri": utf8_percent_encode(&self.file, RESERVED).to_string() },
                "region": { "startLine": self.line, "startColumn": self.column },
            },
        });
        let print = blake3::hash(self.identity.as_bytes()).to_hex();
        json!({
            "ruleId": self.rule,
            "level": self.level,
            "message": { "text": without_links(&self.message) },
            "locations": [location],
            "partialFingerprints": { "haechi/v1": print[..32] },
        })
    }
}
/// A text in which no brackets make a link: pages and programs wrote a part of it.
fn without_links(text: &str) -> String {
    text.replace('\\', "\\\\").replace('[', "\\[").replace(']', "\\]")
}
