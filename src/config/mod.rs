//! `book.toml`: in goes the file's text, out comes a [`Config`] or a problem with its place.
//!
//! The file is mdBook's; haechi's own settings live under `[verify]` and `[check]`, where an
//! unknown key is an error that names the nearest known one.

mod check;
mod unsupported;
mod verify;

use std::sync::LazyLock;

use mdbook_core::config::{BookConfig, BuildConfig, HtmlConfig};
use regex::Regex;
use serde::Deserialize;

use crate::markdown::Extensions;
use crate::messages::{Message, config as messages};
use crate::text::{ByteRange, Problem, Source};
pub use check::{Check, Register};
pub use verify::{Drift, Fresh, Verify};

/// What `book.toml` says.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Config {
    /// The book's metadata.
    pub book: BookConfig,
    /// Where the site goes.
    pub build: BuildConfig,
    /// Settings of the site and of other backends.
    pub output: Output,
    /// How snippets are run and compared.
    pub verify: Verify,
    /// What `haechi check` asks of the prose.
    pub check: Option<Check>,
    /// The whole as mdBook understands it, for its preprocessors and renderers.
    #[serde(skip)]
    pub mdbook: mdbook_core::config::Config,
}

/// `[output]`, of which these tables are ours.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Output {
    /// `[output.html]`, as mdBook has it.
    pub html: HtmlConfig,
    /// `[output.haechi]`: the place of `[verify]` in a book that mdBook builds, too.
    #[serde(deserialize_with = "verify::of_backend")]
    haechi: Option<Verify>,
}

impl Config {
    /// Reads the text of a `book.toml`.
    ///
    /// # Errors
    /// A problem with its place when the text is not TOML or a setting is unknown or of the wrong type.
    pub fn parse(source: &Source) -> Result<Self, Problem> {
        let failed = |message: String, range: Option<ByteRange>| {
            let mut problem = Problem::new(said(&message));
            let word = range.clone().and_then(|range| source.text.get(range)).unwrap_or_default();
            if let Some(nearest) = nearest(&message, word.trim_matches('"')) {
                problem = problem.help(messages::did_you_mean(nearest));
            }
            range.map_or(problem.clone(), |range| problem.at(source, range))
        };
        let toml_failed = |error: toml::de::Error| failed(error.message().to_owned(), error.span());
        toml::de::DeTable::parse(&source.text)
            .map_err(|error| toml_failed(error).help(messages::syntax_help()))?;
        let mut config: Self = toml::from_str(&source.text).map_err(toml_failed)?;
        let mut table: toml::Table = toml::from_str(&source.text).map_err(toml_failed)?;
        table.remove("check");
        let ours = table.remove("verify");
        if let Some(verify) = config.output.haechi.take() {
            if ours.is_some() {
                return Err(Problem::new(messages::two_tables()).help(messages::two_tables_help()));
            }
            config.verify = verify;
        }
        let theirs = table.try_into().map_err(|error: toml::de::Error| error.to_string());
        let mut mdbook: mdbook_core::config::Config = theirs.map_err(|message| failed(message, None))?;
        let before = mdbook.clone();
        let unreadable = |name: &str, error: &mdbook_core::errors::Error| {
            Problem::new(messages::environment(name, format!("{error:#}")))
        };
        mdbook.update_from_env().map_err(|error| unreadable("MDBOOK_…", &error))?;
        if mdbook != before {
            (config.book, config.build) = (mdbook.book.clone(), mdbook.build.clone());
            config.output.html = mdbook
                .get("output.html")
                .map_err(|error| unreadable("MDBOOK_OUTPUT__HTML…", &error))?
                .unwrap_or_default();
        }
        config.mdbook = mdbook;
        Ok(config)
    }

    /// The language tag of the pages, as in HTML's `lang`.
    pub fn language(&self) -> &str {
        self.book.language.as_deref().unwrap_or("en")
    }

    /// The extensions of Markdown that are on.
    pub fn extensions(&self) -> Extensions {
        Extensions {
            smart_punctuation: self.output.html.smart_punctuation,
            definition_lists: self.output.html.definition_lists,
            admonitions: self.output.html.admonitions,
        }
    }
}

/// What the reader of TOML says. It writes English; its usual sentences are known in Korean, too.
fn said(message: &str) -> Message {
    static NAMES: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"^unknown (?<what>field|variant) `(?<name>[^`]*)`, expected (?:one of )?(?<known>.+)$")
            .expect("a constant expression")
    });
    static TYPES: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"^invalid type: (?<found>.+), expected (?<wanted>.+)$").expect("a constant expression")
    });
    static DURATION: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r"^`(?<value>.*)` is not a duration").expect("a constant expression"));
    if let Some(found) = NAMES.captures(message) {
        return match &found["what"] {
            "field" => messages::unknown_field(&found["name"], messages::names(&found["known"])),
            _ => messages::unknown_variant(&found["name"], messages::names(&found["known"])),
        };
    }
    if let Some(found) = DURATION.captures(message) {
        return messages::not_a_duration(&found["value"]);
    }
    if let Some(found) = TYPES.captures(message) {
        return messages::wrong_type(messages::kind(&found["found"]), messages::kind(&found["wanted"]));
    }
    messages::unreadable(message)
}

/// Of the names that a message says were expected, the one that is spelled most like `word`.
fn nearest<'m>(message: &'m str, word: &str) -> Option<&'m str> {
    let (_, expected) = message.split_once("expected")?;
    expected
        .split('`')
        .skip(1)
        .step_by(2)
        .map(|name| (strsim::damerau_levenshtein(name, word), name))
        .filter(|&(distance, name)| distance <= 3 && name.len() > 2)
        .min()
        .map(|(_, name)| name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_key_of_verify_names_the_nearest() {
        let source = Source::new("book.toml", "[verify]\ntimout = \"3s\"\n");
        let problem = Config::parse(&source).unwrap_err();
        assert_eq!(problem.help, Some(messages::did_you_mean("timeout")));
        assert_eq!(problem.position().unwrap().1.line, 2);
    }

    #[test]
    fn mdbook_settings_that_haechi_does_not_know_are_left_alone() {
        let source = Source::new(
            "book.toml",
            "[book]\ntitle = \"x\"\nauthors = [\"a\"]\n[rust]\nedition = \"2024\"\n",
        );
        assert_eq!(Config::parse(&source).unwrap().book.title.as_deref(), Some("x"));
    }
}
