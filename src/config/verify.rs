//! `[verify]`: how snippets are run and compared. What a sandbox is made of and may use is not here:
//! a book comes with the text that is to be confined, so that is said on the command line.

use std::time::Duration;

use serde::{Deserialize, Deserializer, de::Error as _};

use crate::messages::config as messages;
use crate::repository::{Files, Workdir};
use crate::text::parse_duration;

/// What a difference in a version alone means for the exit code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Drift {
    /// It is reported; the run still succeeds.
    #[default]
    Warn,
    /// It makes the run fail.
    Fail,
}

/// Where a page begins again with a fresh engine, folder and shell, besides where it says so.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Fresh {
    /// Nowhere.
    #[default]
    Never,
    /// At each heading.
    Section,
}

/// `[verify]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, rename_all = "kebab-case", deny_unknown_fields)]
pub struct Verify {
    /// Programs that make a fence without a language a command fence when each of its lines starts with one.
    pub bare: Vec<String>,
    /// What drift means for the exit code.
    pub drift: Drift,
    /// Further lines that stand for any number of lines, besides the built-in ones.
    pub elisions: Vec<String>,
    /// What of the repository around the book its pages find in their sandbox.
    pub files: Files,
    /// Where a page begins again with a fresh engine.
    pub fresh: Fresh,
    /// How many pages run at the same time at most; 0 is as many as the machine has room for.
    pub jobs: usize,
    /// How long evidence is believed, for example `7d`.
    #[serde(deserialize_with = "duration")]
    pub max_age: Duration,
    /// How long a step may take unless its fence says otherwise, for example `60s`.
    #[serde(deserialize_with = "duration")]
    pub timeout: Duration,
    /// Where in the repository the pages begin.
    pub workdir: Workdir,
}

impl Default for Verify {
    fn default() -> Self {
        Self {
            bare: vec!["docker".into()],
            drift: Drift::default(),
            elisions: Vec::new(),
            // The reader of a book has the book, not the repository that it is written in.
            files: Files::None,
            fresh: Fresh::default(),
            jobs: 0,
            max_age: Duration::from_hours(24 * 30),
            timeout: Duration::from_mins(2),
            workdir: Workdir::default(),
        }
    }
}

/// Reads `[output.haechi]`, where some keys are mdBook's.
pub(super) fn of_backend<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Verify>, D::Error> {
    let mut table = toml::Table::deserialize(deserializer)?;
    for key in ["command", "optional"] {
        table.remove(key);
    }
    table.try_into().map(Some).map_err(|error: toml::de::Error| D::Error::custom(error.message()))
}

fn duration<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Duration, D::Error> {
    let text = String::deserialize(deserializer)?;
    parse_duration(&text).ok_or_else(|| D::Error::custom(messages::not_a_duration(text).english()))
}
