//! What is printed for people, in their language.

use std::io::Write as _;

use crate::messages::{Language, Message, cli as messages};
use crate::text::{Problem, printable_lines};

/// Prints problems on standard error, each with its place and what to do.
pub(super) fn print_problems(problems: &[Problem]) {
    let language = Language::of_environment();
    for problem in problems {
        eprint!("{}", problem.render(language));
    }
}

/// Prints a message on standard output. A reader that has gone away, as in `haechi … | head`, is not an
/// error.
pub(super) fn print_message(message: &Message) {
    let _ = writeln!(std::io::stdout(), "{}", translated(message));
}

/// The message as this machine's people read it; nothing in it speaks to the terminal.
pub(super) fn translated(message: &Message) -> String {
    printable_lines(message.text(Language::of_environment()))
}

/// The most warnings that are shown where more than warnings is to be seen.
const WARNINGS: usize = 5;

/// Prints warnings, the first of them if there are many.
pub(super) fn warn(warnings: &[Problem]) {
    print_problems(&warnings[..warnings.len().min(WARNINGS)]);
    if warnings.len() > WARNINGS {
        eprintln!("  {}", translated(&messages::more_warnings(warnings.len() - WARNINGS)));
    }
}
