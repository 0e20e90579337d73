//! What is wrong, for a person at a terminal.

use std::fmt::Write as _;

use console::style;

use super::difference;
use super::place::place_of_verdict;
use super::screen::last_lines;
use crate::messages::{Language, Message, report as messages};
use crate::snippet::Step;
use crate::text::printable;
use crate::verify::{Failure, Finding, PageResult, StepResult, Verdict};

/// A paragraph for each step that is not a plain pass; skipped steps get a line.
pub fn failures(page: &PageResult, language: Language) -> String {
    let mut text: String = page.problems.iter().map(|problem| problem.render(language)).collect();
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
        let _ = writeln!(text, "  {}:", messages::bindings().text(language));
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
        let word = style(messages::not_run().text(language).to_owned()).cyan().bold();
        let _ =
            writeln!(text, "{word}  {}  {}", style(printable(&place)).bold(), block.reason.text(language));
    }
}

/// What is wrong with the page's evidence.
fn evidence(page: &PageResult, finding: &Finding, language: Language, text: &mut String) {
    let (word, hint) = match finding {
        Finding::Stale(_) => (messages::stale(), messages::stale_hint()),
        Finding::Contradicted(_) => (messages::fail(), messages::evidence_hint()),
    };
    let word = style(word.text(language)).red().bold();
    let place = printable(&page.source.path.to_string_lossy());
    let _ =
        writeln!(text, "{word}  {}  {}", style(place).bold(), printable(finding.sentence().text(language)));
    what_to_do(&hint, language, text);
    text.push('\n');
}

fn paragraph(page: &PageResult, step: &Step, done: &StepResult, language: Language, text: &mut String) {
    let word = |message: Message| style(message.text(language).to_owned()).bold();
    let word = match &done.verdict {
        Verdict::Pass => return,
        Verdict::Drift(_) => word(messages::drift()).yellow(),
        Verdict::Fail(_) => word(messages::fail()).red(),
        Verdict::Error(_) => word(messages::error()).red(),
        Verdict::Skipped(_) => word(messages::skipped()).cyan(),
    };
    let position = page.source.position(place_of_verdict(&done.verdict, step));
    let place = format!("{}:{}:{}", page.source.path.display(), position.line, position.column);
    let reason = done.verdict.reason().unwrap_or_default();
    let _ =
        writeln!(text, "{word}  {}  {}", style(printable(&place)).bold(), printable(reason.text(language)));
    if matches!(done.verdict, Verdict::Skipped(_)) {
        return;
    }
    let label = step.label();
    for (number, line) in label.lines().enumerate() {
        let _ = writeln!(text, "  {} {}", if number == 0 { "$" } else { ">" }, printable(line));
    }
    if step.shown().is_some_and(|shown| shown != done.ran) && !done.ran.is_empty() {
        let _ =
            writeln!(text, "  {}: {}", style(messages::ran_as().text(language)).dim(), printable(&done.ran));
    }
    if let Verdict::Fail(failure) = &done.verdict {
        if let (Some(difference), Some(expected)) = (failure.difference(), &step.expected) {
            difference::show(difference, expected, &done.screen, &page.source, language, text);
        } else {
            for line in last_lines(&done.screen) {
                let _ = writeln!(text, "  {} {line}", style("|").dim());
            }
        }
        let hint = match failure.root() {
            Failure::Differs(_) => Some(messages::bless_hint()),
            Failure::Asked(_) => Some(messages::secret_hint()),
            Failure::Exit { .. } => Some(messages::exit_hint()),
            Failure::TimedOut(..) if step.conditions.follows => Some(messages::follow_hint()),
            Failure::TimedOut(..) => Some(messages::timeout_hint()),
            _ => None,
        };
        if let Some(hint) = hint {
            what_to_do(&hint, language, text);
        }
    }
    text.push('\n');
}

fn what_to_do(hint: &Message, language: Language, text: &mut String) {
    let label = messages::what_to_do();
    let _ = writeln!(text, "  {}: {}", style(label.text(language)).dim(), hint.text(language));
}
