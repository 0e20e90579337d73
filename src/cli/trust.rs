//! Whether a book may run programs of this machine. The answer is remembered for what would run: when the
//! program or `book.toml` becomes another, or the book itself contains what runs, it is asked again.

use std::ffi::OsStr;
use std::fs::File;
use std::io::{BufRead, IsTerminal, Write as _};
use std::path::{Path, PathBuf};

use super::arguments::{EngineKind, SandboxArgs};
use super::{Exit, print_problems, translated};
use crate::messages::{Message, cli as messages, file as file_messages};
use crate::text::Problem;

/// This machine is lent to pages only by somebody at the command line.
pub(super) fn ensure_trusted(sandbox: &SandboxArgs) -> Result<(), Exit> {
    if sandbox.engine == EngineKind::Docker || sandbox.trust {
        return Ok(());
    }
    print_problems(&[
        Problem::new(messages::local_without_trust()).help(messages::local_without_trust_help())
    ]);
    Err(Exit::Usage)
}

/// The answer for a book and the commands that it names.
pub(super) fn may_run(root: &Path, commands: &[String], said: bool) -> bool {
    if said {
        return true;
    }
    let path = std::env::var_os("PATH").unwrap_or_default();
    let line = what_runs(root, commands, &path).map(|content| {
        let root = std::fs::canonicalize(root).unwrap_or_else(|_| root.to_owned());
        serde_json::json!([root.to_string_lossy(), commands, content]).to_string()
    });
    let file = crate::files::state_folder().map(|folder| folder.join("trusted"));
    let known = file.as_ref().and_then(|file| std::fs::read_to_string(file).ok()).unwrap_or_default();
    if line.as_ref().is_some_and(|line| known.lines().any(|known| known == line)) {
        return true;
    }
    if !(std::io::stdin().is_terminal() && std::io::stderr().is_terminal()) {
        return false;
    }
    let remembered = line.zip(file);
    let question = match remembered {
        Some(_) => messages::ask_now_and_later(commands.join("`, `")),
        None => messages::ask_this_time(commands.join("`, `")),
    };
    if !is_agreed(&question) {
        return false;
    }
    if let Some((line, file)) = remembered
        && let Err(error) = crate::files::write(&file, format!("{known}{line}\n").as_bytes())
    {
        eprintln!("{}", translated(&messages::not_remembered(file.display(), file_messages::reason(&error))));
    }
    true
}

/// Asks on the terminal, and waits for the answer.
fn is_agreed(question: &Message) -> bool {
    eprint!("{}", translated(question));
    let _ = std::io::stderr().flush();
    let mut answer = String::new();
    let _ = std::io::stdin().lock().read_line(&mut answer);
    matches!(answer.trim(), "y" | "yes" | "예" | "ㅛ")
}

/// A hash of what would run: the programs, and the settings that steer them. `None` where that is not
/// known: a program in the repository can read any other file there, so can one that is given arguments,
/// and a shell or `make` runs what it finds. What was made for mdBook reads the book and its settings.
fn what_runs(root: &Path, commands: &[String], path: &OsStr) -> Option<String> {
    let root = std::fs::canonicalize(root).ok()?;
    let repository = root.ancestors().find(|folder| folder.join(".git").exists()).unwrap_or(&root);
    let mut hasher = blake3::Hasher::new();
    hasher.update(&std::fs::read(root.join("book.toml")).ok()?);
    for command in commands {
        let program = find(command, &root, path)?;
        let name = program.file_name()?.to_str()?;
        if !name.starts_with("mdbook-") || program.starts_with(repository) {
            return None;
        }
        hasher.update(program.as_os_str().as_encoded_bytes());
        hasher.update_reader(File::open(&program).ok()?).ok()?;
    }
    Some(hasher.finalize().to_hex().to_string())
}

/// The file of a command without arguments.
fn find(command: &str, root: &Path, path: &OsStr) -> Option<PathBuf> {
    if command.contains(char::is_whitespace) {
        return None;
    }
    std::fs::canonicalize(which::which_in(command, Some(path), root).ok()?).ok()
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    #[test]
    fn an_answer_is_for_what_runs() {
        let (book, bin) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let write = |folder: &Path, name: &str, text: &str| std::fs::write(folder.join(name), text).unwrap();
        for name in ["mdbook-x", "make"] {
            write(bin.path(), name, "one");
            std::fs::set_permissions(bin.path().join(name), std::fs::Permissions::from_mode(0o755)).unwrap();
        }
        write(book.path(), "book.toml", "[preprocessor.x]");
        write(book.path(), "mdbook-own", "one");
        let runs = |command: &str| what_runs(book.path(), &[command.to_owned()], bin.path().as_os_str());
        let first = runs("mdbook-x");
        assert!(first.is_some() && first == runs("mdbook-x"));
        write(bin.path(), "mdbook-x", "two");
        let second = runs("mdbook-x");
        assert!(second.is_some() && second != first);
        write(book.path(), "book.toml", "[preprocessor.x]\nruns = \"rm\"");
        assert!(runs("mdbook-x").is_some_and(|third| Some(third) != second));
        for unknown in ["./mdbook-own", "mdbook-x book.toml", "make", "mdbook-nowhere"] {
            assert_eq!(runs(unknown), None, "{unknown}");
        }
    }
}
