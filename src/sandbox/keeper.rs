//! A process that ends all that a page started, however haechi itself ends.
//!
//! A page's shell on this machine may leave anything behind: background jobs, daemons with sessions of
//! their own, a `tmux` server. The keeper is the parent of the shell and, as a subreaper (prctl(2),
//! `PR_SET_CHILD_SUBREAPER`), of every process below it that loses its own. When the shell ends, or
//! when the pipe from haechi ends since nobody has its other side open any more, all of them get SIGHUP, as
//! from a terminal that is closed, and those that stay are killed: where the user may make a control
//! group, in one step.

use std::collections::HashMap;
use std::ffi::OsString;
use std::io::Read;
use std::os::fd::{AsFd, OwnedFd};
use std::process::{Command, ExitCode, Stdio};
use std::sync::mpsc;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, WaitOptions, kill_process, set_child_subreaper, wait};

use super::group::ControlGroup;

/// The argument by which haechi starts itself as a keeper.
pub const ARGUMENT: &str = "__keep";

/// How long processes are given between SIGHUP and SIGKILL.
const GRACE: Duration = Duration::from_millis(300);
/// How long they are killed again and again, since some may be making others.
const PATIENCE: Duration = Duration::from_secs(5);
/// Between two looks at what is left.
const PAUSE: Duration = Duration::from_millis(10);

/// What ends a keeper's wait.
enum Event {
    /// The shell has ended.
    ShellEnded,
    /// haechi has ended, or is done with the page.
    Released,
    /// No process is left: whoever loses its parent becomes a child of this process.
    AllEnded,
}

/// Runs a shell on the terminal that standard output is, and ends all that it started. Standard input is
/// the pipe from haechi; standard error is one to it, and ends when nothing can escape any more.
pub fn keep(words: &[OsString]) -> ExitCode {
    match start(words) {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => ExitCode::FAILURE,
    }
}

fn start(words: &[OsString]) -> std::io::Result<()> {
    let own = rustix::process::getpid();
    set_child_subreaper(Some(own))?;
    let terminal = || -> std::io::Result<Stdio> {
        let copy: OwnedFd = std::io::stdout().as_fd().try_clone_to_owned()?;
        Ok(Stdio::from(copy))
    };
    // The shell leads a session of its own, and this is its terminal.
    let shell = Command::new("setsid")
        .arg("--ctty")
        .args(words)
        .stdin(terminal()?)
        .stdout(terminal()?)
        .stderr(terminal()?)
        .spawn()?;
    // To move a process takes the kernel as long as the shell takes to come up.
    let group = ControlGroup::around(shell.id());
    rustix::stdio::dup2_stderr(std::io::stdout())?;
    let shell = i32::try_from(shell.id()).ok().and_then(Pid::from_raw);
    let (send, events) = mpsc::channel();
    let released = send.clone();
    std::thread::spawn(move || {
        let _ = std::io::copy(&mut std::io::stdin().take(u64::MAX), &mut std::io::sink());
        let _ = released.send(Event::Released);
    });
    std::thread::spawn(move || {
        // Orphans are reaped on the way.
        while let Ok(Some((ended, _))) = wait(WaitOptions::empty()) {
            if Some(ended) == shell && send.send(Event::ShellEnded).is_err() {
                return;
            }
        }
        let _ = send.send(Event::AllEnded);
    });
    let _ = events.recv();
    end_descendants(own, group.as_ref(), &events);
    Ok(())
}

/// Hangs up all processes below this one, and kills those that stay.
fn end_descendants(own: Pid, group: Option<&ControlGroup>, events: &mpsc::Receiver<Event>) {
    let all_ended_within = |patience: Duration| {
        let deadline = Instant::now() + patience;
        loop {
            match events.recv_timeout(deadline.saturating_duration_since(Instant::now())) {
                Ok(Event::AllEnded) => return true,
                Ok(Event::ShellEnded | Event::Released) => {}
                Err(_) => return false,
            }
        }
    };
    for process in descendants(own) {
        for signal in [Signal::HUP, Signal::CONT] {
            // It may have ended meanwhile.
            let _ = kill_process(process, signal);
        }
    }
    let deadline = Instant::now() + PATIENCE;
    let mut patience = GRACE;
    while !all_ended_within(patience) && Instant::now() < deadline {
        if let Some(group) = group {
            // What is below this process and not in the group is killed one by one.
            let _ = group.kill();
        }
        for process in descendants(own) {
            let _ = kill_process(process, Signal::KILL);
        }
        patience = PAUSE;
    }
}

/// Waits until the keepers of this process have done their part.
pub(super) async fn wait_for_descendants() {
    let own = rustix::process::getpid();
    let deadline = Instant::now() + PATIENCE;
    while !descendants(own).is_empty() && Instant::now() < deadline {
        tokio::time::sleep(PAUSE).await;
    }
}

/// The processes below one, those left out that have ended and wait to be reaped.
pub(super) fn descendants(of: Pid) -> Vec<Pid> {
    let mut children: HashMap<i32, Vec<i32>> = HashMap::new();
    for entry in std::fs::read_dir("/proc").into_iter().flatten().flatten() {
        let Some(process) = entry.file_name().to_str().and_then(|name| name.parse::<i32>().ok()) else {
            continue;
        };
        let Ok(stat) = std::fs::read_to_string(entry.path().join("stat")) else { continue };
        // proc(5): after the name, which may contain anything, come the state and the parent.
        let mut fields = stat.rsplit_once(')').map(|(_, rest)| rest.split_whitespace()).into_iter().flatten();
        let (Some(state), Some(parent)) = (fields.next(), fields.next().and_then(|text| text.parse().ok()))
        else {
            continue;
        };
        if state != "Z" {
            children.entry(parent).or_default().push(process);
        }
    }
    let mut found = Vec::new();
    let mut open = vec![of.as_raw_nonzero().get()];
    while let Some(parent) = open.pop() {
        for child in children.remove(&parent).unwrap_or_default() {
            open.push(child);
            found.extend(Pid::from_raw(child));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn children_of_children_are_found() {
        let mut shell = Command::new("sh").args(["-c", "sleep 50 & wait"]).spawn().unwrap();
        let own = rustix::process::getpid();
        let deadline = Instant::now() + PATIENCE;
        let names = || -> Vec<String> {
            let name = |pid: &Pid| std::fs::read_to_string(format!("/proc/{pid}/comm")).unwrap_or_default();
            descendants(own).iter().map(name).collect()
        };
        while !names().contains(&"sleep\n".to_owned()) && Instant::now() < deadline {
            std::thread::yield_now();
        }
        assert!(names().contains(&"sleep\n".to_owned()));
        let id = Pid::from_raw(i32::try_from(shell.id()).unwrap()).unwrap();
        for process in descendants(id) {
            kill_process(process, Signal::KILL).unwrap();
        }
        shell.wait().unwrap();
    }
}
