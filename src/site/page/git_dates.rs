//! When each page was last changed, as git has it.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use jiff::Timestamp;

use crate::book::{Book, Page};

/// The time of the last commit that changed a file of the book's content.
#[derive(Debug, Default)]
pub(crate) struct GitDates {
    times: HashMap<PathBuf, Timestamp>,
}

impl GitDates {
    /// Asks git. A book outside a repository has no dates, and neither has a clone that is cut off:
    /// there the oldest commit would seem to have changed everything.
    pub(crate) fn of(book: &Book) -> Self {
        Self::read(&book.content).unwrap_or_default()
    }

    /// When a page was last changed, if that is known.
    pub(crate) fn changed(&self, page: &Page) -> Option<Timestamp> {
        self.times.get(Path::new(page.path.as_str())).copied()
    }

    fn read(content: &Path) -> Option<Self> {
        let content = content.canonicalize().ok()?;
        content.ancestors().find(|folder| folder.join(".git").exists())?;
        let cut_off = git(&content, &["rev-parse", "--is-shallow-repository"])?;
        if cut_off.trim() != "false" {
            return None;
        }
        let log = git(
            &content,
            &["log", "--no-show-signature", "--format=%x01%ct", "--name-only", "-z", "--relative", "--", "."],
        )?;
        let mut times = HashMap::new();
        let mut time = None;
        for piece in log.split('\0').map(|piece| piece.trim_matches('\n')).filter(|piece| !piece.is_empty()) {
            match piece.strip_prefix('\u{1}') {
                Some(seconds) => time = seconds.parse().ok().and_then(|s| Timestamp::from_second(s).ok()),
                // The youngest commit comes first.
                None => drop(time.map(|time| times.entry(PathBuf::from(piece)).or_insert(time))),
            }
        }
        Some(Self { times })
    }
}

/// What git prints. Nothing that a repository's settings name is run or asked for over the network.
fn git(folder: &Path, arguments: &[&str]) -> Option<String> {
    let output = Command::new("git")
        .args(["-c", "core.fsmonitor=false", "-c", "core.quotePath=false"])
        .args(arguments)
        .current_dir(folder)
        .env("GIT_NO_LAZY_FETCH", "1")
        .env("GIT_OPTIONAL_LOCKS", "0")
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .output()
        .ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_commit_of_a_file_counts() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path();
        let commit = |file: &str, text: &str, time: &str| {
            std::fs::create_dir_all(root.join("src")).unwrap();
            std::fs::write(root.join(file), text).unwrap();
            for arguments in [
                &["add", "."][..],
                &["-c", "user.name=a", "-c", "user.email=a@b.c", "commit", "-q", "-m", "x"],
            ] {
                let done = Command::new("git")
                    .args(arguments)
                    .current_dir(root)
                    .env("GIT_COMMITTER_DATE", format!("{time} +0000"))
                    .status();
                assert!(done.unwrap().success());
            }
        };
        assert!(Command::new("git").args(["init", "-q"]).current_dir(root).status().unwrap().success());
        assert!(GitDates::read(root).is_none(), "there is no commit yet");
        commit("src/가.md", "1", "1000000000");
        commit("src/b.md", "1", "1000000100");
        commit("src/가.md", "2", "1000000200");
        let dates = GitDates::read(&root.join("src")).unwrap();
        let seconds = |name: &str| dates.times.get(Path::new(name)).map(|time| time.as_second());
        assert_eq!(seconds("가.md"), Some(1_000_000_200));
        assert_eq!(seconds("b.md"), Some(1_000_000_100));
        let cut = tempfile::tempdir().unwrap();
        let source = format!("file://{}", root.display());
        let cloned =
            Command::new("git").args(["clone", "-q", "--depth", "1", &source]).arg(cut.path()).status();
        assert!(cloned.unwrap().success());
        assert!(GitDates::read(&cut.path().join("src")).is_none());
    }
}
