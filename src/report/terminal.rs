//! What is wrong, for a person at a terminal.

use std::fmt::Write as _;

use console::style;

use super::difference;
use super::place::place_of_verdict;
use super::words::Language;
use crate::snippet::Step;
use crate::text::{Problem, printable};
use crate::verify::{Failure, Finding, PageResult, StepResult, Verdict};

/// A paragraph for each step that is not a plain pass; skipped steps get a line.
pub fn failures(page: &PageResult, language: Language) -> String {
    let mut text: String = page.problems.iter().map(Problem::render).collect();
    blocks(page, language, &mut text);
    if let Some(finding) = &page.finding {
        evidence(page, finding, language, &mut text);
    }
    if matches!(page.finding, Some(Finding::Stale(_))) {
        return text;
    }
    let mut shown_bindings = false;
    for (step, done) in page.scenario.steps.iter().zip(&page.steps).filter(|_| page.problems.is_empty()) {
        match &done.verdict {
            Verdict::Pass => {}
            verdict => {
                paragraph(page, step, done, language, &mut text);
                shown_bindings |= matches!(verdict, Verdict::Fail(_));
            }
        }
    }
    if shown_bindings && !page.bindings.is_empty() {
        let _ = writeln!(text, "  {}:", language.words().bindings);
        for (example, value) in page.bindings.iter().take(12) {
            let _ = writeln!(text, "    {} = {}", printable(example), printable(value));
        }
        text.push('\n');
    }
    text
}

/// A line for each block that is neither run nor compared.
fn blocks(page: &PageResult, language: Language, text: &mut String) {
    for block in &page.scenario.not_run {
        let position = page.source.position(block.range.start);
        let place = format!("{}:{}:{}", page.source.path.display(), position.line, position.column);
        let word = style(language.words().not_run).cyan().bold();
        let _ = writeln!(text, "{word}  {}  {}", style(printable(&place)).bold(), block.reason);
    }
}

/// What is wrong with the page's evidence.
fn evidence(page: &PageResult, finding: &Finding, language: Language, text: &mut String) {
    let words = language.words();
    let (word, hint) = match finding {
        Finding::Stale(_) => (style(words.stale).red().bold(), words.stale_hint),
        Finding::Contradicted(_) => (style(words.fail).red().bold(), words.evidence_hint),
    };
    let place = printable(&page.source.path.to_string_lossy());
    let _ = writeln!(text, "{word}  {}  {}", style(place).bold(), printable(finding.sentence()));
    let _ = writeln!(text, "  {}: {hint}\n", style(words.what_to_do).dim());
}

fn paragraph(page: &PageResult, step: &Step, done: &StepResult, language: Language, text: &mut String) {
    let words = language.words();
    let word = match &done.verdict {
        Verdict::Pass => return,
        Verdict::Drift(_) => style(words.drift).yellow().bold(),
        Verdict::Fail(_) => style(words.fail).red().bold(),
        Verdict::Error(_) => style(words.error).red().bold(),
        Verdict::Skipped(_) => style(words.skipped).cyan().bold(),
    };
    let position = page.source.position(place_of_verdict(&done.verdict, step));
    let place = format!("{}:{}:{}", page.source.path.display(), position.line, position.column);
    let reason = done.verdict.reason().unwrap_or_default();
    let _ = writeln!(text, "{word}  {}  {}", style(printable(&place)).bold(), printable(&reason));
    if matches!(done.verdict, Verdict::Skipped(_)) {
        return;
    }
    let label = step.label();
    for (number, line) in label.lines().enumerate() {
        let _ = writeln!(text, "  {} {}", if number == 0 { "$" } else { ">" }, printable(line));
    }
    if step.shown().is_some_and(|shown| shown != done.ran) && !done.ran.is_empty() {
        let _ = writeln!(text, "  {}: {}", style(words.ran_as).dim(), printable(&done.ran));
    }
    if let Verdict::Fail(failure) = &done.verdict {
        if let (Some(difference), Some(expected)) = (failure.difference(), &step.expected) {
            difference::show(difference, expected, &done.screen, &page.source, words, text);
        } else {
            for line in done.screen.iter().rev().take(12).rev() {
                let _ = writeln!(text, "  {} {}", style("|").dim(), printable(line));
            }
        }
        let hint = match failure.root() {
            Failure::Differs(_) => words.bless_hint,
            Failure::Asked(_) => words.secret_hint,
            Failure::Exit { .. } => words.exit_hint,
            Failure::TimedOut(..) => words.timeout_hint,
            _ => "",
        };
        if !hint.is_empty() {
            let _ = writeln!(text, "  {}: {hint}", style(words.what_to_do).dim());
        }
    }
    text.push('\n');
}
