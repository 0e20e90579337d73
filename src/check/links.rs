//! The links of a book: which lead nowhere, and which lead out of it.

use super::finding::{Finding, Fix, Rule};
use super::suggest::{self, Suggestion};
use super::targets::{Lead, Targets, percent_decoded, split};
use crate::book::{Book, Page};
use crate::markdown::{Document, HtmlLinks, Link};
use crate::messages::{Message, check as messages};
use crate::text::{ByteRange, Problem, Source};

/// A link that is not judged here, and where it stands.
#[derive(Debug, Clone)]
pub struct LinkPlace {
    /// Where it leads.
    pub url: String,
    /// The page.
    pub source: Source,
    /// The bytes of the page's text.
    pub range: ByteRange,
}

/// What was found about the links of a book.
#[derive(Debug, Default)]
pub(super) struct Links {
    /// What may have made something of links.
    left_out: LeftOut,
    pub(super) findings: Vec<Finding>,
    pub(super) outside: Vec<LinkPlace>,
    pub(super) external: Vec<LinkPlace>,
    pub(super) uncertain: Vec<LinkPlace>,
}

/// Looks at every link, each definition of a link once.
pub(super) fn links(book: &Book, documents: &[Document<'_>]) -> Links {
    let html: Vec<HtmlLinks> = documents.iter().map(HtmlLinks::of).collect();
    let targets = Targets::of(book, documents, &html);
    let mut links = Links { left_out: LeftOut::of(&book.left_out), ..Links::default() };
    for (number, ((page, document), html)) in book.pages.iter().zip(documents).zip(&html).enumerate() {
        let mut seen: Vec<ByteRange> = Vec::new();
        for link in document.links() {
            let place = link.definition.clone().unwrap_or_else(|| link.range.clone());
            if link.definition.is_some() {
                if seen.contains(&place) {
                    continue;
                }
                seen.push(place.clone());
            }
            links.add(&targets, number, page, &Link { range: place, ..link });
        }
        for (url, range) in &html.links {
            links.add(&targets, number, page, &Link { url, range: range.clone(), definition: None });
        }
    }
    links
}

impl Links {
    fn add(&mut self, targets: &Targets<'_>, number: usize, page: &Page, link: &Link<'_>) {
        let (url, range) = (link.url, link.range.clone());
        let place = || LinkPlace { url: url.to_owned(), source: page.source.clone(), range: range.clone() };
        match targets.lead(&page.path, url) {
            Lead::Fine => {}
            lead if self.left_out.may_know(lead, url) => self.uncertain.push(place()),
            Lead::External => self.external.push(place()),
            Lead::Outside => self.outside.push(place()),
            Lead::NoAnchor { page: target, fragment } => {
                let path = &targets.pages()[target].path;
                let suggestion = suggest::anchor(targets, &page.path, url, target, fragment);
                self.find(
                    Rule::Anchor,
                    messages::no_heading(path, percent_decoded(fragment)),
                    suggestion,
                    number,
                    page,
                    link,
                );
            }
            Lead::Unlisted => {
                let (path, _) = split(url);
                let problem = Problem::new(messages::unlisted_target(path))
                    .help(messages::unlisted_target_help())
                    .at(&page.source, range);
                self.findings.push(Finding::new(Rule::Link, problem));
            }
            Lead::Broken => {
                let (path, _) = split(url);
                let suggestion = suggest::page(targets, &page.path, url);
                let message = match path.ends_with(".md") {
                    true => messages::no_page(path),
                    false => messages::no_file(path),
                };
                self.find(Rule::Link, message, suggestion, number, page, link);
            }
        }
    }

    fn find(
        &mut self,
        rule: Rule,
        message: Message,
        suggestion: Option<Suggestion>,
        number: usize,
        page: &Page,
        link: &Link<'_>,
    ) {
        let help = match (&suggestion, rule) {
            (Some(suggestion), _) => messages::did_you_mean(suggestion.address()),
            (None, Rule::Anchor) => messages::no_heading_help(),
            (None, _) => messages::relative_links(),
        };
        let fix = suggestion.and_then(|suggestion| match suggestion {
            Suggestion::Certain(address) => fix(number, &page.source, link, address),
            Suggestion::Perhaps(_) => None,
        });
        let problem = Problem::new(message).help(help).at(&page.source, link.range.clone());
        self.findings.push(Finding { rule, problem, fix });
    }
}

/// What files of books end in.
const ENDINGS: [&str; 32] = [
    "avif", "c", "cpp", "css", "csv", "gif", "go", "h", "htm", "html", "ico", "java", "jpeg", "jpg", "js",
    "json", "md", "mp4", "pdf", "png", "py", "rs", "sh", "svg", "toml", "ts", "txt", "webp", "xml", "yaml",
    "yml", "zip",
];

/// Which preprocessors did not run.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum LeftOut {
    #[default]
    None,
    /// Published ones (`mdbook-toc`), which have little to do with links.
    Published,
    /// The book's own, which may do anything.
    Own,
}

impl LeftOut {
    fn of(programs: &[String]) -> Self {
        let is_published =
            |program: &String| program.starts_with("mdbook-") && !program.contains(char::is_whitespace);
        match programs {
            [] => Self::None,
            programs if programs.iter().all(is_published) => Self::Published,
            _ => Self::Own,
        }
    }

    /// Whether they may have made something of a link that leads nowhere: its form is none that a file or
    /// a heading has.
    fn may_know(self, lead: Lead<'_>, url: &str) -> bool {
        match lead {
            Lead::Broken if self != Self::None => {
                let (path, _) = split(url);
                let name = path.rsplit('/').next().unwrap_or_default();
                let ending = name.rsplit_once('.').map_or("", |(_, ending)| ending);
                !ENDINGS.contains(&&*ending.to_ascii_lowercase())
            }
            Lead::NoAnchor { fragment, .. } => {
                let has_case = fragment.contains(|c: char| c.is_ascii_uppercase());
                self != Self::None && fragment.contains('.') || self == Self::Own && has_case
            }
            _ => false,
        }
    }
}

/// The edit that gives a link another address, where the address stands in the page as it is, once.
fn fix(page: usize, source: &Source, link: &Link<'_>, address: String) -> Option<Fix> {
    // What the address would have to be written as is not worth guessing.
    if address.contains(|c: char| c.is_whitespace() || matches!(c, '(' | ')' | '<' | '>' | '"' | '\\' | '&'))
    {
        return None;
    }
    let text = &source.text[link.range.clone()];
    let mark = if link.definition.is_some() { "]:" } else { "](" };
    let mut places = text.match_indices(link.url).filter(|(at, _)| {
        let before = text[..*at].trim_end_matches('<').trim_end();
        before.ends_with(mark)
    });
    let (at, found) = places.next().filter(|_| places.next().is_none())?;
    let start = link.range.start + at;
    let range = start..start + found.len();
    // What a preprocessor made cannot be written.
    source.in_file(range.clone())?;
    Some(Fix { page, range, text: address })
}
