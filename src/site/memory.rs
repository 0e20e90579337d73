//! What a build remembers for the next one, in `.haechi` beside `book.toml`: which files each page became,
//! by the content of all that the page is made from. It is safe to delete.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use blake3::{Hash, Hasher};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::Live;
use super::output::Looks;
use super::proof::ProofSummary;
use super::search::Indexed;
use crate::book::{Book, Page};
use crate::verify::evidence_file;

/// The folder beside `book.toml`.
const FOLDER: &str = ".haechi";

/// What the content of something says of it.
pub(super) type Key = [u8; 32];

/// What the build before knew of the site.
#[derive(Default, Serialize, Deserialize)]
pub(super) struct Memory {
    pub(super) pages: HashMap<String, Kept>,
    /// What all pages together were made from.
    pub(super) whole: Key,
    /// The files that stand for the book as a whole.
    pub(super) files: Vec<String>,
    /// The files that were copied, as they looked where they came from.
    pub(super) copied: Looks,
    pub(super) looks: Looks,
    /// The words of all pages, as they were read.
    #[serde(skip)]
    words: OnceLock<Vec<u8>>,
    #[serde(skip)]
    place: PathBuf,
}

/// A page of the build before.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Kept {
    pub(super) key: Key,
    /// The files that it became.
    pub(super) files: Vec<String>,
    /// Where its part of `print.html` begins and how long it is.
    pub(super) part: (u64, u64),
    pub(super) told: Arc<Rendered>,
    /// Where its words are among all words.
    words: (u64, u64),
    #[serde(skip)]
    pub(super) indexed: OnceLock<Arc<Indexed>>,
}

/// What the book as a whole needs to know of a page.
#[derive(Serialize, Deserialize)]
pub(super) struct Rendered {
    pub(super) href: String,
    pub(super) title: String,
    pub(super) description: String,
    pub(super) proofs: ProofSummary,
}

impl Kept {
    pub(super) fn new(key: Key, files: Vec<String>, told: Rendered, indexed: Indexed) -> Self {
        let indexed = OnceLock::from(Arc::new(indexed));
        Self { key, files, part: (0, 0), told: Arc::new(told), words: (0, 0), indexed }
    }

    /// The words of the page.
    pub(super) fn indexed(&self, memory: &Memory) -> Arc<Indexed> {
        self.indexed
            .get_or_init(|| {
                let all = memory.words.get_or_init(|| read(&memory.place.join("words")).unwrap_or_default());
                let (start, length) = (self.words.0 as usize, self.words.1 as usize);
                let bytes = all.get(start..start + length).unwrap_or_default();
                Arc::new(postcard::from_bytes(bytes).unwrap_or_default())
            })
            .clone()
    }
}

impl Memory {
    /// What was remembered of a site, if it can be read.
    pub(super) fn read(book: &Book, destination: &Path) -> Self {
        let place = std::path::absolute(destination).unwrap_or_else(|_| destination.to_owned());
        let name = blake3::hash(place.as_os_str().as_encoded_bytes()).to_hex();
        let place = book.root.join(FOLDER).join(format!("site-{}", &name[..12]));
        let known =
            read(&place.join("pages")).and_then(|bytes| postcard::from_bytes::<(u64, Self)>(&bytes).ok());
        let words = std::fs::metadata(place.join("words")).map_or(0, |data| data.len());
        match known {
            Some((length, memory)) if length == words => Self { place, ..memory },
            _ => Self { place, ..Self::default() },
        }
    }

    /// Writes what the next build needs; a memory that cannot be written costs it time, nothing else.
    pub(super) fn write(&mut self, before: &Self) -> Option<()> {
        let mut pages: Vec<&mut Kept> = self.pages.values_mut().collect();
        let each: Option<Vec<_>> =
            pages.par_iter().map(|kept| postcard::to_stdvec(&*kept.indexed(before)).ok()).collect();
        let mut words = Vec::new();
        for (kept, bytes) in pages.iter_mut().zip(each?) {
            kept.words = (words.len() as u64, bytes.len() as u64);
            words.extend(bytes);
        }
        let at = (SUM + words.len()) as u64;
        let root = before.place.parent()?;
        std::fs::create_dir_all(&before.place).ok()?;
        let ignored = root.join(".gitignore");
        if !ignored.exists() {
            crate::files::write(&ignored, b"*\n").ok()?;
        }
        write(&before.place.join("words"), words)?;
        let pages = postcard::to_stdvec(&(at, &*self)).ok()?;
        write(&before.place.join("pages"), pages)
    }
}

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

/// What pages are made from, as keys.
pub(super) struct Keys {
    shared: Hash,
    /// All texts, for pages that go on where others end.
    texts: OnceLock<Hash>,
}

impl Keys {
    /// The key of what all pages share: the program, the settings, the theme, the tree of contents.
    pub(super) fn new(book: &Book, theme: Key, live: Live) -> Self {
        let mut hasher = Hasher::new();
        add(&mut hasher, program().as_bytes());
        // As TOML the settings have an order.
        add(&mut hasher, toml::to_string(&book.config.mdbook).unwrap_or_default().as_bytes());
        add(&mut hasher, format!("{:?} {live:?}", book.config.verify).as_bytes());
        add(&mut hasher, book.summary.text.as_bytes());
        add(&mut hasher, &theme);
        Self { shared: hasher.finalize(), texts: OnceLock::new() }
    }

    /// The key of a page.
    pub(super) fn page(&self, book: &Book, number: usize, page: &Page) -> Key {
        let mut hasher = Hasher::new();
        add(&mut hasher, self.shared.as_bytes());
        add(&mut hasher, &number.to_le_bytes());
        add(&mut hasher, page.path.as_str().as_bytes());
        add(&mut hasher, page.source.text.as_bytes());
        add(&mut hasher, format!("{:?}", page.title).as_bytes());
        let evidence = std::fs::read(evidence_file(&book.root, page.path.as_str()));
        add(&mut hasher, &evidence.unwrap_or_default());
        if page.source.text.contains("continues") {
            let texts = self.texts.get_or_init(|| {
                let mut hasher = Hasher::new();
                for page in &book.pages {
                    add(&mut hasher, page.source.text.as_bytes());
                }
                hasher.finalize()
            });
            add(&mut hasher, texts.as_bytes());
        }
        *hasher.finalize().as_bytes()
    }

    /// The key of the whole, of the keys of its pages.
    pub(super) fn whole<'k>(&self, book: &Book, pages: impl Iterator<Item = &'k Key>) -> Key {
        let mut hasher = Hasher::new();
        add(&mut hasher, self.shared.as_bytes());
        for key in pages {
            add(&mut hasher, key);
        }
        if let Some(page) = &book.not_found {
            add(&mut hasher, page.source.text.as_bytes());
        }
        *hasher.finalize().as_bytes()
    }
}

/// Adds something with its length, so that no two sequences look the same.
pub(super) fn add(hasher: &mut Hasher, bytes: &[u8]) {
    hasher.update(&(bytes.len() as u64).to_le_bytes());
    hasher.update(bytes);
}

/// Which haechi this is: another one may build the same book otherwise.
fn program() -> String {
    let data = std::env::current_exe().and_then(std::fs::metadata);
    let look = data.and_then(|data| Ok((data.len(), data.modified()?)));
    format!("{} {look:?}", env!("CARGO_PKG_VERSION"))
}
