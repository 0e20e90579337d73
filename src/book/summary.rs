//! `SUMMARY.md`, read by mdBook's own parser.

use std::path::Path;
use std::sync::LazyLock;

use mdbook_summary::{Link, SummaryItem};
use regex::Regex;

use super::PagePath;
use crate::messages::book as messages;
use crate::text::{ByteRange, Problem, Source};

/// A part of the book: a title that may be absent, and chapters.
#[derive(Debug, Clone, Default)]
pub struct Part {
    /// The title of the part.
    pub title: Option<String>,
    /// Its chapters.
    pub entries: Vec<Entry>,
}

/// A chapter in the tree of contents.
#[derive(Debug, Clone)]
pub struct Entry {
    /// The name that the tree shows.
    pub name: String,
    /// Its number, such as `1.2.`, where it has one.
    pub number: Option<String>,
    /// Its page; a draft has none.
    pub page: Option<PagePath>,
    /// The chapters below it.
    pub children: Vec<Entry>,
}

impl Entry {
    /// This chapter and those below it, in reading order.
    pub fn flatten(&self) -> Vec<&Self> {
        let mut all = vec![self];
        all.extend(self.children.iter().flat_map(Self::flatten));
        all
    }
}

/// Reads the tree of contents.
pub(super) fn parse(source: &Source) -> Result<Vec<Part>, Problem> {
    let summary = mdbook_summary::parse_summary(&source.text).map_err(|error| {
        let error = error.root_cause().to_string();
        let problem =
            Problem::new(messages::summary(source.path.display(), &error)).help(messages::summary_help());
        match place(&error, &source.text) {
            Some(range) => problem.at(source, range),
            None => problem,
        }
    })?;
    let mut parts = vec![Part::default()];
    for item in
        summary.prefix_chapters.into_iter().chain(summary.numbered_chapters).chain(summary.suffix_chapters)
    {
        match item {
            SummaryItem::PartTitle(title) => parts.push(Part { title: Some(title), entries: Vec::new() }),
            SummaryItem::Separator => parts.push(Part::default()),
            SummaryItem::Link(link) => {
                let entry = entry(link, source)?;
                if let Some(part) = parts.last_mut() {
                    part.entries.push(entry);
                }
            }
            _ => {}
        }
    }
    parts.retain(|part| !part.entries.is_empty() || part.title.is_some());
    Ok(parts)
}

/// The line that the parser names in what it says.
fn place(error: &str, text: &str) -> Option<ByteRange> {
    static LINE: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r"line (\d+)").expect("a constant expression"));
    let line: usize = LINE.captures(error)?[1].parse().ok()?;
    let start: usize = text.split_inclusive('\n').take(line.checked_sub(1)?).map(str::len).sum();
    let end = text.get(start..)?.find('\n').map_or(text.len(), |at| start + at);
    Some(start..end)
}

fn entry(link: Link, source: &Source) -> Result<Entry, Problem> {
    let page = link.location.as_deref().map(|path| inside(path, source)).transpose()?;
    let children = link
        .nested_items
        .into_iter()
        .filter_map(|item| match item {
            SummaryItem::Link(link) => Some(entry(link, source)),
            _ => None,
        })
        .collect::<Result<_, _>>()?;
    Ok(Entry { name: link.name, number: link.number.map(|number| number.to_string()), page, children })
}

fn inside(path: &Path, source: &Source) -> Result<PagePath, Problem> {
    let shown = path.to_string_lossy();
    PagePath::named(&shown).map_err(|message| {
        let at = source.text.find(&*shown).map_or(0..0, |at| at..at + shown.len());
        Problem::new(message).help(messages::page_help()).at(source, at)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_chapters_and_drafts() {
        let source = Source::new(
            "SUMMARY.md",
            "# S\n\n[머리말](README.md)\n\n# 하나\n\n- [가](a.md)\n  - [나](b/c.md)\n- [다]()\n",
        );
        let parts = parse(&source).unwrap();
        assert_eq!(parts.len(), 2);
        assert_eq!(parts[1].title.as_deref(), Some("하나"));
        assert_eq!(parts[1].entries[0].children[0].page, Some(PagePath::new("b/c.md")));
        assert!(parts[1].entries[1].page.is_none());
    }

    #[test]
    fn a_page_outside_the_book_is_an_error_with_its_place() {
        let problem = parse(&Source::new("SUMMARY.md", "- [x](../../etc/passwd.md)\n")).unwrap_err();
        assert!(problem.message.english().contains("outside"));
        assert_eq!(problem.position().unwrap().1.line, 1);
        for (link, what) in [
            ("..\\\\..\\\\passwd.md", "outside"),
            ("a/..\\\\..\\\\..\\\\passwd.md", "outside"),
            ("\\\\etc\\\\passwd", "outside"),
            (".", "is not a file"),
            ("./", "is not a file"),
        ] {
            let parsed = parse(&Source::new("SUMMARY.md", format!("- [x]({link})\n")));
            assert!(parsed.is_err_and(|problem| problem.message.english().contains(what)), "{link}");
        }
    }
}
