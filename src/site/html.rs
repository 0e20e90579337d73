//! Text as HTML.

use pulldown_cmark_escape::escape_html;

/// The text with what means something in HTML escaped.
pub(super) fn escaped(text: &str) -> String {
    let mut html = String::with_capacity(text.len());
    let _ = escape_html(&mut html, text);
    html
}
