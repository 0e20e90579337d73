//! Which pages of a book run, and their runs, several at a time.

use std::path::Path;
use std::sync::Arc;

use tokio::task::JoinSet;

use super::evidence::{Store, Stored};
use super::key::environment_hash;
use super::options::{Cache, Options, Pictures};
use super::page::{PageRun, Shared, run_page};
use super::plan::Plan;
use super::pool::Pool;
use super::progress::Progress;
use super::result::PageResult;
use super::run::RunContext;
use crate::config;
use crate::matching::Elisions;
use crate::messages::{evidence, verify as messages};
use crate::sandbox::Host;
use crate::text::Problem;

/// What came of a run.
#[derive(Debug, Default)]
pub struct Run {
    /// The pages that ran or had good evidence, in the order of the book.
    pub results: Vec<PageResult>,
    /// The files of all pages of which there is something to report, also of those that other machines
    /// run, in the order of the book.
    pub order: Vec<String>,
    /// Evidence that could not be written, page by page.
    pub unwritten: Vec<Problem>,
    /// Evidence that is new against the trusted commit, and that no page's run is compared with.
    pub unclaimed: Vec<Problem>,
    /// Why the run did not come to its end: the engine does not do its part.
    pub stopped: Option<Problem>,
}

/// Runs the plans and writes their evidence. Evidence that cannot be written is said by [`unwritable`]
/// before, and by the outcome after; the pages run all the same.
///
/// # Errors
/// When the engine fails before anything ran. What is false on a page is in its result.
pub async fn verify(
    mut store: Store,
    settings: &config::Verify,
    plans: Vec<Plan>,
    host: &Host,
    options: &Options,
    pool: &Pool,
    progress: &(impl Fn(Progress) + Clone + Send + Sync + 'static),
) -> Result<Run, Problem> {
    let sandbox = host.fingerprint().await?;
    sweep(&store, &plans);
    let mut run = Run { unwritten: store.enable_signing().into_iter().collect(), ..Run::default() };
    let page_timeout = options.page_timeout.saturating_mul(options.timeout_multiplier);
    let shared = Shared {
        host: host.clone(),
        store: Arc::new(store),
        context: RunContext {
            elisions: Elisions::new(&settings.elisions),
            timeout: settings.timeout.saturating_mul(options.timeout_multiplier),
            page_timeout,
            timeout_multiplier: options.timeout_multiplier,
            bare: settings.bare.clone(),
            pictures: options.pictures,
        },
        fingerprint: environment_hash(&sandbox, options.page_timeout, options.timeout_multiplier),
        after_failure: options.after_failure,
        progress: progress.clone(),
        pool: pool.clone(),
    };
    let mut tasks = Tasks::new();
    let mut results: Vec<Option<PageResult>> = Vec::new();
    for (number, plan) in plans.into_iter().enumerate() {
        results.push(match decide(plan, options, settings, &shared) {
            Decision::Reuse(result) => {
                result.steps.iter().for_each(|step| progress(Progress::StepDone(step.verdict.kind().name())));
                Some(*result)
            }
            Decision::Run(page) => {
                let (plan, old) = *page;
                let shared = shared.clone();
                tasks
                    .spawn(async move { Ok(run_page(plan, old, &shared).await?.map(|done| (number, done))) });
                None
            }
        });
    }
    gather(tasks, pool, &mut results, &mut run).await;
    run.results = results.into_iter().flatten().collect();
    Ok(run)
}

/// The pages that run; each is done with the number that it has among the plans.
type Tasks = JoinSet<Result<Option<(usize, PageRun)>, Problem>>;

/// Removes what runs that were killed left of their temporary files.
fn sweep(store: &Store, plans: &[Plan]) {
    crate::files::sweep(&std::env::temp_dir());
    for plan in plans {
        if let Some(folder) = store.file(&plan.page).parent() {
            crate::files::sweep(folder);
        }
    }
}

/// Whether a page runs.
enum Decision {
    /// It need not: this is its result.
    Reuse(Box<PageResult>),
    /// It does, with the evidence that is there.
    Run(Box<(Plan, Option<Stored>)>),
}

/// Whether a page runs: not without steps, nor where evidence stands for a run.
fn decide<P>(plan: Plan, options: &Options, settings: &config::Verify, shared: &Shared<P>) -> Decision {
    if plan.scenario.steps.is_empty() || !plan.problems.is_empty() {
        return Decision::Reuse(Box::new(PageResult::without_run(plan)));
    }
    let old = shared.store.read(&plan);
    let takes = options.pictures == Pictures::Take && plan.scenario.has_pictures();
    let good = old.as_ref().filter(|old| {
        old.stale_reason(settings.max_age).is_none()
            && old.evidence.fingerprint == shared.fingerprint
            && old.evidence.is_good()
    });
    match good.filter(|_| options.cache == Cache::Use && !takes) {
        Some(old) => Decision::Reuse(Box::new(old.evidence.result(plan))),
        None => Decision::Run(Box::new((plan, old))),
    }
}

/// Waits for the pages. One that goes wrong ends neither the others nor their sandboxes.
async fn gather(mut tasks: Tasks, pool: &Pool, results: &mut [Option<PageResult>], run: &mut Run) {
    while let Some(done) = tasks.join_next().await {
        match done {
            Ok(Ok(Some((number, done)))) => {
                run.unwritten.extend(done.unwritten);
                results[number] = Some(done.result);
            }
            Ok(Ok(None)) => {}
            Ok(Err(problem)) => {
                pool.stop();
                run.stopped.get_or_insert(problem);
            }
            Err(error) => {
                let problem = Problem::new(messages::broke_off(error)).help(messages::broke_off_help());
                run.stopped.get_or_insert(problem);
            }
        }
    }
}

/// Why evidence cannot be written, said before anything runs: a problem for each folder.
pub fn unwritable(store: &Store, plans: &[Plan]) -> Vec<Problem> {
    let mut seen = std::collections::BTreeSet::new();
    let pages = plans.iter().filter(|plan| !plan.scenario.steps.is_empty());
    pages
        .filter(|plan| seen.insert(store.file(&plan.page).parent().map(Path::to_owned)))
        .filter_map(|plan| store.refusal(&plan.page))
        .collect()
}

/// Whether each page's evidence still stands for a run, without running anything.
pub fn verify_offline(store: &Store, settings: &config::Verify, plans: Vec<Plan>) -> Vec<PageResult> {
    let results = plans.into_iter().map(|plan| {
        if plan.scenario.steps.is_empty() || !plan.problems.is_empty() {
            return PageResult::without_run(plan);
        }
        match store.read(&plan) {
            Some(stored) => match stored.stale_reason(settings.max_age) {
                None => stored.evidence.result(plan),
                Some(reason) => PageResult::stale(plan, &reason.sentence()),
            },
            None if store.file(&plan.page).exists() => PageResult::stale(plan, &evidence::unreadable()),
            None => PageResult::stale(plan, &evidence::never_verified()),
        }
    });
    results.collect()
}
