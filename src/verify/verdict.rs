//! Whether a step is as its page says, and why not.

use std::time::Duration;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::matching::{Difference, Note};

/// Whether a step is as the page says.
#[derive(Debug, Clone, PartialEq)]
pub enum Verdict {
    /// It is.
    Pass,
    /// It is, but for things that a reader should know.
    Drift(Vec<Remark>),
    /// It is not.
    Fail(Failure),
    /// It could not be found out.
    Error(String),
    /// It was not run, for this reason.
    Skipped(String),
}

/// Why a step has drifted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Remark {
    /// A version has changed, or two examples mean one thing.
    Note(Note),
    /// The page goes on outside of a session without saying to leave it.
    LeftSession(String),
    /// A command whose output the page does not show printed this error or warning, and exited with 0.
    PrintsError(String),
    /// A program printed this, and the page does not show it.
    PrintsUnannounced(String),
    /// The page leaves out what the engine says of a download.
    Download,
    /// It took so many attempts, each of which may have left something behind.
    Attempts(u32),
    /// What evidence says of an earlier run.
    Recorded(String),
}

/// Why a step is false.
#[derive(Debug, Clone, PartialEq)]
pub enum Failure {
    /// The screen differs from the expected block.
    Differs(Box<Difference>),
    /// The exit code is not the one wanted.
    Exit {
        /// The exit code.
        code: i32,
        /// The one wanted.
        wanted: i32,
    },
    /// It did not end, or not show what is expected, in time.
    TimedOut(Duration, Option<Box<Difference>>),
    /// It was to end with this exit code, and still runs.
    StillRuns {
        /// The exit code.
        wanted: i32,
    },
    /// The shell asks for more of the command.
    Incomplete,
    /// At a program's prompt it printed this error, and the page shows no output.
    PrintsError(String),
    /// The same, with what may explain it.
    Hinted(Box<Failure>, String),
    /// It printed more than a step may.
    TooMuch,
    /// The prompt that the transcript shows is not there.
    Prompt {
        /// The prompt of the page.
        expected: String,
        /// The prompt of the session, if one is open.
        actual: Option<String>,
    },
    /// A program asked a question that the page does not answer.
    Asked(String),
    /// A claim about a URL is false.
    Claim(String),
    /// What evidence says of an earlier run.
    Recorded(String),
}

/// A verdict without its reasons.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[schemars(rename = "Word")]
pub enum VerdictKind {
    /// As the page says.
    Pass,
    /// As the page says, but for a version or an example value.
    Drift,
    /// Not as the page says.
    Fail,
    /// It could not be found out.
    Error,
    /// Left out on purpose.
    Skipped,
}

impl VerdictKind {
    /// Its name in reports and evidence.
    pub fn name(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Drift => "drift",
            Self::Fail => "fail",
            Self::Error => "error",
            Self::Skipped => "skipped",
        }
    }
}

impl Verdict {
    /// Which of the five it is.
    pub fn kind(&self) -> VerdictKind {
        match self {
            Self::Pass => VerdictKind::Pass,
            Self::Drift(_) => VerdictKind::Drift,
            Self::Fail(_) => VerdictKind::Fail,
            Self::Error(_) => VerdictKind::Error,
            Self::Skipped(_) => VerdictKind::Skipped,
        }
    }

    /// Whether the page is true here as far as was found out.
    pub fn is_good(&self) -> bool {
        matches!(self, Self::Pass | Self::Drift(_) | Self::Skipped(_))
    }

    /// In one sentence, why it is not a plain pass.
    pub fn reason(&self) -> Option<String> {
        match self {
            Self::Pass => None,
            Self::Drift(remarks) => Some(remarks.iter().map(Remark::sentence).collect::<Vec<_>>().join("; ")),
            Self::Fail(failure) => Some(failure.sentence()),
            Self::Error(why) | Self::Skipped(why) => Some(why.clone()),
        }
    }
}

impl Remark {
    /// What has drifted, in one sentence.
    pub fn sentence(&self) -> String {
        match self {
            Self::Note(Note::Version { expected, actual, .. }) => {
                format!("the page says version {expected}, it is {actual}")
            }
            Self::Note(Note::Order { expected, actual, .. }) => {
                format!(
                    "the page has {} before {} by size, they are {} and {}",
                    expected.0, expected.1, actual.0, actual.1
                )
            }
            Self::Note(Note::SecondExample { example, first, first_line, .. }) => {
                format!(
                    "`{example}` is what line {first_line} of the page calls `{first}`; a reader would stumble"
                )
            }
            Self::LeftSession(prompt) => {
                format!("the page does not say to leave `{}` before this", prompt.trim_end())
            }
            Self::PrintsError(line) => format!("it prints `{line}`, and the page does not show it"),
            Self::PrintsUnannounced(line) => format!("it prints `{line}`, and the page shows no output"),
            Self::Download => {
                "the page leaves out the lines about the download, which a reader without the image sees"
                    .into()
            }
            Self::Attempts(count) => {
                format!(
                    "it took {count} attempts, and each may have left more behind than a reader's one does"
                )
            }
            Self::Recorded(why) => why.clone(),
        }
    }
}

impl Failure {
    /// What is false, in one sentence.
    pub fn sentence(&self) -> String {
        match self {
            Self::Differs(difference) => match &difference.conflict {
                Some(conflict) if conflict.line > 0 => format!(
                    "`{}` stands for {} since line {} of the page; here it would be {}",
                    conflict.example, conflict.bound, conflict.line, conflict.found
                ),
                Some(conflict) => {
                    format!("`{}` would be both {} and {}", conflict.example, conflict.bound, conflict.found)
                }
                None => "the output is not what the page says".into(),
            },
            Self::Exit { code, wanted } => format!("exit code {code}, not {wanted}"),
            Self::TimedOut(after, None) => format!("it did not end within {} s", after.as_secs()),
            Self::TimedOut(after, Some(_)) => {
                format!("what the page says did not appear within {} s", after.as_secs())
            }
            Self::StillRuns { wanted } => format!("it was to end with exit code {wanted}, and still runs"),
            Self::Incomplete => "the shell asks for more: the command is not complete".into(),
            Self::PrintsError(line) => format!("it prints `{line}`, and the page does not show it"),
            Self::Hinted(failure, hint) => format!("{}; {hint}", failure.sentence()),
            Self::TooMuch => "it printed more than a step may (16 MiB or 100,000 lines)".into(),
            Self::Prompt { expected, actual: Some(actual) } => {
                format!(
                    "the page types this at `{}`, but the prompt is `{}`",
                    expected.trim_end(),
                    actual.trim_end()
                )
            }
            Self::Prompt { expected, actual: None } => {
                format!(
                    "the page types this at `{}`, but no program with a prompt is open",
                    expected.trim_end()
                )
            }
            Self::Asked(question) => {
                format!("it asks `{}` and the page gives no answer", question.trim_end())
            }
            Self::Claim(why) | Self::Recorded(why) => why.clone(),
        }
    }

    /// Both sides aligned, if they were compared.
    pub fn difference(&self) -> Option<&Difference> {
        match self {
            Self::Differs(difference) | Self::TimedOut(_, Some(difference)) => Some(difference),
            Self::Hinted(failure, _) => failure.difference(),
            _ => None,
        }
    }

    /// The failure without hints.
    pub fn root(&self) -> &Self {
        match self {
            Self::Hinted(failure, _) => failure.root(),
            other => other,
        }
    }

    /// The failure with what may explain it.
    #[must_use]
    pub(super) fn with_hint(self, hint: Option<String>) -> Self {
        match hint {
            Some(hint) => Self::Hinted(Box::new(self), hint),
            None => self,
        }
    }
}
