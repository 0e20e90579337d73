//! What a page is made from.

use jiff::Timestamp;

use super::git_dates::GitDates;
use crate::book::{Book, Page};
use crate::verify::{Store, Vouchers};

/// All that decides what a page becomes, but for what all pages share and the sizes of its pictures, which
/// are read on the way (the build cache has them). What composes a page is given this, and reads nothing else.
pub(crate) struct PageInputs<'a> {
    /// The number of the page in the book.
    pub(crate) number: usize,
    pub(crate) page: &'a Page,
    /// The bytes of its evidence.
    pub(crate) evidence: Option<Vec<u8>>,
    /// Who vouches for these.
    pub(crate) vouchers: Vouchers<'a>,
    /// The bytes of the recording beside its evidence.
    pub(crate) recording: Option<Vec<u8>>,
    /// The fingerprint of the repository's files that a run sees, where there is evidence that belongs to them.
    pub(crate) files: Option<String>,
    /// When it was last changed, if that is known.
    pub(crate) changed: Option<Timestamp>,
    /// On what the book was verified, for its first page; empty for the others.
    pub(crate) edition: &'a str,
}

impl<'a> PageInputs<'a> {
    /// Reads what decides about a page now.
    pub(crate) fn read(
        book: &'a Book,
        number: usize,
        dates: &GitDates,
        store: &'a Store,
        edition: &'a str,
    ) -> Self {
        let page = &book.pages[number];
        let evidence = store.bytes(page.path.as_str());
        let vouchers = evidence.as_deref().map(|bytes| store.vouchers_of(bytes)).unwrap_or_default();
        // A recording is shown by the evidence that it was written with.
        let recording = evidence.as_ref().and_then(|_| store.recording_bytes(page.path.as_str()));
        // Files that cannot be copied are none, as in the page's plan.
        let snapshot = evidence.as_ref().and_then(|_| book.snapshot().ok().flatten());
        let files = snapshot.map(|snapshot| snapshot.key().to_owned());
        let (changed, edition) = (dates.changed(page), if number == 0 { edition } else { "" });
        Self { number, page, evidence, vouchers, recording, files, changed, edition }
    }
}
