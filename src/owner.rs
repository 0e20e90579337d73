//! Whose something is that may be left behind: a process, told from every other that has or gets the same
//! number, on this machine or on one that shares the folder or the engine.

use std::path::Path;

/// A process: its number, when it started, and where numbers mean what they mean here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Owner {
    pid: u32,
    start: String,
    home: String,
}

/// What is known of an owner.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Life {
    /// It runs.
    Runs,
    /// It has ended.
    Ended,
    /// It is of another machine, of another boot, or in another PID namespace: nothing is known of it.
    Elsewhere,
}

impl Owner {
    /// This process.
    pub(crate) fn current() -> Self {
        let pid = std::process::id();
        Self { pid, start: start_time(pid).unwrap_or_default(), home: home().unwrap_or_default() }
    }

    /// The owner as one word, its parts joined.
    pub(crate) fn label(&self, between: char) -> String {
        format!("{}{between}{}{between}{}", self.pid, self.start, self.home)
    }

    /// Reads the word, and what comes after it.
    pub(crate) fn read(label: &str, between: char) -> Option<Self> {
        let mut parts = label.split(between);
        let (pid, start, home) = (parts.next()?, parts.next()?, parts.next()?);
        Some(Self { pid: pid.parse().ok()?, start: start.to_owned(), home: home.to_owned() })
    }

    /// Whether it still runs.
    pub(crate) fn life(&self) -> Life {
        if self.home.is_empty() || home().as_ref() != Some(&self.home) {
            return Life::Elsewhere;
        }
        match start_time(self.pid) {
            Some(start) if start == self.start => Life::Runs,
            _ => Life::Ended,
        }
    }
}

/// The boot of the machine and the namespace that process numbers belong to; `None` where the system does
/// not say.
fn home() -> Option<String> {
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
        let life = |owner: Owner| Owner::read(&owner.label('-'), '-').map(|owner| owner.life());
        assert_eq!(life(this.clone()), Some(Life::Runs));
        assert_eq!(life(Owner { start: "1".into(), ..this.clone() }), Some(Life::Ended));
        assert_eq!(life(Owner { pid: u32::MAX, ..this.clone() }), Some(Life::Ended));
        assert_eq!(
            life(Owner { pid: u32::MAX, home: "0123456789ab".into(), ..this.clone() }),
            Some(Life::Elsewhere)
        );
        assert_eq!(life(Owner { pid: u32::MAX, home: String::new(), ..this }), Some(Life::Elsewhere));
        assert_eq!(Owner::read("4242", '-'), None);
    }
}
