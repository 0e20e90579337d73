//! What a reader's screen means, natively and in the reader's browser.

#![allow(clippy::unwrap_used, reason = "a test says what is wrong by failing")]

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use haechi::config;
use haechi::markdown::{Document, Extensions};
use haechi::matching::Order;
use haechi::reader::{KnownError, Outcome, PageStep, Pasted, Question, answer, answer_json};
use haechi::snippet::{Action, extract};
use haechi::text::Source;
use proptest::prelude::*;

const MODULE: &str = "themes/haechi/static/reader.wasm.js";

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn files(folder: &str, extension: &str) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(root().join(folder)).unwrap();
    let mut files: Vec<PathBuf> = entries
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|kind| kind == extension))
        .collect();
    files.sort();
    files
}

/// The steps of a page as the site hands them over.
fn steps_of(text: &str) -> Vec<PageStep> {
    let source = Source::new("p.md", text);
    let document = Document::parse(&source, Extensions::default());
    let scenario = extract(&source, &document, &config::Verify::default());
    let step = |step: &haechi::snippet::Step| {
        let Action::Command { prompt, .. } = &step.action else {
            return PageStep {
                text: step.supply().map_or("", |supply| supply.text).into(),
                ..PageStep::default()
            };
        };
        let expected = step.expected.as_ref();
        PageStep {
            snippet: step.snippet,
            text: step.shown().unwrap().to_owned(),
            plain: prompt.is_none(),
            line: 1,
            expected: expected.map(|expected| expected.lines.iter().map(|line| line.text.clone()).collect()),
            unordered: expected.is_some_and(|expected| expected.order == Order::Any),
            exit: expected.is_some_and(|expected| expected.exit.is_some()),
            follows: step.conditions.follows,
            whole: step.snippet.is_some_and(|snippet| scenario.snippets[snippet].whole),
            fresh: false,
        }
    };
    scenario.steps.iter().map(step).collect()
}

/// The values of a text as another run would have them: its digits and letters of IDs are others.
fn another_run(text: &str) -> String {
    let next = |c: char| match c {
        '1'..='8' => char::from_u32(u32::from(c) + 1).unwrap(),
        'a'..='e' => c,
        c => c,
    };
    text.chars().map(next).collect()
}

/// Each page of `tests/rules` and each screen of `tests/screens`, pasted as it is, as another run would
/// print it, and without its last line.
fn questions() -> Vec<Question> {
    let mut questions = Vec::new();
    let mut ask = |steps: &[PageStep]| {
        let snippets: BTreeMap<usize, String> = steps
            .iter()
            .filter_map(|step| Some((step.snippet?, step)))
            .fold(BTreeMap::new(), |mut texts, (snippet, step)| {
                let text: &mut String = texts.entry(snippet).or_default();
                writeln!(text, "$ {}", step.text).unwrap();
                step.expected.iter().flatten().for_each(|line| writeln!(text, "{line}").unwrap());
                texts
            });
        let ways: [fn(&str) -> String; 3] = [
            |text| text.to_owned(),
            another_run,
            |text| text.trim_end().rsplit_once('\n').map_or("", |(text, _)| text).to_owned(),
        ];
        for (way, &snippet) in ways.iter().flat_map(|way| snippets.keys().map(move |snippet| (way, snippet)))
        {
            let pasted = snippets.iter().map(|(&snippet, text)| Pasted { snippet, text: way(text) });
            questions.push(Question {
                steps: steps.to_vec(),
                pasted: pasted.collect(),
                snippet,
                errors: vec![KnownError {
                    keys: vec!["no such container".into(), "is already in use".into()],
                }],
                ..Question::default()
            });
        }
    };
    for page in files("tests/rules", "md") {
        ask(&steps_of(&std::fs::read_to_string(page).unwrap()));
    }
    for screen in files("tests/screens", "txt") {
        let text = std::fs::read_to_string(screen).unwrap();
        let (command, output) = text.split_once('\n').unwrap();
        ask(&[PageStep {
            snippet: Some(0),
            text: command.trim_start_matches("$ ").to_owned(),
            plain: true,
            line: 1,
            expected: Some(output.lines().map(str::to_owned).collect()),
            ..PageStep::default()
        }]);
    }
    questions
}

#[test]
fn the_browser_answers_as_haechi_does() {
    if which::which("node").is_err() {
        println!("not run: there is no node");
        return;
    }
    let questions: Vec<String> =
        questions().iter().map(|question| serde_json::to_string(question).unwrap()).collect();
    assert!(questions.len() > 300, "{} questions", questions.len());
    let mut node = Command::new("node")
        .arg(root().join("tests/reader/answer.mjs"))
        .arg(root().join(MODULE))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut input = node.stdin.take().unwrap();
    let asked = questions.join("\n");
    let writer = std::thread::spawn(move || input.write_all(asked.as_bytes()));
    let output = node.wait_with_output().unwrap();
    writer.join().unwrap().unwrap();
    let answers = String::from_utf8(output.stdout).unwrap();
    let answers: Vec<&str> = answers.lines().collect();
    assert_eq!(answers.len(), questions.len(), "node answers all questions");
    let mut outcomes: BTreeMap<&str, usize> = BTreeMap::new();
    for (question, there) in questions.iter().zip(&answers) {
        let here = answer_json(question).unwrap();
        assert_eq!(here, *there, "{question}");
        for outcome in ["same", "example", "version", "wrong"] {
            *outcomes.entry(outcome).or_default() +=
                usize::from(here.contains(&format!("\"outcome\":\"{outcome}\"")));
        }
    }
    assert!(outcomes.values().all(|&count| count > 5), "all that can come of it has: {outcomes:?}");
    println!("{} questions answered alike: {outcomes:?}", questions.len());
}

/// What a reader pastes for the first snippet of a page.
fn pasted(page: &str, text: &str) -> haechi::reader::Answer {
    let pasted = vec![Pasted { snippet: 0, text: text.into() }];
    answer(&Question { steps: steps_of(page), pasted, snippet: 0, ..Question::default() })
}

#[test]
fn a_screen_is_true_of_itself() {
    let mut count = 0;
    for question in questions().iter().filter(|question| question.steps.len() == 1) {
        let step = &question.steps[0];
        let typed = format!("$ {}", step.text);
        let whole = [typed.as_str()].into_iter().chain(step.expected.iter().flatten().map(String::as_str));
        if question.pasted[0].text.lines().eq(whole) {
            assert_eq!(answer(question).steps[0].outcome, Outcome::Same, "{}", step.text);
            count += 1;
        }
    }
    assert!(count > 70, "{count} screens");
}

#[test]
fn what_is_known_from_one_snippet_counts_in_the_next() {
    let page = "```console\n$ docker run -d x\n89c9a39c74e4\n```\n\n```console\n$ docker stop 89c\n89c\n```\n\n\
        ```console\n$ docker ps -q\n89c9a39c74e4\n```\n";
    let steps = steps_of(page);
    let third = |first: Option<&str>, text: &str| {
        let first = first.map(|text| Pasted { snippet: 0, text: text.into() });
        let pasted = first.into_iter().chain([Pasted { snippet: 2, text: text.into() }]).collect();
        answer(&Question { steps: steps.clone(), pasted, snippet: 2, ..Question::default() }).steps.remove(0)
    };
    let first = Some("$ docker run -d x\n4f1be0c1d2a3\n");
    assert_eq!(third(first, "4f1be0c1d2a3").outcome, Outcome::Example);
    let other = third(first, "77aabe0c1d2a");
    assert_eq!(other.outcome, Outcome::Wrong);
    assert_eq!(other.conflict.unwrap().before, "4f1be0c1d2a3");
    assert_eq!(third(None, "77aabe0c1d2a").outcome, Outcome::Example, "nothing is known of it");
    let stop = |text: &str| {
        let pasted = vec![Pasted { snippet: 1, text: text.into() }];
        answer(&Question { steps: steps.clone(), pasted, snippet: 1, ..Question::default() }).steps[0].outcome
    };
    assert_eq!(stop("% docker stop 4f1\n4f1\n"), Outcome::Example);
    assert_eq!(stop("% docker stop 4f1\n77a\n"), Outcome::Wrong);
}

#[test]
fn a_download_that_one_side_lacks_is_left_out() {
    let download = "Unable to find image 'x:latest' locally\nlatest: Pulling from library/x\n\
        Digest: sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef\n\
        Status: Downloaded newer image for x:latest\n";
    let page = |output: &str| format!("```console\n$ docker run x\n{output}```\n");
    let hello = format!("{download}hello\n");
    for (shown, seen) in [("hello\n", hello.as_str()), (hello.as_str(), "hello\n")] {
        let found = pasted(&page(shown), &format!("$ docker run x\n{seen}"));
        assert!(found.steps[0].download && found.steps[0].outcome == Outcome::Same, "{found:?}");
    }
    let elided = hello.replace("Digest", "...\nDigest");
    assert!(pasted(&page(&elided), "$ docker run x\nhello\n").steps[0].download);
    let found = pasted(&page(&hello), "$ docker run x\nbye\n");
    assert_eq!(found.steps[0].outcome, Outcome::Wrong);
}

#[test]
fn output_without_commands_is_cut_where_each_is_found() {
    let page = "```console\n$ a\none\n$ b\ntwo\ntwo\n$ c\nthree\n```\n";
    let outcomes =
        |text: &str| -> Vec<Outcome> { pasted(page, text).steps.iter().map(|step| step.outcome).collect() };
    assert_eq!(outcomes("one\ntwo\ntwo\nthree"), [Outcome::Same; 3]);
    assert_eq!(outcomes("one\ntwo\nTWO\nthree"), [Outcome::Same, Outcome::Wrong, Outcome::Same]);
    assert_eq!(outcomes("$ b\ntwo\ntwo"), [Outcome::Missing, Outcome::Same, Outcome::Missing]);
    let block = "```sh\necho one\necho two\n```\n\n```text\none\ntwo\n```\n";
    let found = pasted(block, "$ echo one\none\n$ echo two\ntwo\n");
    assert_eq!(found.steps[1].outcome, Outcome::Same, "the block shows what all of it prints");
}

#[test]
fn the_module_is_made_from_these_sources() {
    let sources = Command::new(root().join("themes/build/wasm.sh")).arg("sources").output().unwrap();
    let sources = String::from_utf8(sources.stdout).unwrap();
    let module = std::fs::read_to_string(root().join(MODULE)).unwrap();
    let made_from = module.lines().next().unwrap().rsplit(' ').next().unwrap();
    assert_eq!(made_from, sources.trim(), "the rules have changed: `make wasm` makes {MODULE} anew");
}

#[test]
fn the_module_stands_on_the_same_crates_as_haechi() {
    let versions = |lock: &str| -> Vec<(String, String)> {
        let lock: toml::Table = std::fs::read_to_string(root().join(lock)).unwrap().parse().unwrap();
        let packages = lock["package"].as_array().unwrap().iter();
        let text = |package: &toml::Value, key: &str| package[key].as_str().unwrap().to_owned();
        packages.map(|package| (text(package, "name"), text(package, "version"))).collect()
    };
    let haechi = versions("Cargo.lock");
    let other: Vec<_> = versions("crates/reader/Cargo.lock")
        .into_iter()
        .filter(|package| package.0 != "haechi-reader" && !haechi.contains(package))
        .collect();
    assert!(other.is_empty(), "run `cargo update --precise` in crates/reader, then `make wasm`: {other:?}");
}

/// Lines as readers paste them, and whatever else may come.
fn pasted_line() -> impl Strategy<Value = String> {
    prop_oneof![
        2 => Just("$ docker run -d x".to_owned()),
        1 => Just("kim@mac ~ % docker stop 4f1".to_owned()),
        1 => Just("PS C:\\> docker ps -q".to_owned()),
        2 => Just("4f1be0c1d2a3".to_owned()),
        1 => Just("54f7e8ac135a: Pull complete".to_owned()),
        1 => Just("It's '\"already` in use".to_owned()),
        2 => any::<String>(),
        1 => "[$#%>❯➜ ]{0,3}docker [a-z0-9 가\"']{0,12}",
    ]
}

proptest! {
    #[test]
    fn whatever_is_pasted_has_an_answer(lines in prop::collection::vec(pasted_line(), 0..12), snippet in 0..4usize) {
        let page = "```console\n$ docker run -d x\n...\n89c9a39c74e4\n```\n\n```console\n$ docker stop 89c\n89c\n```\n\n\
            ```sh\ndocker ps -q\necho 가\n```\n\n```text\n89c9a39c74e4\n가\n```\n";
        let pasted = (0..3).map(|snippet| Pasted { snippet, text: lines.join("\n") }).collect();
        let errors = vec![KnownError { keys: vec!["is already in use".into()] }];
        answer(&Question { steps: steps_of(page), pasted, snippet, errors, ..Question::default() });
    }
}
