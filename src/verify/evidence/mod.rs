//! The record of a page's run, kept beside the book and committed with it: in goes the result of a run or
//! a file, out comes what it says, what it belongs to, and whether anybody vouches for it.

mod commits;
#[cfg(any(test, fuzzing))]
pub(crate) mod fuzzing;
mod key;
mod signer;
mod store;

use std::collections::BTreeMap;
use std::time::Duration;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::Plan;
use super::verdict::{Failure, PageResult, Remark, StepResult, Verdict};
use crate::matching::{Bindings, Elisions, Rules, Supplied, agrees};
use crate::snippet::Action;
pub use key::RULES;
pub(super) use key::{environment_hash, text_hash};
pub(crate) use store::Vouchers;
pub use store::{Doubt, Store, Stored, evidence_dir, evidence_file, recording_file};

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
    False,
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
    fn is_good(&self) -> bool {
        matches!(self.verdict.as_str(), "pass" | "drift" | "skipped")
    }

    fn outcome(&self) -> (&str, &str, Option<i32>) {
        (&self.command, &self.verdict, self.exit)
    }

    /// Whether a run that ended in the same way showed the same, but for values that differ each time.
    fn shows_the_same(&self, new: &Self) -> bool {
        self.reason == new.reason
            && is_alike(&self.screen, &new.screen)
            && match (&self.ran, &new.ran) {
                (Some(old), Some(new)) => is_alike(std::slice::from_ref(old), std::slice::from_ref(new)),
                (old, new) => old == new,
            }
    }
}

/// Whether two texts differ only in values that differ from run to run.
fn is_alike(old: &[String], new: &[String]) -> bool {
    let elisions = Elisions::default();
    if old == new {
        return true;
    }
    // On a screen nothing was left out.
    if old.len() != new.len() || old.iter().any(|line| elisions.is(line)) {
        return false;
    }
    let supplied = Supplied::default();
    let rules = Rules::new(&elisions, &supplied);
    let lines: Vec<&str> = old.iter().map(String::as_str).collect();
    agrees(&lines, new, rules, &Bindings::default())
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
            images: result.images.iter().cloned().collect(),
            bindings: result.bindings.iter().cloned().collect(),
            steps: steps.collect(),
        }
    }

    /// Whether a new run came out the same, so that its screens may stay as they are. A step that is not
    /// true is shown as it is now.
    fn came_out_the_same(&self, new: &Self) -> bool {
        self.text == new.text
            && self.engine == new.engine
            && self.images == new.images
            && self.steps.len() == new.steps.len()
            && self.steps.iter().zip(&new.steps).all(|(old, new)| {
                old.outcome() == new.outcome()
                    && old.snippet == new.snippet
                    && old.reason == new.reason
                    && (new.is_good() || old.shows_the_same(new))
            })
    }

    /// Whether what it shows is what a new run shows, but for values that differ from run to run.
    fn shows_the_same(&self, new: &Self) -> bool {
        let bindings = self.bindings.len() == new.bindings.len()
            && self.bindings.iter().zip(&new.bindings).all(|((old, this), (new, that))| {
                old == new && is_alike(std::slice::from_ref(this), std::slice::from_ref(that))
            });
        bindings && self.steps.iter().zip(&new.steps).all(|(old, new)| old.shows_the_same(new))
    }

    /// What is claimed of a step and is not so, in one sentence.
    fn contradicted_by(&self, run: &Self) -> Option<String> {
        if self.steps.len() != run.steps.len() {
            return Some(format!("it has {} steps and the run {}", self.steps.len(), run.steps.len()));
        }
        let same_place = self.fingerprint == run.fingerprint;
        let differs = |(old, new): &(&EvidenceStep, &EvidenceStep)| {
            let is_other = old.verdict != new.verdict || old.exit != new.exit;
            // Elsewhere a page may come out otherwise; what is false here must not be true there.
            is_other && (same_place || old.is_good() && !new.is_good())
        };
        let (number, (old, new)) =
            self.steps.iter().zip(&run.steps).enumerate().find(|(_, pair)| differs(pair))?;
        let word = |step: &EvidenceStep| match step.exit {
            Some(code) => format!("`{}` with exit code {code}", step.verdict),
            None => format!("`{}`", step.verdict),
        };
        Some(format!("step {} is {} there and {} in the run", number + 1, word(old), word(new)))
    }

    /// Whether it was recorded from these steps.
    pub fn belongs(&self, plan: &Plan) -> bool {
        self.text == text_hash(plan) && self.steps.len() == plan.scenario.steps.len()
    }

    /// Whether it is not older than that.
    fn is_fresh(&self, max_age: Duration) -> bool {
        let age = Timestamp::now().as_second() - self.verified.as_second();
        age <= i64::try_from(max_age.as_secs()).unwrap_or(i64::MAX)
    }

    /// Whether it says that it was written later than now.
    fn is_of_the_future(&self) -> bool {
        self.verified > Timestamp::now()
    }

    /// The same of its bytes, of which nothing else is read.
    fn is_dated_later_than_now(bytes: &[u8]) -> bool {
        #[derive(Deserialize)]
        struct Dated {
            verified: Timestamp,
        }
        serde_json::from_slice(bytes).is_ok_and(|Dated { verified }| verified > Timestamp::now())
    }

    /// Whether all that it says is good.
    pub(super) fn is_good(&self) -> bool {
        self.steps.iter().all(EvidenceStep::is_good)
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
                attempts: step.attempts,
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

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(text: &str) -> Vec<String> {
        text.lines().map(str::to_owned).collect()
    }

    #[test]
    fn only_values_that_differ_each_time_are_alike() {
        let same = |old: &str, new: &str| is_alike(&lines(old), &lines(new));
        assert!(same("web 89c9a39c74e4", "web 4f1be0c1d2a3"));
        assert!(!same("web 89c9a39c74e4", "db 4f1be0c1d2a3"));
        assert!(!same("all is well", "error"));
        // What stands for any lines on a page does not on a screen.
        assert!(!same("...", "error") && !same("...\nb", "a\nb") && same("...", "..."));
    }
}
