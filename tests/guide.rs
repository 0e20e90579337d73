//! The guide against the screens of its last run: each step that passed must go on passing, and no
//! word of a block may be another, whether in a session, in a command that goes on or in a script.

#![allow(clippy::unwrap_used, reason = "a test says what is wrong by failing")]

use std::path::Path;

use haechi::config;
use haechi::markdown::{Document, Extensions};
use haechi::matching::{
    Actual, Bindings, Comparison, Elisions, End, Example, Order, Rules, Supplied, compare, tokens,
};
use haechi::snippet::{Scenario, Step, extract};
use haechi::text::Source;

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

/// A step of the guide with what its comparison needs.
struct Case<'a> {
    label: String,
    lines: Vec<&'a str>,
    first_line: usize,
    recording: &'a Recording,
    order: Order,
    supplied: Supplied,
    words: Vec<(Example, Actual)>,
    elisions: &'a Elisions,
}

impl<'a> Case<'a> {
    /// `None` where nothing was compared; an error where another command would be typed.
    fn new(
        page: &'a Recorded,
        at: usize,
        elisions: &'a Elisions,
        bindings: &Bindings,
    ) -> Result<Option<Self>, String> {
        let (step, recording): (&Step, &Recording) = (&page.scenario.steps[at], &page.screens[at]);
        let Some(expected) = step.expected.as_ref().filter(|_| recording.passed) else { return Ok(None) };
        let rewritten = bindings.rewrite(step.shown().unwrap_or_default());
        let is_first = step.conditions.alternative.is_none_or(|number| number == 0);
        if is_first && step.shown().is_some() && rewritten.text != recording.command {
            return Err(format!("typed {:?}, recorded {:?}", rewritten.text, recording.command));
        }
        Ok(Some(Self {
            label: format!("{} step {at} ({})", page.name, step.label()),
            lines: expected.lines.iter().map(|line| line.text.as_str()).collect(),
            first_line: expected.lines.first().map_or(1, |line| page.source.position(line.range.start).line),
            recording,
            order: expected.order,
            supplied: Supplied::of(page.scenario.steps[..=at].iter().filter_map(Step::supply)),
            words: rewritten.words,
            elisions,
        }))
    }

    fn compare(&self, lines: &[&str], bindings: &mut Bindings) -> Comparison {
        let exit = self.recording.exit;
        let rules = Rules {
            order: self.order,
            end: if exit.is_none() { End::Open } else { End::Closed },
            words: &self.words,
            failed: exit.is_some_and(|code| code != 0),
            ..Rules::new(self.elisions, &self.supplied)
        };
        let mut tried = bindings.clone();
        let compared = compare(lines, self.first_line, &self.recording.screen, rules, &mut tried);
        let Comparison::Mismatch(_) = compared else {
            *bindings = tried;
            return compared;
        };
        // A block may end with the prompt that its command leaves the reader at, or with its exit code.
        let ending = match exit {
            None => self.lines.last().map(|&line| line.to_owned()),
            Some(code) => Some(format!("[{code}]")),
        };
        let with_ending: Vec<String> = self.recording.screen.iter().cloned().chain(ending).collect();
        match compare(lines, self.first_line, &with_ending, rules, bindings) {
            matched @ Comparison::Match(_) => matched,
            Comparison::Mismatch(_) => compared,
        }
    }

    /// Each word of the block changed in a character that is not a volatile token's.
    fn changes(&self) -> impl Iterator<Item = (usize, String)> {
        let lines = self.lines.iter().enumerate().filter(|(_, line)| !self.elisions.is(line));
        lines.flat_map(|(at, line)| {
            let mut volatile = tokens(line, None);
            volatile.retain(|token| !self.supplied.claims(token));
            let is_claim = move |byte: usize| {
                !volatile.iter().any(|token| token.start <= byte && byte < token.start + token.text.len())
            };
            // The digits of a layer's ID are another layer's.
            let is_layer = line.contains(": Pull complete") || line.contains(": Already exists");
            let begins = |byte: usize| line[..byte].chars().next_back().is_none_or(char::is_whitespace);
            line.char_indices()
                .filter(move |&(byte, c)| {
                    begins(byte) && !c.is_whitespace() && is_claim(byte) && !(is_layer && byte < 12)
                })
                .map(|(byte, c)| format!("{}{}{}", &line[..byte], other(c), &line[byte + c.len_utf8()..]))
                .map(move |changed| (at, changed))
                .collect::<Vec<_>>()
        })
    }
}

/// Another character, of the same class where it has one.
fn other(c: char) -> char {
    match c {
        '0'..='8' | 'a'..='y' | 'A'..='Y' => char::from(c as u8 + 1),
        '9' => '1',
        'z' => 'a',
        'Z' => 'A',
        '!' => '?',
        _ => '!',
    }
}

#[test]
fn every_step_of_the_guide_matches_its_recorded_screen_and_no_changed_word_does() {
    let elisions = Elisions::default();
    let (mut steps, mut changes, mut wrong) = (0, 0, Vec::new());
    for page in guide() {
        assert_eq!(page.scenario.steps.len(), page.screens.len(), "{}: steps and screens", page.name);
        let mut bindings = Bindings::default();
        for at in 0..page.screens.len() {
            steps += 1;
            let case = match Case::new(&page, at, &elisions, &bindings) {
                Ok(Some(case)) => case,
                Ok(None) => continue,
                Err(why) => {
                    wrong.push(format!("{} step {at}: {why}", page.name));
                    continue;
                }
            };
            for (line, changed) in case.changes() {
                let mut lines = case.lines.clone();
                lines[line] = &changed;
                changes += 1;
                if let Comparison::Match(_) = case.compare(&lines, &mut bindings.clone()) {
                    wrong.push(format!("{}: {changed:?} for {:?}", case.label, case.lines[line]));
                }
            }
            match case.compare(&case.lines, &mut bindings) {
                Comparison::Match(notes) if notes.is_empty() => {}
                compared => wrong.push(format!("{}: {compared:?} {:#?}", case.label, case.recording.screen)),
            }
        }
    }
    println!("{steps} steps of the guide, {changes} words changed");
    assert!(steps >= 250 && changes > 1000, "only {steps} steps and {changes} changes");
    assert!(wrong.is_empty(), "{} are wrong:\n{}", wrong.len(), wrong.join("\n"));
}
