//! What an installation has besides the program: completions and manual pages, made from the arguments.

use std::io::Write;
use std::path::Path;

use clap_complete::Shell;

use super::arguments::command;
use super::{Exit, print_problems};
use crate::messages::file;
use crate::text::Problem;

/// Prints a shell's completions.
pub(super) fn completions(shell: Shell) -> Exit {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut command(), "haechi", &mut script);
    // A reader that has gone away is no error.
    let _ = std::io::stdout().write_all(&script);
    Exit::Good
}

/// Writes `haechi.1` and a page for each command.
pub(super) fn man(dir: &Path) -> Exit {
    let written = std::fs::create_dir_all(dir).and_then(|()| clap_mangen::generate_to(command(), dir));
    match written {
        Ok(()) => Exit::Good,
        Err(error) => {
            print_problems(&[Problem::new(file::cannot_write_man(dir.display(), file::reason(&error)))
                .help(file::write_help())]);
            Exit::Usage
        }
    }
}
