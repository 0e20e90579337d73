//! The parts of a run that several machines share: in go the pages' plans and what their last runs took,
//! out comes the part that each page is of. The same on every machine that has the same checkout.

use super::evidence::Store;
use super::plan::Plan;

/// What a sandbox costs before its first step, in seconds.
const SANDBOX: f64 = 1.0;
/// What a step takes where no page has evidence.
const USUAL_STEP: f64 = 1.0;

/// A part of the pages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shard {
    /// Which part, from 1.
    pub number: usize,
    /// How many parts there are.
    pub of: usize,
}

impl Shard {
    /// All pages.
    pub const WHOLE: Self = Self { number: 1, of: 1 };

    /// Reads `I/N`, with I from 1 to N.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let (number, of) = text.split_once('/')?;
        let shard = Self { number: number.parse().ok()?, of: of.parse().ok()? };
        (1..=shard.of).contains(&shard.number).then_some(shard)
    }

    /// Which of the pages it has: the plans of each book, with the store of the book's evidence.
    pub fn choose(self, books: &[(&Store, &[Plan])]) -> Vec<Vec<bool>> {
        if self == Self::WHOLE {
            return books.iter().map(|(_, plans)| vec![true; plans.len()]).collect();
        }
        let pages = || books.iter().flat_map(|(store, plans)| plans.iter().map(move |plan| (*store, plan)));
        let known: Vec<Known> = pages().map(|(store, plan)| Known::of(store, plan)).collect();
        let mut parts = assign(&costs(&known), self.of).into_iter();
        let is_mine = |_| parts.next().is_some_and(|part| part + 1 == self.number);
        let mut chosen = pages().map(is_mine).collect::<Vec<_>>().into_iter();
        books.iter().map(|(_, plans)| chosen.by_ref().take(plans.len()).collect()).collect()
    }
}

/// What is known of a page before it runs.
#[derive(Debug, Clone, Copy)]
struct Known {
    /// How many steps run, those of the pages that it goes on from included.
    steps: usize,
    /// What its last run took, in seconds.
    seconds: Option<f64>,
}

impl Known {
    fn of(store: &Store, plan: &Plan) -> Self {
        let before: usize = plan.prelude.iter().map(|(_, scenario)| scenario.steps.len()).sum();
        let runs = !plan.scenario.steps.is_empty() && plan.problems.is_empty();
        let steps = if runs { before + plan.scenario.steps.len() } else { 0 };
        Self { steps, seconds: store.seconds(&plan.page).filter(|_| steps > 0) }
    }
}

/// What each page will take, in seconds: as long as the last time, else as long as its number of steps
/// takes on other pages.
fn costs(pages: &[Known]) -> Vec<f64> {
    let recorded = || pages.iter().filter_map(|page| Some((page.seconds?, page.steps)));
    let (seconds, steps) =
        recorded().fold((0.0, 0), |(seconds, steps), page| (seconds + page.0, steps + page.1));
    let step = if steps > 0 { seconds / steps as f64 } else { USUAL_STEP };
    let cost = |page: &Known| match page.steps {
        0 => 0.0,
        steps => SANDBOX + page.seconds.unwrap_or(step * steps as f64),
    };
    pages.iter().map(cost).collect()
}

/// The part of each page, from 0: the longest first, each to the part that has least to do.
fn assign(costs: &[f64], of: usize) -> Vec<usize> {
    let mut order: Vec<usize> = (0..costs.len()).collect();
    order.sort_by(|&one, &other| costs[other].total_cmp(&costs[one]).then(one.cmp(&other)));
    // More parts than pages need no place.
    let mut loads = vec![(0.0, 0_usize); of.clamp(1, costs.len().max(1))];
    let mut parts = vec![0; costs.len()];
    for page in order {
        let least = |one: &(usize, &(f64, usize)), other: &(usize, &(f64, usize))| {
            one.1.0.total_cmp(&other.1.0).then(one.1.1.cmp(&other.1.1)).then(one.0.cmp(&other.0))
        };
        let part = loads.iter().enumerate().min_by(least).map_or(0, |(part, _)| part);
        loads[part].0 += costs[page];
        loads[part].1 += 1;
        parts[page] = part;
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    fn known(steps: usize, seconds: Option<f64>) -> Known {
        Known { steps, seconds }
    }

    #[test]
    fn parts_take_about_as_long() {
        let costs = [60.0, 1.0, 1.0, 30.0, 1.0, 29.0, 1.0, 1.0];
        let parts = assign(&costs, 2);
        let load =
            |part| costs.iter().zip(&parts).filter(|(_, at)| **at == part).map(|(cost, _)| cost).sum::<f64>();
        assert_eq!((load(0), load(1)), (62.0, 62.0), "{parts:?}");
        assert_eq!(assign(&costs, 2), parts);
    }

    #[test]
    fn each_page_is_in_one_part() {
        for of in [1, 2, 3, 7, 100, usize::MAX] {
            let parts = assign(&[0.0; 7], of);
            assert_eq!(parts.len(), 7);
            assert!(parts.iter().all(|part| *part < of));
            let most = (0..7).map(|part| parts.iter().filter(|at| **at == part).count()).max();
            assert!(most <= Some(7_usize.div_ceil(of)), "{of}: {parts:?}");
        }
        assert!(assign(&[], 3).is_empty());
    }

    #[test]
    fn a_page_without_evidence_takes_as_long_as_its_steps_do_elsewhere() {
        let pages = [known(4, Some(8.0)), known(3, None), known(0, None)];
        assert_eq!(costs(&pages), [9.0, 7.0, 0.0]);
        assert_eq!(costs(&[known(3, None)]), [4.0]);
    }
}
