//! Where in a sandbox a repository is, and where in it a page begins.

use std::path::Path;
use std::sync::Arc;

use super::outputs::within;
use super::snapshot::Snapshot;

/// In which folder of the repository the commands of a page begin.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Workdir {
    /// A README's is its own folder, another page's is the repository's root.
    #[default]
    Auto,
    /// The root.
    Root,
    /// The folder of the page.
    Page,
}

/// The files that a page finds in its sandbox, and the folder that it begins in.
#[derive(Debug, Clone)]
pub struct Workspace {
    snapshot: Arc<Snapshot>,
    folder: String,
}

impl Workspace {
    /// The place of a page, whose path is below `content`.
    pub fn new(snapshot: Arc<Snapshot>, content: &Path, page: &str, workdir: Workdir) -> Self {
        let page = Path::new(page);
        let is_readme = page.file_stem().is_some_and(|stem| stem.eq_ignore_ascii_case("readme"));
        let begins_at_page = match workdir {
            Workdir::Auto => is_readme,
            Workdir::Root => false,
            Workdir::Page => true,
        };
        let folder = page.parent().filter(|_| begins_at_page).and_then(|folder| {
            let content = content.canonicalize().ok()?;
            within(content.strip_prefix(snapshot.root()).ok()?, folder)
        });
        let folder = match folder {
            Some(folder) => format!("{}/{}", snapshot.name(), folder.to_string_lossy()),
            None => snapshot.name().to_owned(),
        };
        Self { snapshot, folder }
    }

    /// A tar archive of the files.
    pub fn archive(&self) -> &[u8] {
        self.snapshot.archive()
    }

    /// The folder that the page begins in, relative to where the archive is unpacked.
    pub fn folder(&self) -> &str {
        &self.folder
    }

    /// The text of a small file of the copy, by its path from where the page begins.
    pub fn text(&self, path: &str) -> Option<&str> {
        let mut parts: Vec<&str> = self.folder.split('/').collect();
        for part in path.split('/') {
            match part {
                "" | "." => {}
                ".." => drop(parts.pop()?),
                other => parts.push(other),
            }
        }
        self.snapshot.text(&parts.join("/")).filter(|_| !path.starts_with('/'))
    }

    /// What evidence belongs to: the files, and where the page begins.
    pub fn key(&self) -> String {
        format!("{} {}", self.snapshot.key(), self.folder)
    }
}
