//! The book: in goes a folder, out comes a [`Book`] of pages in the order of `SUMMARY.md`,
//! or one lone page.

mod links;
mod page;
mod summary;

use std::path::{Path, PathBuf};

use walkdir::WalkDir;

use crate::config::Config;
use crate::diagnostic::{Problem, Source};
pub use links::broken_links;
pub use page::{Page, PagePath};
pub use summary::{Entry, Part};

/// A book as loaded from disk.
#[derive(Debug)]
pub struct Book {
    /// The folder of `book.toml`.
    pub root: PathBuf,
    /// The folder of the pages.
    pub content: PathBuf,
    /// What `book.toml` says.
    pub config: Config,
    /// The tree of contents.
    pub parts: Vec<Part>,
    /// The pages in reading order.
    pub pages: Vec<Page>,
    /// Files beside the pages that the site needs (pictures and the like), relative to `content`.
    pub assets: Vec<PathBuf>,
    /// Markdown files that `SUMMARY.md` does not name, relative to `content`.
    pub orphans: Vec<PathBuf>,
    /// The one page that was asked for, if not the whole book was.
    pub only: Option<PagePath>,
}

impl Book {
    /// Loads the book whose `book.toml` is in `root`.
    ///
    /// # Errors
    /// When `book.toml`, `SUMMARY.md` or a page that it names is missing or malformed.
    pub fn load(root: &Path) -> Result<Self, Vec<Problem>> {
        let root = if root.as_os_str().is_empty() { Path::new(".") } else { root };
        let file = root.join("book.toml");
        let text = std::fs::read_to_string(&file).map_err(|error| {
            vec![
                Problem::file("read", &file, &error)
                    .help("give the folder of a book, or a Markdown file; `haechi new DIR` makes a book"),
            ]
        })?;
        let config = Config::parse(&Source::new(&file, text)).map_err(|problem| vec![problem])?;
        // Components leave out `.`, which would show in messages.
        let content: PathBuf = root.join(&config.book.src).components().collect();
        let summary_file = content.join("SUMMARY.md");
        let summary = std::fs::read_to_string(&summary_file).map_err(|error| {
            vec![
                Problem::file("read", &summary_file, &error)
                    .help("a book lists its pages in SUMMARY.md, one link a line"),
            ]
        })?;
        let parts = summary::parse(&Source::new(&summary_file, summary)).map_err(|problem| vec![problem])?;

        let mut problems = Vec::new();
        let mut pages = Vec::new();
        for entry in parts.iter().flat_map(|part| &part.entries).flat_map(Entry::flatten) {
            let Some(path) = &entry.page else { continue };
            match Page::load(&content, path.clone()) {
                Ok(page) => pages.push(page),
                Err(problem) => problems
                    .push(problem.help(
                        "SUMMARY.md names this page; write it, save it as UTF-8, or take the link out",
                    )),
            }
        }
        if !problems.is_empty() {
            return Err(problems);
        }
        let (assets, orphans) = walk(&content, &pages);
        Ok(Self { root: root.to_owned(), content, config, parts, pages, assets, orphans, only: None })
    }

    /// A book of one page, for a lone Markdown file with no book around it.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn lone(file: &Path) -> Result<Self, Problem> {
        let content = file.parent().filter(|dir| !dir.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let name = file.file_name().ok_or_else(|| Problem::new(format!("{} is no file", file.display())))?;
        let page = Page::load(content, PagePath::new(name.to_string_lossy()))?;
        Ok(Self {
            root: content.to_owned(),
            content: content.to_owned(),
            config: Config::default(),
            parts: Vec::new(),
            pages: vec![page],
            assets: Vec::new(),
            orphans: Vec::new(),
            only: None,
        })
    }

    /// The title of the book.
    pub fn title(&self) -> &str {
        self.config.book.title.as_deref().unwrap_or("haechi")
    }

    /// The folder of the site.
    pub fn destination(&self) -> PathBuf {
        self.root.join(&self.config.build.build_dir)
    }
}

/// The files below `content` that are not pages of the book.
fn walk(content: &Path, pages: &[Page]) -> (Vec<PathBuf>, Vec<PathBuf>) {
    let mut assets = Vec::new();
    let mut orphans = Vec::new();
    let hidden =
        |entry: &walkdir::DirEntry| entry.depth() > 0 && entry.file_name().to_string_lossy().starts_with('.');
    for entry in WalkDir::new(content).sort_by_file_name().into_iter().filter_entry(|entry| !hidden(entry)) {
        let Ok(entry) = entry else { continue };
        let Ok(path) = entry.path().strip_prefix(content) else { continue };
        if !entry.file_type().is_file() {
            continue;
        }
        if path.extension().is_some_and(|extension| extension == "md") {
            let known = path == Path::new("SUMMARY.md")
                || pages.iter().any(|page| Path::new(page.path.as_str()) == path);
            if !known {
                orphans.push(path.to_owned());
            }
        } else {
            assets.push(path.to_owned());
        }
    }
    (assets, orphans)
}
