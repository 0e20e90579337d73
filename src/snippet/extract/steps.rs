//! The steps that fences and directives add to the plan.

use super::extraction::{Extraction, Open, Shows};
use super::lines::{expect, expected, texts, without_margin};
use crate::markdown::{Fence, Line};
use crate::messages::snippet as messages;
use crate::snippet::follows;
use crate::snippet::join::Join;
use crate::snippet::scenario::{Action, Conditions, NotRun, Step};
use crate::snippet::script;
use crate::snippet::transcript::Transcript;
use crate::text::{ByteRange, Problem};

impl Extraction<'_> {
    pub(super) fn script(&mut self, fence: &Fence) {
        let snippet = self.snippet(fence);
        let texts = texts(fence);
        for range in script::commands(&texts) {
            let text = texts[range.clone()].join("\n");
            self.command(snippet, fence, &fence.lines[range], text, None);
        }
        self.close(snippet, fence, Shows::Nothing);
    }

    fn command(
        &mut self,
        snippet: usize,
        fence: &Fence,
        lines: &[Line],
        text: String,
        prompt: Option<String>,
    ) {
        let (Some(first), Some(last)) = (lines.first(), lines.last()) else { return };
        if let Some(bad) = text.chars().find(|&c| c.is_control() && c != '\n' && c != '\t') {
            let code = format!("U+{:04X}", u32::from(bad));
            let problem =
                Problem::new(messages::control_character(code)).help(messages::control_character_help());
            self.scenario.problems.push(problem.at(self.source, first.range.start..last.range.end));
            return;
        }
        let follows = follows(&text);
        self.scenario.snippets[snippet].commands += 1;
        self.scenario.steps.push(Step {
            snippet: Some(snippet),
            range: first.range.start..last.range.end,
            action: Action::Command { text, prompt },
            expected: None,
            conditions: Conditions {
                timeout: fence.attributes.timeout,
                exit: None,
                retry: fence.attributes.retry,
                terminal: fence.attributes.terminal.clone(),
                alternative: fence.attributes.either.then_some(self.scenario.snippets[snippet].commands - 1),
                follows: fence.attributes.follow || follows,
                interrupted: false,
            },
        });
    }

    /// A fence's exit code is that of its last command, and it is the last that goes on; what may come next is
    /// its output.
    fn close(&mut self, snippet: usize, fence: &Fence, shows: Shows) {
        match self.scenario.steps.last_mut().filter(|step| step.snippet == Some(snippet)) {
            Some(step) => {
                step.conditions.exit = fence.attributes.exit;
                step.conditions.interrupted |= fence.attributes.follow;
                self.open = Some(Open { snippet, end: fence.range.end, shows });
            }
            None => self.open = None,
        }
    }

    pub(super) fn output(&mut self, fence: &Fence) {
        let Some(open) = self.open else { return };
        if let Some(name) = fence.attributes.of_a_command() {
            self.problem(messages::of_a_command(name), messages::of_a_command_help(), fence);
        }
        self.open = Some(Open { end: fence.range.end, shows: Shows::InBlock, ..open });
        let snippet = &mut self.scenario.snippets[open.snippet];
        snippet.output = Some(fence.range.clone());
        snippet.whole = snippet.commands > 1;
        if let Some(step) = self.last_command(open.snippet) {
            expect(step, expected(fence, &fence.lines));
            step.conditions.exit = step.conditions.exit.or(fence.attributes.exit);
        }
    }

    pub(super) fn transcript(&mut self, fence: &Fence, transcript: &Transcript) {
        let preface: Vec<Line> = fence.lines[..transcript.preface]
            .iter()
            .map(|line| without_margin(line, transcript.indent))
            .collect();
        self.preface(fence, &preface);
        let Some(first) = transcript.exchanges.first() else { return };
        let echoed = self.take_echo(&first.text);
        let snippet = match echoed {
            Some(snippet) => {
                self.scenario.snippets[snippet].output = Some(fence.range.clone());
                snippet
            }
            None => self.snippet(fence),
        };
        let mut shows = Shows::Nothing;
        for (number, exchange) in transcript.exchanges.iter().enumerate() {
            let prompt = Some(exchange.prompt.clone());
            if !(number == 0 && echoed.is_some()) {
                let lines = &fence.lines[exchange.lines.clone()];
                self.command(snippet, fence, lines, exchange.text.clone(), prompt);
            } else if let Some(step) = self.last_command(snippet) {
                if let Action::Command { prompt: own, .. } = &mut step.action {
                    *own = prompt;
                }
                step.conditions.timeout = step.conditions.timeout.or(fence.attributes.timeout);
            }
            let output: Vec<Line> = exchange
                .output
                .iter()
                .map(|&at| without_margin(&fence.lines[at], transcript.indent))
                .collect();
            let silent = output.iter().all(|line| line.text.trim().is_empty());
            shows = if silent { Shows::Nothing } else { Shows::InTranscript };
            if let Some(step) = self.last_command(snippet).filter(|_| !silent) {
                expect(step, expected(fence, &output));
            }
        }
        // A prompt that is left at the end says that nothing was printed.
        self.close(snippet, fence, shows);
    }

    /// What stands before the first prompt is what the command before the fence printed.
    fn preface(&mut self, fence: &Fence, lines: &[Line]) {
        let counts = |line: &Line| !script::is_blank_or_comment(&line.text);
        if !lines.iter().any(counts) {
            return;
        }
        match self.open.filter(|open| open.shows == Shows::Nothing && self.joins(fence, Join::Near)) {
            Some(open) => {
                if let Some(step) = self.last_command(open.snippet) {
                    expect(step, expected(fence, lines));
                }
            }
            None => {
                let range = self.first_line(fence);
                let reason = messages::before_prompt();
                self.scenario.not_run.push(NotRun { range, reason, commands: 1 });
            }
        }
    }

    pub(super) fn file(&mut self, fence: &Fence, path: String) {
        self.open = None;
        let snippet = self.snippet(fence);
        let mut text = String::new();
        for line in &fence.lines {
            text.push_str(&line.text);
            text.push('\n');
        }
        let step = Step::unseen(Action::File { path, text }, fence.range.clone());
        self.scenario.steps.push(Step { snippet: Some(snippet), ..step });
    }

    pub(super) fn directive(&mut self, action: Action, range: ByteRange) {
        // A secret is typed by the command before it: it must be ready when that command asks.
        let at = match (&action, self.open) {
            (Action::Secret(_), Some(open)) => {
                self.scenario.steps.iter().rposition(|step| step.snippet == Some(open.snippet))
            }
            _ => None,
        };
        let step = Step::unseen(action, range);
        match at {
            Some(at) => self.scenario.steps.insert(at, step),
            None => self.scenario.steps.push(step),
        }
    }

    /// Begins again: what was open is so no longer.
    pub(super) fn fresh(&mut self, range: ByteRange) {
        self.open = None;
        let begins_so = matches!(self.scenario.steps.last(), None | Some(Step { action: Action::Fresh, .. }));
        if !begins_so {
            self.scenario.steps.push(Step::unseen(Action::Fresh, range));
        }
    }
}
