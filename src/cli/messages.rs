//! What is printed for people, in their language.

use std::io::Write as _;

use crate::messages::{Language, Message, cli as messages};
use crate::nonce::Nonce;
use crate::text::{Problem, printable_lines};

pub(super) fn on_github() -> bool {
    std::env::var_os("GITHUB_ACTIONS").is_some()
}

/// Prints problems on standard error, each with its place and what to do.
pub(super) fn print_problems(problems: &[Problem]) {
    let language = Language::of_environment();
    if !problems.is_empty() {
        guarded(|| print_all(problems, language));
    }
}

fn print_all(problems: &[Problem], language: Language) {
    let mut printed = 0;
    for (number, problem) in problems.iter().enumerate() {
        if printed > MOST_PRINTED {
            eprintln!("  {}", translated(&messages::more_problems(problems.len() - number)));
            break;
        }
        let text = problem.render(language);
        printed += text.len();
        eprint!("{text}");
    }
}

/// Prints something to standard error in which, on GitHub, no line is a command to the runner: pages and
/// programs wrote a part of it.
pub(super) fn guarded(print: impl FnOnce()) {
    let guard = on_github().then(Nonce::new);
    let guard = guard.as_ref().map(Nonce::text);
    if let Some(guard) = guard {
        eprintln!("::stop-commands::{guard}");
    }
    print();
    if let Some(guard) = guard {
        eprintln!("::{guard}::");
    }
}

/// With so many bytes of problems the others are only counted: a page may have one in each word.
const MOST_PRINTED: usize = 1024 * 1024;

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
