//! What would be written into a repository, and what is left to its owner.

use std::path::{Path, PathBuf};

use super::ci::{self, Action, CiChoice};
use super::hook;
use super::survey::{Found, Survey};
use crate::messages::{Message, init as messages};
use crate::text::Problem;

/// What somebody asks for.
#[derive(Debug, Clone, Default)]
pub struct Wishes {
    /// The CI service; none is the one that the repository uses.
    pub ci: Option<CiChoice>,
    /// Whether git is to verify pages before a commit.
    pub hook: bool,
    /// Where haechi's action is published.
    pub action: Option<Action>,
}

/// A file that would be made or added to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// The file.
    pub path: PathBuf,
    /// What would stand in it.
    pub content: Content,
    /// What it is for.
    pub why: Message,
}

/// What would stand in a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Content {
    /// A file that is not there yet.
    New(String),
    /// The same, which is a program.
    Program(String),
    /// A file that is there, with these lines at its end.
    Added {
        /// What stands in it.
        old: String,
        /// The lines.
        lines: String,
    },
}

/// What would be written, and what is left to the owner of the repository.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Plan {
    /// The files.
    pub changes: Vec<Change>,
    /// What is to be done by hand, or is done already.
    pub notes: Vec<Message>,
}

/// What is to be written for a repository as it was found.
///
/// # Errors
/// When a file that is to be added to cannot be read, or git does not answer.
pub fn plan(survey: &Survey, wishes: &Wishes) -> Result<Plan, Problem> {
    let mut plan = Plan::default();
    plan.book(survey);
    plan.ci(survey, wishes);
    if wishes.hook {
        plan.hook(survey, wishes)?;
    }
    plan.ignored(survey)?;
    Ok(plan)
}

impl Plan {
    /// Adds a file that is not there; one that is stays as it is.
    fn add_new(&mut self, survey: &Survey, path: PathBuf, content: Content, why: Message) {
        if path.symlink_metadata().is_ok() {
            let shown = path.strip_prefix(&survey.root).unwrap_or(&path);
            self.notes.push(messages::stays(shown.display()));
        } else {
            self.changes.push(Change { path, content, why });
        }
    }

    /// A list of pages without a `book.toml` is a book that lacks it.
    fn book(&mut self, survey: &Survey) {
        let Found::Summary(folder) = &survey.found else { return };
        let title =
            survey.root.file_name().map_or_else(|| "Documentation".into(), |name| name.to_string_lossy());
        let title = toml::Value::from(&*title);
        let src = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
        let src = toml::Value::from(&*src.to_string_lossy());
        let text = format!("[book]\ntitle = {title}\nsrc = {src}\n\n[build]\nbuild-dir = \"site\"\n");
        self.add_new(survey, survey.root.join("book.toml"), Content::New(text), messages::makes_a_book());
    }

    fn ci(&mut self, survey: &Survey, wishes: &Wishes) {
        let service = wishes.ci.unwrap_or_else(|| ci::service(survey));
        if service == CiChoice::None {
            if wishes.ci.is_none() {
                self.notes.push(messages::no_ci());
            }
            return;
        }
        let Some(action) = wishes.action.clone().or_else(Action::own) else {
            self.notes.push(messages::no_action());
            return;
        };
        let paths = survey.paths();
        if service == CiChoice::Github {
            let branch = survey.repository.as_ref().and_then(crate::repository::Repository::default_branch);
            let text = ci::github(&action, &paths, branch.as_deref().unwrap_or("main"));
            let file = survey.root.join(".github/workflows/haechi.yml");
            self.add_new(survey, file, Content::New(text), messages::verifies_pushes());
            return;
        }
        let text = Content::New(ci::gitlab(&action, &paths));
        let (main, own) = (survey.root.join(".gitlab-ci.yml"), survey.root.join(".gitlab/haechi.yml"));
        if main.exists() {
            self.add_new(survey, own, text, messages::verifies_merge_requests());
            self.notes.push(messages::include_in_gitlab());
        } else {
            self.add_new(survey, main, text, messages::verifies_merge_requests());
        }
    }

    fn hook(&mut self, survey: &Survey, wishes: &Wishes) -> Result<(), Problem> {
        let Some(repository) = &survey.repository else {
            return Err(Problem::new(messages::hook_without_git()).help(messages::hook_without_git_help()));
        };
        if survey.root.join(".pre-commit-config.yaml").exists() {
            let action = wishes.action.clone().or_else(Action::own);
            let lines = action.map_or_else(
                || String::from("  - repo: local\n    hooks:\n      - { id: haechi, name: haechi verify, entry: haechi verify, language: system, types: [markdown], require_serial: true }"),
                |action| hook::pre_commit(&action),
            );
            self.notes.push(messages::add_pre_commit(lines));
            return Ok(());
        }
        let file = repository.hooks()?.join("pre-commit");
        self.add_new(survey, file, Content::Program(hook::HOOK.into()), messages::verifies_commits());
        Ok(())
    }

    /// What haechi writes and no repository wants.
    fn ignored(&mut self, survey: &Survey) -> Result<(), Problem> {
        if survey.repository.is_none() {
            return Ok(());
        }
        let file = survey.root.join(".gitignore");
        let old = match std::fs::read_to_string(&file) {
            Ok(old) => old,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => String::new(),
            Err(error) => return Err(Problem::cannot_read(&file, &error)),
        };
        let site = matches!(survey.found, Found::Summary(_)).then(|| PathBuf::from("site"));
        let sites =
            survey.sites.iter().chain(&site).filter(|site| site.is_relative() && !site.starts_with(".."));
        let wanted = sites.map(|site| format!("/{}/", site.display())).chain([".haechi/".to_owned()]);
        let bare = |line: &str| line.trim().trim_matches('/').to_owned();
        let known: Vec<String> = old.lines().map(bare).collect();
        let missing: Vec<String> = wanted.filter(|line| !known.contains(&bare(line))).collect();
        if missing.is_empty() {
            return Ok(());
        }
        let lines = missing.join("\n") + "\n";
        let why = messages::ignores();
        let content = if file.exists() { Content::Added { old, lines } } else { Content::New(lines) };
        self.changes.push(Change { path: file, content, why });
        Ok(())
    }
}

impl Content {
    /// What stands in the file before and after.
    pub fn texts(&self) -> (&str, String) {
        match self {
            Self::New(text) | Self::Program(text) => ("", text.clone()),
            Self::Added { old, lines } => {
                let end = if old.is_empty() || old.ends_with('\n') { "" } else { "\n" };
                (old, format!("{old}{end}{lines}"))
            }
        }
    }
}
