//! What becomes of the lines of an expected block, and the bytes of the page that this is.

use std::ops::Range;

use super::edit::Edit;
use crate::markdown::Line;
use crate::matching::{Difference, Row};
use crate::text::ByteRange;

/// What becomes of an expected line, or what comes where.
pub(super) enum Change {
    Replace(Range<usize>, String),
    Delete(Range<usize>),
    /// Before the expected line of this index, or after the last.
    Insert(usize, String),
}

/// The changes that the rows of a difference ask for. A line that agrees stays, unless its example would have
/// to mean two things.
pub(super) fn of_rows(
    lines: &[Line],
    difference: &Difference,
    screen: &[String],
    actual: &dyn Fn(usize) -> String,
) -> Vec<Change> {
    let mut changes = Vec::new();
    let mut next = 0;
    for row in &difference.rows {
        match row {
            Row::Same { expected, actual: at } => {
                let conflicts = difference.conflict.as_ref().is_some_and(|conflict| {
                    expected.clone().any(|line| lines[line].text.contains(conflict.example.as_str()))
                });
                if conflicts {
                    changes.push(Change::Replace(expected.clone(), screen[*at].clone()));
                }
                next = expected.end;
            }
            Row::Changed { expected, actual: at } => {
                changes.push(Change::Replace(expected.clone(), actual(*at)));
                next = expected.end;
            }
            Row::Missing { expected } => {
                changes.push(Change::Delete(expected.clone()));
                next = expected.end;
            }
            Row::Extra { actual: at } => changes.push(Change::Insert(next, actual(*at))),
            Row::Elided { expected, .. } => next = expected + 1,
        }
    }
    changes
}

/// The changes that put a screen in the place of a whole block.
pub(super) fn of_whole(lines: &[Line], screen: &[String], line: &dyn Fn(usize) -> String) -> Vec<Change> {
    let inserted = (0..screen.len()).map(|at| Change::Insert(lines.len(), line(at)));
    std::iter::once(Change::Delete(0..lines.len())).chain(inserted).collect()
}

/// The edits of a page that changes of a block with these lines are. The block has a line at least.
pub(super) fn edits_of(text: &str, lines: &[Line], changes: Vec<Change>, step: usize) -> Vec<Edit> {
    let first = &lines[0];
    // The marks of a list or a quote stand before each line of the block.
    let margin = &text[line_start(text, first.range.start)..first.range.start];
    let newline = if text[..first.range.start].ends_with("\r\n") { "\r\n" } else { "\n" };
    let mut edits: Vec<Edit> = Vec::new();
    for change in changes {
        match change {
            Change::Replace(replaced, new) => {
                let range = lines[replaced.start].range.start..lines[replaced.end - 1].range.end;
                edits.push(Edit { range, text: new, step });
            }
            Change::Delete(gone) => {
                let range =
                    whole_line(text, &lines[gone.start]).start..whole_line(text, &lines[gone.end - 1]).end;
                edits.push(Edit { range, text: String::new(), step });
            }
            Change::Insert(at, new) => {
                let place = match lines.get(at) {
                    Some(line) => whole_line(text, line).start,
                    None => whole_line(text, &lines[lines.len() - 1]).end,
                };
                let line = format!("{margin}{new}{newline}");
                match edits.last_mut() {
                    Some(last) if last.range == (place..place) => last.text.push_str(&line),
                    _ => edits.push(Edit { range: place..place, text: line, step }),
                }
            }
        }
    }
    edits
}

fn line_start(text: &str, at: usize) -> usize {
    text[..at].rfind('\n').map_or(0, |newline| newline + 1)
}

/// The bytes of a line of the block with its margin and its end.
fn whole_line(text: &str, line: &Line) -> ByteRange {
    let end = text[line.range.end..].find('\n').map_or(text.len(), |at| line.range.end + at + 1);
    line_start(text, line.range.start)..end
}

/// The block as it would be.
pub(super) fn preview_of(lines: &[Line], changes: &[Change]) -> Vec<String> {
    let mut new: Vec<Option<Vec<String>>> = vec![None; lines.len()];
    let mut inserted: Vec<Vec<String>> = vec![Vec::new(); lines.len() + 1];
    for change in changes {
        match change {
            Change::Replace(range, text) => {
                for at in range.clone() {
                    new[at] = Some(Vec::new());
                }
                new[range.start] = Some(vec![text.clone()]);
            }
            Change::Delete(range) => range.clone().for_each(|at| new[at] = Some(Vec::new())),
            Change::Insert(at, text) => inserted[*at].push(text.clone()),
        }
    }
    let mut preview = Vec::new();
    for (at, line) in lines.iter().enumerate() {
        preview.append(&mut inserted[at]);
        preview.extend(new[at].take().unwrap_or_else(|| vec![line.text.clone()]));
    }
    preview.append(&mut inserted[lines.len()]);
    preview
}
