//! Files of the site that `book.toml` asks for: styles, scripts and the icon of the book, the name of its
//! host, pages at addresses that were left.

use std::path::Path;

use super::job::Job;
use crate::book::Book;
use crate::checkout::Checkout;
use crate::messages::site as messages;
use crate::site::output::Output;
use crate::site::theme::{icon, own_files};
use crate::site::whole::Redirects;
use crate::text::Problem;

/// Writes the files; returns what went wrong.
pub(super) fn write_assets(job: &Job<'_>) -> Vec<Problem> {
    let Job { composer, output, hrefs: pages, .. } = job;
    let context = composer.context;
    let mut problems = write_own_files(composer.book, output);
    for (from, targets) in context.redirects.iter() {
        if let Some(problem) = Redirects::problem(from, targets, pages) {
            problems.push(problem);
            continue;
        }
        if pages.contains(from) {
            // The page itself leads on from the fragments that have left it.
            continue;
        }
        // Without a target of the whole page, its fragments still lead on.
        let whole = targets.get("").or_else(|| targets.values().next());
        let written = whole.map(|to| {
            context.theme.redirect(from, to, targets).and_then(|text| output.put(from, text.as_bytes()))
        });
        problems.extend(written.and_then(Result::err));
    }
    problems
}

fn write_own_files(book: &Book, output: &Output<'_>) -> Vec<Problem> {
    let html = &book.config.output.html;
    let mut problems = Vec::new();
    let checkout = Checkout::around(&book.root);
    let copy = |from: &Path, path: &str| {
        checkout.refuse_outside(from)?;
        output.copy(from, path)
    };
    for file in own_files(book) {
        let copied = copy(&book.root.join(&file), &file.to_string_lossy());
        problems.extend(copied.err().map(|problem| problem.help(messages::own_files_help())));
    }
    if let Some(name) = icon(book) {
        problems.extend(copy(&html.theme_dir(&book.root).join(name), name).err());
    }
    let has_own = book.assets.iter().any(|asset| asset == Path::new("CNAME"));
    if let Some(name) = html.cname.as_ref().filter(|_| !has_own) {
        problems.extend(output.put("CNAME", format!("{name}\n").as_bytes()).err());
    }
    problems
}
