//! On what an edition of a book was verified.

use std::collections::BTreeSet;

use super::label::engine_name;
use super::provenance::Provenance;
use super::summary::ProofSummary;
use crate::sandbox::{Image, Origin};
use crate::site::words::Words;

/// What the pages of a book were verified with.
#[derive(Debug, Default)]
pub(crate) struct Edition {
    engines: BTreeSet<String>,
    pub(super) images: BTreeSet<Image>,
    /// When the youngest evidence was written.
    pub(super) last: Option<String>,
}

impl Edition {
    pub(crate) fn of<'a>(pages: impl IntoIterator<Item = &'a ProofSummary>) -> Self {
        let mut edition = Self::default();
        for proofs in pages {
            edition.engines.extend(Some(proofs.engine.clone()).filter(|engine| !engine.is_empty()));
            edition.images.extend(proofs.images.iter().cloned());
            if proofs.when > edition.last {
                edition.last.clone_from(&proofs.when);
            }
        }
        edition
    }

    /// It in one sentence; empty where nothing was verified.
    pub(crate) fn sentence(&self, words: &Words) -> String {
        if self.engines.is_empty() {
            return String::new();
        }
        let sentence = match Provenance::of(&self.images) {
            Provenance::NoImages => "edition",
            Provenance::DockerHub => "edition_docker_hub",
            Provenance::Others => "edition_others",
            Provenance::StandIns => "edition_stand_ins",
        };
        let engines: Vec<String> = self.engines.iter().map(|engine| engine_name(words, engine)).collect();
        let of = |origin| self.images.iter().filter(|image| image.origin == origin).count().to_string();
        words
            .get(sentence)
            .replace("{day}", self.last_day())
            .replace("{engine}", &engines.join(", "))
            .replace("{images}", &self.images.len().to_string())
            .replace("{stand_ins}", &of(Origin::StandIn))
    }

    pub(super) fn last_day(&self) -> &str {
        self.last.as_deref().map(day).unwrap_or_default()
    }
}

/// The day of a time as RFC 3339 writes it.
pub(super) fn day(time: &str) -> &str {
    time.split('T').next().unwrap_or(time)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sentence_says_on_what_a_book_was_verified() {
        let words = r#"{"en": {"edition": "{engine} {day}", "edition_docker_hub": "Hub",
            "edition_stand_ins": "{stand_ins}/{images} {engine}"}}"#;
        let words = Words::parse(words, "en").unwrap();
        let page = |origins: &[Origin]| ProofSummary {
            engine: "28.5.2".into(),
            when: Some("2026-11-25T20:00:00Z".into()),
            images: origins
                .iter()
                .map(|&origin| Image { name: "nginx".into(), digest: String::new(), origin, contents: None })
                .collect(),
            ..ProofSummary::default()
        };
        let sentence = |pages: &[ProofSummary]| Edition::of(pages).sentence(&words);
        assert_eq!(sentence(&[]), "");
        assert_eq!(sentence(&[page(&[])]), "Docker 28.5.2 2026-11-25");
        let (hub, stand_in) = (page(&[Origin::DockerHub]), page(&[Origin::StandIn]));
        assert_eq!(sentence(&[hub.clone(), page(&[])]), "Hub");
        assert_eq!(sentence(&[hub, stand_in]), "1/2 Docker 28.5.2");
    }
}
