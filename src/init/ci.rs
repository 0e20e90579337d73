//! The files that have a CI service run haechi.

use std::path::PathBuf;

use super::survey::Survey;

/// The job for GitLab, as projects include it.
const GITLAB: &str = include_str!("../../ci/gitlab.yml");

/// A CI service.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum CiChoice {
    /// GitHub Actions
    Github,
    /// GitLab CI
    Gitlab,
    /// None
    None,
}

/// Where haechi's action is published, at which commit or tag.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Action {
    /// `owner/name` on GitHub.
    pub repository: String,
    /// A commit or a tag.
    pub at: String,
}

impl Action {
    /// Reads `OWNER/NAME@REF`.
    pub fn parse(text: &str) -> Option<Self> {
        let (repository, at) = text.split_once('@')?;
        let is_name = |name: &str| {
            !name.is_empty()
                && name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.'))
        };
        let (owner, name) = repository.split_once('/')?;
        (is_name(owner) && is_name(name) && is_name(at))
            .then(|| Self { repository: repository.to_owned(), at: at.to_owned() })
    }

    /// The one that belongs to this haechi, if it knows where it is published.
    pub fn own() -> Option<Self> {
        let repository = env!("CARGO_PKG_REPOSITORY").strip_prefix("https://github.com/")?;
        Self::parse(&format!("{}@v{}", repository.trim_end_matches('/'), env!("CARGO_PKG_VERSION")))
    }
}

/// The service that a repository uses, as its files and its origin say.
pub(super) fn service(survey: &Survey) -> CiChoice {
    let has = |name: &str| survey.root.join(name).exists();
    let origin =
        survey.repository.as_ref().and_then(crate::repository::Repository::origin).unwrap_or_default();
    if has(".github/workflows") {
        CiChoice::Github
    } else if has(".gitlab-ci.yml") {
        CiChoice::Gitlab
    } else if has(".github") || origin.contains("github.com") {
        CiChoice::Github
    } else if origin.contains("gitlab") {
        CiChoice::Gitlab
    } else {
        CiChoice::None
    }
}

/// The workflow for GitHub.
pub(super) fn github(action: &Action, paths: &[PathBuf], branch: &str) -> String {
    let Action { repository, at } = action;
    let mut text = format!(
        "# Runs the snippets of the documentation and compares what they print with the page.
name: haechi
on:
  push:
    branches: [{branch:?}]
  pull_request:
  # Pages become false by themselves: images and programs have new versions.
  schedule:
    - cron: '17 4 * * 1'
  workflow_dispatch:
permissions:
  contents: read
jobs:
  verify:
    runs-on: ubuntu-latest
    timeout-minutes: 60
    steps:
      - uses: actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1 # v7.0.1
        with:
          fetch-depth: 0 # the commit that a pull request is for vouches for evidence
          persist-credentials: false
      - uses: {repository}@{at}
"
    );
    if !paths.is_empty() {
        text.push_str("        with:\n          paths: |\n");
        paths.iter().for_each(|path| text.push_str(&format!("            {}\n", path.display())));
    }
    text
}

/// The job for GitLab, with the template that it extends.
pub(super) fn gitlab(action: &Action, paths: &[PathBuf]) -> String {
    let Action { repository, at } = action;
    let paths: Vec<String> = paths.iter().map(|path| path.display().to_string()).collect();
    let template = GITLAB.split_once("\n\n").map_or(GITLAB, |(_, template)| template);
    format!(
        "# Runs the snippets of the documentation and compares what they print with the page. The runner lends
# a Docker Engine: the service docker:dind on a privileged runner, or its own socket.

{template}
haechi:
  extends: .haechi
  variables:
    HAECHI_RELEASE: https://github.com/{repository}/releases/download/{at}
    HAECHI_PATHS: {:?}
",
        paths.join(" ")
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_action_is_a_repository_at_a_ref() {
        let read = |text: &str| Action::parse(text).map(|action| (action.repository, action.at));
        assert_eq!(read("a/b@v1"), Some(("a/b".into(), "v1".into())));
        for wrong in ["", "a/b", "a@v1", "a/b/c@v1", "a/b@", "a/b@v1 x", "a/b@v1\n", "a/b@x: y"] {
            assert_eq!(read(wrong), None, "{wrong:?}");
        }
    }
}
