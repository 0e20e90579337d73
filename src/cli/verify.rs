//! `haechi verify`

use std::collections::BTreeMap;

use super::arguments::Verify;
use super::output::{finish, show_failures};
use super::run::{Part, offline, run};
use super::targets::load_targets;
use super::trust::ensure_trusted;
use super::{Exit, print_problems, translated};
use crate::book::Book;
use crate::config::Drift;
use crate::messages::{Language, cli as messages, count};
use crate::report::Report;
use crate::text::Problem;
use crate::verify::{AfterFailure, Cache, Options, PageResult, Pictures, Run, Shard, Verdict};

/// Runs the snippets, reports, and says how it went.
pub(super) fn verify(arguments: &Verify) -> Exit {
    match load_targets(&arguments.paths, &arguments.sandbox) {
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
        page_timeout: arguments.sandbox.page_timeout,
        timeout_multiplier: arguments.sandbox.timeout_multiplier,
        cache: if arguments.no_cache || arguments.repeat.is_some() { Cache::Ignore } else { Cache::Use },
        after_failure: if arguments.fail_fast { AfterFailure::Stop } else { AfterFailure::Continue },
        pictures: if arguments.pictures { Pictures::Take } else { Pictures::Leave },
    };
    let part = Part { filter: arguments.filter.as_deref(), shard: arguments.shard.unwrap_or(Shard::WHOLE) };
    let outcome = if arguments.offline {
        offline(books, part)
    } else {
        ensure_trusted(&arguments.sandbox).and_then(|()| match arguments.repeat {
            Some(times) => repeat(books, part, &options, arguments, times),
            None => run(books, part, &options, &arguments.sandbox),
        })
    };
    let Run { results, order, unwritten, unclaimed, stopped } = match outcome {
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
    let good = good && unclaimed.is_empty();
    let report = Report::of(&results, good && stopped.is_none()).of_shard(part.shard, order);
    let exit = finish(&report, &arguments.output);
    print_problems(&unclaimed);
    print_problems(&unwritten);
    match stopped {
        Some(problem) => {
            print_problems(&[problem]);
            Exit::NoEngine
        }
        None if exit == Exit::Good && !unwritten.iter().all(Problem::is_warning) => Exit::Usage,
        None => exit,
    }
}

/// Runs everything several times; prints the steps that do not come out the same each time, and
/// returns the results of the first run that has something false, or of the last.
fn repeat(
    books: &[Book],
    part: Part<'_>,
    options: &Options,
    arguments: &Verify,
    times: u32,
) -> Result<Run, Exit> {
    // Standard output is the report's where a machine reads it.
    let print = |line: String| if arguments.output.json { eprintln!("{line}") } else { say!("{line}") };
    let mut verdicts: BTreeMap<(String, usize), BTreeMap<&'static str, u32>> = BTreeMap::new();
    let mut reported: Option<Run> = None;
    for number in 1..=times {
        let run = run(books, part, options, &arguments.sandbox)?;
        let results = &run.results;
        for page in results {
            for (step, done) in page.steps.iter().enumerate() {
                *verdicts
                    .entry((page.page.clone(), step))
                    .or_default()
                    .entry(done.verdict.kind().name())
                    .or_default() += 1;
            }
        }
        let report = Report::of(results, true);
        // Each run tells of itself: it may be the last one that somebody waits for.
        show_failures(results, Language::of_environment());
        let summary = report.summary.text(Language::of_environment()).replace('\n', "; ");
        print(format!("{number}/{times}: {summary}"));
        let stopped = run.stopped.is_some();
        if stopped
            || reported.as_ref().is_none_or(|reported| reported.results.iter().all(PageResult::is_good))
        {
            reported = Some(run);
        }
        if stopped {
            break;
        }
    }
    let flaky: Vec<_> = verdicts.iter().filter(|(_, words)| words.len() > 1).collect();
    print(translated(&messages::flaky(flaky.len(), count::steps(verdicts.len()))));
    for ((page, step), words) in flaky {
        let counts: Vec<String> = words.iter().map(|(word, count)| format!("{count} {word}")).collect();
        print(format!("  {}", translated(&messages::flaky_step(page, step + 1, counts.join(", ")))));
    }
    Ok(reported.unwrap_or_default())
}
