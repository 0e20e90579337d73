//! What decides whether a page is made again.

use std::path::PathBuf;
use std::sync::{Arc, OnceLock};

use crate::book::Book;
use crate::config::Config;
use crate::messages::site as messages;
use crate::site::fingerprint::{Fingerprint, Fingerprinter};
use crate::site::page::{PageInputs, SiteContext};
use crate::site::search;
use crate::text::Problem;

/// The fingerprints of what pages are made from.
pub(crate) struct PageFingerprints {
    shared: Fingerprint,
    /// All texts, for pages that go on where others end.
    texts: OnceLock<Fingerprint>,
}

impl PageFingerprints {
    /// The fingerprint of what all pages share: the program, the settings, the theme, the glossary, the
    /// tree of contents.
    ///
    /// # Errors
    /// When the settings cannot be written, so that a change of theirs would not be seen.
    pub(crate) fn new(book: &Book, context: &SiteContext) -> Result<Self, Problem> {
        let mut fingerprinter = Fingerprinter::default();
        fingerprinter.add(program().as_bytes());
        fingerprinter.add(settings(&book.config)?.as_bytes());
        fingerprinter.add(format!("{:?}", context.live).as_bytes());
        fingerprinter.add(book.summary.text.as_bytes());
        fingerprinter.add(&context.theme.fingerprint());
        fingerprinter.add(context.glossary.script().unwrap_or_default().as_bytes());
        Ok(Self { shared: fingerprinter.finish(), texts: OnceLock::new() })
    }

    /// The fingerprint of a page.
    pub(crate) fn page(&self, book: &Book, inputs: &PageInputs<'_>) -> Fingerprint {
        // Whatever is added to the inputs has to be added here.
        let PageInputs { number, page, evidence, vouchers, recording, files, changed, edition } = inputs;
        let mut fingerprinter = Fingerprinter::default();
        fingerprinter.add(&self.shared);
        fingerprinter.add(&number.to_le_bytes());
        fingerprinter.add(page.path.as_str().as_bytes());
        fingerprinter.add(page.source.text.as_bytes());
        // A commit vouches for evidence together with the file, not with what preprocessors made of it.
        let written = Some(page.source.written()).filter(|&written| !Arc::ptr_eq(written, &page.source.text));
        fingerprinter.add(&[u8::from(written.is_some())]);
        fingerprinter.add(written.map_or(b"", |written| written.as_bytes()));
        fingerprinter.add(format!("{:?}", page.title).as_bytes());
        for file in [evidence, recording] {
            fingerprinter.add(&[u8::from(file.is_some())]);
            fingerprinter.add(file.as_deref().unwrap_or_default());
        }
        fingerprinter.add(format!("{vouchers:?} {files:?} {changed:?} {edition:?}").as_bytes());
        if page.source.text.contains("continues") {
            let texts = self.texts.get_or_init(|| {
                let mut fingerprinter = Fingerprinter::default();
                for page in &book.pages {
                    fingerprinter.add(page.source.text.as_bytes());
                    fingerprinter.add(page.source.written().as_bytes());
                }
                fingerprinter.finish()
            });
            fingerprinter.add(texts);
        }
        fingerprinter.finish()
    }

    /// The fingerprint of the whole, of those of its pages.
    pub(crate) fn whole<'k>(&self, book: &Book, pages: impl Iterator<Item = &'k Fingerprint>) -> Fingerprint {
        let mut fingerprinter = Fingerprinter::default();
        fingerprinter.add(&self.shared);
        for page in pages {
            fingerprinter.add(page);
        }
        let errors = book.config.check.as_ref().and_then(|check| check.troubleshooting.as_deref());
        fingerprinter.add(errors.unwrap_or_default().as_bytes());
        if let Some(page) = &book.not_found {
            fingerprinter.add(page.source.text.as_bytes());
        }
        fingerprinter.add(format!("{:?}", search::synonyms(book)).as_bytes());
        // A book's own file stands in for what would be made.
        for asset in &book.assets {
            fingerprinter.add(asset.as_os_str().as_encoded_bytes());
        }
        fingerprinter.finish()
    }
}

/// The settings that decide what a site becomes, as text in an order of its own.
fn settings(config: &Config) -> Result<String, Problem> {
    // A new table has to be judged here. `mdbook` has the first three as they are in the file, and `check`
    // is about words.
    let Config { book: _, build: _, output: _, verify, check: _, mdbook } = config;
    let mut mdbook = mdbook.clone();
    // Where the site goes changes nothing in it, and its name may be one that TOML cannot express.
    mdbook.build.build_dir = PathBuf::new();
    let text = toml::to_string(&mdbook)
        .map_err(|error| Problem::new(messages::not_cached(error)).help(messages::not_cached_help()))?;
    Ok(format!("{text}\n{verify:?}"))
}

/// Which haechi this is: another one may build the same book otherwise.
fn program() -> String {
    let data = std::env::current_exe().and_then(std::fs::metadata);
    let file = data.and_then(|data| Ok((data.len(), data.modified()?)));
    format!("{} {file:?}", env!("CARGO_PKG_VERSION"))
}
