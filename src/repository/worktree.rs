//! A git repository with its work tree.

use std::path::{Path, PathBuf};

use super::git;
use crate::text::Problem;

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
