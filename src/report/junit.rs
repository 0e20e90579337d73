//! JUnit XML: a suite a page, a case a step.

use quick_junit::{NonSuccessKind, Report as Suites, TestCase, TestCaseStatus, TestSuite};

use super::Report;
use crate::verify::VerdictKind;

/// The report as JUnit XML.
///
/// # Errors
/// When it cannot be written as XML.
pub fn junit(report: &Report) -> Result<String, quick_junit::SerializeError> {
    let mut suites = Suites::new("haechi");
    for page in &report.pages {
        let mut suite = TestSuite::new(page.page.as_str());
        for step in &page.steps {
            let mut status = match step.verdict {
                VerdictKind::Pass | VerdictKind::Drift => TestCaseStatus::success(),
                VerdictKind::Fail => TestCaseStatus::non_success(NonSuccessKind::Failure),
                VerdictKind::Error => TestCaseStatus::non_success(NonSuccessKind::Error),
                VerdictKind::Skipped => TestCaseStatus::skipped(),
            };
            if !matches!(step.verdict, VerdictKind::Pass | VerdictKind::Drift) {
                status.set_message(step.why());
            }
            let mut case = TestCase::new(format!("{}: {}", step.line, step.title()), status);
            case.set_classname(page.page.as_str());
            case.set_time(std::time::Duration::try_from_secs_f64(step.seconds).unwrap_or_default());
            if !step.screen.is_empty() {
                case.set_system_out(step.screen.join("\n"));
            }
            suite.add_test_case(case);
        }
        suites.add_test_suite(suite);
    }
    suites.to_string()
}
