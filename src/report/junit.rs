//! JUnit XML: a suite a page, a case a step.

use quick_junit::{NonSuccessKind, Report, TestCase, TestCaseStatus, TestSuite};

use crate::verify::{PageResult, Verdict};

/// The report as JUnit XML.
///
/// # Errors
/// When it cannot be written as XML.
pub fn junit(results: &[PageResult]) -> Result<String, quick_junit::SerializeError> {
    let mut report = Report::new("haechi");
    for page in results.iter().filter(|page| !page.steps.is_empty()) {
        let mut suite = TestSuite::new(page.page.as_str());
        for (step, done) in page.scenario.steps.iter().zip(&page.steps) {
            let reason = done.verdict.reason().unwrap_or_default();
            let mut status = match &done.verdict {
                Verdict::Pass | Verdict::Drift(_) => TestCaseStatus::success(),
                Verdict::Fail(_) => TestCaseStatus::non_success(NonSuccessKind::Failure),
                Verdict::Error(_) => TestCaseStatus::non_success(NonSuccessKind::Error),
                Verdict::Skipped(_) => TestCaseStatus::skipped(),
            };
            if !matches!(done.verdict, Verdict::Pass | Verdict::Drift(_)) {
                status.set_message(reason);
            }
            let line = page.source.position(step.range.start).line;
            let label = step.label();
            let mut case =
                TestCase::new(format!("{line}: {}", label.lines().next().unwrap_or_default()), status);
            case.set_classname(page.page.as_str());
            case.set_time(done.took);
            if !done.screen.is_empty() {
                case.set_system_out(done.screen.join("\n"));
            }
            suite.add_test_case(case);
        }
        report.add_test_suite(suite);
    }
    report.to_string()
}
