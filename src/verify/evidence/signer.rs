//! What this machine itself wrote: a keyed hash of each file, kept in the user's state folder.
//!
//! The hashes are beside the key and not in the evidence, so that evidence that is committed is the same
//! whoever wrote it.

use std::fs::File;
use std::io::{self, Read, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use crate::files::state_folder;
use crate::messages::file::reason;
use crate::messages::{Message, evidence as messages};

/// How many files are remembered.
const MOST: usize = 10_000;

/// Knows again what this user wrote on this machine.
#[derive(Debug, Clone)]
pub(super) struct Signer {
    key: [u8; 32],
    /// A file for each hash; its name is the hash.
    tags: PathBuf,
}

impl Signer {
    /// The user's own; `None` where there is none yet, or it could be somebody else's.
    pub(super) fn find() -> Option<Self> {
        let folder = state_folder()?;
        Some(Self { key: read_key(&key_file(&folder))?, tags: folder.join("evidence") })
    }

    /// The user's own, made if there is none.
    ///
    /// # Errors
    /// When there is no place for it, or it cannot be written.
    pub(super) fn find_or_make() -> Result<Self, Message> {
        if let Some(found) = Self::find() {
            return Ok(found);
        }
        let folder = state_folder().ok_or_else(messages::no_state_folder)?;
        std::fs::create_dir_all(&folder).map_err(|error| reason(&error))?;
        make_key(&key_file(&folder)).map_err(|error| reason(&error))?;
        Self::find().ok_or_else(messages::no_key)
    }

    /// Whether this is a file that was signed here.
    pub(super) fn signed(&self, bytes: &[u8]) -> bool {
        self.tag(bytes).is_file()
    }

    /// Remembers a file.
    pub(super) fn sign(&self, bytes: &[u8]) -> io::Result<()> {
        std::fs::create_dir_all(&self.tags)?;
        File::create(self.tag(bytes)).map(drop)
    }

    /// Forgets what was signed longest ago, where there is much.
    pub(super) fn tidy(&self) {
        self.keep(MOST);
    }

    fn tag(&self, bytes: &[u8]) -> PathBuf {
        self.tags.join(blake3::keyed_hash(&self.key, bytes).to_hex().as_str())
    }

    fn keep(&self, most: usize) {
        let Ok(entries) = std::fs::read_dir(&self.tags) else { return };
        let paths: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
        if paths.len() <= most {
            return;
        }
        let signed = |path: &PathBuf| path.metadata().and_then(|data| data.modified()).ok();
        let mut dated: Vec<_> = paths.iter().map(|path| (signed(path), path)).collect();
        dated.sort();
        for (_, path) in &dated[..paths.len() - most] {
            // One that stays is harmless.
            let _ = std::fs::remove_file(path);
        }
    }
}

fn key_file(folder: &Path) -> PathBuf {
    folder.join("evidence.key")
}

/// A key that others may read or write is none.
fn read_key(path: &Path) -> Option<[u8; 32]> {
    let file = File::open(path).ok()?;
    let data = file.metadata().ok()?;
    if !data.is_file() || data.permissions().mode() & 0o077 != 0 {
        return None;
    }
    let mut key = Vec::new();
    file.take(33).read_to_end(&mut key).ok()?;
    key.try_into().ok()
}

/// Makes a key, in the place of one that cannot be used.
fn make_key(path: &Path) -> io::Result<()> {
    let mut key = [0; 32];
    getrandom::fill(&mut key)?;
    let folder = path.parent().unwrap_or(Path::new("."));
    // Nobody but the user may read what this crate makes.
    let mut file = tempfile::NamedTempFile::new_in(folder)?;
    file.write_all(&key)?;
    if path.exists() {
        file.persist(path).map_err(|error| error.error)?;
        return Ok(());
    }
    match file.persist_noclobber(path) {
        // Another process was quicker: its key is as good.
        Err(error) if error.error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        other => other.map(drop).map_err(|error| error.error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn signer(folder: &Path) -> Signer {
        let file = key_file(folder);
        make_key(&file).unwrap();
        Signer { key: read_key(&file).unwrap(), tags: folder.join("evidence") }
    }

    #[test]
    fn only_what_was_signed_is_known_again() {
        let (mine, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let (mine, other) = (signer(mine.path()), signer(other.path()));
        mine.sign(b"a").unwrap();
        assert!(mine.signed(b"a") && !mine.signed(b"b") && !other.signed(b"a"));
        // The names that another machine gave say nothing here.
        std::fs::rename(&mine.tags, &other.tags).unwrap();
        assert!(!other.signed(b"a"));
    }

    #[test]
    fn a_key_that_others_can_read_is_none() {
        let folder = tempfile::tempdir().unwrap();
        let file = key_file(folder.path());
        make_key(&file).unwrap();
        let first = read_key(&file).unwrap();
        std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o644)).unwrap();
        assert_eq!(read_key(&file), None);
        make_key(&file).unwrap();
        assert!(read_key(&file).is_some_and(|key| key != first));
        std::fs::write(&file, [0; 33]).unwrap();
        assert_eq!(read_key(&file), None);
    }

    #[test]
    fn what_is_remembered_has_a_bound() {
        let folder = tempfile::tempdir().unwrap();
        let signer = signer(folder.path());
        for number in 0..5_u64 {
            let bytes = number.to_le_bytes();
            signer.sign(&bytes).unwrap();
            let when = std::time::SystemTime::UNIX_EPOCH + std::time::Duration::from_secs(number);
            File::open(signer.tag(&bytes)).unwrap().set_modified(when).unwrap();
        }
        signer.keep(3);
        let kept: Vec<bool> = (0..5_u64).map(|number| signer.signed(&number.to_le_bytes())).collect();
        assert_eq!(kept, [false, false, true, true, true]);
    }
}
