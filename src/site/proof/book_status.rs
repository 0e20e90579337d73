//! The status of the whole book.

use serde::Serialize;

use super::edition::{Edition, day};
use super::label::Label;
use super::provenance::{Provenance, origin_word};
use super::summary::ProofSummary;
use crate::sandbox::Image;
use crate::site::words::Words;
use crate::verify::State;

/// What the status page is given.
#[derive(Debug, Clone, Serialize)]
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
    images: Vec<ImageRow>,
    /// On what this edition was verified, in one sentence.
    edition: String,
    pub(super) badge: String,
    pub(super) badge_width: usize,
    #[serde(skip)]
    pub(super) good: bool,
    #[serde(skip)]
    pub(super) provenance: Provenance,
}

#[derive(Debug, Clone, Serialize)]
struct PageRow {
    href: String,
    title: String,
    class: &'static str,
    icon: &'static str,
    word: String,
    /// On which images, where that must not be overlooked.
    images: String,
    snippets: usize,
    verified: usize,
    skipped: usize,
    cited: usize,
    engine: String,
    day: String,
}

/// An image that pages were given.
#[derive(Debug, Clone, Serialize)]
struct ImageRow {
    name: String,
    digest: String,
    origin: String,
    contents: Option<String>,
}

impl BookStatus {
    /// The status of the pages that have snippets: their places, titles and proofs.
    pub(crate) fn of<'a>(
        pages: impl Iterator<Item = (&'a str, &'a str, &'a ProofSummary)>,
        words: &Words,
    ) -> Self {
        let pages: Vec<_> = pages.filter(|(_, _, proofs)| proofs.total > 0).collect();
        let proofs = || pages.iter().map(|(_, _, proofs)| *proofs);
        let edition = Edition::of(proofs());
        let sum = |of: fn(&ProofSummary) -> usize| proofs().map(of).sum::<usize>();
        let (snippets, verified) = (sum(|proofs| proofs.total), sum(|proofs| proofs.verified));
        let cited = sum(|proofs| proofs.commands_cited);
        let (commands, run) = (sum(|proofs| proofs.commands), sum(|proofs| proofs.commands_run));
        let provenance = Provenance::of(&edition.images);
        let mut badge = format!("verified {verified}/{snippets}");
        badge.push_str(match provenance {
            Provenance::NoImages | Provenance::DockerHub => "",
            Provenance::Others => ", other images",
            Provenance::StandIns => ", stand-in images",
        });
        Self {
            snippets,
            verified,
            cited,
            coverage: (run * 100).checked_div(commands).unwrap_or(100),
            last_day: edition.last_day().to_owned(),
            edition: edition.sentence(words),
            last: edition.last,
            images: edition.images.into_iter().map(|image| ImageRow::of(image, words)).collect(),
            good: proofs()
                .all(|proofs| matches!(proofs.worst, State::Verified | State::Skipped | State::Drifted)),
            pages: pages
                .iter()
                .map(|(href, title, proofs)| PageRow::of(href, title, proofs, words))
                .collect(),
            badge_width: 58 + 7 * (badge.len() + 1),
            badge,
            provenance,
        }
    }
}

impl ImageRow {
    fn of(image: Image, words: &Words) -> Self {
        let Image { name, digest, origin, contents } = image;
        Self { name, digest, origin: words.get(origin_word(origin)).to_owned(), contents }
    }
}

impl PageRow {
    fn of(href: &str, title: &str, proofs: &ProofSummary, words: &Words) -> Self {
        let Label { class, icon, word } = Label::of(proofs.worst);
        let mark = proofs.provenance().mark();
        Self {
            href: href.to_owned(),
            title: title.to_owned(),
            class,
            icon,
            word: words.get(word).to_owned(),
            images: mark.map(|(_, word)| words.get(word).to_owned()).unwrap_or_default(),
            snippets: proofs.total,
            verified: proofs.verified,
            skipped: proofs.skipped - proofs.cited,
            cited: proofs.cited,
            engine: proofs.engine.clone(),
            day: proofs.when.as_deref().map(day).unwrap_or_default().to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::badge::{badge_json, badge_svg};
    use super::*;
    use crate::sandbox::Origin;

    #[test]
    fn one_false_page_makes_the_book_false() {
        let good = ProofSummary { total: 3, verified: 3, worst: State::Verified, ..ProofSummary::default() };
        let bad = ProofSummary { total: 2, verified: 1, worst: State::Failed, ..ProofSummary::default() };
        let none = ProofSummary::default();
        let status = BookStatus::of([("a", "A", &good), ("n", "N", &none)].into_iter(), &Words::default());
        assert_eq!((status.badge.as_str(), status.pages.len()), ("verified 3/3", 1));
        assert!(badge_svg(&status).contains("#1a6b45"));
        let status = BookStatus::of([("a", "A", &good), ("b", "B", &bad)].into_iter(), &Words::default());
        assert!(badge_json(&status).contains("verified 4/5") && badge_json(&status).contains("#a8321f"));
    }

    #[test]
    fn a_book_with_stand_ins_does_not_look_like_one_with_the_images_of_docker_hub() {
        let with = |origin| {
            let image = Image { name: "nginx:latest".into(), digest: String::new(), origin, contents: None };
            let page = ProofSummary { total: 1, verified: 1, images: vec![image], ..ProofSummary::default() };
            let status = BookStatus::of([("a", "A", &page)].into_iter(), &Words::default());
            (status.badge.clone(), badge_json(&status), status.pages[0].images.clone())
        };
        let (badge, json, word) = with(Origin::DockerHub);
        assert!(badge == "verified 1/1" && json.contains("#1a6b45") && word.is_empty());
        for (origin, said) in
            [(Origin::StandIn, "stand-in"), (Origin::Unknown, "other"), (Origin::Published, "other")]
        {
            let (badge, json, word) = with(origin);
            assert!(badge.contains(said) && !json.contains("#1a6b45") && !word.is_empty(), "{badge}");
        }
    }
}
