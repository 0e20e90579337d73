//! The fence rules: which blocks of a page run, and which contain what they print.

mod extraction;
mod lines;
mod role;
mod steps;
#[cfg(test)]
mod tests;

use super::scenario::{Action, NotRun, Scenario};
use super::script;
use super::transcript::{self, Dialect};
use crate::config::{Fresh, Verify};
use crate::markdown::{Block, Document, Fence, Request};
use crate::messages::snippet as messages;
use crate::text::Source;
use extraction::Extraction;
use lines::{texts, unindented};
use role::{FILES, Role};

/// Makes the plan of a page's run. Never fails: what is wrong is among the scenario's problems.
pub fn extract(source: &Source, document: &Document<'_>, settings: &Verify) -> Scenario {
    let scenario = Scenario { problems: document.problems.clone(), ..Scenario::default() };
    let mut extraction = Extraction { source, settings, scenario, open: None };
    let sections = match settings.fresh {
        Fresh::Never => Vec::new(),
        Fresh::Section => document.headings.iter().map(|heading| heading.range.clone()).collect(),
    };
    let mut sections = sections.into_iter().peekable();
    for (at, block) in document.blocks.iter().enumerate() {
        while let Some(section) = sections.next_if(|section| section.start < block.range().start) {
            extraction.fresh(section);
        }
        match block {
            Block::Fence(fence) => {
                let next = document.blocks[at + 1..].iter().find_map(|block| match block {
                    Block::Fence(next) => Some(next),
                    Block::Indented(_) | Block::Directive(_) => None,
                });
                extraction.fence(fence, next);
            }
            Block::Indented(block) => extraction.indented(block),
            Block::Directive(directive) => {
                let action = match directive.request.clone() {
                    Request::Run(command) => Action::Hidden(command),
                    Request::Wait(command) => Action::Wait(command),
                    Request::Secret(answer) => Action::Secret(answer),
                    Request::Http(claim) => Action::Http(claim),
                    Request::Fresh => {
                        extraction.fresh(directive.range.clone());
                        continue;
                    }
                    // They are not for the verifier.
                    Request::Tabs | Request::EndTabs | Request::Allow(_) => continue,
                    Request::Continues(page) => {
                        extraction.scenario.continues = Some(page);
                        continue;
                    }
                };
                extraction.directive(action, directive.range.clone());
            }
        }
    }
    extraction.scenario
}

impl Extraction<'_> {
    fn fence(&mut self, fence: &Fence, next: Option<&Fence>) {
        let unindented = unindented(fence);
        let fence = unindented.as_ref().unwrap_or(fence);
        if let Some(path) = &fence.attributes.file {
            return self.file(fence, path.clone());
        }
        match self.role(fence, next) {
            Role::Shown => {
                if FILES.contains(&fence.language.as_str()) {
                    self.scenario.possible_files.push((fence.language.clone(), fence.range.clone()));
                }
                self.has_no_effect(fence);
                self.open = None;
            }
            Role::NotRun(reason) => {
                self.has_no_effect(fence);
                let text = texts(fence);
                let commands = script::commands(&text).len().clamp(1, text.len().max(1));
                let commands = if self.looks_like_shell(fence) { commands } else { 1 };
                let range = self.first_line(fence);
                self.scenario.not_run.push(NotRun { range, reason, commands });
                self.open = None;
            }
            Role::SecondOutput => {
                self.problem(messages::shown_twice(), messages::shown_twice_help(), fence);
                self.open = None;
            }
            Role::Output => self.output(fence),
            Role::Script => self.script(fence),
            Role::Transcript(transcript) => self.transcript(fence, &transcript),
        }
    }

    /// A block of four blanks is run where it shows prompts, and is only shown otherwise.
    fn indented(&mut self, block: &Fence) {
        let transcript = transcript::read(&texts(block), Dialect::Plain, self.after_session(block));
        if let Some(transcript) = transcript {
            self.transcript(block, &transcript);
        }
    }

    /// Attributes of a block that is not run are a mistake that nobody would notice.
    fn has_no_effect(&mut self, fence: &Fence) {
        let attributes = &fence.attributes;
        if attributes.exit.is_some() || attributes.retry.is_some() || attributes.follow || attributes.either {
            self.problem(messages::no_effect(), messages::no_effect_help(), fence);
        }
    }
}
