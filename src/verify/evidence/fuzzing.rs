//! Evidence, as somebody may have written it.

use std::sync::LazyLock;

use crate::config;
use crate::fuzzing::assert_printable;
use crate::markdown::{Document, Extensions};
use crate::report::{Language, Report, failures};
use crate::snippet::extract;
use crate::text::Source;
use crate::verify::Plan;

use super::Evidence;
use crate::verify::key::text_hash;

/// The page that inputs are evidence of. Where an input says `TEXT`, the page's hash stands.
const PAGE: &str = "```console\n$ echo a\na\n$ false\n$ docker ps -q\n89c9a39c74e4\n```\n";

static HASH: LazyLock<String> = LazyLock::new(|| text_hash(&plan()));

fn plan() -> Plan {
    let source = Source::new("page.md", PAGE);
    let document = Document::parse(&source, Extensions::default());
    let settings = config::Verify::default();
    let scenario = extract(&source, &document, &settings);
    Plan {
        page: "page.md".into(),
        content: ".".into(),
        scenario,
        included: Vec::new(),
        prelude: Vec::new(),
        problems: Vec::new(),
        settings,
        workspace: None,
        source,
    }
}

/// What evidence says is what is shown of it: it is good only where each step is, it does not contradict
/// itself, and it is written as it was read.
pub(crate) fn check(input: &[u8]) {
    let Ok(text) = std::str::from_utf8(input) else { return };
    let Ok(mut evidence) = serde_json::from_str::<Evidence>(&text.replace("TEXT", &HASH)) else { return };
    // The last digit of a fraction that nobody wrote may be read as its neighbour.
    evidence.seconds = evidence.seconds.trunc();
    let written = serde_json::to_string(&evidence).expect("evidence is JSON");
    let again: Evidence = serde_json::from_str(&written).expect("what was written can be read");
    assert_eq!(written, serde_json::to_string(&again).expect("evidence is JSON"));
    assert!(evidence.has_same_outcome(&again) && evidence.shows_the_same(&again), "it differs from itself");
    assert_eq!(evidence.contradicted_by(&again), None);
    let plan = plan();
    for snippet in 0..=plan.scenario.snippets.len() {
        let state = evidence.state(&plan, snippet);
        let own = evidence.steps.iter().filter(|step| step.snippet == Some(snippet));
        let is_true = matches!(state, super::State::Verified | super::State::Drifted);
        let belongs = evidence.belongs(&plan);
        assert!(!is_true || belongs, "it belongs to another page and is {state:?}");
        assert!(
            !is_true || own.clone().all(super::EvidenceStep::is_good),
            "{state:?} of a step that is false"
        );
        assert!(!matches!(state, super::State::Verified) || own.count() > 0);
    }
    if evidence.belongs(&plan) {
        shown(&evidence, plan);
    }
}

/// The result that it stands for is as good as what it says, and what people see of it speaks to nobody's
/// terminal.
fn shown(evidence: &Evidence, plan: Plan) {
    let result = evidence.result(plan);
    assert_eq!(result.is_good(), evidence.is_good());
    assert_eq!(result.steps.len(), result.scenario.steps.len());
    let text = failures(&result, Language::English);
    assert_printable("what is wrong", &console::strip_ansi_codes(&text));
    let report = Report::of(std::slice::from_ref(&result), result.is_good());
    assert_printable("JSON", &report.json());
    assert_eq!(Report::read("report.json", &report.json()).ok().as_ref(), Some(&report));
}
