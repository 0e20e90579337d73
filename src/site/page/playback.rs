//! A recording as the theme's player shows it: frames, each of which replaces rows of the one before. The
//! terminal is emulated here, once, so that a browser needs none.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::RangeInclusive;

use avt::{Cell, Color, Line, Pen, Rgb, ScreenKind, Terminal};
use serde::{Deserialize, Serialize};

/// Frames are at least this many milliseconds apart.
const FLICKER: u64 = 50;
/// The rows above the screen that are kept.
const SCROLLBACK: usize = 2000;
/// No terminal is wider or higher.
const MOST_CELLS: usize = 500;

/// The first line of a recording (asciicast, version 2).
#[derive(Deserialize)]
struct Header {
    width: usize,
    height: usize,
}

/// When, in seconds; what it is: `o` is output, `m` the marker of a step; the output, or the step's number.
#[derive(Deserialize)]
struct Event(f64, String, String);

/// When it is shown, in milliseconds from the beginning; the first row that changes; how many rows are
/// replaced; by which.
#[derive(Debug, Serialize)]
struct Frame(u64, usize, usize, Vec<Row>);

type Row = Vec<Span>;

/// Text of one look: its classes, and the colors that no class has (foreground, background).
#[derive(Debug, PartialEq, Serialize)]
#[serde(untagged)]
enum Span {
    Plain(String),
    Classes(String, String),
    Colors(String, String, Option<String>, Option<String>),
}

/// What plays a recording.
#[derive(Debug, PartialEq)]
pub(super) struct Playback {
    /// The script that hands the frames to the theme's player.
    pub(super) script: String,
    /// The snippets of which something is shown.
    pub(super) snippets: BTreeSet<usize>,
}

/// Draws a recording for the snippets whose steps are given; `None` if it is none.
pub(super) fn playback(
    recording: &[u8],
    snippets: impl Iterator<Item = (usize, RangeInclusive<usize>)>,
) -> Option<Playback> {
    let text = std::str::from_utf8(recording).ok()?;
    let mut lines = text.lines();
    let header: Header = serde_json::from_str(lines.next()?).ok()?;
    let events: Vec<Event> = lines.filter_map(|line| serde_json::from_str(line).ok()).collect();
    let frames: BTreeMap<usize, Vec<Frame>> = snippets
        .filter_map(|(number, steps)| Some((number, frames(&header, &events, &steps)?)))
        .filter(|(_, frames)| !frames.is_empty())
        .collect();
    let text = serde_json::to_string(&frames).ok()?;
    Some(Playback {
        script: format!("(window.haechiRecordings ??= {{}})[document.currentScript.src] = {text};\n"),
        snippets: frames.into_keys().collect(),
    })
}

/// The frames from the marker of the first of these steps to the end of the last.
fn frames(header: &Header, events: &[Event], steps: &RangeInclusive<usize>) -> Option<Vec<Frame>> {
    let output = output(events, steps);
    let size = (header.width.min(MOST_CELLS), header.height.min(MOST_CELLS));
    let mut terminal = Terminal::with_scrollback(size.0, size.1, Some(SCROLLBACK)).ok()?;
    let mut rows: Vec<Line> = Vec::new();
    let mut frames: Vec<Frame> = Vec::new();
    for (number, &(at, data)) in output.iter().enumerate() {
        terminal.feed(data);
        let last = frames.last().map_or(0, |frame| frame.0);
        if output.get(number + 1).is_some_and(|(next, _)| next.saturating_sub(last) < FLICKER) {
            continue;
        }
        frames.extend(frame(at, &mut rows, &terminal));
    }
    Some(frames)
}

/// The output of these steps, each piece with its time in milliseconds from the beginning.
fn output<'e>(events: &'e [Event], steps: &RangeInclusive<usize>) -> Vec<(u64, &'e str)> {
    let mut step = None;
    let mut start = None;
    let mut output = Vec::new();
    for Event(time, kind, data) in events {
        match kind.as_str() {
            "m" => step = data.parse::<usize>().ok(),
            "o" if step.is_some_and(|step| steps.contains(&step)) => {
                let since = time - *start.get_or_insert(*time);
                #[expect(
                    clippy::cast_possible_truncation,
                    clippy::cast_sign_loss,
                    reason = "a cast saturates"
                )]
                output.push(((since * 1000.0).round() as u64, data.as_str()));
            }
            _ => {}
        }
    }
    output
}

/// What has changed since the rows were as given, which they are no more; `None` if nothing has.
fn frame(at: u64, rows: &mut Vec<Line>, terminal: &Terminal) -> Option<Frame> {
    let mut now: Vec<&Line> = match terminal.active_screen_kind() {
        ScreenKind::Primary => terminal.primary_screen().all_lines().collect(),
        ScreenKind::Alternate => terminal.screen().visible_lines().collect(),
    };
    let blank = now.iter().rev().take_while(|line| line.cells().iter().all(is_blank)).count();
    now.truncate(now.len() - blank);
    let same = |(old, new): &(&Line, &&Line)| *old == **new;
    let start = rows.iter().zip(&now).take_while(same).count();
    let end = rows[start..].iter().rev().zip(now[start..].iter().rev()).take_while(same).count();
    let (old, new) = (start..rows.len() - end, start..now.len() - end);
    if old.is_empty() && new.is_empty() {
        return None;
    }
    let frame = Frame(at, start, old.len(), now[new.clone()].iter().map(|line| row(line)).collect());
    rows.splice(old, now[new].iter().map(|&line| line.clone()));
    Some(frame)
}

fn is_blank(cell: &Cell) -> bool {
    cell.char() == ' ' && cell.pen().is_default()
}

fn row(line: &Line) -> Row {
    let mut row: Row = line
        .chunks(|one, next| one.pen() != next.pen())
        .filter_map(|cells| {
            let text: String = cells.iter().map(Cell::char).collect();
            Some(span(text, cells.first()?.pen()))
        })
        .collect();
    if let Some(Span::Plain(text)) = row.last_mut() {
        text.truncate(text.trim_end().len());
    }
    row
}

fn span(text: String, pen: &Pen) -> Span {
    if pen.is_default() {
        return Span::Plain(text);
    }
    let looks = [
        (pen.is_bold(), "bold"),
        (pen.is_faint(), "faint"),
        (pen.is_italic(), "italic"),
        (pen.is_underline(), "underlined"),
        (pen.is_strikethrough(), "struck"),
        (pen.is_inverse(), "inverse"),
    ];
    let mut classes: Vec<String> =
        looks.iter().filter(|(is, _)| *is).map(|(_, name)| (*name).into()).collect();
    let (mut foreground, mut background) = (pen.foreground(), pen.background());
    if pen.is_inverse() {
        std::mem::swap(&mut foreground, &mut background);
    }
    let mut color = |color: Option<Color>, class: &str| match color? {
        Color::Indexed(index @ 0..16) => {
            classes.push(format!("{class}{}", index % 8));
            None
        }
        Color::Indexed(index) => Some(hexadecimal(indexed(index))),
        Color::RGB(color) => Some(hexadecimal(color)),
    };
    let (foreground, background) = (color(foreground, "fg"), color(background, "bg"));
    let classes = classes.join(" ");
    match (&foreground, &background) {
        (None, None) => Span::Classes(text, classes),
        _ => Span::Colors(text, classes, foreground, background),
    }
}

fn hexadecimal(Rgb { r, g, b }: Rgb) -> String {
    format!("#{r:02x}{g:02x}{b:02x}")
}

/// A color of the 256, as xterm has them: behind the first 16 a cube of 6 × 6 × 6, then 24 grays.
fn indexed(index: u8) -> Rgb {
    match index.checked_sub(232) {
        Some(gray) => Rgb::new(8 + gray * 10, 8 + gray * 10, 8 + gray * 10),
        None => {
            let at = index.saturating_sub(16);
            let level = |step: u8| if step == 0 { 0 } else { 55 + step * 40 };
            Rgb::new(level(at / 36), level(at / 6 % 6), level(at % 6))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The frames of a recording whose only step prints these pieces, one each 100 ms.
    fn of(pieces: &[&str]) -> String {
        let mut events = vec![Event(7.0, "m".into(), "3".into())];
        events.extend(pieces.iter().enumerate().map(|(number, piece)| {
            Event(7.0 + 0.1 * f64::from(u8::try_from(number).unwrap()), "o".into(), (*piece).into())
        }));
        events.push(Event(9.0, "m".into(), "4".into()));
        events.push(Event(9.0, "o".into(), "of another step".into()));
        let header = Header { width: 20, height: 4 };
        serde_json::to_string(&frames(&header, &events, &(2..=3)).unwrap()).unwrap()
    }

    #[test]
    fn a_frame_has_what_changes() {
        assert_eq!(
            of(&["a\r\nb: 10%\r\nc", "\x1b[1A\r\x1b[2Kb: 20%", "\x1b[1A\x1b[1B"]),
            r#"[[0,0,0,[["a"],["b: 10%"],["c"]]],[100,1,1,[["b: 20%"]]]]"#
        );
        // What leaves the screen stays above it.
        assert_eq!(
            of(&["1\r\n2\r\n3\r\n4", "\r\n5"]),
            r#"[[0,0,0,[["1"],["2"],["3"],["4"]]],[100,4,0,[["5"]]]]"#
        );
        assert_eq!(
            of(&["a", "\x1b[?1049h\x1b[Htop", "\x1b[?1049l"]),
            r#"[[0,0,0,[["a"]]],[100,0,1,[["top"]]],[200,0,1,[["a"]]]]"#
        );
    }

    #[test]
    fn looks_are_classes_and_colors() {
        assert_eq!(
            of(&[
                "\x1b[1;32m$\x1b[0m 가 \x1b[7mi\x1b[0m \x1b[31;44mr\x1b[38;5;208mo\x1b[48;2;1;2;3mc\x1b[0m   "
            ]),
            r##"[[0,0,0,[[["$","bold fg2"]," 가 ",["i","inverse"]," ",["r","fg1 bg4"],["o","bg4","#ff8700",null],["c","","#ff8700","#010203"],""]]]]"##
        );
    }

    #[test]
    fn what_is_no_recording_has_no_playback() {
        let snippets = || [(0, 0..=0)].into_iter();
        assert!(playback(b"\xff", snippets()).is_none());
        assert!(playback(b"{}\n", snippets()).is_none());
        let huge = b"{\"version\":2,\"width\":4000000000,\"height\":0}\nnonsense\n[-1,\"m\",\"0\"]\n[1e99,\"o\",\"x\"]\n";
        assert!(playback(huge, snippets()).unwrap().snippets.is_empty());
        let good = b"{\"width\":9,\"height\":9}\n[0,\"m\",\"0\"]\n[0,\"o\",\"x\"]\n[1,\"m\",\"1\"]\n";
        let good = playback(good, [(4, 0..=0), (5, 1..=1)].into_iter()).unwrap();
        assert_eq!(good.snippets, BTreeSet::from([4]), "nothing is shown of the other");
        assert!(good.script.ends_with(" = {\"4\":[[0,0,0,[[\"x\"]]]]};\n"), "{}", good.script);
    }
}
