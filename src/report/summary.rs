//! The figures of a run.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::page::Page;
use crate::messages::{Language, Message, count, report as messages};
use crate::verify::VerdictKind;

/// How many of what there were.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Summary {
    /// Pages with steps.
    pub pages: usize,
    /// Blocks that contain commands or files.
    pub snippets: usize,
    /// Steps.
    pub steps: usize,
    /// Steps that are as the page says.
    pub passed: usize,
    /// Steps that have drifted.
    pub drifted: usize,
    /// Steps that are false.
    pub failed: usize,
    /// Steps of which it could not be found out.
    pub errors: usize,
    /// Steps left out on purpose.
    pub skipped: usize,
    /// Commands that the pages show.
    pub commands: usize,
    /// Of these, how many were run.
    pub commands_run: usize,
    /// Of these, how many cannot be run and name where they were read instead.
    #[serde(default)]
    pub unverified: usize,
    /// Pages whose evidence was still good.
    pub from_evidence: usize,
    /// Pages that did not run and have no good evidence.
    #[serde(default)]
    pub stale: usize,
}

impl Summary {
    /// Counts.
    pub fn of(pages: &[Page]) -> Self {
        let mut summary = Self::default();
        for page in pages {
            summary.pages += 1;
            summary.snippets = summary.snippets.saturating_add(page.snippets);
            summary.commands = summary.commands.saturating_add(page.commands);
            summary.unverified = summary.unverified.saturating_add(page.unverified);
            summary.from_evidence += usize::from(page.seconds.is_none() && !page.stale);
            summary.stale += usize::from(page.stale);
            for step in &page.steps {
                summary.steps += 1;
                *match step.verdict {
                    VerdictKind::Pass => &mut summary.passed,
                    VerdictKind::Drift => &mut summary.drifted,
                    VerdictKind::Fail => &mut summary.failed,
                    VerdictKind::Error => &mut summary.errors,
                    VerdictKind::Skipped => &mut summary.skipped,
                } += 1;
                let run = !matches!(step.verdict, VerdictKind::Skipped | VerdictKind::Error);
                summary.commands_run += usize::from(run && step.shown);
            }
        }
        summary
    }

    /// How many of the commands shown were run, in per cent, rounded down; 100 where none is shown.
    pub fn coverage(&self) -> u8 {
        (self.commands_run as u128 * 100)
            .checked_div(self.commands as u128)
            .and_then(|percent| u8::try_from(percent.min(100)).ok())
            .unwrap_or(100)
    }

    /// The closing lines.
    pub fn text(&self, language: Language) -> String {
        let Self { passed, drifted, failed, errors, skipped, .. } = self;
        let verdicts = messages::verdicts(passed, drifted, failed, count::errors(*errors), skipped);
        let totals = messages::totals(
            count::pages(self.pages),
            count::snippets(self.snippets),
            count::steps(self.steps),
            verdicts,
        );
        let mut second = vec![messages::commands(self.commands_run, self.commands)];
        second.extend((self.unverified > 0).then(|| messages::unverified(self.unverified)));
        second.extend(
            (self.from_evidence > 0).then(|| messages::from_evidence(count::pages(self.from_evidence))),
        );
        second.extend((self.stale > 0).then(|| messages::stale_pages(count::pages(self.stale))));
        let second = Message::joined(second, ", ");
        format!("{}\n{}", totals.text(language), second.text(language))
    }
}
