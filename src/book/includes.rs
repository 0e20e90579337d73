//! What is wrong with the helpers of a page (`{{#include}}` and its like), before mdBook's code resolves them.

use std::collections::{BTreeSet, HashMap};
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::LazyLock;

use regex::{Captures, Regex};

use super::page::PagePath;
use crate::checkout::Checkout;
use crate::files;
use crate::messages::{book as messages, file as file_messages};
use crate::text::{ByteRange, Problem, Source};

pub(super) static HELPERS: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"\\\{\{#.*\}\}|\{\{\s*#(include|rustdoc_include|playground|playpen|title)\s+([^}]+)\}\}")
        .expect("a regular expression")
});

/// How deep files that include files are followed, as mdBook follows them.
const DEEPEST: usize = 10;
/// The most times that files may be inserted into a page.
const MOST_INSERTED: u64 = 10_000;
/// The most bytes of a file that is included.
const MOST_BYTES: u64 = 64 * 1024 * 1024;

/// A walk through the files that the pages of a book include.
pub(super) struct Includes<'a> {
    /// What they must not leave.
    checkout: &'a Checkout,
    /// The files that helpers name, those that are not there, too.
    pub(super) files: BTreeSet<PathBuf>,
    /// How many times files are inserted for each file at each depth.
    counts: HashMap<(PathBuf, usize), u64>,
    /// The files that helpers name, with their texts.
    texts: HashMap<PathBuf, Rc<str>>,
}

impl<'a> Includes<'a> {
    pub(super) fn new(checkout: &'a Checkout) -> Self {
        Self { checkout, files: BTreeSet::new(), counts: HashMap::new(), texts: HashMap::new() }
    }

    /// What is wrong with the helpers of a page: mdBook would leave them as they are, or insert nothing.
    pub(super) fn check(&mut self, page: &Source, folder: &Path) -> Vec<Problem> {
        let mut problems = Vec::new();
        let inserted = self.included(page, folder, 0, &mut problems);
        if inserted > MOST_INSERTED {
            let problem = Problem::new(messages::includes_too_much(page.path.display(), MOST_INSERTED));
            problems.push(problem.help(messages::includes_too_much_help()));
        }
        problems
    }

    fn included(&mut self, source: &Source, folder: &Path, depth: usize, problems: &mut Vec<Problem>) -> u64 {
        let mut inserted: u64 = 0;
        for found in HELPERS.captures_iter(&source.text) {
            // mdBook takes parts of files before it looks for helpers: one that is cut would be another.
            if depth > 0 && found[0].contains('\n') {
                problems.push(
                    Problem::new(messages::helper_of_lines(source.path.display()))
                        .help(messages::helper_of_lines_help()),
                );
                continue;
            }
            let Some((helper, place)) = Helper::of(&found) else { continue };
            let file = folder.join(helper.path);
            self.files.insert(file.clone());
            inserted = inserted.saturating_add(1);
            let text = match self.texts.get(&file) {
                Some(text) => Rc::clone(text),
                None => match helper.read(folder, &file, self.checkout) {
                    Ok(text) => Rc::clone(self.texts.entry(file.clone()).or_insert(text.into())),
                    Err(problem) => {
                        problems.push(problem.at(source, place));
                        continue;
                    }
                },
            };
            problems.extend(helper.missing_anchor(&file, &text).map(|problem| problem.at(source, place)));
            let known = (file, depth);
            if let Some(count) = self.counts.get(&known) {
                inserted = inserted.saturating_add(*count);
                continue;
            }
            let file = &known.0;
            let mut below = 0;
            if depth < DEEPEST {
                let inner = Source::new(file, &*text);
                below = self.included(&inner, file.parent().unwrap_or(folder), depth + 1, problems);
            }
            inserted = inserted.saturating_add(below);
            self.counts.insert(known, below);
        }
        inserted
    }
}

/// A helper that names a file.
struct Helper<'t> {
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
        Some((Self { path, part }, whole.range()))
    }

    /// The text of its file, if that is below the limit.
    fn read(&self, folder: &Path, file: &Path, checkout: &Checkout) -> Result<String, Problem> {
        if file.exists() && !checkout.contains(file) {
            return Err(Problem::new(messages::include_outside(file.display(), checkout.top().display()))
                .help(messages::include_outside_help()));
        }
        files::read_text(file, MOST_BYTES).map_err(|error| {
            let shown = PagePath::new(folder.to_string_lossy()).child(self.path);
            Problem::new(file_messages::cannot_include(shown.as_str(), file_messages::reason(&error)))
                .help(messages::include_help())
                .warning()
        })
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
