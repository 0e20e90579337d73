//! One build of a site.

use std::collections::HashSet;

use super::cache::BuildCache;
use super::cached_page::CachedPage;
use super::page_fingerprint::PageFingerprints;
use crate::site::output::Output;
use crate::site::page::Composer;

/// What the parts of a build share.
pub(super) struct Job<'a> {
    pub(super) composer: Composer<'a>,
    pub(super) output: &'a Output<'a>,
    /// What the build before left.
    pub(super) before: &'a BuildCache,
    pub(super) fingerprints: PageFingerprints,
    /// The addresses of all pages.
    pub(super) hrefs: HashSet<String>,
}

/// A page that was made or kept.
pub(super) struct BuiltPage {
    pub(super) part: PrintSource,
    pub(super) page: CachedPage,
}

/// Where a page's part of `print.html` comes from.
pub(super) enum PrintSource {
    New(String),
    /// It is in the file of the build before: where it begins, and how long it is.
    Old((u64, u64)),
}
