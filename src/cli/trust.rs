//! Whether a book may run programs of this machine: asked once, remembered until it names others.

use std::io::{BufRead, IsTerminal, Write as _};
use std::path::{Path, PathBuf};

/// The answer for a book and the commands that it names.
pub(super) fn may_run(root: &Path, commands: &[String], said: bool) -> bool {
    if said {
        return true;
    }
    let Some(file) = file() else { return false };
    let root = std::fs::canonicalize(root).unwrap_or_else(|_| root.to_owned());
    let line = serde_json::json!([root.to_string_lossy(), commands]).to_string();
    let known = std::fs::read_to_string(&file).unwrap_or_default();
    if known.lines().any(|known| known == line) {
        return true;
    }
    if !(std::io::stdin().is_terminal() && std::io::stderr().is_terminal()) {
        return false;
    }
    let shown: Vec<_> = commands.iter().map(|command| crate::report::printable(command)).collect();
    eprint!("This book wants to run `{}` on this machine. Let it, now and later? [y/n] ", shown.join("`, `"));
    let _ = std::io::stderr().flush();
    let mut answer = String::new();
    let _ = std::io::stdin().lock().read_line(&mut answer);
    if !matches!(answer.trim(), "y" | "yes" | "예" | "ㅛ") {
        return false;
    }
    if let Err(error) = crate::files::write(&file, format!("{known}{line}\n").as_bytes()) {
        eprintln!("cannot remember this in {}: {error}", file.display());
    }
    true
}

/// Where answers are kept.
fn file() -> Option<PathBuf> {
    Some(crate::files::state_folder()?.join("trusted"))
}
