//! What a build leaves for the next one, in `.haechi` beside `book.toml`: which files each page became, by
//! the fingerprint of all that the page is made from. It is safe to delete.

use std::collections::{BTreeSet, HashMap};
use std::path::{Path, PathBuf};

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::cached_page::CachedPage;
use super::index_store::{IndexStore, IndexWriter, live_bytes};
use crate::book::Book;
use crate::files;
use crate::site::fingerprint::Fingerprint;
use crate::site::output::{FileStamp, FileStamps};

/// The folder beside `book.toml`.
const FOLDER: &str = ".haechi";
/// The files of the cache of a site: what pages became, and their search indexes.
const PAGES: &str = "pages";
const WORDS: &str = "words";
/// The most sites of a book that are cached.
const SITES: usize = 4;
/// How long the digest is that stands before the content of a file.
const DIGEST: usize = 32;

/// What the build before knew of the site.
#[derive(Default, Serialize, Deserialize)]
pub(crate) struct BuildCache {
    pub(super) pages: HashMap<String, CachedPage>,
    /// The fingerprint of what all pages together were made from.
    pub(super) whole: Fingerprint,
    /// The files that stand for the book as a whole.
    pub(super) files: Vec<String>,
    /// On what the book was verified, in one sentence.
    pub(super) edition: String,
    /// The files that were copied, as they looked where they came from.
    pub(super) copied: HashMap<String, FileStamp>,
    pub(super) stamps: FileStamps,
    #[serde(skip)]
    pub(super) indexes: IndexStore,
    /// The folder of the cache.
    #[serde(skip)]
    folder: PathBuf,
}

impl BuildCache {
    /// The cache of a site, if it can be read.
    pub(super) fn read(book: &Book, destination: &Path) -> Self {
        let place = std::path::absolute(destination).unwrap_or_else(|_| destination.to_owned());
        let name = blake3::hash(place.as_os_str().as_encoded_bytes()).to_hex();
        let folder = book.root.join(FOLDER).join(format!("site-{}", &name[..12]));
        let known = read(&folder.join(PAGES)).and_then(|bytes| postcard::from_bytes::<Self>(&bytes).ok());
        let indexes = IndexStore::new(folder.join(WORDS));
        Self { folder, indexes, ..known.unwrap_or_default() }
    }

    /// Writes what the next build needs, where `before` was read; a cache that cannot be written costs it
    /// time, nothing else.
    pub(super) fn write(&mut self, before: &Self) -> Option<()> {
        let folder = &before.folder;
        // A link could lead to a folder of somebody else's.
        let files = [folder.join(PAGES), folder.join(WORDS)];
        if folder.parent()?.is_symlink() || folder.is_symlink() || files.iter().any(|file| file.is_symlink())
        {
            return None;
        }
        std::fs::create_dir_all(folder).ok()?;
        let ignored = folder.parent()?.join(".gitignore");
        if !ignored.exists() {
            files::write(&ignored, b"*\n").ok()?;
        }
        self.write_indexes(before)?;
        write(&folder.join(PAGES), postcard::to_stdvec(&*self).ok()?)?;
        remove_oldest(folder);
        Some(())
    }

    fn write_indexes(&mut self, before: &Self) -> Option<()> {
        let file = before.folder.join(WORDS);
        let mut pages: Vec<&mut CachedPage> = self.pages.values_mut().collect();
        let mut writer = IndexWriter::new(&file, live_bytes(pages.iter().map(|page| &page.span)));
        let each: Option<Vec<_>> = pages
            .par_iter()
            .map(|page| match writer.keeps(&page.span) {
                true => Some(Vec::new()),
                false => postcard::to_stdvec(&*page.index(&before.indexes)?).ok(),
            })
            .collect();
        for (page, bytes) in pages.iter_mut().zip(each?) {
            if !bytes.is_empty() {
                page.span = writer.add(&bytes);
            }
        }
        writer.finish(&file)
    }

    /// On what the book was verified when it was built last, in one sentence.
    pub(crate) fn edition(&self) -> &str {
        &self.edition
    }

    /// The pictures that the pages of the last build show, by their paths from the pages' folder.
    pub(crate) fn pictures(&self) -> BTreeSet<&str> {
        self.pages.values().flat_map(|page| page.pictures.keys().map(String::as_str)).collect()
    }
}

/// Removes the caches of the sites that were built longest ago, where a book was built into many folders.
fn remove_oldest(folder: &Path) {
    let folders = folder.parent().and_then(|all| std::fs::read_dir(all).ok()).into_iter().flatten().flatten();
    let mut sites: Vec<_> = folders
        .filter(|entry| entry.file_name().to_string_lossy().starts_with("site-"))
        .map(|entry| (entry.metadata().and_then(|data| data.modified()).ok(), entry.path()))
        .filter(|(_, path)| path != folder && !path.is_symlink())
        .collect();
    sites.sort();
    let many = sites.len().saturating_sub(SITES - 1);
    for (_, path) in &sites[..many] {
        let _ = std::fs::remove_dir_all(path);
    }
}

fn write(file: &Path, content: Vec<u8>) -> Option<()> {
    let mut bytes = blake3::hash(&content).as_bytes().to_vec();
    bytes.extend(content);
    files::write(file, &bytes).ok()
}

/// The content of a file whose digest is right.
fn read(file: &Path) -> Option<Vec<u8>> {
    let mut bytes = std::fs::read(file).ok()?;
    let content = bytes.split_off(DIGEST.min(bytes.len()));
    (blake3::hash(&content).as_bytes() == bytes.as_slice()).then_some(content)
}
