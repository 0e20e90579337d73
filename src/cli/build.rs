//! `haechi build`

use std::path::{Path, PathBuf};

use super::arguments::Build;
use super::{Exit, load, print_message, print_problems, runtime, trust};
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
    if options.card {
        match runtime().and_then(|runtime| runtime.block_on(site::draw_card(&book))) {
            Ok(file) => {
                print_message(&messages::card(file.display()));
                let asset = PathBuf::from(file.file_name().unwrap_or_default());
                if !book.assets.contains(&asset) {
                    book.assets.push(asset);
                }
            }
            Err(problem) => {
                print_problems(&[problem]);
                return Exit::Findings;
            }
        }
    }
    let destination = book.destination();
    let here = std::env::current_dir().unwrap_or_default();
    let shown = destination.strip_prefix(&here).unwrap_or(&destination);
    let shown = shown.strip_prefix("./").unwrap_or(shown);
    match site::build(&book, &destination, LiveReload::Off) {
        Ok(built) => {
            let (pages, file) = (count::pages(built.pages), shown.join("index.html"));
            print_message(&messages::built_with_changes(pages, file.display(), built.written));
            if options.pdf {
                match print(&destination) {
                    Ok(_) => print_message(&messages::pdf(shown.join("print.pdf").display())),
                    Err(problem) => {
                        print_problems(&[problem]);
                        return Exit::Findings;
                    }
                }
            }
            match book.render_others(&|commands| trust::may_run(&book.root, commands, options.trust)) {
                Ok(names) => {
                    names.iter().for_each(|name| print_message(&messages::renderer(name)));
                    Exit::Good
                }
                Err(problem) => {
                    print_problems(&[problem]);
                    Exit::Findings
                }
            }
        }
        Err(problems) => {
            print_problems(&problems);
            Exit::Findings
        }
    }
}

fn print(site: &Path) -> Result<PathBuf, Problem> {
    runtime()?.block_on(site::print_pdf(site))
}
