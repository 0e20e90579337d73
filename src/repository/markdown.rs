//! The Markdown files below a folder.

use std::path::{Path, PathBuf};

use walkdir::WalkDir;

use super::listing::{Kind, Listing};
use super::outputs::Outputs;
use super::worktree::Repository;
use crate::checkout::Checkout;
use crate::text::Problem;

/// The Markdown files below a folder, in order, as paths that begin with `folder`: without those that git
/// ignores, if it is in a repository, hidden ones, and what haechi or mdBook wrote.
///
/// # Errors
/// When git does not answer.
pub fn markdown_below(folder: &Path, repository: Option<&Repository>) -> Result<Vec<PathBuf>, Problem> {
    Ok(files_below(folder, repository)?.into_iter().filter(|path| is_markdown(path)).collect())
}

/// All files below a folder, in the same way.
///
/// # Errors
/// As [`markdown_below`].
pub fn files_below(folder: &Path, repository: Option<&Repository>) -> Result<Vec<PathBuf>, Problem> {
    let Some(repository) = repository else { return Ok(walk(folder)) };
    let Ok(inside) = folder.canonicalize() else { return Ok(Vec::new()) };
    let Ok(inside) = inside.strip_prefix(repository.root()) else { return Ok(Vec::new()) };
    let listing = Listing::of(repository.root())?;
    let files = listing.entries.into_iter().filter(|(_, kind)| matches!(kind, Kind::File { .. }));
    let below = files.filter_map(|(path, _)| path.strip_prefix(inside).ok().map(Path::to_owned));
    Ok(below.filter(|path| !is_hidden(path)).map(|path| folder.join(path)).collect())
}

/// What is to be verified in a repository, or folder, that has no book: its README and what is below `docs`.
///
/// # Errors
/// As [`markdown_below`].
pub fn usual_pages(folder: &Path, repository: Option<&Repository>) -> Result<Vec<PathBuf>, Problem> {
    let docs = folder.join("docs");
    let checkout = Checkout::around(folder);
    let is_readme = |path: &PathBuf| {
        path.file_name().is_some_and(|name| name.eq_ignore_ascii_case("README.md"))
            && path.is_file()
            && checkout.contains(path)
    };
    let beside = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let mut pages: Vec<PathBuf> =
        beside.map(|entry| folder.join(entry.file_name())).filter(is_readme).collect();
    pages.sort();
    if docs.is_dir() {
        pages.extend(markdown_below(&docs, repository)?);
    }
    Ok(pages)
}

fn walk(folder: &Path) -> Vec<PathBuf> {
    let named = |entry: &walkdir::DirEntry| entry.depth() == 0 || !is_hidden(Path::new(entry.file_name()));
    let files = WalkDir::new(folder).sort_by_file_name().into_iter().filter_entry(named).flatten();
    let files = files.filter(|entry| entry.file_type().is_file());
    let paths: Vec<PathBuf> =
        files.filter_map(|entry| entry.path().strip_prefix(folder).ok().map(Path::to_owned)).collect();
    let outputs = Outputs::among(folder, paths.iter().map(PathBuf::as_path));
    paths.iter().filter(|path| !outputs.has(path)).map(|path| folder.join(path)).collect()
}

fn is_markdown(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "md")
}

fn is_hidden(path: &Path) -> bool {
    path.components().any(|part| part.as_os_str().to_string_lossy().starts_with('.'))
}
