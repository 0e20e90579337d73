//! The repository around a page: in goes a folder, out comes a [`Snapshot`] of the files that git has
//! there, which a sandbox is given a copy of.
//!
//! The files belong to strangers: git runs nothing that they name, nothing outside of the repository is
//! read by way of a link, and what is copied has a bound.

mod archive;
mod clone;
mod git;
mod listing;
mod markdown;
mod outputs;
mod place;

use std::path::{Path, PathBuf};

use crate::text::Problem;
pub use archive::Snapshot;
pub use markdown::{markdown_below, usual_pages};
pub use place::{Workdir, Workspace};

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

/// A git repository with a work tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Repository {
    root: PathBuf,
}

impl Repository {
    /// The repository that a folder is in, if it is in one.
    ///
    /// # Errors
    /// When git is missing, or does not trust the owner of the files.
    pub fn around(folder: &Path) -> Result<Option<Self>, Problem> {
        let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
        let Ok(folder) = folder.canonicalize() else { return Ok(None) };
        // What only looks like a repository, in a folder of a real one, is passed over.
        let Some(folder) = folder.ancestors().find(|folder| folder.join(".git").exists()) else {
            return Ok(None);
        };
        let root = git::root(folder)?.and_then(|root| root.canonicalize().ok());
        Ok(root.map(|root| Self { root }))
    }

    /// The folder that the whole repository is in.
    pub fn root(&self) -> &Path {
        &self.root
    }
}

#[cfg(test)]
mod tests;
