//! The pages of haechi's own documentation whose commands need an engine, typed along with this haechi; and
//! the picture of a failing run, which is drawn from the recording of the tutorial:
//! `UPDATE_DOCS=1 cargo test --test docs_run` draws it anew.

#![allow(clippy::unwrap_used, reason = "a test says what is wrong by failing")]

#[path = "support/docs.rs"]
mod docs;
mod support;

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use avt::{Color, Line, Pen, Terminal};
use haechi::matching::{Bindings, Comparison, Elisions, Rules, Supplied, compare};
use rayon::prelude::*;
use serde_json::Value;
use support::said;

/// What the failing run begins with.
const FAILS: &str = "fail  README.md";
/// A column and a row of the picture, in pixels.
const COLUMN: usize = 8;
const ROW: usize = 19;
/// The space around the screen.
const MARGIN: usize = 20;
/// The terminal's first eight colors, on a dark screen.
const COLORS: [&str; 8] =
    ["#5a6b66", "#ff8a80", "#8fd694", "#ffd479", "#8ab4f8", "#d7a6ff", "#7fdbda", "#e8ecea"];

#[test]
fn pages_that_need_an_engine_are_true() {
    let copy = docs::copy();
    ["en", "ko"].par_iter().for_each(|language| {
        let pages: Vec<PathBuf> =
            docs::NEEDS_ENGINE.iter().map(|page| Path::new(language).join(page)).collect();
        let output = docs::verify(copy.path(), &pages);
        // Drawn before it is judged: the tutorial is to be written from it where the words have changed.
        if *language == "en" {
            let recording = copy.path().join("en/evidence/tutorial.cast");
            check_picture(&failing_run(&std::fs::read_to_string(recording).unwrap()));
        }
        assert!(output.status.success(), "{}", said(&output));
    });
}

/// The picture in the repository shows this run, but for what changes with every run; or it is drawn.
fn check_picture(new: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/failing-run.svg");
    if std::env::var_os("UPDATE_DOCS").is_some() {
        return std::fs::write(path, new).unwrap();
    }
    let old = docs::lines_of_picture(&std::fs::read_to_string(path).unwrap());
    let old: Vec<&str> = old.iter().map(String::as_str).collect();
    let (elisions, supplied) = (Elisions::default(), Supplied::new(None));
    let rules = Rules::new(&elisions, &supplied);
    let new = docs::lines_of_picture(new);
    let outcome = compare(&old, 1, &new, rules, &mut Bindings::default());
    assert!(
        matches!(&outcome, Comparison::Match(notes) if notes.is_empty()),
        "{outcome:?}\n{}",
        new.join("\n")
    );
}

/// The picture of the step that fails.
fn failing_run(recording: &str) -> String {
    let mut steps: Vec<String> = Vec::new();
    for line in recording.lines().skip(1) {
        let event: Value = serde_json::from_str(line).unwrap();
        match event[1].as_str().unwrap() {
            "m" => steps.push(String::new()),
            _ => steps.last_mut().unwrap().push_str(event[2].as_str().unwrap()),
        }
    }
    let screens = steps.iter().map(|output| {
        let mut terminal = Terminal::with_scrollback(120, 50, Some(100)).unwrap();
        terminal.feed(output);
        let mut rows: Vec<Line> = terminal.primary_screen().all_lines().cloned().collect();
        let used = rows.iter().rposition(|row| !row.text().trim().is_empty()).map_or(0, |last| last + 1);
        rows.truncate(used);
        rows
    });
    let fails = |rows: &Vec<Line>| rows.iter().any(|row| row.text().starts_with(FAILS));
    draw(&screens.into_iter().find(fails).unwrap())
}

fn draw(rows: &[Line]) -> String {
    let (width, height) = (120 * COLUMN + 2 * MARGIN, rows.len() * ROW + 2 * MARGIN);
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" role=\"img\">\n\
         <title>haechi verify README.md fails: the output is not what the page says</title>\n\
         <style>text {{ font: 13.3px ui-monospace, \"Cascadia Mono\", \"DejaVu Sans Mono\", Menlo, Consolas, monospace; \
         white-space: pre; fill: #d5dbd8 }}</style>\n\
         <rect width=\"{width}\" height=\"{height}\" rx=\"10\" fill=\"#131918\"/>\n"
    );
    let mut goes_on = false;
    for (number, row) in rows.iter().enumerate() {
        let y = MARGIN + number * ROW + 14;
        let class = if goes_on { "wrapped" } else { "row" };
        let _ = write!(svg, "<text class=\"{class}\" y=\"{y}\">");
        let length = row.text().trim_end().chars().count();
        let mut column = 0;
        for cells in row.chunks(|one, next| one.pen() != next.pen()) {
            let text: String =
                cells.iter().map(avt::Cell::char).take(length.saturating_sub(column)).collect();
            if !text.is_empty() {
                let x = MARGIN + column * COLUMN;
                let span = text.chars().count() * COLUMN;
                let text = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
                let look = look(cells[0].pen());
                let _ = write!(svg, "<tspan x=\"{x}\" textLength=\"{span}\"{look}>{text}</tspan>");
            }
            column += cells.len();
        }
        svg.push_str("</text>\n");
        goes_on = row.is_wrapped();
    }
    svg.push_str("</svg>\n");
    svg
}

/// The attributes of text of one look.
fn look(pen: &Pen) -> String {
    let mut look = String::new();
    if let Some(Color::Indexed(index @ 0..16)) = pen.foreground() {
        let _ = write!(look, " fill=\"{}\"", COLORS[usize::from(index % 8)]);
    }
    if pen.is_bold() {
        look.push_str(" font-weight=\"bold\"");
    }
    if pen.is_faint() {
        look.push_str(" fill-opacity=\"0.7\"");
    }
    look
}
