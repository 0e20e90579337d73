//! What is wrong most often, where it is more than a person reads one by one.

use std::fmt::Write as _;
use std::sync::LazyLock;

use regex::Regex;

use crate::messages::{Language, report as messages};
use crate::text::printable;
use crate::verify::{PageResult, Verdict};

/// From so many steps on that are false or unknown.
const MANY: usize = 20;
/// So many reasons are shown.
const REASONS: usize = 8;

/// What differs from one case of a reason to the next.
static OWN: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"`[^`]*`|\d+").expect("the expression is constant"));

/// The most frequent reasons of steps that are false or unknown, each with its first place; empty where
/// they are few.
pub fn overview(pages: &[PageResult], language: Language) -> String {
    most_frequent(&pages.iter().flat_map(|page| reasons(page, language)).collect::<Vec<_>>(), language)
}

fn most_frequent(reasons: &[Case], language: Language) -> String {
    if reasons.len() < MANY {
        return String::new();
    }
    let mut counted: Vec<(usize, &Case)> = Vec::new();
    for case in reasons {
        match counted.iter_mut().find(|(_, known)| known.reason == case.reason) {
            Some((count, _)) => *count += 1,
            None => counted.push((1, case)),
        }
    }
    // Of equally frequent ones, the first stays first.
    counted.sort_by_key(|(count, _)| std::cmp::Reverse(*count));
    let mut text = format!("{}:\n", messages::most_frequent().text(language));
    for (count, case) in counted.iter().take(REASONS) {
        let place = messages::first_at(printable(&case.place));
        let _ = writeln!(text, "{count:>6} × {}  ({})", printable(&case.reason), place.text(language));
    }
    text
}

/// A step that is false or unknown.
struct Case {
    /// Why, without what is its own.
    reason: String,
    place: String,
}

/// Those of a page.
fn reasons(page: &PageResult, language: Language) -> impl Iterator<Item = Case> {
    page.scenario.steps.iter().zip(&page.steps).filter_map(move |(step, done)| {
        let (Verdict::Fail(_) | Verdict::Error(_)) = &done.verdict else { return None };
        let reason = OWN.replace_all(done.verdict.reason()?.text(language), "…").into_owned();
        let line = page.source.position(step.range.start).line;
        Some(Case { reason, place: format!("{}:{line}", page.source.path.display()) })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_many_reasons_are_summed_up() {
        let case = |number: usize| Case {
            reason: if number.is_multiple_of(3) { "seldom".into() } else { "often".into() },
            place: format!("page.md:{number}"),
        };
        let few: Vec<Case> = (0..MANY - 1).map(case).collect();
        assert_eq!(most_frequent(&few, Language::English), "");
        let many: Vec<Case> = (0..30).map(case).collect();
        let text = most_frequent(&many, Language::English);
        let lines: Vec<&str> = text.lines().map(str::trim).collect();
        assert_eq!(lines[1..], ["20 × often  (first at page.md:1)", "10 × seldom  (first at page.md:0)"]);
    }
}
