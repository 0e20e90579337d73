//! What came of a run, before it is joined with its plan.

use std::collections::BTreeSet;
use std::time::Duration;

use crate::matching::Bindings;
use crate::messages::verify as messages;
use crate::sandbox::Image;
use crate::snippet::{Action, Scenario};
use crate::verify::plan::Plan;
use crate::verify::result::{PageResult, StepResult};
use crate::verify::verdict::{Failure, Remark, Verdict};

/// What came of a run, before it is joined with its plan.
#[derive(Default)]
pub(in crate::verify) struct Outcome {
    pub(super) steps: Vec<StepResult>,
    bindings: Vec<(String, String)>,
    engine: String,
    images: BTreeSet<Image>,
}

impl Outcome {
    /// Whether something kept a step from being judged: perhaps the sandbox went away under the page.
    pub(in crate::verify) fn is_broken(&self) -> bool {
        self.steps.iter().any(|step| matches!(step.verdict, Verdict::Error(_)))
    }

    /// Puts in the result of an alternative.
    pub(in crate::verify) fn set(&mut self, step: usize, result: StepResult) {
        self.steps[step] = result;
    }

    /// The images that a sandbox was given.
    pub(super) fn add_images(&mut self, images: Vec<Image>) {
        self.images.extend(images);
    }

    pub(in crate::verify) fn into_result(self, plan: Plan, took: Duration) -> PageResult {
        PageResult {
            bindings: self.bindings,
            engine: self.engine,
            images: self.images.into_iter().collect(),
            took: Some(took),
            ..PageResult::of_plan(plan, self.steps)
        }
    }

    /// A part of the page's output block was what all commands of its snippet print: those before, whose
    /// errors it shows, are true, too. `shows` says whether the block shows a line.
    pub(super) fn excuse(&mut self, scenario: &Scenario, snippet: usize, shows: impl Fn(&String) -> bool) {
        for (step, done) in scenario.steps.iter().zip(&mut self.steps) {
            let last = done.screen.iter().rev().find(|line| !line.trim().is_empty());
            if step.snippet == Some(snippet)
                && matches!(done.verdict, Verdict::Fail(Failure::Exit { .. }) | Verdict::Drift(_))
                && last.is_some_and(&shows)
            {
                done.verdict = Verdict::Pass;
            }
        }
    }

    /// An answer that nothing asked for is a mistake of the page: the last so many were not.
    pub(super) fn report_unasked_secrets(&mut self, scenario: &Scenario, count: usize) {
        let secrets = scenario.steps.iter().zip(&mut self.steps).rev();
        for (_, done) in secrets.filter(|(step, _)| matches!(step.action, Action::Secret(_))).take(count) {
            if done.verdict == Verdict::Pass {
                done.verdict = Verdict::Error(messages::unasked());
            }
        }
    }

    /// Jobs that failed, each with the step in which the shell said so, and that the page never shows.
    pub(super) fn report_failed_jobs(&mut self, failed: Vec<(usize, String)>) {
        for (step, notice) in failed {
            if let Some(done) = self.steps.get_mut(step) {
                done.verdict = done.verdict.clone().with_remark(Remark::JobFailed(notice));
            }
        }
    }

    /// What a sandbox contained at its end; the page may have had several.
    pub(super) fn add(&mut self, engine: String, bindings: &Bindings) {
        if !engine.is_empty() {
            self.engine = engine;
        }
        let pairs = bindings.pairs();
        self.bindings
            .extend(pairs.into_iter().map(|(example, value)| (example.to_owned(), value.to_owned())));
    }
}
