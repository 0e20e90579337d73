//! One scenario in one sandbox.

mod command;
mod outcome;
mod standing;

use std::collections::{HashMap, VecDeque};
use std::path::PathBuf;
use std::time::{Duration, Instant};

use super::hint::hint;
use super::judge::{Place, judge};
use super::lack::{Judged, Lacks};
use super::verdict::{Failure, StepResult, Verdict};
use super::{Context, Pictures, Plan, Progress, picture};
use crate::markdown::HttpClaim;
use crate::matching::{Bindings, Supplied};
use crate::sandbox::{Answers, Ended, Error, Host, Sandbox, Shell, StepOutput, Until};
use crate::snippet::{Action, Form, Scenario, Step};
use crate::text::Source;
use command::Sight;
pub(super) use outcome::Outcome;

/// Between two attempts at something that is to become true.
const PAUSE: Duration = Duration::from_millis(200);

/// The alternatives that the run of a page leaves out: all but the first of each block.
pub(super) fn alternatives(scenario: &Scenario) -> Vec<usize> {
    let other = |step: &Step| {
        let skipped = step.snippet.is_some_and(|snippet| scenario.snippets[snippet].skip.is_some());
        !skipped && step.conditions.alternative.is_some_and(|number| number > 0)
    };
    (0..scenario.steps.len()).filter(|&at| other(&scenario.steps[at])).collect()
}

/// Runs a plan's prelude and its own steps, of alternatives the first, and removes the sandbox. What
/// goes wrong with it is said of the steps that it keeps from running.
pub(super) async fn run(
    plan: &Plan,
    sandbox: Sandbox,
    host: &Host,
    context: &Context,
    progress: &impl Fn(Progress),
) -> Outcome {
    let deadline = Deadline::new(context);
    let mut outcome = Outcome::default();
    let mut runner = Runner::new(sandbox, context, plan);
    let mut broken = deadline.hold(runner.prelude(plan)).await.err();
    for step in &plan.scenario.steps {
        let label = step.label();
        if step.conditions.alternative.is_some_and(|number| number > 0) {
            outcome.steps.push(result(&label, Verdict::Skipped("another alternative was run".into())));
            continue;
        }
        progress(Progress::Step(format!("{}  {}", plan.page, label.lines().next().unwrap_or_default())));
        let done = if step.action == Action::Fresh {
            match deadline.hold(host.sandbox(plan.workspace.as_ref())).await {
                Ok(sandbox) => {
                    let before = std::mem::replace(&mut runner, Runner::new(sandbox, context, plan));
                    before.end(&deadline, &mut outcome).await;
                    broken = None;
                    Ok(result(&label, Verdict::Pass))
                }
                Err(why) => Err(why),
            }
        } else {
            match &broken {
                None => deadline.hold(runner.step_or_skip(&plan.source, &plan.scenario, step)).await,
                Some(why) => Err(format!("not run: {why}")),
            }
        };
        outcome.steps.push(match done {
            Ok(done) => done,
            Err(why) => {
                broken.get_or_insert_with(|| why.clone());
                result(&label, Verdict::Error(why))
            }
        });
        if let Some(snippet) = runner.whole.take() {
            outcome.excuse(&plan.scenario, snippet, |line| runner.shows(step, line));
        }
        progress(Progress::StepDone(outcome.steps.last().map_or("", |step| step.verdict.word())));
    }
    let unasked = runner.secrets.len();
    runner.end(&deadline, &mut outcome).await;
    outcome.tell_of_unasked(&plan.scenario, unasked);
    outcome
}

/// Runs a plan up to one of its alternatives, and that one in place of the first; removes the sandbox.
pub(super) async fn run_alternative(
    plan: &Plan,
    chosen: usize,
    sandbox: Sandbox,
    context: &Context,
) -> StepResult {
    let group = plan.scenario.steps[chosen].snippet;
    let deadline = Deadline::new(context);
    let mut runner = Runner::new(sandbox, context, plan);
    let done = deadline.hold(async {
        runner.prelude(plan).await?;
        let begin = plan.scenario.steps[..chosen].iter().rposition(|step| step.action == Action::Fresh);
        for step in &plan.scenario.steps[begin.unwrap_or(0)..chosen] {
            let elsewhere =
                step.conditions.alternative.is_some_and(|number| number > 0 || step.snippet == group);
            if !elsewhere && step.action != Action::Fresh {
                runner.step_or_skip(&plan.source, &plan.scenario, step).await?;
            }
        }
        runner.step_or_skip(&plan.source, &plan.scenario, &plan.scenario.steps[chosen]).await
    });
    let done = done.await;
    runner.sandbox.remove().await;
    match done {
        Ok(done) => done,
        Err(why) => result(&plan.scenario.steps[chosen].label(), Verdict::Error(why)),
    }
}

/// When a page must be done.
struct Deadline {
    at: tokio::time::Instant,
    page_timeout: Duration,
}

impl Deadline {
    fn new(context: &Context) -> Self {
        Self { at: tokio::time::Instant::now() + context.page_timeout, page_timeout: context.page_timeout }
    }

    /// Waits for a part of a page's run; the error says in words why it is not done.
    async fn hold<T>(&self, part: impl Future<Output = Result<T, Error>>) -> Result<T, String> {
        match tokio::time::timeout_at(self.at, part).await {
            Ok(done) => done.map_err(|error| error.to_string()),
            Err(_) => Err(format!("the page's time is up ({} s)", self.page_timeout.as_secs())),
        }
    }
}

struct Runner<'a> {
    sandbox: Sandbox,
    /// The page's path in the book.
    page: String,
    /// The folder of the book's pages.
    content: PathBuf,
    /// The terminals by name; the page's first has none.
    shells: HashMap<Option<String>, Shell>,
    /// The terminal of the step that runs.
    terminal: Option<String>,
    context: &'a Context,
    bindings: Bindings,
    /// The steps so far, which supply values.
    so_far: Vec<Step>,
    secrets: VecDeque<String>,
    /// The prompt that the page shows as the reader's own.
    own_prompt: Option<Form>,
    /// Whether the page shows the open session with a prompt that is not the reader's own.
    has_own_prompt: bool,
    /// What the shells have said of background jobs.
    notices: Vec<String>,
    /// What the commands of the snippet have printed so far.
    printed: (Option<usize>, Vec<String>),
    /// The snippet whose output block was what all its commands printed.
    whole: Option<usize>,
    /// The steps that could not be found out.
    lacks: Lacks,
    /// The terminal whose shell has ended, and the snippet that it ended in.
    ended: Option<(Option<String>, Option<usize>)>,
}

impl<'a> Runner<'a> {
    fn new(sandbox: Sandbox, context: &'a Context, plan: &Plan) -> Self {
        Self {
            sandbox,
            page: plan.page.clone(),
            content: plan.content.clone(),
            shells: HashMap::new(),
            terminal: None,
            context,
            bindings: Bindings::default(),
            so_far: Vec::new(),
            secrets: VecDeque::new(),
            own_prompt: None,
            has_own_prompt: false,
            notices: Vec::new(),
            printed: (None, Vec::new()),
            whole: None,
            lacks: Lacks::default(),
            ended: None,
        }
    }

    /// Runs the steps of the pages that the plan goes on from; what they show is not judged again.
    async fn prelude(&mut self, plan: &Plan) -> Result<(), Error> {
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

    /// Says what the sandbox held, and removes it.
    async fn end(mut self, deadline: &Deadline, outcome: &mut Outcome) {
        let held = if self.sandbox.has_engine() {
            deadline.hold(self.engine()).await.unwrap_or_default()
        } else {
            ("local".into(), Vec::new())
        };
        outcome.add(held.0, held.1, &self.bindings);
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

    async fn step_or_skip(
        &mut self,
        source: &Source,
        scenario: &Scenario,
        step: &Step,
    ) -> Result<StepResult, Error> {
        if let Some(why) = step.snippet.and_then(|snippet| scenario.snippets[snippet].skip.as_ref()) {
            return Ok(result(&step.label(), Verdict::Skipped(why.clone())));
        }
        let began = Instant::now();
        self.forget_ended_shell(step);
        self.open_terminal(step.conditions.terminal.clone()).await?;
        self.so_far.push(step.clone());
        if step.snippet.is_some() && self.printed.0 != step.snippet {
            self.printed = (step.snippet, Vec::new());
        }
        let mut done = self.step(source, scenario, step).await?;
        let line = source.position(step.range.start).line;
        done.verdict = self.lacks.weigh(Judged { step, line, screen: &done.screen }, done.verdict);
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
    fn shell(&mut self) -> &mut Shell {
        self.shells.get_mut(&self.terminal).expect("step_or_skip opens each terminal before its first step")
    }

    /// The version of the engine inside and the images that it has.
    async fn engine(&mut self) -> Result<(String, Vec<(String, String)>), Error> {
        let script = "docker version --format '{{.Server.Version}}' && \
            docker image ls --digests --format '{{.Repository}}:{{.Tag}} {{.Digest}}'";
        let answer = self.sandbox.run(&["sh", "-c", script], &[]).await?;
        let text = String::from_utf8_lossy(&answer.output);
        let (version, listed) = text.split_once('\n').unwrap_or_default();
        let mut images: Vec<(String, String)> = listed
            .lines()
            .filter_map(|line| line.split_once(' '))
            .filter(|(_, digest)| digest.starts_with("sha256:"))
            .map(|(name, digest)| (name.to_owned(), digest.to_owned()))
            .collect();
        images.sort();
        Ok((version.trim().to_owned(), images))
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
                Ok(result("(secret)", Verdict::Pass))
            }
            Action::File { path, text } => self.file(path, text).await,
            Action::Http(claim) => self.http(claim).await,
            Action::Fresh => Ok(result("(fresh)", Verdict::Pass)),
        }
    }

    async fn type_in(
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
            self.ended = Some((self.terminal.clone(), self.so_far.last().and_then(|step| step.snippet)));
        }
        output
    }

    async fn hidden(&mut self, step: &Step, command: &str) -> StepResult {
        let rewritten = self.bindings.rewrite(command);
        if self.shell().session().is_some() {
            self.shell().leave_sessions().await;
        }
        let supplied = Supplied::default();
        let timeout = step.conditions.timeout.unwrap_or(self.context.timeout);
        let sight = Sight { first_line: 0, rewritten: &rewritten, supplied: &supplied, timeout };
        let output = self.type_in(&rewritten.text, VecDeque::new(), timeout, Until::End).await;
        let verdict =
            match judge(step, &output, self.sight(sight, Place::default()), &mut Bindings::default()) {
                // What a hidden command prints is not for the reader.
                Verdict::Drift(_) => Verdict::Pass,
                verdict => verdict,
            };
        StepResult { screen: output.screen, ..result(&rewritten.text, verdict) }
    }

    async fn wait(&mut self, command: &str) -> Result<StepResult, Error> {
        let command = self.bindings.rewrite(command).text;
        let script = format!(
            "{IN_SHELLS_FOLDER}\nuntil ( {command}\n) >/dev/null 2>&1 </dev/null; do sleep 0.1; done"
        );
        let seconds = self.context.timeout.as_secs_f64().to_string();
        let pid_file = self.shell().pid_file().to_owned();
        let answer =
            self.sandbox.run(&["timeout", &seconds, "bash", "-c", &script, "-", &pid_file], &[]).await?;
        Ok(result(
            &command,
            if answer.exit == 0 {
                Verdict::Pass
            } else {
                Verdict::Fail(Failure::TimedOut(self.context.timeout, None))
            },
        ))
    }

    async fn file(&mut self, path: &str, text: &str) -> Result<StepResult, Error> {
        let script = format!("{IN_SHELLS_FOLDER} && mkdir -p -- \"$(dirname -- \"$2\")\" && cat > \"$2\"");
        let pid_file = self.shell().pid_file().to_owned();
        let answer =
            self.sandbox.run(&["bash", "-c", &script, "-", &pid_file, path], text.as_bytes()).await?;
        let verdict = match answer.exit {
            0 => Verdict::Pass,
            code => {
                Verdict::Error(format!("the file could not be written in the sandbox (exit code {code})"))
            }
        };
        Ok(result(path, verdict))
    }

    async fn http(&mut self, claim: &HttpClaim) -> Result<StepResult, Error> {
        Ok(match super::http::ask(&self.sandbox, claim).await? {
            None => result(&claim.url, self.picture(claim).await),
            Some(unmet) => StepResult {
                screen: unmet.screen,
                ..result(&claim.url, Verdict::Fail(Failure::Claim(unmet.why)))
            },
        })
    }

    /// Takes the picture that a claim asks for, if pictures are taken.
    async fn picture(&mut self, claim: &HttpClaim) -> Verdict {
        let Some(name) = claim.picture.as_ref().filter(|_| self.context.pictures == Pictures::Take) else {
            return Verdict::Pass;
        };
        let Some(file) = picture::place(&self.content, &self.page, name) else {
            return Verdict::Error(format!("the picture {name} would lie outside of the book"));
        };
        match picture::take(&self.sandbox, claim, &file).await {
            Ok(_) => Verdict::Pass,
            Err(problem) => Verdict::Error(problem.message),
        }
    }
}

/// Enters the folder that the shell is in whose process file is the first argument.
const IN_SHELLS_FOLDER: &str = "cd \"/proc/$(cat \"$1\")/cwd\"";

fn result(ran: &str, verdict: Verdict) -> StepResult {
    StepResult {
        ran: ran.to_owned(),
        screen: Vec::new(),
        exit: None,
        verdict,
        attempts: 1,
        took: Duration::ZERO,
        frames: Vec::new(),
    }
}
