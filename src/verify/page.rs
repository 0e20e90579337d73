//! The run of one page, from its sandbox to its evidence.

use std::sync::Arc;
use std::time::Instant;

use super::evidence::{Evidence, Store, Stored};
use super::options::AfterFailure;
use super::plan::Plan;
use super::pool::Pool;
use super::progress::Progress;
use super::recording;
use super::result::{Finding, PageResult, StepResult};
use super::run::{self, RunContext};
use crate::messages::{engine, verify as messages};
use crate::sandbox::Host;
use crate::text::Problem;

/// What all pages of a run share.
#[derive(Clone)]
pub(super) struct Shared<P> {
    pub(super) host: Host,
    pub(super) store: Arc<Store>,
    pub(super) context: RunContext,
    pub(super) fingerprint: String,
    pub(super) after_failure: AfterFailure,
    pub(super) progress: P,
    pub(super) pool: Pool,
}

/// What came of a page, before it is known whether its evidence could be written.
pub(super) struct PageRun {
    pub(super) result: PageResult,
    pub(super) unwritten: Option<Problem>,
}

/// Runs a page and writes its evidence; `None` if it is left out.
///
/// # Errors
/// When the engine does not answer any more.
pub(super) async fn run_page<P: Fn(Progress)>(
    plan: Plan,
    old: Option<Stored>,
    shared: &Shared<P>,
) -> Result<Option<PageRun>, Problem> {
    let Shared { host, store, context, progress, .. } = shared;
    // Neither semaphore is ever closed.
    let (Ok(_kept), false) = (shared.pool.sandboxes.acquire().await, shared.pool.is_stopped()) else {
        return Ok(None);
    };
    let gone = || engine_gone(&plan.page);
    let sandbox = match host.sandbox(plan.workspace.as_ref()).await {
        Ok(sandbox) => sandbox,
        Err(_) if !host.is_reachable().await => return Err(gone()),
        Err(error) => {
            let why = messages::no_sandbox(error.message(), error.help());
            return Ok(Some(PageRun { result: PageResult::not_run(plan, &why), unwritten: None }));
        }
    };
    let Ok(_slot) = shared.pool.slots.acquire().await else { return Ok(None) };
    let began = Instant::now();
    let deadline = run::Deadline::new(context);
    let mut outcome = run::run(&plan, sandbox, host, context, &deadline, progress).await;
    // A page may break its sandbox, and that is the page's own matter, unless the engine is gone.
    if outcome.is_broken() && !host.is_reachable().await {
        return Err(gone());
    }
    for step in run::alternatives(&plan.scenario) {
        let result = match host.sandbox(plan.workspace.as_ref()).await {
            Ok(sandbox) => run::run_alternative(&plan, step, sandbox, context, &deadline, &mut outcome).await,
            Err(_) if !host.is_reachable().await => return Err(gone()),
            Err(error) => StepResult::not_run(messages::no_sandbox(error.message(), error.help())),
        };
        progress(Progress::StepDone(result.verdict.kind().name()));
        outcome.set(step, result);
    }
    let mut result = outcome.into_result(plan, began.elapsed());
    let new = Evidence::of(&result, &shared.fingerprint);
    result.finding = old.as_ref().and_then(|old| old.contradiction(&new)).map(Finding::Contradicted);
    let recording = recording::recording(&result, new.verified.as_second());
    let unwritten = store.write(new, recording.as_deref(), old.as_ref()).err();
    if shared.after_failure == AfterFailure::Stop && !result.is_good() {
        shared.pool.stop();
    }
    Ok(Some(PageRun { result, unwritten }))
}

fn engine_gone(page: &str) -> Problem {
    Problem::new(engine::went_away(page)).help(engine::went_away_help())
}
