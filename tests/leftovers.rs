//! Nothing that a page starts on this machine outlives the page, however haechi ends.

#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, reason = "a test says what is wrong by failing")]

mod support;

use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// What pages leave behind: a job, a job that nobody waits for, a daemon with a session of its own, one that
/// ignores that the terminal is closed, a nested shell, and a loop that waits.
const PAGE: &str = "\
```sh
sleep 1000.0MARK &
```

```sh
sleep 1000.1MARK & disown
```

```sh
setsid sleep 1000.2MARK &
```

```sh
(setsid nohup sleep 1000.3MARK >/dev/null 2>&1 &)
```

```sh
trap '' HUP TERM; sleep 1000.4MARK &
```

```console
$ bash
$ sleep 1000.5MARK &
```
";

/// A wait that never ends, so that haechi can be ended meanwhile.
const ENDLESS: &str = "\n<!-- haechi: wait test -e nosuch.MARK -->\n\n```sh\nsleep 1000.6MARK\n```\n";

/// Processes that may be the page's, by the mark in their arguments.
fn left(mark: &str) -> Vec<String> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir("/proc").unwrap().flatten() {
        let line = std::fs::read(entry.path().join("cmdline")).unwrap_or_default();
        let line = String::from_utf8_lossy(&line).replace('\0', " ");
        if line.contains(mark) {
            found.push(line);
        }
    }
    found
}

/// Waits until a condition is true; says whether it came true in time.
fn until(condition: impl Fn() -> bool) -> bool {
    let deadline = Instant::now() + Duration::from_secs(30);
    while !condition() {
        if Instant::now() > deadline {
            return false;
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    true
}

fn start(folder: &Path, mark: &str, text: &str) -> Child {
    std::fs::write(folder.join("page.md"), text.replace("MARK", mark)).unwrap();
    Command::new(env!("CARGO_BIN_EXE_haechi"))
        .args(["verify", "--engine", "local", "--trust", "page.md"])
        .current_dir(folder)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

/// A number that no other run has.
fn mark(number: u32) -> String {
    format!("{:06}{number:02}", std::process::id() % 1_000_000)
}

#[test]
fn a_page_that_ends_leaves_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let mark = mark(0);
    let status = start(folder.path(), &mark, PAGE).wait().unwrap();
    assert_eq!(status.code(), Some(0));
    // haechi has waited for it.
    assert_eq!(left(&mark), Vec::<String>::new());
}

/// Nobody but the control group knows of what leaves the session then.
#[test]
fn a_page_that_kills_its_keeper_leaves_nothing() {
    if own_group().is_none() {
        return support::not_run(
            "a_page_that_kills_its_keeper_leaves_nothing",
            "no control group of version 2 may be made here",
        );
    }
    let folder = tempfile::tempdir().unwrap();
    let mark = mark(30);
    let _ = start(folder.path(), &mark, "```sh\nsetsid sleep 1000.8MARK &\nkill -KILL $PPID\n```\n").wait();
    assert_eq!(left(&mark), Vec::<String>::new());
}

#[test]
fn what_a_page_types_is_not_in_the_users_history() {
    let folder = tempfile::tempdir().unwrap();
    let page = "```console\n$ bash --norc\n$ echo typed\ntyped\n$ exit\nexit\n```\n";
    std::fs::write(folder.path().join("page.md"), page).unwrap();
    let home = tempfile::tempdir().unwrap();
    let status = Command::new(env!("CARGO_BIN_EXE_haechi"))
        .args(["verify", "--engine", "local", "--trust", "page.md"])
        .current_dir(folder.path())
        .env("HOME", home.path())
        .env_remove("HISTFILE")
        .stdout(Stdio::null())
        .status()
        .unwrap();
    assert!(status.success());
    assert!(!home.path().join(".bash_history").exists(), "the page's bash wrote the user's history");
}

#[test]
fn a_run_that_is_ended_leaves_nothing() {
    // Interrupt, terminate, hang up, kill.
    for (number, signal) in [(1, 2), (2, 15), (3, 1), (4, 9)] {
        let folder = tempfile::tempdir().unwrap();
        let mark = mark(number);
        let mut run = start(folder.path(), &mark, &format!("{PAGE}{ENDLESS}"));
        assert!(
            until(|| left(&mark).iter().any(|line| line.contains("test -e nosuch."))
                || left(&format!("1000.5{mark}")).len() == 1),
            "it never came so far"
        );
        let kill = Command::new("kill").args([format!("-{signal}"), run.id().to_string()]).status().unwrap();
        assert!(kill.success());
        let status = run.wait().unwrap();
        if signal == 9 {
            assert_eq!(status.signal(), Some(9));
        } else {
            assert_eq!(status.code(), Some(130), "signal {signal}");
            assert_eq!(left(&mark), Vec::<String>::new(), "signal {signal}");
        }
        assert!(until(|| left(&mark).is_empty()), "signal {signal}: {:?}", left(&mark));
    }
}

/// A page has a control group of its own where one may be made, and it does not stay.
#[test]
fn a_page_has_a_control_group_of_its_own() {
    let Some(parent) = own_group() else {
        return support::not_run(
            "a_page_has_a_control_group_of_its_own",
            "no control group of version 2 may be made here",
        );
    };
    let folder = tempfile::tempdir().unwrap();
    let reported = folder.path().join("reported");
    let text = format!(
        "```sh\ngrep '^0::' /proc/self/cgroup > {}\nsetsid sleep 1000.7MARK &\n```\n",
        reported.display()
    );
    let mark = mark(20);
    assert_eq!(start(folder.path(), &mark, &text).wait().unwrap().code(), Some(0));
    let reported = std::fs::read_to_string(reported).unwrap();
    let (_, name) = reported.trim_end().rsplit_once('/').unwrap();
    assert!(name.starts_with("haechi-"), "{reported}");
    assert_eq!(left(&mark), Vec::<String>::new());
    assert!(!parent.join(name).exists(), "{name} is left");
}

/// The control group of this process, if it may make others there.
fn own_group() -> Option<PathBuf> {
    let own = std::fs::read_to_string("/proc/self/cgroup").unwrap();
    let own = own.lines().find_map(|line| line.strip_prefix("0::/"))?;
    ["/sys/fs/cgroup", "/sys/fs/cgroup/unified"].iter().map(|mount| Path::new(mount).join(own)).find(
        |parent| {
            let folder = parent.join(format!("haechi-test-{}", std::process::id()));
            let made = std::fs::create_dir(&folder).is_ok() && folder.join("cgroup.kill").exists();
            let _ = std::fs::remove_dir(&folder);
            made
        },
    )
}

/// A server that an earlier run left would answer for the next one.
#[test]
fn a_second_run_is_as_true_as_the_first() {
    let folder = tempfile::tempdir().unwrap();
    let text = "```sh\npython3 -m http.server 38471 >/dev/null 2>&1 &\n```\n\n\
        <!-- haechi: http http://127.0.0.1:38471/ status=200 within=10s -->\n";
    for run in 1..=2 {
        let status = start(folder.path(), &mark(10 + run), text).wait().unwrap();
        assert_eq!(status.code(), Some(0), "run {run}");
    }
    assert!(std::net::TcpStream::connect(("127.0.0.1", 38471)).is_err());
}
