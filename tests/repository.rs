//! Pages in a git repository find its files, run together, and have evidence that belongs to the files.
//! They run in a real shell on this machine.

#![allow(clippy::unwrap_used, reason = "a test says what is wrong by failing")]

mod support;

use std::path::PathBuf;
use std::process::{Command, Output};

/// A repository in a temporary folder, named `app`.
struct Tree {
    folder: tempfile::TempDir,
}

impl Tree {
    fn new() -> Self {
        let tree = Self::without_git();
        let done = Command::new("git").args(["init", "-q"]).current_dir(tree.root()).status();
        assert!(done.unwrap().success());
        tree
    }

    fn without_git() -> Self {
        let tree = Self { folder: tempfile::tempdir().unwrap() };
        std::fs::create_dir(tree.root()).unwrap();
        tree
    }

    fn root(&self) -> PathBuf {
        self.folder.path().join("app")
    }

    fn write(&self, path: &str, text: &str) {
        let path = self.root().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }

    fn has(&self, path: &str) -> bool {
        self.root().join(path).exists()
    }

    /// What haechi says in a folder of the tree, and its exit code.
    fn verify_in(&self, folder: &str, arguments: &[&str]) -> (Option<i32>, String) {
        let output: Output = Command::new(env!("CARGO_BIN_EXE_haechi"))
            .arg("verify")
            .args(if arguments.contains(&"--offline") { &[][..] } else { &["--engine", "local", "--trust"] })
            .args(arguments)
            .current_dir(self.root().join(folder))
            .env("LC_ALL", "C")
            .output()
            .unwrap();
        (output.status.code(), support::said(&output))
    }

    /// The same, where all must be true.
    fn is_true(&self, arguments: &[&str]) -> String {
        let (code, text) = self.verify_in("", arguments);
        assert_eq!(code, Some(0), "{text}");
        text
    }
}

/// A page whose commands print what it says.
fn page(commands: &[(&str, &str)]) -> String {
    let shown =
        commands.iter().map(|(command, output)| format!("```sh\n{command}\n```\n```text\n{output}\n```\n"));
    shown.collect()
}

#[test]
fn a_readme_finds_a_copy_of_the_files() {
    let tree = Tree::new();
    tree.write("Dockerfile", "FROM busybox\n");
    tree.write("secret.env", "x");
    tree.write(".gitignore", "*.env\n");
    let commands = [
        ("basename \"$PWD\"", "app"),
        ("cat Dockerfile", "FROM busybox"),
        ("ls -1A", ".gitignore\nDockerfile\nREADME.md"),
        ("echo changed > Dockerfile; touch made; cat Dockerfile", "changed"),
    ];
    tree.write("README.md", &page(&commands));
    tree.is_true(&["README.md"]);
    assert_eq!(std::fs::read_to_string(tree.root().join("Dockerfile")).unwrap(), "FROM busybox\n");
    assert!(!tree.has("made"), "the page works on a copy");
    tree.write("README.md", &page(&[("ls -A | wc -l", "0")]));
    tree.is_true(&["README.md", "--files", "none"]);
}

#[test]
fn pages_begin_at_the_root_and_readmes_in_their_folders() {
    let tree = Tree::new();
    tree.write("Makefile", "");
    tree.write("docs/install.md", &page(&[("ls Makefile", "Makefile")]));
    tree.write("examples/web/compose.yaml", "");
    tree.write("examples/web/README.md", &page(&[("ls -1", "README.md\ncompose.yaml")]));
    tree.is_true(&["docs/install.md", "examples/web/README.md"]);
    let (code, text) = tree.verify_in("docs", &["install.md"]);
    assert_eq!(code, Some(0), "{text}");
    assert!(text.contains("1 page from evidence"), "wherever it is called from: {text}");
}

#[test]
fn evidence_belongs_to_the_files() {
    let tree = Tree::new();
    tree.write("data", "one\n");
    tree.write("README.md", &page(&[("cat data", "one")]));
    tree.write("docs/a.md", &page(&[("cat data", "one")]));
    tree.is_true(&["README.md"]);
    tree.is_true(&["docs/a.md"]);
    assert!(tree.has("evidence/README.json") && tree.has("evidence/docs/a.json"));
    let again = tree.is_true(&["README.md", "docs/a.md"]);
    assert!(again.contains("2 pages from evidence"), "evidence makes no evidence stale: {again}");
    tree.is_true(&["--offline", "README.md"]);
    tree.write("data", "two\n");
    let (code, text) = tree.verify_in("", &["--offline", "README.md"]);
    assert_eq!(code, Some(1), "{text}");
    let (code, text) = tree.verify_in("", &["README.md"]);
    assert_eq!(code, Some(1), "a false page does not pass by old evidence: {text}");
}

#[test]
fn many_files_are_one_run_with_one_report() {
    for tree in [Tree::new(), Tree::without_git()] {
        for name in ["a.md", "b/c.md", "b/d.md"] {
            tree.write(name, &page(&[("echo hello", "hello")]));
        }
        tree.write("b/false.md", &page(&[("echo hello", "goodbye")]));
        let (code, text) = tree.verify_in("", &["a.md", "b/c.md", "b/false.md", "b/d.md", "a.md"]);
        assert_eq!(code, Some(1), "{text}");
        assert!(text.contains("4 pages, 4 snippets, 4 steps: 3 passed, 0 drifted, 1 failed"), "{text}");
        assert!(text.contains("b/false.md:5:1"), "{text}");
        std::fs::remove_file(tree.root().join("b/false.md")).unwrap();
        for folder in [".", "./", "b/../"] {
            assert!(tree.is_true(&[folder]).contains("3 pages, 3 snippets"), "{folder}");
        }
        assert!(tree.is_true(&["b"]).contains("2 pages, 2 snippets"));
    }
}

#[test]
fn a_repository_without_a_book_has_its_usual_pages() {
    let tree = Tree::new();
    tree.write("README.md", &page(&[("echo 1", "1")]));
    tree.write("docs/deep/a.md", &page(&[("echo 2", "2")]));
    tree.write("docs/out/b.md", &page(&[("echo 3", "4")]));
    tree.write("CHANGELOG.md", &page(&[("echo 5", "6")]));
    tree.write(".gitignore", "out\n");
    let text = tree.is_true(&[]);
    assert!(text.contains("no book.toml here: README.md and 1 Markdown file below docs\n"), "{text}");
    assert!(text.contains("2 pages, 2 snippets"), "{text}");
    let (code, text) = tree.verify_in("docs", &[]);
    assert_eq!(code, Some(0), "{text}");
    assert!(text.contains("2 pages from evidence"), "{text}");
}

#[test]
fn a_book_says_whether_its_pages_find_the_files() {
    let tree = Tree::new();
    tree.write("guide/src/SUMMARY.md", "- [a](a.md)\n");
    tree.write("guide/src/a.md", &page(&[("ls -A | wc -l", "0")]));
    tree.write("guide/book.toml", "");
    tree.is_true(&["guide"]);
    tree.write("guide/src/a.md", &page(&[("ls -1", "guide"), ("ls -1 guide", "book.toml\nsrc")]));
    tree.write("guide/book.toml", "[verify]\nfiles = \"repository\"\n");
    tree.is_true(&["guide"]);
    tree.write("guide/src/a.md", &page(&[("ls -1", "SUMMARY.md\na.md")]));
    tree.write("guide/book.toml", "[verify]\nfiles = \"repository\"\nworkdir = \"page\"\n");
    tree.is_true(&["guide"]);
    assert!(tree.is_true(&["guide"]).contains("1 page from evidence"));
}

#[test]
fn pages_of_books_and_other_files_run_together() {
    let tree = Tree::new();
    for book in ["one", "two"] {
        tree.write(&format!("{book}/book.toml"), "[verify]\njobs = 1\n");
        tree.write(&format!("{book}/src/SUMMARY.md"), "- [a](a.md)\n- [b](b.md)\n");
        for name in ["a", "b"] {
            tree.write(&format!("{book}/src/{name}.md"), &page(&[("echo 1", "1")]));
        }
    }
    tree.write("README.md", &page(&[("ls -1", "README.md\none\ntwo")]));
    assert!(tree.is_true(&["one", "two/src/a.md", "README.md"]).contains("4 pages, 4 snippets"));
    assert!(tree.is_true(&["two/src/a.md", "two/src/b.md"]).contains("2 pages, 2 snippets"));
    assert!(tree.is_true(&["."]).contains("5 pages, 5 snippets"));
}

#[test]
fn a_readme_beside_a_book_has_evidence_of_its_own() {
    let tree = Tree::new();
    tree.write("book.toml", "");
    tree.write("src/SUMMARY.md", "- [a](README.md)\n");
    tree.write("src/README.md", &page(&[("echo book", "book")]));
    tree.write("README.md", &page(&[("echo readme", "readme")]));
    tree.is_true(&["."]);
    tree.is_true(&["README.md"]);
    assert!(tree.is_true(&["."]).contains("1 page from evidence"));
    assert!(tree.is_true(&["README.md"]).contains("1 page from evidence"));
}

#[test]
fn where_git_does_not_answer_pages_run_without_the_files_if_told_so() {
    let tree = Tree::new();
    tree.write("README.md", &page(&[("ls -A | wc -l", "0")]));
    // git refuses a repository that says it is of another format.
    tree.write(".git/config", "[core]\n\trepositoryformatversion = 99\n");
    let (code, text) = tree.verify_in("", &["README.md"]);
    assert_eq!(code, Some(2), "{text}");
    assert!(
        text.contains("git does not list the repository's files") && text.contains("--files none"),
        "{text}"
    );
    for arguments in [&["README.md"][..], &["."], &[]] {
        tree.is_true(&[arguments, &["--files", "none"]].concat());
    }
}

#[test]
fn a_folder_without_pages_is_an_error() {
    let tree = Tree::new();
    tree.write("empty/x", "");
    let (code, text) = tree.verify_in("", &["empty"]);
    assert_eq!(code, Some(2), "{text}");
    assert!(text.contains("empty contains neither book.toml nor Markdown files"), "{text}");
}

#[test]
fn the_history_comes_only_when_asked_for() {
    let tree = Tree::new();
    tree.write("README.md", &page(&[("ls -1A", "README.md")]));
    tree.is_true(&["README.md"]);
    tree.write("README.md", &page(&[("git log --format=%s", "first"), ("git status --short", "")]));
    for arguments in [
        &["add", "README.md"][..],
        &["-c", "user.name=a", "-c", "user.email=a@b.c", "commit", "-qm", "first"],
    ] {
        assert!(Command::new("git").args(arguments).current_dir(tree.root()).status().unwrap().success());
    }
    tree.is_true(&["README.md", "--files", "clone"]);
}

/// What stands in a file of the repository does not differ from run to run.
#[test]
fn values_of_the_repositorys_files_are_claims() {
    let tree = Tree::new();
    tree.write("conf/limits.ini", "upload = 5MB\ntimeout = 1.5s\nexpires = 2024-01-01\n");
    let page = |shown: &str| format!("```console\n$ cat conf/limits.ini | head -n 3\n{shown}\n```\n");
    tree.write("README.md", &page("upload = 5MB\ntimeout = 1.5s\nexpires = 2024-01-01"));
    tree.is_true(&["README.md"]);
    for other in
        ["upload = 500MB\ntimeout = 1.5s\nexpires = 2024-01-01", "upload = 5MB\n...\nexpires = 2099-12-31"]
    {
        tree.write("README.md", &page(other));
        let (code, text) = tree.verify_in("", &["README.md"]);
        assert_eq!(code, Some(1), "{text}");
    }
}
