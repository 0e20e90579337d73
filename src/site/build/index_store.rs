//! The search indexes of pages, all in one file, of which a build reads those that it needs.

use std::fs::OpenOptions;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use serde::{Deserialize, Serialize};

use crate::site::fingerprint::Fingerprint;
use crate::site::search::PageIndex;

/// Where the index of a page is in the file.
#[derive(Debug, Clone, Copy, Default, Serialize, Deserialize)]
pub(super) struct IndexSpan {
    start: u64,
    length: u64,
    digest: Fingerprint,
}

impl IndexSpan {
    pub(super) fn is_empty(&self) -> bool {
        self.length == 0
    }
}

/// The file as a build found it.
#[derive(Debug, Default)]
pub(super) struct IndexStore {
    file: PathBuf,
    content: OnceLock<Vec<u8>>,
}

impl IndexStore {
    pub(super) fn new(file: PathBuf) -> Self {
        Self { file, content: OnceLock::new() }
    }

    /// The index of a page, if it can be read.
    pub(super) fn read(&self, span: IndexSpan) -> Option<PageIndex> {
        let all = self.content.get_or_init(|| std::fs::read(&self.file).unwrap_or_default());
        let start = usize::try_from(span.start).ok()?;
        let bytes = all.get(start..start.checked_add(usize::try_from(span.length).ok()?)?)?;
        if *blake3::hash(bytes).as_bytes() != span.digest {
            return None;
        }
        postcard::from_bytes(bytes).ok()
    }
}

/// Adds indexes to the file. What is no longer true stays in it until it is the greater part.
pub(super) struct IndexWriter {
    /// Whether the file is written anew.
    anew: bool,
    /// How long the file is.
    length: u64,
    added: Vec<u8>,
}

impl IndexWriter {
    /// A writer for a file of which so many bytes are still needed.
    pub(super) fn new(file: &Path, live: u64) -> Self {
        let length = std::fs::metadata(file).map_or(0, |data| data.len());
        let anew = length > 2 * live + 65_536;
        Self { anew, length: if anew { 0 } else { length }, added: Vec::new() }
    }

    /// Whether an index that has a place in the file stays there.
    pub(super) fn keeps(&self, span: &IndexSpan) -> bool {
        !span.is_empty() && !self.anew
    }

    pub(super) fn add(&mut self, bytes: &[u8]) -> IndexSpan {
        let start = self.length + self.added.len() as u64;
        self.added.extend(bytes);
        IndexSpan { start, length: bytes.len() as u64, digest: *blake3::hash(bytes).as_bytes() }
    }

    /// Writes what was added.
    pub(super) fn finish(self, file: &Path) -> Option<()> {
        if self.anew {
            return crate::files::write(file, &self.added).ok();
        }
        let mut open = OpenOptions::new().create(true).append(true).open(file).ok()?;
        open.write_all(&self.added).ok()
    }
}

/// How many bytes of the file pages need.
pub(super) fn live_bytes<'s>(spans: impl Iterator<Item = &'s IndexSpan>) -> u64 {
    spans.map(|span| span.length).sum()
}
