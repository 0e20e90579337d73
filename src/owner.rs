//! Whose something is that may be left behind: a process, distinguished from every other that has or gets the same
//! number, on this machine or on one that shares the folder or the engine.

use std::path::Path;

/// A process: its number, when it started, and where numbers mean what they mean here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Owner {
    pid: u32,
    start: String,
    namespace: String,
}

/// What is known of an owner.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ProcessState {
    /// It runs.
    Running,
    /// It has ended.
    Ended,
    /// It is of another machine, of another boot, or in another PID namespace: nothing is known of it.
    Unknown,
}

impl Owner {
    /// This process.
    pub(crate) fn current() -> Self {
        let pid = std::process::id();
        Self { pid, start: start_time(pid).unwrap_or_default(), namespace: namespace().unwrap_or_default() }
    }

    /// The owner as one word, its parts joined.
    pub(crate) fn label(&self, between: char) -> String {
        format!("{}{between}{}{between}{}", self.pid, self.start, self.namespace)
    }

    /// Reads the word, and what comes after it.
    pub(crate) fn read(label: &str, between: char) -> Option<Self> {
        let mut parts = label.split(between);
        let (pid, start, namespace) = (parts.next()?, parts.next()?, parts.next()?);
        Some(Self { pid: pid.parse().ok()?, start: start.to_owned(), namespace: namespace.to_owned() })
    }

    /// Whether it still runs.
    pub(crate) fn state(&self) -> ProcessState {
        if self.namespace.is_empty() || namespace().as_ref() != Some(&self.namespace) {
            return ProcessState::Unknown;
        }
        match start_time(self.pid) {
            Some(start) if start == self.start => ProcessState::Running,
            _ => ProcessState::Ended,
        }
    }
}

/// The boot of the machine and the namespace that process numbers belong to; `None` where the system does
/// not say.
fn namespace() -> Option<String> {
    let boot = std::fs::read_to_string("/proc/sys/kernel/random/boot_id").ok()?;
    let namespace = std::fs::read_link("/proc/self/ns/pid").ok()?;
    Some(blake3::hash(format!("{boot}{}", namespace.display()).as_bytes()).to_hex()[..12].to_owned())
}

/// Field 22 of `/proc/PID/stat` (proc(5)): when the process started, in clock ticks since boot.
fn start_time(pid: u32) -> Option<String> {
    let stat = std::fs::read_to_string(Path::new("/proc").join(pid.to_string()).join("stat")).ok()?;
    let (_, after_name) = stat.rsplit_once(')')?;
    after_name.split_whitespace().nth(19).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_another_place_nothing_is_known() {
        let this = Owner::current();
        let state = |owner: Owner| Owner::read(&owner.label('-'), '-').map(|owner| owner.state());
        assert_eq!(state(this.clone()), Some(ProcessState::Running));
        assert_eq!(state(Owner { start: "1".into(), ..this.clone() }), Some(ProcessState::Ended));
        assert_eq!(state(Owner { pid: u32::MAX, ..this.clone() }), Some(ProcessState::Ended));
        assert_eq!(
            state(Owner { pid: u32::MAX, namespace: "0123456789ab".into(), ..this.clone() }),
            Some(ProcessState::Unknown)
        );
        assert_eq!(
            state(Owner { pid: u32::MAX, namespace: String::new(), ..this }),
            Some(ProcessState::Unknown)
        );
        assert_eq!(Owner::read("4242", '-'), None);
    }
}
