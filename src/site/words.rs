//! The theme's words in the language of the book: what stands on a page and is not the author's.

use std::collections::BTreeMap;

use serde::Serialize;

/// Words by their names.
#[derive(Debug, Default, Serialize)]
pub(super) struct Words(BTreeMap<String, String>);

impl Words {
    /// Reads the words of a language from JSON that has them by language. Where it has not this one, the
    /// language without its region counts, then English.
    pub(super) fn parse(json: &str, language: &str) -> Result<Self, serde_json::Error> {
        let mut languages: BTreeMap<String, BTreeMap<String, String>> = serde_json::from_str(json)?;
        let short = language.split(['-', '_']).next().unwrap_or_default();
        let words = [language, short, "en"].into_iter().find_map(|name| languages.remove(name));
        Ok(Self(words.unwrap_or_default()))
    }

    /// The words whose names begin so.
    pub(super) fn beginning<'a>(&'a self, with: &'a str) -> impl Iterator<Item = (&'a str, &'a str)> {
        let words = self.0.iter().filter(move |(name, _)| name.starts_with(with));
        words.map(|(name, word)| (name.as_str(), word.as_str()))
    }

    /// A word, or its name where the theme has none.
    pub(super) fn get<'a>(&'a self, name: &'a str) -> &'a str {
        self.0.get(name).map_or(name, String::as_str)
    }
}
