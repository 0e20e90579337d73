//! What the paths on a command line name.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::arguments::SandboxArgs;
use super::{Exit, print_problems, translated, trust, warn};
use crate::book::{Book, PagePath, Untrusted};
use crate::messages::{cli as messages, count};
use crate::repository::{Files, Repository, markdown_below, usual_pages};
use crate::text::Problem;

/// The books that paths name: a book's folder is the whole book; a Markdown file is a page of the book
/// around it, or with others of its repository a book of its own; another folder is the Markdown files
/// below it. No path is the book here, or what a repository without a book usually has.
pub(super) fn load_targets(paths: &[PathBuf], sandbox: &SandboxArgs) -> Result<Vec<Book>, Exit> {
    let mut books = match named(paths, sandbox) {
        Ok(named) => named.load(sandbox)?,
        Err(problem) => return Err(fail(problem)),
    };
    for book in &mut books {
        sandbox.apply_to(book);
        // Said once, before it is said of each page.
        if let Some(snapshot) = book.snapshot().map_err(fail)? {
            warn(snapshot.warnings());
        }
    }
    Ok(books)
}

/// The book in a folder, or in the folder of a `book.toml`.
pub(super) fn load(path: &Path, trust: bool) -> Result<Book, Exit> {
    let book = load_with(path, trust, Untrusted::Refuse)?;
    warn(&[&book.unsupported[..], &book.warnings[..]].concat());
    Ok(book)
}

/// The same, with nothing said of it.
pub(super) fn load_with(path: &Path, trust: bool, policy: Untrusted) -> Result<Book, Exit> {
    let root = if path.file_name().is_some_and(|name| name == "book.toml") {
        path.parent().unwrap_or(Path::new("."))
    } else {
        path
    };
    let may_run = |commands: &[String]| trust::may_run(root, commands, trust);
    Book::load_with(root, &may_run, policy).map_err(|problems| {
        print_problems(&problems);
        Exit::Usage
    })
}

fn fail(problem: Problem) -> Exit {
    print_problems(&[problem]);
    Exit::Usage
}

/// What is to be loaded, in the order in which it was named, nothing twice.
#[derive(Debug, Default)]
struct Targets {
    whole: Vec<PathBuf>,
    files: Vec<PathBuf>,
}

fn named(paths: &[PathBuf], sandbox: &SandboxArgs) -> Result<Targets, Problem> {
    let mut named = Targets::default();
    if paths.is_empty() {
        return default_targets(sandbox);
    }
    let mut seen = BTreeSet::new();
    for path in paths {
        if path.join("book.toml").is_file() || path.ends_with("book.toml") {
            named.whole.extend(Some(path.clone()).filter(|path| seen.insert(full(path))));
        } else if path.is_dir() {
            let below = markdown_below(path, around(path, sandbox)?.as_ref())?;
            if below.is_empty() {
                let message = messages::nothing_in(path.display());
                return Err(Problem::new(message).help(messages::nothing_in_help()));
            }
            named.files.extend(below.into_iter().filter(|file| seen.insert(full(file))));
        } else if path.extension().is_some_and(|kind| kind == "md") || path.is_file() {
            named.files.extend(Some(path.clone()).filter(|file| seen.insert(full(file))));
        } else {
            // Loading it says what is wrong.
            named.whole.push(path.clone());
        }
    }
    Ok(named)
}

/// What is verified where nothing is named.
fn default_targets(sandbox: &SandboxArgs) -> Result<Targets, Problem> {
    let here = Targets { whole: vec![PathBuf::from(".")], files: Vec::new() };
    if Path::new("book.toml").is_file() {
        return Ok(here);
    }
    let repository = around(Path::new("."), sandbox)?;
    let top = repository.as_ref().map_or_else(|| PathBuf::from("."), |found| relative(found.root()));
    if top.join("book.toml").is_file() {
        return Ok(Targets { whole: vec![top], files: Vec::new() });
    }
    let files = usual_pages(&top, repository.as_ref())?;
    if files.is_empty() {
        return Ok(here);
    }
    let docs = top.join("docs");
    let said = match files.iter().filter(|file| file.starts_with(&docs)).count() {
        0 => messages::readme(),
        docs if docs == files.len() => messages::below_docs(count::markdown_files(docs)),
        docs => messages::readme_and_docs(count::markdown_files(docs)),
    };
    eprintln!("{}", translated(&messages::no_book_here(said)));
    Ok(Targets { whole: Vec::new(), files })
}

impl Targets {
    fn load(self, sandbox: &SandboxArgs) -> Result<Vec<Book>, Exit> {
        let mut books: Vec<Book> = Vec::new();
        for root in &self.whole {
            books.push(load(root, sandbox.trust)?);
        }
        let known: BTreeSet<PathBuf> = books.iter().map(|book| full(&book.root)).collect();
        let mut alone: Vec<PathBuf> = Vec::new();
        for (root, files) in group_by(self.files, |file: &PathBuf| book_around(file)) {
            let Some(root) = root else {
                alone.extend(files);
                continue;
            };
            let is_whole = known.contains(&full(&root));
            let mut book = load(&root, sandbox.trust)?;
            let (pages, others) = pages_of(&book, files);
            alone.extend(others);
            if !is_whole && !pages.is_empty() {
                book.only = Some(pages);
                books.push(book);
            }
        }
        for (root, files) in group_by_repository(alone, sandbox).map_err(fail)? {
            let book = Book::of_files(&root, &files).map_err(|problems| {
                print_problems(&problems);
                Exit::Usage
            })?;
            books.push(book);
        }
        Ok(books)
    }
}

/// Which files are pages of a book, and which are not.
fn pages_of(book: &Book, files: Vec<PathBuf>) -> (Vec<PagePath>, Vec<PathBuf>) {
    let (mut pages, mut others) = (Vec::new(), Vec::new());
    for file in files {
        let wanted = full(&file);
        let same = |path: &PagePath| full(&book.content.join(path.as_str())) == wanted;
        match book.pages.iter().map(|page| &page.path).find(|path| same(path)) {
            Some(path) => pages.push(path.clone()),
            None => others.push(file),
        }
    }
    (pages, others)
}

/// Files that no book is around: those of a repository together, others with those of their folder.
fn group_by_repository(
    files: Vec<PathBuf>,
    sandbox: &SandboxArgs,
) -> Result<Vec<(PathBuf, Vec<PathBuf>)>, Problem> {
    let folder = |file: &PathBuf| match file.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder.to_owned(),
        _ => PathBuf::from("."),
    };
    let mut places: Vec<(PathBuf, Vec<PathBuf>)> = Vec::new();
    for (folder, files) in group_by(files, folder) {
        let repository = around(&folder, sandbox)?;
        let place = repository.map_or(folder, |repository| relative(repository.root()));
        match places.iter_mut().find(|(known, _)| *known == place) {
            Some((_, together)) => together.extend(files),
            None => places.push((place, files)),
        }
    }
    Ok(places)
}

/// Things with the same key together, in the order of their first.
fn group_by<T, K: PartialEq>(things: Vec<T>, key: impl Fn(&T) -> K) -> Vec<(K, Vec<T>)> {
    let mut groups: Vec<(K, Vec<T>)> = Vec::new();
    for thing in things {
        let key = key(&thing);
        match groups.iter_mut().find(|(known, _)| *known == key) {
            Some((_, group)) => group.push(thing),
            None => groups.push((key, vec![thing])),
        }
    }
    groups
}

/// The repository around a folder. Where its files are not wanted git need not answer.
fn around(folder: &Path, sandbox: &SandboxArgs) -> Result<Option<Repository>, Problem> {
    match Repository::around(folder) {
        Err(_) if sandbox.files == Some(Files::None) => Ok(None),
        answer => answer,
    }
}

/// The folder of the nearest `book.toml` above a file.
fn book_around(file: &Path) -> Option<PathBuf> {
    let file = std::fs::canonicalize(file).ok()?;
    file.ancestors().skip(1).find(|folder| folder.join("book.toml").is_file()).map(relative)
}

/// A full path as one from here, where it is below.
fn relative(path: &Path) -> PathBuf {
    let here = std::env::current_dir().unwrap_or_default();
    match path.strip_prefix(&here) {
        Ok(inside) if inside.as_os_str().is_empty() => PathBuf::from("."),
        Ok(inside) => inside.to_owned(),
        Err(_) => path.to_owned(),
    }
}

/// A path that is the same however it is written.
fn full(path: &Path) -> PathBuf {
    path.canonicalize().unwrap_or_else(|_| path.to_owned())
}
