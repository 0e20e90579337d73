//! Whether a step is as its page says, and why not.

use std::time::Duration;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::matching::{Difference, Note};
use crate::messages::{Message, verify as messages};

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
    Error(Message),
    /// It was not run, for this reason.
    Skipped(Message),
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
    /// A job in the background has failed, as the shell says, and the page does not show it.
    JobFailed(String),
    /// The page leaves out what the engine says of a download.
    Download,
    /// It took so many attempts, each of which may have left something behind.
    Attempts(u32),
    /// What evidence says of an earlier run.
    Recorded(Message),
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
    /// It was to go on until it is interrupted, and ended by itself.
    EndedByItself {
        /// The exit code.
        code: i32,
    },
    /// The shell asks for more of the command.
    Incomplete,
    /// At a program's prompt it printed this error, and the page shows no output.
    PrintsError(String),
    /// The same, with what may explain it.
    Hinted(Box<Failure>, Message),
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
    Claim(Message),
    /// What evidence says of an earlier run.
    Recorded(Message),
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

    /// The verdict with something more that has drifted, if it is good.
    #[must_use]
    pub(super) fn with_remark(self, remark: Remark) -> Self {
        match self {
            Self::Pass => Self::Drift(vec![remark]),
            Self::Drift(mut remarks) => {
                remarks.push(remark);
                Self::Drift(remarks)
            }
            other => other,
        }
    }

    /// In one sentence, why it is not a plain pass.
    pub fn reason(&self) -> Option<Message> {
        match self {
            Self::Pass => None,
            Self::Drift(remarks) => Some(Message::joined(remarks.iter().map(Remark::sentence), "; ")),
            Self::Fail(failure) => Some(failure.sentence()),
            Self::Error(why) | Self::Skipped(why) => Some(why.clone()),
        }
    }
}

impl Remark {
    /// What has drifted, in one sentence.
    pub fn sentence(&self) -> Message {
        match self {
            Self::Note(Note::Version { expected, actual, .. }) => messages::version(expected, actual),
            Self::Note(Note::Order { expected, actual, .. }) => {
                messages::order(&expected.0, &expected.1, &actual.0, &actual.1)
            }
            Self::Note(Note::SecondExample { example, first, first_line, .. }) => {
                messages::second_example(example, first_line, first)
            }
            Self::LeftSession(prompt) => messages::left_session(prompt.trim_end()),
            Self::PrintsError(line) => messages::prints_error(line),
            Self::PrintsUnannounced(line) => messages::prints(line),
            Self::JobFailed(notice) => messages::job_failed(notice.replace('\n', " ")),
            Self::Download => messages::download(),
            Self::Attempts(count) => messages::attempts(count),
            Self::Recorded(why) => why.clone(),
        }
    }
}

impl Failure {
    /// What is false, in one sentence.
    pub fn sentence(&self) -> Message {
        match self {
            Self::Differs(difference) => match &difference.conflict {
                Some(conflict) if conflict.line > 0 => messages::other_meaning(
                    &conflict.example,
                    &conflict.bound,
                    conflict.line,
                    &conflict.found,
                ),
                Some(conflict) => messages::two_meanings(&conflict.example, &conflict.bound, &conflict.found),
                None => messages::differs(),
            },
            Self::Exit { code, wanted } => messages::exit(code, wanted),
            Self::TimedOut(after, None) => messages::did_not_end(after.as_secs()),
            Self::TimedOut(after, Some(_)) => messages::did_not_appear(after.as_secs()),
            Self::StillRuns { wanted } => messages::still_runs(wanted),
            Self::EndedByItself { code } => messages::ended_by_itself(code),
            Self::Incomplete => messages::incomplete(),
            Self::PrintsError(line) => messages::prints_error(line),
            Self::Hinted(failure, hint) => messages::hinted(failure.sentence(), hint),
            Self::TooMuch => messages::too_much(),
            Self::Prompt { expected, actual: Some(actual) } => {
                messages::other_prompt(expected.trim_end(), actual.trim_end())
            }
            Self::Prompt { expected, actual: None } => messages::no_prompt(expected.trim_end()),
            Self::Asked(question) => messages::asked(question.trim_end()),
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
    pub(super) fn with_hint(self, hint: Option<Message>) -> Self {
        match hint {
            Some(hint) => Self::Hinted(Box::new(self), hint),
            None => self,
        }
    }
}
