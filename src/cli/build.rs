//! `haechi build`

use std::path::{Path, PathBuf};

use super::arguments::Build;
use super::{Exit, load, print_message, print_problems, runtime, trust};
use crate::book::Book;
use crate::messages::{cli as messages, count};
use crate::site::{self, LiveReload};
use crate::text::Problem;

/// Builds the site.
pub(super) fn build(options: &Build) -> Exit {
    let mut book = match load(&options.book, options.trust) {
        Ok(book) => book,
        Err(exit) => return exit,
    };
    book.trusted_refs.clone_from(&options.evidence.refs);
    if let Some(folder) = &options.dest_dir {
        book.build_into(folder);
    }
    match write(&mut book, options) {
        Ok(()) => Exit::Good,
        Err(problems) => {
            print_problems(&problems);
            Exit::Findings
        }
    }
}

/// Writes the site and whatever else was asked for.
fn write(book: &mut Book, options: &Build) -> Result<(), Vec<Problem>> {
    if options.card {
        draw_card(book).map_err(|problem| vec![problem])?;
    }
    let destination = book.destination();
    book.check_build_dir(options.dest_dir.is_some()).map_err(|problem| vec![problem])?;
    let built = site::build(book, &destination, LiveReload::Off)?;
    let here = std::env::current_dir().unwrap_or_default();
    let shown = destination.strip_prefix(&here).unwrap_or(&destination);
    let shown = shown.strip_prefix("./").unwrap_or(shown);
    let (pages, file) = (count::pages(built.pages), shown.join("index.html"));
    print_message(&messages::built_with_changes(pages, file.display(), built.written));
    if options.pdf {
        print_pdf(&destination).map_err(|problem| vec![problem])?;
        print_message(&messages::pdf(shown.join("print.pdf").display()));
    }
    let names = book
        .render_others(&|commands| trust::may_run(&book.root, commands, options.trust))
        .map_err(|problem| vec![problem])?;
    names.iter().for_each(|name| print_message(&messages::renderer(name)));
    Ok(())
}

/// Draws the book's card, which then is one of its files.
fn draw_card(book: &mut Book) -> Result<(), Problem> {
    let file = runtime()?.block_on(site::draw_card(book))?;
    print_message(&messages::card(file.display()));
    let asset = PathBuf::from(file.file_name().unwrap_or_default());
    if !book.assets.contains(&asset) {
        book.assets.push(asset);
    }
    Ok(())
}

fn print_pdf(site: &Path) -> Result<PathBuf, Problem> {
    runtime()?.block_on(site::print_pdf(site))
}
