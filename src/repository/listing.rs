//! The files of a repository: those that git tracks and those that are new and not ignored.

use std::collections::{BTreeMap, HashMap};
use std::ffi::OsStr;
use std::fs::Metadata;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use super::git::{git, printable};
use super::outputs::{Outputs, within};
use crate::messages::{Message, repository as messages};
use crate::text::Problem;

/// What a path of the repository is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Kind {
    /// A file, of so many bytes.
    File { executable: bool, size: u64 },
    /// A link that stays inside, and where it leads.
    Link(PathBuf),
    /// A folder that may be empty.
    Folder,
}

/// The files of a repository.
#[derive(Debug, Default)]
pub(super) struct Listing {
    /// What is there, by its path relative to the root.
    pub(super) entries: BTreeMap<PathBuf, Kind>,
    /// What is left out that somebody could miss.
    pub(super) warnings: Vec<Problem>,
}

/// The mode of a submodule in git's index (gitformat-index(5)).
const SUBMODULE: &[u8] = b"160000 ";

impl Listing {
    /// Asks git, and looks at what is there.
    ///
    /// # Errors
    /// When git does not answer.
    pub(super) fn of(root: &Path) -> Result<Self, Problem> {
        let (tracked, submodules) = tracked(root)?;
        let new = git(root, &["ls-files", "-z", "--others", "--exclude-standard"])?;
        let new: Vec<PathBuf> = pieces(&new).map(path).collect();
        let outputs = Outputs::among(root, tracked.iter().chain(&new).map(PathBuf::as_path));
        let mut listing = Self::default();
        let mut folders = Folders { root, known: HashMap::new() };
        for path in tracked.into_iter().chain(new) {
            if !outputs.has(&path) && folders.are_real(&path) {
                listing.add(root, path);
            }
        }
        for path in submodules {
            listing.warn(messages::submodule(shown(&path)));
            listing.entries.insert(path, Kind::Folder);
        }
        Ok(listing)
    }

    /// Adds what is at a path; what is there no more is not part of the copy either.
    fn add(&mut self, root: &Path, path: PathBuf) {
        let full = root.join(&path);
        let Ok(data) = full.symlink_metadata() else { return };
        if data.is_file() {
            let kind = Kind::File { executable: is_executable(&data), size: data.len() };
            self.entries.insert(path, kind);
        } else if data.is_symlink() {
            match std::fs::read_link(&full) {
                Ok(target) if stays_inside(root, &path, &target) => {
                    self.entries.insert(path, Kind::Link(target));
                }
                _ => self.warn(messages::link_out(shown(&path))),
            }
        } else if data.is_dir() {
            self.warn(messages::own_repository(shown(&path)));
        } else {
            self.warn(messages::no_file(shown(&path)));
        }
    }

    fn warn(&mut self, message: Message) {
        self.warnings.push(Problem::new(message).warning());
    }
}

/// A path for a message.
pub(super) fn shown(path: &Path) -> String {
    printable(&path.to_string_lossy())
}

/// The paths in git's index, and those of them that are submodules.
fn tracked(root: &Path) -> Result<(Vec<PathBuf>, Vec<PathBuf>), Problem> {
    let listed = git(root, &["ls-files", "-z", "--stage"])?;
    let (mut files, mut submodules) = (Vec::new(), Vec::new());
    for piece in pieces(&listed) {
        let Some(tab) = piece.iter().position(|&byte| byte == b'\t') else { continue };
        let list = if piece.starts_with(SUBMODULE) { &mut submodules } else { &mut files };
        list.push(path(&piece[tab + 1..]));
    }
    // A file in conflict is listed once for each side.
    files.dedup();
    submodules.dedup();
    Ok((files, submodules))
}

fn pieces(listed: &[u8]) -> impl Iterator<Item = &[u8]> {
    listed.split(|&byte| byte == 0).filter(|piece| !piece.is_empty())
}

fn path(bytes: &[u8]) -> PathBuf {
    PathBuf::from(OsStr::from_bytes(bytes))
}

/// As git has it: whether the owner may execute the file.
fn is_executable(data: &Metadata) -> bool {
    data.permissions().mode() & 0o100 != 0
}

/// Whether a link leads to a place in the repository, by its words and, where it leads to something, in fact:
/// it may go by way of other links.
fn stays_inside(root: &Path, link: &Path, target: &Path) -> bool {
    let folder = link.parent().unwrap_or(Path::new(""));
    // The root itself is inside, too: a name below it leads somewhere if it does.
    let by_words = target.is_relative() && within(folder, &target.join("x")).is_some();
    by_words && root.join(link).canonicalize().map_or(true, |place| place.starts_with(root))
}

/// Which folders are folders, and no links to others: a file that git tracks may have come behind one.
struct Folders<'r> {
    root: &'r Path,
    known: HashMap<PathBuf, bool>,
}

impl Folders<'_> {
    /// Whether all folders above a path are real ones.
    fn are_real(&mut self, path: &Path) -> bool {
        let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) else { return true };
        if let Some(&known) = self.known.get(folder) {
            return known;
        }
        let is_folder = self.root.join(folder).symlink_metadata().is_ok_and(|data| data.is_dir());
        let real = is_folder && self.are_real(folder);
        self.known.insert(folder.to_owned(), real);
        real
    }
}
