//! A control group of a page's own, where one may be made (cgroups(7), version 2): all in it is killed
//! in one step, so that processes that make others faster than they can be counted end, too.

use std::path::{Path, PathBuf};

/// A control group that is removed when it is dropped.
#[derive(Debug)]
pub(super) struct ControlGroup {
    folder: PathBuf,
}

impl ControlGroup {
    /// Makes a group below that of this process, and moves another into it: what that starts from now on
    /// is in it. `None` where there are none, or where the user may make none.
    pub(super) fn around(process: u32) -> Option<Self> {
        let group = Self { folder: own_folder()?.join(name(std::process::id())) };
        std::fs::create_dir(&group.folder).ok()?;
        if !group.folder.join("cgroup.kill").exists() {
            return None;
        }
        std::fs::write(group.folder.join("cgroup.procs"), process.to_string()).ok()?;
        Some(group)
    }

    /// The group that a process has made and not removed.
    pub(super) fn left_by(maker: u32) -> Option<Self> {
        let folder = own_folder()?.join(name(maker));
        folder.is_dir().then_some(Self { folder })
    }

    /// Removes it, if all in it has ended.
    pub(super) fn is_removed(&self) -> bool {
        std::fs::remove_dir(&self.folder).is_ok() || !self.folder.exists()
    }

    /// Kills all that is in it.
    pub(super) fn kill(&self) -> std::io::Result<()> {
        std::fs::write(self.folder.join("cgroup.kill"), "1")
    }
}

impl Drop for ControlGroup {
    fn drop(&mut self) {
        // What is not empty cannot be removed; it is empty once all is reaped.
        let _ = std::fs::remove_dir(&self.folder);
    }
}

fn name(maker: u32) -> String {
    format!("haechi-{maker}")
}

/// The folder of the group that this process is in.
fn own_folder() -> Option<PathBuf> {
    let mounts = std::fs::read_to_string("/proc/self/mountinfo").ok()?;
    let groups = std::fs::read_to_string("/proc/self/cgroup").ok()?;
    let own = groups.lines().find_map(|line| line.strip_prefix("0::/"))?;
    // proc(5): the fifth field is where it is mounted; the type stands behind the dash.
    let mount = mounts.lines().find_map(|line| {
        let (before, after) = line.split_once(" - ")?;
        after.starts_with("cgroup2 ").then(|| before.split(' ').nth(4))?
    })?;
    Some(Path::new(mount).join(own))
}
