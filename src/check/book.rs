//! All that is looked for in a book.

use super::finding::{Finding, Rule};
use super::links::{LinkPlace, links};
use crate::book::Book;
use crate::config::Check;
use crate::markdown::{Document, github_disagreements};
use crate::messages::{check as messages, markdown};
use crate::prose::ProseChecker;
use crate::site::diagram_problems;
use crate::snippet::extract;
use crate::text::Problem;

/// What was found in a book.
#[derive(Debug)]
pub struct Checked {
    /// What a reader would stumble on.
    pub findings: Vec<Finding>,
    /// Links that leave the book for a place beside it.
    pub outside: Vec<LinkPlace>,
    /// Links to other sites.
    pub external: Vec<LinkPlace>,
    /// Links that may be for preprocessors that did not run.
    pub uncertain: Vec<LinkPlace>,
}

/// Looks for what a reader would stumble on. Nothing runs, and nobody is asked.
pub fn check(book: &Book) -> Checked {
    let documents: Vec<_> = book.pages.iter().map(|page| page.parse()).collect();
    let links = links(book, &documents);
    let mut findings = links.findings;
    findings.extend(unlisted(book));
    let mut add = |rule: Rule, problems: Vec<Problem>| {
        findings.extend(problems.into_iter().map(|problem| Finding::new(rule, problem)));
    };
    add(Rule::Load, book.warnings.clone());
    for (page, document) in book.pages.iter().zip(&documents) {
        add(Rule::Snippet, extract(&page.source, document, &book.config.verify).problems);
        add(Rule::Diagram, diagram_problems(page, document));
        let differing = github_disagreements(&page.source.text, document).into_iter().map(|found| {
            Problem::new(found.message).help(markdown::disagreement_help()).at(&page.source, found.range)
        });
        add(Rule::Github, differing.collect());
    }
    if let Some(settings) = &book.config.check {
        add(Rule::Prose, prose(book, &documents, settings));
    }
    Checked { findings, outside: links.outside, external: links.external, uncertain: links.uncertain }
}

/// The Markdown files that are no pages, though pages lie beside them, but for those that pages include.
fn unlisted(book: &Book) -> Option<Finding> {
    const NAMED: usize = 5;
    let included = |file: &std::path::Path| {
        let file = crate::files::absolute(file);
        book.included.iter().any(|known| crate::files::absolute(known) == file)
    };
    let folders: std::collections::HashSet<_> =
        book.pages.iter().map(|page| std::path::Path::new(page.path.as_str()).parent()).collect();
    let is_beside = |file: &std::path::PathBuf| folders.contains(&file.parent());
    let files: Vec<_> =
        book.orphans.iter().filter(|file| is_beside(file) && !included(&book.content.join(file))).collect();
    let names: Vec<_> = files.iter().take(NAMED).map(|file| file.display().to_string()).collect();
    let names = names.join(", ");
    let problem = match files.len() {
        0 => return None,
        1 => Problem::new(messages::unlisted_page(names)).help(messages::unlisted_page_help()),
        count if count > NAMED => {
            Problem::new(messages::unlisted_pages(messages::and_more(names, count - NAMED)))
                .help(messages::unlisted_pages_help())
        }
        _ => Problem::new(messages::unlisted_pages(names)).help(messages::unlisted_pages_help()),
    };
    Some(Finding::new(Rule::Unlisted, problem))
}

/// What is wrong with the words of a book.
fn prose(book: &Book, documents: &[Document<'_>], settings: &Check) -> Vec<Problem> {
    let pages = || book.pages.iter().zip(documents);
    let glossary = settings.glossary.as_deref().map(|name| {
        pages()
            .find(|(page, _)| page.path.as_str() == name)
            .map(|(_, document)| document)
            .ok_or_else(|| Problem::new(messages::no_glossary(name)).help(messages::no_glossary_help()))
    });
    match glossary.transpose() {
        Ok(glossary) => {
            let mut checker = ProseChecker::new(settings, glossary);
            pages().flat_map(|(page, document)| checker.check(&page.source, document)).collect()
        }
        Err(problem) => vec![problem],
    }
}
