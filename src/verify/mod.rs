//! Runs scenarios in sandboxes, several at a time: in go a book's scenarios and an engine, out
//! come a [`PageResult`] for each page, and its evidence.

mod evidence;
mod judge;
mod picture;
mod pool;
mod recording;
mod run;
mod verdict;

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use tokio::task::JoinSet;

use crate::book::{Book, Page};
use crate::config;
use crate::diagnostic::{Problem, Source};
use crate::markdown::Document;
use crate::matching::Elisions;
use crate::repository::Workspace;
use crate::sandbox::Host;
use crate::snippet::{Scenario, extract};
pub use evidence::{Evidence, EvidenceStep, State, evidence_file, recording_file};
pub use pool::Pool;
pub use verdict::{Failure, PageResult, Remark, StepResult, Verdict};

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
    /// The lines that the book adds to those that stand for any number of lines.
    pub elisions: Vec<String>,
    /// The files that it finds in its sandbox; none is an empty folder.
    pub workspace: Option<Workspace>,
}

/// How a book is verified.
#[derive(Debug, Clone)]
pub struct Options {
    /// How many pages run at a time; 0 chooses.
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

/// Makes the plans of a book's pages, those without steps included.
///
/// # Errors
/// Every problem with a fence or a directive, since a page that is misread must not pass.
pub fn plan(book: &Book) -> Result<Vec<Plan>, Vec<Problem>> {
    let (plans, problems) = plan_with_problems(book);
    if problems.is_empty() { Ok(plans) } else { Err(problems) }
}

/// Makes the plans of a book's pages, and says what is wrong with their fences and directives.
fn plan_with_problems(book: &Book) -> (Vec<Plan>, Vec<Problem>) {
    let wanted =
        book.pages.iter().filter(|page| book.only.as_ref().is_none_or(|only| only.contains(&page.path)));
    let mut plans = Vec::new();
    let mut problems = Vec::new();
    for page in wanted {
        let (plan, found) = plan_page(book, page, &page.parse());
        plans.push(plan);
        problems.extend(found);
    }
    (plans, problems)
}

/// Makes the plan of a page from its parse, and says what is wrong with its fences and directives.
pub fn plan_page(book: &Book, page: &Page, document: &Document<'_>) -> (Plan, Vec<Problem>) {
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
    let plan = Plan {
        page: page.path.as_str().to_owned(),
        content: book.content.clone(),
        source: page.source.clone(),
        scenario,
        prelude,
        elisions: book.config.verify.elisions.clone(),
        workspace,
    };
    (plan, problems)
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

/// What ends a run before its end.
#[derive(Debug)]
pub enum Stop {
    /// The engine does not do its part.
    Engine(Problem),
    /// Evidence cannot be written.
    File(Problem),
}

impl From<crate::sandbox::Error> for Stop {
    fn from(error: crate::sandbox::Error) -> Self {
        Self::Engine(error.into())
    }
}

/// Runs the plans and writes their evidence below `root`.
///
/// # Errors
/// When the engine fails or evidence cannot be written. What is false on a page is in its result.
pub async fn verify(
    root: &Path,
    settings: &config::Verify,
    plans: Vec<Plan>,
    host: &Host,
    options: &Options,
    pool: &Pool,
    progress: &(impl Fn(Progress) + Clone + Send + Sync + 'static),
) -> Result<Vec<PageResult>, Stop> {
    let context = Context {
        elisions: Elisions::new(&settings.elisions),
        timeout: settings.timeout,
        page_timeout: options.page_timeout,
        bare: settings.bare.clone(),
        pictures: options.pictures,
    };
    let fingerprint = host.fingerprint().await;
    crate::files::sweep(&std::env::temp_dir());
    for plan in &plans {
        crate::files::sweep(evidence_file(root, &plan.page).parent().unwrap_or(root));
    }
    let mut tasks: JoinSet<Result<(usize, Option<PageResult>), Stop>> = JoinSet::new();
    let mut results: Vec<Option<PageResult>> = Vec::new();
    for (number, plan) in plans.into_iter().enumerate() {
        results.push(None);
        let filtered = options.filter.as_ref().is_some_and(|filter| !plan.page.contains(filter));
        if filtered || !options.shard.has(number) {
            continue;
        }
        if plan.scenario.steps.is_empty() {
            results[number] = Some(PageResult::empty(plan));
            continue;
        }
        let file = evidence_file(root, &plan.page);
        let old = Evidence::read(&file);
        let takes = options.pictures == Pictures::Take && plan.scenario.has_pictures();
        if options.cache == Cache::Use
            && !takes
            && let Some(old) =
                old.as_ref().filter(|old| old.holds(&plan, Some(&fingerprint), settings.max_age))
        {
            let result = old.result(plan);
            result.steps.iter().for_each(|step| progress(Progress::StepDone(step.verdict.word())));
            results[number] = Some(result);
            continue;
        }
        let (pool, after_failure) = (pool.clone(), options.after_failure);
        let (host, context, progress) = (host.clone(), context.clone(), progress.clone());
        let fingerprint = fingerprint.clone();
        tasks.spawn(async move {
            let closed = |_| Stop::Engine(Problem::new("the run was stopped"));
            let _kept = pool.sandboxes.acquire().await.map_err(closed)?;
            if pool.is_stopped() {
                return Ok((number, None));
            }
            let sandbox = host.sandbox(plan.workspace.as_ref()).await?;
            let _slot = pool.slots.acquire().await.map_err(closed)?;
            let began = Instant::now();
            let mut outcome = run::run(&plan, &sandbox, &context, &progress).await;
            sandbox.remove().await;
            // A page may break its sandbox, and that is the page's own matter, unless the engine is gone.
            if outcome.is_broken() && !host.answers().await {
                let said = Problem::new(format!("the Docker Engine went away while {} ran", plan.page));
                return Err(Stop::Engine(
                    said.help("start it again and run the command again: what was verified so far is kept"),
                ));
            }
            for step in run::alternatives(&plan.scenario) {
                let sandbox = host.sandbox(plan.workspace.as_ref()).await?;
                let result = run::run_alternative(&plan, step, &sandbox, &context).await;
                sandbox.remove().await;
                progress(Progress::StepDone(result.verdict.word()));
                outcome.set(step, result);
            }
            let result = outcome.into_result(plan, began.elapsed());
            let evidence = Evidence::of(&result, &fingerprint);
            let recorded = recording_file(&file);
            // Like the screens, the recording of before stays where nothing has changed.
            let same = old.as_ref().is_some_and(|old| old.says_the_same(&evidence)) && recorded.exists();
            if let Some(text) = recording::recording(&result, evidence.verified.as_second()).filter(|_| !same)
            {
                evidence::write_whole(&recorded, &text).map_err(Stop::File)?;
            }
            evidence.write(&file, old.as_ref()).map_err(Stop::File)?;
            if after_failure == AfterFailure::Stop && !result.is_good() {
                pool.stop();
            }
            Ok((number, Some(result)))
        });
    }
    while let Some(done) = tasks.join_next().await {
        let (number, result) =
            done.map_err(|error| Stop::Engine(Problem::new(format!("a page's run broke off: {error}"))))??;
        results[number] = result;
    }
    Ok(results.into_iter().flatten().collect())
}

/// Whether each page's evidence still belongs to its text, without running anything.
pub fn verify_offline(root: &Path, settings: &config::Verify, plans: Vec<Plan>) -> Vec<PageResult> {
    let results = plans.into_iter().map(|plan| {
        if plan.scenario.steps.is_empty() {
            return PageResult::empty(plan);
        }
        match Evidence::read(&evidence_file(root, &plan.page)) {
            Some(evidence) if evidence.belongs(&plan) && evidence.is_fresh(settings.max_age) => {
                evidence.result(plan)
            }
            Some(evidence) if evidence.belongs(&plan) => {
                PageResult::stale(plan, "its evidence is older than max-age")
            }
            Some(_) => PageResult::stale(plan, "the text has changed since it was verified"),
            None => PageResult::stale(plan, "it has never been verified"),
        }
    });
    results.collect()
}

/// The folder of the evidence.
pub fn evidence_dir(root: &Path) -> PathBuf {
    root.join("evidence")
}
