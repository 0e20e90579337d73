//! Reports of the parts of a run, as somebody may have written them.

use super::{assert_printable, parts};
use crate::report::{Language, Report, Summary, annotations, junit, markdown, sarif};
use crate::verify::VerdictKind;

/// An input is the reports of some parts.
pub(super) fn check(input: &[u8]) {
    let Some(texts) = parts(input) else { return };
    let read: Vec<_> = texts.iter().map(|text| Report::read("part.json", text)).collect();
    for report in read.iter().flatten() {
        is_printable(report);
        assert_eq!(
            Report::read("again.json", &report.json()).as_ref().ok(),
            Some(report),
            "it reads otherwise"
        );
    }
    let Ok(reports) = read.into_iter().collect::<Result<Vec<Report>, _>>() else { return };
    let merged = |order: &[Report]| {
        let named =
            order.iter().enumerate().map(|(number, report)| (format!("{number}.json"), report.clone()));
        Report::merge(named.collect())
    };
    let backwards: Vec<Report> = reports.iter().rev().cloned().collect();
    let whole = merged(&reports);
    assert_eq!(whole.as_ref().ok(), merged(&backwards).as_ref().ok(), "the order of the parts counts");
    let Ok(whole) = whole else { return };
    adds_up(&whole, &reports);
    is_printable(&whole);
    if !whole.pages.is_empty() {
        let twice: Vec<Report> = reports.iter().chain(&reports).cloned().collect();
        assert!(merged(&twice).is_err(), "the same page twice is not an error");
    }
}

/// What is merged says what its parts say, and is good only where nothing in it is false or unknown.
fn adds_up(whole: &Report, parts: &[Report]) {
    assert_eq!(whole.pages.len(), parts.iter().map(|part| part.pages.len()).sum::<usize>());
    assert_eq!(whole.summary, Summary::of(&whole.pages));
    assert!(whole.pages.is_sorted_by_key(|page| &page.page));
    assert!(!whole.good || parts.iter().all(|part| part.good), "it is good and a part is not");
    for page in whole.pages.iter().filter(|_| whole.good) {
        assert!(!page.stale, "it is good and {:?} is stale", page.page);
        let bad =
            page.steps.iter().find(|step| matches!(step.verdict, VerdictKind::Fail | VerdictKind::Error));
        assert!(bad.is_none(), "it is good and {bad:?} is not");
    }
}

/// Nothing in what a terminal or a log gets speaks to it.
fn is_printable(report: &Report) {
    assert_printable("JSON", &report.json());
    let log: Result<serde_json::Value, _> = serde_json::from_str(&sarif(report));
    assert!(log.is_ok(), "SARIF is not JSON: {log:?}");
    let xml = junit(report).expect("a report is XML");
    let is_allowed = |c: char| matches!(c, '\t' | '\n' | '\r') || c >= ' ';
    assert!(xml.chars().all(is_allowed), "XML has no such character: {xml:?}");
    assert_printable("annotations", &annotations(report));
    for language in [Language::English, Language::Korean] {
        assert_printable("Markdown", &markdown(report, language));
        assert_printable("the summary", &report.summary.text(language));
    }
}
