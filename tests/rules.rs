//! Evidence is believed by another haechi as long as `RULES` is the same. The pages in `rules/` have an
//! example of each rule, true and false; what comes of them may not change under the same number.

#![allow(clippy::unwrap_used, reason = "a test says what is wrong by failing")]

use std::path::{Path, PathBuf};
use std::process::Command;

use haechi::verify::RULES;
use similar::TextDiff;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/rules")
}

/// A line for each step of the pages: its place, its verdict, its exit code.
fn outcomes() -> String {
    let mut pages: Vec<PathBuf> = std::fs::read_dir(folder())
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|kind| kind == "md"))
        .collect();
    pages.sort();
    pages.iter().map(|page| outcomes_of(page)).collect()
}

fn outcomes_of(page: &Path) -> String {
    let folder = tempfile::tempdir().unwrap();
    let name = page.file_name().unwrap().to_str().unwrap();
    std::fs::copy(page, folder.path().join(name)).unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_haechi"))
        .args(["verify", "--engine", "local", "--trust", "--json", name])
        .current_dir(folder.path())
        .env("LC_ALL", "C.UTF-8")
        .env("XDG_STATE_HOME", folder.path().join("state"))
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    let report: serde_json::Value =
        serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{name}: {error}\n{said}"));
    let page = &report["pages"][0];
    let steps = page["steps"].as_array().unwrap().iter().map(|step| {
        let exit = step["exit"].as_i64().map_or_else(|| "-".to_owned(), |code| code.to_string());
        format!("{name}:{} {} {exit}\n", step["line"], step["verdict"].as_str().unwrap())
    });
    format!("{name} {} commands\n{}", page["commands"], steps.collect::<String>())
}

#[test]
fn rules_that_change_have_another_number() {
    let (now, known) = (outcomes(), std::fs::read_to_string(folder().join("outcomes.txt")).unwrap());
    if now != known {
        let written = Path::new(env!("CARGO_TARGET_TMPDIR")).join("outcomes.txt");
        std::fs::write(&written, &now).unwrap();
    }
    let difference = TextDiff::from_lines(&known, &now).unified_diff().header("known", "now").to_string();
    let hash = &blake3::hash(now.as_bytes()).to_hex()[..16];
    assert!(
        now == known,
        "pages of tests/rules come out otherwise than they did:\n{difference}\
         If that is intended, evidence of before must not be believed any more: raise RULES in \
         src/verify/key.rs, copy target/tmp/outcomes.txt to tests/rules/outcomes.txt, and add the \
         line `{} {hash}` to tests/rules/history.txt. Lines that are there stay as they are.",
        RULES + 1
    );
    let history = std::fs::read_to_string(folder().join("history.txt")).unwrap();
    let lines: Vec<(u32, &str)> = history
        .lines()
        .map(|line| line.split_once(' ').unwrap())
        .map(|(number, hash)| (number.parse().unwrap(), hash))
        .collect();
    assert_eq!(lines.last(), Some(&(RULES, hash)), "the last line of tests/rules/history.txt is of RULES");
    assert!(lines.is_sorted_by(|(one, _), (next, _)| one < next), "each line has a higher number: {lines:?}");
}
