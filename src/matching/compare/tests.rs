//! Blocks and screens that agree, and that do not.

use super::*;
use crate::matching::{Elisions, End, Note, Order, Supplied};

fn run(expected: &str, screen: &str, end: End, order: Order, bindings: &mut Bindings) -> Comparison {
    let expected: Vec<&str> = expected.lines().collect();
    let screen: Vec<String> = screen.lines().map(str::to_owned).collect();
    let elisions = Elisions::default();
    let supplied = Supplied::default();
    let rules = Rules { order, end, ..Rules::new(&elisions, &supplied) };
    compare(&expected, 1, &screen, rules, bindings)
}

fn passes(expected: &str, screen: &str) -> bool {
    matches!(
        run(expected, screen, End::Closed, Order::Listed, &mut Bindings::default()),
        Comparison::Match(_)
    )
}

#[test]
fn lines_in_order_with_elisions() {
    assert!(passes("a\nb", "a\nb\n\n"));
    assert!(!passes("a\nb", "b\na"));
    assert!(!passes("a", "a\nb"));
    assert!(!passes("a\nb", "a"));
    assert!(passes("a\n...\nd", "a\nb\nc\nd"));
    assert!(passes("...\nc\n...", "a\nb\nc\nd"));
    assert!(passes("a\n...\nb", "a\nb"));
    assert!(!passes("a\n...\nb\nc", "a\nb\nx\nc"));
    assert!(!passes("...\nb\n...\na\n...", "a\nb"));
    assert!(passes("a\n...", "a"));
    assert!(!passes("a\n...\na", "a"));
    assert!(passes("...", ""));
    assert!(passes("", ""));
    assert!(!passes("", "a"));
    assert!(!passes("a", ""));
    assert!(passes("x\n...\na\na\nb\n...", "x\na\na\na\nb\ny"));
}

#[test]
fn a_line_broken_by_a_terminal_is_joined() {
    let long = "w".repeat(100);
    assert!(passes(&format!("{long}\nrest"), &format!("{long}rest")));
    assert!(!passes("short\nrest", "shortrest"));
}

#[test]
fn many_long_lines_end() {
    let line = |number: usize| format!("{number:04} {}", "word ".repeat(20));
    let page: Vec<String> = (0..600).map(line).collect();
    assert!(!passes(&page.join("\n"), "something else"));
    assert!(!passes(&page.join("\n"), &"z".repeat(20_000)));
    let broken = page.concat();
    assert!(passes(
        &format!("{}\nend", page[..50].join("\n")),
        &format!("{}\nend", &broken[..50 * page[0].len()])
    ));
}

#[test]
fn an_open_end_lets_more_follow() {
    let mut bindings = Bindings::default();
    assert!(matches!(run("a", "a\nb", End::Open, Order::Listed, &mut bindings), Comparison::Match(_)));
    assert!(matches!(run("b", "a\nb", End::Open, Order::Listed, &mut bindings), Comparison::Mismatch(_)));
}

#[test]
fn unordered_lines_each_count_once() {
    let mut bindings = Bindings::default();
    assert!(matches!(
        run("b\na\na", "a\nb\na", End::Closed, Order::Any, &mut bindings),
        Comparison::Match(_)
    ));
    assert!(matches!(
        run("b\na\na", "a\nb\nb", End::Closed, Order::Any, &mut bindings),
        Comparison::Mismatch(_)
    ));
    assert!(matches!(
        run("b\na", "a\nb\na", End::Closed, Order::Any, &mut bindings),
        Comparison::Mismatch(_)
    ));
}

#[test]
fn a_claim_that_looks_like_a_value_may_have_a_particle() {
    for line in ["123456789012를 지웠다", "0ms가 걸렸다", "0µs가 걸렸다"] {
        assert!(passes(line, line), "{line}");
    }
    assert!(!passes("123456789012를 지웠다", "123456789013를 지웠다"));
}

#[test]
fn an_unordered_block_is_true_of_itself() {
    for block in ["89c9a39c74e4\n89c9a39c74e4\n4f1be0c1d2a3", "a  89c9a39c74e4  b\na    89c9a39c74e4  b\nc"] {
        let comparison = run(block, block, End::Closed, Order::Any, &mut Bindings::default());
        assert_eq!(comparison, Comparison::Match(Vec::new()), "{block}");
    }
}

#[test]
fn an_example_means_one_thing_on_the_whole_page() {
    let mut bindings = Bindings::default();
    assert!(matches!(
        run("89c9a39c74e4", "0123a39c74e4", End::Closed, Order::Listed, &mut bindings),
        Comparison::Match(_)
    ));
    let Comparison::Mismatch(difference) =
        run("89c9a39c74e4", "ffffa39c74e4", End::Closed, Order::Listed, &mut bindings)
    else {
        panic!()
    };
    assert_eq!(difference.conflict.unwrap().bound, "0123a39c74e4");
    let Comparison::Match(notes) =
        run("ab50cc931c7a", "0123a39c74e4", End::Closed, Order::Listed, &mut bindings)
    else {
        panic!()
    };
    assert!(matches!(&notes[..], [Note::SecondExample { first, .. }] if first == "89c9a39c74e4"));
}

#[test]
fn a_version_alone_drifts() {
    let Comparison::Match(notes) = run(
        "Server version: 5.7.24",
        "Server version: 9.7.0",
        End::Closed,
        Order::Listed,
        &mut Bindings::default(),
    ) else {
        panic!()
    };
    assert_eq!(notes, [Note::Version { line: 0, expected: "5.7.24".into(), actual: "9.7.0".into() }]);
}
