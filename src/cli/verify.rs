//! `haechi verify`

use std::collections::BTreeMap;
use std::hash::{BuildHasher, Hasher};
use std::path::Path;
use std::time::Duration;

use futures_util::future::try_join_all;
use indicatif::{ProgressBar, ProgressStyle};
use tokio::sync::OnceCell;

use super::arguments::{EngineKind, Output, Place, ReportKind, Verify};
use super::{Exit, complain, load_targets};
use crate::book::Book;
use crate::config::Drift;
use crate::report::{Language, Report, annotations, failures, junit, markdown, overview, printable, sarif};
use crate::sandbox::{Engine, Host, Setup};
use crate::text::Problem;
use crate::verify::{
    self, AfterFailure, Cache, Options, PageResult, Pictures, Plan, Pool, Progress, Run, Shard, Store,
    Verdict,
};

/// Runs the snippets, reports, and says how it went.
pub(super) fn verify(arguments: &Verify) -> Exit {
    match load_targets(&arguments.paths, &arguments.place) {
        Ok(mut books) => {
            books.iter_mut().for_each(|book| book.trusted_refs.clone_from(&arguments.evidence.refs));
            verify_books(&books, arguments)
        }
        Err(exit) => exit,
    }
}

/// Does so with books that are loaded.
pub(super) fn verify_books(books: &[Book], arguments: &Verify) -> Exit {
    let options = Options {
        jobs: arguments.jobs.unwrap_or(0),
        page_timeout: arguments.place.page_timeout,
        cache: if arguments.no_cache || arguments.repeat.is_some() { Cache::Ignore } else { Cache::Use },
        filter: arguments.filter.clone(),
        shard: arguments.shard.unwrap_or(Shard::WHOLE),
        after_failure: if arguments.fail_fast { AfterFailure::Stop } else { AfterFailure::GoOn },
        pictures: if arguments.pictures { Pictures::Take } else { Pictures::Leave },
    };
    let outcome = if arguments.offline {
        offline(books, options.filter.as_deref())
    } else {
        trusted(&arguments.place).and_then(|()| match arguments.repeat {
            Some(times) => repeat(books, &options, &arguments.place, times),
            None => run(books, &options, &arguments.place),
        })
    };
    let Run { results, unwritten, stopped } = match outcome {
        Ok(run) => run,
        Err(exit) => return exit,
    };
    let strict = books.iter().any(|book| book.config.verify.drift == Drift::Fail);
    let drifted = |page: &PageResult| page.steps.iter().any(|step| matches!(step.verdict, Verdict::Drift(_)));
    let good = results.iter().all(|page| page.is_good() && !(strict && drifted(page)));
    let language = Language::of_environment();
    if !arguments.output.json && arguments.repeat.is_none() {
        show_failures(&results, language);
    }
    let exit = finish(&Report::of(&results, good && stopped.is_none(), options.shard), &arguments.output);
    complain(&unwritten);
    match stopped {
        Some(problem) => {
            complain(&[problem]);
            Exit::NoEngine
        }
        None if exit == Exit::Good && !unwritten.iter().all(Problem::is_warning) => Exit::Usage,
        None => exit,
    }
}

/// Prints what is wrong. On GitHub nothing that a page prints is taken for a command to the runner.
fn show_failures(results: &[PageResult], language: Language) {
    // A word that no page can guess: the standard library takes its hash keys from random numbers.
    let number = || std::hash::RandomState::new().build_hasher().finish();
    let guard = on_github().then(|| format!("{:016x}{:016x}", number(), number()));
    if let Some(guard) = &guard {
        eprintln!("::stop-commands::{guard}");
    }
    for page in results {
        eprint!("{}", failures(page, language));
    }
    eprint!("{}", overview(results, language));
    if let Some(guard) = &guard {
        eprintln!("::{guard}::");
    }
}

fn on_github() -> bool {
    std::env::var_os("GITHUB_ACTIONS").is_some()
}

/// Writes the reports asked for and the closing lines, and says how the run went.
pub(super) fn finish(report: &Report, output: &Output) -> Exit {
    let language = Language::of_environment();
    let mut wanted: Vec<(ReportKind, &Path)> =
        output.report.iter().map(|(kind, file)| (*kind, file.as_path())).collect();
    let summary_file = std::env::var_os("GITHUB_STEP_SUMMARY").filter(|_| on_github());
    if let Some(file) = &summary_file {
        wanted.push((ReportKind::Markdown, Path::new(file)));
    }
    for (kind, file) in wanted {
        if let Err(problem) = write_report(kind, file, report, language) {
            complain(&[problem]);
            return Exit::Usage;
        }
    }
    if output.json {
        tell!("{}", report.json());
    } else {
        if on_github() {
            tell!("{}", annotations(report));
        }
        say!("{}", report.summary.text(language));
    }
    let coverage = report.summary.coverage();
    if let Some(wanted) = output.min_coverage.filter(|&wanted| coverage < wanted) {
        let said =
            format!("{coverage} % of the commands shown were run, fewer than the {wanted} % asked for");
        complain(&[Problem::new(said).help("the skipped blocks above are the ones left out")]);
        return Exit::Findings;
    }
    if report.good { Exit::Good } else { Exit::Findings }
}

/// Runs everything several times; prints the steps that do not come out the same each time, and
/// returns the results of the first run that has something false, or of the last.
fn repeat(books: &[Book], options: &Options, place: &Place, times: u32) -> Result<Run, Exit> {
    let mut verdicts: BTreeMap<(String, usize), BTreeMap<&'static str, u32>> = BTreeMap::new();
    let mut kept: Option<Run> = None;
    for number in 1..=times {
        let run = run(books, options, place)?;
        let results = &run.results;
        for page in results {
            for (step, done) in page.steps.iter().enumerate() {
                *verdicts
                    .entry((page.page.clone(), step))
                    .or_default()
                    .entry(done.verdict.word())
                    .or_default() += 1;
            }
        }
        let report = Report::of(results, true, options.shard);
        // Each run tells of itself: it may be the last one that somebody waits for.
        show_failures(results, Language::of_environment());
        say!("{number}/{times}: {}", report.summary.text(Language::of_environment()).replace('\n', "; "));
        let stopped = run.stopped.is_some();
        if stopped || kept.as_ref().is_none_or(|kept| kept.results.iter().all(PageResult::is_good)) {
            kept = Some(run);
        }
        if stopped {
            break;
        }
    }
    let flaky: Vec<_> = verdicts.iter().filter(|(_, words)| words.len() > 1).collect();
    say!("{} of {} steps did not come out the same each time", flaky.len(), verdicts.len());
    for ((page, step), words) in flaky {
        let told: Vec<String> = words.iter().map(|(word, count)| format!("{count} {word}")).collect();
        say!("  {}, step {}: {}", printable(page), step + 1, told.join(", "));
    }
    Ok(kept.unwrap_or_default())
}

/// This machine is lent to pages only by somebody at the command line.
pub(super) fn trusted(place: &Place) -> Result<(), Exit> {
    if place.engine == EngineKind::Docker || place.trust {
        return Ok(());
    }
    complain(&[Problem::new("--engine local runs the pages' commands on this machine, with no isolation")
        .help("read the pages, and add --trust if you would type these commands yourself")]);
    Err(Exit::Usage)
}

/// Runs books in the engine that answers, or on this machine.
///
/// # Errors
/// When it cannot begin. What stops it later is in what is returned, with all that was found out before.
pub(super) fn run(books: &[Book], options: &Options, place: &Place) -> Result<Run, Exit> {
    let plans = plans(books, options.filter.as_deref())?;
    let stores = stores(books)?;
    for (store, plans) in stores.iter().zip(&plans) {
        complain(store.warning().map(std::slice::from_ref).unwrap_or_default());
        complain(&verify::unwritable(store, plans));
    }
    let runtime = super::runtime().map_err(|problem| {
        complain(&[problem]);
        Exit::Usage
    })?;
    let outcome = runtime.block_on(async {
        let steps: usize = plans.iter().flatten().map(|plan| plan.scenario.steps.len()).sum();
        if steps == 0 {
            return Ok(without_a_run(books, &stores, plans));
        }
        let bar = progress_bar(steps);
        let shown = bar.clone();
        let progress = move |event| match event {
            Progress::Step(label) => shown.set_message(printable(&label)),
            Progress::StepDone(_) => shown.inc(1),
        };
        let host: OnceCell<Host> = OnceCell::new();
        let running = async {
            let host = host.get_or_try_init(|| connect(place)).await?;
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
        };
        if let (Err(_), Some(host)) = (&ended, host.get()) {
            host.remove_own().await;
        }
        bar.finish_and_clear();
        Ok(together(ended?))
    });
    runtime.shutdown_timeout(Duration::from_secs(1));
    outcome
}

/// What came of the books of a run.
fn together(runs: Vec<Run>) -> Run {
    runs.into_iter().fold(Run::default(), |mut all, run| {
        all.results.extend(run.results);
        all.unwritten.extend(run.unwritten);
        all.stopped = all.stopped.or(run.stopped);
        all
    })
}

pub(super) async fn connect(place: &Place) -> Result<Host, Problem> {
    let setup = match place.engine {
        EngineKind::Local => return Ok(Host::Local),
        EngineKind::Docker => Setup {
            image: place.sandbox_image.clone(),
            memory: place.memory,
            disk: place.disk,
            runtime: place.runtime.clone(),
            own_socket: OWN_SOCKET.into(),
        },
    };
    Ok(Host::Engine(Engine::connect(setup).await?))
}

/// Where `make engine` has its own engine listen.
const OWN_SOCKET: &str = "unix:///run/haechi/docker.sock";

fn plans(books: &[Book], filter: Option<&str>) -> Result<Vec<Vec<Plan>>, Exit> {
    let plans: Vec<Vec<Plan>> = books.iter().map(verify::plan).collect();
    let matches = |filter: &str| plans.iter().flatten().any(|plan| plan.page.contains(filter));
    if let Some(filter) = filter.filter(|filter| !matches(filter)) {
        let message = format!("no page's path holds `{filter}`, so nothing would be verified");
        complain(&[
            Problem::new(message).help("--filter wants a part of a path in the book, as in --filter intro")
        ]);
        return Err(Exit::Usage);
    }
    Ok(plans)
}

/// The evidence of each book, and who vouches for it.
fn stores(books: &[Book]) -> Result<Vec<Store>, Exit> {
    let opened = books.iter().map(|book| Store::open(&book.root, &book.trusted_refs));
    opened.collect::<Result<_, _>>().map_err(|problem| {
        complain(&[problem]);
        Exit::Usage
    })
}

fn offline(books: &[Book], filter: Option<&str>) -> Result<Run, Exit> {
    let stores = stores(books)?;
    complain(&stores.iter().filter_map(Store::warning).cloned().collect::<Vec<_>>());
    let mut plans = plans(books, filter)?;
    for plans in &mut plans {
        plans.retain(|plan| filter.is_none_or(|filter| plan.page.contains(filter)));
    }
    Ok(without_a_run(books, &stores, plans))
}

/// What the evidence alone says.
fn without_a_run(books: &[Book], stores: &[Store], plans: Vec<Vec<Plan>>) -> Run {
    let each = books.iter().zip(stores).zip(plans);
    let results =
        each.flat_map(|((book, store), plans)| verify::verify_offline(store, &book.config.verify, plans));
    Run { results: results.collect(), ..Run::default() }
}

fn no_engine(problem: Problem) -> Exit {
    complain(&[problem]);
    Exit::NoEngine
}

/// Ctrl-C, the request of a supervisor to end, or the end of the terminal.
pub(super) async fn interrupted() {
    use tokio::signal::unix::{SignalKind, signal};
    let (Ok(mut interrupt), Ok(mut terminate), Ok(mut hangup)) =
        (signal(SignalKind::interrupt()), signal(SignalKind::terminate()), signal(SignalKind::hangup()))
    else {
        return std::future::pending().await;
    };
    tokio::select! {
        _ = interrupt.recv() => {}
        _ = terminate.recv() => {}
        _ = hangup.recv() => {}
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

fn write_report(kind: ReportKind, file: &Path, report: &Report, language: Language) -> Result<(), Problem> {
    let text = match kind {
        ReportKind::Junit => {
            junit(report).map_err(|error| Problem::new(format!("cannot write the report as XML: {error}")))?
        }
        ReportKind::Github => annotations(report),
        ReportKind::Json => report.json(),
        ReportKind::Sarif => sarif(report),
        ReportKind::Markdown => markdown(report, language),
    };
    std::fs::write(file, text).map_err(|error| Problem::file("write", file, &error))
}
