//! The plan of a page's run.

use std::time::Duration;

use crate::markdown::{HttpClaim, Line, Skip};
use crate::matching::{Order, Supply};
use crate::messages::Message;
use crate::text::{ByteRange, Problem};

/// A page's steps in order, with what each expects.
#[derive(Debug, Clone, Default)]
pub struct Scenario {
    /// The page, relative to this one, whose steps come first.
    pub continues: Option<String>,
    /// The blocks that contain commands, in order.
    pub snippets: Vec<Snippet>,
    /// The steps, in the order in which they run.
    pub steps: Vec<Step>,
    /// The blocks that look like commands or output, and are neither run nor compared.
    pub not_run: Vec<NotRun>,
    /// The blocks that may be files which commands need, each with its language, in order.
    pub possible_files: Vec<(String, ByteRange)>,
    /// What is wrong with the page's fences and directives.
    pub problems: Vec<Problem>,
}

/// A block that looks like commands or output, and is neither run nor compared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotRun {
    /// The bytes of the line that opens it.
    pub range: ByteRange,
    /// Why.
    pub reason: Message,
    /// How many commands it counts for.
    pub commands: usize,
}

/// A block of a page that contains commands or a file.
#[derive(Debug, Clone)]
pub struct Snippet {
    /// The bytes of the fence that contains the commands.
    pub range: ByteRange,
    /// The bytes of the separate fence with the expected output, if there is one.
    pub output: Option<ByteRange>,
    /// Why it is not run, if it is not.
    pub skip: Option<Skip>,
    /// How many commands it shows.
    pub commands: usize,
    /// Whether its one output block may contain what all of its commands print, not only the last.
    pub whole: bool,
}

impl Snippet {
    /// Whether it cannot be run and names where it was read instead.
    pub fn is_unverified(&self) -> bool {
        self.skip.as_ref().is_some_and(|skip| skip.source.is_some())
    }
}

/// One command of a snippet, or one request of a directive.
#[derive(Debug, Clone)]
pub struct Step {
    /// The snippet that it belongs to; a directive belongs to none.
    pub snippet: Option<usize>,
    /// The bytes of the command, or of the directive.
    pub range: ByteRange,
    /// What is done.
    pub action: Action,
    /// What the page says that it prints, if it says.
    pub expected: Option<Expected>,
    /// What else its fence says of it.
    pub conditions: Conditions,
}

/// What a step does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Action {
    /// Types a command, at the shell or in the session that is open; a transcript shows the prompt.
    Command {
        /// The command as the page shows it, without prompts; it may have several lines.
        text: String,
        /// The prompt that the transcript shows before it; `None` in a fence of plain commands.
        prompt: Option<String>,
    },
    /// Runs a command that the page does not show.
    Hidden(String),
    /// Runs a command that the page does not show until it exits with 0.
    Wait(String),
    /// Has this ready for the next question that does not echo its answer.
    Secret(String),
    /// Writes a file that the page shows.
    File {
        /// Where, relative to the shell's working directory at the time.
        path: String,
        /// The text of the file.
        text: String,
    },
    /// Asks a URL.
    Http(HttpClaim),
    /// Begins again with a fresh sandbox, folder and shell.
    Fresh,
}

/// What the page says that a step prints.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Expected {
    /// The lines, each with its bytes in the page.
    pub lines: Vec<Line>,
    /// Whether their order is a claim.
    pub order: Order,
    /// The exit code that the last line says, `[N]`, where the screen does not say it.
    pub exit: Option<i32>,
}

impl Expected {
    /// How many lines, from the first, are of the screen where it does not say the exit code.
    pub fn output_lines(&self) -> usize {
        let last = || self.lines.iter().rposition(|line| !line.text.trim().is_empty());
        self.exit.and_then(|_| last()).unwrap_or(self.lines.len())
    }
}

/// What a fence's attributes say of its steps.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Conditions {
    /// How long the step may take; the book's setting where absent.
    pub timeout: Option<Duration>,
    /// The exit code that it must have.
    pub exit: Option<i32>,
    /// How long to run it again until it matches.
    pub retry: Option<Duration>,
    /// Whether the command goes on until it is interrupted.
    pub follows: bool,
    /// Whether the page says so itself, by `{follow}` or the reader's `^C`.
    pub interrupted: bool,
    /// The terminal that it is typed in; the page's first where absent.
    pub terminal: Option<String>,
    /// Which of several alternatives it is, from 0: all of them run from the same state.
    pub alternative: Option<usize>,
}

impl Step {
    /// A step that the reader does not see.
    pub(super) fn unseen(action: Action, range: ByteRange) -> Self {
        Self { snippet: None, range, action, expected: None, conditions: Conditions::default() }
    }

    /// The command that the reader sees, if the step is one.
    pub fn shown(&self) -> Option<&str> {
        match &self.action {
            Action::Command { text, .. } => Some(text),
            _ => None,
        }
    }

    /// What it supplies: values that stand there are claims where they are printed.
    pub fn supply(&self) -> Option<Supply<'_>> {
        match &self.action {
            Action::Command { text, prompt: None } => Some(Supply { text, block: self.snippet }),
            Action::Command { text, .. } | Action::Hidden(text) | Action::File { text, .. } => {
                Some(Supply { text, block: None })
            }
            Action::Wait(_) | Action::Secret(_) | Action::Http(_) | Action::Fresh => None,
        }
    }

    /// Whether it is typed at the prompt of another program than the reader's shell, as far as the page
    /// shows it.
    pub fn in_session(&self) -> bool {
        matches!(&self.action, Action::Command { prompt: Some(prompt), .. }
            if super::Prompt::session(prompt).is_some())
    }

    /// Whether the command is nothing but a comment: it has no exit code of its own.
    pub fn is_comment(&self) -> bool {
        self.shown().is_some_and(|text| text.lines().all(|line| line.trim_start().starts_with('#')))
    }

    /// What a report calls the step.
    pub fn label(&self) -> String {
        match &self.action {
            Action::Command { text, .. } => text.clone(),
            Action::Hidden(command) => format!("(hidden) {command}"),
            Action::Wait(command) => format!("(wait) {command}"),
            Action::Secret(_) => "(secret)".into(),
            Action::File { path, .. } => format!("(file) {path}"),
            Action::Http(claim) => format!("(http) {}", claim.url),
            Action::Fresh => "(fresh)".into(),
        }
    }
}

impl Scenario {
    /// Whether a run may take pictures.
    pub fn has_pictures(&self) -> bool {
        self.steps.iter().any(|step| matches!(&step.action, Action::Http(HttpClaim { picture: Some(_), .. })))
    }

    /// How many commands the page shows, those that cannot be run included.
    pub fn commands(&self) -> usize {
        let run: usize = self.snippets.iter().map(|snippet| snippet.commands).sum();
        run + self.not_run.iter().map(|block| block.commands).sum::<usize>()
    }

    /// Of these, how many cannot be run and name where they were read instead.
    pub fn unverified_commands(&self) -> usize {
        self.snippets.iter().filter(|snippet| snippet.is_unverified()).map(|snippet| snippet.commands).sum()
    }
}
