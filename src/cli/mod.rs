//! The command line: arguments in, exit code out.
//!
//! 0: all is well; 1: something fails, or a page cannot be built; 2: usage or configuration;
//! 3: no engine; 130: interrupted.

/// Prints to standard output like `print!`, but a reader that has gone away, as in `haechi … | head`,
/// is not an error.
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
mod engine;
mod exit;
mod init;
mod install;
mod keeper;
mod messages;
mod new;
mod output;
mod report;
mod run;
mod runtime;
mod serve;
mod targets;
mod trust;
mod verify;

use std::path::Path;
use std::process::ExitCode;

use clap::Parser as _;

pub use arguments::command;
use arguments::{Arguments, Command};
pub use backend::backend;
use exit::Exit;
use messages::{print_message, print_problems, translated, warn};
use runtime::runtime;
use targets::load;

/// Runs the command that the arguments name.
pub fn main() -> ExitCode {
    if let Some(exit) = keeper::run_if_asked() {
        return exit;
    }
    // A link of this name makes one program both.
    let name = std::env::args_os().next();
    if name.is_some_and(|name| Path::new(&name).file_stem().is_some_and(|name| name == "mdbook-haechi")) {
        return backend();
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
        Command::Init(options) => init::init(&options),
        Command::Build(options) => build::build(&options),
        Command::Serve(options) => serve::serve(*options),
        Command::Verify(options) => verify::verify(&options),
        Command::Bless(options) => bless::bless(&options),
        Command::Engine(command) => engine::engine(&command),
        Command::Report(command) => report::report(&command),
        Command::Completions { shell } => install::completions(shell),
        Command::Man { dir } => install::man(&dir),
        Command::Check(options) => check::check(&options),
    };
    ExitCode::from(exit as u8)
}
