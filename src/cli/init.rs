//! `haechi init`

use std::io::{BufRead, IsTerminal, Write as _};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use super::arguments::Init;
use super::bless::print_difference;
use super::{Exit, print_message, print_problems, translated};
use crate::init::{Change, Content, Found, Plan, Reading, Survey, Wishes, plan};
use crate::messages::{Message, count, init as messages};
use crate::text::Problem;

/// Says what there is to verify, and writes what a repository needs for it.
pub(super) fn init(options: &Init) -> Exit {
    match prepare(options) {
        Ok(exit) => exit,
        Err(problems) => {
            print_problems(&problems);
            Exit::Usage
        }
    }
}

fn prepare(options: &Init) -> Result<Exit, Vec<Problem>> {
    let one = |problem: Problem| vec![problem];
    if !options.dir.is_dir() {
        return Err(one(
            Problem::new(messages::no_folder(options.dir.display())).help(messages::no_folder_help())
        ));
    }
    let survey = Survey::of(&options.dir)?;
    describe(&survey);
    if survey.found == Found::Nothing {
        return Err(one(Problem::new(messages::nothing_here()).help(messages::nothing_here_help())));
    }
    let wishes = Wishes { ci: options.ci, hook: options.hook, action: options.action.clone() };
    let Plan { changes, notes } = plan(&survey, &wishes).map_err(one)?;
    for change in &changes {
        let path = relative(&survey, &change.path);
        print_message(&match change.content {
            Content::Added { .. } => messages::add_to(path.display(), &change.why),
            _ => messages::write(path.display(), &change.why),
        });
    }
    notes.iter().for_each(|note| print_message(&messages::note(note)));
    if options.dry_run {
        for change in &changes {
            let (old, new) = change.content.texts();
            print_difference(&relative(&survey, &change.path), old, &new);
        }
        return Ok(Exit::Good);
    }
    let agreed = changes.is_empty() || options.yes || ask(changes.len()).map_err(one)?;
    if !agreed {
        print_message(&messages::nothing_written());
        return Ok(Exit::Good);
    }
    for change in &changes {
        write(change).map_err(one)?;
    }
    next(&survey);
    Ok(Exit::Good)
}

/// What was found, and how it is read.
fn describe(survey: &Survey) {
    let named = |paths: &[PathBuf]| {
        let name = |path: &PathBuf| match path.as_os_str().is_empty() {
            true => messages::top_folder(),
            false => Message::verbatim(path.display()),
        };
        let more = (paths.len() > 3).then(|| Message::verbatim("…"));
        Message::joined(paths.iter().take(3).map(name).chain(more), ", ")
    };
    let found = match &survey.found {
        Found::Books(books, pages) if pages.is_empty() => Some(messages::found_books(named(books))),
        Found::Books(books, pages) => Some(messages::found_books_and_pages(named(books), named(pages))),
        Found::Summary(folder) => Some(messages::found_summary(named(std::slice::from_ref(folder)))),
        Found::Pages(pages) => Some(messages::found_pages(named(pages))),
        Found::Nothing => None,
    };
    found.iter().for_each(print_message);
    let Reading { pages, with_commands, commands, runnable, reasons, misread } = &survey.reading;
    let (pages, commands) = (count::pages(*pages), count::commands(*commands));
    print_message(&messages::reading(pages, with_commands, commands, runnable));
    let mut reasons: Vec<_> = reasons.values().collect();
    reasons.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    for (why, count) in reasons {
        print_message(&messages::not_run(count, why));
    }
    if *misread > 0 {
        print_message(&messages::misread(count::pages(*misread)));
    }
}

fn ask(count: usize) -> Result<bool, Problem> {
    if !(std::io::stdin().is_terminal() && std::io::stderr().is_terminal()) {
        return Err(Problem::new(messages::no_terminal()).help(messages::no_terminal_help()));
    }
    let question = if count == 1 { messages::ask_one() } else { messages::ask_many(count) };
    eprint!("{}", translated(&question));
    let _ = std::io::stderr().flush();
    let mut answer = String::new();
    let _ = std::io::stdin().lock().read_line(&mut answer);
    Ok(matches!(answer.trim(), "y" | "yes" | "예" | "ㅛ"))
}

/// Writes a file. One that came, or changed, since it was looked at is left alone.
fn write(change: &Change) -> Result<(), Problem> {
    let (old, new) = change.content.texts();
    let path = &change.path;
    let failed = |error: std::io::Error| Problem::cannot_write(path, &error);
    if matches!(change.content, Content::Added { .. }) {
        super::bless::write(path, old, &new)?;
    } else {
        let folder = path.parent().unwrap_or(Path::new("."));
        std::fs::create_dir_all(folder).map_err(failed)?;
        let mut file = std::fs::File::create_new(path).map_err(failed)?;
        file.write_all(new.as_bytes()).map_err(failed)?;
    }
    if matches!(change.content, Content::Program(_)) {
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o755)).map_err(failed)?;
    }
    Ok(())
}

fn next(survey: &Survey) {
    let paths: Vec<String> = survey.paths().iter().map(|path| path.display().to_string()).collect();
    let verify = ["haechi verify".to_owned()].into_iter().chain(paths).collect::<Vec<_>>().join(" ");
    print_message(&messages::next(verify));
    print_message(&messages::then_commit());
}

fn relative(survey: &Survey, path: &Path) -> PathBuf {
    path.strip_prefix(&survey.root).unwrap_or(path).to_owned()
}
