//! Writes what stands for the book as a whole.

use std::path::Path;

use rayon::prelude::*;

use super::cached_page::CachedPage;
use super::job::Job;
use crate::site::output::Output;
use crate::site::proof::{BookStatus, badge_json, badge_svg};
use crate::site::search;
use crate::site::whole::{PRINT, PageMeta, metadata_files, rebase_to_root};
use crate::text::Problem;

/// What the scripts end with that hand over what a reader's screen is compared with; what all of them share.
const READER: &str = ".reader.js";
const READER_BOOK: &str = "reader.book.js";

/// A file of the site, or why there is none.
type NewFile = (String, Result<String, Problem>);

/// Writes the files; returns their paths, and what went wrong.
pub(super) fn write_whole_files(job: &Job<'_>, pages: &[CachedPage]) -> (Vec<String>, Vec<Problem>) {
    let html = &job.composer.book.config.output.html;
    let mut files = metadata(job, pages);
    files.extend(contents_and_status(job, pages));
    files.extend(entry_pages(job, pages));
    files.extend(search_index(job, pages));
    files.extend(job.composer.context.glossary.script().map(|script| ("terms.js".into(), Ok(script))));
    if pages.iter().any(|page| page.files.iter().any(|file| file.ends_with(READER))) {
        let context = job.composer.context;
        files.push((READER_BOOK.into(), Ok(context.errors.script(context.theme.words()))));
    }
    let mut paths: Vec<String> = files.iter().map(|(path, _)| path.clone()).collect();
    if html.print.enable {
        paths.push(PRINT.into());
    }
    let put = |(path, text): NewFile| text.and_then(|text| job.output.put(&path, text.as_bytes())).err();
    (paths, files.into_par_iter().filter_map(put).collect())
}

/// What machines read; a file of the book's own stands in for one of these.
fn metadata(job: &Job<'_>, pages: &[CachedPage]) -> Vec<NewFile> {
    let (book, context) = (job.composer.book, job.composer.context);
    let metas: Vec<PageMeta<'_>> = book
        .pages
        .iter()
        .zip(pages)
        .map(|(page, built)| PageMeta {
            href: &built.summary.href,
            source: page.path.as_str(),
            title: &built.summary.title,
            description: &built.summary.description,
            changed: context.git_dates.changed(page),
        })
        .collect();
    metadata_files(book, &metas)
        .into_iter()
        .filter(|(path, _)| !book.assets.iter().any(|asset| asset == Path::new(path)))
        .map(|(path, text)| (path.to_owned(), Ok(text)))
        .collect()
}

fn contents_and_status(job: &Job<'_>, pages: &[CachedPage]) -> Vec<NewFile> {
    let context = job.composer.context;
    let theme = &context.theme;
    let status = BookStatus::of(
        pages.iter().map(|page| (&*page.summary.href, &*page.summary.title, &page.summary.proofs)),
        theme.words(),
    );
    vec![
        ("toc.html".into(), theme.contents(&context.navigation)),
        ("toc-frame.html".into(), theme.framed_contents(&context.navigation)),
        ("toc.js".into(), Ok(context.navigation.script())),
        ("state.html".into(), theme.status(&status)),
        ("badge.svg".into(), Ok(badge_svg(&status))),
        ("badge.json".into(), Ok(badge_json(&status))),
    ]
}

/// The first page, and the page for addresses that lead nowhere, where the book has none of that name.
fn entry_pages(job: &Job<'_>, pages: &[CachedPage]) -> Vec<NewFile> {
    let (book, theme) = (job.composer.book, &job.composer.context.theme);
    let mut files = Vec::new();
    if book.config.output.html.input_404.as_deref() != Some("") && !job.hrefs.contains("404.html") {
        let content = job.composer.not_found_content();
        files.push(("404.html".into(), theme.not_found(book, content.as_deref())));
    }
    if let (Some(first), false) = (pages.first(), job.hrefs.contains("index.html")) {
        files.push(("index.html".into(), index_page(job.output, &first.summary.href)));
    }
    files
}

/// The site's first page: the first page of the book, as mdBook has it.
fn index_page(output: &Output<'_>, first: &str) -> Result<String, Problem> {
    let html = output.read(first)?;
    Ok(match first.rsplit_once('/') {
        Some((folder, _)) => rebase_to_root(&html, folder),
        None => html,
    })
}

fn search_index(job: &Job<'_>, pages: &[CachedPage]) -> Vec<NewFile> {
    if !search::is_enabled(job.composer.book) {
        return Vec::new();
    }
    let indexes: Vec<_> = pages.iter().filter_map(|page| page.index(&job.before.indexes)).collect();
    let indexes: Vec<_> = indexes.iter().map(|index| &**index).enumerate().collect();
    let synonyms = search::synonyms(job.composer.book);
    search::index(&indexes, &synonyms).into_iter().map(|(path, script)| (path, Ok(script))).collect()
}
