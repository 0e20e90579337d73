//! A source text, and the places in it.

use std::ops::Range;
use std::path::PathBuf;
use std::sync::Arc;

use similar::{DiffTag, TextDiff};

/// The bytes of a source text that something is about.
pub type ByteRange = Range<usize>;

/// A source file as read, shared by the findings about it.
#[derive(Debug, Clone)]
pub struct Source {
    /// The path as messages show it: relative to where the command runs, or as given.
    pub path: PathBuf,
    /// The whole text.
    pub text: Arc<str>,
    /// What stands in the file, where a preprocessor made `text` of it.
    written: Option<Arc<OriginalText>>,
}

/// A file's own text, and which of its lines each line of the text that was made of it is.
#[derive(Debug)]
struct OriginalText {
    text: Arc<str>,
    lines: Vec<Origin>,
}

/// Where a line comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Origin {
    /// It is the line of the file that begins at this byte.
    Line(usize),
    /// A preprocessor made it of the line of the file that begins at this byte.
    Made(usize),
}

impl Source {
    /// A source text under the name that messages show.
    pub fn new(path: impl Into<PathBuf>, text: impl Into<Arc<str>>) -> Self {
        Self { path: path.into(), text: text.into(), written: None }
    }

    /// The same file with the text that preprocessors made of it: findings about it still
    /// have their place in the file.
    #[must_use]
    pub fn made_into(self, text: impl Into<Arc<str>>) -> Self {
        let text = text.into();
        if text == self.text {
            return self;
        }
        let file = self.written().clone();
        let written = OriginalText { lines: origins(&file, &text), text: file };
        Self { path: self.path, text, written: Some(Arc::new(written)) }
    }

    /// The text of the file.
    pub fn written(&self) -> &Arc<str> {
        self.written.as_ref().map_or(&self.text, |written| &written.text)
    }

    /// The bytes of the file that a range of the text is, if they stand there as they are.
    pub fn in_file(&self, range: ByteRange) -> Option<ByteRange> {
        let Some(written) = &self.written else { return Some(range) };
        let start = self.text[..range.start].rfind('\n').map_or(0, |at| at + 1);
        let first = self.line_of(start);
        let count = self.text[start..range.end].split_inclusive('\n').count().max(1);
        let Some(&Origin::Line(begin)) = written.lines.get(first) else { return None };
        let mut expected = begin;
        for (line, text) in self.text[start..].split_inclusive('\n').take(count).enumerate() {
            if written.lines.get(first + line) != Some(&Origin::Line(expected)) {
                return None;
            }
            expected += text.len();
        }
        Some(begin + (range.start - start)..begin + (range.end - start))
    }

    /// The number of the line at an offset, from 0.
    fn line_of(&self, offset: usize) -> usize {
        memchr::memchr_iter(b'\n', &self.text.as_bytes()[..offset]).count()
    }

    /// The place in the file of a range of the text: the very bytes, or the line that they were made of.
    pub(super) fn place(&self, range: ByteRange) -> (Self, ByteRange) {
        let Some(written) = &self.written else { return (self.clone(), range) };
        let file = Self::new(self.path.clone(), written.text.clone());
        let place = self.in_file(range.clone()).unwrap_or_else(|| {
            let line = self.line_of(self.text.floor_char_boundary(range.start.min(self.text.len())));
            let start = match written.lines.get(line) {
                Some(Origin::Line(start) | Origin::Made(start)) => *start,
                None => 0,
            };
            let end = written.text[start..].find('\n').map_or(written.text.len(), |at| start + at);
            start..end
        });
        (file, place)
    }

    /// The 1-based line and column (in characters) that a byte offset of the text has in the file.
    pub fn position(&self, offset: usize) -> Position {
        if self.written.is_some() {
            let (file, place) = self.place(offset..offset);
            return file.position(place.start);
        }
        let offset = self.text.floor_char_boundary(offset.min(self.text.len()));
        let before = &self.text[..offset];
        let start = before.rfind('\n').map_or(0, |at| at + 1);
        Position {
            line: memchr::memchr_iter(b'\n', before.as_bytes()).count() + 1,
            column: before[start..].chars().count() + 1,
        }
    }
}

/// Which line of a file each line of the text is that was made of it.
fn origins(file: &str, made: &str) -> Vec<Origin> {
    let mut starts = vec![0];
    starts.extend(file.split_inclusive('\n').scan(0, |at, line| {
        *at += line.len();
        Some(*at)
    }));
    let mut origins = Vec::new();
    for operation in TextDiff::from_lines(file, made).ops() {
        let (old, new) = (operation.old_range(), operation.new_range());
        origins.extend((0..new.len()).map(|line| match operation.tag() {
            DiffTag::Equal => Origin::Line(starts[old.start + line]),
            _ => Origin::Made(
                starts[(old.start + line).min(old.end.max(old.start + 1) - 1).min(starts.len() - 1)],
            ),
        }));
    }
    origins
}

/// A place in a text, counted from 1; columns count characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// The line, from 1.
    pub line: usize,
    /// The column in characters, from 1.
    pub column: usize,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::messages::Message;
    use crate::text::Problem;

    #[test]
    fn what_a_preprocessor_made_has_its_place_in_the_file() {
        let file = "# a\n\n{{#include x}}\n\n```sh\necho 가\n```\n";
        let made = "# a\n\none\ntwo\nthree\n\n```sh\necho 가\n```\n";
        let source = Source::new("p.md", file).made_into(made);
        let at = |word: &str| {
            let start = made.find(word).unwrap();
            start..start + word.len()
        };
        let echo = source.in_file(at("echo 가")).unwrap();
        assert_eq!(&file[echo], "echo 가");
        assert_eq!(source.position(at("echo 가").start), Position { line: 6, column: 1 });
        assert_eq!(source.position(at("가").start), Position { line: 6, column: 6 });
        assert_eq!(source.in_file(at("two")), None);
        for word in ["one", "two", "three"] {
            assert_eq!(source.position(at(word).start), Position { line: 3, column: 1 }, "{word}");
        }
        let (_, place) = Problem::new(Message::verbatim("x")).at(&source, at("two")).place.unwrap();
        assert_eq!(&file[place], "{{#include x}}");
        assert_eq!(source.in_file(at("# a").start..at("one").end), None);
    }
}
