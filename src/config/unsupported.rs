//! What mdBook does with a setting or a theme file and haechi does not: said, never passed over.

use std::path::Path;

use toml::de::{DeTable, DeValue};

use super::Config;
use crate::text::{ByteRange, Problem, Source};

/// Settings with what becomes of them; they are of `[output.html]`.
const SETTINGS: [(&str, &str); 13] = [
    ("mathjax-support", "formulas are shown as they are written: MathJax is loaded from another server"),
    ("git-repository-icon", "the link to the repository is a word"),
    ("hash-files", "the names of the site's files stay as they are"),
    ("playground.editable", "code in the page is not edited"),
    ("playground.line-numbers", "code has no line numbers"),
    ("playground.runnable", "code is not run on another server: a snippet that should run is verified"),
    ("search.limit-results", "the search of the site has its own ranking"),
    ("search.teaser-word-count", "the search of the site has its own ranking"),
    ("search.use-boolean-and", "the search of the site has its own ranking"),
    ("search.boost-title", "the search of the site has its own ranking"),
    ("search.boost-hierarchy", "the search of the site has its own ranking"),
    ("search.boost-paragraph", "the search of the site has its own ranking"),
    ("search.expand", "the search of the site has its own ranking"),
];

/// Files of mdBook's theme that are honoured.
const THEME_FILES: [&str; 2] = ["favicon.svg", "favicon.png"];

impl Config {
    /// Warnings about what the book asks for that haechi does not do.
    pub(crate) fn unsupported(&self, source: &Source, root: &Path) -> Vec<Problem> {
        let mut warnings = Vec::new();
        if let Ok(table) = DeTable::parse(&source.text) {
            for (path, instead) in SETTINGS {
                let find = |path: &str| find(table.get_ref(), &format!("output.html.{path}"));
                let Some((range, value)) =
                    find(path).or_else(|| find(&path.replace("playground", "playpen")))
                else {
                    continue;
                };
                if !matches!(value, DeValue::Boolean(false)) {
                    warnings.push(
                        Problem::new(format!("[output.html] {path} has no effect: {instead}"))
                            .help("take it out for haechi alone, or leave it for mdBook")
                            .warning()
                            .at(source, range),
                    );
                }
            }
        }
        let folder = self.output.html.theme_dir(root);
        for entry in walkdir::WalkDir::new(&folder).sort_by_file_name().into_iter().flatten() {
            let name = entry.path().strip_prefix(&folder).unwrap_or(entry.path());
            if entry.file_type().is_file() && !THEME_FILES.iter().any(|known| Path::new(known) == name) {
                warnings.push(
                    Problem::new(format!("{} has no effect: it belongs to mdBook's theme", entry.path().display()))
                        .help("additional-css and additional-js are honoured; haechi's own templates are in themes/haechi")
                        .warning(),
                );
            }
        }
        warnings
    }
}

/// The bytes of a key and its value.
fn find<'t>(table: &'t DeTable<'t>, path: &str) -> Option<(ByteRange, &'t DeValue<'t>)> {
    let (name, rest) = path.split_once('.').map_or((path, None), |(name, rest)| (name, Some(rest)));
    let (key, value) = table.iter().find(|(key, _)| key.get_ref() == name)?;
    match (rest, value.get_ref()) {
        (None, value) => Some((key.span(), value)),
        (Some(rest), DeValue::Table(inner)) => find(inner, rest),
        (Some(_), _) => None,
    }
}
