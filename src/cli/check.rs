//! `haechi check`

use std::path::Path;

use super::messages::WARNINGS;
use super::{Exit, load, print_problems};
use crate::book::{Book, broken_links};
use crate::config::Check;
use crate::markdown::{Document, github_disagreements};
use crate::prose::ProseChecker;
use crate::site::diagram_problems;
use crate::snippet::extract;
use crate::text::Problem;

/// Looks for what a reader would stumble on, without running anything.
pub(super) fn check(path: &Path, trust: bool) -> Exit {
    let book = match load(path, trust) {
        Ok(book) => book,
        Err(exit) => return exit,
    };
    let documents: Vec<_> = book.pages.iter().map(|page| page.parse()).collect();
    let mut problems = broken_links(&book, &documents);
    for (page, document) in book.pages.iter().zip(&documents) {
        problems.extend(extract(&page.source, document, &book.config.verify).problems);
        problems.extend(diagram_problems(page, document));
        for finding in github_disagreements(&page.source.text, document) {
            problems.push(
                Problem::new(finding.message)
                    .help("blank lines around the block usually make both agree")
                    .at(&page.source, finding.range),
            );
        }
    }
    if let Some(settings) = &book.config.check {
        problems.extend(prose(&book, &documents, settings));
    }
    // The first of them have been shown.
    print_problems(book.warnings.get(WARNINGS..).unwrap_or_default());
    print_problems(&problems);
    let count = book.warnings.len() + problems.len();
    say!("{} pages checked, {count} findings", book.pages.len());
    if count == 0 { Exit::Good } else { Exit::Findings }
}

/// What is wrong with the words of a book.
fn prose(book: &Book, documents: &[Document<'_>], settings: &Check) -> Vec<Problem> {
    let pages = || book.pages.iter().zip(documents);
    let glossary = settings.glossary.as_deref().map(|name| {
        pages().find(|(page, _)| page.path.as_str() == name).map(|(_, document)| document).ok_or_else(|| {
            Problem::new(format!("the glossary {name} is not a page of the book"))
                .help("fix `[check] glossary` in book.toml")
        })
    });
    match glossary.transpose() {
        Ok(glossary) => {
            let mut checker = ProseChecker::new(settings, glossary);
            pages().flat_map(|(page, document)| checker.check(&page.source, document)).collect()
        }
        Err(problem) => vec![problem],
    }
}
