//! Where a link that leads nowhere should lead: a guess for the help, and where there is only one
//! possibility, the address that fixes it.

use super::targets::{Targets, split};
use crate::book::PagePath;

/// The least likeness of a name that is worth naming, from 0 to 1.
const LIKE: f64 = 0.7;

/// What a link should have been.
pub(super) enum Suggestion {
    /// There is one possibility.
    Certain(String),
    /// A name that is spelled much like it.
    Perhaps(String),
}

impl Suggestion {
    /// The address.
    pub(super) fn address(&self) -> &str {
        match self {
            Self::Certain(address) | Self::Perhaps(address) => address,
        }
    }
}

/// The address for a link to an anchor that a page does not have.
pub(super) fn anchor(
    targets: &Targets<'_>,
    from: &PagePath,
    url: &str,
    page: usize,
    fragment: &str,
) -> Option<Suggestion> {
    let path = url.split('#').next().unwrap_or_default();
    let with = |anchor: &str| format!("{path}#{anchor}");
    let wanted = letters(fragment);
    let mut same = targets.anchors[page].iter().filter(|anchor| letters(anchor) == wanted);
    if let (false, Some(one), None) = (wanted.is_empty(), same.next(), same.next()) {
        return Some(Suggestion::Certain(with(one)));
    }
    // A section that has moved to another page.
    let mut moved = (0..targets.pages().len()).filter(|&other| targets.has(other, fragment));
    if let (Some(other), None) = (moved.next(), moved.next()) {
        let path = relative(from, &targets.pages()[other].path);
        return Some(Suggestion::Perhaps(format!("{path}#{fragment}")));
    }
    nearest(fragment, targets.anchors[page].iter().map(String::as_str))
        .map(|near| Suggestion::Perhaps(with(near)))
}

/// The address for a link to a page or file that is not there.
pub(super) fn page(targets: &Targets<'_>, from: &PagePath, url: &str) -> Option<Suggestion> {
    let (path, fragment) = split(url);
    if !path.ends_with(".md") {
        let files = targets.assets();
        let near = nearest(from.sibling(path).as_str(), files.iter().map(String::as_str))?;
        return Some(Suggestion::Perhaps(relative(from, &PagePath::new(near))));
    }
    let pages = || targets.pages().iter().enumerate().map(|(number, page)| (number, &page.path));
    let wanted = name(path).to_lowercase();
    let is_usual = matches!(&*wanted, "readme.md" | "index.md");
    let mut same = pages().filter(|(_, page)| name(page.as_str()).to_lowercase() == wanted);
    if let (false, Some((number, page)), None) = (is_usual, same.next(), same.next()) {
        let address = relative(from, page);
        return Some(match fragment {
            None => Suggestion::Certain(address),
            Some(fragment) if targets.has(number, fragment) => {
                Suggestion::Certain(format!("{address}#{fragment}"))
            }
            Some(fragment) => match anchor(targets, from, &address, number, fragment) {
                Some(Suggestion::Certain(address)) => Suggestion::Certain(address),
                _ => Suggestion::Perhaps(address),
            },
        });
    }
    let others = pages().map(|(_, page)| page.as_str()).filter(|page| *page != from.as_str());
    let near = nearest(from.sibling(path).as_str(), others)?;
    Some(Suggestion::Perhaps(relative(from, &PagePath::new(near))))
}

/// What of an anchor does not depend on the rule that made it: letters and digits, without case.
fn letters(anchor: &str) -> String {
    anchor.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

fn name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or_default()
}

/// The way from one page to another.
fn relative(from: &PagePath, to: &PagePath) -> String {
    let folders = |path: &str| path.rsplit_once('/').map_or("", |(folder, _)| folder).to_owned();
    let (here, there) = (folders(from.as_str()), folders(to.as_str()));
    let parts = |folder: &str| -> Vec<String> {
        folder.split('/').filter(|part| !part.is_empty()).map(str::to_owned).collect()
    };
    let (here, there) = (parts(&here), parts(&there));
    let shared = here.iter().zip(&there).take_while(|(one, other)| one == other).count();
    let up = "../".repeat(here.len() - shared);
    let down: String = there[shared..].iter().map(|part| format!("{part}/")).collect();
    format!("{up}{down}{}", name(to.as_str()))
}

fn nearest<'a>(wanted: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let likeness = |name: &str| strsim::normalized_damerau_levenshtein(name, wanted);
    // Of two that are equally near, the same one each time.
    known
        .map(|name| (likeness(name), name))
        .filter(|(likeness, _)| *likeness >= LIKE)
        .max_by(|a, b| a.0.total_cmp(&b.0).then_with(|| b.1.cmp(a.1)))
        .map(|(_, name)| name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_relative_to_the_page() {
        let way = |from: &str, to: &str| relative(&PagePath::new(from), &PagePath::new(to));
        assert_eq!(way("a.md", "b.md"), "b.md");
        assert_eq!(way("x/a.md", "b.md"), "../b.md");
        assert_eq!(way("x/y/a.md", "x/z/b.md"), "../z/b.md");
        assert_eq!(way("a.md", "x/b.md"), "x/b.md");
    }
}
