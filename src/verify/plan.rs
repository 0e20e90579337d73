//! From a book's pages to the plans of their runs.

use std::path::PathBuf;

use crate::book::{Book, Page};
use crate::config;
use crate::markdown::Document;
use crate::messages::verify as messages;
use crate::repository::Workspace;
use crate::snippet::{Scenario, extract};
use crate::text::{Problem, Source};

/// The plan of one page.
#[derive(Debug)]
pub struct Plan {
    /// The page's path in the book.
    pub page: String,
    /// The folder of the book's pages.
    pub content: PathBuf,
    /// Its text.
    pub source: Source,
    /// Its steps.
    pub scenario: Scenario,
    /// The files that pages of the book include, where this one does: another text of theirs is another page.
    pub included: Vec<PathBuf>,
    /// Steps of the pages that it goes on from, run first and not judged.
    pub prelude: Vec<(Source, Scenario)>,
    /// What is wrong with its fences and directives: then it is not run.
    pub problems: Vec<Problem>,
    /// What `book.toml` says of the run.
    pub settings: config::Verify,
    /// The repository's files that the run sees; none is an empty folder.
    pub workspace: Option<Workspace>,
}

impl Plan {
    /// Whether there is something to report of the page.
    pub fn has_something(&self) -> bool {
        !(self.scenario.steps.is_empty() && self.problems.is_empty() && self.scenario.not_run.is_empty())
    }
}

/// Makes the plans of a book's pages, those without steps included. A page that is misread has its
/// problems in its plan, and keeps no other from running.
pub fn plan(book: &Book) -> Vec<Plan> {
    let wanted =
        book.pages.iter().filter(|page| book.only.as_ref().is_none_or(|only| only.contains(&page.path)));
    wanted.map(|page| plan_page(book, page, &page.parse())).collect()
}

/// Makes the plan of a page from its parse, and says what is wrong with its fences and directives.
pub fn plan_page(book: &Book, page: &Page, document: &Document<'_>) -> Plan {
    let scenario = extract(&page.source, document, &book.config.verify);
    let mut problems = scenario.problems.clone();
    let mut prelude = Vec::new();
    let mut next = scenario.continues.clone().map(|name| (page, name));
    let mut seen = vec![page.path.clone()];
    let mut first = page;
    while let Some((from, name)) = next.take() {
        let wanted = from.path.sibling(&name);
        let found = book.pages.iter().find(|page| page.path == wanted);
        let Some(before) = found.filter(|before| !seen.contains(&before.path)) else {
            problems.push(
                Problem::new(messages::no_page_before(from.source.path.display(), &name))
                    .help(messages::no_page_before_help()),
            );
            break;
        };
        seen.push(before.path.clone());
        first = before;
        let earlier = extract(&before.source, &before.parse(), &book.config.verify);
        next = earlier.continues.clone().map(|name| (before, name));
        prelude.insert(0, (before.source.clone(), earlier));
    }
    let workspace = if scenario.steps.is_empty() { Ok(None) } else { book.workspace(first) };
    let workspace = workspace.unwrap_or_else(|problem| {
        problems.push(problem);
        None
    });
    Plan {
        page: page.path.as_str().to_owned(),
        content: book.content.clone(),
        source: page.source.clone(),
        scenario,
        included: book.included_by(prelude.iter().map(|(source, _)| source).chain([&page.source])),
        prelude,
        problems,
        settings: book.config.verify.clone(),
        workspace,
    }
}
