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

    /// Where it was cloned from, if it says.
    pub fn origin(&self) -> Option<String> {
        self.answer(&["config", "--local", "--get", "remote.origin.url"])
    }

    /// The branch that others begin from: the origin's, else the one that is checked out.
    pub fn default_branch(&self) -> Option<String> {
        let of_origin = self.answer(&["symbolic-ref", "--short", "refs/remotes/origin/HEAD"]);
        let of_origin = of_origin.and_then(|name| Some(name.strip_prefix("origin/")?.to_owned()));
        of_origin.or_else(|| self.answer(&["symbolic-ref", "--short", "HEAD"]))
    }

    /// The folder of its hooks.
    ///
    /// # Errors
    /// When git does not answer.
    pub fn hooks(&self) -> Result<PathBuf, Problem> {
        if let Some(own) = self.answer(&["config", "--local", "--get", "core.hooksPath"]) {
            return Ok(self.root.join(own));
        }
        let folder = git::git(&self.root, &["rev-parse", "--git-common-dir"])?;
        Ok(self.root.join(String::from_utf8_lossy(&folder).trim_end()).join("hooks"))
    }

    /// The line that git prints, if it knows an answer.
    fn answer(&self, arguments: &[&str]) -> Option<String> {
        let printed = git::git(&self.root, arguments).ok()?;
        let line = String::from_utf8(printed).ok()?.trim_end().to_owned();
        (!line.is_empty()).then_some(line)
    }

    /// The folder that the whole repository is in.
    pub fn root(&self) -> &Path {
        &self.root
    }
}
