//! A page of a run, and its steps, as data.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::place::place_of_verdict;
use crate::sandbox::Image;
use crate::text::Problem;
use crate::verify::{Finding, PageResult, VerdictKind};

/// A page of a run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Page {
    /// Its path in the book.
    pub page: String,
    /// Its file, as it was named on the command line.
    pub file: String,
    /// The version of the engine that ran it, `local` for this machine, empty if nothing ran.
    pub engine: String,
    /// The images that it was given, and where each came from.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub images: Vec<Image>,
    /// How long it took in seconds; absent if nothing ran.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seconds: Option<f64>,
    /// Whether nothing ran and its evidence does not stand for a run either.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub stale: bool,
    /// How many blocks contain commands or files.
    pub snippets: usize,
    /// How many commands it shows to its readers.
    pub commands: usize,
    /// Of these, how many cannot be run and name where they were read instead.
    #[serde(default)]
    pub unverified: usize,
    /// The blocks that look like commands or output, and are neither run nor compared.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub not_run: Vec<Block>,
    /// Its steps, in order; what is wrong with a block is one more before them, which is an error, and
    /// evidence that claims something else than the run is one behind them, which fails.
    pub steps: Vec<Step>,
}

/// A block that is neither run nor compared.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Block {
    /// Where it begins: line, from 1.
    pub line: usize,
    /// Column, from 1.
    pub column: usize,
    /// How many of the commands shown it counts for.
    pub commands: usize,
    /// Why it is not run.
    pub reason: String,
}

/// A step of a page.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Step {
    /// Where it begins: line, from 1.
    pub line: usize,
    /// Column, from 1.
    pub column: usize,
    /// The line that is false or has drifted, else the line where the step begins.
    pub at_line: usize,
    /// The column there.
    pub at_column: usize,
    /// The command, or what the step does in parentheses.
    pub command: String,
    /// Whether readers see it.
    pub shown: bool,
    /// The command with the page's example values replaced by those of the run.
    pub ran: String,
    /// What came of it.
    pub verdict: VerdictKind,
    /// Why it is not a plain pass.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// The exit code, if it ended by itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exit: Option<i32>,
    /// The lines that it left on the screen.
    pub screen: Vec<String>,
    /// How long it took in seconds.
    pub seconds: f64,
}

impl Page {
    /// Whether something on it is false or unknown, whatever the report says of the whole.
    pub(super) fn is_bad(&self) -> bool {
        self.stale
            || self.steps.iter().any(|step| matches!(step.verdict, VerdictKind::Fail | VerdictKind::Error))
    }

    pub(super) fn of(page: &PageResult) -> Self {
        let steps = page.scenario.steps.iter().zip(&page.steps).map(|(step, done)| {
            let begin = page.source.position(step.range.start);
            let at = page.source.position(place_of_verdict(&done.verdict, step));
            Step {
                line: begin.line,
                column: begin.column,
                at_line: at.line,
                at_column: at.column,
                command: step.label(),
                shown: step.shown().is_some(),
                ran: done.ran.clone(),
                verdict: done.verdict.kind(),
                reason: done.verdict.reason().map(|reason| reason.english().to_owned()),
                exit: done.exit,
                screen: done.screen.clone(),
                seconds: done.took.as_secs_f64(),
            }
        });
        let problems = page.problems.iter().map(|problem| Step::of_problem(page, problem));
        let not_run = page.scenario.not_run.iter().map(|block| {
            let place = page.source.position(block.range.start);
            Block {
                line: place.line,
                column: place.column,
                commands: block.commands,
                reason: block.reason.english().to_owned(),
            }
        });
        let contradicted = match &page.finding {
            Some(Finding::Contradicted(why)) => Some(Step::of_evidence(why.english())),
            _ => None,
        };
        Self {
            page: page.page.clone(),
            file: page.source.path.to_string_lossy().into_owned(),
            engine: page.engine.clone(),
            images: page.images.clone(),
            seconds: page.took.map(|took| took.as_secs_f64()),
            stale: matches!(page.finding, Some(Finding::Stale(_))),
            snippets: page.scenario.snippets.len(),
            commands: page.scenario.commands(),
            unverified: page.scenario.unverified_commands(),
            not_run: not_run.collect(),
            steps: problems.chain(steps).chain(contradicted).collect(),
        }
    }
}

impl Step {
    /// What is wrong with the page's evidence.
    pub(super) fn of_evidence(why: &str) -> Self {
        Self::of_page("(evidence)", (1, 1), VerdictKind::Fail, why)
    }

    /// What is wrong with a block or a directive of the page.
    fn of_problem(page: &PageResult, problem: &Problem) -> Self {
        let place = problem.place.as_ref().map(|(_, range)| page.source.position(range.start));
        let place = place.map_or((1, 1), |place| (place.line, place.column));
        Self::of_page("(page)", place, VerdictKind::Error, problem.message.english())
    }

    /// What is wrong with the page as a whole, as if it were a step.
    fn of_page(name: &str, (line, column): (usize, usize), verdict: VerdictKind, why: &str) -> Self {
        Self {
            line,
            column,
            at_line: line,
            at_column: column,
            command: name.into(),
            shown: false,
            ran: String::new(),
            verdict,
            reason: Some(why.to_owned()),
            exit: None,
            screen: Vec::new(),
            seconds: 0.0,
        }
    }

    /// The first line of the command.
    pub fn title(&self) -> &str {
        self.command.lines().next().unwrap_or_default()
    }

    /// Why it is not a plain pass, or nothing.
    pub fn why(&self) -> &str {
        self.reason.as_deref().unwrap_or_default()
    }
}
