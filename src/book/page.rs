//! A page and its path.

use std::fmt;
use std::path::{Component, Path, PathBuf};

use crate::files;
use crate::markdown::{Document, Extensions};
use crate::messages::{Message, book as messages};
use crate::text::{Problem, Source};

/// The path of a page below the book's content folder, with `/` on every system.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PagePath(String);

impl PagePath {
    /// A path below the content folder.
    pub fn new(path: impl Into<String>) -> Self {
        Self(path.into().replace('\\', "/"))
    }

    /// The page that a book names, if it is a file below the content folder: a book reads and writes nothing
    /// elsewhere. `\` separates names on some systems, so it does on all.
    ///
    /// # Errors
    /// What is wrong with the path.
    pub(super) fn named(path: &str) -> Result<Self, Message> {
        let named = path;
        let path = path.replace('\\', "/");
        let mut names = Vec::new();
        for part in Path::new(&path).components() {
            match part {
                Component::Normal(name) => names.push(name.to_string_lossy()),
                Component::CurDir => {}
                _ => return Err(messages::page_outside(named)),
            }
        }
        if names.is_empty() { Err(messages::page_without_name(named)) } else { Ok(Self(names.join("/"))) }
    }

    /// The path as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Where the page is on the site, as mdBook has it: `a.md` is `a.html`, `README.md` is `index.html`.
    pub fn html(&self) -> String {
        let stem = self.0.strip_suffix(".md").unwrap_or(&self.0);
        match stem.strip_suffix("README") {
            Some(dir) if dir.is_empty() || dir.ends_with('/') => format!("{dir}index.html"),
            _ => format!("{stem}.html"),
        }
    }

    /// The page that a relative link on this page names.
    pub fn sibling(&self, link: &str) -> Self {
        match self.0.rsplit_once('/') {
            Some((folder, _)) => Self(folder.to_owned()).child(link),
            None => Self(String::new()).child(link),
        }
    }

    /// What a relative path names in this folder.
    pub(super) fn child(&self, path: &str) -> Self {
        let mut parts: Vec<&str> = self.0.split('/').filter(|_| !self.0.is_empty()).collect();
        for part in path.split('/') {
            match part {
                "." | "" => {}
                ".." => drop(parts.pop()),
                name => parts.push(name),
            }
        }
        Self(parts.join("/"))
    }

    /// The way from this page to the root of the site: empty, or `../` for each folder.
    pub fn to_root(&self) -> String {
        "../".repeat(self.0.matches('/').count())
    }
}

impl fmt::Display for PagePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The most bytes of a page.
const MOST_BYTES: u64 = 256 * 1024 * 1024;

/// A page of the book.
#[derive(Debug)]
pub struct Page {
    /// Where it is in the book.
    pub path: PagePath,
    /// Its text, under the path that messages show.
    pub source: Source,
    /// The title that `{{#title}}` gave it.
    pub title: Option<String>,
    extensions: Extensions,
}

impl Page {
    pub(super) fn load(content: &Path, path: PagePath, extensions: Extensions) -> Result<Self, Problem> {
        Self::read(&content.join(path.as_str()), path, extensions)
    }

    /// Reads a file that messages show under the name that it is given here.
    pub(super) fn read(file: &Path, path: PagePath, extensions: Extensions) -> Result<Self, Problem> {
        let file: PathBuf = file.components().collect();
        let bytes =
            files::read_plain(&file, MOST_BYTES).map_err(|error| Problem::cannot_read(&file, &error))?;
        // Of a book that has not changed, most of the time is spent here.
        let text = simdutf8::compat::from_utf8(&bytes).map_err(|error| {
            Problem::new(messages::not_utf8(file.display(), error.valid_up_to()))
                .help(messages::not_utf8_help())
        })?;
        let shown = file.strip_prefix("./").unwrap_or(&file).to_owned();
        let source = Source::new(shown, text);
        // A byte order mark is not part of the first line.
        let source = match source.text.strip_prefix('\u{feff}').map(str::to_owned) {
            Some(text) => source.made_into(text),
            None => source,
        };
        Ok(Self { path, source, title: None, extensions })
    }

    /// The page, parsed.
    pub fn parse(&self) -> Document<'_> {
        Document::parse(&self.source, self.extensions)
    }
}

#[cfg(test)]
mod tests {
    use super::PagePath;

    #[test]
    fn pages_are_where_mdbook_puts_them() {
        assert_eq!(PagePath::new("a/b.md").html(), "a/b.html");
        assert_eq!(PagePath::new("README.md").html(), "index.html");
        assert_eq!(PagePath::new("a/README.md").html(), "a/index.html");
        assert_eq!(PagePath::new("a/b.md").to_root(), "../");
        assert_eq!(PagePath::new("a/b.md").sibling("../c.md").as_str(), "c.md");
    }
}
