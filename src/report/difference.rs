//! Expected and actual, aligned, the first difference of a line marked in both.

use std::fmt::Write as _;

use console::style;
use unicode_width::UnicodeWidthStr;

use crate::matching::{Difference, Row, tokens};
use crate::messages::{Language, report as messages};
use crate::snippet::Expected;
use crate::text::Source;
use crate::text::printable;

/// How many agreeing rows are shown around a difference.
const CONTEXT: usize = 2;
/// How many rows are shown at all.
const MOST_ROWS: usize = 40;

/// Writes the difference: `-` is the page, `+` the screen.
pub(super) fn show(
    difference: &Difference,
    expected: &Expected,
    screen: &[String],
    source: &Source,
    language: Language,
    text: &mut String,
) {
    let _ = writeln!(
        text,
        "  {} {}   {} {}",
        style("-").red(),
        style(messages::expected().text(language)).dim(),
        style("+").green(),
        style(messages::actual().text(language)).dim()
    );
    let rows = &difference.rows;
    let differs = |row: &Row| !matches!(row, Row::Same { .. } | Row::Elided { .. });
    let near = |at: usize| {
        let from = at.saturating_sub(CONTEXT);
        rows[from..(at + CONTEXT + 1).min(rows.len())].iter().any(differs)
    };
    let mut shown = 0;
    let mut gap = false;
    for (at, row) in rows.iter().enumerate() {
        if !near(at) {
            gap = true;
            continue;
        }
        if shown >= MOST_ROWS {
            let left = rows[at..].iter().filter(|row| differs(row)).count();
            let _ = writeln!(text, "        {}", messages::more_lines(left).text(language));
            break;
        }
        if gap {
            let _ = writeln!(text, "        {}", style("⋮").dim());
            gap = false;
        }
        shown += 1;
        show_row(row, expected, screen, source, text);
    }
}

fn show_row(row: &Row, expected: &Expected, screen: &[String], source: &Source, text: &mut String) {
    let page_line = |at: usize| expected.lines.get(at).map_or("", |line| line.text.as_str());
    let number = |at: usize| expected.lines.get(at).map_or(0, |line| source.position(line.range.start).line);
    let screen_line = |at: usize| screen.get(at).map_or("", String::as_str);
    match row {
        Row::Same { expected, .. } => {
            for at in expected.clone() {
                let _ = writeln!(text, "  {:>5} {} {}", number(at), style("=").dim(), greyed(page_line(at)));
            }
        }
        Row::Elided { expected, .. } => {
            let _ = writeln!(
                text,
                "  {:>5} {} {}",
                number(*expected),
                style("…").dim(),
                style(printable(page_line(*expected))).dim()
            );
        }
        Row::Changed { expected, actual } => {
            for at in expected.clone() {
                let _ = writeln!(text, "  {:>5} {} {}", number(at), style("-").red(), greyed(page_line(at)));
            }
            let _ = writeln!(text, "        {} {}", style("+").green(), greyed(screen_line(*actual)));
            let joined: String = expected.clone().map(page_line).collect();
            let column = first_difference(&joined, screen_line(*actual));
            let _ = writeln!(text, "          {}{}", " ".repeat(column), style("^").red().bold());
        }
        Row::Missing { expected } => {
            for at in expected.clone() {
                let _ = writeln!(text, "  {:>5} {} {}", number(at), style("-").red(), greyed(page_line(at)));
            }
        }
        Row::Extra { actual } => {
            let _ = writeln!(text, "        {} {}", style("+").green(), greyed(screen_line(*actual)));
        }
    }
}

/// A line with its volatile tokens greyed.
fn greyed(line: &str) -> String {
    let mut shown = String::new();
    let mut at = 0;
    for token in tokens(line, None) {
        shown.push_str(&printable(&line[at..token.start]));
        at = token.start + token.text.len();
        shown.push_str(&style(printable(token.text)).dim().to_string());
    }
    shown.push_str(&printable(&line[at..]));
    shown
}

/// The column, from 0, at which two lines first say different things; volatile tokens of one kind say the same.
fn first_difference(expected: &str, actual: &str) -> usize {
    let (left, right) = (pieces(expected), pieces(actual));
    let mut column = 0;
    for (a, b) in left.iter().zip(&right) {
        match (a, b) {
            (Piece::Token(kind, text), Piece::Token(other, _)) if kind == other => column += text.width(),
            (Piece::Text(a), Piece::Text(b)) if a == b => column += a.width(),
            (Piece::Text(a), Piece::Text(b)) => {
                let same: String =
                    a.chars().zip(b.chars()).take_while(|(a, b)| a == b).map(|(a, _)| a).collect();
                return column + same.width();
            }
            _ => return column,
        }
    }
    if expected.width() != column || actual.width() != column {
        return column;
    }
    // Only volatile tokens differ: one that the page supplies, or that is bound to another value.
    let same: String =
        expected.chars().zip(actual.chars()).take_while(|(a, b)| a == b).map(|(a, _)| a).collect();
    same.width().min(column)
}

enum Piece<'a> {
    Token((crate::matching::Kind, &'static str), &'a str),
    Text(&'a str),
}

fn pieces(line: &str) -> Vec<Piece<'_>> {
    let mut found = Vec::new();
    let mut at = 0;
    for token in tokens(line, None) {
        found.push(Piece::Text(&line[at..token.start]));
        found.push(Piece::Token((token.kind, token.shape), token.text));
        at = token.start + token.text.len();
    }
    found.push(Piece::Text(&line[at..]));
    found
}

#[cfg(test)]
mod tests {
    use super::first_difference;

    #[test]
    fn the_mark_stands_where_the_claim_is_false() {
        assert_eq!(first_difference("id 89c9a39c74e4 cat", "id 0123a39c74e4 dog"), 16);
        assert_eq!(first_difference("가나 x", "가나 y"), 5);
        assert_eq!(first_difference("a", "ab"), 1);
        assert_eq!(first_difference("limit=512MB", "limit=256MB"), 6);
    }
}
