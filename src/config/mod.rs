//! `book.toml`: in goes the file's text, out comes a [`Config`] or a problem with its place.
//!
//! The file is mdBook's; haechi's own settings live under `[verify]`, where an
//! unknown key is an error that names the nearest known one.

mod verify;

use std::path::PathBuf;

use serde::Deserialize;

use crate::diagnostic::{Problem, Source};
pub(crate) use verify::parse_duration;
pub use verify::{Drift, Verify};

/// What `book.toml` says.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, rename_all = "kebab-case")]
pub struct Config {
    /// The book's metadata.
    pub book: Book,
    /// Where the site goes.
    pub build: Build,
    /// Settings of the site.
    pub output: Output,
    /// How snippets are run and compared.
    pub verify: Verify,
}

/// `[book]`, as mdBook has it.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, rename_all = "kebab-case")]
pub struct Book {
    /// The title in the header of every page.
    pub title: Option<String>,
    /// One sentence for search engines.
    pub description: Option<String>,
    /// The language tag of the pages, as in HTML's `lang`.
    pub language: String,
    /// The folder of the Markdown files, relative to `book.toml`.
    pub src: PathBuf,
}

impl Default for Book {
    fn default() -> Self {
        Self { title: None, description: None, language: "en".into(), src: "src".into() }
    }
}

/// `[build]`, as mdBook has it.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, rename_all = "kebab-case")]
pub struct Build {
    /// The folder of the site, relative to `book.toml`.
    pub build_dir: PathBuf,
}

impl Default for Build {
    fn default() -> Self {
        Self { build_dir: "book".into() }
    }
}

/// `[output]`: only the HTML site is ours.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, rename_all = "kebab-case")]
pub struct Output {
    /// `[output.html]`.
    pub html: Html,
}

/// `[output.html]`, the part of mdBook's settings that is honoured so far.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, rename_all = "kebab-case")]
pub struct Html {
    /// Where the source of the book lives, linked from each page.
    pub git_repository_url: Option<String>,
    /// Where a page can be changed: `{path}` stands for its file, relative to the repository.
    pub edit_url_template: Option<String>,
    /// Where the site will be: a whole address, or the path on its host.
    pub site_url: Option<String>,
}

impl Config {
    /// Reads the text of a `book.toml`.
    ///
    /// # Errors
    /// A problem with its place when the text is not TOML or a setting is unknown or of the wrong type.
    pub fn parse(source: &Source) -> Result<Self, Problem> {
        toml::from_str(&source.text).map_err(|error| {
            let mut problem = Problem::new(error.message().to_owned());
            if let Some(range) = error.span() {
                let word = source.text.get(range.clone()).unwrap_or_default().trim_matches('"').to_owned();
                if error.message().contains("unknown field")
                    && let Some(nearest) = verify::nearest_key(&word)
                {
                    problem = problem.help(format!("did you mean `{nearest}`?"));
                }
                problem = problem.at(source, range);
            }
            problem
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_key_of_verify_names_the_nearest() {
        let source = Source::new("book.toml", "[verify]\ntimout = \"3s\"\n");
        let problem = Config::parse(&source).unwrap_err();
        assert_eq!(problem.help.as_deref(), Some("did you mean `timeout`?"));
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
