//! The pictures of a page as HTML.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use percent_encoding::percent_decode_str;
use pulldown_cmark::Event;
use pulldown_cmark_escape::escape_href;

use super::pictures::{Pictures, size_attributes};
use crate::book::PagePath;
use crate::site::html::escaped;
use crate::text::ByteRange;

/// A drawing of so many pixels scrolls on a narrow screen, where no script can enlarge it.
const WIDE: u32 = 600;
/// Where the screen is narrow: as in the style sheet.
const NARROW: &str = "(max-width: 40rem)";

/// A picture as a page names it.
pub(super) struct Image<'a> {
    pub(super) address: &'a str,
    pub(super) title: &'a str,
    pub(super) alt: String,
}

impl Image<'_> {
    /// The element, with its size if it is a file of the book.
    pub(super) fn html(&self, page: &PagePath, pictures: &Pictures<'_>) -> String {
        let Self { address, title, alt } = self;
        let mut src = String::new();
        let _ = escape_href(&mut src, address);
        let mut html = format!("<img src=\"{src}\" alt=\"{}\"", escaped(alt));
        if !title.is_empty() {
            let _ = write!(html, " title=\"{}\"", escaped(title));
        }
        let file = self.file(page);
        let size = file.as_ref().and_then(|file| pictures.size(file));
        html.push_str(&size.map_or_else(String::new, size_attributes));
        html.push_str(" loading=\"lazy\">");
        if let Some((name, size)) = file.and_then(|file| narrow(address, &file, pictures)) {
            let mut set = String::new();
            let _ = escape_href(&mut set, &name);
            let size = size_attributes(size);
            return format!("<picture><source media=\"{NARROW}\" srcset=\"{set}\"{size}>{html}</picture>");
        }
        // The text of a drawing stays legible: a wide one scrolls.
        let is_wide = size.is_some_and(|(width, _)| width >= WIDE) && address.ends_with(".svg");
        if is_wide { format!("<span class=\"wide\">{html}</span>") } else { html }
    }

    /// The file of the book that it names, by its path from the pages' folder.
    fn file(&self, page: &PagePath) -> Option<PathBuf> {
        if self.address.contains(':') || self.address.starts_with('/') {
            return None;
        }
        let path = self.address.split(['#', '?']).next().unwrap_or(self.address);
        let folder = Path::new(page.as_str()).parent().unwrap_or(Path::new(""));
        Some(folder.join(&*percent_decode_str(path).decode_utf8_lossy()))
    }
}

/// The same picture for narrow screens, where there is one: `ports.narrow.svg` beside `ports.svg`.
fn narrow(address: &str, file: &Path, pictures: &Pictures<'_>) -> Option<(String, (u32, u32))> {
    let (stem, kind) = address.rsplit_once('.').filter(|(_, kind)| !kind.contains(['/', '#', '?']))?;
    let size = pictures.size(&file.with_extension(format!("narrow.{kind}")))?;
    Some((format!("{stem}.narrow.{kind}"), size))
}

/// How many events stand before the end of the image that has begun.
pub(super) fn image_length(events: &[(Event<'_>, ByteRange)]) -> usize {
    let mut depth = 1;
    for (number, (event, _)) in events.iter().enumerate() {
        match event {
            Event::Start(_) => depth += 1,
            Event::End(_) => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return number;
        }
    }
    events.len()
}

/// What events within an image say to those who do not see it.
pub(super) fn alt_text(events: &[(Event<'_>, ByteRange)]) -> String {
    let texts = events.iter().filter_map(|(event, _)| match event {
        Event::Text(text) | Event::Code(text) => Some(&**text),
        Event::SoftBreak | Event::HardBreak => Some(" "),
        _ => None,
    });
    texts.collect()
}
