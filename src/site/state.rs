//! The state of the whole book: a page of it, and badges for a README.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::json;

use super::proof::ProofSummary;
use crate::verify::State;

/// What the state page is given.
#[derive(Debug, Clone, Default, Serialize)]
pub(super) struct BookState {
    snippets: usize,
    verified: usize,
    /// Of the commands shown, how many were run, in per cent.
    coverage: usize,
    /// When the youngest evidence was written.
    last: Option<String>,
    last_day: String,
    pages: Vec<PageRow>,
    images: Vec<(String, String)>,
    badge: String,
    badge_width: usize,
    #[serde(skip)]
    good: bool,
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
    engine: String,
    day: String,
}

impl BookState {
    /// The state of the pages that have snippets: their places, titles and proofs.
    pub(super) fn of<'a>(
        pages: impl Iterator<Item = (&'a str, &'a str, &'a ProofSummary)>,
        word_of: impl Fn(&'static str) -> String,
    ) -> Self {
        let mut state = Self { good: true, ..Self::default() };
        let mut images = BTreeMap::new();
        let (mut commands, mut run) = (0, 0);
        for (href, title, proofs) in pages.filter(|(_, _, proofs)| proofs.total > 0) {
            let (class, icon, word) = proofs.worst.shown();
            state.good &= matches!(proofs.worst, State::Verified | State::Skipped | State::Drifted);
            state.snippets += proofs.total;
            state.verified += proofs.verified;
            commands += proofs.commands;
            run += proofs.commands_run;
            if proofs.when > state.last {
                state.last.clone_from(&proofs.when);
            }
            images.extend(proofs.images.iter().cloned());
            state.pages.push(PageRow {
                href: href.to_owned(),
                title: title.to_owned(),
                class,
                icon,
                word: word_of(word),
                snippets: proofs.total,
                verified: proofs.verified,
                skipped: proofs.skipped,
                engine: proofs.engine.clone(),
                day: proofs.when.as_deref().map(day).unwrap_or_default().to_owned(),
            });
        }
        state.coverage = (run * 100).checked_div(commands).unwrap_or(100);
        state.last_day = state.last.as_deref().map(day).unwrap_or_default().to_owned();
        state.images = images.into_iter().collect();
        state.badge = format!("verified {}/{}", state.verified, state.snippets);
        state.badge_width = 58 + 7 * (state.badge.len() + 1);
        state
    }

    fn colour(&self) -> &'static str {
        if self.snippets == 0 {
            "#6b736f"
        } else if self.good {
            "#1a6b45"
        } else {
            "#a8321f"
        }
    }

    /// A badge as a picture.
    pub(super) fn svg(&self) -> String {
        let (width, text, colour) = (self.badge_width, &self.badge, self.colour());
        let rest = width - 52;
        let middle = 52 + rest / 2;
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"20\" role=\"img\" \
             aria-label=\"haechi: {text}\"><title>haechi: {text}</title>\
             <rect width=\"{width}\" height=\"20\" rx=\"3\" fill=\"#33413e\"/>\
             <path d=\"M52 0h{}a3 3 0 0 1 3 3v14a3 3 0 0 1-3 3H52z\" fill=\"{colour}\"/>\
             <g fill=\"#fff\" text-anchor=\"middle\" font-family=\"Verdana,DejaVu Sans,sans-serif\" font-size=\"11\">\
             <text x=\"26\" y=\"14\">haechi</text><text x=\"{middle}\" y=\"14\">{text}</text></g></svg>\n",
            rest - 3
        )
    }

    /// A badge as shields.io's endpoint wants it.
    pub(super) fn json(&self) -> String {
        let badge = json!({
            "schemaVersion": 1,
            "label": "haechi",
            "message": self.badge,
            "color": self.colour(),
        });
        format!("{badge}\n")
    }
}

/// The day of a time as RFC 3339 writes it.
fn day(time: &str) -> &str {
    time.split('T').next().unwrap_or(time)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_false_page_makes_the_book_false() {
        let good = ProofSummary { total: 3, verified: 3, worst: State::Verified, ..ProofSummary::default() };
        let bad = ProofSummary { total: 2, verified: 1, worst: State::False, ..ProofSummary::default() };
        let none = ProofSummary::default();
        let state = BookState::of([("a", "A", &good), ("n", "N", &none)].into_iter(), str::to_owned);
        assert_eq!((state.badge.as_str(), state.pages.len()), ("verified 3/3", 1));
        assert!(state.svg().contains("#1a6b45"));
        let state = BookState::of([("a", "A", &good), ("b", "B", &bad)].into_iter(), str::to_owned);
        assert!(state.json().contains("verified 4/5") && state.json().contains("#a8321f"));
    }
}
