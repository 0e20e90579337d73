//! A book in memory, and what can be asked of it.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use super::includes::HELPERS;
use super::page::{Page, PagePath};
use super::summary::Part;
use crate::config::Config;
use crate::files;
use crate::repository::{Files, Repository, Snapshot, Workspace};
use crate::text::{Problem, Source};

/// A book as loaded from disk.
#[derive(Debug)]
pub struct Book {
    /// The folder of `book.toml`.
    pub root: PathBuf,
    /// The folder of the pages.
    pub content: PathBuf,
    /// What `book.toml` says.
    pub config: Config,
    /// Its `SUMMARY.md`.
    pub summary: Source,
    /// The tree of contents.
    pub parts: Vec<Part>,
    /// The pages in reading order.
    pub pages: Vec<Page>,
    /// Files beside the pages that the site needs (pictures and the like), relative to `content`.
    pub assets: Vec<PathBuf>,
    /// Markdown files that `SUMMARY.md` does not name, relative to `content`.
    pub orphans: Vec<PathBuf>,
    /// The files that pages include, and those that these include.
    pub included: BTreeSet<PathBuf>,
    /// The page for addresses that lead nowhere, if the book has its own.
    pub not_found: Option<Page>,
    /// What is wrong with includes and the like, though the book can be had.
    pub warnings: Vec<Problem>,
    /// What the book asks for that haechi does not do.
    pub unsupported: Vec<Problem>,
    /// The preprocessors that did not run, since nobody trusts them.
    pub left_out: Vec<String>,
    /// The pages that were asked for, if not the whole book was.
    pub only: Option<Vec<PagePath>>,
    /// The files of the repository around it, once somebody has asked for them.
    pub(super) snapshot: OnceLock<Result<Option<Arc<Snapshot>>, Problem>>,
    /// The git refs whose evidence the command line trusts; the book never names them.
    pub trusted_refs: Vec<String>,
}

impl Book {
    /// The files of the repository around the book, as they were when first asked for; none where the
    /// book's pages begin in an empty folder.
    ///
    /// # Errors
    /// When they cannot be copied.
    pub fn snapshot(&self) -> Result<Option<Arc<Snapshot>>, Problem> {
        let taken = self.snapshot.get_or_init(|| {
            let files = self.config.verify.files;
            if files == Files::None {
                return Ok(None);
            }
            let Some(repository) = Repository::around(&self.content)? else { return Ok(None) };
            Ok(Snapshot::of(&repository, files)?.map(Arc::new))
        });
        taken.clone()
    }

    /// The files that pages of the book include, if a page of these does.
    pub(crate) fn included_by<'s>(&self, pages: impl IntoIterator<Item = &'s Source>) -> Vec<PathBuf> {
        let includes = pages.into_iter().any(|source| HELPERS.is_match(source.written()));
        if includes { self.included.iter().cloned().collect() } else { Vec::new() }
    }

    /// What a page finds in its sandbox, and where it begins; none is an empty folder.
    ///
    /// # Errors
    /// As [`Book::snapshot`].
    pub fn workspace(&self, page: &Page) -> Result<Option<Workspace>, Problem> {
        let snapshot = self.snapshot()?;
        let workdir = self.config.verify.workdir;
        Ok(snapshot.map(|taken| Workspace::new(taken, &self.content, page.path.as_str(), workdir)))
    }

    /// The number of the page that a file is, or whose evidence it is; the path has no `..`.
    pub fn page_at(&self, file: &Path) -> Option<usize> {
        let name = match file.strip_prefix(files::absolute(&self.content)) {
            Ok(path) => path.to_path_buf(),
            Err(_) => {
                let evidence = files::absolute(&self.root.join("evidence"));
                file.strip_prefix(evidence)
                    .ok()
                    .filter(|path| path.extension().is_some_and(|kind| kind == "json"))?
                    .with_extension("md")
            }
        };
        self.pages.iter().position(|page| Path::new(page.path.as_str()) == name)
    }

    /// The title of the book.
    pub fn title(&self) -> &str {
        self.config.book.title.as_deref().unwrap_or("haechi")
    }

    /// Puts the site elsewhere than `book.toml` says: into a folder relative to where the command runs.
    pub fn build_into(&mut self, folder: &Path) {
        let folder = std::path::absolute(folder).unwrap_or_else(|_| folder.to_owned());
        self.config.build.build_dir.clone_from(&folder);
        self.config.mdbook.build.build_dir = folder;
    }
}
