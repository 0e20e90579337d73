//! The lines of both sides in pieces, with what differs named.

use super::answer::{Line, Row, RowKind, Span, Value};
use crate::matching::{self, Actual, Example, Kind, Token, is_layer, is_same_version};

/// The lines that were compared, with their volatile tokens.
#[derive(Clone, Copy)]
pub(super) struct Sides<'a> {
    pub(super) page: &'a [&'a str],
    pub(super) page_tokens: &'a [Vec<Token<'a>>],
    pub(super) screen: &'a [String],
    pub(super) screen_tokens: &'a [Vec<Token<'a>>],
    /// The words of the command that stand for others.
    pub(super) words: &'a [(Example, Actual)],
    /// An example and the value that cannot be its own.
    pub(super) conflict: Option<(&'a str, &'a str)>,
}

/// What differs and is wrong.
const WRONG: &str = "wrong";

impl<'a> Sides<'a> {
    /// A row in pieces; values that differ without being wrong are added to those known.
    pub(super) fn row(&self, row: &matching::Row, values: &mut Vec<Value>) -> Row {
        match row {
            matching::Row::Same { expected, actual } => {
                let (mut page, mut screen) = (self.page_units(expected.clone()), self.screen_units(*actual));
                let kind = self.mark_same(&mut page, &mut screen, values);
                Row { kind, page: lines(&page), screen: lines(&screen) }
            }
            matching::Row::Changed { expected, actual } => {
                let (mut page, mut screen) = (self.page_units(expected.clone()), self.screen_units(*actual));
                mark_changed(&mut page, &mut screen);
                Row { kind: RowKind::Changed, page: lines(&page), screen: lines(&screen) }
            }
            matching::Row::Missing { expected } => Row {
                kind: RowKind::Missing,
                page: lines(&self.page_units(expected.clone())),
                screen: Vec::new(),
            },
            matching::Row::Extra { actual } => self.beyond(*actual, RowKind::Extra),
            matching::Row::Elided { expected, actual } => Row {
                kind: RowKind::Elided,
                page: lines(&self.page_units(*expected..expected + 1)),
                screen: actual.clone().flat_map(|at| lines(&self.screen_units(at))).collect(),
            },
        }
    }

    /// A line of the screen that has nothing beside it.
    pub(super) fn beyond(&self, actual: usize, kind: RowKind) -> Row {
        Row { kind, page: Vec::new(), screen: lines(&self.screen_units(actual)) }
    }

    fn page_units(&self, range: std::ops::Range<usize>) -> Vec<Unit<'a>> {
        range.flat_map(|at| units(self.page[at], &self.page_tokens[at], at)).collect()
    }

    fn screen_units(&self, at: usize) -> Vec<Unit<'a>> {
        units(&self.screen[at], &self.screen_tokens[at], at)
    }

    /// Marks what differs in lines that agree.
    fn mark_same(&self, page: &mut [Unit<'a>], screen: &mut [Unit<'a>], values: &mut Vec<Value>) -> RowKind {
        let mut kind = RowKind::Same;
        let (text, other) = (text_of(page), text_of(screen));
        if is_layer(text.trim_end()) && is_layer(other.trim_end()) {
            if text.trim_end() == other.trim_end() {
                return kind;
            }
            page.iter_mut().chain(screen).for_each(|unit| unit.mark = Some("layer"));
            return RowKind::Example;
        }
        let said = |unit: &&mut Unit<'a>| !unit.is_blank;
        let pairs = page.iter_mut().filter(said).zip(screen.iter_mut().filter(said));
        for (left, right) in pairs {
            if left.text == right.text {
                continue;
            }
            let (mark, row) = match (left.token, right.token) {
                (Some(_), Some(_)) if self.conflict == Some((left.text, right.text)) => {
                    (WRONG, RowKind::Changed)
                }
                (Some(Kind::Version), Some(_)) if is_same_version(left.text, right.text) => {
                    ("build", RowKind::Example)
                }
                (Some(Kind::Version), Some(_)) => ("version", RowKind::Version),
                (Some(token), Some(_)) => (name(token), RowKind::Example),
                _ if self.stands_for(left.text, right.text) => ("id", RowKind::Example),
                // A line that a terminal broke, cut at another place: nothing to name.
                _ => continue,
            };
            left.mark = Some(mark);
            right.mark = Some(mark);
            kind = kind.max(row);
            let value = Value(mark, left.text.to_owned(), right.text.to_owned());
            if mark != WRONG && !values.contains(&value) {
                values.push(value);
            }
        }
        kind
    }

    fn stands_for(&self, page: &str, screen: &str) -> bool {
        self.words.iter().any(|(example, actual)| example.as_str() == page && actual.as_str() == screen)
    }
}

/// A word, a mark, blanks or a volatile token of a line.
#[derive(Debug, Clone)]
struct Unit<'a> {
    text: &'a str,
    line: usize,
    token: Option<Kind>,
    shape: &'static str,
    is_blank: bool,
    mark: Option<&'static str>,
}

impl Unit<'_> {
    /// Whether two say the same.
    fn agrees(&self, other: &Self) -> bool {
        match (self.token, other.token) {
            (Some(_), Some(_)) => (self.token, self.shape) == (other.token, other.shape),
            (None, None) => self.text == other.text,
            _ => false,
        }
    }
}

/// A line in units; an empty line is one of nothing, so that it stays a line.
fn units<'a>(line: &'a str, tokens: &[Token<'a>], number: usize) -> Vec<Unit<'a>> {
    let unit = |text, token: Option<&Token<'_>>| Unit {
        text,
        line: number,
        token: token.map(|token| token.kind),
        shape: token.map_or("", |token| token.shape),
        is_blank: text.trim().is_empty(),
        mark: None,
    };
    let mut units = Vec::new();
    let mut at = 0;
    for token in tokens {
        units.extend(words(&line[at..token.start]).into_iter().map(|text| unit(text, None)));
        units.push(unit(token.text, Some(token)));
        at = token.start + token.text.len();
    }
    units.extend(words(&line[at..]).into_iter().map(|text| unit(text, None)));
    if units.is_empty() {
        units.push(unit("", None));
    }
    units
}

/// Runs of letters and digits, runs of blanks, and all else one by one.
fn words(text: &str) -> Vec<&str> {
    let class = |c: char| match c {
        c if c.is_alphanumeric() || c == '_' => 0,
        c if c.is_whitespace() => 1,
        _ => 2,
    };
    let mut words = Vec::new();
    let mut start = 0;
    let mut before: Option<char> = None;
    for (at, c) in text.char_indices() {
        if before.is_some_and(|before| class(before) != class(c) || class(c) == 2) {
            words.push(&text[start..at]);
            start = at;
        }
        before = Some(c);
    }
    if start < text.len() {
        words.push(&text[start..]);
    }
    words
}

/// Marks what differs in lines that do not agree: all from the first difference to the last.
fn mark_changed<'a>(page: &mut [Unit<'a>], screen: &mut [Unit<'a>]) {
    let same = |(a, b): &(&Unit<'a>, &Unit<'a>)| a.agrees(b);
    let head = page.iter().zip(screen.iter()).take_while(same).count();
    let tail = page[head..].iter().rev().zip(screen[head..].iter().rev()).take_while(same).count();
    let (left, right) = (head..page.len() - tail, head..screen.len() - tail);
    if left.is_empty() && right.is_empty() {
        // Only the values of tokens differ.
        for (a, b) in page.iter_mut().zip(screen).filter(|(a, b)| a.text != b.text) {
            (a.mark, b.mark) = (Some(WRONG), Some(WRONG));
        }
        return;
    }
    page[left].iter_mut().chain(&mut screen[right]).for_each(|unit| unit.mark = Some(WRONG));
}

fn text_of(units: &[Unit<'_>]) -> String {
    units.iter().map(|unit| unit.text).collect()
}

/// Units as lines, neighbours of one look joined.
fn lines(units: &[Unit<'_>]) -> Vec<Line> {
    units
        .chunk_by(|a, b| a.line == b.line)
        .map(|line| {
            let pieces = line.chunk_by(|a, b| a.mark == b.mark).map(|piece| (text_of(piece), piece[0].mark));
            pieces
                .filter(|(text, _)| !text.is_empty())
                .map(|(text, mark)| match mark {
                    Some(mark) => Span::Marked(text, mark),
                    None => Span::Plain(text),
                })
                .collect()
        })
        .collect()
}

/// What a kind of value is called among the words of the theme.
fn name(kind: Kind) -> &'static str {
    match kind {
        Kind::Id => "id",
        Kind::Digest => "digest",
        Kind::Time => "time",
        Kind::Relative => "relative",
        Kind::Duration => "duration",
        Kind::Size => "size",
        Kind::Address => "address",
        Kind::Name => "name",
        Kind::Counter | Kind::Job => "counter",
        Kind::Version => "version",
    }
}
