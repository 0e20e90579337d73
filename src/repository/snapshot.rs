//! The copy that a sandbox is given: an archive of the files, and a key that changes when they do.

use std::collections::HashMap;
use std::io::Cursor;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use tar::{Archive, Builder, EntryType, Header};

use super::listing::{Kind, Listing, shown};
use super::worktree::Repository;
use super::{clone, git};
use crate::messages::{file, repository as messages};
use crate::text::Problem;

/// What of a repository a sandbox is given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Deserialize, clap::ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum Files {
    /// Nothing: pages begin in an empty folder
    None,
    /// The files that git tracks, and those that are new and not ignored
    Repository,
    /// These, and the history as a fresh clone has it
    Clone,
}

/// The most bytes that a copy may have.
const MOST_BYTES: u64 = 256 * 1024 * 1024;
/// The most files that a copy may have.
const MOST_FILES: usize = 50_000;
/// The most bytes of a file whose text is looked at.
const MOST_TEXT: u64 = 256 * 1024;
/// How many of the largest a message names.
const NAMED: usize = 5;

/// A repository's files at one moment, all read once: what the key is of is what a sandbox is given.
pub struct Snapshot {
    root: PathBuf,
    name: String,
    archive: Vec<u8>,
    /// Where in the archive the small files are.
    places: OnceLock<HashMap<String, Range<usize>>>,
    key: String,
    warnings: Vec<Problem>,
}

/// Where in an archive the files are whose text is looked at.
fn small_files(archive: &[u8]) -> std::io::Result<HashMap<String, Range<usize>>> {
    let mut places = HashMap::new();
    for entry in Archive::new(Cursor::new(archive)).entries_with_seek()? {
        let entry = entry?;
        if entry.header().entry_type() == EntryType::Regular && entry.size() <= MOST_TEXT {
            let begin = usize::try_from(entry.raw_file_position()).unwrap_or(usize::MAX);
            let size = usize::try_from(entry.size()).unwrap_or_default();
            places.insert(entry.path()?.to_string_lossy().into_owned(), begin..begin.saturating_add(size));
        }
    }
    Ok(places)
}

impl std::fmt::Debug for Snapshot {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Snapshot").field("name", &self.name).field("key", &self.key).finish_non_exhaustive()
    }
}

impl Snapshot {
    /// Reads the files of a repository; none are wanted with [`Files::None`].
    ///
    /// # Errors
    /// When git does not answer, a file cannot be read, or there is more than a copy may have.
    pub fn of(repository: &Repository, files: Files) -> Result<Option<Self>, Problem> {
        if files == Files::None {
            return Ok(None);
        }
        let root = repository.root();
        let listing = Listing::of(root)?;
        is_small(&listing)?;
        let name = git::repository_name(root);
        let mut packing = Packing::new(&name);
        for (path, kind) in &listing.entries {
            packing.add(root, path, kind)?;
        }
        let mut hasher = blake3::Hasher::new();
        hasher.update(name.as_bytes()).update(b"\0").update(packing.builder.get_ref());
        if files == Files::Clone {
            let clone = clone::FreshClone::of(root)?;
            hasher.update(&clone.refs);
            for (path, kind) in clone.files() {
                packing.add(clone.folder(), &path, &kind)?;
            }
        }
        let archive = packing.builder.into_inner().map_err(|error| failed(root, &error))?;
        let key = hasher.finalize().to_hex()[..32].to_owned();
        Ok(Some(Self {
            root: root.to_owned(),
            name,
            archive,
            places: OnceLock::new(),
            key,
            warnings: listing.warnings,
        }))
    }

    /// The folder that the files were read from.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The name of the folder that they are in, in the archive and in a sandbox.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// A tar archive of the files in a folder of that name.
    pub fn archive(&self) -> &[u8] {
        &self.archive
    }

    /// The text of a small file, by its path in the archive.
    pub(super) fn text(&self, path: &str) -> Option<&str> {
        let places = self.places.get_or_init(|| small_files(&self.archive).unwrap_or_default());
        str::from_utf8(self.archive.get(places.get(path)?.clone())?).ok()
    }

    /// 32 hexadecimal digits that are others when anything in the copy is: a name, a byte, whether a file
    /// may be executed, where a link leads. On each machine they are the same for the same files.
    pub fn key(&self) -> &str {
        &self.key
    }

    /// What the copy leaves out that somebody could miss.
    pub fn warnings(&self) -> &[Problem] {
        &self.warnings
    }
}

/// An archive that is being written. The same files make the same bytes, at any time and for any owner.
struct Packing {
    folder: PathBuf,
    builder: Builder<Vec<u8>>,
    bytes: u64,
}

impl Packing {
    fn new(name: &str) -> Self {
        let mut packing = Self { folder: name.into(), builder: Builder::new(Vec::new()), bytes: 0 };
        // Writing to memory does not fail.
        let _ = packing.entry(EntryType::Directory, 0o755, Path::new(""), &[]);
        packing
    }

    fn add(&mut self, root: &Path, path: &Path, kind: &Kind) -> Result<(), Problem> {
        let full = root.join(path);
        let added = match kind {
            Kind::File { executable, .. } => match crate::files::read_regular(&full, MOST_BYTES) {
                Ok(bytes) => {
                    self.bytes += bytes.len() as u64;
                    // A file may have grown since it was looked at.
                    if self.bytes > MOST_BYTES {
                        return Err(too_much(&[(path.to_owned(), bytes.len() as u64)]));
                    }
                    self.entry(EntryType::Regular, if *executable { 0o755 } else { 0o644 }, path, &bytes)
                }
                // It went away meanwhile: it is not part of the copy.
                Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(()),
                Err(error) => Err(error),
            },
            Kind::Link(target) => {
                let mut header = header(EntryType::Symlink, 0o777, 0);
                self.builder.append_link(&mut header, self.folder.join(path), target)
            }
            Kind::Folder => self.entry(EntryType::Directory, 0o755, path, &[]),
        };
        added.map_err(|error| failed(&full, &error))
    }

    fn entry(&mut self, kind: EntryType, mode: u32, path: &Path, bytes: &[u8]) -> std::io::Result<()> {
        let mut header = header(kind, mode, bytes.len() as u64);
        self.builder.append_data(&mut header, self.folder.join(path), bytes)
    }
}

fn header(kind: EntryType, mode: u32, size: u64) -> Header {
    let mut header = Header::new_gnu();
    header.set_entry_type(kind);
    header.set_mode(mode);
    header.set_size(size);
    header.set_uid(0);
    header.set_gid(0);
    header.set_mtime(0);
    header
}

fn failed(path: &Path, error: &std::io::Error) -> Problem {
    Problem::new(messages::no_copy(shown(path), file::reason(error))).help(messages::ignore_more())
}

/// Looks at the sizes before anything is read.
fn is_small(listing: &Listing) -> Result<(), Problem> {
    let mut sizes: Vec<(PathBuf, u64)> = Vec::new();
    for (path, kind) in &listing.entries {
        if let Kind::File { size, .. } = kind {
            sizes.push((path.clone(), *size));
        }
    }
    let bytes: u64 = sizes.iter().map(|(_, size)| size).sum();
    if bytes <= MOST_BYTES && listing.entries.len() <= MOST_FILES { Ok(()) } else { Err(too_much(&sizes)) }
}

fn too_much(sizes: &[(PathBuf, u64)]) -> Problem {
    let mib = |bytes: u64| format!("{} MiB", bytes.div_ceil(1024 * 1024));
    let bytes = sizes.iter().map(|(_, size)| size).sum();
    let mut largest: Vec<&(PathBuf, u64)> = sizes.iter().collect();
    largest.sort_by_key(|(path, size)| (std::cmp::Reverse(*size), path));
    let named: Vec<String> =
        largest.iter().take(NAMED).map(|(path, size)| format!("{} ({})", shown(path), mib(*size))).collect();
    let (size, most, largest) = (mib(bytes), mib(MOST_BYTES), named.join(", "));
    Problem::new(messages::too_much(size, sizes.len(), most, MOST_FILES, largest))
        .help(messages::too_much_help())
}
