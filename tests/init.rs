//! haechi comes into repositories that do not have it: what it finds, what it writes, and the hook.

#![allow(clippy::unwrap_used, reason = "a test says what is wrong by failing")]

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

const HAECHI: &str = env!("CARGO_BIN_EXE_haechi");
const TRUE: &str = "# A\n\n```sh\necho one\n```\n\n```text\none\n```\n";
const FALSE: &str = "# A\n\n```sh\necho one\n```\n\n```text\ntwo\n```\n";

struct Clone {
    folder: tempfile::TempDir,
}

impl Clone {
    fn new(files: &[(&str, &str)]) -> Self {
        let clone = Self { folder: tempfile::tempdir().unwrap() };
        clone.git(&["init", "-q", "-b", "trunk"]);
        clone.git(&["config", "user.email", "a@example.com"]);
        clone.git(&["config", "user.name", "a"]);
        for (path, text) in files {
            clone.write(path, text);
        }
        clone.git(&["add", "-A"]);
        clone.git(&["commit", "-qm", "first"]);
        clone
    }

    fn path(&self, path: &str) -> PathBuf {
        self.folder.path().join("repository").join(path)
    }

    fn write(&self, path: &str, text: &str) {
        let path = self.path(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }

    fn read(&self, path: &str) -> String {
        std::fs::read_to_string(self.path(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
    }

    fn command(&self, program: &str) -> Command {
        std::fs::create_dir_all(self.path("")).unwrap();
        let mut command = Command::new(program);
        let bin = Path::new(HAECHI).parent().unwrap().to_owned();
        let old = std::env::var_os("PATH").unwrap();
        let path = std::env::join_paths([bin].into_iter().chain(std::env::split_paths(&old))).unwrap();
        command.current_dir(self.path("")).env("PATH", path).env("NO_COLOR", "1").env("LC_ALL", "C");
        command.env("HOME", self.folder.path()).env("XDG_STATE_HOME", self.folder.path().join("state"));
        command.env("GIT_CONFIG_NOSYSTEM", "1").env_remove("HAECHI_ACTION");
        command
    }

    fn git(&self, arguments: &[&str]) {
        let output = self.command("git").args(arguments).output().unwrap();
        assert!(output.status.success(), "git {arguments:?}: {}", said(&output));
    }

    fn init(&self, arguments: &[&str]) -> (i32, String) {
        let output = self.command(HAECHI).arg("init").args(arguments).output().unwrap();
        (output.status.code().unwrap(), said(&output))
    }

    fn status(&self) -> String {
        let output = self.command("git").args(["status", "--porcelain", "-uall"]).output().unwrap();
        String::from_utf8(output.stdout).unwrap()
    }
}

fn said(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

const ACTION: [&str; 2] = ["--action", "someone/haechi@0123456789abcdef0123456789abcdef01234567"];

#[test]
fn it_says_what_it_found_and_asks() {
    let page = "# A\n\n```sh\necho one\necho two\n```\n\n```sh {skip=\"for later\"}\nmake\n```\n\n```console\nno prompt\n```\n";
    let clone = Clone::new(&[("README.md", page), ("docs/a.md", TRUE), ("src/x.rs", "")]);
    let (code, said) = clone.init(&ACTION);
    assert_eq!(code, 2, "{said}");
    assert!(said.contains("found README.md, docs/a.md"), "{said}");
    assert!(said.contains("2 pages, 2 with commands: 4 commands, 3 of them would be run"), "{said}");
    assert!(said.contains("1 not run: for later"), "{said}");
    assert!(said.contains("no terminal to ask on") && said.contains("--yes"), "{said}");
    assert_eq!(clone.status(), "");
    let (code, said) = clone.init(&[&ACTION[..], &["--dry-run", "--ci", "github", "--hook"]].concat());
    assert_eq!((code, clone.status().as_str()), (0, ""), "{said}");
    assert!(said.contains("+      - uses: someone/haechi@0123"), "{said}");
    assert!(!clone.path(".git/hooks/pre-commit").exists());
}

#[test]
fn it_writes_for_github_what_verifies_the_pages() {
    let clone = Clone::new(&[
        ("README.md", TRUE),
        (".github/workflows/x.yml", "on: push\n"),
        (".gitignore", "target"),
    ]);
    let (code, said) = clone.init(&[&ACTION[..], &["--yes"]].concat());
    assert_eq!(code, 0, "{said}");
    assert_eq!(clone.status(), " M .gitignore\n?? .github/workflows/haechi.yml\n");
    assert_eq!(clone.read(".gitignore"), "target\n.haechi/\n");
    let workflow: serde_norway::Value =
        serde_norway::from_str(&clone.read(".github/workflows/haechi.yml")).unwrap();
    assert_eq!(workflow["on"]["push"]["branches"][0].as_str(), Some("trunk"));
    let steps = workflow["jobs"]["verify"]["steps"].as_sequence().unwrap();
    assert_eq!(steps.last().unwrap()["uses"].as_str(), Some(ACTION[1]));
    // Again: nothing is left to do, and nothing is overwritten.
    clone.write(".github/workflows/haechi.yml", "mine\n");
    let (code, said) = clone.init(&[&ACTION[..], &["--yes"]].concat());
    assert!(code == 0 && said.contains(".github/workflows/haechi.yml is there and stays as it is"), "{said}");
    assert_eq!(clone.read(".github/workflows/haechi.yml"), "mine\n");
    assert_eq!(clone.read(".gitignore"), "target\n.haechi/\n");
}

#[test]
fn it_writes_for_gitlab_beside_what_is_there() {
    let clone = Clone::new(&[("README.md", TRUE)]);
    let (code, said) = clone.init(&[&ACTION[..], &["--yes", "--ci", "gitlab"]].concat());
    assert_eq!(code, 0, "{said}");
    let job: serde_norway::Value = serde_norway::from_str(&clone.read(".gitlab-ci.yml")).unwrap();
    assert_eq!(job["haechi"]["extends"].as_str(), Some(".haechi"));
    assert!(job[".haechi"]["script"].is_sequence());
    let clone = Clone::new(&[("README.md", TRUE), (".gitlab-ci.yml", "test:\n  script: make\n")]);
    let (code, said) = clone.init(&[&ACTION[..], &["--yes"]].concat());
    assert!(code == 0 && said.contains("include: [{ local: .gitlab/haechi.yml }]"), "{said}");
    assert_eq!(clone.read(".gitlab-ci.yml"), "test:\n  script: make\n");
    assert!(clone.path(".gitlab/haechi.yml").is_file());
}

#[test]
fn books_are_found_where_they_are() {
    let book = [
        ("docs/guide/book.toml", "[book]\ntitle = \"x\"\n[preprocessor.mermaid]\n"),
        ("docs/guide/src/SUMMARY.md", "# S\n\n- [A](a.md)\n"),
        ("docs/guide/src/a.md", TRUE),
        ("tests/data/book.toml", "[book]\n"),
        ("README.md", TRUE),
    ];
    let clone = Clone::new(&book);
    let (code, said) = clone.init(&[&ACTION[..], &["--yes", "--ci", "github"]].concat());
    assert!(code == 0 && said.contains("found a book in docs/guide, and README.md"), "{said}");
    assert!(said.contains("next: haechi verify docs/guide README.md"), "{said}");
    assert!(
        clone
            .read(".github/workflows/haechi.yml")
            .ends_with("paths: |\n            docs/guide\n            README.md\n")
    );
    assert_eq!(clone.read(".gitignore"), "/docs/guide/book/\n.haechi/\n");
    // A list of pages with no book around it becomes one.
    let clone = Clone::new(&[("manual/SUMMARY.md", "# S\n\n- [A](a.md)\n"), ("manual/a.md", TRUE)]);
    let (code, said) = clone.init(&["--yes"]);
    assert!(code == 0 && said.contains("write book.toml"), "{said}");
    let output = clone.command(HAECHI).args(["build", "."]).output().unwrap();
    assert!(output.status.success(), "{}", self::said(&output));
    assert!(clone.path("site/a.html").is_file());
}

#[test]
fn where_there_is_nothing_it_says_what_to_do() {
    let clone = Clone::new(&[("src/x.rs", "")]);
    let (code, said) = clone.init(&["--yes"]);
    assert!(code == 2 && said.contains("haechi new DIR"), "{said}");
    let (code, said) = clone.init(&["nowhere"]);
    assert!(code == 2 && said.contains("there is no folder nowhere"), "{said}");
    let clone = Clone::new(&[("README.md", TRUE)]);
    let (code, said) = clone.init(&["--yes", "--ci", "github"]);
    assert!(code == 0 && (said.contains("--action OWNER/NAME@REF") || said.contains("haechi.yml")), "{said}");
}

/// The hook calls `haechi verify`, which wants an engine: here it is one that runs pages on this machine.
fn local_engine(clone: &Clone) -> PathBuf {
    let bin = clone.folder.path().join("bin");
    std::fs::create_dir_all(&bin).unwrap();
    let script = format!("#!/bin/sh\nshift\nexec '{HAECHI}' verify --engine local --trust \"$@\"\n");
    std::fs::write(bin.join("haechi"), script).unwrap();
    use std::os::unix::fs::PermissionsExt;
    std::fs::set_permissions(bin.join("haechi"), std::fs::Permissions::from_mode(0o755)).unwrap();
    bin
}

#[test]
fn the_hook_refuses_a_false_page_and_nothing_else() {
    let clone = Clone::new(&[("README.md", TRUE), ("x.txt", "")]);
    let (code, said) = clone.init(&["--yes", "--hook", "--ci", "none"]);
    assert_eq!(code, 0, "{said}");
    let bin = local_engine(&clone);
    let commit = |clone: &Clone, add: &[&str]| {
        clone.git(&[&["add"], add].concat());
        let mut command = clone.command("git");
        let old = std::env::var_os("PATH").unwrap();
        let path =
            std::env::join_paths([bin.clone()].into_iter().chain(std::env::split_paths(&old))).unwrap();
        let output = command.args(["commit", "-qm", "x"]).env("PATH", path).output().unwrap();
        (output.status.success(), self::said(&output))
    };
    clone.write("x.txt", "no page");
    assert!(commit(&clone, &["x.txt"]).0);
    clone.write("a b.md", TRUE);
    let (good, said) = commit(&clone, &["a b.md"]);
    assert!(good, "{said}");
    clone.write("README.md", FALSE);
    let (good, said) = commit(&clone, &["README.md"]);
    assert!(!good && said.contains("README.md:8:1"), "{said}");
    // What is committed is what is verified.
    clone.write("README.md", TRUE);
    clone.git(&["add", "README.md"]);
    clone.write("README.md", &TRUE.replace("# A", "# B"));
    clone.git(&["add", "README.md"]);
    clone.write("README.md", TRUE);
    let (good, said) = commit(&clone, &["x.txt"]);
    assert!(!good && said.contains("changes that are not part of the commit"), "{said}");
    assert!(said.contains("  README.md"), "{said}");
    // Its own hook is nobody's to overwrite.
    clone.write(".git/hooks/pre-commit", "mine");
    let (_, said) = clone.init(&["--yes", "--hook", "--ci", "none"]);
    assert!(said.contains("pre-commit is there and stays as it is"), "{said}");
    assert_eq!(clone.read(".git/hooks/pre-commit"), "mine");
}
