//! haechi's own documentation as a reader types it along: a copy of its books, and this haechi on the PATH.

#![allow(dead_code, reason = "no suite uses all of it")]
#![allow(clippy::unwrap_used, reason = "a test says what is wrong by failing")]

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use tempfile::TempDir;

/// The pages whose commands ask for a Docker Engine.
pub(crate) const NEEDS_ENGINE: [&str; 1] = ["tutorial.md"];

/// Both books in a folder of their own, without what earlier runs wrote.
pub(crate) fn copy() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let docs = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs");
    for language in ["en", "ko"] {
        let to = folder.path().join(language);
        std::fs::create_dir(&to).unwrap();
        for entry in std::fs::read_dir(docs.join(language)).unwrap() {
            let entry = entry.unwrap();
            if entry.file_type().unwrap().is_file() {
                std::fs::copy(entry.path(), to.join(entry.file_name())).unwrap();
            }
        }
    }
    folder
}

/// Verifies pages of the copy on this machine, with this haechi as the one that they call.
pub(crate) fn verify(copy: &Path, pages: &[PathBuf]) -> Output {
    let home = tempfile::tempdir().unwrap();
    let haechi = Path::new(env!("CARGO_BIN_EXE_haechi"));
    let settings = "[user]\nname = Mina\nemail = mina@example.com\n";
    std::fs::write(home.path().join("gitconfig"), settings).unwrap();
    let mut path = vec![haechi.parent().unwrap().to_owned()];
    path.extend(std::env::split_paths(&std::env::var_os("PATH").unwrap()));
    let mut command = Command::new(haechi);
    command.args(["verify", "--engine", "local", "--trust", "--no-cache"]).args(pages).current_dir(copy);
    for name in ["GITHUB_ACTIONS", "GITHUB_BASE_REF", "NO_COLOR", "COLUMNS", "HAECHI_TRUST_EVIDENCE"] {
        command.env_remove(name);
    }
    command
        .env("PATH", std::env::join_paths(path).unwrap())
        .env("LC_ALL", "C.UTF-8")
        .env("XDG_STATE_HOME", home.path().join("state"))
        .env("GIT_CONFIG_GLOBAL", home.path().join("gitconfig"))
        .output()
        .unwrap()
}

/// The lines of a terminal that a picture shows; a row with the class `wrapped` goes on from the one before.
pub(crate) fn lines_of_picture(svg: &str) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for row in svg.lines().filter(|line| line.starts_with("<text ")) {
        let mut text = String::new();
        for span in row.split("<tspan ").skip(1) {
            let (_, rest) = span.split_once('>').unwrap();
            text.push_str(rest.split_once("</tspan>").unwrap().0);
        }
        let text = text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&");
        match lines.last_mut() {
            Some(last) if row.starts_with("<text class=\"wrapped\"") => last.push_str(&text),
            _ => lines.push(text),
        }
    }
    lines
}
