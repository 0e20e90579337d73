//! The way through the book: the tree of contents, and each page's position in it.

use std::collections::{HashMap, HashSet};
use std::fmt::Write as _;

use pulldown_cmark_escape::escape_href;

use crate::book::{Book, Entry, PagePath};
use crate::site::html::escaped;

/// The tree and every page's position.
pub(crate) struct Navigation {
    tree: String,
    positions: HashMap<PagePath, Position>,
    /// Down to which level the tree is open at first, if it folds.
    fold: Option<u8>,
}

/// Where a page is in the book.
#[derive(Debug, Clone, Default, serde::Serialize)]
pub(crate) struct Position {
    /// The chapter's name in `SUMMARY.md`.
    pub(crate) name: String,
    /// Its number, such as `2.1`, where the book shows one.
    pub(crate) number: Option<String>,
    /// The title of the part that it stands in.
    pub(crate) part: Option<String>,
    /// The chapters above it, outermost first.
    pub(crate) above: Vec<Link>,
    /// The chapters below it.
    pub(crate) below: Vec<Link>,
    pub(crate) previous: Option<Link>,
    pub(crate) next: Option<Link>,
}

/// A link to a page, relative to the root of the site.
#[derive(Debug, Clone, serde::Serialize)]
pub(crate) struct Link {
    pub(crate) name: String,
    /// The chapter's number, where the book shows one.
    pub(crate) number: Option<String>,
    pub(crate) href: Option<String>,
}

impl Link {
    fn to(entry: &Entry, numbered: bool) -> Self {
        let number = entry.number.as_ref().filter(|_| numbered);
        let number = number.map(|number| number.trim_end_matches('.').to_owned());
        Self { name: entry.name.clone(), number, href: entry.page.as_ref().map(PagePath::html) }
    }
}

impl Navigation {
    pub(crate) fn new(book: &Book) -> Self {
        let html = &book.config.output.html;
        let numbered = !html.no_section_label;
        let mut tree = String::new();
        let mut positions: HashMap<PagePath, Position> = HashMap::new();
        let mut order: Vec<(PagePath, Link)> = Vec::new();
        for part in &book.parts {
            if let Some(title) = &part.title {
                let _ = write!(tree, "<p class=\"part\">{}</p>", escaped(title));
            }
            let from = order.len();
            list(&part.entries, &[], numbered, &mut tree, &mut positions, &mut order);
            for (path, _) in &order[from..] {
                if let Some(position) = positions.get_mut(path) {
                    position.part.clone_from(&part.title);
                }
            }
        }
        for (at, (path, _)) in order.iter().enumerate() {
            if let Some(position) = positions.get_mut(path) {
                position.previous = at.checked_sub(1).map(|before| order[before].1.clone());
                position.next = order.get(at + 1).map(|(_, link)| link.clone());
            }
        }
        let fold = html.fold.enable.then_some(html.fold.level);
        Self { tree, positions, fold }
    }

    /// The tree as nested lists, with links relative to the root of the site.
    pub(crate) fn tree(&self) -> &str {
        &self.tree
    }

    /// The tree with an id in each link, its page: as the target of an address, the link of that page is lit.
    pub(crate) fn framed_tree(&self) -> String {
        const LINK: &str = "<a href=\"";
        let mut seen = HashSet::new();
        let mut pieces = self.tree.split(LINK);
        let mut framed = pieces.next().unwrap_or_default().to_owned();
        for piece in pieces {
            let href = piece.split('"').next().unwrap_or_default();
            // A page may stand in the tree twice.
            let id = if seen.insert(href) { format!("<a id=\"{href}\" href=\"") } else { LINK.to_owned() };
            framed.push_str(&id);
            framed.push_str(piece);
        }
        framed
    }

    /// A script that puts the tree where it stands: the tree is shared by all pages, not copied into each.
    pub(crate) fn script(&self) -> String {
        let html = serde_json::Value::from(self.tree.as_str()).to_string().replace("</", "<\\/");
        let fold = self.fold.map_or(String::new(), |level| format!(", {level}"));
        format!("window.haechiContents({html}{fold});\n")
    }

    pub(crate) fn position(&self, page: &PagePath) -> Position {
        self.positions.get(page).cloned().unwrap_or_default()
    }
}

fn list(
    entries: &[Entry],
    above: &[Link],
    numbered: bool,
    tree: &mut String,
    positions: &mut HashMap<PagePath, Position>,
    order: &mut Vec<(PagePath, Link)>,
) {
    if entries.is_empty() {
        return;
    }
    tree.push_str("<ol>");
    for entry in entries {
        let link = Link::to(entry, numbered);
        tree.push_str("<li>");
        let number = link
            .number
            .as_ref()
            .map_or(String::new(), |number| format!("<span class=\"number\">{}</span> ", escaped(number)));
        match &link.href {
            Some(href) => {
                let mut url = String::new();
                let _ = escape_href(&mut url, href);
                let _ = write!(tree, "<a href=\"{url}\">{number}{}</a>", escaped(&entry.name));
            }
            None => {
                let _ = write!(tree, "<span class=\"draft\">{number}{}</span>", escaped(&entry.name));
            }
        }
        if let Some(page) = &entry.page {
            positions.entry(page.clone()).or_insert_with(|| Position {
                name: entry.name.clone(),
                number: link.number.clone(),
                above: above.to_vec(),
                below: entry.children.iter().map(|child| Link::to(child, numbered)).collect(),
                ..Position::default()
            });
            order.push((page.clone(), link.clone()));
        }
        let mut inner = above.to_vec();
        inner.push(link);
        list(&entry.children, &inner, numbered, tree, positions, order);
        tree.push_str("</li>");
    }
    tree.push_str("</ol>");
}
