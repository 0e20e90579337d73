//! Whether the links of a book lead somewhere.

use std::collections::{HashMap, HashSet};

use super::model::Book;
use super::page::PagePath;
use crate::markdown::Document;
use crate::text::Problem;

/// The links, anchors and pictures that lead nowhere, and pages that nothing leads to.
pub fn broken_links(book: &Book, documents: &[Document<'_>]) -> Vec<Problem> {
    let anchors: HashMap<&PagePath, HashSet<&str>> = book
        .pages
        .iter()
        .zip(documents)
        .map(|(page, document)| (&page.path, document.anchors().collect()))
        .collect();
    let mut problems = Vec::new();
    for (page, document) in book.pages.iter().zip(documents) {
        for (url, range) in document.links() {
            if let Some(problem) = broken(book, &page.path, url, &anchors) {
                problems.push(problem.at(&page.source, range.clone()));
            }
        }
    }
    for orphan in &book.orphans {
        problems.push(
            Problem::new(format!(
                "{} is in no line of SUMMARY.md, so the site does not have it",
                book.content.join(orphan).display()
            ))
            .help("add it to SUMMARY.md, or delete it"),
        );
    }
    problems
}

fn broken(
    book: &Book,
    page: &PagePath,
    url: &str,
    anchors: &HashMap<&PagePath, HashSet<&str>>,
) -> Option<Problem> {
    if url.contains("://") || url.starts_with("mailto:") || url.starts_with("data:") {
        return None;
    }
    let (path, fragment) = url.split_once('#').map_or((url, None), |(path, fragment)| (path, Some(fragment)));
    let path = path.split('?').next().unwrap_or_default();
    let target = if path.is_empty() { page.clone() } else { page.sibling(path) };
    if !path.is_empty() && !path.ends_with(".md") {
        return (!book.content.join(target.as_str()).exists()).then(|| {
            Problem::new(format!("there is no file `{path}`"))
                .help("links are relative to the page they stand on")
        });
    }
    let Some(known) = anchors.get(&target) else {
        let help = match nearest(target.as_str(), anchors.keys().map(|path| path.as_str())) {
            Some(near) => format!("did you mean `{near}`?"),
            None => "links are relative to the page they stand on".into(),
        };
        return Some(Problem::new(format!("there is no page `{path}`")).help(help));
    };
    let fragment = fragment.filter(|fragment| !fragment.is_empty() && !known.contains(fragment))?;
    let problem = Problem::new(format!("{target} has no heading `#{fragment}`"));
    Some(match nearest(fragment, known.iter().copied()) {
        Some(near) => problem.help(format!("did you mean `#{near}`?")),
        None => problem.help("the anchor of a heading is its text with `-` for blanks"),
    })
}

fn nearest<'a>(wanted: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    known.max_by(|a, b| {
        strsim::normalized_damerau_levenshtein(a, wanted)
            .total_cmp(&strsim::normalized_damerau_levenshtein(b, wanted))
    })
}
