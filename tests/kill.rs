//! Runs that are cut off: nothing stays behind once the next command has run, and evidence is old or
//! new, never half. `make test` runs these, one after another, since one of them kills the engine.

#![allow(clippy::unwrap_used, reason = "a test says what is wrong by failing")]

mod support;

use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use support::{not_run, said};

const MOMENTS: usize = 20;

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn engine_address() -> String {
    let output = Command::new(root().join("images/engine.sh")).arg("host").output().unwrap();
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

fn docker(arguments: &[&str]) -> Vec<String> {
    let output =
        Command::new("docker").env("DOCKER_HOST", engine_address()).args(arguments).output().unwrap();
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap().lines().map(str::to_owned).collect()
}

/// Containers, networks, volumes, loop devices and temporary files that could be of a run.
fn left_behind(book: &Path) -> Vec<String> {
    let mut left = docker(&["ps", "--all", "--quiet", "--filter", "label=haechi=sandbox"]);
    left.extend(docker(&["network", "ls", "--quiet", "--filter", "label=haechi"]));
    left.extend(docker(&[
        "volume",
        "ls",
        "--quiet",
        "--filter",
        "dangling=true",
        "--filter",
        "label=com.docker.volume.anonymous",
    ]));
    for entry in std::fs::read_dir("/sys/block").unwrap().flatten() {
        let backing = std::fs::read_to_string(entry.path().join("loop/backing_file"));
        left.extend(backing.ok().filter(|file| file.contains("/var/lib/haechi")));
    }
    for folder in [book.join("evidence"), std::env::temp_dir()] {
        for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
            let name = entry.file_name().to_string_lossy().into_owned();
            left.extend(name.starts_with(".haechi-").then_some(name));
        }
    }
    left
}

fn book(folder: &Path) {
    std::fs::create_dir_all(folder.join("src")).unwrap();
    std::fs::write(folder.join("book.toml"), "[book]\ntitle = \"x\"\n").unwrap();
    std::fs::write(folder.join("src/SUMMARY.md"), "# x\n\n- [a](a.md)\n- [b](b.md)\n- [c](c.md)\n").unwrap();
    let run = "```sh\ndocker run --rm hello-world\n```\n";
    std::fs::write(folder.join("src/a.md"), run).unwrap();
    std::fs::write(folder.join("src/b.md"), format!("{run}\n```sh\nsleep 0.5\n```\n")).unwrap();
    std::fs::write(folder.join("src/c.md"), "```sh\nsleep 0.2; echo hi\n```\n\n```text\nhi\n```\n").unwrap();
}

fn verify(book: &Path, further: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_haechi"));
    command.arg("verify").args(further).current_dir(book).env("LC_ALL", "C");
    command
}

fn is_good(book: &Path, further: &[&str]) {
    let output = verify(book, further).output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{further:?}: {}", said(&output));
}

/// A number below `most` that is another each time.
fn random(most: u64) -> u64 {
    use std::hash::{BuildHasher, Hasher};
    std::hash::RandomState::new().build_hasher().finish() % most
}

#[test]
fn killed_at_twenty_random_moments() {
    let folder = tempfile::tempdir().unwrap();
    book(folder.path());
    is_good(folder.path(), &[]);
    let began = Instant::now();
    is_good(folder.path(), &["--no-cache"]);
    let whole = u64::try_from(began.elapsed().as_millis()).unwrap();
    for number in 0..MOMENTS {
        let (signal, code) = [("INT", Some(130)), ("TERM", Some(130)), ("KILL", None)][number % 3];
        let mut running = verify(folder.path(), &["--no-cache"])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let moment = random(whole);
        std::thread::sleep(Duration::from_millis(moment));
        assert!(
            Command::new("kill").args(["-s", signal, &running.id().to_string()]).status().unwrap().success()
        );
        let ended = running.wait().unwrap();
        // One that was quicker than the signal is fine, too.
        let fine = ended.code() == code && (code.is_some() || ended.signal() == Some(9)) || ended.success();
        // So is one that had not come to listen for signals, and had made nothing.
        let early = moment < 50 && ended.signal().is_some();
        assert!(fine || early, "{signal} after {moment} ms: {ended}");
        // What is there is whole: it belongs to the text, be it of this run or of the one before.
        is_good(folder.path(), &["--offline"]);
        let left = left_behind(folder.path());
        println!("| {signal} | {moment} of {whole} ms | {ended} | {} left at once |", left.len());
        if signal != "KILL" {
            assert!(left.is_empty() || number >= 2, "{signal} after {moment} ms left {left:?}");
        }
    }
    is_good(folder.path(), &["--no-cache"]);
    assert_eq!(left_behind(folder.path()), Vec::<String>::new());
}

#[test]
fn killed_engine() {
    let pid_file = Path::new("/run/haechi/dockerd.pid");
    let Ok(pid) = std::fs::read_to_string(pid_file) else {
        return not_run("killed_engine", "the engine is not haechi's own, so it is not killed");
    };
    let folder = tempfile::tempdir().unwrap();
    book(folder.path());
    is_good(folder.path(), &[]);
    std::fs::write(folder.path().join("src/c.md"), "```sh\nsleep 60\n```\n").unwrap();
    let running = verify(folder.path(), &[]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    // The engine is killed while the page runs.
    let types =
        |sandbox: &String| docker(&["top", sandbox]).iter().any(|process| process.ends_with("sleep 60"));
    let begun = Instant::now();
    while !docker(&["ps", "--quiet", "--filter", "label=haechi=sandbox"]).iter().any(types) {
        assert!(begun.elapsed() < Duration::from_secs(120), "the page does not run");
    }
    assert!(Command::new("kill").args(["-9", pid.trim()]).status().unwrap().success());
    let output = running.wait_with_output().unwrap();
    let again = "images/engine.sh up && \"$0\" engine up && images/build.sh publish";
    let up = Command::new("sh")
        .args(["-c", again, env!("CARGO_BIN_EXE_haechi")])
        .current_dir(root())
        .output()
        .unwrap();
    assert!(up.status.success(), "{}", said(&up));
    assert_eq!(output.status.code(), Some(3), "{}", said(&output));
    assert!(said(&output).contains("went away"), "{}", said(&output));
    println!("engine killed: {}", said(&output).trim());
    book(folder.path());
    is_good(folder.path(), &["--offline"]);
    is_good(folder.path(), &["--no-cache"]);
    assert_eq!(left_behind(folder.path()), Vec::<String>::new());
}

#[test]
fn full_disk() {
    let folder = tempfile::tempdir().unwrap();
    let disk = |options: &str| {
        let status =
            Command::new("mount").args(["-t", "tmpfs", "-o", options, "none"]).arg(folder.path()).status();
        status.is_ok_and(|status| status.success())
    };
    if !disk("size=64k") {
        return not_run("full_disk", "only root may make a small disk");
    }
    book(folder.path());
    std::fs::write(folder.path().join("fill"), vec![0; 28 * 1024]).unwrap();
    let output = verify(folder.path(), &[]).output().unwrap();
    let again = disk("remount,size=1m");
    let next = verify(folder.path(), &[]).output().unwrap();
    let left = left_behind(folder.path());
    assert!(Command::new("umount").arg(folder.path()).status().unwrap().success());
    println!("disk full: {}", said(&output).trim());
    assert!(
        !output.status.success() && said(&output).contains("No space left on device"),
        "{}",
        said(&output)
    );
    assert!(again && next.status.success(), "{}", said(&next));
    assert_eq!(left, Vec::<String>::new());
}
