//! The command line: arguments in, exit code out.
//!
//! 0: all is well; 1: something is false, or a page cannot be built; 2: usage or configuration;
//! 3: no engine; 130: interrupted.

/// Prints to standard output like `print!`, but a reader that has gone away, as in `haechi … | head`,
/// is no error.
macro_rules! tell {
    ($($text:tt)*) => {{
        use std::io::Write as _;
        let _ = write!(std::io::stdout(), $($text)*).and_then(|()| std::io::stdout().flush());
    }};
}

/// Prints a line to standard output in the same way.
macro_rules! say {
    ($($text:tt)*) => {{
        use std::io::Write as _;
        let _ = writeln!(std::io::stdout(), $($text)*);
    }};
}

mod arguments;
mod backend;
mod bless;
mod build;
mod check;
mod new;
mod report;
mod serve;
mod targets;
mod trust;
mod verify;

use std::path::Path;
use std::process::ExitCode;

use clap::Parser;

use crate::book::Book;
use crate::text::Problem;
use arguments::{Arguments, Command};
pub use backend::backend;
use targets::load_targets;

/// How a command ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Exit {
    Good = 0,
    Findings = 1,
    Usage = 2,
    NoEngine = 3,
    Interrupted = 130,
}

/// Runs the command that the arguments name.
pub fn main() -> ExitCode {
    if let Some(exit) = keeper() {
        return exit;
    }
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => {
            let _ = error.print();
            return ExitCode::from(if error.use_stderr() { Exit::Usage as u8 } else { 0 });
        }
    };
    let exit = match arguments.command {
        Command::New { dir } => new::new(&dir),
        Command::Build(options) => build::build(&options),
        Command::Serve(options) => serve::serve(*options),
        Command::Verify(options) => verify::verify(&options),
        Command::Bless(options) => bless::bless(&options),
        Command::Report(command) => report::report(&command),
        Command::Check { book, trust } => check::check(&book, trust),
    };
    ExitCode::from(exit as u8)
}

/// Where haechi has started itself to end all that a page starts: does that.
fn keeper() -> Option<ExitCode> {
    #[cfg(target_os = "linux")]
    {
        let mut words = std::env::args_os().skip(1);
        if words.next().is_some_and(|word| word == crate::sandbox::KEEP) {
            return Some(crate::sandbox::keep(&words.collect::<Vec<_>>()));
        }
    }
    None
}

/// What waits for engines, browsers and connections.
fn runtime() -> Result<tokio::runtime::Runtime, Problem> {
    let made = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    made.map_err(|error| Problem::new(format!("cannot start: {error}")))
}

/// Prints problems, each with its place and what to do.
fn complain(problems: &[Problem]) {
    for problem in problems {
        eprint!("{}", problem.render());
    }
}

/// The most warnings that are shown where more than warnings is to be seen.
const WARNINGS: usize = 5;

/// Prints warnings, the first of them if there are many.
fn warn(warnings: &[Problem]) {
    complain(&warnings[..warnings.len().min(WARNINGS)]);
    if warnings.len() > WARNINGS {
        eprintln!("  and {} more warnings: `haechi check` shows them all", warnings.len() - WARNINGS);
    }
}

/// The book in a folder, or in the folder of a `book.toml`.
fn load(path: &Path, trust: bool) -> Result<Book, Exit> {
    let root = if path.file_name().is_some_and(|name| name == "book.toml") {
        path.parent().unwrap_or(Path::new("."))
    } else {
        path
    };
    let book = Book::load(root, &|commands| trust::may_run(root, commands, trust)).map_err(|problems| {
        complain(&problems);
        Exit::Usage
    })?;
    warn(&book.warnings);
    Ok(book)
}
