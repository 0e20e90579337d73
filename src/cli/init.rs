//! `haechi init`

use std::io::{BufRead, IsTerminal, Write as _};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use super::arguments::Init;
use super::bless::print_difference;
use super::check::counted;
use super::{Exit, print_problems};
use crate::init::{Change, Content, Found, Plan, Reading, Survey, Wishes, plan};
use crate::text::{Problem, printable, printable_lines};

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
        return Err(one(Problem::new(format!("there is no folder {}", options.dir.display()))
            .help("name a folder of the repository; `haechi new DIR` makes a new book")));
    }
    let survey = Survey::of(&options.dir)?;
    describe(&survey);
    if survey.found == Found::Nothing {
        return Err(one(Problem::new("there is no README.md, no docs and no book here")
            .help("write one, or let `haechi new DIR` make a book to start from")));
    }
    let wishes = Wishes { ci: options.ci, hook: options.hook, action: options.action.clone() };
    let Plan { changes, notes } = plan(&survey, &wishes).map_err(one)?;
    for change in &changes {
        let verb = if matches!(change.content, Content::Added { .. }) { "add to" } else { "write" };
        say!("{verb} {}: it {}", shown(&survey, &change.path), change.why);
    }
    notes.iter().for_each(|note| say!("note: {}", printable_lines(note)));
    if options.dry_run {
        for change in &changes {
            let (old, new) = change.content.texts();
            print_difference(&relative(&survey, &change.path), old, &new);
        }
        return Ok(Exit::Good);
    }
    let agreed = changes.is_empty() || options.yes || ask(changes.len()).map_err(one)?;
    if !agreed {
        say!("nothing is written");
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
            true => "the top folder".to_owned(),
            false => printable(&path.to_string_lossy()),
        };
        paths.iter().take(3).map(name).collect::<Vec<_>>().join(", ")
            + if paths.len() > 3 { " …" } else { "" }
    };
    match &survey.found {
        Found::Books(books, pages) if pages.is_empty() => say!("found a book in {}", named(books)),
        Found::Books(books, pages) => say!("found a book in {}, and {}", named(books), named(pages)),
        Found::Summary(folder) => {
            say!("found SUMMARY.md in {}, with no book.toml", named(std::slice::from_ref(folder)))
        }
        Found::Pages(pages) => say!("found {}", named(pages)),
        Found::Nothing => {}
    }
    let Reading { pages, with_commands, commands, runnable, reasons, misread } = &survey.reading;
    say!(
        "{}, {with_commands} with commands: {}, {runnable} of them would be run",
        counted(*pages, "page"),
        counted(*commands, "command")
    );
    let mut reasons: Vec<_> = reasons.iter().collect();
    reasons.sort_by_key(|(_, count)| std::cmp::Reverse(**count));
    for (why, count) in reasons {
        say!("  {count} not run: {}", printable(why));
    }
    if *misread > 0 {
        say!(
            "  {} with a mistake in a fence or a directive: `haechi verify` shows it",
            counted(*misread, "page")
        );
    }
}

fn ask(count: usize) -> Result<bool, Problem> {
    if !(std::io::stdin().is_terminal() && std::io::stderr().is_terminal()) {
        return Err(Problem::new("there is no terminal to ask on, so nothing is written")
            .help("--yes writes it, --dry-run shows it"));
    }
    let files = if count == 1 { "this file".to_owned() } else { format!("these {count} files") };
    eprint!("Write {files}? [y/n] ");
    let _ = std::io::stderr().flush();
    let mut answer = String::new();
    let _ = std::io::stdin().lock().read_line(&mut answer);
    Ok(matches!(answer.trim(), "y" | "yes" | "예" | "ㅛ"))
}

/// Writes a file. One that came, or changed, since it was looked at is left alone.
fn write(change: &Change) -> Result<(), Problem> {
    let (old, new) = change.content.texts();
    let path = &change.path;
    let failed = |error: std::io::Error| Problem::file("write", path, &error);
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
    say!("next: {}", printable(&verify));
    say!("then commit the files and the folder `evidence`, which says what was seen");
}

fn relative(survey: &Survey, path: &Path) -> PathBuf {
    path.strip_prefix(&survey.root).unwrap_or(path).to_owned()
}

fn shown(survey: &Survey, path: &Path) -> String {
    printable(&relative(survey, path).to_string_lossy())
}
