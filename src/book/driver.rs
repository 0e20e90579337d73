//! mdBook's preprocessors and renderers, run in mdBook's order. Its own `MDBook` does so, too, but brings
//! along its HTML renderer: fonts, icons and scripts of 4 MB that haechi never writes.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use mdbook_core::book::{Book as MdBook, BookItem, Chapter};
use mdbook_core::config::Config;
use mdbook_core::errors::{Error, Result};
use mdbook_driver::builtin_preprocessors::{CmdPreprocessor, IndexPreprocessor, LinkPreprocessor};
use mdbook_preprocessor::{Preprocessor, PreprocessorContext};
use mdbook_renderer::{RenderContext, Renderer};
use mdbook_summary::{Link, SummaryItem};
use topological_sort::TopologicalSort;

use super::model::Book;
use super::page::PagePath;
use super::programs::{Program, commands};
use crate::messages::book as messages;
use crate::text::Problem;

/// A `[preprocessor.NAME]` table, as far as it says what runs when.
#[derive(serde::Deserialize)]
struct Table {
    #[serde(flatten)]
    program: Program,
    #[serde(default)]
    before: Vec<String>,
    #[serde(default)]
    after: Vec<String>,
}

/// A book as mdBook's programs get it.
pub(super) struct Driver {
    root: PathBuf,
    config: Config,
    book: MdBook,
    preprocessors: Vec<Box<dyn Preprocessor>>,
}

impl Driver {
    /// The book as its files are.
    pub(super) fn of(book: &Book) -> Result<Self> {
        let root = std::path::absolute(&book.root)?;
        let config = book.config.mdbook.clone();
        let summary = mdbook_summary::parse_summary(&book.summary.text)?;
        let items = [summary.prefix_chapters, summary.numbered_chapters, summary.suffix_chapters].concat();
        let folder = root.join(&config.book.src);
        // None runs but those that somebody was asked about.
        let known = commands(book, "preprocessor")?;
        let known: Vec<&str> = known.iter().map(|(name, _)| name.as_str()).chain(DEFAULT).collect();
        let preprocessors = preprocessors(&config, &root, &known)?;
        Ok(Self {
            book: MdBook::new_with_items(chapters(&items, &folder, &[])?),
            root,
            config,
            preprocessors,
        })
    }

    /// What the preprocessors make of the book for a renderer, and the titles that they gave chapters.
    pub(super) fn preprocess(&self, renderer: &str) -> Result<(MdBook, HashMap<PathBuf, String>)> {
        let context = PreprocessorContext::new(self.root.clone(), self.config.clone(), renderer.to_owned());
        let mut book = self.book.clone();
        for preprocessor in &self.preprocessors {
            if self.is_for(&**preprocessor, renderer)? {
                book = preprocessor.run(&context, book)?;
            }
        }
        Ok((book, context.chapter_titles.into_inner()))
    }

    /// Whether a preprocessor runs for a renderer: the book says so, or else the preprocessor does.
    fn is_for(&self, preprocessor: &dyn Preprocessor, renderer: &str) -> Result<bool> {
        let name = preprocessor.name();
        if self.config.build.use_default_preprocessors && DEFAULT.contains(&name) {
            return preprocessor.supports_renderer(renderer);
        }
        match self.config.get::<Vec<String>>(&format!("preprocessor.{name}.renderers"))? {
            Some(renderers) => Ok(renderers.iter().any(|name| name == renderer)),
            None => preprocessor.supports_renderer(renderer),
        }
    }

    /// Has a renderer write what it makes of the book into the folder of its name below `build-dir`.
    pub(super) fn render(&self, renderer: &dyn Renderer) -> Result<()> {
        let (book, titles) = self.preprocess(renderer.name())?;
        // The site is a renderer's output, too, so none is ever alone in `build-dir`.
        let folder = self.root.join(&self.config.build.build_dir).join(renderer.name());
        let mut context = RenderContext::new(self.root.clone(), book, self.config.clone(), folder);
        context.chapter_titles.extend(titles);
        renderer.render(&context)
    }
}

/// The chapters that a part of `SUMMARY.md` names, in their order; `parents` are the names above them.
fn chapters(items: &[SummaryItem], folder: &Path, parents: &[String]) -> Result<Vec<BookItem>> {
    items
        .iter()
        .filter_map(|item| match item {
            SummaryItem::Link(link) => Some(chapter(link, folder, parents).map(BookItem::Chapter)),
            SummaryItem::Separator => Some(Ok(BookItem::Separator)),
            SummaryItem::PartTitle(title) => Some(Ok(BookItem::PartTitle(title.clone()))),
            _ => None,
        })
        .collect()
}

fn chapter(link: &Link, folder: &Path, parents: &[String]) -> Result<Chapter> {
    let mut chapter = match &link.location {
        Some(path) => {
            let text = std::fs::read_to_string(folder.join(PagePath::new(path.to_string_lossy()).as_str()))
                .map_err(|error| Error::msg(format!("{}: {error}", path.display())))?;
            let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
            Chapter::new(&link.name, text.to_owned(), path, parents.to_vec())
        }
        None => Chapter::new_draft(&link.name, parents.to_vec()),
    };
    chapter.number.clone_from(&link.number);
    let parents = [parents, std::slice::from_ref(&link.name)].concat();
    chapter.sub_items = chapters(&link.nested_items, folder, &parents)?;
    Ok(chapter)
}

/// mdBook's own preprocessors.
const DEFAULT: [&str; 2] = [LinkPreprocessor::NAME, IndexPreprocessor::NAME];

/// The preprocessors of a book in the order that `before` and `after` ask for, and else of their names.
fn preprocessors(config: &Config, root: &Path, known: &[&str]) -> Result<Vec<Box<dyn Preprocessor>>> {
    let mut tables = config.preprocessors::<Table>()?;
    tables.retain(|name, _| known.contains(&name.as_str()));
    let mut order = TopologicalSort::<&str>::new();
    let own = if config.build.use_default_preprocessors { &DEFAULT[..] } else { &[] };
    let names: Vec<&str> = own.iter().copied().chain(tables.keys().map(String::as_str)).collect();
    for name in &names {
        order.insert(*name);
    }
    for (name, table) in &tables {
        // Who comes before or after a preprocessor that is not there comes whenever it likes.
        for later in table.before.iter().filter(|later| names.contains(&later.as_str())) {
            order.add_dependency(name.as_str(), later.as_str());
        }
        for earlier in table.after.iter().filter(|earlier| names.contains(&earlier.as_str())) {
            order.add_dependency(earlier.as_str(), name.as_str());
        }
    }
    let mut sorted: Vec<Box<dyn Preprocessor>> = Vec::new();
    loop {
        let mut next = order.pop_all();
        if next.is_empty() {
            break;
        }
        next.sort_unstable();
        sorted.extend(next.into_iter().map(|name| preprocessor(name, tables.get(name), root)));
    }
    if order.is_empty() {
        Ok(sorted)
    } else {
        Err(Problem::new(messages::preprocessor_cycle()).help(messages::preprocessor_cycle_help()).into())
    }
}

/// A preprocessor of mdBook's own, or the program of its table.
fn preprocessor(name: &str, table: Option<&Table>, root: &Path) -> Box<dyn Preprocessor> {
    match (name, table) {
        (IndexPreprocessor::NAME, _) => Box::new(IndexPreprocessor::new()),
        (LinkPreprocessor::NAME, _) | (_, None) => Box::new(LinkPreprocessor::new()),
        (_, Some(Table { program, .. })) => {
            let command = program.command(name);
            Box::new(CmdPreprocessor::new(name.to_owned(), command, root.to_owned(), program.optional))
        }
    }
}
