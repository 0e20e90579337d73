//! Pages in the forms that people write, each with its right verdict in its first line: `pass` is
//! exit code 0, `fail` is 1, and `error` is 1 with a verdict of that name.

#![allow(clippy::unwrap_used, reason = "a test says what is wrong by failing")]

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use rayon::prelude::*;

/// A page that waits for what never comes ends soon.
const SETTINGS: &str = "[book]\ntitle = \"Forms\"\nsrc = \"content\"\n\n[verify]\ntimeout = \"6s\"\n";

fn pages() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/pages/forms");
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut pages: Vec<PathBuf> =
        entries.filter(|path| path.extension().is_some_and(|extension| extension == "md")).collect();
    pages.sort();
    pages
}

/// The verdict that stands in a page's first line.
fn right(page: &Path) -> String {
    let text = std::fs::read_to_string(page).unwrap();
    let first = text.lines().next().unwrap_or_default();
    let word = first.strip_prefix("<!-- right: ").and_then(|rest| rest.strip_suffix(" -->"));
    let word = word.unwrap_or_else(|| panic!("{} does not say its right verdict", page.display()));
    assert!(matches!(word, "pass" | "fail" | "error"), "{}: {word}", page.display());
    word.to_owned()
}

/// Runs a page as the only one of a book in a folder of its own.
fn verify(page: &Path) -> Output {
    let folder = tempfile::tempdir().unwrap();
    let content = folder.path().join("content");
    std::fs::create_dir(&content).unwrap();
    std::fs::write(folder.path().join("book.toml"), SETTINGS).unwrap();
    std::fs::write(content.join("SUMMARY.md"), "- [Page](page.md)\n").unwrap();
    std::fs::copy(page, content.join("page.md")).unwrap();
    Command::new(env!("CARGO_BIN_EXE_haechi"))
        .args(["verify", "--engine", "local", "--trust", "--json"])
        .arg(folder.path())
        .env("LC_ALL", "C.UTF-8")
        .output()
        .unwrap()
}

/// What haechi says of a page, in the words of the pages' first lines.
fn verdict(output: &Output) -> String {
    let has_error = String::from_utf8_lossy(&output.stdout).contains("\"error\"");
    match output.status.code() {
        Some(0) => "pass".into(),
        Some(1) if has_error => "error".into(),
        Some(1) => "fail".into(),
        other => format!("exit code {other:?}"),
    }
}

#[test]
fn each_page_has_its_right_verdict() {
    let pages = pages();
    assert!(pages.len() >= 150, "only {} pages", pages.len());
    let threads = rayon::ThreadPoolBuilder::new().num_threads(4).build().unwrap();
    let judged = |page: &PathBuf| {
        let (wanted, output) = (right(page), verify(page));
        let found = verdict(&output);
        // A page that is false may keep something else from being found out.
        let is_right = found == wanted || (wanted == "fail" && found == "error");
        let name = page.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        (!is_right).then(|| format!("{name}: {found}, not {wanted}"))
    };
    let wrong: Vec<String> = threads.install(|| pages.par_iter().filter_map(judged).collect());
    assert!(
        wrong.is_empty(),
        "{} of {} pages are judged wrong:\n{}",
        wrong.len(),
        pages.len(),
        wrong.join("\n")
    );
}
