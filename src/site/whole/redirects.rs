//! Addresses that pages have left, as `[output.html.redirect]` has them.

use std::collections::{BTreeMap, HashSet};
use std::path::{Component, Path};

use crate::book::Book;
use crate::messages::site as messages;
use crate::text::Problem;

/// Where the fragments of an address lead; the whole page is the empty one.
pub(crate) type Targets = BTreeMap<String, String>;

/// The redirects of a book by the address that was left.
#[derive(Debug)]
pub(crate) struct Redirects(BTreeMap<String, Targets>);

impl Redirects {
    pub(crate) fn read(book: &Book) -> Self {
        let mut redirects: BTreeMap<String, Targets> = BTreeMap::new();
        for (from, to) in &book.config.output.html.redirect {
            let (page, fragment) = from.split_once('#').unwrap_or((from, ""));
            let page = page.trim_start_matches("./").trim_start_matches('/').to_owned();
            redirects.entry(page).or_default().insert(fragment.to_owned(), to.clone());
        }
        Self(redirects)
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (&String, &Targets)> {
        self.0.iter()
    }

    /// Fragments that have left a page that is still there, with where they lead.
    pub(crate) fn moved_fragments(&self, href: &str) -> Vec<(&str, &str)> {
        let found = self.0.get(href).into_iter().flatten();
        found.filter(|(fragment, _)| !fragment.is_empty()).map(|(from, to)| (&**from, &**to)).collect()
    }

    /// What is wrong with a redirect of a book that has these pages.
    pub(crate) fn problem(from: &str, targets: &Targets, pages: &HashSet<String>) -> Option<Problem> {
        let wrong = if !Path::new(from).components().all(|part| matches!(part, Component::Normal(_))) {
            messages::redirect_outside()
        } else if pages.contains(from) && targets.contains_key("") {
            messages::redirect_of_page()
        } else {
            return None;
        };
        let message = messages::bad_redirect(from, wrong);
        Some(Problem::new(message).help(messages::bad_redirect_help()))
    }
}
