//! What is always true, whatever the page and the screen.

#![allow(clippy::unwrap_used, reason = "a test says what is wrong by failing")]

use haechi::bless::{apply, edits};
use haechi::config;
use haechi::markdown::{Document, Extensions};
use haechi::matching::{
    Bindings, Comparison, Elisions, Note, Order, Rules, Supplied, agrees, compare, tokens,
};
use haechi::snippet::{Scenario, extract};
use haechi::text::Source;
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
    let rules = Rules::new(&elisions, &supplied);
    match compare(&lines, 1, screen, rules, &mut Bindings::default()) {
        Comparison::Match(_) => Verdict::Pass,
        Comparison::Mismatch(difference) => Verdict::Fail(Failure::Differs(difference)),
    }
}

fn blessed(page: &str, screen: &[String]) -> String {
    let source = Source::new("page.md", page);
    let scenario = plan(&source);
    let verdict = verdict(&scenario, screen);
    let step = StepResult { screen: screen.to_vec(), exit: Some(0), ..StepResult::new("x", verdict) };
    let result = PageResult::new(source, scenario, vec![step]);
    apply(page, &edits(&result, &config::Verify::default()))
}

/// What a comparison is made with, besides its lines.
#[derive(Default)]
struct Given {
    supplied: Supplied,
    bindings: Bindings,
}

impl Given {
    fn by(command: &str) -> Self {
        Self { supplied: Supplied::new([command]), ..Self::default() }
    }

    fn compare(&mut self, expected: &str, screen: &str, order: Order, failed: bool) -> Comparison {
        let rewritten = self.bindings.rewrite("");
        let expected: Vec<&str> = expected.lines().collect();
        let screen: Vec<String> = screen.lines().map(str::to_owned).collect();
        let elisions = Elisions::default();
        let rules = Rules { order, words: &rewritten.words, failed, ..Rules::new(&elisions, &self.supplied) };
        compare(&expected, 1, &screen, rules, &mut self.bindings)
    }

    fn passes(&mut self, expected: &str, screen: &str) -> bool {
        matches!(self.compare(expected, screen, Order::Listed, false), Comparison::Match(_))
    }
}

/// A volatile value, and another of its shape.
fn two_of_a_shape() -> impl Strategy<Value = (String, String)> {
    let pair = |form: fn(u32) -> String| (0u32..50, 51u32..99).prop_map(move |(a, b)| (form(a), form(b)));
    prop_oneof![
        pair(|n| format!("{}MB", n + 100)),
        pair(|n| format!("10.1.2.{}", n + 1)),
        pair(|n| format!("2026-11-24T05:{:02}:40Z", n / 2)),
        pair(|n| format!("2.{n}.1")),
        pair(|n| format!("{n}.25s")),
        pair(|n| format!("89c9a39c74{n:02}")),
        pair(|n| format!("Up {} hours", n + 2)),
    ]
}

fn digits(count: usize) -> impl Strategy<Value = String> {
    proptest::collection::vec("[0-9a-f]", count).prop_map(|all| all.concat())
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
        let rules = Rules::new(&elisions, &supplied);
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
                let rules = Rules { order, ..Rules::new(&elisions, &supplied) };
                let mut bindings = Bindings::default();
                let once = compare(&lines, 1, &screen, rules, &mut bindings);
                prop_assert_eq!(&once, &compare(&lines, 1, &screen, rules, &mut Bindings::default()));
                if let Some(command) = step.shown() {
                    bindings.rewrite(command);
                }
            }
        }
    }

    #[test]
    fn where_nothing_is_volatile_the_width_of_blanks_is_a_claim(
        words in proptest::collection::vec("[a-z]{1,5}", 2..6),
        widths in proptest::collection::vec(1usize..6, 5),
        at in 0usize..5,
        other in 1usize..6,
    ) {
        let line = |widths: &[usize]| {
            words.iter().zip(widths.iter().chain([&0])).map(|(word, width)| format!("{word}{}", " ".repeat(*width))).collect::<String>()
        };
        let at = at % (words.len() - 1);
        let widths = &widths[..words.len() - 1];
        let mut changed = widths.to_vec();
        changed[at] = other;
        let same = Given::default().passes(&line(widths), &line(&changed));
        prop_assert_eq!(same, other == widths[at]);
    }

    #[test]
    fn what_the_page_supplies_is_a_claim_on_both_sides((value, other) in two_of_a_shape(), word in "[a-z]{1,4}") {
        let (page, screen) = (format!("{word} {value}"), format!("{word} {other}"));
        prop_assert!(Given::default().passes(&page, &screen));
        prop_assert!(Given::by(&page).passes(&page, &page));
        prop_assert!(!Given::by(&page).passes(&page, &screen));
        prop_assert!(!Given::by(&screen).passes(&page, &screen));
    }

    #[test]
    fn fields_out_of_range_are_no_time(hour in 24u32..100, minute in 60u32..100, month in 13u32..100, day in 32u32..100) {
        for line in [format!("{hour}:10:10"), format!("10:{minute}:10"), format!("2026-{month}-01"), format!("2026-01-{day}")] {
            prop_assert!(tokens(&line, None).is_empty(), "{}", line);
        }
    }

    #[test]
    fn a_size_that_belongs_to_a_name_is_a_claim(name in "[A-Za-z]{1,6}", mark in "[-_]", size in 1u32..900) {
        let line = format!("{name}{mark}{size}B");
        prop_assert!(tokens(&line, None).is_empty(), "{}", line);
    }

    #[test]
    fn two_sizes_that_change_their_order_drift(small in 100u32..400, large in 500u32..900) {
        let page = format!("a   {small}MB\nb   {large}MB");
        let screen = format!("a   {large}MB\nb   {small}MB");
        let swapped = Given::default().compare(&page, &screen, Order::Listed, false);
        let drifts = matches!(&swapped, Comparison::Match(notes) if matches!(notes[..], [Note::Order { .. }]));
        prop_assert!(drifts, "{:?}", swapped);
        prop_assert_eq!(Given::default().compare(&page, &page, Order::Listed, false), Comparison::Match(Vec::new()));
    }

    #[test]
    fn only_the_arguments_of_an_engine_are_rewritten(example in digits(12), value in digits(12), length in 3usize..12) {
        prop_assume!(example.bytes().any(|byte| byte.is_ascii_alphabetic()) && example != value);
        let mut given = Given::default();
        prop_assert!(given.passes(&example, &value) || value.bytes().all(|byte| byte.is_ascii_digit()));
        let prefix = &example[..length];
        for command in [
            format!("head -c {prefix} f"), format!("chmod {prefix} f"), format!("git add {prefix}"), format!("docker run -p {prefix}:80 x"),
            format!("docker logs --tail {prefix} x"), format!("docker ps | grep {prefix}"), format!("docker exec x echo {prefix}"),
        ] {
            prop_assert_eq!(given.bindings.rewrite(&command).text, command);
        }
        for command in ["docker logs -f", "sudo docker rm", "x=1; podman stop -t 9", "echo a | xargs docker kill"] {
            let text = given.bindings.rewrite(&format!("{command} {prefix}")).text;
            prop_assert!(text.starts_with(command) && value.starts_with(&text[command.len() + 1..]), "{}", text);
        }
    }

    #[test]
    fn dots_that_the_screen_has_are_that_line(before in "[a-c]{1,3}", after in "[a-c]{1,3}", extra in "[d-f]{1,3}") {
        let page = format!("{before}\n...\n{after}");
        let left_out = format!("{before}\n{extra}\n{after}");
        let with_more = format!("{before}\n...\n{extra}\n{after}");
        // One more on the page stands for what is left out.
        let (twice, longer) = (format!("{page}\n..."), format!("{page}\n{extra}"));
        prop_assert!(Given::default().passes(&page, &page));
        prop_assert!(Given::default().passes(&page, &left_out));
        prop_assert!(!Given::default().passes(&page, &with_more));
        prop_assert!(Given::default().passes(&twice, &longer));
    }

    #[test]
    fn the_error_is_among_what_an_unordered_block_matches(lines in proptest::collection::vec("[a-c]{1,3}", 1..5), error in "[d-f]{1,3}") {
        let (page, screen) = (lines.join("\n"), format!("{}\n{error}", lines.join("\n")));
        let is_true = |page: &str, failed| {
            matches!(Given::default().compare(page, &screen, Order::Any, failed), Comparison::Match(_))
        };
        let elided = format!("{page}\n...");
        prop_assert!(is_true(&elided, false));
        prop_assert!(!is_true(&elided, true));
        let shown = format!("{error}\n{elided}");
        prop_assert!(is_true(&shown, true));
    }

    #[test]
    fn values_that_are_swapped_are_no_contradiction(a in 2u32..99, b in 100u32..200) {
        let (a, b) = (format!("172.17.0.{a}"), format!("172.17.0.{b}"));
        let mut given = Given::default();
        let (page, screen) = (format!("{a}\n{b}"), format!("{b}\n{a}"));
        prop_assert!(given.passes(&page, &screen));
        let command = given.bindings.rewrite(&format!("ping {a} {b}"));
        prop_assert_eq!(command.text, format!("ping {b} {a}"));
        let (page, screen) = (format!("from {b} to {a}"), format!("from {a} to {b}"));
        prop_assert!(given.passes(&page, &screen));
        prop_assert!(!given.passes(&page, &page));
    }
}
