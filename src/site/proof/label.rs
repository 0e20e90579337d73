//! How the state of a snippet is shown.

use crate::site::words::Words;
use crate::verify::State;

/// How a state looks.
pub(crate) struct Label {
    /// Its class in the style sheet.
    pub(crate) class: &'static str,
    pub(crate) icon: &'static str,
    /// Its name among the theme's words.
    pub(crate) word: &'static str,
}

impl Label {
    pub(crate) fn of(state: State) -> Self {
        let (class, icon, word) = match state {
            State::Verified => ("verified", "✓", "is_verified"),
            State::Drifted => ("drifted", "≈", "is_drifted"),
            State::Failed => ("false", "✗", "is_false"),
            State::Stale => ("stale", "↻", "is_stale"),
            State::Skipped => ("skipped", "–", "is_skipped"),
            State::Unverified => ("unverified", "?", "is_unverified"),
            State::Unvouched => ("unverified", "?", "is_unvouched"),
        };
        Self { class, icon, word }
    }
}

/// Which engine it was, in short.
pub(crate) fn engine_name(words: &Words, engine: &str) -> String {
    match engine {
        "local" => words.get("this_machine").to_owned(),
        engine => format!("Docker {}", engine.split(['+', '-']).next().unwrap_or_default()),
    }
}
