//! The history of a repository as a fresh clone has it: without settings, hooks, other branches, and
//! whatever else a `.git` in use contains, such as the credentials that CI services put there.

use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use tempfile::TempDir;
use walkdir::WalkDir;

use super::git::git;
use super::listing::Kind;
use crate::messages::{file, repository as messages};
use crate::text::Problem;

/// A clone in a temporary folder.
pub(super) struct FreshClone {
    folder: TempDir,
    /// What its branch and its tags are: the same for the same history, as packs are not.
    pub(super) refs: Vec<u8>,
}

impl FreshClone {
    /// Clones the branch that is checked out.
    ///
    /// # Errors
    /// When git does not do it.
    pub(super) fn of(root: &Path) -> Result<Self, Problem> {
        let folder = crate::files::temporary_folder("clone-").map_err(|error| {
            Problem::new(messages::no_clone_folder(file::reason(&error)))
                .help(messages::no_clone_folder_help())
        })?;
        let place = folder.path();
        let options = ["clone", "--quiet", "--no-local", "--single-branch", "--no-checkout", "--template="];
        let mut words: Vec<&std::ffi::OsStr> = options.iter().map(AsRef::as_ref).collect();
        words.extend([std::ffi::OsStr::new("--"), root.as_os_str(), place.as_os_str()]);
        git(root, &words)?;
        git(place, &["remote", "remove", "origin"])?;
        let mut refs = std::fs::read(place.join(".git/HEAD")).unwrap_or_default();
        // A repository without a commit has no index to make.
        if git(place, &["rev-parse", "--quiet", "--verify", "HEAD"]).is_ok() {
            git(place, &["read-tree", "HEAD"])?;
            refs.extend(git(place, &["rev-parse", "HEAD"])?);
        }
        refs.extend(git(place, &["for-each-ref", "--format=%(objectname) %(refname)"])?);
        // It names this machine's folder.
        let _ = std::fs::remove_dir_all(place.join(".git/logs"));
        Ok(Self { folder, refs })
    }

    /// Where it is.
    pub(super) fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// The files of its `.git`.
    pub(super) fn files(&self) -> impl Iterator<Item = (PathBuf, Kind)> {
        let walk = WalkDir::new(self.folder().join(".git")).sort_by_file_name();
        walk.into_iter().flatten().filter_map(|entry| {
            let path = entry.path().strip_prefix(self.folder()).ok()?.to_owned();
            let data = entry.metadata().ok()?;
            if data.is_dir() {
                return Some((path, Kind::Folder));
            }
            let executable = data.permissions().mode() & 0o100 != 0;
            data.is_file().then_some((path, Kind::File { executable, size: data.len() }))
        })
    }
}
