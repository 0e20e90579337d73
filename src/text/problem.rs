//! A finding about a text or a file: what is wrong, where, and what to do next.

use std::fmt;
use std::path::Path;

use miette::{
    Diagnostic, LabeledSpan, MietteHandler, MietteHandlerOpts, NamedSource, ReportHandler as _, Severity,
    SourceCode,
};

use super::printable::{printable, printable_lines, printable_source};
use super::{ByteRange, Position, Source};
use crate::messages::{Language, Message, file as messages};

/// Something wrong with a text or a file, said so that a person can act on it.
#[derive(Debug, Clone, thiserror::Error)]
#[error("{}", message.english())]
pub struct Problem {
    /// What is wrong, in one sentence.
    pub message: Message,
    /// What to do next.
    pub help: Option<Message>,
    /// Where, if it is about a place in a text.
    pub place: Option<(Source, ByteRange)>,
    /// Whether the work goes on all the same.
    warning: bool,
}

impl Problem {
    /// A problem that is about no text.
    pub fn new(message: Message) -> Self {
        Self { message, help: None, place: None, warning: false }
    }

    /// A file or folder that cannot be read.
    pub fn cannot_read(path: &Path, error: &std::io::Error) -> Self {
        Self::new(messages::cannot_read(path.display(), messages::reason(error))).help(messages::read_help())
    }

    /// A file that cannot be written.
    pub fn cannot_write(path: &Path, error: &std::io::Error) -> Self {
        Self::new(messages::cannot_write(path.display(), messages::reason(error)))
            .help(messages::write_help())
    }

    /// A folder that cannot be created.
    pub fn cannot_create(path: &Path, error: &std::io::Error) -> Self {
        Self::new(messages::cannot_create(path.display(), messages::reason(error)))
            .help(messages::write_help())
    }

    /// Adds what to do next.
    #[must_use]
    pub fn help(mut self, help: Message) -> Self {
        self.help = Some(help);
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
    pub fn plain(&self, language: Language) -> String {
        let mut text = String::new();
        if let Some((path, at)) = self.position() {
            text = format!("{}:{}:{}\n", path.display(), at.line, at.column);
        }
        text.push_str(self.message.text(language));
        if let Some(help) = &self.help {
            text.push_str(&format!("\n→ {}", help.text(language)));
        }
        text + "\n\n"
    }

    /// The message for a terminal: the sentence, the marked line, the help. Nothing in it speaks to the
    /// terminal, whoever wrote it.
    pub fn render(&self, language: Language) -> String {
        let mut shown = Shown {
            message: printable_lines(self.message.text(language)),
            help: self.help.as_ref().map(|help| printable_lines(help.text(language))),
            place: None,
            warning: self.warning,
        };
        if let Some((source, range)) = &self.place {
            let name = printable(&source.path.to_string_lossy());
            if line_length(&source.text, range.start) > LONGEST_LINE {
                let at = source.position(range.start);
                shown.message = format!("{name}:{}:{}: {}", at.line, at.column, shown.message);
                return Self::rendered(shown, language);
            }
            let (text, range) = printable_source(&source.text, range.clone());
            shown.place = Some((NamedSource::new(name, text), range));
        }
        Self::rendered(shown, language)
    }

    fn rendered(shown: Shown, language: Language) -> String {
        let mut options = MietteHandlerOpts::new();
        if language == Language::Korean {
            // A Korean word is broken nowhere, though each of its syllables could end a line.
            options = options.word_separator(textwrap::WordSeparator::AsciiSpace);
        }
        Rendered { handler: options.build(), shown }.to_string()
    }
}

/// A longer line, in bytes, is not shown: one that has a problem in each word would be shown for each.
const LONGEST_LINE: usize = 2000;

/// How many bytes the line has that a place is in.
fn line_length(text: &str, at: usize) -> usize {
    let begin = text[..at].rfind('\n').map_or(0, |newline| newline + 1);
    text[at..].find('\n').map_or(text.len(), |newline| at + newline) - begin
}

/// A problem in one language, as the terminal shows it.
#[derive(Debug, thiserror::Error)]
#[error("{message}")]
struct Shown {
    message: String,
    help: Option<String>,
    place: Option<(NamedSource<String>, ByteRange)>,
    warning: bool,
}

/// What the terminal shows of it.
struct Rendered {
    handler: MietteHandler,
    shown: Shown,
}

impl fmt::Display for Rendered {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.handler.debug(&self.shown, f)
    }
}

impl Diagnostic for Shown {
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
        self.place.as_ref().map(|(source, _)| source as &dyn SourceCode)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_finding_cannot_speak_to_the_terminal() {
        let source = Source::new("a\u{1b}[2J.md", "one\r\n\u{1b}]0;x\u{7}two \u{202e}\there\n");
        let start = source.text.find("two").unwrap();
        let problem = Problem::new(Message::verbatim("bad\u{1b}[31m"))
            .help(Message::verbatim("good\u{9b}2J"))
            .at(&source, start..start + 3);
        let said = problem.render(Language::English);
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
}
