//! Whether measured values are in the order that the page gives them.

use super::comparison::Note;
use super::supplied::bytes_of;
use super::token::Kind;
use super::value::Value;

/// Values of one row: the index of the expected line, and its examples with their values.
type Row<'a> = (usize, Vec<(&'a Value, &'a Value)>);

/// A value that was measured, on the page and on the screen.
struct Measured<'a> {
    line: usize,
    example: &'a Value,
    value: &'a Value,
    sizes: (f64, f64),
}

/// What counts as larger: by a fifth, and a duration by half a second, since shorter ones vary.
const RATIO: f64 = 1.2;
const SHORTEST: f64 = 0.5;

/// The first two sizes or durations in the same place of two lines, of which the page says that one is
/// larger and the screen that the other is.
pub(super) fn note(rows: &[Row<'_>]) -> Option<Note> {
    let widest = rows.iter().map(|(_, values)| values.len()).max().unwrap_or(0);
    (0..widest).find_map(|place| {
        [Kind::Size, Kind::Duration].into_iter().find_map(|kind| inverted(&column(rows, place, kind), kind))
    })
}

fn column<'a>(rows: &[Row<'a>], place: usize, kind: Kind) -> Vec<Measured<'a>> {
    rows.iter()
        .filter_map(|(line, values)| {
            let &(example, value) = values.get(place).filter(|(example, _)| example.kind == kind)?;
            let sizes = (measure(example)?, measure(value)?);
            Some(Measured { line: *line, example, value, sizes })
        })
        .collect()
}

fn inverted(column: &[Measured<'_>], kind: Kind) -> Option<Note> {
    let larger = |a: f64, b: f64| a > b * RATIO && (kind == Kind::Size || a - b >= SHORTEST);
    let mut sorted: Vec<&Measured<'_>> = column.iter().collect();
    sorted.sort_by(|a, b| a.sizes.0.total_cmp(&b.sizes.0));
    // The largest value so far, among the smaller examples, is what could be larger than this one.
    let mut smaller: Vec<&Measured<'_>> = Vec::new();
    for large in sorted {
        let found = smaller
            .iter()
            .find(|small| larger(large.sizes.0, small.sizes.0) && larger(small.sizes.1, large.sizes.1));
        if let Some(small) = found {
            return Some(Note::Order {
                line: large.line.max(small.line),
                expected: (small.example.text.clone(), large.example.text.clone()),
                actual: (small.value.text.clone(), large.value.text.clone()),
            });
        }
        if smaller.last().is_none_or(|last| large.sizes.1 > last.sizes.1) {
            smaller.push(large);
        }
    }
    None
}

/// A size in bytes, a duration in seconds.
#[expect(clippy::cast_precision_loss, reason = "sizes are compared by a fifth of their value")]
fn measure(value: &Value) -> Option<f64> {
    if value.kind == Kind::Size {
        return bytes_of(&value.text).map(|bytes| bytes as f64);
    }
    let mut seconds = 0.0;
    let mut rest = value.text.trim();
    while !rest.is_empty() {
        let end = rest.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(rest.len());
        let number: f64 = rest[..end].parse().ok()?;
        let unit_end = rest[end..].find(|c: char| c.is_ascii_digit()).map_or(rest.len(), |at| end + at);
        seconds += number
            * match rest[end..unit_end].trim() {
                "h" => 3600.0,
                "m" => 60.0,
                "ms" | "" => 0.001,
                "µs" => 0.000_001,
                _ => 1.0,
            };
        rest = &rest[unit_end..];
    }
    Some(seconds)
}
