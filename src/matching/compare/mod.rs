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
use super::elision::literal_elisions;
use super::rules::Rules;
use plan::Plan;

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
    let mut first = None;
    for literal in literal_elisions(expected, screen, rules.elisions) {
        let plan = Plan::new(expected, &literal, screen, rules, bindings);
        match plan.find(rules, bindings) {
            Ok(pairs) => return Comparison::Match(plan.bind(&pairs, first_line, bindings)),
            Err(conflict) => first.get_or_insert((plan, conflict)),
        };
    }
    let Some((plan, conflict)) = first else { return Comparison::Match(Vec::new()) };
    let difference = plan.explain(rules.end, conflict);
    // What does agree is bound all the same, so that one false line does not make the next steps false too.
    for (expected, actual) in difference.pairs() {
        let pair = plan.pair_of(expected, actual);
        if plan.is_alike(&pair) && bindings.check(plan.values(pair)).is_ok() {
            plan.bind(&[pair], first_line, bindings);
        }
    }
    Comparison::Mismatch(Box::new(difference))
}

/// Whether [`compare`] would find a match, without saying where the two part, and without binding.
pub fn agrees(expected: &[&str], screen: &[String], rules: Rules<'_>, bindings: &Bindings) -> bool {
    literal_elisions(expected, screen, rules.elisions)
        .iter()
        .any(|literal| Plan::new(expected, literal, screen, rules, bindings).find(rules, bindings).is_ok())
}
