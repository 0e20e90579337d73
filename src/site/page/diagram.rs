//! Diagrams that a page writes as text (`mermaid`), drawn when the site is built: the reader's browser
//! loads nothing for them.

use std::fmt::Write as _;
use std::sync::mpsc;
use std::time::Duration;

use mermaid_rs_renderer::{RenderOptions, Theme, render_with_options};

use super::pictures::{size_attributes, svg_size};
use crate::book::Page;
use crate::markdown::{Document, Fence};
use crate::messages::{Message, site as messages};
use crate::site::html::escaped;
use crate::text::Problem;

/// How long the drawing of a diagram may take. One that people can read takes some milliseconds.
const DRAWN_WITHIN: Duration = Duration::from_secs(30);
/// A family that no machine has: letters are then measured by the same rule everywhere.
const NO_FAMILY: &str = "haechi-measured-by-rule";
const FAMILIES: &str =
    "Pretendard, Noto Sans KR, Noto Sans CJK KR, Apple SD Gothic Neo, Malgun Gothic, sans-serif";

/// What is wrong with the diagrams of a page that cannot be drawn; the site shows them as text.
pub fn diagram_problems(page: &Page, document: &Document<'_>) -> Vec<Problem> {
    let wrong = document.fences().filter_map(|fence| Some((fence, drawing(fence)?.err()?)));
    let problem = |(fence, message): (&Fence, Message)| {
        Problem::new(message).help(messages::diagram_help()).at(&page.source, fence.range.clone())
    };
    wrong.map(problem).collect()
}

/// A diagram that a fence writes as text, drawn; `None` for other fences.
pub(super) fn drawing(fence: &Fence) -> Option<Result<String, Message>> {
    if fence.language != "mermaid" {
        return None;
    }
    let text: String = fence.lines.iter().flat_map(|line| [line.text.as_str(), "\n"]).collect();
    Some(draw(&text).map(|svg| {
        let size = svg_size(&svg).map_or_else(String::new, size_attributes);
        format!(
            "<p class=\"diagram\"><img src=\"data:image/svg+xml,{}\" alt=\"{}\"{size}></p>\n",
            url_escaped(&svg),
            escaped(&description(&text))
        )
    }))
}

/// Text as part of an address: what means something there is written by its number.
fn url_escaped(text: &str) -> String {
    let mut address = String::with_capacity(text.len() + text.len() / 4);
    for byte in text.bytes() {
        match byte {
            b'"' => address.push('\''),
            b'%' | b'#' | b'<' | b'>' | b'&' | b'\'' | b'\\' | 0..=31 | 127.. => {
                let _ = write!(address, "%{byte:02X}");
            }
            other => address.push(char::from(other)),
        }
    }
    address
}

/// The drawing as SVG, light and dark.
///
/// # Errors
/// A sentence that says what cannot be drawn.
fn draw(text: &str) -> Result<String, Message> {
    // Many arrows among few boxes may take it hours; what is given up ends with the process.
    let (sender, drawn) = mpsc::channel();
    let owned = text.to_owned();
    std::thread::spawn(move || {
        let drawn = std::panic::catch_unwind(|| render_with_options(&owned, options()));
        let _ = sender.send(match drawn {
            Ok(Ok(svg)) => Ok(svg),
            Ok(Err(error)) => Err(messages::diagram_because(error)),
            Err(_) => Err(messages::diagram()),
        });
    });
    let seconds = DRAWN_WITHIN.as_secs();
    let svg =
        drawn.recv_timeout(DRAWN_WITHIN).unwrap_or_else(|_| Err(messages::diagram_takes_long(seconds)))?;
    // As a picture it takes the brightness of the page around it.
    let svg = svg.replacen("<svg ", "<svg style=\"color-scheme: light dark\" ", 1);
    Ok(svg.replace(NO_FAMILY, FAMILIES))
}

/// What a diagram says of itself for those who do not see it: `accTitle` and `accDescr`, or all of its text.
fn description(text: &str) -> String {
    let said = |name: &str| {
        text.lines().find_map(|line| line.trim().strip_prefix(name)?.trim_start().strip_prefix(':'))
    };
    let parts: Vec<&str> =
        ["accTitle", "accDescr"].iter().filter_map(|name| said(name)).map(str::trim).collect();
    if parts.is_empty() { text.trim().to_owned() } else { parts.join(". ") }
}

fn options() -> RenderOptions {
    let both = |light: &str, dark: &str| format!("light-dark({light}, {dark})");
    let mut options = RenderOptions::modern();
    let (ink, soft) = (both("#1d2523", "#e5e9e4"), both("#56625f", "#a3b0ab"));
    let (line, fill) = (both("#0f5f5c", "#7fd0c4"), both("#e3efec", "#1c3330"));
    let (sheet, note) = (both("#ffffff", "#19211f"), both("#f4f1e8", "#26302d"));
    options.theme = Theme {
        font_family: NO_FAMILY.into(),
        primary_color: fill.clone(),
        primary_text_color: ink.clone(),
        primary_border_color: line.clone(),
        line_color: soft.clone(),
        secondary_color: note.clone(),
        tertiary_color: sheet.clone(),
        edge_label_background: sheet.clone(),
        cluster_background: note.clone(),
        cluster_border: soft.clone(),
        background: "transparent".into(),
        sequence_actor_fill: fill.clone(),
        sequence_actor_border: line.clone(),
        sequence_actor_line: soft.clone(),
        sequence_note_fill: note.clone(),
        sequence_note_border: soft.clone(),
        sequence_activation_fill: fill,
        sequence_activation_border: line,
        text_color: ink,
        ..options.theme
    };
    options
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_drawing_contains_its_words_and_a_broken_one_is_reported() {
        let svg = draw("flowchart LR\n  accTitle: 흐름\n  A[이미지] --> B[컨테이너]\n").unwrap();
        assert!(svg.contains("이미지") && svg.contains("컨테이너"), "{svg}");
        assert!(!svg.contains(NO_FAMILY) && svg.contains("color-scheme: light dark"));
        assert_eq!(description("flowchart LR\naccTitle: 흐름\naccDescr: 둘\n"), "흐름. 둘");
        assert_eq!(description("flowchart LR\nA-->B\n"), "flowchart LR\nA-->B");
    }

    #[test]
    fn markup_in_a_label_stays_text() {
        let svg = draw("flowchart LR\n  A[\"<script>alert(1)</script>\"] --> B\n").unwrap();
        assert!(!svg.contains("<script"), "{svg}");
    }
}
