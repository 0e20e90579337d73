//! What is wrong with the helpers of a page (`{{#include}}` and its like), before mdBook's code resolves them.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use regex::{Captures, Regex};

use super::page::PagePath;
use crate::messages::{book as messages, file as file_messages};
use crate::text::{ByteRange, Problem, Source};

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
        let Some((helper, place)) = Helper::of(&found) else { continue };
        let file = folder.join(helper.path);
        files.insert(file.clone());
        let text = match helper.read(folder, &file, limit) {
            Ok(text) => text,
            Err(problem) => {
                problems.push(problem.at(source, place));
                continue;
            }
        };
        problems.extend(helper.missing_anchor(&file, &text).map(|problem| problem.at(source, place)));
        let real = std::fs::canonicalize(&file).unwrap_or_else(|_| file.clone());
        if helper.includes && open.insert(real.clone()) {
            let inner = Source::new(&file, text);
            problems.extend(included(&inner, file.parent().unwrap_or(folder), limit, open, files));
            open.remove(&real);
        }
    }
    problems
}

/// A helper that names a file.
struct Helper<'t> {
    /// Whether the file's own helpers count, too.
    includes: bool,
    path: &'t str,
    /// Lines, or an anchor, of the file.
    part: Option<&'t str>,
}

impl<'t> Helper<'t> {
    /// The helper that was found, and its bytes.
    fn of(found: &Captures<'t>) -> Option<(Self, ByteRange)> {
        let (whole, kind, rest) = (found.get(0)?, found.get(1)?, found.get(2)?);
        let argument = rest.as_str().split_whitespace().next().filter(|_| kind.as_str() != "title")?;
        let includes = kind.as_str().ends_with("include");
        let (path, part) = if includes {
            argument.split_once(':').map_or((argument, None), |(path, part)| (path, Some(part)))
        } else {
            (argument, None)
        };
        Some((Self { includes, path, part }, whole.range()))
    }

    /// The text of its file, if that is below the limit.
    fn read(&self, folder: &Path, file: &Path, limit: &Path) -> Result<String, Problem> {
        let text = std::fs::read_to_string(file).map_err(|error| {
            let shown = PagePath::new(folder.to_string_lossy()).child(self.path);
            Problem::new(file_messages::cannot_include(shown.as_str(), file_messages::reason(&error)))
                .help(messages::include_help())
                .warning()
        })?;
        let real = std::fs::canonicalize(file).unwrap_or_else(|_| file.to_owned());
        if real.starts_with(limit) {
            return Ok(text);
        }
        Err(Problem::new(messages::include_outside(file.display(), limit.display()))
            .help(messages::include_outside_help()))
    }

    /// What is wrong with its anchor, if it names one.
    fn missing_anchor(&self, file: &Path, text: &str) -> Option<Problem> {
        let is_lines = |part: &&str| part.starts_with(|c: char| c.is_ascii_digit() || c == ':');
        let anchor = self.part.filter(|part| !part.is_empty() && !is_lines(part))?;
        let marks = text.lines().filter_map(|line| line.split_once("ANCHOR:"));
        let mut names = marks.map(|(_, name)| name.split_whitespace().next());
        if names.any(|name| name == Some(anchor)) {
            return None;
        }
        let problem = Problem::new(messages::no_anchor(file.display(), anchor));
        Some(problem.help(messages::no_anchor_help()).warning())
    }
}
