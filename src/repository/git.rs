//! The git program, run so that a repository of strangers cannot make it do anything but answer.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::path::{Component, Path, PathBuf};
use std::process::{Command, Output, Stdio};

use crate::messages::{Message, file, repository as messages};
use crate::text::Problem;

/// Variables that would have git look at another repository than that of the folder: git sets them for
/// its hooks (`git rev-parse --local-env-vars`). Those with settings of the person stay.
const ELSEWHERE: [&str; 13] = [
    "GIT_ALTERNATE_OBJECT_DIRECTORIES",
    "GIT_COMMON_DIR",
    "GIT_CONFIG",
    "GIT_DIR",
    "GIT_GRAFT_FILE",
    "GIT_IMPLICIT_WORK_TREE",
    "GIT_INDEX_FILE",
    "GIT_NAMESPACE",
    "GIT_OBJECT_DIRECTORY",
    "GIT_PREFIX",
    "GIT_REPLACE_REF_BASE",
    "GIT_SHALLOW_FILE",
    "GIT_WORK_TREE",
];

/// Settings under which git starts no program, writes no index, and takes no folder of the tree for a
/// repository because it looks like a bare one.
const SETTINGS: [&str; 6] = [
    "core.fsmonitor=false",
    "core.hooksPath=/dev/null",
    "core.untrackedCache=false",
    "protocol.ext.allow=never",
    "safe.bareRepository=explicit",
    "submodule.recurse=false",
];

/// What git prints in a folder.
///
/// # Errors
/// When git cannot be run, or refuses.
pub(super) fn git<S: AsRef<OsStr>>(folder: &Path, arguments: &[S]) -> Result<Vec<u8>, Problem> {
    let output = run(folder, arguments)?;
    if output.status.success() { Ok(output.stdout) } else { Err(refused(&output)) }
}

/// The top of the work tree that a folder is in; none where git knows of no repository.
pub(super) fn root(folder: &Path) -> Result<Option<PathBuf>, Problem> {
    let output = run(folder, &["rev-parse", "--show-toplevel"])?;
    if output.status.success() {
        return Ok(Some(line(&output.stdout)));
    }
    let said = String::from_utf8_lossy(&output.stderr);
    let none = ["not a git repository", "must be run in a work tree", "safe.bareRepository"];
    if none.iter().any(|none| said.contains(none)) { Ok(None) } else { Err(refused(&output)) }
}

/// The name of a repository's folder: that which a clone of its origin gets, else its own here.
pub(super) fn repository_name(root: &Path) -> String {
    let origin = git(root, &["config", "--local", "--get", "remote.origin.url"]).unwrap_or_default();
    let origin = String::from_utf8_lossy(&origin);
    let last = origin.trim_end().trim_end_matches('/').rsplit(['/', ':']).next().unwrap_or_default();
    let own = root.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let is_name = |name: &str| {
        let plain = |c: char| c.is_alphanumeric() || matches!(c, '.' | '_' | '-' | '+');
        let one = matches!(Path::new(name).components().collect::<Vec<_>>()[..], [Component::Normal(_)]);
        one && !name.starts_with(['-', '.']) && name.chars().all(plain)
    };
    [last.trim_end_matches(".git"), &own]
        .into_iter()
        .find(|name| is_name(name))
        .unwrap_or("repository")
        .to_owned()
}

/// A line that git printed, as a path.
fn line(printed: &[u8]) -> PathBuf {
    PathBuf::from(OsStr::from_bytes(printed.strip_suffix(b"\n").unwrap_or(printed)))
}

fn run<S: AsRef<OsStr>>(folder: &Path, arguments: &[S]) -> Result<Output, Problem> {
    let mut command = Command::new("git");
    command.args(["--no-replace-objects", "--no-optional-locks", "--no-pager"]);
    for setting in SETTINGS {
        command.args(["-c", setting]);
    }
    for name in ELSEWHERE {
        command.env_remove(name);
    }
    command
        .args(arguments)
        .current_dir(folder)
        .env("GIT_NO_LAZY_FETCH", "1")
        .env("GIT_TERMINAL_PROMPT", "0")
        .env("LC_ALL", "C")
        .stdin(Stdio::null())
        .output()
        .map_err(|error| Problem::new(messages::no_git(file::reason(&error))).help(messages::no_git_help()))
}

fn refused(output: &Output) -> Problem {
    let said = String::from_utf8_lossy(&output.stderr);
    let first = said.lines().next().map(|line| printable(line.trim_start_matches("fatal: ")));
    let reason = first.map_or_else(messages::says_nothing, Message::verbatim);
    let help = match said.contains("dubious ownership") {
        true => messages::other_owner(),
        false => messages::without_files(),
    };
    Problem::new(messages::no_list(reason)).help(help)
}

/// A text of a stranger's for a message: what would change the terminal is shown as numbers.
pub(super) fn printable(text: &str) -> String {
    text.chars().flat_map(|c| if c.is_control() { c.escape_debug().collect() } else { vec![c] }).collect()
}
