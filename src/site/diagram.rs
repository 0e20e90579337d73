//! Diagrams that a page writes as text (`mermaid`), drawn when the site is built: the reader's browser
//! loads nothing for them.

use mermaid_rs_renderer::{RenderOptions, Theme, render_with_options};

/// A family that no machine has: letters are then measured by the same rule everywhere.
const NO_FAMILY: &str = "haechi-measured-by-rule";
const FAMILIES: &str =
    "Pretendard, Noto Sans KR, Noto Sans CJK KR, Apple SD Gothic Neo, Malgun Gothic, sans-serif";

/// The drawing as SVG, light and dark.
///
/// # Errors
/// A sentence that says what cannot be drawn.
pub(super) fn drawn(text: &str) -> Result<String, String> {
    let drawn = std::panic::catch_unwind(|| render_with_options(text, options()));
    let svg = match drawn {
        Ok(Ok(svg)) => svg,
        Ok(Err(error)) => return Err(format!("this diagram cannot be drawn: {error}")),
        Err(_) => return Err("this diagram cannot be drawn".into()),
    };
    // As a picture it takes the brightness of the page around it.
    let svg = svg.replacen("<svg ", "<svg style=\"color-scheme: light dark\" ", 1);
    Ok(svg.replace(NO_FAMILY, FAMILIES))
}

/// What a diagram says of itself for those who do not see it: `accTitle` and `accDescr`, or all of its text.
pub(super) fn told(text: &str) -> String {
    let said = |name: &str| {
        text.lines().find_map(|line| line.trim().strip_prefix(name)?.trim_start().strip_prefix(':'))
    };
    let told: Vec<&str> =
        ["accTitle", "accDescr"].iter().filter_map(|name| said(name)).map(str::trim).collect();
    if told.is_empty() { text.trim().to_owned() } else { told.join(". ") }
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
    fn a_drawing_holds_its_words_and_what_is_none_is_said() {
        let svg = drawn("flowchart LR\n  accTitle: 흐름\n  A[이미지] --> B[컨테이너]\n").unwrap();
        assert!(svg.contains("이미지") && svg.contains("컨테이너"), "{svg}");
        assert!(!svg.contains(NO_FAMILY) && svg.contains("color-scheme: light dark"));
        assert_eq!(told("flowchart LR\naccTitle: 흐름\naccDescr: 둘\n"), "흐름. 둘");
        assert_eq!(told("flowchart LR\nA-->B\n"), "flowchart LR\nA-->B");
    }

    #[test]
    fn markup_in_a_label_stays_text() {
        let svg = drawn("flowchart LR\n  A[\"<script>alert(1)</script>\"] --> B\n").unwrap();
        assert!(!svg.contains("<script"), "{svg}");
    }
}
