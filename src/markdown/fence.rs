//! A fenced code block.

use super::Attributes;
use crate::messages::Message;
use crate::text::ByteRange;

/// A fenced code block of a page.
#[derive(Debug, Clone)]
pub struct Fence {
    /// The first word of the info string, in lower case; empty where there is none.
    pub language: String,
    /// What the braces of the info string say.
    pub attributes: Attributes,
    /// The bytes of the whole block, its fence lines included.
    pub range: ByteRange,
    /// The lines of its text.
    pub lines: Vec<Line>,
}

/// A line of a fence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// The text without its line end.
    pub text: String,
    /// Its bytes in the page.
    pub range: ByteRange,
}

impl Fence {
    pub(super) fn new(info: &str, range: ByteRange, lines: Vec<Line>) -> Result<Self, Message> {
        let (language, attributes) = Attributes::parse(info)?;
        Ok(Self { language, attributes, range, lines })
    }

    /// Whether its language is one in which commands are written.
    pub(super) fn may_run(&self) -> bool {
        self.attributes.file.is_none() && super::attributes::OWN_LANGUAGES.contains(&self.language.as_str())
    }
}
