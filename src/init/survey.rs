//! What a repository has that haechi can verify.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::book::{Book, Untrusted};
use crate::messages::{Message, init as messages};
use crate::repository::{Repository, files_below, usual_pages};
use crate::snippet::extract;
use crate::text::Problem;

/// How deep below the top a book is looked for.
const DEPTH: usize = 3;

/// What there is to verify.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Found {
    /// Books, by their folders relative to the top, and Markdown files that are in none of them.
    Books(Vec<PathBuf>, Vec<PathBuf>),
    /// A `SUMMARY.md` with no `book.toml`: the folder that it is in.
    Summary(PathBuf),
    /// A README, or Markdown below `docs`.
    Pages(Vec<PathBuf>),
    /// Nothing.
    Nothing,
}

/// How haechi reads what was found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reading {
    /// Pages.
    pub pages: usize,
    /// Those of them that show commands.
    pub with_commands: usize,
    /// Commands that they show.
    pub commands: usize,
    /// Of these, how many would be run.
    pub runnable: usize,
    /// Why the others would not be, each with the commands that it counts for.
    pub reasons: BTreeMap<String, (Message, usize)>,
    /// Pages with a fence or directive that cannot be read.
    pub misread: usize,
}

/// A repository, or a folder that is in none, as it was found.
#[derive(Debug)]
pub struct Survey {
    /// Its top.
    pub root: PathBuf,
    /// The repository, if it is one.
    pub repository: Option<Repository>,
    /// What there is to verify.
    pub found: Found,
    /// How haechi reads that.
    pub reading: Reading,
    /// Where sites are built, relative to the top.
    pub sites: Vec<PathBuf>,
}

impl Survey {
    /// Looks at the repository around a folder.
    ///
    /// # Errors
    /// When git does not answer, or a page or a book cannot be read.
    pub fn of(folder: &Path) -> Result<Self, Vec<Problem>> {
        let one = |problem: Problem| vec![problem];
        let repository = Repository::around(folder).map_err(one)?;
        let root = repository.as_ref().map_or_else(|| folder.to_owned(), |found| found.root().to_owned());
        let found = find(&root, repository.as_ref()).map_err(one)?;
        let (mut reading, mut sites) = (Reading::default(), Vec::new());
        match &found {
            Found::Books(books, pages) => {
                for folder in books {
                    let book = Book::load_with(&root.join(folder), &|_| false, Untrusted::LeaveOut)?;
                    sites.push(folder.join(&book.config.build.build_dir).components().collect());
                    reading.add(&book);
                }
                reading.add(&of_files(&root, pages)?);
            }
            Found::Summary(folder) => {
                reading.add(&of_files(&root, &markdown(&root, folder, repository.as_ref()).map_err(one)?)?)
            }
            Found::Pages(pages) => reading.add(&of_files(&root, pages)?),
            Found::Nothing => {}
        }
        Ok(Self { root, repository, found, reading, sites })
    }

    /// The arguments that `haechi verify` needs; none where it finds the pages by itself.
    pub fn paths(&self) -> Vec<PathBuf> {
        match &self.found {
            Found::Books(books, pages) if books[..] != [PathBuf::new()] => books
                .iter()
                .chain(pages)
                .map(|path| if path.as_os_str().is_empty() { ".".into() } else { path.clone() })
                .collect(),
            _ => Vec::new(),
        }
    }
}

fn of_files(root: &Path, files: &[PathBuf]) -> Result<Book, Vec<Problem>> {
    let files: Vec<PathBuf> = files.iter().map(|file| root.join(file)).collect();
    Book::of_files(root, &files)
}

fn find(root: &Path, repository: Option<&Repository>) -> Result<Found, Problem> {
    let relative = |file: PathBuf| file.strip_prefix(root).map_or(file.clone(), Path::to_owned);
    let shallow = |file: &PathBuf| file.components().count() <= DEPTH + 1;
    let files: Vec<PathBuf> =
        files_below(root, repository)?.into_iter().map(relative).filter(shallow).collect();
    let folders = |name: &str| {
        let named = files.iter().filter(|file| file.file_name().is_some_and(|own| own == name));
        let mut folders: Vec<PathBuf> = named.filter_map(|file| file.parent().map(Path::to_owned)).collect();
        folders.sort_by_key(|folder| (folder.components().count(), folder.clone()));
        folders
    };
    // Books of tests and examples are somebody's data.
    let is_data = |folder: &PathBuf| {
        folder.iter().any(|part| {
            matches!(
                part.to_str(),
                Some("test" | "tests" | "testdata" | "fixtures" | "examples" | "node_modules" | "vendor")
            )
        })
    };
    let has_pages = |folder: &PathBuf| {
        let source = std::fs::read_to_string(root.join(folder).join("book.toml")).unwrap_or_default();
        let table: toml::Table = source.parse().unwrap_or_default();
        let src = table.get("book").and_then(|book| book.get("src")).and_then(toml::Value::as_str);
        root.join(folder).join(src.unwrap_or("src")).join("SUMMARY.md").is_file()
    };
    let books: Vec<PathBuf> =
        folders("book.toml").into_iter().filter(|folder| !is_data(folder) && has_pages(folder)).collect();
    let usual: Vec<PathBuf> = usual_pages(root, repository)?.into_iter().map(relative).collect();
    if !books.is_empty() {
        let readme = usual.into_iter().filter(|page| page.components().count() == 1);
        // A book at the top is what `haechi verify` takes by itself.
        let readme: Vec<PathBuf> =
            if books[0].as_os_str().is_empty() { Vec::new() } else { readme.collect() };
        return Ok(Found::Books(books, readme));
    }
    if let Some(folder) = folders("SUMMARY.md").into_iter().find(|folder| !is_data(folder)) {
        return Ok(Found::Summary(folder));
    }
    Ok(if usual.is_empty() { Found::Nothing } else { Found::Pages(usual) })
}

fn markdown(root: &Path, folder: &Path, repository: Option<&Repository>) -> Result<Vec<PathBuf>, Problem> {
    let files = crate::repository::markdown_below(&root.join(folder), repository)?;
    Ok(files.into_iter().filter(|file| !file.ends_with("SUMMARY.md")).collect())
}

impl Reading {
    /// Adds the pages of a book, read as `haechi verify` reads them.
    fn add(&mut self, book: &Book) {
        for page in &book.pages {
            let scenario = extract(&page.source, &page.parse(), &book.config.verify);
            let misread = !scenario.problems.is_empty();
            self.pages += 1;
            self.with_commands += usize::from(scenario.commands() > 0);
            self.commands += scenario.commands();
            self.misread += usize::from(misread);
            for snippet in &scenario.snippets {
                match &snippet.skip {
                    Some(skip) => self.count(&Message::verbatim(&skip.reason), snippet.commands),
                    None if misread => self.count(&messages::misread_page(), snippet.commands),
                    None => self.runnable += snippet.commands,
                }
            }
            for block in &scenario.not_run {
                self.count(&block.reason, block.commands);
            }
        }
    }

    fn count(&mut self, why: &Message, commands: usize) {
        if commands > 0 {
            let known = self.reasons.entry(why.english().to_owned());
            known.or_insert_with(|| (why.clone(), 0)).1 += commands;
        }
    }
}
