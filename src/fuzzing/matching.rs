//! Expected lines against a screen.

use super::{parts, screen_of};
use crate::matching::Order;
use crate::matching::{
    Bindings, Comparison, Difference, Elisions, End, Row, Rules, Supplied, agrees, compare,
};

/// An input is a line of options (`open`, `unordered`, `failed`), the expected lines, the screen, and
/// a later command.
pub(super) fn check(input: &[u8]) {
    let Some(parts) = parts(input) else { return };
    let [options, expected, screen, rest @ ..] = parts.as_slice() else { return };
    let expected: Vec<&str> = expected.lines().collect();
    let screen = screen_of(screen);
    let command = rest.first().copied().unwrap_or_default();
    let has = |option: &str| options.split_whitespace().any(|word| word == option);
    let (elisions, supplied) = (Elisions::default(), Supplied::new([command]));
    let rules = Rules {
        order: if has("unordered") { Order::Any } else { Order::Listed },
        end: if has("open") { End::Open } else { End::Closed },
        failed: has("failed"),
        ..Rules::new(&elisions, &supplied)
    };
    compared(&expected, &screen, rules, command);
    is_itself(&expected, &supplied);
    claims_hold(&expected, &screen, rules);
}

/// Both ways to compare say the same, and so does a second time with what the first has bound.
fn compared(expected: &[&str], screen: &[String], rules: Rules<'_>, command: &str) {
    let mut bindings = Bindings::default();
    let agreed = agrees(expected, screen, rules, &bindings);
    let comparison = compare(expected, 1, screen, rules, &mut bindings);
    assert_eq!(agreed, matches!(comparison, Comparison::Match(_)), "compare and agrees differ");
    match &comparison {
        Comparison::Match(_) => {
            let again = compare(expected, 1, screen, rules, &mut bindings);
            assert!(matches!(again, Comparison::Match(_)), "its own bindings contradict it: {bindings:?}");
        }
        Comparison::Mismatch(difference) => covers(difference, expected, screen),
    }
    let rewritten = bindings.rewrite(command);
    let twice = bindings.rewrite(command);
    assert_eq!(format!("{rewritten:?}"), format!("{twice:?}"));
}

/// A difference tells of each line of both sides at most once and in order, and says something.
fn covers(difference: &Difference, expected: &[&str], screen: &[String]) {
    let (mut line, mut shown) = (0, 0);
    for row in &difference.rows {
        let (lines, actual) = match row {
            Row::Same { expected, actual } | Row::Changed { expected, actual } => {
                (expected.clone(), *actual..*actual + 1)
            }
            Row::Missing { expected } => (expected.clone(), shown..shown),
            Row::Extra { actual } => (line..line, *actual..*actual + 1),
            Row::Elided { expected, actual } => (*expected..*expected + 1, actual.clone()),
        };
        assert!(lines.start >= line && lines.end <= expected.len(), "{row:?} of {difference:?}");
        assert!(actual.start >= shown && actual.end <= screen.len(), "{row:?} of {difference:?}");
        (line, shown) = (lines.end, actual.end);
    }
}

/// A page without elisions that shows what is on the screen is true.
fn is_itself(expected: &[&str], supplied: &Supplied) {
    let elisions = Elisions::default();
    if expected.iter().any(|line| elisions.is(line)) {
        return;
    }
    let screen: Vec<String> = expected.iter().map(|line| (*line).to_owned()).collect();
    for order in [Order::Listed, Order::Any] {
        let rules = Rules { order, ..Rules::new(&elisions, supplied) };
        assert!(agrees(expected, &screen, rules, &Bindings::default()), "{order:?}: it differs from itself");
    }
}

/// No line that the rules know nothing of is dropped: of lines of letters alone each must be there.
fn claims_hold(expected: &[&str], screen: &[String], rules: Rules<'_>) {
    let plain = |line: &str| !line.is_empty() && line.chars().all(|c| c.is_ascii_lowercase());
    if rules.end == End::Open || !agrees(expected, screen, rules, &Bindings::default()) {
        return;
    }
    let has_joined = expected.iter().any(|line| line.len() >= 80);
    for line in expected.iter().filter(|line| plain(line) && !has_joined && !rules.elisions.is(line)) {
        assert!(screen.iter().any(|shown| shown.trim_end() == *line), "{line:?} is not on the screen");
    }
    if expected.iter().any(|line| rules.elisions.is(line)) {
        return;
    }
    for shown in screen.iter().filter(|line| plain(line) && !has_joined) {
        assert!(expected.iter().any(|line| line.trim_end() == *shown), "{shown:?} is not on the page");
    }
}
