//! What haechi and mdBook write into a repository: no page is made of it.

use std::ffi::OsStr;
use std::path::{Component, Path, PathBuf};

/// The places below a repository's root that evidence, sites and memories of builds go to.
///
/// They follow from the repository's files alone, and not from what a run is about: two pages must not
/// make each other's evidence stale in turn.
#[derive(Debug, Default)]
pub(super) struct Outputs {
    evidence: Vec<PathBuf>,
    whole: Vec<PathBuf>,
}

impl Outputs {
    /// Looks for books among the files of a repository; paths are relative to `root`.
    pub(super) fn among<'p>(root: &Path, paths: impl Iterator<Item = &'p Path>) -> Self {
        let mut outputs = Self { evidence: vec!["evidence".into()], whole: vec![".haechi".into()] };
        for file in paths.filter(|path| path.file_name() == Some(OsStr::new("book.toml"))) {
            let book = file.parent().unwrap_or(Path::new(""));
            outputs.evidence.push(book.join("evidence"));
            outputs.whole.push(book.join(".haechi"));
            outputs.whole.extend(within(book, Path::new(&build_dir(&root.join(file)))));
        }
        outputs
    }

    /// Whether a file was written by a run or a build.
    pub(super) fn has(&self, path: &Path) -> bool {
        let kind = path.extension().and_then(OsStr::to_str);
        let is_evidence = matches!(kind, Some("json" | "cast"))
            && self.evidence.iter().any(|folder| path.starts_with(folder));
        let is_unfinished =
            path.file_name().and_then(OsStr::to_str).is_some_and(|name| name.starts_with(".haechi-"));
        is_evidence || is_unfinished || self.whole.iter().any(|folder| path.starts_with(folder))
    }
}

/// Where a book says that its site goes.
fn build_dir(file: &Path) -> String {
    let table = crate::files::read_regular(file, 1 << 20)
        .ok()
        .and_then(|bytes| String::from_utf8(bytes).ok()?.parse::<toml::Table>().ok());
    let named = table.as_ref().and_then(|table| table.get("build")?.get("build-dir")?.as_str());
    named.unwrap_or("book").to_owned()
}

/// Where a relative path leads that stands in a folder below the root; none if that is the root itself
/// or outside of it.
pub(super) fn within(folder: &Path, path: &Path) -> Option<PathBuf> {
    let mut place = PathBuf::new();
    for part in folder.components().chain(path.components()) {
        match part {
            Component::Normal(name) => place.push(name),
            Component::CurDir => {}
            Component::ParentDir if place.pop() => {}
            _ => return None,
        }
    }
    (!place.as_os_str().is_empty()).then_some(place)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_run_writes_is_known_by_the_books_alone() {
        let folder = tempfile::tempdir().unwrap();
        for (book, text) in [
            ("guide", ""),
            ("docs/en", "[build]\nbuild-dir = \"../../public\"\n"),
            ("x", "[build]\nbuild-dir = \"..\"\n"),
        ] {
            std::fs::create_dir_all(folder.path().join(book)).unwrap();
            std::fs::write(folder.path().join(book).join("book.toml"), text).unwrap();
        }
        let books = ["guide/book.toml", "docs/en/book.toml", "x/book.toml"].map(Path::new);
        let outputs = Outputs::among(folder.path(), books.into_iter());
        for ours in [
            "evidence/a.json",
            "guide/evidence/b/c.cast",
            "guide/book/index.html",
            "public/a.js",
            "a/.haechi-12-x",
        ] {
            assert!(outputs.has(Path::new(ours)), "{ours}");
        }
        for theirs in
            ["evidence/a.csv", "book/index.html", "public.md", "guide/evidence.json", "docs/en/a.md", "x/a"]
        {
            assert!(!outputs.has(Path::new(theirs)), "{theirs}");
        }
    }
}
