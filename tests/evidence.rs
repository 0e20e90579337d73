//! What is believed without a run: evidence that this machine wrote, or that a trusted commit contains.
//! Each test does what somebody would who wants a green run for a page that is false.

#![allow(clippy::unwrap_used, reason = "a test says what is wrong by failing")]

mod support;

use std::path::PathBuf;
use std::process::{Command, Output};

use support::said;

/// A maintainer's machine: a home of its own, and a repository with a verified page.
struct Machine {
    folder: tempfile::TempDir,
}

/// The page, and the same page with a lie in it.
const TRUTH: &str = "```sh\necho hello\n```\n\n```text\nhello\n```\n";
const LIE: &str = "```sh\necho hello\n```\n\n```text\ngoodbye\n```\n";

impl Machine {
    fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn run(&self, program: &str, folder: &str, arguments: &[&str]) -> Output {
        self.run_with(program, folder, arguments, &[])
    }

    fn run_with(&self, program: &str, folder: &str, arguments: &[&str], further: &[(&str, &str)]) -> Output {
        Command::new(program)
            .args(arguments)
            .current_dir(self.path(folder))
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap())
            .env("HOME", self.path("home"))
            .env("LC_ALL", "C")
            .envs(further.iter().copied())
            .output()
            .unwrap()
    }

    fn git(&self, folder: &str, arguments: &[&str]) {
        let who = ["-c", "user.name=x", "-c", "user.email=x@example.com", "-c", "init.defaultBranch=main"];
        let output = self.run("git", folder, &[&who, arguments].concat());
        assert!(output.status.success(), "{arguments:?}: {}", said(&output));
    }

    fn verify(&self, folder: &str, further: &[&str]) -> (Option<i32>, String) {
        self.verify_with(folder, further, &[])
    }

    fn verify_with(
        &self,
        folder: &str,
        further: &[&str],
        variables: &[(&str, &str)],
    ) -> (Option<i32>, String) {
        let arguments = [&["verify", "--engine", "local", "--trust"], further].concat();
        let output = self.run_with(env!("CARGO_BIN_EXE_haechi"), folder, &arguments, variables);
        (output.status.code(), said(&output))
    }

    /// A repository with a book of one true page, verified and committed.
    fn with_book() -> Self {
        let machine = Self::new();
        for folder in ["home", "book/content"] {
            std::fs::create_dir_all(machine.path(folder)).unwrap();
        }
        machine.write("book/book.toml", "[book]\ntitle = \"x\"\nsrc = \"content\"\n");
        machine.write("book/content/SUMMARY.md", "# x\n\n- [page](page.md)\n");
        machine.write("book/content/page.md", TRUTH);
        let (code, text) = machine.verify("book", &[]);
        assert_eq!(code, Some(0), "{text}");
        machine.git("book", &["init", "--quiet"]);
        machine.commit("book", "the book");
        machine
    }

    fn commit(&self, folder: &str, message: &str) {
        self.git(folder, &["add", "--all"]);
        self.git(folder, &["commit", "--quiet", "--message", message]);
    }

    fn write(&self, name: &str, text: &str) {
        std::fs::write(self.path(name), text).unwrap();
    }

    fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.path(name)).unwrap()
    }

    /// A contributor's clone in which the page is a lie and its evidence says that it is true.
    fn forged_clone(&self) {
        self.git(".", &["clone", "--quiet", "book", "clone"]);
        self.write("clone/content/page.md", LIE);
        // On a machine of their own the contributor has evidence made that belongs to the lie …
        let attacker = self.path("attacker");
        std::fs::create_dir_all(&attacker).unwrap();
        let home = attacker.to_string_lossy();
        let (code, text) = self.verify_with("clone", &[], &[("HOME", &home), ("XDG_STATE_HOME", &home)]);
        assert_eq!(code, Some(1), "{text}");
        // … and edits what it says.
        self.forge("clone/evidence/page.json");
        self.commit("clone", "a small correction");
    }

    /// Makes false evidence say that all is well, for ever.
    fn forge(&self, name: &str) {
        let mut evidence: serde_json::Value = serde_json::from_str(&self.read(name)).unwrap();
        evidence["verified"] = "2099-01-01T00:00:00Z".into();
        for step in evidence["steps"].as_array_mut().unwrap() {
            step["verdict"] = "pass".into();
            step.as_object_mut().unwrap().remove("reason");
            step["screen"] = serde_json::json!(["goodbye"]);
        }
        self.write(name, &(serde_json::to_string_pretty(&evidence).unwrap() + "\n"));
    }
}

#[test]
fn a_forged_clone_is_run_and_false() {
    let machine = Machine::with_book();
    machine.forged_clone();
    let (code, text) = machine.verify("clone", &[]);
    assert_eq!(code, Some(1), "{text}");
    assert!(text.contains("the output is not what the page says"), "{text}");
    assert!(!text.contains("from evidence"), "{text}");
    assert!(text.contains("evidence/page.json says something else than the run"), "{text}");
}

/// The evidence of the clone as the forger left it, but dated today.
fn date_of_today(machine: &Machine) -> String {
    let read = |name| serde_json::from_str::<serde_json::Value>(&machine.read(name)).unwrap();
    let mut forged = read("clone/evidence/page.json");
    forged["verified"] = read("book/evidence/page.json")["verified"].clone();
    serde_json::to_string_pretty(&forged).unwrap() + "\n"
}

#[test]
fn forged_evidence_of_today_is_run_and_false() {
    let machine = Machine::with_book();
    machine.forged_clone();
    machine.write("clone/evidence/page.json", &date_of_today(&machine));
    let (code, text) = machine.verify("clone", &[]);
    assert_eq!(code, Some(1), "{text}");
    assert!(text.contains("evidence/page.json says something else than the run"), "{text}");
    // What the run showed stands in its place.
    let evidence = machine.read("clone/evidence/page.json");
    assert!(evidence.contains("\"hello\"") && !evidence.contains("\"goodbye\""), "{evidence}");
}

#[test]
fn offline_says_what_is_not_believed_and_what_is_stale() {
    let machine = Machine::with_book();
    let (code, text) = machine.verify("book", &["--offline"]);
    assert!(code == Some(0) && text.contains("1 page from evidence"), "{text}");
    machine.forged_clone();
    let (code, text) = machine.verify("clone", &["--offline"]);
    assert!(code == Some(1) && text.contains("dated later than now"), "{text}");
    machine.write("clone/evidence/page.json", &date_of_today(&machine));
    let (code, text) = machine.verify("clone", &["--offline"]);
    assert!(code == Some(1) && text.contains("is not believed: this machine did not write it"), "{text}");
    assert!(text.contains("1 page stale") && !text.contains("from evidence"), "{text}");
    machine.write("book/content/page.md", LIE);
    let (code, text) = machine.verify("book", &["--offline"]);
    assert!(code == Some(1) && text.contains("has changed since it was verified"), "{text}");
    assert!(text.contains("1 page stale") && !text.contains("from evidence"), "{text}");
}

#[test]
fn what_this_machine_wrote_is_believed_wherever_it_lies() {
    let machine = Machine::with_book();
    let (code, text) = machine.verify("book", &[]);
    assert!(code == Some(0) && text.contains("1 page from evidence"), "{text}");
    machine.git(".", &["clone", "--quiet", "book", "clone"]);
    let (code, text) = machine.verify("clone", &[]);
    assert!(code == Some(0) && text.contains("1 page from evidence"), "{text}");
    // Another user, or another machine, has another key.
    let none = machine.path("book/book.toml");
    let none = none.to_string_lossy();
    let (code, text) = machine.verify_with("clone", &[], &[("XDG_STATE_HOME", &none)]);
    assert!(code == Some(0) && !text.contains("from evidence"), "{text}");
    assert!(text.contains("evidence cannot be signed"), "{text}");
    // Nothing of this lies in the book.
    let key = machine.path("home/.local/state/haechi/evidence.key");
    let mode = std::os::unix::fs::PermissionsExt::mode(&key.metadata().unwrap().permissions());
    assert_eq!(mode & 0o777, 0o600);
}

/// A state folder that is named relative to where one stands could come with the book.
#[test]
fn a_key_that_comes_with_the_book_is_not_used() {
    let machine = Machine::with_book();
    machine.forged_clone();
    std::fs::rename(machine.path("attacker"), machine.path("clone/attacker")).unwrap();
    let text = date_of_today(&machine);
    machine.write("clone/evidence/page.json", &text);
    let (code, text) = machine.verify_with("clone", &[], &[("XDG_STATE_HOME", "attacker")]);
    assert_eq!(code, Some(1), "{text}");
}

#[test]
fn a_trusted_ref_vouches_for_what_it_holds_unchanged() {
    let machine = Machine::with_book();
    machine.git(".", &["clone", "--quiet", "book", "clone"]);
    let elsewhere = machine.path("elsewhere");
    let elsewhere = elsewhere.to_string_lossy();
    let ci = [("XDG_STATE_HOME", &*elsewhere)];
    let (code, text) = machine.verify_with("clone", &["--offline", "--trust-evidence", "origin/main"], &ci);
    assert!(code == Some(0) && text.contains("1 page from evidence"), "{text}");
    let (code, text) = machine.verify_with("clone", &["--offline"], &ci);
    assert!(code == Some(1) && text.contains("is not believed"), "{text}");
    // On GitHub the base of the pull request is found without being asked; a push has none.
    let pull = [ci[0], ("GITHUB_ACTIONS", "true"), ("GITHUB_BASE_REF", "main")];
    let (code, text) = machine.verify_with("clone", &["--offline"], &pull);
    assert_eq!(code, Some(0), "{text}");
    let push = [ci[0], ("GITHUB_ACTIONS", "true"), ("GITHUB_BASE_REF", "")];
    let (code, text) = machine.verify_with("clone", &["--offline"], &push);
    assert_eq!(code, Some(1), "{text}");
    let gone = [ci[0], ("GITHUB_ACTIONS", "true"), ("GITHUB_BASE_REF", "release")];
    let (code, text) = machine.verify_with("clone", &["--offline"], &gone);
    assert!(code == Some(1) && text.contains("git fetch --depth 1 origin release"), "{text}");
}

#[test]
fn a_trusted_ref_does_not_vouch_for_a_forgery() {
    let machine = Machine::with_book();
    machine.forged_clone();
    machine.write("clone/evidence/page.json", &date_of_today(&machine));
    machine.commit("clone", "evidence of today");
    let (code, text) = machine.verify("clone", &["--trust-evidence", "origin/main"]);
    assert_eq!(code, Some(1), "{text}");
    assert!(text.contains("the output is not what the page says"), "{text}");
}

/// In two steps: first forged evidence of a lie beside the true page, then the lie.
#[test]
fn evidence_of_a_page_to_come_is_found_and_not_believed_later() {
    let machine = Machine::with_book();
    machine.forged_clone();
    let forged = date_of_today(&machine);
    machine.git("clone", &["reset", "--quiet", "--hard", "origin/main"]);
    machine.write("clone/evidence/page.json", &forged);
    machine.commit("clone", "first step");
    let (code, text) = machine.verify("clone", &["--trust-evidence", "origin/main"]);
    assert!(code == Some(1) && text.contains("evidence of another text than this page's"), "{text}");
    // Somebody merges it all the same.
    machine.git("clone", &["checkout", "--quiet", "--", "evidence"]);
    machine.git("clone", &["push", "--quiet", "origin", "main:merged"]);
    machine.write("clone/content/page.md", LIE);
    machine.commit("clone", "second step");
    let (code, text) = machine.verify("clone", &["--trust-evidence", "origin/merged"]);
    assert_eq!(code, Some(1), "{text}");
}

/// A block of its own may be what all commands print; what stands in the transcript is the last one's.
#[test]
fn whose_output_a_block_is_belongs_to_what_evidence_is_of() {
    let machine = Machine::with_book();
    let page = |text: &str| machine.write("book/content/page.md", text);
    page("```console\n$ echo one\n$ echo two\n```\n\n```text\none\ntwo\n```\n");
    let (code, text) = machine.verify("book", &[]);
    assert_eq!(code, Some(0), "{text}");
    page("```console\n$ echo one\n$ echo two\none\ntwo\n```\n");
    let (code, text) = machine.verify("book", &[]);
    assert!(code == Some(1) && !text.contains("from evidence"), "{text}");
}

/// A page that no line of SUMMARY.md names does not run; then one line more is all that the lie needs.
#[test]
fn evidence_of_a_page_that_does_not_run_is_a_finding() {
    let machine = Machine::with_book();
    machine.forged_clone();
    let forged = date_of_today(&machine).replace("page.md", "draft.md");
    machine.git("clone", &["reset", "--quiet", "--hard", "origin/main"]);
    machine.write("clone/content/draft.md", LIE);
    machine.write("clone/evidence/draft.json", &forged);
    machine.commit("clone", "a draft");
    let (code, text) = machine.verify("clone", &["--trust-evidence", "origin/main"]);
    assert!(code == Some(1) && text.contains("evidence/draft.json is evidence that no run"), "{text}");
    std::fs::remove_file(machine.path("clone/evidence/draft.json")).unwrap();
    let (code, text) = machine.verify("clone", &["--trust-evidence", "origin/main"]);
    assert_eq!(code, Some(0), "{text}");
}

/// The file of a page may stay as it is while what it includes becomes a lie.
#[test]
fn what_a_page_includes_is_vouched_for_with_it() {
    let machine = Machine::with_book();
    machine.write("book/content/page.md", "{{#include part.inc}}\n");
    machine.write("book/content/part.inc", TRUTH);
    let (code, text) = machine.verify("book", &[]);
    assert_eq!(code, Some(0), "{text}");
    machine.commit("book", "a page of parts");
    machine.git(".", &["clone", "--quiet", "book", "clone"]);
    let elsewhere = machine.path("elsewhere");
    let elsewhere = elsewhere.to_string_lossy();
    let ci = [("XDG_STATE_HOME", &*elsewhere)];
    let offline = ["--offline", "--trust-evidence", "origin/main"];
    let (code, text) = machine.verify_with("clone", &offline, &ci);
    assert_eq!(code, Some(0), "{text}");
    machine.write("clone/content/part.inc", &format!("{TRUTH}\nOne word more.\n"));
    let (code, text) = machine.verify_with("clone", &offline, &ci);
    assert!(code == Some(1) && text.contains("is not believed"), "{text}");
}

#[test]
fn git_is_not_talked_into_another_repository() {
    let machine = Machine::with_book();
    machine.forged_clone();
    machine.write("clone/evidence/page.json", &date_of_today(&machine));
    machine.commit("clone", "evidence of today");
    // A repository that says what the forger wants, named by the environment …
    machine.git(".", &["clone", "--quiet", "clone", "evil"]);
    machine.git("evil", &["update-ref", "refs/remotes/origin/main", "HEAD"]);
    let evil = machine.path("evil/.git");
    let evil = evil.to_string_lossy();
    let named = [("GIT_DIR", &*evil)];
    let (code, text) = machine.verify_with("clone", &["--trust-evidence", "origin/main"], &named);
    assert_eq!(code, Some(1), "{text}");
    // … or in a submodule, whose origin the forger chooses …
    machine.git(".", &["init", "--quiet", "around"]);
    let allowed = ["-c", "protocol.file.allow=always", "submodule", "--quiet", "add", "../evil", "docs"];
    machine.git("around", &allowed);
    let (code, text) = machine.verify("around/docs", &["--trust-evidence", "origin/main"]);
    assert!(code == Some(2) && text.contains("is a submodule"), "{text}");
    // … or lying in the folder of the book as a bare one …
    machine.git("clone", &["checkout", "--quiet", "--", "evidence"]);
    std::fs::create_dir(machine.path("clone/book")).unwrap();
    for name in ["book.toml", "content", "evidence"] {
        let (from, to) = (machine.path("clone").join(name), machine.path("clone/book").join(name));
        std::fs::rename(from, to).unwrap();
    }
    for name in ["HEAD", "objects", "refs", "config", "packed-refs"] {
        let from = machine.path("evil/.git").join(name);
        if from.exists() {
            std::fs::rename(from, machine.path("clone/book").join(name)).unwrap();
        }
    }
    let (code, text) = machine.verify("clone/book", &["--trust-evidence", "origin/main"]);
    assert_eq!(code, Some(1), "{text}");
}

#[test]
fn replaced_objects_and_refs_like_options_are_not_followed() {
    let machine = Machine::with_book();
    machine.forged_clone();
    machine.write("clone/evidence/page.json", &date_of_today(&machine));
    machine.commit("clone", "evidence of today");
    machine.git("clone", &["replace", "origin/main", "HEAD"]);
    let (code, text) = machine.verify("clone", &["--trust-evidence", "origin/main"]);
    assert_eq!(code, Some(1), "{text}");
    let (code, text) = machine.verify("clone", &["--trust-evidence=--all"]);
    assert!(code == Some(2) && text.contains("does not begin with"), "{text}");
    let (code, text) = machine.verify("clone", &["--trust-evidence", "nowhere"]);
    assert!(code == Some(2) && text.contains("is not a commit that can be trusted"), "{text}");
    // A tag of the branch's name is not taken for the branch.
    machine.git("clone", &["replace", "--delete", "origin/main"]);
    machine.git("clone", &["tag", "origin/main", "HEAD"]);
    let (code, text) = machine.verify("clone", &["--trust-evidence", "origin/main"]);
    assert!(code == Some(2) && text.contains("ambiguous"), "{text}");
}

#[test]
fn the_site_says_what_nobody_vouches_for() {
    let machine = Machine::with_book();
    machine.git(".", &["clone", "--quiet", "book", "clone"]);
    let build = |further: &[(&str, &str)]| {
        let output = machine.run_with(env!("CARGO_BIN_EXE_haechi"), "clone", &["build"], further);
        assert!(output.status.success(), "{}", said(&output));
        (machine.read("clone/book/page.html"), machine.read("clone/book/badge.json"))
    };
    let (page, badge) = build(&[]);
    assert!(page.contains("proof verified") && badge.contains("verified 1/1"), "{badge}");
    assert!(machine.path("clone/book/page.cast").is_file());
    // Built again where nobody vouches, nothing of before remains.
    let none = machine.path("book/book.toml");
    let none = none.to_string_lossy();
    let (page, badge) = build(&[("XDG_STATE_HOME", &none)]);
    assert!(page.contains("nobody vouches for") && !page.contains("proof verified"), "{page}");
    assert!(badge.contains("verified 0/1"), "{badge}");
    assert!(!machine.path("clone/book/page.cast").exists());
    // A recording that was exchanged is not shown.
    machine.write("clone/evidence/page.cast", "{\"version\":2}\n");
    let (page, _) = build(&[]);
    assert!(page.contains("proof verified") && !page.contains("class=\"recording\""), "{page}");
}

#[test]
fn a_site_built_again_says_that_the_repositorys_files_have_changed() {
    let machine = Machine::with_book();
    let settings = machine.read("book/book.toml") + "[verify]\nfiles = \"repository\"\n";
    machine.write("book/book.toml", &settings);
    machine.write("book/data.txt", "one");
    let (code, text) = machine.verify("book", &[]);
    assert_eq!(code, Some(0), "{text}");
    for (data, state) in [("one", "proof verified"), ("two", "proof stale"), ("one", "proof verified")] {
        machine.write("book/data.txt", data);
        let output = machine.run(env!("CARGO_BIN_EXE_haechi"), "book", &["build"]);
        assert!(output.status.success(), "{}", said(&output));
        let page = machine.read("book/book/page.html");
        assert!(page.contains(state), "{data}: {page}");
    }
}

#[test]
fn evidence_that_cannot_be_written_is_noticed_before_the_run() {
    let machine = Machine::with_book();
    std::fs::create_dir(machine.path("book/content/part")).unwrap();
    machine.write("book/content/SUMMARY.md", "# x\n\n- [a](part/a.md)\n- [page](page.md)\n- [z](z.md)\n");
    machine.write("book/content/part/a.md", LIE);
    machine.write("book/content/z.md", TRUTH);
    machine.write("book/evidence/part", "a file where a folder is to be\n");
    let (code, text) = machine.verify("book", &["--no-cache"]);
    assert_eq!(code, Some(1), "{text}");
    assert!(text.contains("2 passed") && text.contains("1 failed"), "{text}");
    let noticed = text.find("cannot write ./evidence/part/a.json").unwrap();
    let judged = text.find("the output is not what the page says").unwrap();
    assert!(noticed < judged, "{text}");
    assert!(machine.path("book/evidence/z.json").is_file());
    // Where all is true the exit code says that something is missing.
    machine.write("book/content/part/a.md", TRUTH);
    let (code, text) = machine.verify("book", &[]);
    assert!(code == Some(2) && text.contains("3 passed"), "{text}");
}

#[test]
fn a_page_that_fails_again_shows_what_it_printed_now() {
    let machine = Machine::with_book();
    machine.write(
        "book/content/page.md",
        "```sh\ncat /proc/sys/kernel/random/uuid | tr 0-9 g-p\n```\n\n```text\nx\n```\n",
    );
    let screen = |machine: &Machine| {
        let (code, text) = machine.verify("book", &[]);
        assert_eq!(code, Some(1), "{text}");
        let evidence: serde_json::Value =
            serde_json::from_str(&machine.read("book/evidence/page.json")).unwrap();
        (
            evidence["steps"][0]["screen"][0].as_str().unwrap().to_owned(),
            machine.read("book/evidence/page.cast"),
        )
    };
    let (first, first_cast) = screen(&machine);
    let (second, second_cast) = screen(&machine);
    assert!(
        first != second && first_cast.contains(&first) && second_cast.contains(&second),
        "{first} {second}"
    );
}

#[test]
fn a_page_that_is_true_again_keeps_its_screen() {
    let machine = Machine::with_book();
    machine.write(
        "book/content/page.md",
        "```sh\ncat /proc/sys/kernel/random/uuid\n```\n\n```text\n01234567-89ab-4def-8123-456789abcdef\n```\n",
    );
    let kept = |further: &[&str]| {
        let (code, text) = machine.verify("book", further);
        assert_eq!(code, Some(0), "{text}");
        let evidence: serde_json::Value =
            serde_json::from_str(&machine.read("book/evidence/page.json")).unwrap();
        (evidence["steps"].clone(), evidence["recording"].clone(), machine.read("book/evidence/page.cast"))
    };
    assert_eq!(kept(&[]), kept(&["--no-cache"]));
}

#[test]
fn what_decides_a_verdict_is_what_evidence_belongs_to() {
    let machine = Machine::with_book();
    let runs = |further: &[&str]| {
        let (code, text) = machine.verify("book", further);
        assert_eq!(code, Some(0), "{text}");
        let ran = !text.contains("from evidence");
        machine.verify("book", &[]);
        ran
    };
    assert!(!runs(&[]));
    assert!(runs(&["--page-timeout", "29m"]));
    assert!(runs(&["--timeout-multiplier", "2"]));
    // Thirty minutes for a page are what it has without both.
    assert!(runs(&["--timeout-multiplier", "10", "--page-timeout", "3m"]));
    for settings in ["bare = [\"podman\"]", "elisions = [\"etc\"]", "timeout = \"9s\""] {
        machine.write("book/book.toml", &format!("[book]\nsrc = \"content\"\n\n[verify]\n{settings}\n"));
        assert!(runs(&[]), "{settings}");
    }
    // This does not decide a verdict.
    machine.write(
        "book/book.toml",
        "[book]\nsrc = \"content\"\n\n[verify]\ntimeout = \"9s\"\njobs = 1\ndrift = \"fail\"\n",
    );
    assert!(!runs(&[]));
}

/// Where the page leaves lines out, forged ones would not make it false.
#[test]
fn a_forged_screen_is_not_kept_when_the_page_is_true() {
    let machine = Machine::with_book();
    machine.write("book/content/page.md", "```sh\necho hello\n```\n\n```text\n...\n```\n");
    machine.verify("book", &[]);
    machine.forge("book/evidence/page.json");
    machine
        .write("book/evidence/page.json", &machine.read("book/evidence/page.json").replace("2099", "2020"));
    let (code, text) = machine.verify("book", &[]);
    let evidence = machine.read("book/evidence/page.json");
    assert!(
        code == Some(0) && evidence.contains("\"hello\"") && !evidence.contains("goodbye"),
        "{text}{evidence}"
    );
}

#[test]
fn evidence_is_not_written_through_a_link() {
    let machine = Machine::with_book();
    std::fs::create_dir_all(machine.path("home/.config")).unwrap();
    machine.write("home/.config/page.json", "mine");
    std::fs::remove_dir_all(machine.path("book/evidence")).unwrap();
    std::os::unix::fs::symlink("../home/.config", machine.path("book/evidence")).unwrap();
    let (code, text) = machine.verify("book", &[]);
    assert!(code == Some(2) && text.contains("1 passed") && text.contains("is a link"), "{text}");
    assert_eq!(machine.read("home/.config/page.json"), "mine");
    assert_eq!(std::fs::read_dir(machine.path("home/.config")).unwrap().count(), 1);
}
