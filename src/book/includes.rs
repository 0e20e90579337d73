//! What is wrong with the helpers of a page (`{{#include}}` and its like), before mdBook's code resolves them.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use regex::Regex;

use super::page::PagePath;
use crate::text::{Problem, Source};

pub(super) static HELPERS: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"\\\{\{#.*\}\}|\{\{\s*#(include|rustdoc_include|playground|playpen|title)\s+([^}]+)\}\}")
        .expect("a regular expression")
});

/// The folder that includes must not leave: the checkout around the book, or the book itself.
pub(super) fn limit(root: &Path) -> PathBuf {
    let root = std::fs::canonicalize(root).unwrap_or_else(|_| root.to_owned());
    root.ancestors().find(|folder| folder.join(".git").exists()).unwrap_or(&root).to_owned()
}

/// What is wrong with the helpers of a text: mdBook would leave them as they are, or insert nothing.
/// The files that they name are added to `files`, those that are not there, too.
pub(super) fn included(
    source: &Source,
    folder: &Path,
    limit: &Path,
    open: &mut BTreeSet<PathBuf>,
    files: &mut BTreeSet<PathBuf>,
) -> Vec<Problem> {
    let mut problems = Vec::new();
    for found in HELPERS.captures_iter(&source.text) {
        let (Some(whole), Some(kind), Some(rest)) = (found.get(0), found.get(1), found.get(2)) else {
            continue;
        };
        if kind.as_str() == "title" {
            continue;
        }
        let Some(argument) = rest.as_str().split_whitespace().next() else { continue };
        let includes = kind.as_str().ends_with("include");
        let (path, part) = if includes {
            argument.split_once(':').map_or((argument, None), |(path, part)| (path, Some(part)))
        } else {
            (argument, None)
        };
        let mut fail = |problem: Problem| problems.push(problem.at(source, whole.range()));
        let file = folder.join(path);
        files.insert(file.clone());
        let text = match std::fs::read_to_string(&file) {
            Ok(text) => text,
            Err(error) => {
                let shown = PagePath::new(folder.to_string_lossy()).child(path);
                fail(
                    Problem::file("include", Path::new(shown.as_str()), &error)
                        .help("the path is relative to the file that includes")
                        .warning(),
                );
                continue;
            }
        };
        let real = std::fs::canonicalize(&file).unwrap_or_else(|_| file.clone());
        if !real.starts_with(limit) {
            fail(
                Problem::new(format!("{} is outside of {}", file.display(), limit.display()))
                    .help("a book includes only files of its own repository"),
            );
            continue;
        }
        let anchor = part
            .filter(|part| !part.is_empty() && !part.starts_with(|c: char| c.is_ascii_digit() || c == ':'));
        if let Some(anchor) = anchor
            && !text.lines().any(|line| {
                line.split_once("ANCHOR:")
                    .is_some_and(|(_, name)| name.split_whitespace().next() == Some(anchor))
            })
        {
            fail(
                Problem::new(format!("{} has no `ANCHOR: {anchor}`", file.display()))
                    .help("write that comment before the lines that are meant, and `ANCHOR_END` after them")
                    .warning(),
            );
        }
        if includes && open.insert(real.clone()) {
            let inner = Source::new(&file, text);
            problems.extend(included(&inner, file.parent().unwrap_or(folder), limit, open, files));
            open.remove(&real);
        }
    }
    problems
}
