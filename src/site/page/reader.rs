//! What a page with proofs hands to the reader's browser, so that a screen pasted there is compared with it.

use serde_json::json;

use crate::reader::PageStep;
use crate::snippet::{Action, Scenario, Step};
use crate::text::Source;
use crate::verify::Plan;

/// The script that hands over what a page promises; none where readers type nothing.
pub(super) fn reader_script(plan: &Plan) -> Option<String> {
    let before = plan.prelude.iter().flat_map(|(source, scenario)| steps(source, scenario));
    // Readers compare with this page, not with the one that it goes on from.
    let before = before.map(|step| PageStep { snippet: None, ..step });
    let own: Vec<PageStep> = steps(&plan.source, &plan.scenario).collect();
    if own.iter().all(|step| step.snippet.is_none()) {
        return None;
    }
    let steps: Vec<PageStep> = before.chain(own).collect();
    let page = json!({ "steps": steps, "elisions": plan.settings.elisions });
    Some(format!("(window.haechiReaderPages ??= {{}})[document.currentScript.src] = {page};\n"))
}

fn steps(source: &Source, scenario: &Scenario) -> impl Iterator<Item = PageStep> {
    scenario.steps.iter().filter_map(|step| page_step(source, scenario, step))
}

/// A step as far as readers take part in it: what it supplies, and of a command what it prints.
fn page_step(source: &Source, scenario: &Scenario, step: &Step) -> Option<PageStep> {
    let prompt = match &step.action {
        Action::Command { prompt, .. } => prompt,
        Action::Fresh => return Some(PageStep { fresh: true, ..PageStep::default() }),
        _ => return Some(PageStep { text: step.supply()?.text.to_owned(), ..PageStep::default() }),
    };
    let snippet = step.snippet?;
    let expected = step.expected.as_ref();
    let first = expected.and_then(|expected| expected.lines.first());
    let place = first.map_or(step.range.start, |line| line.range.start);
    let lines = |expected: &crate::snippet::Expected| {
        expected.lines.iter().map(|line| line.text.trim_end().to_owned()).collect()
    };
    Some(PageStep {
        snippet: Some(snippet),
        text: step.shown()?.to_owned(),
        plain: prompt.is_none(),
        line: source.position(place).line,
        expected: expected.map(lines),
        unordered: expected.is_some_and(|expected| expected.order == crate::matching::Order::Any),
        exit: expected.is_some_and(|expected| expected.exit.is_some()),
        follows: step.conditions.follows,
        whole: scenario.snippets.get(snippet).is_some_and(|snippet| snippet.whole),
        fresh: false,
    })
}
