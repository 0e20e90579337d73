//! The checkout around a book: what a stranger's book names must not lead out of it.

use std::path::{Component, Path, PathBuf};

use crate::messages::file as messages;
use crate::text::Problem;

/// The folder of the checkout around a book, or of the book itself.
#[derive(Debug, Clone)]
pub(crate) struct Checkout {
    top: PathBuf,
}

impl Checkout {
    /// The one around a book's folder.
    pub(crate) fn around(root: &Path) -> Self {
        let root = std::fs::canonicalize(root).unwrap_or_else(|_| root.to_owned());
        let top = root.ancestors().find(|folder| folder.join(".git").exists()).unwrap_or(&root);
        Self { top: top.to_owned() }
    }

    /// Its folder.
    pub(crate) fn top(&self) -> &Path {
        &self.top
    }

    /// Whether a path, or as much of it as is there, leads to a place in the checkout, by whatever links. What
    /// git keeps for itself is none.
    pub(crate) fn contains(&self, path: &Path) -> bool {
        let Ok(path) = std::path::absolute(path) else { return false };
        let there = path.ancestors().find_map(|above| {
            let real = std::fs::canonicalize(above).ok()?;
            Some((real, path.strip_prefix(above).ok()?))
        });
        let Some((real, rest)) = there else { return false };
        let Ok(inside) = real.strip_prefix(&self.top) else { return false };
        inside.components().chain(rest.components()).all(|part| match part {
            Component::Normal(name) => name != ".git",
            other => other == Component::CurDir,
        })
    }

    /// Refuses a file that is there and not in the checkout: it would be read, and published.
    ///
    /// # Errors
    /// When that is so.
    pub(crate) fn refuse_outside(&self, file: &Path) -> Result<(), Problem> {
        if !file.exists() || self.contains(file) {
            return Ok(());
        }
        Err(Problem::new(messages::outside(file.display(), self.top.display()))
            .help(messages::outside_help()))
    }
}
