//! What evidence says, and what it belongs to.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;
use std::time::Duration;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::messages::Message;
use crate::sandbox::Image;
use crate::snippet::Action;
use crate::verify::key::text_hash;
use crate::verify::plan::Plan;
use crate::verify::result::{PageResult, StepResult};
use crate::verify::verdict::{Failure, Remark, Verdict};

/// What a run of a page showed. Stable: a run that changes no verdict changes only the times.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Evidence {
    /// The page's path in the book.
    pub page: String,
    /// A hash of all that the book decides of the run: the steps, what they expect, the settings, the rules.
    pub text: String,
    /// When the run ended.
    pub verified: Timestamp,
    /// How long it took, in seconds.
    pub seconds: f64,
    /// The version of the engine that ran it.
    pub engine: String,
    /// A hash of where it ran: the sandbox's image, the images that the mirror offered, the limits.
    pub fingerprint: String,
    /// A hash of the recording beside it, if there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recording: Option<String>,
    /// The images that it was given, and where each came from.
    pub images: Vec<Image>,
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
    /// How often it was run until it was true, if more than once.
    #[serde(default = "once", skip_serializing_if = "is_once")]
    pub attempts: u32,
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
    Failed,
    /// The text has changed since it ran.
    Stale,
    /// There is evidence, and nobody who is trusted vouches for it.
    Unvouched,
    /// It was left out on purpose.
    Skipped,
    /// It has not run.
    Unverified,
}

fn once() -> u32 {
    1
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
fn is_once(attempts: &u32) -> bool {
    *attempts <= 1
}

/// The most lines of a screen that evidence keeps.
const MOST_LINES: usize = 400;

impl EvidenceStep {
    /// Whether the page was true here as far as was found out.
    pub(super) fn is_good(&self) -> bool {
        matches!(self.verdict.as_str(), "pass" | "drift" | "skipped")
    }
}

impl Evidence {
    /// The evidence of a run.
    pub(in crate::verify) fn of(result: &PageResult, fingerprint: &str) -> Self {
        let steps = result.scenario.steps.iter().zip(&result.steps).map(|(step, done)| EvidenceStep {
            snippet: step.snippet,
            command: step.label(),
            ran: (!matches!(step.action, Action::Secret(_))
                && step.shown().is_some_and(|shown| shown != done.ran))
            .then(|| done.ran.clone()),
            verdict: done.verdict.kind().name().to_owned(),
            reason: done.verdict.reason().map(|reason| reason.english().to_owned()),
            exit: done.exit,
            attempts: done.attempts,
            screen: done.screen.iter().take(MOST_LINES).cloned().collect(),
        });
        Self {
            page: result.page.clone(),
            text: result.text.clone(),
            verified: Timestamp::from_second(Timestamp::now().as_second()).unwrap_or_default(),
            seconds: result.took.map_or(0.0, |took| (took.as_secs_f64() * 10.0).round() / 10.0),
            engine: result.engine.clone(),
            fingerprint: fingerprint.to_owned(),
            recording: None,
            images: result.images.clone(),
            bindings: result.bindings.iter().cloned().collect(),
            steps: steps.collect(),
        }
    }

    /// The snippets of the page by their numbers, each with its steps, the first to the last.
    pub fn snippets(&self) -> BTreeMap<usize, RangeInclusive<usize>> {
        let mut snippets = BTreeMap::new();
        for (number, step) in self.steps.iter().enumerate() {
            let Some(snippet) = step.snippet else { continue };
            let steps = snippets.entry(snippet).or_insert(number..=number);
            *steps = *steps.start()..=number;
        }
        snippets
    }

    /// Whether it was recorded from these steps.
    pub fn belongs(&self, plan: &Plan) -> bool {
        self.text == text_hash(plan) && self.steps.len() == plan.scenario.steps.len()
    }

    /// Whether it is not older than that.
    pub(super) fn is_fresh(&self, max_age: Duration) -> bool {
        let age = Timestamp::now().as_second() - self.verified.as_second();
        age <= i64::try_from(max_age.as_secs()).unwrap_or(i64::MAX)
    }

    /// Whether it says that it was written later than now.
    pub(super) fn is_future_dated(&self) -> bool {
        self.verified > Timestamp::now()
    }

    /// The same of its bytes, of which nothing else is read.
    pub(super) fn are_future_dated(bytes: &[u8]) -> bool {
        #[derive(Deserialize)]
        struct Dated {
            verified: Timestamp,
        }
        serde_json::from_slice(bytes).is_ok_and(|Dated { verified }| verified > Timestamp::now())
    }

    /// Whether all that it says is good.
    pub(in crate::verify) fn is_good(&self) -> bool {
        self.steps.iter().all(EvidenceStep::is_good)
    }

    /// The result that it records.
    pub(in crate::verify) fn result(&self, plan: Plan) -> PageResult {
        let steps = self.steps.iter().map(|step| {
            let why = || Message::verbatim(step.reason.as_deref().unwrap_or_default());
            let verdict = match step.verdict.as_str() {
                "pass" => Verdict::Pass,
                "drift" => Verdict::Drift(vec![Remark::Recorded(why())]),
                "skipped" => Verdict::Skipped(why()),
                "error" => Verdict::Error(why()),
                _ => Verdict::Fail(Failure::Recorded(why())),
            };
            StepResult {
                screen: step.screen.clone(),
                exit: step.exit,
                attempts: step.attempts,
                ..StepResult::new(step.ran.as_ref().unwrap_or(&step.command), verdict)
            }
        });
        let steps = steps.collect();
        PageResult {
            engine: self.engine.clone(),
            images: self.images.clone(),
            bindings: self.bindings.clone().into_iter().collect(),
            ..PageResult::of_plan(plan, steps)
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
                _ => State::Failed,
            })
            .max_by_key(|state| {
                [State::Verified, State::Skipped, State::Drifted, State::Failed]
                    .iter()
                    .position(|s| s == state)
            })
            .unwrap_or(State::Unverified)
    }
}
