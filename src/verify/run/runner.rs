//! One scenario's steps in one sandbox, one after the other.

use std::collections::{HashMap, VecDeque};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::context::RunContext;
use super::deadline::Deadline;
use super::outcome::Outcome;
use super::shown_files::shown_files;
use crate::matching::{Bindings, Supplied};
use crate::messages::Message;
use crate::repository::Workspace;
use crate::sandbox::{Answers, Ended, Error, Sandbox, Shell, StepOutput, Until};
use crate::snippet::{Action, Form, Scenario, Step, may_open_session};
use crate::text::Source;
use crate::verify::hint::hint;
use crate::verify::plan::Plan;
use crate::verify::result::StepResult;
use crate::verify::unresolved::{JudgedStep, UnresolvedSteps};
use crate::verify::verdict::Verdict;

/// What runs a scenario, with what it has learned so far.
pub(super) struct Runner<'a> {
    pub(super) sandbox: Sandbox,
    /// The page's path in the book.
    pub(super) page: String,
    /// The commands so far.
    commands: Vec<String>,
    /// The repository's files that the page finds.
    workspace: Option<Workspace>,
    /// The folder of the book's pages.
    pub(super) content: PathBuf,
    /// The terminals by name; the page's first has none.
    pub(super) shells: HashMap<Option<String>, Shell>,
    /// The terminal of the step that runs.
    pub(super) terminal: Option<String>,
    pub(super) context: &'a RunContext,
    pub(super) bindings: Bindings,
    /// What the steps so far supply.
    pub(super) supplied: Arc<Supplied>,
    /// The snippet of the step that runs.
    pub(super) snippet: Option<usize>,
    pub(super) secrets: VecDeque<String>,
    /// The prompt that the page shows as the reader's own.
    pub(super) own_prompt: Option<Form>,
    /// Whether the page shows the open session with a prompt that is not the reader's own.
    pub(super) has_own_prompt: bool,
    /// Whether a command so far, run or skipped, may have opened another program's prompt.
    pub(super) may_have_opened: bool,
    /// What the shells have said of background jobs.
    pub(super) notices: Vec<String>,
    /// Those of them that say that a job has failed, each with the number of its step.
    pub(super) failed_jobs: Vec<(usize, String)>,
    /// What the commands of the snippet have printed so far.
    pub(super) printed: (Option<usize>, Vec<String>),
    /// The snippet whose output block was what all its commands printed.
    pub(super) whole: Option<usize>,
    /// The steps that could not be found out.
    pub(super) unresolved: UnresolvedSteps,
    /// The terminal whose shell has ended, and the snippet that it ended in.
    pub(super) ended: Option<(Option<String>, Option<usize>)>,
}

impl<'a> Runner<'a> {
    pub(super) fn new(sandbox: Sandbox, context: &'a RunContext, plan: &Plan) -> Self {
        Self {
            sandbox,
            page: plan.page.clone(),
            commands: Vec::new(),
            workspace: plan.workspace.clone(),
            content: plan.content.clone(),
            shells: HashMap::new(),
            terminal: None,
            context,
            bindings: Bindings::default(),
            supplied: Arc::default(),
            snippet: None,
            secrets: VecDeque::new(),
            own_prompt: None,
            has_own_prompt: false,
            may_have_opened: false,
            notices: Vec::new(),
            failed_jobs: Vec::new(),
            printed: (None, Vec::new()),
            whole: None,
            unresolved: UnresolvedSteps::default(),
            ended: None,
        }
    }

    /// Runs the steps of the pages that the plan goes on from; what they show is not judged again.
    pub(super) async fn prelude(&mut self, plan: &Plan) -> Result<(), Error> {
        self.open_terminal(None).await?;
        let mut steps = Vec::new();
        for (source, scenario) in &plan.prelude {
            for step in &scenario.steps {
                match step.action {
                    // Where a page begins again, nothing of before is left.
                    Action::Fresh => steps.clear(),
                    _ if step.conditions.alternative.is_some_and(|number| number > 0) => {}
                    _ => steps.push((source, scenario, step)),
                }
            }
        }
        for (source, scenario, step) in steps {
            self.step_or_skip(source, scenario, step).await?;
        }
        Ok(())
    }

    /// Reports what the sandbox contained, and removes it.
    pub(super) async fn end(mut self, deadline: &Deadline, outcome: &mut Outcome) {
        let version = if self.sandbox.has_engine() {
            deadline.limit(self.engine_version()).await.unwrap_or_default()
        } else {
            "local".into()
        };
        outcome.add(version, &self.bindings);
        self.failed_jobs.retain(|(_, notice)| self.notices.contains(notice));
        outcome.report_failed_jobs(std::mem::take(&mut self.failed_jobs));
        outcome.add_images(self.sandbox.images().await);
        self.shells.clear();
        self.sandbox.remove().await;
    }

    async fn open_terminal(&mut self, name: Option<String>) -> Result<(), Error> {
        if !self.shells.contains_key(&name) {
            self.shells.insert(name.clone(), self.sandbox.shell().await?);
        }
        self.terminal = name;
        Ok(())
    }

    pub(super) async fn step_or_skip(
        &mut self,
        source: &Source,
        scenario: &Scenario,
        step: &Step,
    ) -> Result<StepResult, Error> {
        let result = self.judged_or_skipped(source, scenario, step).await;
        self.may_have_opened |= may_open_session(&step.label());
        result
    }

    async fn judged_or_skipped(
        &mut self,
        source: &Source,
        scenario: &Scenario,
        step: &Step,
    ) -> Result<StepResult, Error> {
        if let Some(skip) = step.snippet.and_then(|snippet| scenario.snippets[snippet].skip.as_ref()) {
            return Ok(StepResult::new(step.label(), Verdict::Skipped(Message::verbatim(skip))));
        }
        let began = Instant::now();
        self.forget_ended_shell(step);
        self.open_terminal(step.conditions.terminal.clone()).await?;
        if let Some(supply) = step.supply() {
            let supplied = Arc::make_mut(&mut self.supplied);
            supplied.add(supply);
            if let Some(workspace) = self.workspace.as_ref().filter(|_| !step.in_session()) {
                // A command that names a file and does not only show it may have changed it.
                let is_changed = |file: &str| {
                    let mut named = self.commands.iter().filter(|earlier| earlier.contains(file));
                    named.any(|earlier| shown_files(earlier).all(|shown| shown != file))
                };
                let files = shown_files(supply.text).filter(|file| !is_changed(file));
                files.filter_map(|file| workspace.text(file)).for_each(|text| supplied.add_file(text));
                self.commands.push(supply.text.to_owned());
            }
        }
        self.snippet = step.snippet;
        if step.snippet.is_some() && self.printed.0 != step.snippet {
            self.printed = (step.snippet, Vec::new());
        }
        let mut done = self.step(source, scenario, step).await?;
        let line = source.position(step.range.start).line;
        done.verdict = self.unresolved.adjust(JudgedStep { step, line, screen: &done.screen }, done.verdict);
        if let Verdict::Fail(failure) = done.verdict {
            let hint = hint(source, scenario, step, &done.screen);
            done.verdict = Verdict::Fail(failure.with_hint(hint));
        }
        Ok(StepResult { took: began.elapsed(), ..done })
    }

    /// Whose terminal has closed opens another: the block after the one that ended the shell has a new one.
    fn forget_ended_shell(&mut self, step: &Step) {
        if let Some((terminal, _)) = self.ended.take_if(|(_, snippet)| *snippet != step.snippet) {
            self.shells.remove(&terminal);
        }
    }

    /// The terminal of the step that runs.
    pub(super) fn shell(&mut self) -> &mut Shell {
        self.shells.get_mut(&self.terminal).expect("step_or_skip opens each terminal before its first step")
    }

    /// The version of the engine inside.
    async fn engine_version(&mut self) -> Result<String, Error> {
        let command = ["docker", "version", "--format", "{{.Server.Version}}"];
        let answer = self.sandbox.run(&command, &[]).await?;
        Ok(String::from_utf8_lossy(&answer.output).trim().to_owned())
    }

    async fn step(&mut self, source: &Source, scenario: &Scenario, step: &Step) -> Result<StepResult, Error> {
        match &step.action {
            Action::Command { text, prompt } => {
                let whole = step.snippet.filter(|&snippet| scenario.snippets[snippet].whole);
                Ok(self.command(source, step, text, prompt.as_deref(), whole).await)
            }
            Action::Hidden(command) => Ok(self.hidden(step, command).await),
            Action::Wait(command) => self.wait(command).await,
            Action::Secret(answer) => {
                self.secrets.push_back(answer.clone());
                Ok(StepResult::new("(secret)", Verdict::Pass))
            }
            Action::File { path, text } => self.file(path, text).await,
            Action::Http(claim) => self.http(claim).await,
            Action::Fresh => Ok(StepResult::new("(fresh)", Verdict::Pass)),
        }
    }

    pub(super) async fn type_in(
        &mut self,
        command: &str,
        shown: VecDeque<String>,
        timeout: Duration,
        until: Until<'_>,
    ) -> StepOutput {
        let mut answers = Answers { secrets: std::mem::take(&mut self.secrets), shown };
        let output = self.shell().type_in(command, &mut answers, timeout, until).await;
        self.secrets = answers.secrets;
        if output.ended == Ended::Gone && self.ended.is_none() {
            self.ended = Some((self.terminal.clone(), self.snippet));
        }
        output
    }
}
