//! What a build remembers for the next one, in `.haechi` beside `book.toml`: which files each page became,
//! by the content of all that the page is made from. It is safe to delete.

use std::collections::HashMap;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use jiff::Timestamp;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::fingerprint::{Fingerprint, Fingerprinter};
use super::git_dates::GitDates;
use super::live_reload::LiveReload;
use super::output::{FileStamp, FileStamps};
use super::pictures::Sizes;
use super::proof::ProofSummary;
use super::search::PageIndex;
use crate::book::{Book, Page};
use crate::config::Config;
use crate::diagnostic::Problem;
use crate::verify::{Store, Vouchers};

/// The folder beside `book.toml`.
const FOLDER: &str = ".haechi";

/// What the build before knew of the site.
#[derive(Default, Serialize, Deserialize)]
pub(super) struct BuildCache {
    pub(super) pages: HashMap<String, CachedPage>,
    /// What all pages together were made from.
    pub(super) whole: Fingerprint,
    /// The files that stand for the book as a whole.
    pub(super) files: Vec<String>,
    /// The files that were copied, as they looked where they came from.
    pub(super) copied: HashMap<String, FileStamp>,
    pub(super) stamps: FileStamps,
    /// The words of all pages, as they were read.
    #[serde(skip)]
    words: OnceLock<Vec<u8>>,
    #[serde(skip)]
    place: PathBuf,
}

/// A page of the build before.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct CachedPage {
    pub(super) key: Fingerprint,
    /// The files that it became.
    pub(super) files: Vec<String>,
    /// The sizes of its pictures, as they were read then.
    pub(super) pictures: Sizes,
    /// Where its part of `print.html` begins and how long it is.
    pub(super) part: (u64, u64),
    pub(super) told: Arc<PageSummary>,
    /// Where its words are among all words: where they begin, how long they are, and their sum.
    words: (u64, u64, Fingerprint),
    #[serde(skip)]
    pub(super) indexed: OnceLock<Arc<PageIndex>>,
}

/// What the book as a whole needs to know of a page.
#[derive(Serialize, Deserialize)]
pub(super) struct PageSummary {
    pub(super) href: String,
    pub(super) title: String,
    pub(super) description: String,
    pub(super) proofs: ProofSummary,
    /// Its anchors in `print.html`.
    pub(super) anchors: Vec<String>,
}

impl CachedPage {
    pub(super) fn new(
        key: Fingerprint,
        pictures: Sizes,
        files: Vec<String>,
        told: PageSummary,
        indexed: PageIndex,
    ) -> Self {
        let (part, words) = ((0, 0), (0, 0, Fingerprint::default()));
        Self {
            key,
            files,
            pictures,
            part,
            told: Arc::new(told),
            words,
            indexed: OnceLock::from(Arc::new(indexed)),
        }
    }

    /// The words of the page, if they can be read.
    pub(super) fn indexed(&self, memory: &BuildCache) -> Option<Arc<PageIndex>> {
        if let Some(known) = self.indexed.get() {
            return Some(known.clone());
        }
        let all = memory.words.get_or_init(|| std::fs::read(memory.place.join(WORDS)).unwrap_or_default());
        let (start, length, sum) = self.words;
        let start = usize::try_from(start).ok()?;
        let bytes = all.get(start..start.checked_add(usize::try_from(length).ok()?)?)?;
        if *blake3::hash(bytes).as_bytes() != sum {
            return None;
        }
        let read = Arc::new(postcard::from_bytes(bytes).ok()?);
        Some(self.indexed.get_or_init(|| read).clone())
    }
}

impl BuildCache {
    /// What was remembered of a site, if it can be read.
    pub(super) fn read(book: &Book, destination: &Path) -> Self {
        let place = std::path::absolute(destination).unwrap_or_else(|_| destination.to_owned());
        let name = blake3::hash(place.as_os_str().as_encoded_bytes()).to_hex();
        let place = book.root.join(FOLDER).join(format!("site-{}", &name[..12]));
        let known = read(&place.join(PAGES)).and_then(|bytes| postcard::from_bytes::<Self>(&bytes).ok());
        Self { place, ..known.unwrap_or_default() }
    }

    /// Writes what the next build needs; a memory that cannot be written costs it time, nothing else.
    pub(super) fn write(&mut self, before: &Self) -> Option<()> {
        std::fs::create_dir_all(&before.place).ok()?;
        let ignored = before.place.parent()?.join(".gitignore");
        if !ignored.exists() {
            crate::files::write(&ignored, b"*\n").ok()?;
        }
        let file = before.place.join(WORDS);
        let mut pages: Vec<&mut CachedPage> = self.pages.values_mut().collect();
        let live: u64 = pages.iter().map(|kept| kept.words.1).sum();
        let held = std::fs::metadata(&file).map_or(0, |data| data.len());
        // Words of pages that have changed are added to the file; what is no longer true stays in it
        // until it is the greater part.
        let anew = held > 2 * live + 65_536;
        let each: Option<Vec<_>> = pages
            .par_iter()
            .map(|kept| match kept.words.1 > 0 && !anew {
                true => Some(Vec::new()),
                false => postcard::to_stdvec(&*kept.indexed(before)?).ok(),
            })
            .collect();
        let mut words = Vec::new();
        let first = if anew { 0 } else { held };
        for (kept, bytes) in pages.iter_mut().zip(each?) {
            if !bytes.is_empty() {
                let start = first + words.len() as u64;
                kept.words = (start, bytes.len() as u64, *blake3::hash(&bytes).as_bytes());
                words.extend(bytes);
            }
        }
        if anew {
            crate::files::write(&file, &words).ok()?;
        } else {
            let mut open = std::fs::OpenOptions::new().create(true).append(true).open(&file).ok()?;
            open.write_all(&words).ok()?;
        }
        write(&before.place.join(PAGES), postcard::to_stdvec(&*self).ok()?)?;
        forget(&before.place);
        Some(())
    }
}

/// The most sites of a book that are remembered.
const SITES: usize = 4;

/// Forgets the sites that were built longest ago, where a book was built into many folders.
fn forget(place: &Path) {
    let folders =
        place.parent().and_then(|folder| std::fs::read_dir(folder).ok()).into_iter().flatten().flatten();
    let mut sites: Vec<_> = folders
        .filter(|entry| entry.file_name().to_string_lossy().starts_with("site-"))
        .map(|entry| (entry.metadata().and_then(|data| data.modified()).ok(), entry.path()))
        .filter(|(_, path)| path != place)
        .collect();
    sites.sort();
    let many = sites.len().saturating_sub(SITES - 1);
    for (_, path) in &sites[..many] {
        let _ = std::fs::remove_dir_all(path);
    }
}

/// The files of a memory: what pages became, and their words.
const PAGES: &str = "pages";
const WORDS: &str = "words";
/// How long the sum is that stands before the content of a file.
const SUM: usize = 32;

fn write(file: &Path, content: Vec<u8>) -> Option<()> {
    let mut bytes = blake3::hash(&content).as_bytes().to_vec();
    bytes.extend(content);
    crate::files::write(file, &bytes).ok()
}

/// The content of a file whose sum is right.
fn read(file: &Path) -> Option<Vec<u8>> {
    let mut bytes = std::fs::read(file).ok()?;
    let content = bytes.split_off(SUM.min(bytes.len()));
    (blake3::hash(&content).as_bytes() == bytes.as_slice()).then_some(content)
}

/// All that decides what a page becomes, but for what all pages share and the sizes of its pictures, which
/// are read on the way ([`CachedPage`] has them). What composes a page is given this, and reads nothing else.
pub(super) struct Inputs<'a> {
    /// The number of the page in the book.
    pub(super) number: usize,
    pub(super) page: &'a Page,
    /// The bytes of its evidence.
    pub(super) evidence: Option<Vec<u8>>,
    /// Who vouches for these.
    pub(super) vouchers: Vouchers<'a>,
    /// The bytes of the recording beside its evidence.
    pub(super) recording: Option<Vec<u8>>,
    /// The key of the repository's files that a run sees, where there is evidence that belongs to them.
    pub(super) files: Option<String>,
    /// When it was last changed, if that is known.
    pub(super) changed: Option<Timestamp>,
}

impl<'a> Inputs<'a> {
    /// Reads what decides about a page now.
    pub(super) fn read(book: &'a Book, number: usize, dates: &GitDates, store: &'a Store) -> Self {
        let page = &book.pages[number];
        let evidence = store.bytes(page.path.as_str());
        let vouchers = evidence.as_deref().map(|bytes| store.vouchers_of(bytes)).unwrap_or_default();
        // A recording is shown by the evidence that it was written with.
        let recording = evidence.as_ref().and_then(|_| store.recording_bytes(page.path.as_str()));
        // Files that cannot be copied are none, as in the page's plan.
        let snapshot = evidence.as_ref().and_then(|_| book.snapshot().ok().flatten());
        let files = snapshot.map(|snapshot| snapshot.key().to_owned());
        Self { number, page, evidence, vouchers, recording, files, changed: dates.changed(page) }
    }
}

/// What pages are made from, as keys.
pub(super) struct Keys {
    shared: Fingerprint,
    /// All texts, for pages that go on where others end.
    texts: OnceLock<Fingerprint>,
}

impl Keys {
    /// The key of what all pages share: the program, the settings, the theme, the tree of contents.
    ///
    /// # Errors
    /// When the settings cannot be written, so that a change of theirs would not be seen.
    pub(super) fn new(book: &Book, theme: Fingerprint, live: LiveReload) -> Result<Self, Problem> {
        let mut hasher = Fingerprinter::default();
        hasher.add(program().as_bytes());
        hasher.add(settings(&book.config)?.as_bytes());
        hasher.add(format!("{live:?}").as_bytes());
        hasher.add(book.summary.text.as_bytes());
        hasher.add(&theme);
        Ok(Self { shared: hasher.finish(), texts: OnceLock::new() })
    }

    /// The key of a page.
    pub(super) fn page(&self, book: &Book, inputs: &Inputs<'_>) -> Fingerprint {
        // Whatever is added to the inputs has to be added here.
        let Inputs { number, page, evidence, vouchers, recording, files, changed } = inputs;
        let mut hasher = Fingerprinter::default();
        hasher.add(&self.shared);
        hasher.add(&number.to_le_bytes());
        hasher.add(page.path.as_str().as_bytes());
        hasher.add(page.source.text.as_bytes());
        // A commit vouches for evidence together with the file, not with what preprocessors made of it.
        hasher.add(page.source.written().as_bytes());
        hasher.add(format!("{:?}", page.title).as_bytes());
        for file in [evidence, recording] {
            hasher.add(&[u8::from(file.is_some())]);
            hasher.add(file.as_deref().unwrap_or_default());
        }
        hasher.add(format!("{vouchers:?} {files:?} {changed:?}").as_bytes());
        if page.source.text.contains("continues") {
            let texts = self.texts.get_or_init(|| {
                let mut hasher = Fingerprinter::default();
                for page in &book.pages {
                    hasher.add(page.source.text.as_bytes());
                    hasher.add(page.source.written().as_bytes());
                }
                hasher.finish()
            });
            hasher.add(texts);
        }
        hasher.finish()
    }

    /// The key of the whole, of the keys of its pages.
    pub(super) fn whole<'k>(&self, book: &Book, pages: impl Iterator<Item = &'k Fingerprint>) -> Fingerprint {
        let mut hasher = Fingerprinter::default();
        hasher.add(&self.shared);
        for key in pages {
            hasher.add(key);
        }
        if let Some(page) = &book.not_found {
            hasher.add(page.source.text.as_bytes());
        }
        // A book's own file stands in for what would be made.
        for asset in &book.assets {
            hasher.add(asset.as_os_str().as_encoded_bytes());
        }
        hasher.finish()
    }
}

/// The settings that decide what a site becomes, as text in an order of its own.
fn settings(config: &Config) -> Result<String, Problem> {
    // A new table has to be judged here. `mdbook` has the first three as they are in the file, and `check`
    // is about words.
    let Config { book: _, build: _, output: _, verify, check: _, mdbook } = config;
    let mut mdbook = mdbook.clone();
    // Where the site goes changes nothing in it, and its name may be one that TOML cannot hold.
    mdbook.build.build_dir = PathBuf::new();
    let text = toml::to_string(&mdbook)
        .map_err(|error| Problem::new(format!("the settings of book.toml cannot be kept: {error}")))?;
    Ok(format!("{text}\n{verify:?}"))
}

/// Which haechi this is: another one may build the same book otherwise.
fn program() -> String {
    let data = std::env::current_exe().and_then(std::fs::metadata);
    let look = data.and_then(|data| Ok((data.len(), data.modified()?)));
    format!("{} {look:?}", env!("CARGO_PKG_VERSION"))
}
