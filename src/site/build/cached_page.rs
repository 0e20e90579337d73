//! A page of the build before.

use std::sync::{Arc, OnceLock};

use serde::{Deserialize, Serialize};

use super::index_store::{IndexSpan, IndexStore};
use crate::site::fingerprint::Fingerprint;
use crate::site::page::{PageSummary, PictureSizes};
use crate::site::search::PageIndex;

/// What a page became, by the fingerprint of what it was made from.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct CachedPage {
    pub(super) fingerprint: Fingerprint,
    /// Its files.
    pub(super) files: Vec<String>,
    /// The sizes of its pictures, as they were read then.
    pub(super) pictures: PictureSizes,
    /// Where its part of `print.html` begins and how long it is.
    pub(super) part: (u64, u64),
    pub(super) summary: Arc<PageSummary>,
    /// Where its search index is stored.
    pub(super) span: IndexSpan,
    #[serde(skip)]
    index: OnceLock<Arc<PageIndex>>,
}

impl CachedPage {
    pub(super) fn new(
        fingerprint: Fingerprint,
        pictures: PictureSizes,
        files: Vec<String>,
        summary: PageSummary,
        index: PageIndex,
    ) -> Self {
        let (part, span) = ((0, 0), IndexSpan::default());
        let (summary, index) = (Arc::new(summary), OnceLock::from(Arc::new(index)));
        Self { fingerprint, files, pictures, part, summary, span, index }
    }

    /// The search index of the page, if it can be read.
    pub(super) fn index(&self, store: &IndexStore) -> Option<Arc<PageIndex>> {
        if let Some(known) = self.index.get() {
            return Some(known.clone());
        }
        let read = Arc::new(store.read(self.span)?);
        Some(self.index.get_or_init(|| read).clone())
    }
}
