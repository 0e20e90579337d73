//! `haechi check`

use std::path::Path;

use super::{Exit, complain, load};
use crate::book::broken_links;
use crate::diagnostic::Problem;
use crate::markdown::{Document, second_opinion};
use crate::snippet::extract;

/// Looks for what a reader would stumble on, without running anything.
pub(super) fn check(path: &Path) -> Exit {
    let book = match load(path) {
        Ok(book) => book,
        Err(exit) => return exit,
    };
    let documents: Vec<_> = book.pages.iter().map(|page| Document::parse(&page.source)).collect();
    let mut problems = broken_links(&book, &documents);
    for (page, document) in book.pages.iter().zip(&documents) {
        problems.extend(extract(&page.source, document, &book.config.verify).problems);
        for finding in second_opinion(&page.source.text, document) {
            problems.push(
                Problem::new(finding.message)
                    .help("blank lines around the block usually make both agree")
                    .at(&page.source, finding.range),
            );
        }
    }
    complain(&problems);
    say!("{} pages checked, {} findings", book.pages.len(), problems.len());
    if problems.is_empty() { Exit::Good } else { Exit::Findings }
}
