//! The record of a page's run, kept beside the book and committed with it.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::verdict::{Failure, PageResult, Remark, StepResult, Verdict};
use super::{Plan, evidence_dir};
use crate::diagnostic::Problem;
use crate::snippet::{Action, Step};

/// What a run of a page showed. Stable: a run that changes no verdict changes only the times.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Evidence {
    /// The page's path in the book.
    pub page: String,
    /// A hash of the steps and what they expect.
    pub text: String,
    /// When the run ended.
    pub verified: Timestamp,
    /// How long it took, in seconds.
    pub seconds: f64,
    /// The version of the engine that ran it.
    pub engine: String,
    /// A hash of the sandbox's image and of the images that the mirror offered.
    pub fingerprint: String,
    /// The images used, with their digests.
    pub images: BTreeMap<String, String>,
    /// What each example value stood for.
    pub bindings: BTreeMap<String, String>,
    /// The steps in order.
    pub steps: Vec<EvidenceStep>,
}

/// What a run of a step showed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EvidenceStep {
    /// Which snippet of the page it belongs to; a directive belongs to none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub snippet: Option<usize>,
    /// The step as the page shows it.
    pub command: String,
    /// What was typed, where that differs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ran: Option<String>,
    /// pass, drift, fail, error or skipped.
    pub verdict: String,
    /// Why it is not a plain pass.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// The exit code, if it ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exit: Option<i32>,
    /// The lines that a reader would have seen.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub screen: Vec<String>,
}

/// What the evidence says of a snippet, for its badge.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum State {
    /// It ran and was true.
    Verified,
    /// It ran and was true, but for a version or the like.
    Drifted,
    /// It ran and was false.
    False,
    /// The text has changed since it ran.
    Stale,
    /// It was left out on purpose.
    Skipped,
    /// It has not run.
    Unverified,
}

/// The most lines of a screen that evidence keeps.
const MOST_LINES: usize = 400;

/// Where a page's evidence is.
pub fn evidence_file(root: &Path, page: &str) -> PathBuf {
    let name = page.strip_suffix(".md").unwrap_or(page);
    evidence_dir(root).join(format!("{name}.json"))
}

/// Where the recording of the run is kept that a file of evidence tells of.
pub fn recording_file(evidence: &Path) -> PathBuf {
    evidence.with_extension("cast")
}

/// A hash of all that decides what a run does, what it is compared with, and how.
pub(super) fn text_hash(plan: &Plan) -> String {
    // Another version of haechi may have other rules.
    let mut text = format!("{} {:?}\n", env!("CARGO_PKG_VERSION"), plan.elisions);
    let scenarios = plan.prelude.iter().map(|(_, scenario)| scenario).chain([&plan.scenario]);
    for step in scenarios.flat_map(|scenario| scenario.steps.iter().map(move |step| (scenario, step))) {
        let (scenario, step): (_, &Step) = step;
        let skip = step.snippet.and_then(|snippet| scenario.snippets[snippet].skip.as_deref());
        let lines: Vec<&str> = step
            .expected
            .iter()
            .flat_map(|expected| &expected.lines)
            .map(|line| line.text.as_str())
            .collect();
        let order = step.expected.as_ref().map(|expected| expected.order);
        let _ = writeln!(text, "{:?} {skip:?} {lines:?} {order:?} {:?}", step.action, step.conditions);
    }
    if let Some(workspace) = &plan.workspace {
        let _ = writeln!(text, "{}", workspace.key());
    }
    blake3::hash(text.as_bytes()).to_hex()[..16].to_owned()
}

impl Evidence {
    /// The evidence of a run.
    pub(super) fn of(result: &PageResult, fingerprint: &str) -> Self {
        let steps = result.scenario.steps.iter().zip(&result.steps).map(|(step, done)| EvidenceStep {
            snippet: step.snippet,
            command: step.label(),
            ran: (!matches!(step.action, Action::Secret(_))
                && step.shown().is_some_and(|shown| shown != done.ran))
            .then(|| done.ran.clone()),
            verdict: done.verdict.word().to_owned(),
            reason: done.verdict.reason(),
            exit: done.exit,
            screen: done.screen.iter().take(MOST_LINES).cloned().collect(),
        });
        Self {
            page: result.page.clone(),
            text: result.text.clone(),
            verified: Timestamp::from_second(Timestamp::now().as_second()).unwrap_or_default(),
            seconds: result.took.map_or(0.0, |took| (took.as_secs_f64() * 10.0).round() / 10.0),
            engine: result.engine.clone(),
            fingerprint: fingerprint.to_owned(),
            images: result.images.iter().cloned().collect(),
            bindings: result.bindings.iter().cloned().collect(),
            steps: steps.collect(),
        }
    }

    /// Reads a file of evidence; `None` if there is none that can be read.
    pub fn read(file: &Path) -> Option<Self> {
        serde_json::from_slice(&std::fs::read(file).ok()?).ok()
    }

    /// Writes the file whole, to a neighbour that is renamed.
    pub(super) fn write(mut self, file: &Path, old: Option<&Self>) -> Result<(), Problem> {
        if let Some(old) = old.filter(|old| old.says_the_same(&self)) {
            self.bindings.clone_from(&old.bindings);
            self.steps.clone_from(&old.steps);
        }
        let mut text = serde_json::to_string_pretty(&self)
            .map_err(|error| Problem::new(format!("cannot write the evidence of {}: {error}", self.page)))?;
        text.push('\n');
        write_whole(file, &text)
    }

    pub(super) fn says_the_same(&self, new: &Self) -> bool {
        let told = |evidence: &Self| -> Vec<_> {
            evidence
                .steps
                .iter()
                .map(|step| (step.command.clone(), step.verdict.clone(), step.exit))
                .collect()
        };
        self.text == new.text
            && self.engine == new.engine
            && self.images == new.images
            && told(self) == told(new)
    }

    /// Whether it was recorded from these steps.
    pub fn belongs(&self, plan: &Plan) -> bool {
        self.text == text_hash(plan) && self.steps.len() == plan.scenario.steps.len()
    }

    /// Whether it is not older than that.
    pub fn is_fresh(&self, max_age: Duration) -> bool {
        let age = Timestamp::now().as_second() - self.verified.as_second();
        age <= i64::try_from(max_age.as_secs()).unwrap_or(i64::MAX)
    }

    /// Whether running the plan again would only show what it showed then.
    pub(super) fn holds(&self, plan: &Plan, fingerprint: Option<&str>, max_age: Duration) -> bool {
        self.belongs(plan)
            && fingerprint.is_none_or(|fingerprint| fingerprint == self.fingerprint)
            && self.is_fresh(max_age)
            && self.steps.iter().all(|step| matches!(step.verdict.as_str(), "pass" | "drift" | "skipped"))
    }

    /// The result that it records.
    pub(super) fn result(&self, plan: Plan) -> PageResult {
        let steps = self.steps.iter().map(|step| {
            let why = || step.reason.clone().unwrap_or_default();
            StepResult {
                ran: step.ran.clone().unwrap_or_else(|| step.command.clone()),
                screen: step.screen.clone(),
                exit: step.exit,
                verdict: match step.verdict.as_str() {
                    "pass" => Verdict::Pass,
                    "drift" => Verdict::Drift(vec![Remark::Recorded(why())]),
                    "skipped" => Verdict::Skipped(why()),
                    "error" => Verdict::Error(why()),
                    _ => Verdict::Fail(Failure::Recorded(why())),
                },
                took: Duration::ZERO,
                frames: Vec::new(),
            }
        });
        let steps = steps.collect();
        PageResult {
            engine: self.engine.clone(),
            images: self.images.clone().into_iter().collect(),
            bindings: self.bindings.clone().into_iter().collect(),
            ..PageResult::bare(plan, steps)
        }
    }

    /// The state of a snippet: the worst of its steps.
    pub fn state(&self, plan: &Plan, snippet: usize) -> State {
        if !self.belongs(plan) {
            return State::Stale;
        }
        let verdicts =
            self.steps.iter().filter(|step| step.snippet == Some(snippet)).map(|step| step.verdict.as_str());
        verdicts
            .map(|verdict| match verdict {
                "pass" => State::Verified,
                "drift" => State::Drifted,
                "skipped" => State::Skipped,
                _ => State::False,
            })
            .max_by_key(|state| {
                [State::Verified, State::Skipped, State::Drifted, State::False]
                    .iter()
                    .position(|s| s == state)
            })
            .unwrap_or(State::Unverified)
    }
}

/// Writes the file whole.
pub(super) fn write_whole(file: &Path, text: &str) -> Result<(), Problem> {
    crate::files::write(file, text.as_bytes()).map_err(|error| Problem::file("write", file, &error))
}
