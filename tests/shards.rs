//! A run that several machines share says what a whole run says.

#![allow(clippy::unwrap_used, reason = "a test says what is wrong by failing")]

use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;

const HAECHI: &str = env!("CARGO_BIN_EXE_haechi");

fn haechi(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(HAECHI);
    command.args(arguments).current_dir(folder).env("LC_ALL", "C").env_remove("GITHUB_ACTIONS");
    command.env("XDG_STATE_HOME", folder.join("state")).output().unwrap()
}

fn verify(folder: &Path, arguments: &[&str]) -> i32 {
    let all =
        [&["verify", ".", "--engine", "local", "--trust", "--no-cache", "--jobs", "1"], arguments].concat();
    haechi(folder, &all).status.code().unwrap()
}

/// A book whose pages are not in the order of their names, of which one is false and one takes long.
fn book(folder: &Path) {
    let page = |command: &str, shown: &str| {
        format!("# A\n\n```sh\n{command}\n```\n\n```text\n{shown}\n```\n\n```console\nnot run\n```\n")
    };
    std::fs::create_dir(folder.join("src")).unwrap();
    std::fs::write(folder.join("book.toml"), "").unwrap();
    let pages = ["z", "long", "a", "false", "none", "m"];
    let listed: String = pages.iter().map(|name| format!("- [x]({name}.md)\n")).collect();
    std::fs::write(folder.join("src/SUMMARY.md"), listed).unwrap();
    for name in pages {
        let text = match name {
            "long" => page("sleep 1; echo long", "long"),
            "false" => page("echo true", "false"),
            "none" => "# Nothing\n".into(),
            name => page(&format!("echo {name}"), name),
        };
        std::fs::write(folder.join("src").join(name).with_extension("md"), text).unwrap();
    }
}

fn copy(from: &Path, to: &Path) {
    for entry in std::fs::read_dir(from).unwrap().map(Result::unwrap) {
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            std::fs::create_dir(&target).unwrap();
            copy(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).unwrap();
        }
    }
}

/// A report without what is another at each run.
fn timeless(mut report: Value) -> Value {
    fn strip(value: &mut Value) {
        match value {
            Value::Object(fields) => {
                fields.remove("seconds");
                fields.values_mut().for_each(strip);
            }
            Value::Array(items) => items.iter_mut().for_each(strip),
            _ => {}
        }
    }
    strip(&mut report);
    report
}

fn read(file: &Path) -> Value {
    serde_json::from_slice(&std::fs::read(file).unwrap()).unwrap()
}

#[test]
fn three_parts_together_are_the_whole() {
    let whole = tempfile::tempdir().unwrap();
    book(whole.path());
    assert_eq!(verify(whole.path(), &["--report", "json=whole.json"]), 1);
    let mut parts = Vec::new();
    let mut merging = vec!["report".to_owned(), "merge".to_owned()];
    for number in 1..=3 {
        // Each machine has a checkout of its own, with the same evidence.
        let machine = tempfile::tempdir().unwrap();
        copy(whole.path(), machine.path());
        let shard = format!("{number}/3");
        verify(machine.path(), &["--shard", &shard, "--report", "json=part.json"]);
        let file = machine.path().join("part.json");
        merging.push(file.display().to_string());
        parts.push((machine, read(&file)));
    }
    let pages = |part: &Value| -> Vec<String> {
        let pages = part["pages"].as_array().unwrap().iter();
        pages.map(|page| page["page"].as_str().unwrap().to_owned()).collect()
    };
    // What takes long has a machine for itself.
    assert!(
        parts.iter().any(|(_, part)| pages(part) == ["long.md"]),
        "{:?}",
        parts.iter().map(|(_, part)| pages(part)).collect::<Vec<_>>()
    );
    merging.extend(["--report".to_owned(), "json=merged.json".to_owned()]);
    let merge = |folder: &Path, arguments: &[String]| {
        haechi(folder, &arguments.iter().map(String::as_str).collect::<Vec<_>>())
    };
    let output = merge(whole.path(), &merging);
    assert_eq!(output.status.code(), Some(1), "{}", String::from_utf8_lossy(&output.stderr));
    let merged = read(&whole.path().join("merged.json"));
    assert_eq!(pages(&merged), ["z.md", "long.md", "a.md", "false.md", "m.md"]);
    assert_eq!(timeless(merged), timeless(read(&whole.path().join("whole.json"))));
    // In whatever order the parts come.
    merging.swap(2, 4);
    merge(whole.path(), &merging);
    assert_eq!(
        timeless(read(&whole.path().join("merged.json"))),
        timeless(read(&whole.path().join("whole.json")))
    );
    merging.remove(2);
    assert_eq!(merge(whole.path(), &merging).status.code(), Some(2));
}
