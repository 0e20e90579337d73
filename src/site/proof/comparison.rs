//! What the page promises beside what a command printed.

use std::fmt::Write as _;

use crate::matching::Elisions;
use crate::site::html::escaped;

/// Two blocks of lines as HTML, with what one has and the other has not marked; an elision stands for
/// anything.
pub(super) fn side_by_side(promised: &[&str], screen: &[&str], elisions: &Elisions) -> (String, String) {
    let (mut left, mut right) = (String::new(), String::new());
    let push = |side: &mut String, line: &str, marked: bool| {
        let line = escaped(line);
        let _ = match marked {
            true => writeln!(side, "<mark>{line}</mark>"),
            false => writeln!(side, "{line}"),
        };
    };
    for change in similar::capture_diff_slices(similar::Algorithm::Patience, promised, screen) {
        let same = change.tag() == similar::DiffTag::Equal;
        for line in &promised[change.old_range()] {
            push(&mut left, line, !same && !elisions.is(line));
        }
        let elided = promised[change.old_range()].iter().any(|line| elisions.is(line));
        for line in &screen[change.new_range()] {
            push(&mut right, line, !same && !elided);
        }
    }
    (left, right)
}
