//! What the links of a book may lead to: its pages and their anchors, its files, its redirects.

use std::collections::{HashMap, HashSet};

use percent_encoding::percent_decode_str;

use crate::book::{Book, Page, PagePath};
use crate::markdown::{Document, HtmlLinks};

/// Files of the site that no page is.
const MADE: [&str; 4] = ["index.html", "print.html", "404.html", "toc.html"];

/// Where links of a book may lead.
pub(super) struct Targets<'b> {
    book: &'b Book,
    /// The anchors of the pages, in the order of the book.
    pub(super) anchors: Vec<HashSet<String>>,
    /// The numbers of the pages by their path in the book.
    by_path: HashMap<&'b str, usize>,
    /// The same by their place on the site.
    by_html: HashMap<String, usize>,
}

/// Where a link leads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Lead<'l> {
    /// To something that is there, or to nothing that anybody could look for.
    Fine,
    /// To another site.
    External,
    /// Out of the book, where there may be something.
    Outside,
    /// To a page of the book without that anchor.
    NoAnchor { page: usize, fragment: &'l str },
    /// To a Markdown file that is there and no page of the book.
    Unlisted,
    /// To nothing.
    Broken,
}

impl<'b> Targets<'b> {
    pub(super) fn of(book: &'b Book, documents: &[Document<'_>], html: &[HtmlLinks]) -> Self {
        let anchors = documents.iter().zip(html).map(|(document, html)| {
            document.anchors().map(str::to_owned).chain(html.anchors.iter().cloned()).collect()
        });
        let pages = || book.pages.iter().enumerate();
        Self {
            book,
            anchors: anchors.collect(),
            by_path: pages().map(|(number, page)| (page.path.as_str(), number)).collect(),
            by_html: pages().map(|(number, page)| (page.path.html(), number)).collect(),
        }
    }

    /// The pages of the book.
    pub(super) fn pages(&self) -> &'b [Page] {
        &self.book.pages
    }

    /// The files of the book that are no pages.
    pub(super) fn assets(&self) -> Vec<String> {
        self.book.assets.iter().map(|file| file.to_string_lossy().replace('\\', "/")).collect()
    }

    /// Where a link leads that stands on a page.
    pub(super) fn lead<'l>(&self, from: &PagePath, url: &'l str) -> Lead<'l> {
        let url = url.trim();
        if is_web(url) {
            return Lead::External;
        }
        // `mailto:`, `std::vec`: nothing of the book.
        if has_scheme(url) {
            return Lead::Fine;
        }
        let (path, fragment) = split(url);
        if path.is_empty() {
            return self.by_path.get(from.as_str()).map_or(Lead::Fine, |&page| self.anchor(page, fragment));
        }
        let path = percent_decoded(path);
        let (folder, path) = match path.strip_prefix('/') {
            Some(path) => ("", path),
            None => (from.as_str().rsplit_once('/').map_or("", |(folder, _)| folder), &*path),
        };
        let is_absolute = url.starts_with('/');
        let Some(target) = below(folder, path) else { return Lead::Outside };
        match self.inside(&target, fragment) {
            // The host may have other things beside the book.
            Lead::Broken | Lead::Unlisted if is_absolute => Lead::Outside,
            lead => lead,
        }
    }

    /// Where a path below the book's folder leads.
    fn inside<'l>(&self, target: &str, fragment: Option<&'l str>) -> Lead<'l> {
        if let Some(page) = self.page_at(target) {
            return self.anchor(page, fragment);
        }
        let file = self.book.content.join(target);
        let is_markdown = target.ends_with(".md");
        if is_markdown && file.is_file() {
            return Lead::Unlisted;
        }
        let redirects = &self.book.config.output.html.redirect;
        let is_redirect = redirects.keys().any(|from| from.trim_start_matches('/') == target);
        if MADE.contains(&target) || is_redirect || (!is_markdown && file.exists()) {
            return Lead::Fine;
        }
        Lead::Broken
    }

    /// The page that a path is: as a file, as mdBook renames it, on the site, or without `.html` as many
    /// servers have it.
    fn page_at(&self, target: &str) -> Option<usize> {
        let readme = || target.strip_suffix("index.md").map(|folder| format!("{folder}README.md"));
        let folder = target.trim_end_matches('/');
        let index = if folder.is_empty() { "index.html".to_owned() } else { format!("{folder}/index.html") };
        self.by_path
            .get(target)
            .or_else(|| self.by_path.get(readme()?.as_str()))
            .or_else(|| self.by_html.get(target))
            .or_else(|| self.by_html.get(&format!("{target}.html")))
            .or_else(|| self.by_html.get(&index))
            .copied()
    }

    fn anchor<'l>(&self, page: usize, fragment: Option<&'l str>) -> Lead<'l> {
        // `#`, `#top` and text fragments lead into any page.
        let is_any = |fragment: &str| fragment.is_empty() || fragment == "top" || fragment.starts_with(":~:");
        match fragment.filter(|fragment| !is_any(fragment)) {
            Some(fragment) if !self.has(page, fragment) => Lead::NoAnchor { page, fragment },
            _ => Lead::Fine,
        }
    }

    /// Whether a page has an anchor.
    pub(super) fn has(&self, page: usize, fragment: &str) -> bool {
        self.anchors[page].contains(fragment) || self.anchors[page].contains(&percent_decoded(fragment))
    }
}

/// The path of an address without its query, and its fragment.
pub(super) fn split(url: &str) -> (&str, Option<&str>) {
    let (path, fragment) = url.split_once('#').map_or((url, None), |(path, fragment)| (path, Some(fragment)));
    (path.split('?').next().unwrap_or_default(), fragment)
}

/// What an address names: `%EA` and the like are bytes.
pub(super) fn percent_decoded(text: &str) -> String {
    percent_decode_str(text).decode_utf8_lossy().into_owned()
}

pub(super) fn is_web(url: &str) -> bool {
    let begins = |with: &str| url.get(..with.len()).is_some_and(|start| start.eq_ignore_ascii_case(with));
    begins("http://") || begins("https://") || url.starts_with("//")
}

/// Whether an address begins with a scheme (RFC 3986, 3.1).
fn has_scheme(url: &str) -> bool {
    let end = url.find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.')));
    url.starts_with(|c: char| c.is_ascii_alphabetic()) && end.is_some_and(|end| url[end..].starts_with(':'))
}

/// What a relative path names in a folder of the book; none where it leaves the book.
fn below(folder: &str, path: &str) -> Option<String> {
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for part in path.split('/') {
        match part {
            "." | "" => {}
            ".." => {
                parts.pop()?;
            }
            name => parts.push(name),
        }
    }
    Some(parts.join("/"))
}
