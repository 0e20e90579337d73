//! Books are read from their folders: `book.toml`, `SUMMARY.md`, pages and the files beside them.

use std::collections::{BTreeSet, HashSet};
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use mdbook_renderer::RenderContext;
use rayon::prelude::*;
use walkdir::WalkDir;

use super::model::Book;
use super::page::{Page, PagePath};
use super::preprocess;
use super::programs::{MayRun, Untrusted};
use super::summary::{self, Entry, Part};
use crate::checkout::Checkout;
use crate::config::Config;
use crate::files;
use crate::markdown::Extensions;
use crate::messages::{Message, book as messages};
use crate::repository::Files;
use crate::text::{Problem, Source};

/// The most bytes of book.toml and SUMMARY.md.
const MOST_BYTES: u64 = 64 * 1024 * 1024;

impl Book {
    /// Loads the book whose `book.toml` is in `root`, and runs its preprocessors; `may_run` is asked
    /// before a program of the machine is.
    ///
    /// # Errors
    /// When `book.toml`, `SUMMARY.md` or a page that it names is missing or malformed, or a
    /// preprocessor fails.
    pub fn load(root: &Path, may_run: MayRun<'_>) -> Result<Self, Vec<Problem>> {
        Self::load_with(root, may_run, Untrusted::Refuse)
    }

    /// Does so, and says what becomes of a book whose preprocessors may not run.
    ///
    /// # Errors
    /// As [`Book::load`].
    pub fn load_with(root: &Path, may_run: MayRun<'_>, policy: Untrusted) -> Result<Self, Vec<Problem>> {
        let mut book = Self::read(root)?;
        preprocess::preprocess(&mut book, may_run, policy)?;
        Ok(book)
    }

    /// The book that mdBook has loaded and preprocessed for its backend.
    ///
    /// # Errors
    /// As [`Book::load`].
    pub fn of_mdbook(context: &RenderContext) -> Result<Self, Vec<Problem>> {
        let here = std::env::current_dir().unwrap_or_default();
        let root = context.root.strip_prefix(&here).unwrap_or(&context.root);
        let mut book = Self::read(root)?;
        preprocess::adopt(&mut book, &context.book, &context.chapter_titles);
        Ok(book)
    }

    /// The book as its files are.
    fn read(root: &Path) -> Result<Self, Vec<Problem>> {
        let root = if root.as_os_str().is_empty() { Path::new(".") } else { root };
        let checkout = Checkout::around(root);
        let source = read_source(&checkout, &root.join("book.toml"), messages::no_book())
            .map_err(|problem| vec![problem])?;
        let config = Config::parse(&source).map_err(|problem| vec![problem])?;
        let unsupported = config.unsupported(&source, root);
        // Components leave out `.`, which would show in messages.
        let content: PathBuf = root.join(&config.book.src).components().collect();
        let summary = read_source(&checkout, &content.join("SUMMARY.md"), messages::no_summary());
        let summary = summary.map_err(|problem| vec![problem])?;
        let parts = summary::parse(&summary).map_err(|problem| vec![problem])?;
        refuse_outside(&checkout, &content, &parts)?;
        let pages = load_pages(&content, &parts, config.extensions())?;
        let not_found = not_found(&checkout, &content, &config).map_err(|problem| vec![problem])?;
        let sites = root.join(&config.build.build_dir);
        let (assets, orphans) = walk(&content, &sites, pages.iter().chain(&not_found));
        let root = root.to_owned();
        Ok(Self {
            root,
            content,
            config,
            summary,
            parts,
            pages,
            assets,
            orphans,
            included: BTreeSet::new(),
            not_found,
            warnings: Vec::new(),
            unsupported,
            left_out: Vec::new(),
            only: None,
            snapshot: OnceLock::new(),
            trusted_refs: Vec::new(),
        })
    }

    /// A book of Markdown files that no book is around: all of one repository, or of one folder.
    ///
    /// # Errors
    /// When one cannot be read.
    pub fn of_files(root: &Path, files: &[PathBuf]) -> Result<Self, Vec<Problem>> {
        let full = |folder: &Path| folder.canonicalize().unwrap_or_else(|_| folder.to_owned());
        let top = full(root);
        let loaded: Vec<_> = files
            .par_iter()
            .map(|file| {
                let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty());
                let folder = full(folder.unwrap_or(Path::new(".")));
                // The file itself may be a link to elsewhere: its evidence is not.
                let path = folder
                    .strip_prefix(&top)
                    .unwrap_or(Path::new(""))
                    .join(file.file_name().unwrap_or_default());
                Page::read(file, PagePath::new(path.to_string_lossy()), Extensions::default())
            })
            .collect();
        let (pages, problems): (Vec<_>, Vec<_>) = loaded.into_iter().partition(Result::is_ok);
        if !problems.is_empty() {
            return Err(problems.into_iter().filter_map(Result::err).collect());
        }
        let mut config = Config::default();
        // Who reads a README has the files beside it.
        config.verify.files = Files::Repository;
        // A book there has its evidence in the same folder, perhaps of pages of the same names.
        let is_taken = root.join("book.toml").is_file();
        let own = if is_taken { root.join(".haechi/files") } else { root.to_owned() };
        Ok(Self {
            root: own,
            content: root.to_owned(),
            config,
            summary: Source::new("SUMMARY.md", ""),
            warnings: Vec::new(),
            unsupported: Vec::new(),
            left_out: Vec::new(),
            parts: Vec::new(),
            pages: pages.into_iter().flatten().collect(),
            assets: Vec::new(),
            orphans: Vec::new(),
            included: BTreeSet::new(),
            not_found: None,
            only: None,
            snapshot: OnceLock::new(),
            trusted_refs: Vec::new(),
        })
    }

    /// Reads a page again; says whether that is all that there is to do: a preprocessor may have more.
    ///
    /// # Errors
    /// When the page cannot be read.
    pub fn reload(&mut self, number: usize) -> Result<bool, Problem> {
        let path = self.pages[number].path.clone();
        // The page is one of the repository's files.
        self.snapshot = OnceLock::new();
        self.pages[number] = Page::load(&self.content, path, self.config.extensions())?;
        Ok(!preprocess::is_due(self, number))
    }
}

/// A text file of the book; `help` says what to do where it is missing.
fn read_source(checkout: &Checkout, file: &Path, help: Message) -> Result<Source, Problem> {
    checkout.refuse_outside(file)?;
    let text =
        files::read_text(file, MOST_BYTES).map_err(|error| Problem::cannot_read(file, &error).help(help))?;
    Ok(Source::new(file, text))
}

/// Refuses pages that links lead out of the checkout: they would be published.
fn refuse_outside(checkout: &Checkout, content: &Path, parts: &[Part]) -> Result<(), Vec<Problem>> {
    let entries: Vec<_> = parts.iter().flat_map(|part| &part.entries).flat_map(Entry::flatten).collect();
    let pages =
        entries.iter().filter_map(|entry| entry.page.as_ref()).map(|page| content.join(page.as_str()));
    // Of most books a folder is looked at once, and each page for whether it is a link.
    let places: BTreeSet<PathBuf> = pages
        .flat_map(|page| {
            let link = page.is_symlink().then(|| page.clone());
            link.into_iter().chain(page.parent().map(Path::to_owned))
        })
        .collect();
    let problems: Vec<_> = places.iter().filter_map(|place| checkout.refuse_outside(place).err()).collect();
    if problems.is_empty() { Ok(()) } else { Err(problems) }
}

/// The pages that the tree of contents names, in its order.
fn load_pages(content: &Path, parts: &[Part], extensions: Extensions) -> Result<Vec<Page>, Vec<Problem>> {
    let entries: Vec<_> = parts.iter().flat_map(|part| &part.entries).flat_map(Entry::flatten).collect();
    let loaded: Vec<_> = entries
        .par_iter()
        .filter_map(|entry| entry.page.clone())
        .map(|path| Page::load(content, path, extensions))
        .collect();
    let (mut pages, mut problems) = (Vec::with_capacity(loaded.len()), Vec::new());
    for page in loaded {
        match page {
            Ok(page) => pages.push(page),
            Err(problem) => problems.push(problem.help(messages::no_page())),
        }
    }
    if problems.is_empty() { Ok(pages) } else { Err(problems) }
}

/// The page that `input-404` names, or `404.md` where that is there; none where it is empty.
fn not_found(checkout: &Checkout, content: &Path, config: &Config) -> Result<Option<Page>, Problem> {
    let named = config.output.html.input_404.as_deref();
    let file = named.unwrap_or("404.md");
    if file.is_empty() || (named.is_none() && !content.join(file).is_file()) {
        return Ok(None);
    }
    let is_inside = |path: PagePath| {
        checkout.refuse_outside(&content.join(path.as_str()))?;
        Ok(path)
    };
    PagePath::named(file)
        .map_err(Problem::new)
        .and_then(is_inside)
        .and_then(|path| Page::load(content, path, config.extensions()))
        .map(Some)
        .map_err(|problem| problem.help(messages::no_404_page()))
}

/// The files below `content` that are not pages of the book. What was built there is no part of it:
/// neither the folder `sites` nor any other that contains a site.
fn walk<'p>(
    content: &Path,
    sites: &Path,
    pages: impl Iterator<Item = &'p Page>,
) -> (Vec<PathBuf>, Vec<PathBuf>) {
    let mut assets = Vec::new();
    let mut orphans = Vec::new();
    let known: HashSet<&Path> =
        pages.map(|page| Path::new(page.path.as_str())).chain([Path::new("SUMMARY.md")]).collect();
    let sites = files::absolute(sites);
    let is_made = |entry: &walkdir::DirEntry| {
        let path = entry.path();
        entry.file_type().is_dir() && (path.join(files::SITE_LIST).exists() || files::absolute(path) == sites)
    };
    let is_hidden = |entry: &walkdir::DirEntry| entry.file_name().to_string_lossy().starts_with('.');
    let is_own = |entry: &walkdir::DirEntry| entry.depth() == 0 || !(is_hidden(entry) || is_made(entry));
    for entry in WalkDir::new(content).sort_by_file_name().into_iter().filter_entry(is_own) {
        let Ok(entry) = entry else { continue };
        let Ok(path) = entry.path().strip_prefix(content) else { continue };
        if !entry.file_type().is_file() {
            continue;
        }
        if path.extension().is_some_and(|extension| extension == "md") {
            if !known.contains(path) {
                orphans.push(path.to_owned());
            }
        } else {
            assets.push(path.to_owned());
        }
    }
    (assets, orphans)
}
