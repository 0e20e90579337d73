//! The extensions of Markdown.

use pulldown_cmark::Options;

/// The extensions that a book can turn on and off.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Extensions {
    /// `"quotes"`, `--` and `...` as a typesetter has them.
    pub smart_punctuation: bool,
    /// A term, and its meaning after `: ` on the next line.
    pub definition_lists: bool,
    /// GitHub's alerts, `> [!NOTE]`.
    pub admonitions: bool,
}

impl Default for Extensions {
    fn default() -> Self {
        Self { smart_punctuation: true, definition_lists: true, admonitions: true }
    }
}

impl Extensions {
    pub(super) fn options(self) -> Options {
        let always = Options::ENABLE_TABLES
            | Options::ENABLE_FOOTNOTES
            | Options::ENABLE_STRIKETHROUGH
            | Options::ENABLE_TASKLISTS
            | Options::ENABLE_HEADING_ATTRIBUTES;
        [
            (self.smart_punctuation, Options::ENABLE_SMART_PUNCTUATION),
            (self.definition_lists, Options::ENABLE_DEFINITION_LIST),
            (self.admonitions, Options::ENABLE_GFM),
        ]
        .into_iter()
        .filter(|(on, _)| *on)
        .fold(always, |options, (_, option)| options | option)
    }
}
