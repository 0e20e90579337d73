//! Runs scenarios in sandboxes, several at a time: in go a book's scenarios and an engine, out
//! come a [`PageResult`] for each page, and its evidence.

mod evidence;
mod hint;
mod html;
mod http;
mod judge;
mod lack;
mod picture;
mod pool;
mod recording;
mod run;
mod screen;
mod verdict;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::task::JoinSet;

use crate::book::{Book, Page};
use crate::config;
use crate::markdown::Document;
use crate::matching::Elisions;
use crate::repository::Workspace;
use crate::sandbox::Host;
use crate::snippet::{Scenario, extract};
use crate::text::{Problem, Source};
pub(crate) use evidence::Vouchers;
#[cfg(any(test, fuzzing))]
pub(crate) use evidence::fuzzing;
pub use evidence::{
    Doubt, Evidence, EvidenceStep, RULES, State, Store, Stored, evidence_dir, evidence_file, recording_file,
};
pub use pool::Pool;
pub use verdict::{Failure, Finding, PageResult, Remark, StepResult, Verdict};

/// The plan of one page.
#[derive(Debug)]
pub struct Plan {
    /// The page's path in the book.
    pub page: String,
    /// The folder of the book's pages.
    pub content: PathBuf,
    /// Its text.
    pub source: Source,
    /// Its steps.
    pub scenario: Scenario,
    /// Steps of the pages that it goes on from, run first and not judged.
    pub prelude: Vec<(Source, Scenario)>,
    /// What is wrong with its fences and directives: then it is not run.
    pub problems: Vec<Problem>,
    /// What `book.toml` says of the run.
    pub settings: config::Verify,
    /// The repository's files that the run sees; none is an empty folder.
    pub workspace: Option<Workspace>,
}

/// The most pages that run at a time.
pub const MOST_JOBS: usize = 256;

/// How a book is verified.
#[derive(Debug, Clone)]
pub struct Options {
    /// How many pages run at a time, at most [`MOST_JOBS`]; 0 chooses.
    pub jobs: usize,
    /// How long one page may take in all.
    pub page_timeout: Duration,
    /// Whether evidence that is still good counts.
    pub cache: Cache,
    /// Only the pages whose path holds this.
    pub filter: Option<String>,
    /// Only one part of the pages, for when several machines share a book.
    pub shard: Shard,
    /// What happens after the first page that is not true.
    pub after_failure: AfterFailure,
    /// Whether the pictures that pages ask for are taken.
    pub pictures: Pictures,
}

impl Options {
    /// All pages, as many at a time as there is room for, and what evidence shows is believed.
    pub fn usual(page_timeout: Duration) -> Self {
        Self {
            jobs: 0,
            page_timeout,
            cache: Cache::Use,
            filter: None,
            shard: Shard::WHOLE,
            after_failure: AfterFailure::GoOn,
            pictures: Pictures::Leave,
        }
    }
}

/// A part of the pages: each `of`-th page, beginning with the `number`-th, from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shard {
    /// Which part, from 1.
    pub number: usize,
    /// How many parts there are.
    pub of: usize,
}

impl Shard {
    /// All pages.
    pub const WHOLE: Self = Self { number: 1, of: 1 };

    /// Reads `I/N`, with I from 1 to N.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let (number, of) = text.split_once('/')?;
        let shard = Self { number: number.parse().ok()?, of: of.parse().ok()? };
        (1..=shard.of).contains(&shard.number).then_some(shard)
    }

    fn has(self, page: usize) -> bool {
        page % self.of.max(1) + 1 == self.number
    }
}

/// What happens after the first page that is not true.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AfterFailure {
    /// The other pages run all the same.
    GoOn,
    /// Pages that have not begun are left out.
    Stop,
}

/// Whether the pictures that pages ask for are taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pictures {
    /// They stay as they are.
    Leave,
    /// The browser of this machine takes them anew.
    Take,
}

/// Whether evidence that is still good counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cache {
    /// It does.
    Use,
    /// Everything runs.
    Ignore,
}

/// What happens while pages run, for a progress display.
#[derive(Debug, Clone)]
pub enum Progress {
    /// A step of a page begins.
    Step(String),
    /// A step is done, with this verdict.
    StepDone(&'static str),
}

/// Makes the plans of a book's pages, those without steps included. A page that is misread has its
/// problems in its plan, and keeps no other from running.
pub fn plan(book: &Book) -> Vec<Plan> {
    let wanted =
        book.pages.iter().filter(|page| book.only.as_ref().is_none_or(|only| only.contains(&page.path)));
    wanted.map(|page| plan_page(book, page, &page.parse())).collect()
}

/// Makes the plan of a page from its parse, and says what is wrong with its fences and directives.
pub fn plan_page(book: &Book, page: &Page, document: &Document<'_>) -> Plan {
    let scenario = extract(&page.source, document, &book.config.verify);
    let mut problems = scenario.problems.clone();
    let mut prelude = Vec::new();
    let mut next = scenario.continues.clone().map(|name| (page, name));
    let mut seen = vec![page.path.clone()];
    let mut first = page;
    while let Some((from, name)) = next.take() {
        let wanted = from.path.sibling(&name);
        let found = book.pages.iter().find(|page| page.path == wanted);
        let Some(before) = found.filter(|before| !seen.contains(&before.path)) else {
            problems.push(
                Problem::new(format!(
                    "{} continues `{name}`, which is no other page of the book",
                    from.source.path.display()
                ))
                .help("name a page relative to this one, as in `<!-- haechi: continues first.md -->`"),
            );
            break;
        };
        seen.push(before.path.clone());
        first = before;
        let earlier = extract(&before.source, &before.parse(), &book.config.verify);
        next = earlier.continues.clone().map(|name| (before, name));
        prelude.insert(0, (before.source.clone(), earlier));
    }
    let workspace = if scenario.steps.is_empty() { Ok(None) } else { book.workspace(first) };
    let workspace = workspace.unwrap_or_else(|problem| {
        problems.push(problem);
        None
    });
    Plan {
        page: page.path.as_str().to_owned(),
        content: book.content.clone(),
        source: page.source.clone(),
        scenario,
        prelude,
        problems,
        settings: book.config.verify.clone(),
        workspace,
    }
}

/// What a run needs to know besides its scenario.
#[derive(Debug, Clone)]
struct Context {
    elisions: Elisions,
    /// How long a step may take.
    timeout: Duration,
    /// How long a page may take.
    page_timeout: Duration,
    bare: Vec<String>,
    pictures: Pictures,
}

/// What came of a run.
#[derive(Debug, Default)]
pub struct Run {
    /// The pages that ran or had good evidence, in the order of the book.
    pub results: Vec<PageResult>,
    /// Evidence that could not be written, page by page.
    pub unwritten: Vec<Problem>,
    /// Why the run did not come to its end: the engine does not do its part.
    pub stopped: Option<Problem>,
}

/// What all pages of a run share.
#[derive(Clone)]
struct Shared<P> {
    host: Host,
    store: Arc<Store>,
    context: Context,
    fingerprint: String,
    after_failure: AfterFailure,
    progress: P,
    pool: Pool,
}

/// What came of a page, before it is known whether its evidence could be written.
struct Done {
    result: PageResult,
    unwritten: Option<Problem>,
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
    let mut run = Run { unwritten: store.sign_from_now_on().into_iter().collect(), ..Run::default() };
    let shared = Shared {
        host: host.clone(),
        store: Arc::new(store),
        context: Context {
            elisions: Elisions::new(&settings.elisions),
            timeout: settings.timeout,
            page_timeout: options.page_timeout,
            bare: settings.bare.clone(),
            pictures: options.pictures,
        },
        fingerprint: evidence::environment_hash(&sandbox, options.page_timeout),
        after_failure: options.after_failure,
        progress: progress.clone(),
        pool: pool.clone(),
    };
    let mut tasks = Tasks::new();
    let mut results: Vec<Option<PageResult>> = Vec::new();
    for (number, plan) in plans.into_iter().enumerate() {
        let filtered = options.filter.as_ref().is_some_and(|filter| !plan.page.contains(filter));
        if filtered || !options.shard.has(number) {
            results.push(None);
            continue;
        }
        results.push(match need(plan, options, settings, &shared) {
            Need::Nothing(result) => {
                result.steps.iter().for_each(|step| progress(Progress::StepDone(step.verdict.word())));
                Some(*result)
            }
            Need::Run(page) => {
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
type Tasks = JoinSet<Result<Option<(usize, Done)>, Problem>>;

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
enum Need {
    /// It need not: this is its result.
    Nothing(Box<PageResult>),
    /// It does, with the evidence that is there.
    Run(Box<(Plan, Option<Stored>)>),
}

/// Whether a page runs: not without steps, nor where evidence stands for a run.
fn need<P>(plan: Plan, options: &Options, settings: &config::Verify, shared: &Shared<P>) -> Need {
    if plan.scenario.steps.is_empty() || !plan.problems.is_empty() {
        return Need::Nothing(Box::new(PageResult::without_a_run(plan)));
    }
    let old = shared.store.read(&plan);
    let takes = options.pictures == Pictures::Take && plan.scenario.has_pictures();
    let good = old.as_ref().filter(|old| {
        old.doubt(settings.max_age).is_none()
            && old.evidence.fingerprint == shared.fingerprint
            && old.evidence.is_good()
    });
    match good.filter(|_| options.cache == Cache::Use && !takes) {
        Some(old) => Need::Nothing(Box::new(old.evidence.result(plan))),
        None => Need::Run(Box::new((plan, old))),
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
                run.stopped.get_or_insert(Problem::new(format!("a page's run broke off: {error}")));
            }
        }
    }
}

/// Runs a page and writes its evidence; `None` if it is left out.
///
/// # Errors
/// When the engine does not answer any more.
async fn run_page<P: Fn(Progress)>(
    plan: Plan,
    old: Option<Stored>,
    shared: &Shared<P>,
) -> Result<Option<Done>, Problem> {
    let Shared { host, store, context, progress, .. } = shared;
    // Neither semaphore is ever closed.
    let (Ok(_kept), false) = (shared.pool.sandboxes.acquire().await, shared.pool.is_stopped()) else {
        return Ok(None);
    };
    let gone = || engine_gone(&plan.page);
    let sandbox = match host.sandbox(plan.workspace.as_ref()).await {
        Ok(sandbox) => sandbox,
        Err(_) if !host.answers().await => return Err(gone()),
        Err(error) => {
            let why = format!("no sandbox could be made: {error}");
            return Ok(Some(Done { result: PageResult::not_run(plan, &why), unwritten: None }));
        }
    };
    let Ok(_slot) = shared.pool.slots.acquire().await else { return Ok(None) };
    let began = Instant::now();
    let mut outcome = run::run(&plan, sandbox, host, context, progress).await;
    // A page may break its sandbox, and that is the page's own matter, unless the engine is gone.
    if outcome.is_broken() && !host.answers().await {
        return Err(gone());
    }
    for step in run::alternatives(&plan.scenario) {
        let result = match host.sandbox(plan.workspace.as_ref()).await {
            Ok(sandbox) => run::run_alternative(&plan, step, sandbox, context).await,
            Err(_) if !host.answers().await => return Err(gone()),
            Err(error) => StepResult::not_run(&format!("no sandbox could be made: {error}")),
        };
        progress(Progress::StepDone(result.verdict.word()));
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
    Ok(Some(Done { result, unwritten }))
}

fn engine_gone(page: &str) -> Problem {
    Problem::new(format!("the Docker Engine went away while {page} ran"))
        .help("start it again and run the command again: what was verified so far is kept")
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
            return PageResult::without_a_run(plan);
        }
        match store.read(&plan) {
            Some(stored) => match stored.doubt(settings.max_age) {
                None => stored.evidence.result(plan),
                Some(doubt) => PageResult::stale(plan, doubt.sentence()),
            },
            None if store.file(&plan.page).exists() => PageResult::stale(plan, "its evidence cannot be read"),
            None => PageResult::stale(plan, "it has never been verified"),
        }
    });
    results.collect()
}
