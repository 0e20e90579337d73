//! What came of a page's run.

use std::time::Duration;

use super::key::text_hash;
use super::plan::Plan;
use super::verdict::Verdict;
use crate::messages::{Message, verify as messages};
use crate::sandbox::{Frame, Image};
use crate::snippet::Scenario;
use crate::text::{Problem, Source};

/// What came of a step.
#[derive(Debug, Clone)]
pub struct StepResult {
    /// What was typed, with values of the run in place of examples.
    pub ran: String,
    /// What a reader would have seen.
    pub screen: Vec<String>,
    /// The exit code, if the command ended.
    pub exit: Option<i32>,
    /// Whether that is as the page says.
    pub verdict: Verdict,
    /// How often it was run, until it was true or its time was up.
    pub attempts: u32,
    /// How long it took; zero where evidence stands for the run.
    pub took: Duration,
    /// What came to the terminal and when, for the recording; empty where evidence stands for the run.
    pub frames: Vec<Frame>,
}

/// What came of a page.
#[derive(Debug)]
pub struct PageResult {
    /// The page's path in the book.
    pub page: String,
    /// Its text.
    pub source: Source,
    /// Its steps.
    pub scenario: Scenario,
    /// A result for each step.
    pub steps: Vec<StepResult>,
    /// The example values and what they stood for.
    pub bindings: Vec<(String, String)>,
    /// The version of the engine.
    pub engine: String,
    /// The images that it was given.
    pub images: Vec<Image>,
    /// How long the run took; `None` if its evidence was good.
    pub took: Option<Duration>,
    /// What the page is known by in its evidence.
    pub text: String,
    /// What is wrong with its evidence, if something is.
    pub finding: Option<Finding>,
    /// What is wrong with its fences and directives.
    pub problems: Vec<Problem>,
}

/// What is wrong with a page's evidence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Finding {
    /// It does not stand for a run, and nothing ran.
    Stale(Message),
    /// It claims what the run did not show.
    Contradicted(Message),
}

impl Finding {
    /// What is wrong, in one sentence.
    pub fn sentence(&self) -> &Message {
        match self {
            Self::Stale(why) | Self::Contradicted(why) => why,
        }
    }
}

impl StepResult {
    /// A step that showed nothing and has no exit code.
    pub fn new(ran: impl Into<String>, verdict: Verdict) -> Self {
        Self {
            ran: ran.into(),
            screen: Vec::new(),
            exit: None,
            verdict,
            attempts: 1,
            took: Duration::ZERO,
            frames: Vec::new(),
        }
    }

    /// A step that was not run.
    pub(super) fn not_run(why: Message) -> Self {
        Self::new("", Verdict::Error(why))
    }
}

impl PageResult {
    /// A page of which only its steps and their results are known.
    pub fn new(source: Source, scenario: Scenario, steps: Vec<StepResult>) -> Self {
        Self {
            page: source.path.to_string_lossy().into_owned(),
            problems: scenario.problems.clone(),
            source,
            scenario,
            steps,
            bindings: Vec::new(),
            engine: String::new(),
            images: Vec::new(),
            took: None,
            text: String::new(),
            finding: None,
        }
    }

    /// A page of a book, with the results of its steps.
    pub(super) fn of_plan(plan: Plan, steps: Vec<StepResult>) -> Self {
        let text = text_hash(&plan);
        let (page, problems) = (plan.page, plan.problems);
        Self { page, problems, text, ..Self::new(plan.source, plan.scenario, steps) }
    }

    /// A page without steps, or one that is misread: its steps are not run.
    pub(super) fn without_run(plan: Plan) -> Self {
        Self::not_run(plan, &messages::misread())
    }

    /// A page whose evidence does not stand for a run.
    pub(super) fn stale(plan: Plan, why: &Message) -> Self {
        let finding = Some(Finding::Stale(why.clone()));
        Self { took: None, finding, ..Self::not_run(plan, why) }
    }

    /// A page that could not be run.
    pub(super) fn not_run(plan: Plan, why: &Message) -> Self {
        let steps = vec![StepResult::not_run(why.clone()); plan.scenario.steps.len()];
        Self { took: Some(Duration::ZERO), ..Self::of_plan(plan, steps) }
    }

    /// Whether nothing on the page is false or unknown, and its evidence claims nothing else.
    pub fn is_good(&self) -> bool {
        self.problems.is_empty()
            && self.finding.is_none()
            && self.steps.iter().all(|step| step.verdict.is_good())
    }
}
