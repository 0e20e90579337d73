//! `haechi bless`

use std::io::{BufRead, Write as _};
use std::path::Path;

use similar::TextDiff;

use super::arguments::Bless;
use super::run::Part;
use super::targets::load_targets;
use super::{Exit, print_message, print_problems, translated};
use crate::bless::{Edit, apply, edits};
use crate::book::Book;
use crate::messages::{Language, bless as messages, file};
use crate::report::failures;
use crate::text::{Problem, Source, printable};
use crate::verify::{Options, PageResult};

/// Runs the snippets and writes what the screens said into the blocks that are false.
pub(super) fn bless(arguments: &Bless) -> Exit {
    let books = match load_targets(&arguments.paths, &arguments.sandbox) {
        Ok(books) => books,
        Err(exit) => return exit,
    };
    if let Err(exit) = super::trust::ensure_trusted(&arguments.sandbox) {
        return exit;
    }
    let mut left = false;
    for book in &books {
        let options = Options::usual(arguments.sandbox.page_timeout, arguments.sandbox.timeout_multiplier);
        let run = match super::run::run(std::slice::from_ref(book), Part::WHOLE, &options, &arguments.sandbox)
        {
            Ok(run) => run,
            Err(exit) => return exit,
        };
        if let Some(problem) = run.stopped {
            print_problems(&[problem]);
            return Exit::NoEngine;
        }
        print_problems(&run.unwritten);
        for page in &run.results {
            match bless_page(book, page, arguments) {
                Ok(all_true) => left |= !all_true,
                Err(problem) => {
                    print_problems(&[problem]);
                    return Exit::Usage;
                }
            }
        }
    }
    if left { Exit::Findings } else { Exit::Good }
}

/// Says whether nothing on the page is left to fix by hand.
fn bless_page(book: &Book, page: &PageResult, arguments: &Bless) -> Result<bool, Problem> {
    let (mut edits, elsewhere) = in_file(&page.source, &edits(page, &book.config.verify));
    print_problems(&elsewhere);
    let fixable =
        page.steps.iter().enumerate().filter(|(number, step)| {
            !step.verdict.is_good() && !edits.iter().any(|edit| edit.step == *number)
        });
    let all_true = fixable.count() == 0;
    if !all_true {
        eprint!("{}", failures(page, Language::of_environment()));
    }
    if arguments.review {
        edits = review(page, edits)?;
    }
    if edits.is_empty() {
        return Ok(all_true);
    }
    let old = page.source.written();
    let new = apply(old, &edits);
    if arguments.dry_run {
        print_difference(&page.source.path, old, &new);
        return Ok(all_true);
    }
    write(&page.source.path, old, &new)?;
    let blocks = edits.iter().map(|edit| edit.step).collect::<std::collections::BTreeSet<_>>().len();
    print_message(&messages::rewritten(page.source.path.display(), blocks));
    Ok(all_true)
}

/// The edits as bytes of the file, without those of blocks that come from elsewhere: for each of these
/// a problem.
fn in_file(source: &Source, edits: &[Edit]) -> (Vec<Edit>, Vec<Problem>) {
    let (mut kept, mut problems) = (Vec::new(), Vec::new());
    for block in edits.chunk_by(|one, next| one.step == next.step) {
        let moved: Option<Vec<_>> = block
            .iter()
            .map(|edit| Some(Edit { range: source.in_file(edit.range.clone())?, ..edit.clone() }))
            .collect();
        match moved {
            Some(moved) => kept.extend(moved),
            None => problems.push(
                Problem::new(messages::not_in_page())
                    .help(messages::not_in_page_help())
                    .at(source, block[0].range.clone()),
            ),
        }
    }
    (kept, problems)
}

pub(super) fn print_difference(path: &Path, old: &str, new: &str) {
    let name = path.to_string_lossy();
    let diff = TextDiff::from_lines(old, new);
    for line in diff.unified_diff().header(&name, &name).to_string().lines() {
        say!("{}", printable(line));
    }
}

/// Asks for each block in turn.
fn review(page: &PageResult, edits: Vec<Edit>) -> Result<Vec<Edit>, Problem> {
    let mut kept = Vec::new();
    let mut rest = edits.as_slice();
    let mut answers = std::io::stdin().lock().lines();
    while let Some(first) = rest.first() {
        let (block, after) = rest.split_at(rest.iter().take_while(|edit| edit.step == first.step).count());
        rest = after;
        let old = page.source.written();
        print_difference(&page.source.path, old, &apply(old, block));
        tell!("{}", translated(&messages::ask()));
        let failed = |error: std::io::Error| {
            Problem::new(messages::cannot_ask(file::reason(&error))).help(messages::cannot_ask_help())
        };
        std::io::stdout().flush().map_err(failed)?;
        match answers.next().transpose().map_err(failed)?.as_deref().map(str::trim) {
            Some("y" | "yes" | "ㅛ" | "예") => kept.extend_from_slice(block),
            Some("q") | None => break,
            Some(_) => {}
        }
    }
    Ok(kept)
}

/// Writes the whole file to a neighbour and renames it; refuses if the page changed meanwhile.
pub(super) fn write(path: &Path, old: &str, new: &str) -> Result<(), Problem> {
    let failed = |error: std::io::Error| Problem::cannot_write(path, &error);
    if std::fs::read(path).map_err(failed)? != old.as_bytes() {
        return Err(Problem::new(messages::changed(path.display())).help(messages::changed_help()));
    }
    crate::files::sweep(path.parent().unwrap_or(Path::new(".")));
    crate::files::write(path, new.as_bytes()).map_err(failed)
}
