//! One scenario in one sandbox.

use std::collections::{HashMap, VecDeque};
use std::path::PathBuf;
use std::time::{Duration, Instant};

use super::judge::{Bench, has_appeared, judge, judge_prompt};
use super::verdict::{Failure, PageResult, Remark, StepResult, Verdict};
use super::{Context, Pictures, Plan, Progress, picture};
use crate::diagnostic::Source;
use crate::markdown::HttpClaim;
use crate::matching::{Bindings, Supplied};
use crate::sandbox::{Answers, Ended, Error, Sandbox, Shell, StepOutput, Until};
use crate::snippet::{Action, Scenario, Step};

/// A command that goes on and shows nothing to wait for must stay alive this long.
const GRACE: Duration = Duration::from_secs(1);
/// Between two attempts at something that is to become true.
const PAUSE: Duration = Duration::from_millis(200);

/// What came of a run, before it is joined with its plan.
pub(super) struct Outcome {
    steps: Vec<StepResult>,
    bindings: Bindings,
    engine: String,
    images: Vec<(String, String)>,
}

impl Outcome {
    /// Whether something kept a step from being judged: perhaps the sandbox went away under the page.
    pub(super) fn is_broken(&self) -> bool {
        self.steps.iter().any(|step| matches!(step.verdict, Verdict::Error(_)))
    }

    /// Puts in the result of an alternative.
    pub(super) fn set(&mut self, step: usize, result: StepResult) {
        self.steps[step] = result;
    }

    pub(super) fn into_result(self, plan: Plan, took: Duration) -> PageResult {
        let bindings = self.bindings.pairs().into_iter().map(|(a, b)| (a.to_owned(), b.to_owned())).collect();
        PageResult {
            bindings,
            engine: self.engine,
            images: self.images,
            took: Some(took),
            ..PageResult::bare(plan, self.steps)
        }
    }
}

/// The alternatives that the run of a page leaves out: all but the first of each block.
pub(super) fn alternatives(scenario: &Scenario) -> Vec<usize> {
    let other = |step: &Step| {
        let skipped = step.snippet.is_some_and(|snippet| scenario.snippets[snippet].skip.is_some());
        !skipped && step.conditions.alternative.is_some_and(|number| number > 0)
    };
    (0..scenario.steps.len()).filter(|&at| other(&scenario.steps[at])).collect()
}

/// Runs a plan's prelude and its own steps, of alternatives the first. What goes wrong with the
/// sandbox is said of the steps that it keeps from running.
pub(super) async fn run(
    plan: &Plan,
    sandbox: &Sandbox,
    context: &Context,
    progress: &impl Fn(Progress),
) -> Outcome {
    let deadline = Deadline::new(context);
    let mut steps: Vec<StepResult> = Vec::with_capacity(plan.scenario.steps.len());
    let mut outcome = Outcome {
        steps: Vec::new(),
        bindings: Bindings::default(),
        engine: String::new(),
        images: Vec::new(),
    };
    let begun = deadline.hold(async {
        let mut runner = Runner::new(sandbox, context, plan).await?;
        runner.prelude(plan).await?;
        Ok(runner)
    });
    let mut runner = begun.await;
    for step in &plan.scenario.steps {
        let label = step.label();
        if step.conditions.alternative.is_some_and(|number| number > 0) {
            steps.push(result(&label, Verdict::Skipped("another alternative was run".into())));
            continue;
        }
        progress(Progress::Step(format!("{}  {}", plan.page, label.lines().next().unwrap_or_default())));
        let done = match &mut runner {
            Ok(runner) => deadline.hold(runner.step_or_skip(&plan.source, &plan.scenario, step)).await,
            Err(why) => Err(format!("not run: {why}")),
        };
        steps.push(match done {
            Ok(done) => done,
            Err(why) => {
                if runner.is_ok() {
                    runner = Err(why.clone());
                }
                result(&label, Verdict::Error(why))
            }
        });
        progress(Progress::StepDone(steps.last().map_or("", |step| step.verdict.word())));
    }
    if let Ok(mut runner) = runner {
        if !sandbox.has_engine() {
            outcome.engine = "local".into();
        } else if let Ok((engine, images)) = deadline.hold(runner.engine()).await {
            (outcome.engine, outcome.images) = (engine, images);
        }
        outcome.bindings = runner.bindings;
    }
    outcome.steps = steps;
    outcome
}

/// Runs a plan up to one of its alternatives, and that one in place of the first.
pub(super) async fn run_alternative(
    plan: &Plan,
    chosen: usize,
    sandbox: &Sandbox,
    context: &Context,
) -> StepResult {
    let group = plan.scenario.steps[chosen].snippet;
    let deadline = Deadline::new(context);
    let done = deadline.hold(async {
        let mut runner = Runner::new(sandbox, context, plan).await?;
        runner.prelude(plan).await?;
        for step in &plan.scenario.steps[..chosen] {
            let elsewhere =
                step.conditions.alternative.is_some_and(|number| number > 0 || step.snippet == group);
            if !elsewhere {
                runner.step_or_skip(&plan.source, &plan.scenario, step).await?;
            }
        }
        runner.step_or_skip(&plan.source, &plan.scenario, &plan.scenario.steps[chosen]).await
    });
    match done.await {
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
    sandbox: &'a Sandbox,
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
}

impl<'a> Runner<'a> {
    async fn new(sandbox: &'a Sandbox, context: &'a Context, plan: &Plan) -> Result<Self, Error> {
        let shells = HashMap::from([(None, sandbox.shell().await?)]);
        let (bindings, secrets) = (Bindings::default(), VecDeque::new());
        let (page, content) = (plan.page.clone(), plan.content.clone());
        let so_far = Vec::new();
        Ok(Self { sandbox, page, content, shells, terminal: None, context, bindings, so_far, secrets })
    }

    /// Runs the steps of the pages that the plan goes on from; what they show is not judged again.
    async fn prelude(&mut self, plan: &Plan) -> Result<(), Error> {
        for (source, scenario) in &plan.prelude {
            for step in &scenario.steps {
                if step.conditions.alternative.is_none_or(|number| number == 0) {
                    self.step_or_skip(source, scenario, step).await?;
                }
            }
        }
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
        self.terminal.clone_from(&step.conditions.terminal);
        if !self.shells.contains_key(&self.terminal) {
            self.shells.insert(self.terminal.clone(), self.sandbox.shell().await?);
        }
        self.so_far.push(step.clone());
        let result = self.step(source, step).await?;
        Ok(StepResult { took: began.elapsed(), ..result })
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

    async fn step(&mut self, source: &Source, step: &Step) -> Result<StepResult, Error> {
        match &step.action {
            Action::Command { text, prompt } => Ok(self.command(source, step, text, prompt.as_deref()).await),
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

    async fn command(
        &mut self,
        source: &Source,
        step: &Step,
        text: &str,
        prompt: Option<&str>,
    ) -> StepResult {
        let timeout = step.conditions.timeout.unwrap_or(self.context.timeout);
        let rewritten = self.bindings.rewrite(text);
        let first_line = step.expected.as_ref().and_then(|expected| expected.lines.first());
        let place = first_line.map_or(step.range.start, |line| line.range.start);
        let supplied = Supplied::of(&self.so_far);
        let bench = Bench {
            supplied: &supplied,
            elisions: &self.context.elisions,
            first_line: source.position(place).line,
            words: &rewritten.words,
            timeout,
        };
        let mut left = None;
        let session = self.shell().session().map(|session| session.prompt.clone());
        match prompt {
            Some(prompt) => {
                // Typed at another prompt it would be another command.
                if let Err(failure) = judge_prompt(prompt, session.as_deref(), bench, &mut self.bindings) {
                    return result(&rewritten.text, Verdict::Fail(failure));
                }
            }
            None if self.belongs_outside(text) => {
                left = session;
                if left.is_some() {
                    self.shell().leave_sessions().await;
                }
            }
            None => {}
        }
        let deadline = step.conditions.retry.map(|retry| Instant::now() + retry);
        loop {
            let mut bindings = self.bindings.clone();
            let heard = self.listen(step, &rewritten.text, bench).await;
            let verdict = judge(step, &heard, bench, &mut bindings);
            if !verdict.is_good() && deadline.is_some_and(|deadline| Instant::now() < deadline) {
                tokio::time::sleep(PAUSE).await;
                continue;
            }
            self.bindings = bindings;
            let exit = match heard.ended {
                Ended::Exited(code) => Some(code),
                _ => None,
            };
            let verdict = match left {
                Some(prompt) => with_remark(verdict, Remark::LeftSession(prompt)),
                None => verdict,
            };
            return StepResult {
                ran: rewritten.text,
                screen: heard.screen,
                exit,
                verdict,
                took: Duration::ZERO,
                frames: heard.frames,
            };
        }
    }

    /// Whether a command of a plain fence cannot be meant for the session that is open.
    fn belongs_outside(&self, text: &str) -> bool {
        let program = text.split_whitespace().next().unwrap_or_default();
        self.context.bare.iter().any(|bare| bare == program)
    }

    async fn listen(&mut self, step: &Step, command: &str, bench: Bench<'_>) -> StepOutput {
        match (&step.expected, step.conditions.follows) {
            (_, false) => self.type_in(command, bench.timeout, Until::End).await,
            (None, true) => self.type_in(command, bench.timeout, Until::Alive(GRACE)).await,
            (Some(expected), true) => {
                let bindings = self.bindings.clone();
                let mut appeared = move |screen: &[String]| has_appeared(expected, screen, bench, &bindings);
                self.type_in(command, bench.timeout, Until::Satisfied(&mut appeared)).await
            }
        }
    }

    async fn type_in(&mut self, command: &str, timeout: Duration, until: Until<'_>) -> StepOutput {
        let shell = self
            .shells
            .get_mut(&self.terminal)
            .expect("step_or_skip opens each terminal before its first step");
        let mut answers = Answers { secrets: std::mem::take(&mut self.secrets), shown: Default::default() };
        let output = shell.type_in(command, &mut answers, timeout, until).await;
        self.secrets = answers.secrets;
        output
    }

    async fn hidden(&mut self, step: &Step, command: &str) -> StepResult {
        let command = self.bindings.rewrite(command).text;
        if self.shell().session().is_some() {
            self.shell().leave_sessions().await;
        }
        let timeout = step.conditions.timeout.unwrap_or(self.context.timeout);
        let heard = self.type_in(&command, timeout, Until::End).await;
        let elisions = &self.context.elisions;
        let supplied = Supplied::default();
        let bench = Bench { elisions, first_line: 0, words: &[], supplied: &supplied, timeout };
        let verdict = judge(step, &heard, bench, &mut self.bindings);
        StepResult {
            ran: command,
            screen: heard.screen,
            exit: None,
            verdict,
            took: Duration::ZERO,
            frames: Vec::new(),
        }
    }

    async fn wait(&mut self, command: &str) -> Result<StepResult, Error> {
        let command = self.bindings.rewrite(command).text;
        let script = format!(
            "{}\nuntil ( {command}\n) >/dev/null 2>&1 </dev/null; do sleep 0.1; done",
            self.in_shells_folder()
        );
        let seconds = self.context.timeout.as_secs().to_string();
        let answer = self.sandbox.run(&["timeout", &seconds, "bash", "-c", &script], &[]).await?;
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
        let script =
            format!("{} && mkdir -p -- \"$(dirname -- \"$1\")\" && cat > \"$1\"", self.in_shells_folder());
        let answer = self.sandbox.run(&["bash", "-c", &script, "-", path], text.as_bytes()).await?;
        let verdict = match answer.exit {
            0 => Verdict::Pass,
            code => {
                Verdict::Error(format!("the file could not be written in the sandbox (exit code {code})"))
            }
        };
        Ok(result(path, verdict))
    }

    async fn http(&mut self, claim: &HttpClaim) -> Result<StepResult, Error> {
        Ok(match super::http::ask(self.sandbox, claim).await? {
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
        match picture::take(self.sandbox, claim, &file).await {
            Ok(_) => Verdict::Pass,
            Err(problem) => Verdict::Error(problem.message),
        }
    }

    /// A command that enters the folder that the shell is in.
    fn in_shells_folder(&mut self) -> String {
        format!("cd \"/proc/$(cat '{}')/cwd\"", self.shell().pid_file())
    }
}

fn result(ran: &str, verdict: Verdict) -> StepResult {
    StepResult {
        ran: ran.to_owned(),
        screen: Vec::new(),
        exit: None,
        verdict,
        took: Duration::ZERO,
        frames: Vec::new(),
    }
}

fn with_remark(verdict: Verdict, remark: Remark) -> Verdict {
    match verdict {
        Verdict::Pass => Verdict::Drift(vec![remark]),
        Verdict::Drift(mut remarks) => {
            remarks.push(remark);
            Verdict::Drift(remarks)
        }
        other => other,
    }
}
