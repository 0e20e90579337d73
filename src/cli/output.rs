//! What a run says at its end: failures, reports and closing lines.

use std::path::Path;

use super::arguments::{Output, ReportKind};
use super::messages::{guarded, on_github};
use super::{Exit, print_problems};
use crate::messages::{Language, cli as messages};
use crate::report::{Report, annotations, failures, junit, markdown, overview, sarif};
use crate::text::Problem;
use crate::verify::PageResult;

/// Prints what is wrong. On GitHub nothing that a page prints is taken for a command to the runner.
pub(super) fn show_failures(results: &[PageResult], language: Language) {
    guarded(|| {
        for page in results {
            eprint!("{}", failures(page, language));
        }
        eprint!("{}", overview(results, language));
    });
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
            print_problems(&[problem]);
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
        let message = messages::low_coverage(coverage, wanted);
        print_problems(&[Problem::new(message).help(messages::low_coverage_help())]);
        return Exit::Findings;
    }
    if report.good { Exit::Good } else { Exit::Findings }
}

fn write_report(kind: ReportKind, file: &Path, report: &Report, language: Language) -> Result<(), Problem> {
    let text = match kind {
        ReportKind::Junit => junit(report)
            .map_err(|error| Problem::new(messages::no_xml(error)).help(messages::no_xml_help()))?,
        ReportKind::Github => annotations(report),
        ReportKind::Json => report.json(),
        ReportKind::Sarif => sarif(report),
        ReportKind::Markdown => markdown(report, language),
    };
    std::fs::write(file, text).map_err(|error| Problem::cannot_write(file, &error))
}
