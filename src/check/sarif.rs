//! Findings for machines: SARIF, GitHub's annotations, JSON.

use serde_json::json;

use super::finding::{Finding, Rule};
use crate::messages::Message;
use crate::report::{Annotation, SarifResult, escaped, sarif_log};

/// The findings as a SARIF log.
pub fn sarif(findings: &[Finding]) -> String {
    let rules: Vec<_> = Rule::ALL.iter().map(|rule| (rule.name(), rule.sentence())).collect();
    let results = findings.iter().map(|finding| {
        let (file, line, column) = place(finding);
        SarifResult {
            rule: finding.rule.name(),
            level: level(finding),
            // Tells a finding from another when lines move.
            identity: format!("{}\0{file}\0{}", finding.rule.name(), finding.problem.message.english()),
            message: said(finding),
            file,
            line,
            column,
        }
    });
    sarif_log(&rules, results)
}

/// The findings as workflow commands of GitHub.
pub fn annotations(findings: &[Finding]) -> String {
    let lines = findings.iter().map(|finding| {
        let (file, line, column) = place(finding);
        Annotation { level: level(finding), file: &file, line, column, message: &said(finding) }.text()
    });
    lines.collect()
}

/// The findings as JSON: an array of objects with `rule`, `file`, `line`, `column`, `message`, `help` and
/// `fixable`.
pub fn json(findings: &[Finding]) -> String {
    let findings: Vec<_> = findings
        .iter()
        .map(|finding| {
            let (file, line, column) = place(finding);
            json!({
                "rule": finding.rule.name(),
                "file": file,
                "line": line,
                "column": column,
                "message": finding.problem.message.english(),
                "help": finding.problem.help.as_ref().map(Message::english),
                "fixable": finding.fix.is_some(),
            })
        })
        .collect();
    escaped(format!("{:#}\n", json!(findings)))
}

/// The file, the line and the column; what is about no place is said of the book's list of pages.
fn place(finding: &Finding) -> (String, usize, usize) {
    match finding.problem.position() {
        Some((path, at)) => (path.display().to_string(), at.line, at.column),
        None => ("book.toml".into(), 1, 1),
    }
}

fn level(finding: &Finding) -> &'static str {
    if finding.problem.is_warning() { "warning" } else { "error" }
}

fn said(finding: &Finding) -> String {
    match &finding.problem.help {
        Some(help) => format!("{}; {}", finding.problem.message.english(), help.english()),
        None => finding.problem.message.english().to_owned(),
    }
}
