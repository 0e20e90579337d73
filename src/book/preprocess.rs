//! What mdBook's preprocessors make of the pages: `{{#include}}` and its like, and the programs
//! that `[preprocessor]` names. mdBook's own code does it; here it is asked for, and its place is watched.

use std::collections::HashMap;
use std::path::PathBuf;

use mdbook_core::book::BookItem;

use super::driver::Driver;
use super::includes::{HELPERS, Includes};
use super::model::Book;
use super::page::PagePath;
use super::programs::{MayRun, Untrusted, commands, untrusted};
use crate::checkout::Checkout;
use crate::messages::book as messages;
use crate::text::Problem;

/// The renderer that preprocessors are given the name of: they know mdBook's.
const HTML: &str = "html";

/// Runs the preprocessors over the pages, if there is anything for them to do.
pub(super) fn preprocess(
    book: &mut Book,
    may_run: MayRun<'_>,
    policy: Untrusted,
) -> Result<(), Vec<Problem>> {
    let programs: Vec<_> = commands(book, "preprocessor")
        .map_err(|problem| vec![problem])?
        .into_iter()
        .map(|(_, command)| command)
        .collect();
    let helped = book.config.build.use_default_preprocessors
        && book.pages.iter().any(|page| HELPERS.is_match(&page.source.text));
    if programs.is_empty() && !helped {
        return Ok(());
    }
    if helped {
        let checkout = Checkout::around(&book.root);
        let mut includes = Includes::new(&checkout);
        let mut problems = Vec::new();
        for page in &book.pages {
            let file = book.content.join(page.path.as_str());
            let folder = file.parent().unwrap_or(&book.content);
            problems.extend(includes.check(&page.source, folder));
        }
        book.included = includes.files;
        let (warnings, errors): (Vec<_>, Vec<_>) = problems.into_iter().partition(Problem::is_warning);
        if !errors.is_empty() {
            return Err(errors);
        }
        // mdBook leaves the helper in the text and goes on.
        book.warnings.extend(warnings);
    }
    let failed = |error: mdbook_core::errors::Error| {
        vec![error.downcast().unwrap_or_else(|error| {
            Problem::new(messages::preprocessor_failed(format!("{error:#}")))
                .help(messages::preprocessor_failed_help())
        })]
    };
    if !programs.is_empty() && !may_run(&programs) {
        if policy == Untrusted::Refuse {
            return Err(vec![untrusted(&programs)]);
        }
        book.left_out = programs;
        book.config.mdbook.set("preprocessor", toml::Table::new()).map_err(failed)?;
        if !helped {
            return Ok(());
        }
    }
    let (made, titles) = Driver::of(book).and_then(|driver| driver.preprocess(HTML)).map_err(failed)?;
    adopt(book, &made, &titles);
    Ok(())
}

/// Whether preprocessors have something to do with a page.
pub(super) fn is_due(book: &Book, number: usize) -> bool {
    let programs = commands(book, "preprocessor").map_or(true, |programs| !programs.is_empty());
    programs || HELPERS.is_match(&book.pages[number].source.text)
}

/// Gives the pages the contents of the chapters that were made of them.
pub(super) fn adopt(book: &mut Book, made: &mdbook_core::book::Book, titles: &HashMap<PathBuf, String>) {
    let mut texts: HashMap<PagePath, (&str, Option<&String>)> = HashMap::new();
    for item in made.iter() {
        let BookItem::Chapter(chapter) = item else { continue };
        match (&chapter.source_path, &chapter.path) {
            (Some(source), path) => {
                let title = path.as_ref().and_then(|path| titles.get(path));
                texts.insert(PagePath::new(source.to_string_lossy()), (&chapter.content, title));
            }
            (None, Some(path)) => book.warnings.push(
                Problem::new(messages::chapter_added(path.display()))
                    .help(messages::chapter_added_help())
                    .warning(),
            ),
            (None, None) => {}
        }
    }
    for page in &mut book.pages {
        if let Some(&(text, title)) = texts.get(&page.path) {
            page.source = page.source.clone().made_into(text);
            page.title = title.cloned();
        }
    }
}
