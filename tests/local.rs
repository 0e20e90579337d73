//! Pages run in a real shell on this machine: those in `pages/true` are true, those in
//! `pages/false` are caught, and what is said of them contains each line of the file beside them.

#![allow(clippy::unwrap_used, reason = "a test says what is wrong by failing")]

mod support;

use std::path::{Path, PathBuf};
use std::process::Command;

use rayon::prelude::*;

fn pages(kind: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/pages").join(kind);
    let mut pages: Vec<PathBuf> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "md"))
        .collect();
    pages.sort();
    pages
}

/// The exit code and all that was said of a copy of the page, so that evidence stays out of the tree.
fn verify(page: &Path) -> (Option<i32>, String) {
    let folder = tempfile::tempdir().unwrap();
    let copy = folder.path().join(page.file_name().unwrap());
    std::fs::copy(page, &copy).unwrap();
    support::verify_here(&copy)
}

#[test]
fn true_pages_pass() {
    let wrong: Vec<String> = pages("true")
        .par_iter()
        .filter_map(|page| {
            let (code, text) = verify(page);
            (code != Some(0)).then(|| format!("{}:\n{text}", page.display()))
        })
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn false_pages_are_caught() {
    let wrong: Vec<String> = pages("false")
        .par_iter()
        .filter_map(|page| {
            let (code, text) = verify(page);
            let wanted = std::fs::read_to_string(page.with_extension("said")).unwrap();
            let missing: Vec<&str> = wanted.lines().filter(|line| !text.contains(line)).collect();
            (code != Some(1) || !missing.is_empty()).then(|| {
                format!("{} ended with {code:?} and did not say {missing:?}:\n{text}", page.display())
            })
        })
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// In the background of a script Ctrl-C and Ctrl-\\ are ignored, and by what is started there, too.
/// Here the command itself ignores the first, so that the second must reach it.
#[test]
fn a_command_is_ended_where_interrupts_are_ignored() {
    let folder = tempfile::tempdir().unwrap();
    let page = "```sh {timeout=1s}\nsh -c \"trap '' INT; sleep 100\"\n```\n```sh\necho \"the shell lives\"\n```\n\
                ```text\nthe shell lives\n```\n";
    std::fs::write(folder.path().join("page.md"), page).unwrap();
    let script = "trap '' INT QUIT; exec \"$0\" verify page.md --engine local --trust";
    let output = Command::new("sh")
        .args(["-c", script, env!("CARGO_BIN_EXE_haechi")])
        .current_dir(folder.path())
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(said.contains("1 passed"), "{said}{}", String::from_utf8_lossy(&output.stderr));
}

/// What a page allows in time is longer on a slow machine, if its user says so, and never else.
#[test]
fn a_slow_machine_has_more_time() {
    let folder = tempfile::tempdir().unwrap();
    let page = folder.path().join("page.md");
    let text = "```sh {timeout=1s}\nsleep 2; echo late\n```\n\n```text\nlate\n```\n\n\
        <!-- haechi: run (sleep 2; touch made) & -->\n\n\
        ```sh {retry=1s}\nls made\n```\n\n```text\nmade\n```\n\n\
        <!-- haechi: run rm made; (sleep 2; echo yes >made; exec python3 -m http.server --bind 127.0.0.1 48231) >log 2>&1 & -->\n\
        <!-- haechi: http http://127.0.0.1:48231/made contains=\"yes\" within=1s -->\n";
    std::fs::write(&page, text).unwrap();
    let verify = |multiplier: &str| {
        let output = Command::new(env!("CARGO_BIN_EXE_haechi"))
            .args(["verify", "--engine", "local", "--trust", "--timeout-multiplier", multiplier])
            .arg(&page)
            .env("LC_ALL", "C")
            .output()
            .unwrap();
        (output.status.code(), support::said(&output))
    };
    let (code, text) = verify("1");
    assert!(code == Some(1) && text.contains(" 3 failed"), "{code:?} {text}");
    let (code, text) = verify("20");
    assert!(code == Some(0) && text.contains(" 0 failed"), "{code:?} {text}");
}
