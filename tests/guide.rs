//! The guide against the screens of its last run: each step that passed must go on passing.

#![allow(clippy::unwrap_used, reason = "a test says what is wrong by failing")]

use std::path::Path;

use haechi::config;
use haechi::diagnostic::Source;
use haechi::markdown::{Document, Extensions};
use haechi::matching::{Bindings, Comparison, Elisions, End, Rules, Supplied, compare};
use haechi::snippet::{Scenario, Step, extract};

/// Where a page stands, and what its evidence says.
struct Recorded {
    name: String,
    scenario: Scenario,
    source: Source,
    screens: Vec<Recording>,
}

struct Recording {
    command: String,
    screen: Vec<String>,
    exit: Option<i64>,
    passed: bool,
}

fn guide() -> Vec<Recorded> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut pages: Vec<_> =
        std::fs::read_dir(root.join("evidence")).unwrap().map(|entry| entry.unwrap().path()).collect();
    pages.retain(|path| path.extension().is_some_and(|extension| extension == "json"));
    pages.sort();
    pages.iter().map(|path| recorded(root, path)).collect()
}

fn recorded(root: &Path, evidence: &Path) -> Recorded {
    let json: serde_json::Value = serde_json::from_str(&std::fs::read_to_string(evidence).unwrap()).unwrap();
    let name = json["page"].as_str().unwrap().to_owned();
    let source =
        Source::new(name.clone(), std::fs::read_to_string(root.join("content").join(&name)).unwrap());
    let scenario =
        extract(&source, &Document::parse(&source, Extensions::default()), &config::Verify::default());
    let text = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
    let screens = json["steps"].as_array().unwrap().iter().map(|step| Recording {
        command: text(step.get("ran").unwrap_or(&step["command"])),
        screen: step["screen"].as_array().into_iter().flatten().map(text).collect(),
        exit: step["exit"].as_i64(),
        passed: step["verdict"] == "pass",
    });
    Recorded { name, scenario, source, screens: screens.collect() }
}

/// Compares a step with its recorded screen; an error says what is wrong.
fn step_holds(
    page: &Recorded,
    at: usize,
    elisions: &Elisions,
    bindings: &mut Bindings,
) -> Result<(), String> {
    let (step, recording): (&Step, &Recording) = (&page.scenario.steps[at], &page.screens[at]);
    let Some(expected) = step.expected.as_ref().filter(|_| recording.passed) else { return Ok(()) };
    let supplied = Supplied::of(&page.scenario.steps[..=at]);
    let lines: Vec<&str> = expected.lines.iter().map(|line| line.text.as_str()).collect();
    let first_line = expected.lines.first().map_or(1, |line| page.source.position(line.range.start).line);
    let rewritten = bindings.rewrite(step.shown().unwrap_or_default());
    let is_first = step.conditions.alternative.is_none_or(|number| number == 0);
    if is_first && step.shown().is_some() && rewritten.text != recording.command {
        return Err(format!("typed {:?}, recorded {:?}", rewritten.text, recording.command));
    }
    let end = if recording.exit.is_none() { End::Open } else { End::Closed };
    let rules = Rules {
        elisions,
        order: expected.order,
        end,
        words: &rewritten.words,
        supplied: &supplied,
        failed: recording.exit.is_some_and(|code| code != 0),
    };
    // A block may show the prompt that its command leaves the reader at.
    let mut tried = bindings.clone();
    let with_prompt: Vec<String> =
        recording.screen.iter().cloned().chain(lines.last().map(|&line| line.to_owned())).collect();
    if recording.exit.is_none()
        && let Comparison::Match(_) = compare(&lines, first_line, &with_prompt, rules, &mut tried)
    {
        *bindings = tried;
        return Ok(());
    }
    match compare(&lines, first_line, &recording.screen, rules, bindings) {
        Comparison::Match(notes) if notes.is_empty() => Ok(()),
        Comparison::Match(notes) => Err(format!("drift: {notes:?}")),
        Comparison::Mismatch(difference) => {
            Err(format!("expected {lines:#?}\nscreen {:#?}\n{difference:?}", recording.screen))
        }
    }
}

#[test]
fn every_step_of_the_guide_matches_its_recorded_screen() {
    let elisions = Elisions::default();
    let (mut steps, mut wrong) = (0, Vec::new());
    for page in guide() {
        assert_eq!(page.scenario.steps.len(), page.screens.len(), "{}: steps and screens", page.name);
        let mut bindings = Bindings::default();
        for at in 0..page.screens.len() {
            steps += 1;
            if let Err(why) = step_holds(&page, at, &elisions, &mut bindings) {
                wrong.push(format!("{} step {at} ({}): {why}", page.name, page.scenario.steps[at].label()));
            }
        }
    }
    println!("{steps} steps of the guide");
    assert!(steps >= 250, "only {steps} steps");
    assert!(wrong.is_empty(), "{} steps:\n{}", wrong.len(), wrong.join("\n"));
}
