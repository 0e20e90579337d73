//! How files looked when they were written, so that a later build knows what somebody changed since.

use std::collections::HashMap;
use std::fs::Metadata;
use std::path::Path;
use std::time::UNIX_EPOCH;

use serde::{Deserialize, Serialize};

/// The size of a file in bytes and the time of its last change in nanoseconds. Who changes it changes these.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct FileStamp {
    length: u64,
    modified: u64,
}

impl FileStamp {
    /// The stamp of a file, if it is there.
    pub(crate) fn read(file: &Path) -> Option<Self> {
        Self::of(&std::fs::metadata(file).ok()?)
    }

    pub(super) fn of(data: &Metadata) -> Option<Self> {
        let modified = data.modified().ok()?.duration_since(UNIX_EPOCH).ok()?;
        Some(Self { length: data.len(), modified: u64::try_from(modified.as_nanos()).ok()? })
    }
}

/// The hash of a file's content.
pub(super) type Digest = [u8; 16];

pub(super) fn digest(bytes: &[u8]) -> Digest {
    let mut digest = Digest::default();
    digest.copy_from_slice(&blake3::hash(bytes).as_bytes()[..16]);
    digest
}

/// The files of a site, each with its stamp and, where it was not written piece by piece, its digest.
pub(crate) type FileStamps = HashMap<String, (FileStamp, Digest)>;
