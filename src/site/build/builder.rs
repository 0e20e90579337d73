//! The build as a whole.

use std::fs::File;
use std::path::Path;
use std::sync::mpsc::sync_channel;

use rayon::prelude::*;

use super::assets::write_assets;
use super::cache::BuildCache;
use super::cached_page::CachedPage;
use super::collisions::{anchor_collisions, file_collisions};
use super::edition::edition;
use super::job::Job;
use super::page_fingerprint::PageFingerprints;
use super::pages::build_pages;
use super::print_page::write_print_page;
use super::whole_files::write_whole_files;
use crate::book::Book;
use crate::site::fingerprint::Fingerprint;
use crate::site::live_reload::LiveReload;
use crate::site::output::Output;
use crate::site::page::{Composer, SiteContext, are_unchanged};
use crate::site::theme::static_files;
use crate::site::whole::PRINT;
use crate::text::Problem;
use crate::verify::Store;

/// What a build wrote.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Built {
    /// How many pages the site has.
    pub pages: usize,
    /// How many files were new or had changed.
    pub written: usize,
}

/// Builds the site of a book into `destination`, with what the build before it left.
///
/// # Errors
/// When a template fails, or a file cannot be written.
pub fn build(book: &Book, destination: &Path, live: LiveReload) -> Result<Built, Vec<Problem>> {
    let before = BuildCache::read(book, destination);
    let context = SiteContext::load(book, live).map_err(|problem| vec![problem])?;
    let (built, mut after) = rebuild(&before, book, &context, destination)?;
    if built.written > 0 || after.whole != before.whole {
        after.write(&before);
    }
    Ok(built)
}

/// Builds a site of which `before` is known; returns what is known of it then.
///
/// # Errors
/// As [`build`].
pub(crate) fn rebuild(
    before: &BuildCache,
    book: &Book,
    context: &SiteContext,
    destination: &Path,
) -> Result<(Built, BuildCache), Vec<Problem>> {
    let one = |problem| vec![problem];
    let store = Store::open(&book.root, &book.trusted_refs).map_err(one)?;
    let theme_files = static_files(book).map_err(one)?;
    let collisions = file_collisions(book, &context.redirects, theme_files.keys());
    if !collisions.is_empty() {
        return Err(collisions);
    }
    let output = Output::open(destination, &before.stamps).map_err(one)?;
    let fingerprints = PageFingerprints::new(book, context).map_err(one)?;
    let hrefs = book.pages.iter().map(|page| page.path.html()).collect();
    let composer = Composer { book, context, store: &store, edition: "" };
    let edition = edition(&composer, &fingerprints, before);
    let composer = Composer { edition: &edition, ..composer };
    let job = Job { composer, output: &output, before, fingerprints, hrefs };
    let mut after = build_book(&job)?;
    after.edition.clone_from(&edition);
    let mut problems = write_assets(&job);
    for (path, bytes) in &theme_files {
        problems.extend(output.put(path, bytes).err());
    }
    for asset in &book.assets {
        let (from, path) = (book.content.join(asset), asset.to_string_lossy());
        match output.copy_changed(&from, &path, &before.copied) {
            Ok(stamp) => after.copied.extend(stamp.map(|stamp| (path.into_owned(), stamp))),
            Err(problem) => problems.push(problem),
        }
    }
    if !problems.is_empty() {
        return Err(problems);
    }
    let committed = output.commit().map_err(one)?;
    after.stamps = committed.stamps;
    Ok((Built { pages: book.pages.len(), written: committed.written }, after))
}

/// Builds what is made from the book's pages where it is new or has changed; keeps the rest.
fn build_book(job: &Job<'_>) -> Result<BuildCache, Vec<Problem>> {
    let Job { composer, output, before, fingerprints, .. } = job;
    let book = composer.book;
    let pages: Vec<Fingerprint> = (0..book.pages.len())
        .into_par_iter()
        .map(|number| fingerprints.page(book, &composer.inputs(number)))
        .collect();
    let mut after = BuildCache::default();
    after.whole = fingerprints.whole(book, pages.iter());
    let kept = kept_pages(job, &pages);
    let is_same = after.whole == before.whole
        && kept.iter().all(Option::is_some)
        && output.keep(before.files.iter().map(String::as_str));
    if is_same {
        after.pages.clone_from(&before.pages);
        after.files.clone_from(&before.files);
        return Ok(after);
    }
    let (pages, files) = write_book(job, &kept)?;
    after.files = files;
    let paths = book.pages.iter().map(|page| page.path.as_str().to_owned());
    after.pages = paths.zip(pages).collect();
    Ok(after)
}

/// The pages of the build before that are still the same, with all of their files.
fn kept_pages<'a>(job: &Job<'a>, fingerprints: &[Fingerprint]) -> Vec<Option<&'a CachedPage>> {
    let book = job.composer.book;
    fingerprints
        .par_iter()
        .zip(&book.pages)
        .map(|(fingerprint, page)| {
            let kept = job.before.pages.get(page.path.as_str())?;
            let kept = Some(kept).filter(|kept| kept.fingerprint == *fingerprint)?;
            let kept = Some(kept).filter(|kept| are_unchanged(&kept.pictures, &book.content))?;
            job.output.keep(kept.files.iter().map(String::as_str)).then_some(kept)
        })
        .collect()
}

/// Writes the pages and what stands for the book as a whole; returns the pages, and the files of the whole.
fn write_book(
    job: &Job<'_>,
    kept: &[Option<&CachedPage>],
) -> Result<(Vec<CachedPage>, Vec<String>), Vec<Problem>> {
    let book = job.composer.book;
    std::thread::scope(|scope| {
        // `print.html` is written while everything else is made.
        let (sender, parts) = sync_channel(16);
        let print = book.config.output.html.print.enable;
        let old = File::open(job.output.site_file(PRINT)).ok();
        let old = old.filter(|_| job.output.is_unchanged(PRINT));
        let has_old = old.is_some() || !print;
        let printing = print.then(|| scope.spawn(move || write_print_page(job, parts, old.as_ref())));
        let mut pages = build_pages(job, kept, has_old, &sender)?;
        drop(sender);
        let (files, mut problems) = write_whole_files(job, &pages);
        let anchors = book.pages.iter().zip(&pages);
        problems.extend(anchor_collisions(
            anchors.map(|(page, built)| (page.path.as_str(), &*built.summary.anchors)),
        ));
        if let Some(printing) = printing {
            let places = printing.join().expect("a panic of the thread is reported by itself")?;
            for (page, place) in pages.iter_mut().zip(places) {
                page.part = place;
            }
        }
        if problems.is_empty() { Ok((pages, files)) } else { Err(problems) }
    })
}
