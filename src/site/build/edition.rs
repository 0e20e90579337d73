//! On what a book was verified, said before its first page is made, which says it.

use rayon::prelude::*;

use super::cache::BuildCache;
use super::page_fingerprint::PageFingerprints;
use crate::site::page::Composer;
use crate::site::proof::{Edition, ProofSummary};
use crate::verify::evidence_dir;

/// It in one sentence, of all pages with evidence. What the build before knew of a page that is the same
/// is not found out again.
pub(super) fn edition(
    composer: &Composer<'_>,
    fingerprints: &PageFingerprints,
    before: &BuildCache,
) -> String {
    let book = composer.book;
    let pages = if evidence_dir(&book.root).is_dir() { book.pages.len() } else { 0 };
    let proofs: Vec<ProofSummary> = (0..pages)
        .into_par_iter()
        .map(|number| composer.inputs(number))
        .filter(|inputs| inputs.evidence.is_some())
        .map(|inputs| {
            let known = before.pages.get(inputs.page.path.as_str());
            match known.filter(|known| known.fingerprint == fingerprints.page(book, &inputs)) {
                Some(known) => known.summary.proofs.clone(),
                None => composer.proofs(&inputs),
            }
        })
        .collect();
    Edition::of(&proofs).sentence(composer.context.theme.words())
}
