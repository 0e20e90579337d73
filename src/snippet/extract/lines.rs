//! The lines of a fence, and what they claim.

use crate::markdown::{Fence, Line};
use crate::matching::Order;
use crate::snippet::prompt::{Form, Prompt};
use crate::snippet::scenario::{Expected, Step};
use crate::snippet::transcript::Dialect;

/// A transcript all of which is indented, without its indentation: that says nothing of the output.
pub(super) fn unindented(fence: &Fence) -> Option<Fence> {
    let filled = |line: &&Line| !line.text.trim().is_empty();
    let indent = |line: &Line| line.text.len() - line.text.trim_start_matches(' ').len();
    let first = fence.lines.iter().find(filled)?;
    let width = fence.lines.iter().filter(filled).map(indent).min().filter(|&width| width > 0)?;
    let prompt = Prompt::shell(&first.text[width..]).filter(|prompt| !prompt.typed.trim().is_empty())?;
    let is_comment = prompt.form == Form::Mark('#');
    if fence.attributes.file.is_some()
        || is_comment
        || Dialect::of(&fence.language).is_none_or(|dialect| dialect == Dialect::Output)
    {
        return None;
    }
    let lines = fence.lines.iter().map(|line| match line.text.get(width..) {
        Some(text) => Line { text: text.to_owned(), range: line.range.start + width..line.range.end },
        None => line.clone(),
    });
    Some(Fence { lines: lines.collect(), ..fence.clone() })
}

/// The text of each line.
pub(super) fn texts(fence: &Fence) -> Vec<&str> {
    fence.lines.iter().map(|line| line.text.as_str()).collect()
}

/// A line of a transcript that is set off by so many blanks, without them.
pub(super) fn without_margin(line: &Line, margin: usize) -> Line {
    let blanks = line.text.bytes().take(margin).take_while(|byte| matches!(byte, b' ' | b'\t')).count();
    Line { text: line.text[blanks..].to_owned(), range: line.range.start + blanks..line.range.end }
}

/// What lines of a fence claim.
pub(super) fn expected(fence: &Fence, lines: &[Line]) -> Expected {
    let order = if fence.attributes.unordered { Order::Any } else { Order::Listed };
    let last = lines.iter().rev().map(|line| line.text.trim_end()).find(|line| !line.is_empty());
    Expected { lines: lines.to_vec(), order, exit: last.and_then(exit_code) }
}

/// Gives a command what it prints. A `^C` at the end is the reader's key: the command goes on until then.
pub(super) fn expect(step: &mut Step, mut expected: Expected) {
    let last = expected.lines.iter().rposition(|line| !line.text.trim().is_empty());
    let is_typed = step.shown().is_some_and(|text| text.contains("^C"));
    if let Some(last) = last.filter(|&at| expected.lines[at].text.trim_end() == "^C" && !is_typed) {
        (step.conditions.follows, step.conditions.interrupted) = (true, true);
        expected.lines.truncate(last);
        if expected.lines.iter().all(|line| line.text.trim().is_empty()) {
            return;
        }
    }
    step.expected = Some(expected);
}

/// The exit code in `[N]`, as cram, scrut and others write it.
fn exit_code(line: &str) -> Option<i32> {
    let digits = line.strip_prefix('[')?.strip_suffix(']')?;
    let plain = (1..=3).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
    digits.parse().ok().filter(|code| plain && *code <= 255)
}

/// The words of a text, one blank between them.
pub(super) fn squeeze(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
