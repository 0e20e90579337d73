//! `mdbook-haechi`: verifies and builds a book that mdBook has loaded.

use std::io::IsTerminal;
use std::process::ExitCode;

use clap::Parser;
use mdbook_renderer::RenderContext;

use super::arguments::{Arguments, Command};
use super::{Exit, print_message, print_problems, verify, warn};
use crate::book::Book;
use crate::messages::{cli as messages, count};
use crate::site::{self, LiveReload};
use crate::text::Problem;

const USAGE: &str = "\
mdbook-haechi is a backend of mdBook: it runs the snippets of the book, compares what they print with the
page, and builds haechi's site; `mdbook build` fails when a page fails.

    [output.haechi]

in book.toml asks for it, and takes the settings that [verify] has for `haechi` alone. What a sandbox may
use is said by HAECHI_MEMORY and the like: see `haechi verify --help`.";

/// Does what mdBook asks for on standard input.
pub fn backend() -> ExitCode {
    if let Some(exit) = super::keeper::run_if_asked() {
        return exit;
    }
    if std::env::args().len() > 1 || std::io::stdin().is_terminal() {
        println!("{USAGE}");
        let asked = std::env::args().nth(1).is_some_and(|argument| argument == "--help" || argument == "-h");
        return ExitCode::from(if asked { Exit::Good } else { Exit::Usage } as u8);
    }
    ExitCode::from(run() as u8)
}

fn run() -> Exit {
    let fail = |problems: &[Problem]| {
        print_problems(problems);
        Exit::Usage
    };
    let context = match RenderContext::from_json(std::io::stdin().lock()) {
        Ok(context) => context,
        Err(error) => {
            return fail(&[Problem::new(messages::not_from_mdbook(format!("{error:#}")))
                .help(messages::not_from_mdbook_help())]);
        }
    };
    let mut book = match Book::of_mdbook(&context) {
        Ok(book) => book,
        Err(problems) => return fail(&problems),
    };
    warn(&[&book.unsupported[..], &book.warnings[..]].concat());
    // As `haechi verify` alone: its settings come from the environment.
    let Ok(Arguments { command: Command::Verify(arguments) }) =
        Arguments::try_parse_from(["haechi", "verify"])
    else {
        return fail(&[Problem::new(messages::bad_variable()).help(messages::bad_variable_help())]);
    };
    arguments.sandbox.apply_to(&mut book);
    book.trusted_refs.clone_from(&arguments.evidence.refs);
    let verified = verify::verify_books(std::slice::from_ref(&book), &arguments);
    match site::build(&book, &context.destination, LiveReload::Off) {
        Ok(built) => {
            let file = context.destination.join("index.html");
            print_message(&messages::built(count::pages(built.pages), file.display()));
            verified
        }
        Err(problems) => {
            print_problems(&problems);
            Exit::Findings
        }
    }
}
