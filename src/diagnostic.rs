//! A finding about a source text: what is wrong, where, and what to do next.

use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use miette::{Diagnostic, LabeledSpan, NamedSource, SourceCode};

/// The bytes of a source text that something is about.
pub type ByteRange = Range<usize>;

/// A source file as read, shared by the findings about it.
#[derive(Debug, Clone)]
pub struct Source {
    /// The path as messages show it: relative to where the command runs, or as given.
    pub path: PathBuf,
    /// The whole text.
    pub text: Arc<str>,
}

impl Source {
    /// A source text under the name that messages show.
    pub fn new(path: impl Into<PathBuf>, text: impl Into<Arc<str>>) -> Self {
        Self { path: path.into(), text: text.into() }
    }

    /// The 1-based line and column (in characters) of a byte offset.
    pub fn position(&self, offset: usize) -> Position {
        let offset = self.text.floor_char_boundary(offset.min(self.text.len()));
        let before = &self.text[..offset];
        let start = before.rfind('\n').map_or(0, |at| at + 1);
        Position {
            line: before.bytes().filter(|&byte| byte == b'\n').count() + 1,
            column: before[start..].chars().count() + 1,
        }
    }
}

/// A place in a text, counted from 1; columns count characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// The line, from 1.
    pub line: usize,
    /// The column in characters, from 1.
    pub column: usize,
}

/// Something wrong with a text or a file, said so that a person can act on it.
#[derive(Debug, Clone, thiserror::Error)]
#[error("{message}")]
pub struct Problem {
    /// What is wrong, in one sentence.
    pub message: String,
    /// What to do next.
    pub help: Option<String>,
    /// Where, if it is about a place in a text.
    pub place: Option<(Source, ByteRange)>,
}

impl Problem {
    /// A problem that is about no text.
    pub fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), help: None, place: None }
    }

    /// A failed file operation, with the path it was about.
    pub fn file(action: &str, path: &Path, error: &std::io::Error) -> Self {
        Self::new(format!("cannot {action} {}: {error}", path.display()))
    }

    /// Adds what to do next.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Adds the place.
    #[must_use]
    pub fn at(mut self, source: &Source, range: ByteRange) -> Self {
        self.place = Some((source.clone(), range));
        self
    }

    /// The file and position, if the problem is about a place.
    pub fn position(&self) -> Option<(&Path, Position)> {
        self.place.as_ref().map(|(source, range)| (source.path.as_path(), source.position(range.start)))
    }

    /// The message for a terminal: the sentence, the marked line, the help.
    pub fn render(&self) -> String {
        let report = match &self.place {
            Some((source, _)) => miette::Report::new(self.clone())
                .with_source_code(NamedSource::new(source.path.to_string_lossy(), source.text.to_string())),
            None => miette::Report::new(self.clone()),
        };
        format!("{report:?}")
    }
}

impl Diagnostic for Problem {
    fn help<'a>(&'a self) -> Option<Box<dyn std::fmt::Display + 'a>> {
        self.help.as_ref().map(|help| Box::new(help) as Box<dyn std::fmt::Display>)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        let (_, range) = self.place.as_ref()?;
        Some(Box::new(std::iter::once(LabeledSpan::new(None, range.start, range.len()))))
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        None
    }
}
