//! Expected lines against a screen.

mod explain;
mod pattern;
mod plan;
mod search;
#[cfg(test)]
mod tests;
mod unordered;

use super::binding::Bindings;
use super::comparison::Comparison;
use super::difference::{Difference, Row};
use super::elision::literal_elisions;
use super::line::Reading;
use super::rules::Rules;
use super::token::Token;
use pattern::claimed_words;
use plan::{Pair, Plan};

/// Compares the expected lines with the screen, and binds the examples that meet their values.
///
/// `first_line` is the line of the page, from 1, that `expected[0]` is on. Takes time linear in the
/// text of both for the search, and at most the product of their line counts, capped, for the
/// alignment that explains a mismatch.
pub fn compare(
    expected: &[&str],
    first_line: usize,
    screen: &[String],
    rules: Rules<'_>,
    bindings: &mut Bindings,
) -> Comparison {
    match look(expected, screen, rules, bindings) {
        Some(found) => found.bind(first_line, bindings),
        None => Comparison::Match(Vec::new()),
    }
}

/// A comparison with both sides, for those who show them.
#[derive(Debug)]
pub struct Aligned<'a> {
    /// What [`compare`] says.
    pub comparison: Comparison,
    /// Both sides, aligned, also where they agree.
    pub rows: Vec<Row>,
    /// The volatile tokens of each expected line.
    pub expected: Vec<Vec<Token<'a>>>,
    /// The volatile tokens of each line of the screen.
    pub screen: Vec<Vec<Token<'a>>>,
}

/// Compares as [`compare`] does, and aligns both sides also where they agree.
pub fn compare_aligned<'a>(
    expected: &[&'a str],
    first_line: usize,
    screen: &'a [String],
    rules: Rules<'_>,
    bindings: &mut Bindings,
) -> Aligned<'a> {
    let literals = claimed_words(expected, rules.words);
    let of_screen = Reading { literals: Some(&literals), supplied: rules.supplied, bindings };
    let of_page = Reading { literals: None, ..of_screen };
    let tokens = (
        expected.iter().map(|line| of_page.tokens(line)).collect(),
        screen.iter().map(|line| of_screen.tokens(line)).collect(),
    );
    let found = look(expected, screen, rules, bindings);
    let rows = match &found {
        Some(Found::All(plan, pairs)) => plan.rows(pairs, rules.order),
        Some(Found::Other(_, difference)) => difference.rows.clone(),
        None => Vec::new(),
    };
    let comparison = found.map_or(Comparison::Match(Vec::new()), |found| found.bind(first_line, bindings));
    Aligned { comparison, rows, expected: tokens.0, screen: tokens.1 }
}

/// What was looked for, and how it was found.
enum Found<'a> {
    /// All of it.
    All(Plan<'a>, Vec<Pair>),
    /// Not all of it.
    Other(Plan<'a>, Box<Difference>),
}

/// Looks for the expected lines on the screen, in each way in which they can be read.
fn look<'a>(
    expected: &[&'a str],
    screen: &'a [String],
    rules: Rules<'_>,
    bindings: &Bindings,
) -> Option<Found<'a>> {
    let mut first = None;
    for literal in literal_elisions(expected, screen, rules.elisions) {
        let plan = Plan::new(expected, &literal, screen, rules, bindings);
        match plan.find(rules, bindings) {
            Ok(pairs) => return Some(Found::All(plan, pairs)),
            Err(conflict) => first.get_or_insert((plan, conflict)),
        };
    }
    let (plan, conflict) = first?;
    let difference = Box::new(plan.explain(rules.end, conflict));
    Some(Found::Other(plan, difference))
}

impl Found<'_> {
    fn bind(self, first_line: usize, bindings: &mut Bindings) -> Comparison {
        match self {
            Self::All(plan, pairs) => Comparison::Match(plan.bind(&pairs, first_line, bindings)),
            Self::Other(plan, difference) => {
                // What does agree is bound all the same, so that one false line does not make the next
                // steps false too.
                for (expected, actual) in difference.pairs() {
                    let pair = plan.pair_of(expected, actual);
                    if plan.is_alike(&pair) && bindings.check(plan.values(pair)).is_ok() {
                        plan.bind(&[pair], first_line, bindings);
                    }
                }
                Comparison::Mismatch(difference)
            }
        }
    }
}

/// Whether [`compare`] would find a match, without saying where the two part, and without binding.
pub fn agrees(expected: &[&str], screen: &[String], rules: Rules<'_>, bindings: &Bindings) -> bool {
    literal_elisions(expected, screen, rules.elisions)
        .iter()
        .any(|literal| Plan::new(expected, literal, screen, rules, bindings).find(rules, bindings).is_ok())
}
