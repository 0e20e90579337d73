//! Makes the pages that are not kept.

use std::collections::HashMap;
use std::sync::mpsc::SyncSender;
use std::sync::{Mutex, PoisonError};

use rayon::prelude::*;

use super::cached_page::CachedPage;
use super::job::{BuiltPage, Job, PrintSource};
use crate::site::page::PageOutput;
use crate::text::Problem;

/// How many pages are made before their parts of `print.html` are written.
const BATCH: usize = 128;

/// Makes and writes the pages that are not kept, and hands the parts of all on to `print.html`; `has_old`
/// says whether the parts of those that are kept can be read.
pub(super) fn build_pages(
    job: &Job<'_>,
    kept: &[Option<&CachedPage>],
    has_old: bool,
    parts: &SyncSender<PrintSource>,
) -> Result<Vec<CachedPage>, Vec<Problem>> {
    let (mut pages, mut problems) = (Vec::with_capacity(kept.len()), Vec::new());
    let numbers: Vec<usize> = (0..kept.len()).collect();
    // A part that is not in the old file is made anew, and so is a page whose index cannot be read.
    let reused =
        |number: usize| kept[number].filter(|page| has_old && page.index(&job.before.indexes).is_some());
    // Where few pages have changed, they are made while the indexes of the others are read.
    let changed: Vec<usize> = numbers.iter().copied().filter(|&number| kept[number].is_none()).collect();
    let few = changed.len() <= BATCH / 2;
    let (early, _) = rayon::join(
        || changed.into_par_iter().filter(|_| few).map(|number| (number, build_page(job, number))).collect(),
        || numbers.par_iter().filter(|&&number| reused(number).is_some()).count(),
    );
    let early: Mutex<HashMap<_, _>> = Mutex::new(early);
    let take_early = |number| early.lock().unwrap_or_else(PoisonError::into_inner).remove(&number);
    for batch in numbers.chunks(BATCH) {
        let done: Vec<_> = batch
            .par_iter()
            .map(|&number| match reused(number) {
                Some(page) => Ok(BuiltPage { part: PrintSource::Old(page.part), page: page.clone() }),
                None => take_early(number).unwrap_or_else(|| build_page(job, number)),
            })
            .collect();
        for built in done {
            match built {
                Ok(BuiltPage { part, page }) => {
                    // Nobody takes it where there is no such page.
                    let _ = parts.send(part);
                    pages.push(page);
                }
                Err(problem) => problems.push(problem),
            }
        }
    }
    if problems.is_empty() { Ok(pages) } else { Err(problems) }
}

/// Makes and writes a page.
fn build_page(job: &Job<'_>, number: usize) -> Result<BuiltPage, Problem> {
    // They are read anew, so that the fingerprint is that of what the page is made from.
    let inputs = job.composer.inputs(number);
    let fingerprint = job.fingerprints.page(job.composer.book, &inputs);
    let made = PageOutput::new(&job.composer, &inputs, &job.hrefs)?;
    let mut files = Vec::with_capacity(made.files.len());
    for (path, bytes) in made.files {
        job.output.put(&path, &bytes)?;
        files.push(path);
    }
    let page = CachedPage::new(fingerprint, made.pictures, files, made.summary, made.index);
    Ok(BuiltPage { part: PrintSource::New(made.print_part), page })
}
