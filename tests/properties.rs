//! What always holds, whatever the page and the screen.

#![allow(clippy::unwrap_used, reason = "a test says what is wrong by failing")]

use haechi::bless::{apply, edits};
use haechi::config;
use haechi::diagnostic::Source;
use haechi::markdown::{Document, Extensions};
use haechi::matching::{Bindings, Comparison, Elisions, End, Rules, Supplied, agrees, compare};
use haechi::snippet::{Order, Scenario, extract};
use haechi::verify::{Failure, PageResult, StepResult, Verdict};
use proptest::prelude::*;

/// Lines of the kinds that pages and screens are made of.
fn line() -> impl Strategy<Value = String> {
    prop_oneof![
        3 => "[a-c]{1,3}( [a-c]{1,2}){0,3}",
        1 => "  [a-c]{1,3}   [0-9]{1,3}",
        1 => Just("89c9a39c74e4".to_owned()),
        1 => Just("0a1b2c3d4e5f up Up 3 seconds".to_owned()),
        1 => Just("54f7e8ac135a: Pull complete".to_owned()),
        1 => Just("version 5.7.24".to_owned()),
        1 => Just(String::new()),
        1 => "가[나다]{0,2}",
        1 => "[ -~]{0,12}",
    ]
}

fn expected_line() -> impl Strategy<Value = String> {
    prop_oneof![4 => line(), 1 => Just("...".to_owned())]
}

fn page_of(margin: &str, expected: &[String]) -> String {
    let block = expected.iter().map(|line| format!("{margin}{line}\n")).collect::<String>();
    format!("글 `a`\n\n{margin}```sh\n{margin}x\n{margin}```\n{margin}```text\n{block}{margin}```\n\n끝\n")
}

fn plan(source: &Source) -> Scenario {
    extract(source, &Document::parse(source, Extensions::default()), &config::Verify::default())
}

fn verdict(scenario: &Scenario, screen: &[String]) -> Verdict {
    let elisions = Elisions::default();
    let lines: Vec<&str> = scenario.steps[0]
        .expected
        .iter()
        .flat_map(|expected| &expected.lines)
        .map(|line| line.text.as_str())
        .collect();
    let supplied = Supplied::default();
    let rules = Rules {
        elisions: &elisions,
        order: Order::Listed,
        end: End::Closed,
        words: &[],
        supplied: &supplied,
        failed: false,
    };
    match compare(&lines, 1, screen, rules, &mut Bindings::default()) {
        Comparison::Match(_) => Verdict::Pass,
        Comparison::Mismatch(difference) => Verdict::Fail(Failure::Differs(difference)),
    }
}

fn blessed(page: &str, screen: &[String]) -> String {
    let source = Source::new("page.md", page);
    let scenario = plan(&source);
    let verdict = verdict(&scenario, screen);
    let step = StepResult {
        ran: "x".into(),
        screen: screen.to_vec(),
        exit: Some(0),
        verdict,
        took: std::time::Duration::ZERO,
        frames: Vec::new(),
    };
    let result = PageResult {
        page: "page.md".into(),
        source,
        scenario,
        steps: vec![step],
        bindings: Vec::new(),
        engine: String::new(),
        images: Vec::new(),
        took: None,
        text: String::new(),
        finding: None,
    };
    apply(page, &edits(&result, &config::Verify::default()))
}

/// Whether a page with this screen in its block would be read as something else.
fn cannot_stand(screen: &[String]) -> bool {
    screen.iter().any(|line| {
        let text = line.trim_start();
        text.starts_with("```") || text.starts_with("~~~")
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn bless_makes_true_and_a_second_bless_changes_nothing(
        expected in proptest::collection::vec(expected_line(), 1..12),
        screen in proptest::collection::vec(line(), 0..12),
        margin in prop_oneof![Just(""), Just("> ")],
    ) {
        let screen: Vec<String> = screen.iter().map(|line| line.trim_end().to_owned()).collect();
        prop_assume!(!cannot_stand(&screen) && !cannot_stand(&expected));
        let page = page_of(margin, &expected);
        let before = plan(&Source::new("page.md", page.as_str()));
        // A block whose text happens to be a transcript is another test's business.
        prop_assume!(before.steps.len() == 1 && before.steps[0].expected.is_some());
        let new = blessed(&page, &screen);
        let after = plan(&Source::new("page.md", new.as_str()));
        prop_assume!(after.steps.len() == 1);
        if new == page && verdict(&before, &screen) != Verdict::Pass {
            // It was refused: then the screen does not read back as a block.
            let text = page_of(margin, &screen);
            let read = plan(&Source::new("page.md", text.as_str()));
            let lines: Vec<String> = read.steps.first().iter().flat_map(|step| &step.expected).flat_map(|expected| &expected.lines).map(|line| line.text.clone()).collect();
            prop_assert!(read.steps.len() != 1 || lines != screen || screen.is_empty(), "refused without need: {screen:?}");
        } else {
            prop_assert_eq!(verdict(&after, &screen), Verdict::Pass, "{}", new);
            prop_assert_eq!(blessed(&new, &screen), new.clone());
        }
        // Nothing before or after the block changes.
        let head = page.find("```text\n").unwrap() + "```text\n".len();
        prop_assert_eq!(&new[..head], &page[..head]);
        let tail = format!("{margin}```\n\n끝\n");
        prop_assert!(new.ends_with(&tail));
    }

    #[test]
    fn an_elision_takes_any_lines(
        screen in proptest::collection::vec(line(), 1..12),
        from in 0usize..12,
        length in 0usize..12,
    ) {
        // Blank lines at either end do not count, so none stand there.
        let screen: Vec<String> = std::iter::once("first".into()).chain(screen).chain(["last".into()]).collect();
        let from = from.min(screen.len());
        let to = (from + length).min(screen.len());
        let mut expected: Vec<&str> = screen[..from].iter().map(String::as_str).collect();
        expected.push("...");
        expected.extend(screen[to..].iter().map(String::as_str));
        let elisions = Elisions::default();
        let supplied = Supplied::default();
        let rules = Rules { elisions: &elisions, order: Order::Listed, end: End::Closed, words: &[], supplied: &supplied, failed: false };
        prop_assert!(agrees(&expected, &screen, rules, &Bindings::default()));
    }

    #[test]
    fn no_page_and_no_screen_makes_it_panic(
        page in proptest::collection::vec(prop_oneof![
            Just("```sh".to_owned()), Just("```".to_owned()), Just("```console {exit=1}".to_owned()), Just("$ ls".to_owned()),
            Just("<!-- haechi: wait x -->".to_owned()), Just("> ```text".to_owned()), Just("mysql> x".to_owned()), Just("cat <<E".to_owned()),
            ".*", "\\PC{0,20}",
        ], 0..20),
        screen in proptest::collection::vec(".*", 0..10),
    ) {
        let source = Source::new("page.md", page.join("\n"));
        let scenario = plan(&source);
        for step in &scenario.steps {
            let lines: Vec<&str> = step.expected.iter().flat_map(|expected| &expected.lines).map(|line| line.text.as_str()).collect();
            let elisions = Elisions::default();
            for order in [Order::Listed, Order::Any] {
                let supplied = Supplied::default();
                let rules = Rules { elisions: &elisions, order, end: End::Closed, words: &[], supplied: &supplied, failed: false };
                let mut bindings = Bindings::default();
                let once = compare(&lines, 1, &screen, rules, &mut bindings);
                prop_assert_eq!(&once, &compare(&lines, 1, &screen, rules, &mut Bindings::default()));
                if let Some(command) = step.shown() {
                    bindings.rewrite(command);
                }
            }
        }
    }
}
