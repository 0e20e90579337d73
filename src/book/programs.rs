//! The programs that `[preprocessor]` and `[output]` of `book.toml` name.

use std::path::Path;

use super::model::Book;
use crate::messages::book as messages;
use crate::text::Problem;

/// Whether the programs that a book names may run, given their names.
pub type MayRun<'a> = &'a dyn Fn(&[String]) -> bool;

/// What becomes of a book whose preprocessors may not run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Untrusted {
    /// It is not loaded.
    Refuse,
    /// Its pages are as they are written.
    LeaveOut,
}

/// A table of book.toml that names a program.
#[derive(serde::Deserialize)]
pub(super) struct Program {
    command: Option<String>,
    #[serde(default)]
    pub(super) optional: bool,
}

impl Program {
    /// The command: what the table says, or mdBook's program of its name.
    pub(super) fn command(&self, name: &str) -> String {
        self.command.clone().unwrap_or_else(|| format!("mdbook-{name}"))
    }
}

/// The programs that a kind of table of book.toml names, with their names.
pub(super) fn commands(book: &Book, kind: &str) -> Result<Vec<(String, String)>, Problem> {
    let config = &book.config.mdbook;
    let tables = match kind {
        "preprocessor" => config.preprocessors::<Program>(),
        _ => config.outputs::<Program>(),
    };
    let tables = tables.map_err(|error| {
        Problem::new(messages::programs(kind, format!("{error:#}").trim_end()))
            .help(messages::programs_help())
    })?;
    // Of any other name a program is run, whatever the name is.
    let own = if kind == "preprocessor" { &["links", "index"][..] } else { &["html", "markdown", "haechi"] };
    let mut programs = Vec::new();
    for (name, table) in tables.into_iter().filter(|(name, _)| !own.contains(&name.as_str())) {
        let command = table.command(&name);
        if !table.optional || installed(&command, &book.root) {
            programs.push((name, command));
        }
    }
    Ok(programs)
}

/// Whether a command's program is there.
pub(super) fn installed(command: &str, root: &Path) -> bool {
    let Some(program) = command.split_whitespace().next() else { return false };
    which::which_in(program, std::env::var_os("PATH"), root).is_ok()
}

pub(super) fn untrusted(programs: &[String]) -> Problem {
    Problem::new(messages::untrusted(programs.join("`, `"))).help(messages::untrusted_help())
}
