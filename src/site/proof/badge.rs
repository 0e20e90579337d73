//! The badge of a book, for its README.

use serde_json::json;

use super::book_status::BookStatus;
use super::provenance::Provenance;

fn colour(status: &BookStatus) -> &'static str {
    if status.snippets == 0 {
        "#6b736f"
    } else if status.good {
        match status.provenance {
            Provenance::NoImages | Provenance::DockerHub => "#1a6b45",
            Provenance::Others | Provenance::StandIns => "#2f5d8a",
        }
    } else {
        "#a8321f"
    }
}

/// A badge as a picture.
pub(crate) fn badge_svg(status: &BookStatus) -> String {
    let (width, text, colour) = (status.badge_width, &status.badge, colour(status));
    let rest = width - 52;
    let middle = 52 + rest / 2;
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"20\" role=\"img\" \
         aria-label=\"haechi: {text}\"><title>haechi: {text}</title>\
         <rect width=\"{width}\" height=\"20\" rx=\"3\" fill=\"#33413e\"/>\
         <path d=\"M52 0h{}a3 3 0 0 1 3 3v14a3 3 0 0 1-3 3H52z\" fill=\"{colour}\"/>\
         <g fill=\"#fff\" text-anchor=\"middle\" font-family=\"Verdana,DejaVu Sans,sans-serif\" font-size=\"11\">\
         <text x=\"26\" y=\"14\">haechi</text><text x=\"{middle}\" y=\"14\">{text}</text></g></svg>\n",
        rest - 3
    )
}

/// A badge as shields.io's endpoint wants it.
pub(crate) fn badge_json(status: &BookStatus) -> String {
    let badge = json!({
        "schemaVersion": 1,
        "label": "haechi",
        "message": status.badge,
        "color": colour(status),
    });
    format!("{badge}\n")
}
