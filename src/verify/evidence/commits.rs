//! What commits that somebody trusts contain. The names of these come from the command line or from the CI
//! service, never from the book. What is asked of git is read from its objects: nothing that a checkout
//! brings along is run, and no name in it is followed.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::messages::{Message, evidence as messages, file};
use crate::text::Problem;

/// Commits of one repository.
#[derive(Debug, Clone)]
pub(super) struct Commits {
    /// The folder of the checkout.
    top: PathBuf,
    /// Their names, in hexadecimal digits.
    ids: Vec<String>,
}

impl Commits {
    /// The commits that these names stand for in the repository around a folder; `None` without names.
    ///
    /// # Errors
    /// When there is no repository, or it does not have one of them.
    pub(super) fn named(folder: &Path, names: &[String]) -> Result<Option<Self>, Problem> {
        if names.is_empty() {
            return Ok(None);
        }
        let top = top_of(folder).ok_or_else(|| {
            Problem::new(messages::no_repository(folder.display())).help(messages::no_repository_help())
        })?;
        if !is_own_repository(&top) {
            return Err(Problem::new(messages::submodule(top.display())).help(messages::submodule_help()));
        }
        let ids = names.iter().map(|name| resolve(&top, name)).collect::<Result<_, _>>()?;
        Ok(Some(Self { top, ids }))
    }

    /// Whether one of the commits contains all of these files, each with these bytes.
    pub(super) fn contain(&self, files: &[(&Path, &[u8])]) -> bool {
        self.ids.iter().any(|id| files.iter().all(|(file, bytes)| self.has(id, file, bytes)))
    }

    /// What the first of the commits has in this file, whether that is there or not.
    pub(super) fn read(&self, file: &Path) -> Option<Vec<u8>> {
        let file = std::path::absolute(file).ok()?;
        let folder = file.ancestors().find_map(|above| Some((above, std::fs::canonicalize(above).ok()?)));
        let (above, real) = folder?;
        let path = real.join(file.strip_prefix(above).ok()?);
        self.blob(self.ids.first()?, path.strip_prefix(&self.top).ok()?)
    }

    fn blob(&self, id: &str, path: &Path) -> Option<Vec<u8>> {
        let mut object = OsString::from(id);
        object.push(":");
        object.push(path);
        let mut command = git(&self.top);
        command.args(["cat-file", "blob"]).arg(object);
        command.output().ok().filter(|output| output.status.success()).map(|output| output.stdout)
    }

    fn has(&self, id: &str, file: &Path, bytes: &[u8]) -> bool {
        let Some(path) = std::fs::canonicalize(file)
            .ok()
            .and_then(|file| file.strip_prefix(&self.top).map(Path::to_owned).ok())
        else {
            return false;
        };
        self.blob(id, &path).is_some_and(|found| found == bytes)
    }
}

/// The names that a CI service gives the commits that a pull request wants to be merged into.
///
/// A push has no such commit: what was there before it may be by the same person. It is for the command
/// line to say whom to trust then.
pub(super) fn named_by_ci(variable: impl Fn(&str) -> Option<String>) -> Option<String> {
    let said = |name: &str| variable(name).filter(|value| !value.is_empty());
    if said("GITHUB_ACTIONS").as_deref() == Some("true") {
        return said("GITHUB_BASE_REF").map(|branch| format!("refs/remotes/origin/{branch}"));
    }
    if said("GITLAB_CI").as_deref() == Some("true") {
        // In a fork's pipeline `origin` is the fork; only this name is by GitLab.
        return said("CI_MERGE_REQUEST_DIFF_BASE_SHA")
            .filter(|id| id.len() >= 40 && id.bytes().all(|byte| byte.is_ascii_hexdigit()));
    }
    None
}

/// Whether a folder is part of a checkout.
pub(super) fn is_in_repository(folder: &Path) -> bool {
    top_of(folder).is_some()
}

/// The folder of the checkout around a folder. It is looked for here and not by git, which would also
/// take a folder of the book for a repository if it has the files of one.
fn top_of(folder: &Path) -> Option<PathBuf> {
    // A folder of evidence need not be there yet.
    let folder = std::path::absolute(folder).ok()?;
    let folder = folder.ancestors().find_map(|folder| std::fs::canonicalize(folder).ok())?;
    folder.ancestors().find(|folder| folder.join(".git").exists()).map(Path::to_owned)
}

/// Whether the repository is not part of another one, which could give it another origin.
fn is_own_repository(top: &Path) -> bool {
    let mut command = git(top);
    command.args(["rev-parse", "--show-superproject-working-tree"]);
    command.output().is_ok_and(|output| output.stdout.trim_ascii().is_empty())
}

fn resolve(top: &Path, name: &str) -> Result<String, Problem> {
    let mut command = git(top);
    command.args(["rev-parse", "--verify", "--end-of-options"]).arg(format!("{name}^{{commit}}"));
    let shown = name.strip_prefix("refs/remotes/").unwrap_or(name);
    let failed = |why: Message| Problem::new(messages::untrusted_ref(shown, why));
    if name.starts_with('-') {
        return Err(failed(messages::ref_with_dash()).help(messages::ref_form()));
    }
    let output = command
        .output()
        .map_err(|error| failed(messages::no_git(file::reason(&error))).help(messages::no_git_help()))?;
    let (id, said) = (first_line(&output.stdout), first_line(&output.stderr));
    if !output.status.success() {
        let help = match shown.split_once('/') {
            Some((remote, branch)) => messages::fetch_first(remote, branch, shown),
            None => messages::no_such_ref(),
        };
        return Err(failed(Message::verbatim(said)).help(help));
    }
    // git warns, and takes a tag rather than the branch of that name.
    if said.contains("ambiguous") {
        return Err(failed(Message::verbatim(said)).help(messages::full_ref()));
    }
    Ok(id)
}

fn first_line(text: &[u8]) -> String {
    String::from_utf8_lossy(text).lines().next().unwrap_or_default().to_owned()
}

/// git in a checkout, deaf to what the environment says of other repositories, to replaced objects and to
/// programs that settings name; it asks nobody over the network.
fn git(top: &Path) -> Command {
    const KEPT: [&str; 4] =
        ["GIT_EXEC_PATH", "GIT_CONFIG_GLOBAL", "GIT_CONFIG_SYSTEM", "GIT_CONFIG_NOSYSTEM"];
    let mut command = Command::new("git");
    for (name, _) in std::env::vars_os() {
        let is_gits = name.as_encoded_bytes().starts_with(b"GIT_");
        if is_gits && !KEPT.iter().any(|kept| *kept == name) {
            command.env_remove(name);
        }
    }
    command
        .args(["--no-replace-objects", "-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null"])
        .args(["-c", "core.warnAmbiguousRefs=true"])
        .current_dir(top)
        .env("GIT_NO_LAZY_FETCH", "1")
        .env("GIT_OPTIONAL_LOCKS", "0")
        .env("GIT_TERMINAL_PROMPT", "0")
        .env("LC_ALL", "C")
        .stdin(Stdio::null());
    command
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_a_ci_service_says_is_found_by_itself() {
        let named = |known: &[(&str, &str)]| {
            named_by_ci(|name| {
                let found = known.iter().find(|(known, _)| *known == name);
                found.map(|(_, value)| (*value).to_owned())
            })
        };
        let base = "1234567890123456789012345678901234567890";
        assert_eq!(
            named(&[("GITHUB_ACTIONS", "true"), ("GITHUB_BASE_REF", "main")]).as_deref(),
            Some("refs/remotes/origin/main")
        );
        // A push.
        assert_eq!(named(&[("GITHUB_ACTIONS", "true"), ("GITHUB_BASE_REF", "")]), None);
        assert_eq!(named(&[("GITHUB_BASE_REF", "main")]), None);
        let merge = [("GITLAB_CI", "true"), ("CI_MERGE_REQUEST_DIFF_BASE_SHA", base)];
        assert_eq!(named(&merge).as_deref(), Some(base));
        assert_eq!(named(&[("GITLAB_CI", "true"), ("CI_MERGE_REQUEST_DIFF_BASE_SHA", "--all")]), None);
    }
}
