//! The guide against a real engine. `make test` runs these; they fail where no engine answers.

#![allow(clippy::unwrap_used, reason = "a test says what is wrong by failing")]

mod support;

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use support::said;

/// A copy of the guide in a folder of its own, without evidence.
struct Guide {
    folder: tempfile::TempDir,
}

impl Guide {
    fn copy() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        std::fs::copy(root.join("book.toml"), folder.path().join("book.toml")).unwrap();
        std::fs::create_dir(folder.path().join("content")).unwrap();
        for entry in std::fs::read_dir(root.join("content")).unwrap() {
            let entry = entry.unwrap();
            if entry.file_type().unwrap().is_file() {
                std::fs::copy(entry.path(), folder.path().join("content").join(entry.file_name())).unwrap();
            }
        }
        Self { folder }
    }

    fn page(&self, name: &str) -> PathBuf {
        self.folder.path().join("content").join(name)
    }

    /// Replaces a text that the page contains, and says on which line, from 1, it was.
    fn falsify(&self, page: &str, truth: &str, lie: &str) -> usize {
        let text = std::fs::read_to_string(self.page(page)).unwrap();
        let at = text.find(truth).unwrap_or_else(|| panic!("{page} does not contain {truth:?}"));
        std::fs::write(self.page(page), text.replacen(truth, lie, 1)).unwrap();
        let first_difference = truth.bytes().zip(lie.bytes()).take_while(|(a, b)| a == b).count();
        text[..at + first_difference].matches('\n').count() + 1
    }

    fn haechi(&self, arguments: &[&str]) -> Output {
        Command::new(env!("CARGO_BIN_EXE_haechi"))
            .args(arguments)
            .current_dir(self.folder.path())
            .env("LC_ALL", "C")
            .output()
            .unwrap()
    }
}

/// One word of the page is changed: verify must exit with 1 and point at that line and word.
fn is_caught(page: &str, truth: &str, lie: &str, shown: &str) {
    let guide = Guide::copy();
    let line = guide.falsify(page, truth, lie);
    is_reported(&guide, page, line, shown);
}

fn is_reported(guide: &Guide, page: &str, line: usize, shown: &str) {
    let output = guide.haechi(&["verify", &format!("content/{page}")]);
    let text = said(&output);
    assert_eq!(output.status.code(), Some(1), "{text}");
    assert!(text.contains(&format!("content/{page}:{line}:")), "no mention of line {line}:\n{text}");
    assert!(text.contains(shown), "no mention of {shown:?}:\n{text}");
    assert!(text.contains("1 failed"), "only the one lie is false:\n{text}");
}

#[test]
fn engine_catches_a_false_word_in_a_pull() {
    is_caught(
        "pull.md",
        "Downloaded newer image for hello",
        "Downloaded older image for hello",
        "Downloaded older image",
    );
}

#[test]
fn engine_catches_a_false_cell_of_a_table() {
    is_caught("run.md", "5 seconds ago    Exited (0)", "5 seconds ago    Exited (1)", "Exited (1)");
}

#[test]
fn engine_catches_a_false_answer_in_a_session() {
    is_caught("run.md", "/ # echo $$\n1\n", "/ # echo $$\n4711\n", "4711");
}

#[test]
fn engine_catches_a_false_error_message() {
    is_caught("networks.md", "has active endpoints", "has passive endpoints", "has passive endpoints");
}

#[test]
fn engine_catches_a_false_number() {
    is_caught("limits.md", "exited 137", "exited 143", "exited 143");
}

#[test]
fn engine_catches_a_false_claim_about_a_page() {
    is_caught("volumes.md", "contains=\"호스트에서", "contains=\"호텔에서", "does not contain `호텔에서");
}

#[test]
fn engine_catches_a_false_exit_code() {
    let guide = Guide::copy();
    let fence = guide.falsify("limits.md", "{exit=137}", "{exit=0}");
    is_reported(&guide, "limits.md", fence + 1, "exit code 137, not 0");
}

#[test]
fn engine_blesses_only_what_is_false() {
    let guide = Guide::copy();
    let truth = std::fs::read_to_string(guide.page("pull.md")).unwrap();
    guide.falsify("pull.md", "Downloaded newer image for hello", "Downloaded older image for hello");
    guide.falsify("pull.md", "```text\nlinux/amd64", "```text\nlinux/arm64");
    let dry = guide.haechi(&["bless", "--dry-run", "content/pull.md"]);
    assert!(said(&dry).contains("-linux/arm64"), "{}", said(&dry));
    assert_ne!(std::fs::read_to_string(guide.page("pull.md")).unwrap(), truth);
    let blessed = guide.haechi(&["bless", "content/pull.md"]);
    assert_eq!(blessed.status.code(), Some(0), "{}", said(&blessed));
    assert_eq!(std::fs::read_to_string(guide.page("pull.md")).unwrap(), truth);
    let verified = guide.haechi(&["verify", "content/pull.md"]);
    assert_eq!(verified.status.code(), Some(0), "{}", said(&verified));
}

#[test]
fn engine_verifies_a_new_book_and_believes_its_evidence() {
    let folder = tempfile::tempdir().unwrap();
    let haechi = |arguments: &[&str]| {
        Command::new(env!("CARGO_BIN_EXE_haechi"))
            .args(arguments)
            .current_dir(folder.path())
            .env("LC_ALL", "C")
            .output()
            .unwrap()
    };
    assert_eq!(haechi(&["new", "book"]).status.code(), Some(0));
    assert_eq!(haechi(&["verify", "--offline", "book"]).status.code(), Some(1), "nothing is verified yet");
    let first = haechi(&["verify", "book"]);
    assert_eq!(first.status.code(), Some(0), "{}", said(&first));
    let evidence = folder.path().join("book/evidence/first.json");
    let before = std::fs::read_to_string(&evidence).unwrap();
    assert!(said(&haechi(&["verify", "book"])).contains("1 page from evidence"));
    assert_eq!(haechi(&["verify", "--offline", "book"]).status.code(), Some(0));
    assert_eq!(haechi(&["verify", "--no-cache", "book"]).status.code(), Some(0));
    let times = |text: &str| -> Vec<String> {
        text.lines()
            .filter(|line| !line.contains("\"verified\"") && !line.contains("\"seconds\""))
            .map(str::to_owned)
            .collect()
    };
    assert_eq!(
        times(&std::fs::read_to_string(&evidence).unwrap()),
        times(&before),
        "only the times may change"
    );
    let settings = folder.path().join("book/book.toml");
    let plain = std::fs::read_to_string(&settings).unwrap();
    std::fs::write(&settings, format!("{plain}\n[verify]\nelisions = [\"~~~\"]\n")).unwrap();
    assert_eq!(haechi(&["verify", "--offline", "book"]).status.code(), Some(1), "the rules have changed");
    std::fs::write(&settings, plain).unwrap();
    assert_eq!(haechi(&["verify", "--offline", "book"]).status.code(), Some(0));
    std::fs::write(folder.path().join("book/content/first.md"), "```sh\necho other\n```\n").unwrap();
    assert_eq!(haechi(&["verify", "--offline", "book"]).status.code(), Some(1), "the text has changed");
}

/// An image that no sandbox can be made from: each page says so, and none ends the run of another.
#[test]
fn engine_pages_without_a_sandbox_are_errors() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["a.md", "b.md"] {
        std::fs::write(folder.path().join(name), "```sh\ntrue\n```\n").unwrap();
    }
    let output = Command::new(env!("CARGO_BIN_EXE_haechi"))
        .args(["verify", "--sandbox-image", "haechi/mirror:latest", "a.md", "b.md"])
        .current_dir(folder.path())
        .env("LC_ALL", "C")
        .output()
        .unwrap();
    let text = said(&output);
    assert_eq!(output.status.code(), Some(1), "{text}");
    assert!(text.contains("2 errors"), "{text}");
    for name in ["a.md", "b.md"] {
        assert!(text.contains(&format!("{name}:2:1  no sandbox could be made")), "{text}");
    }
}

#[test]
fn engine_sandbox_reaches_nothing_and_is_gone_afterwards() {
    let folder = tempfile::tempdir().unwrap();
    let page = folder.path().join("page.md");
    std::fs::write(
        &page,
        "```console {exit=7}\n$ ls /sys/class/net | grep -c eth\n0\n$ curl -s --max-time 3 http://172.17.0.1:22\n```\n",
    )
    .unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_haechi")).arg("verify").arg(&page).output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
}

#[test]
fn engine_talks_to_programs_in_containers() {
    let folder = tempfile::tempdir().unwrap();
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/pages/engine/sessions.md");
    let copy = folder.path().join("sessions.md");
    std::fs::copy(page, &copy).unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_haechi")).arg("verify").arg(&copy).output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
}

#[test]
fn engine_answers_dockers_own_questions() {
    let folder = tempfile::tempdir().unwrap();
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/pages/engine/questions.md");
    let copy = folder.path().join("questions.md");
    std::fs::copy(page, &copy).unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_haechi")).arg("verify").arg(&copy).output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
}

/// A repository named `app` with an image of its own, and what its README says.
fn repository(readme: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().join("app");
    std::fs::create_dir(&root).unwrap();
    std::fs::write(root.join("Dockerfile"), "FROM busybox\nCOPY greet /bin/\nCMD [\"greet\"]\n").unwrap();
    std::fs::write(root.join("greet"), "#!/bin/sh\necho Hello from $(hostname)\n").unwrap();
    std::fs::set_permissions(root.join("greet"), std::os::unix::fs::PermissionsExt::from_mode(0o755))
        .unwrap();
    std::fs::write(root.join("README.md"), readme).unwrap();
    assert!(Command::new("git").args(["init", "-q"]).current_dir(&root).status().unwrap().success());
    folder
}

#[test]
fn engine_builds_and_runs_the_repository_around_a_readme() {
    let readme = "```console\n\
        $ pwd\n/root/app\n\
        $ ls -l --time-style=+ greet\n-rwxr-xr-x 1 root root 38  greet\n\
        $ docker build -q -t greet . >/dev/null\n\
        $ docker run --rm -h web greet\nHello from web\n\
        ```\n";
    for (readme, code) in [(readme.to_owned(), 0), (readme.replace("from web", "from nowhere"), 1)] {
        let folder = repository(&readme);
        let output = Command::new(env!("CARGO_BIN_EXE_haechi"))
            .args(["verify", "README.md"])
            .current_dir(folder.path().join("app"))
            .env("LC_ALL", "C")
            .output()
            .unwrap();
        assert_eq!(output.status.code(), Some(code), "{}", said(&output));
        assert!(said(&output).contains(if code == 0 { "4 passed" } else { "3 passed, 0 drifted, 1 failed" }));
    }
}

#[test]
fn engine_has_the_programs_that_pages_use() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let docs = std::fs::read_to_string(root.join("docs/en/sandbox.md")).unwrap();
    let (_, listed) = docs.split_once("## Programs").unwrap();
    let rows: String = listed.lines().filter(|line| line.starts_with("| ")).collect();
    let programs: Vec<&str> = rows.split('`').skip(1).step_by(2).collect();
    assert!(programs.len() > 30, "{programs:?}");
    let mut text = std::fs::read_to_string(root.join("tests/pages/engine/programs.md")).unwrap();
    for program in programs {
        // The client's plugins are asked for as such.
        let asked = match program {
            "compose" | "buildx" => format!("docker {program} version"),
            _ => format!("command -v {program}"),
        };
        text.push_str(&format!("```sh\n{asked} >/dev/null\n```\n"));
    }
    let folder = tempfile::tempdir().unwrap();
    let page = folder.path().join("programs.md");
    std::fs::write(&page, text).unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_haechi")).arg("verify").arg(&page).output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
}

/// The sandboxes that a process owns.
fn sandboxes(pid: u32) -> Vec<String> {
    let docker = |arguments: &[&str]| {
        let host = std::env::var("DOCKER_HOST").unwrap_or_else(|_| {
            let usual = Path::new("/var/run/docker.sock");
            if usual.exists() {
                "unix:///var/run/docker.sock".into()
            } else {
                "unix:///run/haechi/docker.sock".into()
            }
        });
        let output = Command::new("docker").args(["--host", &host]).args(arguments).output().unwrap();
        String::from_utf8_lossy(&output.stdout).into_owned()
    };
    let format = "{{.ID}} {{.Label \"haechi.owner\"}}";
    docker(&["ps", "--all", "--filter", "label=haechi=sandbox", "--format", format])
        .lines()
        .filter(|line| line.contains(&format!(" {pid}:")))
        .map(str::to_owned)
        .collect()
}

#[test]
fn engine_leaves_nothing_behind_when_killed() {
    let folder = tempfile::tempdir().unwrap();
    let page = folder.path().join("page.md");
    std::fs::write(&page, "```sh\nsleep 100\n```\n").unwrap();
    let start = || {
        let running = Command::new(env!("CARGO_BIN_EXE_haechi"))
            .arg("verify")
            .arg(&page)
            .stdout(std::process::Stdio::null())
            .stderr(std::process::Stdio::null())
            .spawn()
            .unwrap();
        while sandboxes(running.id()).is_empty() {
            std::thread::yield_now();
        }
        running
    };
    for (signal, code) in [("INT", Some(130)), ("TERM", Some(130)), ("KILL", None)] {
        let mut running = start();
        let pid = running.id();
        assert!(Command::new("kill").args(["-s", signal, &pid.to_string()]).status().unwrap().success());
        assert_eq!(running.wait().unwrap().code(), code, "{signal}");
        if signal == "KILL" {
            // Nobody was left to remove it; the next run does.
            assert!(!sandboxes(pid).is_empty());
            std::fs::write(&page, "```sh\ntrue\n```\n").unwrap();
            let next = Command::new(env!("CARGO_BIN_EXE_haechi")).arg("verify").arg(&page).output().unwrap();
            assert_eq!(next.status.code(), Some(0), "{}", said(&next));
        }
        assert_eq!(sandboxes(pid), Vec::<String>::new(), "{signal}");
    }
}

#[test]
fn engine_missing_is_exit_code_three() {
    let folder = tempfile::tempdir().unwrap();
    let page = folder.path().join("page.md");
    std::fs::write(&page, "```sh\ntrue\n```\n").unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_haechi"))
        .arg("verify")
        .arg(&page)
        .env("DOCKER_HOST", "unix:///nowhere/docker.sock")
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(3), "{}", said(&output));
    assert!(said(&output).contains("no Docker Engine answers"), "{}", said(&output));
}

/// A reader has one computer: what a chapter leaves behind must not be in the way of the next.
#[test]
fn engine_lets_a_reader_type_along_from_the_first_page_to_the_last() {
    let content = Path::new(env!("CARGO_MANIFEST_DIR")).join("content");
    let summary = std::fs::read_to_string(content.join("SUMMARY.md")).unwrap();
    let pages: Vec<&str> =
        summary.split("](").skip(1).filter_map(|rest| rest.split_once(')')).map(|(page, _)| page).collect();
    assert!(pages.len() > 20, "{pages:?}");
    let mut text = String::new();
    for page in pages {
        let page = std::fs::read_to_string(content.join(page)).unwrap();
        // What it goes on from has been typed.
        for line in page.lines().filter(|line| !line.starts_with("<!-- haechi: continues ")) {
            text.push_str(line);
            text.push('\n');
        }
    }
    let guide = Guide::copy();
    std::fs::write(guide.page("README.md"), text).unwrap();
    let output = guide.haechi(&["verify", "content/README.md"]);
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
}
