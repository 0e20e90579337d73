//! What a page becomes.

use std::borrow::Cow;
use std::collections::HashSet;

use serde::{Deserialize, Serialize};

use super::compose::{ComposedPage, Composer, playback_path, reader_path};
use super::inputs::PageInputs;
use super::pictures::PictureSizes;
use crate::site::proof::ProofSummary;
use crate::site::search::{self, PageIndex};
use crate::site::whole::{PrintPart, print_part};
use crate::text::Problem;

/// All that a page adds to the site.
pub(crate) struct PageOutput<'a> {
    /// Its files, with their paths in the site.
    pub(crate) files: Vec<(String, Cow<'a, [u8]>)>,
    /// Its part of the page of the whole book.
    pub(crate) print_part: String,
    /// What the search finds of it.
    pub(crate) index: PageIndex,
    /// The sizes of its pictures, as they were read.
    pub(crate) pictures: PictureSizes,
    pub(crate) summary: PageSummary,
}

/// What the book as a whole needs to know of a page.
#[derive(Serialize, Deserialize)]
pub(crate) struct PageSummary {
    pub(crate) href: String,
    pub(crate) title: String,
    pub(crate) description: String,
    pub(crate) proofs: ProofSummary,
    /// Its anchors in `print.html`.
    pub(crate) anchors: Vec<String>,
}

impl<'a> PageOutput<'a> {
    /// Makes a page; `hrefs` are the addresses of all pages.
    ///
    /// # Errors
    /// When the template of pages fails.
    pub(crate) fn new(
        composer: &Composer<'_>,
        inputs: &'a PageInputs<'_>,
        hrefs: &HashSet<String>,
    ) -> Result<Self, Problem> {
        let (book, page) = (composer.book, inputs.page);
        let print = &book.config.output.html.print;
        let document = page.parse();
        let ComposedPage { html, content, title, description, proofs, recording, reader, pictures } =
            composer.compose(inputs, &document)?;
        let href = page.path.html();
        let mut files = vec![
            (href.clone(), Cow::Owned(html.into_bytes())),
            (page.path.as_str().to_owned(), Cow::Borrowed(page.source.text.as_bytes())),
        ];
        if let Some(((path, script), recorded)) = recording.zip(inputs.recording.as_deref()) {
            files.push((playback_path(&path), Cow::Owned(script.into_bytes())));
            files.push((path, Cow::Borrowed(recorded)));
        }
        files.extend(reader.map(|script| (reader_path(page), Cow::Owned(script.into_bytes()))));
        let mut index = PageIndex::default();
        if search::is_page_enabled(book, &href) {
            let scripts;
            (index, scripts) = search::page(&document, &href, &title, inputs.number);
            files.extend(scripts.into_iter().map(|(path, script)| (path, Cow::Owned(script.into_bytes()))));
        }
        let part = match print.enable {
            true => print_part(&content, &href, hrefs, print.page_break),
            false => PrintPart::default(),
        };
        let summary = PageSummary { href, title, description, proofs, anchors: part.anchors };
        Ok(Self { files, print_part: part.html, index, pictures, summary })
    }
}
