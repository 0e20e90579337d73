//! `SUMMARY.md`, whatever it says.

use crate::fuzzing::assert_shown;
use crate::text::Source;

/// Each page that it names is below the book's folder, under one name.
pub(crate) fn check(input: &[u8]) {
    let Ok(text) = std::str::from_utf8(input) else { return };
    let source = Source::new("SUMMARY.md", text);
    let parts = match super::summary::parse(&source) {
        Ok(parts) => parts,
        Err(problem) => return assert_shown(&problem, &source),
    };
    for page in parts.iter().flat_map(|part| &part.entries).flat_map(super::Entry::flatten) {
        let Some(path) = &page.page else { continue };
        let is_name = |name: &str| !matches!(name, "" | "." | "..");
        assert!(path.as_str().split('/').all(is_name), "{path} is not below the book's folder");
    }
}
