//! Whether two runs of a page showed the same.

use super::model::{Evidence, EvidenceStep};
use crate::matching::{Bindings, Elisions, Rules, Supplied, agrees};
use crate::messages::{Message, evidence as messages};

impl EvidenceStep {
    fn outcome(&self) -> (&str, &str, Option<i32>) {
        (&self.command, &self.verdict, self.exit)
    }

    /// Whether a run that ended in the same way showed the same, but for values that differ each time.
    fn shows_the_same(&self, new: &Self) -> bool {
        self.reason == new.reason
            && is_alike(&self.screen, &new.screen)
            && match (&self.ran, &new.ran) {
                (Some(old), Some(new)) => is_alike(std::slice::from_ref(old), std::slice::from_ref(new)),
                (old, new) => old == new,
            }
    }
}

impl Evidence {
    /// Whether a new run came out the same, so that its screens may stay as they are. A step that is not
    /// true is shown as it is now.
    pub(super) fn has_same_outcome(&self, new: &Self) -> bool {
        self.text == new.text
            && self.engine == new.engine
            && self.images == new.images
            && self.steps.len() == new.steps.len()
            && self.steps.iter().zip(&new.steps).all(|(old, new)| {
                old.outcome() == new.outcome()
                    && old.snippet == new.snippet
                    && old.reason == new.reason
                    && (new.is_good() || old.shows_the_same(new))
            })
    }

    /// Whether what it shows is what a new run shows, but for values that differ from run to run.
    pub(super) fn shows_the_same(&self, new: &Self) -> bool {
        let bindings = self.bindings.len() == new.bindings.len()
            && self.bindings.iter().zip(&new.bindings).all(|((old, this), (new, that))| {
                old == new && is_alike(std::slice::from_ref(this), std::slice::from_ref(that))
            });
        bindings && self.steps.iter().zip(&new.steps).all(|(old, new)| old.shows_the_same(new))
    }

    /// What is claimed of a step and is not so, in one sentence.
    pub(super) fn contradicted_by(&self, run: &Self) -> Option<Message> {
        if self.steps.len() != run.steps.len() {
            return Some(messages::other_steps(self.steps.len(), run.steps.len()));
        }
        let same_place = self.fingerprint == run.fingerprint;
        let differs = |(old, new): &(&EvidenceStep, &EvidenceStep)| {
            let is_other = old.verdict != new.verdict || old.exit != new.exit;
            // Elsewhere a page may come out otherwise; what is false here must not be true there.
            is_other && (same_place || old.is_good() && !new.is_good())
        };
        let (number, (old, new)) =
            self.steps.iter().zip(&run.steps).enumerate().find(|(_, pair)| differs(pair))?;
        let word = |step: &EvidenceStep| match step.exit {
            Some(code) => messages::verdict_with_exit(&step.verdict, code),
            None => messages::verdict(&step.verdict),
        };
        Some(messages::other_verdict(number + 1, word(old), word(new)))
    }
}

/// Whether two texts differ only in values that differ from run to run.
fn is_alike(old: &[String], new: &[String]) -> bool {
    let elisions = Elisions::default();
    if old == new {
        return true;
    }
    // On a screen nothing was left out.
    if old.len() != new.len() || old.iter().any(|line| elisions.is(line)) {
        return false;
    }
    let supplied = Supplied::default();
    let rules = Rules::new(&elisions, &supplied);
    let lines: Vec<&str> = old.iter().map(String::as_str).collect();
    agrees(&lines, new, rules, &Bindings::default())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(text: &str) -> Vec<String> {
        text.lines().map(str::to_owned).collect()
    }

    #[test]
    fn only_values_that_differ_each_time_are_alike() {
        let same = |old: &str, new: &str| is_alike(&lines(old), &lines(new));
        assert!(same("web 89c9a39c74e4", "web 4f1be0c1d2a3"));
        assert!(!same("web 89c9a39c74e4", "db 4f1be0c1d2a3"));
        assert!(!same("all is well", "error"));
        // What stands for any lines on a page does not on a screen.
        assert!(!same("...", "error") && !same("...\nb", "a\nb") && same("...", "..."));
    }
}
