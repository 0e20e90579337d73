//! The status of the whole book.

use std::collections::BTreeMap;

use serde::Serialize;

use super::label::Label;
use super::summary::ProofSummary;
use crate::verify::State;

/// What the status page is given.
#[derive(Debug, Clone, Default, Serialize)]
pub(crate) struct BookStatus {
    pub(super) snippets: usize,
    verified: usize,
    /// Of the commands shown, how many were run, in per cent.
    coverage: usize,
    /// How many commands cannot be run and name where they were read instead.
    cited: usize,
    /// When the youngest evidence was written.
    last: Option<String>,
    last_day: String,
    pages: Vec<PageRow>,
    images: Vec<(String, String)>,
    pub(super) badge: String,
    pub(super) badge_width: usize,
    #[serde(skip)]
    pub(super) good: bool,
}

#[derive(Debug, Clone, Serialize)]
struct PageRow {
    href: String,
    title: String,
    class: &'static str,
    icon: &'static str,
    word: String,
    snippets: usize,
    verified: usize,
    skipped: usize,
    cited: usize,
    engine: String,
    day: String,
}

impl BookStatus {
    /// The status of the pages that have snippets: their places, titles and proofs.
    pub(crate) fn of<'a>(
        pages: impl Iterator<Item = (&'a str, &'a str, &'a ProofSummary)>,
        word_of: impl Fn(&'static str) -> String,
    ) -> Self {
        let mut status = Self { good: true, ..Self::default() };
        let mut images = BTreeMap::new();
        let (mut commands, mut run) = (0, 0);
        for (href, title, proofs) in pages.filter(|(_, _, proofs)| proofs.total > 0) {
            let Label { class, icon, word } = Label::of(proofs.worst);
            status.good &= matches!(proofs.worst, State::Verified | State::Skipped | State::Drifted);
            status.snippets += proofs.total;
            status.verified += proofs.verified;
            commands += proofs.commands;
            run += proofs.commands_run;
            status.cited += proofs.commands_cited;
            if proofs.when > status.last {
                status.last.clone_from(&proofs.when);
            }
            images.extend(proofs.images.iter().cloned());
            status.pages.push(PageRow {
                href: href.to_owned(),
                title: title.to_owned(),
                class,
                icon,
                word: word_of(word),
                snippets: proofs.total,
                verified: proofs.verified,
                skipped: proofs.skipped - proofs.cited,
                cited: proofs.cited,
                engine: proofs.engine.clone(),
                day: proofs.when.as_deref().map(day).unwrap_or_default().to_owned(),
            });
        }
        status.coverage = (run * 100).checked_div(commands).unwrap_or(100);
        status.last_day = status.last.as_deref().map(day).unwrap_or_default().to_owned();
        status.images = images.into_iter().collect();
        status.badge = format!("verified {}/{}", status.verified, status.snippets);
        status.badge_width = 58 + 7 * (status.badge.len() + 1);
        status
    }
}

/// The day of a time as RFC 3339 writes it.
fn day(time: &str) -> &str {
    time.split('T').next().unwrap_or(time)
}

#[cfg(test)]
mod tests {
    use super::super::badge::{badge_json, badge_svg};
    use super::*;

    #[test]
    fn one_false_page_makes_the_book_false() {
        let good = ProofSummary { total: 3, verified: 3, worst: State::Verified, ..ProofSummary::default() };
        let bad = ProofSummary { total: 2, verified: 1, worst: State::Failed, ..ProofSummary::default() };
        let none = ProofSummary::default();
        let status = BookStatus::of([("a", "A", &good), ("n", "N", &none)].into_iter(), str::to_owned);
        assert_eq!((status.badge.as_str(), status.pages.len()), ("verified 3/3", 1));
        assert!(badge_svg(&status).contains("#1a6b45"));
        let status = BookStatus::of([("a", "A", &good), ("b", "B", &bad)].into_iter(), str::to_owned);
        assert!(badge_json(&status).contains("verified 4/5") && badge_json(&status).contains("#a8321f"));
    }
}
