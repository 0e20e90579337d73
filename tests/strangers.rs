//! A stranger's book is checked and built without running what it names, without following its links out of
//! its repository, and without writing anywhere else.

#![allow(clippy::unwrap_used, reason = "a test says what is wrong by failing")]

use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::{Command, Output};

use tempfile::TempDir;

/// A book of one page in a repository, and a folder that is nobody's business.
fn book() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let write = |path: &str, text: &str| {
        let file = folder.path().join(path);
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(file, text).unwrap();
    };
    write("book/.git/HEAD", "ref: refs/heads/main\n");
    write("book/book.toml", "[book]\ntitle = \"x\"\n");
    write("book/src/SUMMARY.md", "- [p](p.md)\n");
    write("book/src/p.md", "# P\n\ntext\n");
    write("elsewhere/secret", "a secret\n");
    folder
}

fn haechi(folder: &TempDir, words: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_haechi"))
        .args(words)
        .current_dir(folder.path().join("book"))
        .env("LC_ALL", "C.UTF-8")
        .env("XDG_STATE_HOME", folder.path().join("state"))
        .output()
        .unwrap()
}

fn append(file: &Path, text: &str) {
    let old = std::fs::read_to_string(file).unwrap();
    std::fs::write(file, old + text).unwrap();
}

/// Builds the book, and says whether it was refused and nothing of the secret is in the site.
fn is_refused(folder: &TempDir) -> bool {
    let built = haechi(folder, &["build", "."]);
    let said = String::from_utf8_lossy(&built.stderr).into_owned();
    let site = folder.path().join("book/book");
    let files =
        walkdir::WalkDir::new(&site).into_iter().flatten().filter(|entry| entry.file_type().is_file());
    let published = files.filter_map(|entry| std::fs::read(entry.path()).ok());
    let leaks = published.filter(|bytes| bytes.windows(8).any(|part| part == b"a secret")).count();
    assert_eq!(leaks, 0, "{said}");
    !built.status.success() && said.contains("help: ")
}

#[test]
fn a_program_of_any_name_needs_trust() {
    for name in ["html", "markdown", "haechi", "q"] {
        for command in ["sh e.sh", "\\\"sh\\\" e.sh"] {
            let folder = book();
            let root = folder.path().join("book");
            append(
                &root.join("book.toml"),
                &format!("[preprocessor.{name}]\ncommand = \"{command}\"\noptional = true\n"),
            );
            append(&root.join("src/p.md"), "{{#title T}}\n");
            std::fs::write(root.join("e.sh"), "touch ran; exit 1\n").unwrap();
            for words in [&["check", "."][..], &["build", "."], &["verify", "--offline", "."]] {
                haechi(&folder, words);
            }
            assert!(!root.join("ran").exists(), "{name}: {command}");
        }
    }
}

#[test]
fn what_a_link_leads_to_elsewhere_is_not_published() {
    let link = |path: &str, target: &str, setting: &str| {
        let folder = book();
        let root = folder.path().join("book");
        append(&root.join("book.toml"), setting);
        let place = root.join(path);
        std::fs::create_dir_all(place.parent().unwrap()).unwrap();
        let _ = std::fs::remove_file(&place);
        symlink(folder.path().join(target), place).unwrap();
        folder
    };
    let css = "[output.html]\nadditional-css = [\"a.css\"]\n";
    for (path, target, setting) in [
        ("src/p.md", "elsewhere/secret", ""),
        ("a.css", "elsewhere/secret", css),
        ("theme/favicon.svg", "elsewhere/secret", ""),
        ("themes/haechi/toc-frame.html", "elsewhere/secret", ""),
        ("themes/haechi/static", "elsewhere", ""),
    ] {
        assert!(is_refused(&link(path, target, setting)), "{path}");
    }
    let folder = link("src/d", "elsewhere", "");
    append(&folder.path().join("book/src/SUMMARY.md"), "- [d](d/secret)\n- [e](d/secret.md)\n");
    assert!(is_refused(&folder), "a folder of pages");

    // The page that is guarded is the page that is read.
    let folder = link("src/d\\p.md", "elsewhere/secret", "[output.markdown]\n[output.html]\n");
    let pages = folder.path().join("book/src");
    std::fs::create_dir(pages.join("d")).unwrap();
    std::fs::write(pages.join("d/p.md"), "# D\n").unwrap();
    append(&pages.join("SUMMARY.md"), "- [d](d\\p.md)\n");
    append(&pages.join("p.md"), "{{#title T}}\n");
    is_refused(&folder);

    for path in ["src/SUMMARY.md", "book.toml"] {
        let folder = link("unused", "elsewhere/secret", "");
        let place = folder.path().join("book").join(path);
        std::fs::remove_file(&place).unwrap();
        symlink(folder.path().join("elsewhere/secret"), &place).unwrap();
        let said = haechi(&folder, &["check", "."]);
        assert!(
            !said.status.success() && !String::from_utf8_lossy(&said.stderr).contains("a secret"),
            "{path}"
        );
    }
    let folder = link("src/synonyms.txt", "elsewhere/words", "");
    std::fs::write(folder.path().join("elsewhere/words"), "a secret, another\n").unwrap();
    is_refused(&folder);

    // A file that includes, by way of a link, from another folder than its own.
    let folder = link("src/sub/x.txt", "elsewhere/secret", "");
    let pages = folder.path().join("book/src");
    append(&pages.join("p.md"), "{{#include part.inc}}\n{{#include sub/part.inc}}\n");
    std::fs::write(pages.join("part.inc"), "{{#include x.txt}}\n").unwrap();
    std::fs::write(pages.join("x.txt"), "harmless\n").unwrap();
    symlink("../part.inc", pages.join("sub/part.inc")).unwrap();
    assert!(is_refused(&folder), "an include");
}

#[test]
fn what_an_include_leads_to_elsewhere_is_not_published() {
    let secret = "{{#include ../../elsewhere/secret}}\n";
    let alone = format!("{{{{#title\n{secret}}}}}\n");
    for (page, included) in [
        // A helper that only shows a file does not make an include of it known.
        ("{{#playground a.inc}}\n{{#include a.inc}}\n", secret),
        ("{{#playground a.inc}}\n", secret),
        // Lines that are taken alone, or left out, would make another helper of one that goes over several.
        ("{{#include a.inc:2}}\n", &*alone),
        (
            "{{#include a.inc:a}}\n",
            "ANCHOR: a\n{{#include ../../else\nANCHOR: b\nwhere/secret}}\nANCHOR_END: a\n",
        ),
        // What git keeps for itself may have credentials.
        ("{{#include ../.git/config}}\n", ""),
    ] {
        let folder = book();
        let root = folder.path().join("book");
        std::fs::write(root.join(".git/config"), "a secret\n").unwrap();
        append(&root.join("src/p.md"), page);
        std::fs::write(root.join("src/a.inc"), included).unwrap();
        assert!(is_refused(&folder), "{page}");
    }
}

#[test]
fn nothing_is_written_or_removed_elsewhere() {
    let folder = book();
    let (root, elsewhere) = (folder.path().join("book"), folder.path().join("elsewhere"));
    std::fs::create_dir_all(root.join("src/k")).unwrap();
    std::fs::write(root.join("src/k/new"), "planted").unwrap();
    std::fs::create_dir(root.join("book")).unwrap();
    symlink(&elsewhere, root.join("book/k")).unwrap();
    std::fs::write(root.join("book/.haechi-files"), "k/secret\n").unwrap();
    assert!(is_refused(&folder));
    assert!(elsewhere.join("secret").exists() && !elsewhere.join("new").exists());

    for build_dir in ["../elsewhere", elsewhere.to_str().unwrap(), "link"] {
        let folder = book();
        let root = folder.path().join("book");
        symlink(&elsewhere, root.join("link")).unwrap();
        append(&root.join("book.toml"), &format!("[build]\nbuild-dir = \"{build_dir}\"\n"));
        assert!(is_refused(&folder), "{build_dir}");
        assert_eq!(std::fs::read_dir(&elsewhere).unwrap().count(), 1, "{build_dir}");
        assert!(haechi(&folder, &["build", ".", "-d", "../mine"]).status.success(), "who asks for it");
    }

    // The folder of another renderer.
    let folder = book();
    let (root, elsewhere) = (folder.path().join("book"), folder.path().join("elsewhere"));
    append(&root.join("book.toml"), "[output.html]\n[output.markdown]\n");
    std::fs::create_dir(root.join("book")).unwrap();
    symlink(&elsewhere, root.join("book/markdown")).unwrap();
    assert!(is_refused(&folder));
    assert_eq!(std::fs::read_dir(&elsewhere).unwrap().count(), 1);

    // Also where somebody has asked for a folder, no link of the repository leads on from it.
    for (link, other) in [("public/markdown", "[output.html]\n[output.markdown]\n"), ("public", "")] {
        let folder = book();
        let (root, elsewhere) = (folder.path().join("book"), folder.path().join("elsewhere"));
        append(&root.join("book.toml"), other);
        std::fs::create_dir_all(root.join(link).parent().unwrap()).unwrap();
        symlink(&elsewhere, root.join(link)).unwrap();
        assert!(!haechi(&folder, &["build", ".", "-d", "public"]).status.success(), "{link}");
        assert_eq!(std::fs::read_dir(&elsewhere).unwrap().count(), 1, "{link}");
    }

    // haechi's own folder beside book.toml.
    let folder = book();
    let (root, elsewhere) = (folder.path().join("book"), folder.path().join("elsewhere"));
    symlink(&elsewhere, root.join(".haechi")).unwrap();
    for number in 0..6 {
        std::fs::create_dir(elsewhere.join(format!("site-{number}"))).unwrap();
    }
    std::fs::write(root.join("lone.md"), "```sh\ntrue\n```\n").unwrap();
    assert!(haechi(&folder, &["build", "."]).status.success());
    haechi(&folder, &["verify", "lone.md", "--engine", "local", "--trust"]);
    assert_eq!(std::fs::read_dir(&elsewhere).unwrap().count(), 7);
}

#[test]
fn a_small_book_does_not_take_all_of_the_machine() {
    let folder = book();
    let pages = folder.path().join("book/src");
    for number in 0..30 {
        let next = format!("{{{{#include {}.inc}}}}\n", number + 1).repeat(5);
        std::fs::write(pages.join(format!("{number}.inc")), next).unwrap();
    }
    append(&pages.join("p.md"), "{{#include 0.inc}}\n");
    let said = haechi(&folder, &["check", "."]);
    assert!(String::from_utf8_lossy(&said.stderr).contains("more than 10000 times"), "{said:?}");

    for path in ["src/p.md", "src/SUMMARY.md"] {
        let folder = book();
        let file = folder.path().join("book").join(path);
        std::fs::remove_file(&file).unwrap();
        symlink("/dev/zero", &file).unwrap();
        assert!(!haechi(&folder, &["check", "."]).status.success(), "{path}");
    }
    let folder = book();
    append(&folder.path().join("book/src/p.md"), "{{#include /dev/zero}}\n");
    assert!(!haechi(&folder, &["build", "."]).status.success());

    // One problem in each word of a long line.
    let folder = book();
    append(&folder.path().join("book/src/p.md"), &"a <!-- haechi: run ".repeat(3000));
    let said = haechi(&folder, &["verify", "--offline", "."]);
    assert!(said.stderr.len() < 4 << 20, "{} bytes", said.stderr.len());
}
