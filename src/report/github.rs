//! What a GitHub workflow shows: annotations of a pull request, and the summary of a job.

use std::fmt::Write as _;

use super::screen::last_lines;
use super::{Language, Report};
use crate::text::{printable, printable_lines};
use crate::verify::VerdictKind;

/// Workflow commands, which the Actions runner turns into annotations: a line for each step that is
/// false, unknown or has drifted.
pub fn annotations(report: &Report) -> String {
    let mut text = String::new();
    for page in &report.pages {
        for step in &page.steps {
            let level = match step.verdict {
                VerdictKind::Fail | VerdictKind::Error => "error",
                VerdictKind::Drift => "warning",
                VerdictKind::Pass | VerdictKind::Skipped => continue,
            };
            let message = format!("{}\n{}", step.command, step.why());
            let (line, column) = (step.at_line, step.at_column);
            text.push_str(&Annotation { level, file: &page.file, line, column, message: &message }.text());
        }
    }
    text
}

/// A message of GitHub's at a place of a file.
#[derive(Debug, Clone, Copy)]
pub struct Annotation<'a> {
    /// `error` or `warning`.
    pub level: &'a str,
    /// The file, relative to the repository.
    pub file: &'a str,
    /// The line, from 1.
    pub line: usize,
    /// The column in characters, from 1.
    pub column: usize,
    /// What is wrong.
    pub message: &'a str,
}

impl Annotation<'_> {
    /// The workflow command, a line.
    pub fn text(&self) -> String {
        let Self { level, file, line, column, message } = self;
        let (file, message) = (property(&printable(file)), data(&printable_lines(message)));
        format!("::{level} file={file},line={line},col={column}::{message}\n")
    }
}

/// The run as Markdown, for `$GITHUB_STEP_SUMMARY` and for comments.
pub fn markdown(report: &Report, language: Language) -> String {
    let mark = if report.good { "✅" } else { "❌" };
    let mut text = format!("### {mark} haechi\n\n{}\n", report.summary.text(language).replace('\n', "  \n"));
    for page in &report.pages {
        for step in &page.steps {
            if matches!(step.verdict, VerdictKind::Pass | VerdictKind::Skipped) {
                continue;
            }
            let place = format!("{}:{}:{}", page.file, step.at_line, step.at_column);
            let _ = write!(text, "\n- {} {}\n", code(&place), code(step.why()));
            let command = step.command.lines().map(|line| printable(&format!("$ {line}")));
            let lines: Vec<String> = command.chain(last_lines(&step.screen)).collect();
            let fence = "`".repeat(lines.iter().map(|line| longest_run(line)).max().unwrap_or(0).max(2) + 1);
            let _ = writeln!(text, "\n  {fence}text");
            for line in &lines {
                let _ = writeln!(text, "  {line}");
            }
            let _ = writeln!(text, "  {fence}");
        }
    }
    text
}

/// A code span that nothing in the text can end.
fn code(text: &str) -> String {
    let ticks = "`".repeat(longest_run(text) + 1);
    format!("{ticks} {} {ticks}", printable(text))
}

fn longest_run(text: &str) -> usize {
    text.split(|c| c != '`').map(str::len).max().unwrap_or(0)
}

/// Escapes a message as the runner's documentation of workflow commands asks.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
