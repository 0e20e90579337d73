//! Pages that attack: each runs for real, is contained, and gets a verdict that says what happened.
//! `make test` runs these; they fail where no engine answers. With `-- --nocapture` the table is printed.

#![allow(clippy::unwrap_used, reason = "a test says what is wrong by failing")]

use std::io::Read;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use rayon::prelude::*;

/// What no page may ever see.
const SECRET: &str = "the-machine-is-read-4711";

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn docker(arguments: &[&str]) -> String {
    let address = Command::new(root().join("images/engine.sh")).arg("host").output().unwrap();
    let address = String::from_utf8(address.stdout).unwrap();
    let output = Command::new("docker").env("DOCKER_HOST", address.trim()).args(arguments).output().unwrap();
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// A port of the machine that must not be reached, and how often it was.
struct Canary {
    port: u16,
    reached: Arc<AtomicUsize>,
}

impl Canary {
    fn listen() -> Self {
        let listener = TcpListener::bind("0.0.0.0:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let reached = Arc::new(AtomicUsize::new(0));
        let counter = reached.clone();
        std::thread::spawn(move || {
            for mut stream in listener.incoming().flatten() {
                counter.fetch_add(1, Ordering::Relaxed);
                let _ = stream.read(&mut [0; 64]);
            }
        });
        Self { port, reached }
    }
}

/// The addresses that this machine listens on.
fn addresses() -> String {
    let output = Command::new("hostname").arg("-I").output().unwrap();
    String::from_utf8(output.stdout)
        .unwrap()
        .split_whitespace()
        .filter(|a| !a.contains(':'))
        .collect::<Vec<_>>()
        .join(" ")
}

/// All that was said of a page, and the reports.
struct Attack {
    title: String,
    output: Output,
    folder: tempfile::TempDir,
}

impl Attack {
    fn run(page: &Path, canary: &Canary) -> Self {
        let text = std::fs::read_to_string(page).unwrap();
        let text =
            text.replace("CANARY_ADDRESSES", &addresses()).replace("CANARY_PORT", &canary.port.to_string());
        let folder = tempfile::tempdir().unwrap();
        let name = page.file_name().unwrap();
        std::fs::write(folder.path().join(name), &text).unwrap();
        let output = Command::new(env!("CARGO_BIN_EXE_haechi"))
            .args(["verify", "--memory", "1024", "--disk", "1024", "--page-timeout", "60s"])
            .args([
                "--report",
                "junit=report.xml",
                "--report",
                "sarif=report.sarif",
                "--report",
                "json=report.json",
            ])
            .args(["--report", "markdown=report.md"])
            .arg(name)
            .current_dir(folder.path())
            .env("LC_ALL", "C")
            .env_remove("GITHUB_ACTIONS")
            .output()
            .unwrap();
        let title = text.lines().next().unwrap().trim_start_matches("# ").to_owned();
        Self { title, output, folder }
    }

    fn said(&self) -> String {
        let (out, err) = (&self.output.stdout, &self.output.stderr);
        format!("{}{}", String::from_utf8_lossy(out), String::from_utf8_lossy(err))
    }

    fn report(&self, name: &str) -> String {
        std::fs::read_to_string(self.folder.path().join(name)).unwrap()
    }

    /// What is wrong with what was said, if anything is.
    fn complaint(&self, wanted: Option<&str>) -> Option<String> {
        let said = self.said();
        let code = i32::from(wanted.is_some());
        let missing: Vec<&str> =
            wanted.unwrap_or_default().lines().filter(|line| !said.contains(line)).collect();
        let raw =
            said.chars().find(|&c| (c.is_control() && c != '\n') || ('\u{202a}'..='\u{202e}').contains(&c));
        let bad = if self.output.status.code() != Some(code) {
            format!("exit {:?}, not {code}", self.output.status.code())
        } else if !missing.is_empty() {
            format!("it did not say {missing:?}")
        } else if let Some(raw) = raw {
            format!("the terminal got {raw:?}")
        } else if said.contains(SECRET) {
            "it read a file of the machine".to_owned()
        } else {
            self.bad_report()?
        };
        Some(format!("{}: {bad}\n{said}", self.title))
    }

    /// The reports must be well-formed, whatever a page prints.
    fn bad_report(&self) -> Option<String> {
        let sarif: Result<serde_json::Value, _> = serde_json::from_str(&self.report("report.sarif"));
        let json: serde_json::Value = serde_json::from_str(&self.report("report.json")).ok()?;
        let schema = serde_json::from_str(
            &std::fs::read_to_string(root().join("docs/en/report.schema.json")).unwrap(),
        )
        .unwrap();
        if let Err(error) = jsonschema::validate(&schema, &json) {
            return Some(format!("report.json does not fit its schema: {error}"));
        }
        if let Err(error) = sarif {
            return Some(format!("report.sarif is not JSON: {error}"));
        }
        let xml = self.report("report.xml");
        quick_junit::Report::deserialize_from_str(&xml)
            .err()
            .map(|error| format!("report.xml is not JUnit: {error}"))
    }

    /// The verdicts in a few words, for the table.
    fn verdict(&self) -> String {
        let said = self.said();
        let reason = said
            .lines()
            .find(|line| line.starts_with("fail ") || line.starts_with("error "))
            .map(|line| line.splitn(3, "  ").collect::<Vec<_>>());
        match reason.as_deref() {
            Some([word, _, why]) => format!("{word}: {why}"),
            _ => "pass: the attack got the error that the page shows".into(),
        }
    }
}

#[test]
fn hostile_pages_are_contained() {
    let canary = Canary::listen();
    let file = tempfile::Builder::new().prefix("haechi-canary").tempfile_in("/tmp").unwrap();
    std::fs::write(file.path(), SECRET).unwrap();
    let before = left_behind();
    let pages = root().join("tests/pages/hostile");
    let mut names: Vec<PathBuf> =
        std::fs::read_dir(pages).unwrap().map(|entry| entry.unwrap().path()).collect();
    names.retain(|path| path.extension().is_some_and(|extension| extension == "md"));
    names.sort();
    let guide = std::fs::read_to_string(root().join("docs/en/security.md")).unwrap();
    let mut wrong = Vec::new();
    // Some of them do nothing but wait: three at a time.
    let pool = rayon::ThreadPoolBuilder::new().num_threads(3).build().unwrap();
    let attacks: Vec<Attack> =
        pool.install(|| names.par_iter().with_max_len(1).map(|page| Attack::run(page, &canary)).collect());
    for (page, attack) in names.iter().zip(&attacks) {
        let wanted = std::fs::read_to_string(page.with_extension("said")).ok();
        println!("| {} | {} |", attack.title, attack.verdict());
        wrong.extend(attack.complaint(wanted.as_deref()));
        if !guide.contains(&format!("| {} |", attack.title)) {
            wrong.push(format!("docs/en/security.md does not tell of {:?}", attack.title));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert_eq!(canary.reached.load(Ordering::Relaxed), 0, "a page reached a port of the machine");
    assert!(!Path::new("/tmp/haechi-out").exists(), "a page wrote a file of the machine");
    let new: Vec<String> = left_behind().into_iter().filter(|left| !before.contains(left)).collect();
    assert_eq!(new, Vec::<String>::new(), "pages left something behind");
}

/// Containers, networks, volumes, loop devices and processes that could have come from pages.
fn left_behind() -> Vec<String> {
    let mut left: Vec<String> = Vec::new();
    for listing in [
        &["ps", "--all", "--quiet", "--filter", "label=haechi=sandbox"][..],
        &["network", "ls", "--quiet"],
        &["volume", "ls", "--quiet"],
    ] {
        left.extend(docker(listing).lines().map(str::to_owned));
    }
    for entry in std::fs::read_dir("/sys/block").unwrap().flatten() {
        let backing = entry.path().join("loop/backing_file");
        left.extend(std::fs::read_to_string(backing).ok().filter(|file| file.contains("haechi")));
    }
    for entry in std::fs::read_dir("/proc").unwrap().flatten() {
        let command = std::fs::read_to_string(entry.path().join("cmdline")).unwrap_or_default();
        if command.starts_with("haechi-left-behind") || command.contains("31415") {
            left.push(command);
        }
    }
    left.sort();
    left
}

/// What a page prints does not become part of the site.
#[test]
fn output_is_no_markup_of_the_site() {
    let folder = tempfile::tempdir().unwrap();
    let book = folder.path().join("book");
    std::fs::create_dir_all(book.join("src")).unwrap();
    std::fs::write(book.join("book.toml"), "[book]\ntitle = \"x\"\n").unwrap();
    std::fs::write(book.join("src/SUMMARY.md"), "# x\n\n- [x](markup.md)\n").unwrap();
    std::fs::copy(root().join("tests/pages/hostile/markup.md"), book.join("src/markup.md")).unwrap();
    let haechi = |command: &[&str]| {
        Command::new(env!("CARGO_BIN_EXE_haechi")).args(command).current_dir(&book).output().unwrap()
    };
    assert_eq!(haechi(&["verify"]).status.code(), Some(1));
    let built = haechi(&["build", "--dest-dir", "out"]);
    assert!(built.status.success(), "{}", String::from_utf8_lossy(&built.stderr));
    let html = std::fs::read_to_string(book.join("out/markup.html")).unwrap();
    assert!(html.contains("alert("), "the screen is shown");
    // A product that no date or hash has by chance.
    for bad in ["<script>alert", "<img src=x", "62663047"] {
        assert!(!html.contains(bad), "{bad}");
    }
}
