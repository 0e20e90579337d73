//! What is asked of a step, and what came of it.

use std::collections::VecDeque;
use std::time::Duration;

/// When a step counts as done.
pub enum Until<'a> {
    /// When the command ends.
    End,
    /// When this says so of the lines on the screen; the command is then interrupted.
    Satisfied(&'a mut (dyn FnMut(&[String]) -> bool + Send)),
    /// When it has run for so long; it is then interrupted.
    Alive(Duration),
}

/// What is typed where a program asks.
#[derive(Debug, Default)]
pub struct Answers {
    /// What answers questions that do not echo, in order.
    pub secrets: VecDeque<String>,
    /// The lines that the page shows: where the screen stands still at the end of what one of them
    /// begins with, the rest of it is typed.
    pub shown: VecDeque<String>,
}

impl Answers {
    /// What the page types behind a question that stands on the screen.
    pub(super) fn answer_to(&mut self, question: &str, may_be_empty: bool) -> Option<String> {
        let begins = |line: &String| {
            let rest = line.strip_prefix(question).or_else(|| line.strip_prefix(question.trim_end()));
            rest.is_some_and(|rest| may_be_empty || !rest.trim().is_empty())
        };
        let at = self.shown.iter().position(begins)?;
        let line = self.shown.drain(..=at).next_back()?;
        let rest = line.strip_prefix(question).or_else(|| line.strip_prefix(question.trim_end()))?;
        Some(rest.trim().to_owned())
    }
}

/// What a step left on the terminal, and how it ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StepOutput {
    /// The lines that a reader would see.
    pub screen: Vec<String>,
    /// How it ended.
    pub ended: Ended,
    /// What came, and how long after it was typed; empty if it was more than a recording keeps.
    pub frames: Vec<Frame>,
}

/// A piece of output, and how long after the command was typed it came.
pub type Frame = (Duration, Vec<u8>);

/// How a step ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ended {
    /// With this exit code.
    Exited(i32),
    /// A program waits for input with this prompt.
    Prompt(String),
    /// A program asks for a secret and there was none to give.
    Asked(String),
    /// The shell asks for more of the command.
    Incomplete,
    /// It was still running when enough was seen, and was interrupted.
    Interrupted,
    /// It was still running when its time was up; what had the terminal then, if that is known.
    TimedOut(Option<String>),
    /// It printed more than a step may.
    TooMuch,
    /// The shell is gone.
    Gone,
}
