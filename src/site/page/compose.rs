//! A page as HTML, with its content in the template of the theme.

use super::content::{Content, render_content};
use super::context::SiteContext;
use super::description::description;
use super::inputs::PageInputs;
use super::pictures::{PictureSizes, Pictures};
use super::playback::playback;
use super::reader::reader_script;
use crate::book::{Book, Page};
use crate::markdown::Document;
use crate::site::csp::{self, Compares};
use crate::site::proof::{ProofSummary, ProofView, RecordingLink, ReportForm};
use crate::site::theme::PageContext;
use crate::text::Problem;
use crate::verify::{self, Store};

/// Composes the pages of a book.
#[derive(Clone, Copy)]
pub(crate) struct Composer<'a> {
    pub(crate) book: &'a Book,
    pub(crate) context: &'a SiteContext,
    pub(crate) store: &'a Store,
    /// On what the book was verified, in one sentence.
    pub(crate) edition: &'a str,
}

/// A page as HTML.
pub(super) struct ComposedPage {
    /// The whole page.
    pub(super) html: String,
    /// What stands in it.
    pub(super) content: String,
    pub(super) title: String,
    pub(super) description: String,
    pub(super) proofs: ProofSummary,
    /// Where the recording of the page's run is in the site, if it is shown, and the script that plays it.
    pub(super) recording: Option<(String, String)>,
    /// The script that hands over what a reader's screen is compared with, where the page promises something.
    pub(super) reader: Option<String>,
    pub(super) pictures: PictureSizes,
}

impl<'a> Composer<'a> {
    /// Reads what decides about a page now.
    pub(crate) fn inputs(&self, number: usize) -> PageInputs<'a> {
        PageInputs::read(self.book, number, &self.context.git_dates, self.store, self.edition)
    }

    /// The HTML of a page.
    ///
    /// # Errors
    /// When the template of pages fails.
    pub(crate) fn html(&self, number: usize, document: &Document<'_>) -> Result<String, Problem> {
        Ok(self.compose(&self.inputs(number), document)?.html)
    }

    /// The content of the book's own page for addresses that lead nowhere.
    pub(crate) fn not_found_content(&self) -> Option<String> {
        let (book, words) = (self.book, self.context.theme.words());
        let page = book.not_found.as_ref()?;
        let document = page.parse();
        let plan = verify::plan_page(book, page, &document);
        let proofs = ProofView::new(&plan, None, words, None, None);
        let pictures = Pictures::new(&book.content);
        let (document, proofs, path, pictures) = (&document, &proofs, &page.path, &pictures);
        let glossary = &self.context.glossary;
        Some(render_content(&Content { document, proofs, words, book, path, pictures, glossary }))
    }

    /// How much of a page is proven, of which nothing else is made.
    pub(crate) fn proofs(&self, inputs: &PageInputs<'_>) -> ProofSummary {
        let document = inputs.page.parse();
        let plan = verify::plan_page(self.book, inputs.page, &document);
        let judged = |bytes: &[u8]| self.store.judge(&plan, bytes, inputs.vouchers);
        let stored = inputs.evidence.as_deref().and_then(judged);
        ProofView::new(&plan, stored.as_ref(), self.context.theme.words(), None, None).summary()
    }

    pub(super) fn compose(
        &self,
        inputs: &PageInputs<'_>,
        document: &Document<'_>,
    ) -> Result<ComposedPage, Problem> {
        let Self { book, context: site, store, edition: _ } = *self;
        let (page, words) = (inputs.page, site.theme.words());
        // What is wrong with a snippet is for `verify` and `check` to say: any book of Markdown builds.
        let plan = verify::plan_page(book, page, document);
        let judged = |bytes: &[u8]| store.judge(&plan, bytes, inputs.vouchers);
        let stored = inputs.evidence.as_deref().and_then(judged);
        let is_recorded = |bytes| stored.as_ref().is_some_and(|stored| stored.was_written_with(bytes));
        let recorded = inputs.recording.as_deref().filter(|bytes| is_recorded(bytes));
        let playback = recorded
            .zip(stored.as_ref())
            .and_then(|(bytes, stored)| playback(bytes, stored.evidence.snippets().into_iter()));
        let path = recording_path(page);
        let link = playback.as_ref().map(|playback| RecordingLink {
            href: path.rsplit('/').next().unwrap_or(&path).to_owned(),
            snippets: playback.snippets.clone(),
        });
        let recording = playback.map(|playback| (path, playback.script));
        let repository = book.config.output.html.git_repository_url.as_deref();
        let report = ReportForm::of(repository, page.path.as_str());
        let proofs = ProofView::new(&plan, stored.as_ref(), words, link, report);
        let pictures = Pictures::new(&book.content);
        let content = render_content(&Content {
            document,
            proofs: &proofs,
            words,
            book,
            path: &page.path,
            pictures: &pictures,
            glossary: &site.glossary,
        });
        let position = site.navigation.position(&page.path);
        let title = document.title().map_or_else(|| position.name.clone(), str::to_owned);
        let description = description(document);
        let reader = proofs.opens().then(|| reader_script(&plan)).flatten();
        let proofs = proofs.summary();
        let compares = if reader.is_some() { Compares::Screens } else { Compares::Nothing };
        let html = site.theme.page(&PageContext {
            book,
            page,
            title: &title,
            description: &description,
            headings: &document.headings,
            position,
            content: &content,
            proofs: &proofs,
            edition: inputs.edition,
            policy: &csp::of(document, compares, site.live),
            moved: &site.redirects.moved_fragments(&page.path.html()),
            changed: inputs.changed,
        })?;
        let pictures = pictures.into_sizes();
        Ok(ComposedPage { html, content, title, description, proofs, recording, reader, pictures })
    }
}

/// Where the recording of a page's run is in the site.
pub(crate) fn recording_path(page: &Page) -> String {
    let html = page.path.html();
    format!("{}.cast", html.strip_suffix(".html").unwrap_or(&html))
}

/// Where the script is that hands over what a reader's screen is compared with.
pub(crate) fn reader_path(page: &Page) -> String {
    let html = page.path.html();
    format!("{}.reader.js", html.strip_suffix(".html").unwrap_or(&html))
}

/// Where the script is that plays a recording.
pub(crate) fn playback_path(recording: &str) -> String {
    format!("{recording}.js")
}
