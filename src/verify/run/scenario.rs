//! A plan is run in a sandbox: its steps, or one of its alternatives.

use super::context::RunContext;
use super::deadline::Deadline;
use super::outcome::Outcome;
use super::runner::Runner;
use crate::messages::verify as messages;
use crate::sandbox::{Host, Sandbox};
use crate::snippet::{Action, Scenario, Step};
use crate::verify::plan::Plan;
use crate::verify::progress::Progress;
use crate::verify::result::StepResult;
use crate::verify::verdict::Verdict;

/// The alternatives that the run of a page leaves out: all but the first of each block.
pub(in crate::verify) fn alternatives(scenario: &Scenario) -> Vec<usize> {
    let other = |step: &Step| {
        let skipped = step.snippet.is_some_and(|snippet| scenario.snippets[snippet].skip.is_some());
        !skipped && step.conditions.alternative.is_some_and(|number| number > 0)
    };
    (0..scenario.steps.len()).filter(|&at| other(&scenario.steps[at])).collect()
}

/// Runs a plan's prelude and its own steps, of alternatives the first, and removes the sandbox. What
/// goes wrong with it is said of the steps that it keeps from running.
pub(in crate::verify) async fn run(
    plan: &Plan,
    sandbox: Sandbox,
    host: &Host,
    context: &RunContext,
    deadline: &Deadline,
    progress: &impl Fn(Progress),
) -> Outcome {
    let mut outcome = Outcome::default();
    let mut runner = Runner::new(sandbox, context, plan);
    let mut broken = deadline.limit(runner.prelude(plan)).await.err();
    // What the pages before have to say of their jobs is theirs.
    runner.notices.clear();
    for step in &plan.scenario.steps {
        let label = step.label();
        if step.conditions.alternative.is_some_and(|number| number > 0) {
            outcome.steps.push(StepResult::new(&label, Verdict::Skipped(messages::other_alternative())));
            continue;
        }
        progress(Progress::Step(format!("{}  {}", plan.page, label.lines().next().unwrap_or_default())));
        let done = if step.action == Action::Fresh {
            match deadline.limit(host.sandbox(plan.workspace.as_ref())).await {
                Ok(sandbox) => {
                    let before = std::mem::replace(&mut runner, Runner::new(sandbox, context, plan));
                    before.end(deadline, &mut outcome).await;
                    broken = None;
                    Ok(StepResult::new(&label, Verdict::Pass))
                }
                Err(why) => Err(why),
            }
        } else {
            match &broken {
                None => deadline.limit(runner.step_or_skip(&plan.source, &plan.scenario, step)).await,
                Some(why) => Err(messages::not_run(why)),
            }
        };
        runner.note_failed_jobs(outcome.steps.len());
        outcome.steps.push(match done {
            Ok(done) => done,
            Err(why) => {
                broken.get_or_insert_with(|| why.clone());
                StepResult::new(&label, Verdict::Error(why))
            }
        });
        if let Some(snippet) = runner.whole.take() {
            outcome.excuse(&plan.scenario, snippet, |line| runner.shows(step, line));
        }
        progress(Progress::StepDone(outcome.steps.last().map_or("", |step| step.verdict.kind().name())));
    }
    let unasked = runner.secrets.len();
    runner.end(deadline, &mut outcome).await;
    outcome.report_unasked_secrets(&plan.scenario, unasked);
    outcome
}

/// Runs a plan up to one of its alternatives, and that one in place of the first; removes the sandbox.
pub(in crate::verify) async fn run_alternative(
    plan: &Plan,
    chosen: usize,
    sandbox: Sandbox,
    context: &RunContext,
    deadline: &Deadline,
    outcome: &mut Outcome,
) -> StepResult {
    let group = plan.scenario.steps[chosen].snippet;
    let mut runner = Runner::new(sandbox, context, plan);
    let done = deadline.limit(async {
        runner.prelude(plan).await?;
        let begin = plan.scenario.steps[..chosen].iter().rposition(|step| step.action == Action::Fresh);
        for step in &plan.scenario.steps[begin.unwrap_or(0)..chosen] {
            let elsewhere =
                step.conditions.alternative.is_some_and(|number| number > 0 || step.snippet == group);
            if !elsewhere && step.action != Action::Fresh {
                runner.step_or_skip(&plan.source, &plan.scenario, step).await?;
            }
        }
        runner.step_or_skip(&plan.source, &plan.scenario, &plan.scenario.steps[chosen]).await
    });
    let done = done.await;
    outcome.add_images(runner.sandbox.images().await);
    runner.shells.clear();
    runner.sandbox.remove().await;
    match done {
        Ok(done) => done,
        Err(why) => StepResult::new(plan.scenario.steps[chosen].label(), Verdict::Error(why)),
    }
}
