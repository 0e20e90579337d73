//! A finding about a source text: what is wrong, where, and what to do next.

use std::fmt::Write as _;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use miette::{Diagnostic, LabeledSpan, NamedSource, Severity, SourceCode};
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
    written: Option<Arc<Written>>,
}

/// A file's own text, and which of its lines each line of the text that was made of it is.
#[derive(Debug)]
struct Written {
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
        let written = Written { lines: origins(&file, &text), text: file };
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
        self.text[..offset].bytes().filter(|&byte| byte == b'\n').count()
    }

    /// The place in the file of a range of the text: the very bytes, or the line that they were made of.
    fn place(&self, range: ByteRange) -> (Self, ByteRange) {
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
            line: before.bytes().filter(|&byte| byte == b'\n').count() + 1,
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
    /// Whether the work goes on all the same.
    warning: bool,
}

impl Problem {
    /// A problem that is about no text.
    pub fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), help: None, place: None, warning: false }
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
        self.place = Some(source.place(range));
        self
    }

    /// Makes it a warning: the work goes on.
    #[must_use]
    pub fn warning(mut self) -> Self {
        self.warning = true;
        self
    }

    /// Whether it is a warning.
    pub fn is_warning(&self) -> bool {
        self.warning
    }

    /// The file and position, if the problem is about a place.
    pub fn position(&self) -> Option<(&Path, Position)> {
        self.place.as_ref().map(|(source, range)| (source.path.as_path(), source.position(range.start)))
    }

    /// The message as plain text on a few lines: the place, the sentence, the help.
    pub fn plain(&self) -> String {
        let mut text = String::new();
        if let Some((path, at)) = self.position() {
            text = format!("{}:{}:{}\n", path.display(), at.line, at.column);
        }
        text.push_str(&self.message);
        if let Some(help) = &self.help {
            text.push_str(&format!("\n→ {help}"));
        }
        text + "\n\n"
    }

    /// The message for a terminal: the sentence, the marked line, the help. Nothing in it speaks to the
    /// terminal, whoever wrote it.
    pub fn render(&self) -> String {
        let mut shown = Self {
            message: printable_lines(&self.message),
            help: self.help.as_deref().map(printable_lines),
            place: None,
            warning: self.warning,
        };
        let report = match &self.place {
            Some((source, range)) => {
                let name = printable(&source.path.to_string_lossy());
                let (text, range) = printable_source(&source.text, range.clone());
                shown.place = Some((source.clone(), range));
                miette::Report::new(shown).with_source_code(NamedSource::new(name, text))
            }
            None => miette::Report::new(shown),
        };
        format!("{report:?}")
    }
}

/// A text made safe to show: control, direction-changing and invisible characters appear as their numbers.
pub fn printable(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        if is_printable(c) {
            safe.push(c);
        } else {
            let _ = write!(safe, "\\u{{{:X}}}", u32::from(c));
        }
    }
    safe
}

/// Whether a character may be shown as it is.
pub(crate) fn is_printable(c: char) -> bool {
    !(c.is_control()
        || matches!(c, '\u{00AD}' | '\u{061C}' | '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}')
        || matches!(c, '\u{2060}'..='\u{2069}' | '\u{FEFF}' | '\u{E0000}'..='\u{E007F}'))
}

/// The same for a text of several lines.
pub(crate) fn printable_lines(text: &str) -> String {
    let lines: Vec<String> = text.split('\n').map(printable).collect();
    lines.join("\n")
}

/// The same for a source text and the bytes that are marked in it; tabs stay.
fn printable_source(text: &str, range: ByteRange) -> (String, ByteRange) {
    let mut safe = String::with_capacity(text.len());
    let (mut start, mut end) = (0, 0);
    for (at, c) in text.char_indices() {
        if at <= range.start {
            start = safe.len();
        }
        if at <= range.end {
            end = safe.len();
        }
        match c {
            '\n' | '\t' => safe.push(c),
            '\r' if text[at..].starts_with("\r\n") => {}
            _ => safe.push_str(&printable(c.encode_utf8(&mut [0; 4]))),
        }
    }
    if range.start >= text.len() {
        start = safe.len();
    }
    if range.end >= text.len() {
        end = safe.len();
    }
    (safe, start..end)
}

impl Diagnostic for Problem {
    fn severity(&self) -> Option<Severity> {
        self.warning.then_some(Severity::Warning)
    }

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_cannot_speak_to_the_terminal() {
        assert_eq!(printable("a\u{1b}[2Jb\u{202e}c"), "a\\u{1B}[2Jb\\u{202E}c");
        assert_eq!(printable("가 나"), "가 나");
    }

    #[test]
    fn a_finding_cannot_speak_to_the_terminal() {
        let source = Source::new("a\u{1b}[2J.md", "one\r\n\u{1b}]0;x\u{7}two \u{202e}\there\n");
        let start = source.text.find("two").unwrap();
        let problem = Problem::new("bad\u{1b}[31m").help("good\u{9b}2J").at(&source, start..start + 3);
        let said = problem.render();
        let foreign = |c: char| c.is_control() && c != '\n' || c == '\u{202e}';
        // miette's own colours are all that may be there.
        let plain = console::strip_ansi_codes(&said).into_owned();
        assert!(!plain.contains(foreign) && !said.contains("\u{1b}[2J"), "{said:?}");
        let line = |word: &str| plain.lines().position(|line| line.contains(word)).unwrap();
        let (marked, marks) = (line("two"), line("───"));
        let column = |number: usize, word: &str| {
            let line = plain.lines().nth(number).unwrap();
            line[..line.find(word).unwrap()].chars().count()
        };
        assert_eq!((marked + 1, column(marked, "two")), (marks, column(marks, "───")), "{plain}");
    }

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
        let (_, place) = Problem::new("x").at(&source, at("two")).place.unwrap();
        assert_eq!(&file[place], "{{#include x}}");
        assert_eq!(source.in_file(at("# a").start..at("one").end), None);
    }
}
