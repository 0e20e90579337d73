//! What mdBook does with a setting or a theme file and haechi does not: said, never passed over.

use std::path::Path;

use toml::de::{DeTable, DeValue};

use super::Config;
use crate::messages::{Message, config as messages};
use crate::text::{ByteRange, Problem, Source};

/// What becomes of a setting.
type Instead = fn() -> Message;

/// Settings with what becomes of them; they are of `[output.html]`.
const SETTINGS: [(&str, Instead); 13] = [
    ("mathjax-support", messages::math),
    ("git-repository-icon", messages::repository_icon),
    ("hash-files", messages::hash_files),
    ("playground.editable", messages::editable),
    ("playground.line-numbers", messages::line_numbers),
    ("playground.runnable", messages::runnable),
    ("search.limit-results", messages::ranking),
    ("search.teaser-word-count", messages::ranking),
    ("search.use-boolean-and", messages::ranking),
    ("search.boost-title", messages::ranking),
    ("search.boost-hierarchy", messages::ranking),
    ("search.boost-paragraph", messages::ranking),
    ("search.expand", messages::ranking),
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
                        Problem::new(messages::without_effect(path, instead()))
                            .help(messages::without_effect_help())
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
                    Problem::new(messages::theme_file(entry.path().display()))
                        .help(messages::theme_file_help())
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
