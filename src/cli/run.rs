//! A run of books: their plans and evidence, the engine, the progress.

use std::convert::Infallible;
use std::time::Duration;

use futures_util::future::try_join_all;
use indicatif::{ProgressBar, ProgressStyle};
use tokio::sync::OnceCell;

use super::arguments::SandboxArgs;
use super::engine::connect;
use super::runtime::interrupted;
use super::{Exit, print_problems, translated};
use crate::book::Book;
use crate::messages::{cli as messages, count};
use crate::sandbox::Host;
use crate::text::{Problem, printable};
use crate::verify::{self, Options, Plan, Pool, Progress, Run, Shard, Store};

/// Between two lines about a long run.
const TOLD_EVERY: Duration = Duration::from_secs(30);

/// Which pages are wanted.
#[derive(Debug, Clone, Copy)]
pub(super) struct Part<'a> {
    /// Those whose path contains this.
    pub(super) filter: Option<&'a str>,
    /// Those of this part, where several machines share a run.
    pub(super) shard: Shard,
}

impl Part<'_> {
    /// All pages.
    pub(super) const WHOLE: Self = Self { filter: None, shard: Shard::WHOLE };
}

/// Runs books in the engine that answers, or on this machine.
///
/// # Errors
/// When it cannot begin. What stops it later is in what is returned, with all that was found out before.
pub(super) fn run(
    books: &[Book],
    part: Part<'_>,
    options: &Options,
    sandbox: &SandboxArgs,
) -> Result<Run, Exit> {
    let stores = stores(books)?;
    let Work { plans, order, unclaimed } = plan(books, &stores, part)?;
    for (store, plans) in stores.iter().zip(&plans) {
        print_problems(store.warning().map(std::slice::from_ref).unwrap_or_default());
        print_problems(&verify::unwritable(store, plans));
    }
    let runtime = super::runtime().map_err(|problem| {
        print_problems(&[problem]);
        Exit::Usage
    })?;
    let outcome = runtime.block_on(async {
        let steps: usize = plans.iter().flatten().map(|plan| plan.scenario.steps.len()).sum();
        if steps == 0 {
            return Ok(from_evidence(books, &stores, plans));
        }
        let bar = progress_bar(steps);
        let shown = bar.clone();
        let progress = move |event| match event {
            Progress::Step(label) => shown.set_message(printable(&label)),
            Progress::StepDone(_) => shown.inc(1),
        };
        let host: OnceCell<Host> = OnceCell::new();
        let running = async {
            let host = host.get_or_try_init(|| connect(sandbox)).await?;
            let asked = books.iter().map(|book| book.config.verify.jobs);
            let pool = Pool::of(host, options.jobs, asked).await;
            let each = books.iter().zip(stores).zip(plans).map(|((book, store), plans)| {
                verify::verify(store, &book.config.verify, plans, host, options, &pool, &progress)
            });
            try_join_all(each).await
        };
        let ended = tokio::select! {
            runs = running => runs.map_err(no_engine),
            () = interrupted() => Err(Exit::Interrupted),
            never = tell_progress(&bar) => match never {},
        };
        if let (Err(_), Some(host)) = (&ended, host.get()) {
            host.remove_own().await;
        }
        bar.finish_and_clear();
        Ok(merge(ended?))
    });
    let outcome = outcome.map(|mut run: Run| {
        run.unclaimed = unclaimed;
        Run { order, ..run }
    });
    runtime.shutdown_timeout(Duration::from_secs(1));
    outcome
}

/// What came of the books of a run.
fn merge(runs: Vec<Run>) -> Run {
    runs.into_iter().fold(Run::default(), |mut all, run| {
        all.results.extend(run.results);
        all.unwritten.extend(run.unwritten);
        all.unclaimed.extend(run.unclaimed);
        all.stopped = all.stopped.or(run.stopped);
        all
    })
}

/// What is to be done for books.
struct Work {
    /// The plans of the pages that are wanted, by book.
    plans: Vec<Vec<Plan>>,
    /// The files of all pages that other machines have a part of, too.
    order: Vec<String>,
    /// The evidence that no run is compared with.
    unclaimed: Vec<Problem>,
}

/// Plans the pages that are wanted.
fn plan(books: &[Book], stores: &[Store], part: Part<'_>) -> Result<Work, Exit> {
    let mut plans: Vec<Vec<Plan>> = books.iter().map(verify::plan).collect();
    // Of single pages nothing is said about others.
    let whole = books.iter().zip(stores).zip(&plans).filter(|((book, _), _)| book.only.is_none());
    let unclaimed = whole.flat_map(|((_, store), plans)| store.unclaimed(plans)).collect();
    let matches = |plan: &Plan| part.filter.is_none_or(|filter| plan.page.contains(filter));
    plans.iter_mut().for_each(|plans| plans.retain(matches));
    if let Some(filter) = part.filter.filter(|_| plans.iter().all(Vec::is_empty)) {
        let problem = Problem::new(messages::nothing_matches(filter));
        print_problems(&[problem.help(messages::nothing_matches_help())]);
        return Err(Exit::Usage);
    }
    let file = |plan: &Plan| plan.source.path.display().to_string();
    let order = plans.iter().flatten().filter(|plan| plan.has_something()).map(file).collect();
    let stored: Vec<_> = stores.iter().zip(&plans).map(|(store, plans)| (store, &plans[..])).collect();
    let chosen = part.shard.choose(&stored);
    for (plans, chosen) in plans.iter_mut().zip(chosen) {
        let mut chosen = chosen.into_iter();
        plans.retain(|_| chosen.next().unwrap_or(true));
    }
    Ok(Work { plans, order, unclaimed })
}

/// The evidence of each book, and who vouches for it.
fn stores(books: &[Book]) -> Result<Vec<Store>, Exit> {
    let opened = books.iter().map(|book| Store::open(&book.root, &book.trusted_refs));
    opened.collect::<Result<_, _>>().map_err(|problem| {
        print_problems(&[problem]);
        Exit::Usage
    })
}

/// What the evidence of books says, with nothing run.
pub(super) fn offline(books: &[Book], part: Part<'_>) -> Result<Run, Exit> {
    let stores = stores(books)?;
    print_problems(&stores.iter().filter_map(Store::warning).cloned().collect::<Vec<_>>());
    let Work { plans, order, unclaimed } = plan(books, &stores, part)?;
    let run = from_evidence(books, &stores, plans);
    Ok(Run { order, unclaimed, ..run })
}

/// What the evidence alone says.
fn from_evidence(books: &[Book], stores: &[Store], plans: Vec<Vec<Plan>>) -> Run {
    let each = books.iter().zip(stores).zip(plans);
    let results =
        each.flat_map(|((book, store), plans)| verify::verify_offline(store, &book.config.verify, plans));
    Run { results: results.collect(), ..Run::default() }
}

fn no_engine(problem: Problem) -> Exit {
    print_problems(&[problem]);
    Exit::NoEngine
}

/// Says now and then how far a long run is where no bar shows it, as in the log of a CI.
async fn tell_progress(bar: &ProgressBar) -> Infallible {
    loop {
        tokio::time::sleep(TOLD_EVERY).await;
        if bar.is_hidden() {
            let steps = count::steps(usize::try_from(bar.length().unwrap_or_default()).unwrap_or_default());
            eprintln!("{}", translated(&messages::progress(bar.position(), steps, bar.elapsed().as_secs())));
        }
    }
}

fn progress_bar(steps: usize) -> ProgressBar {
    let bar = ProgressBar::new(steps as u64);
    if let Ok(style) = ProgressStyle::with_template("{spinner} {pos}/{len} {elapsed} {wide_msg}") {
        bar.set_style(style);
    }
    bar.enable_steady_tick(Duration::from_millis(120));
    bar
}
