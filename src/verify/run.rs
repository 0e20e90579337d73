//! One scenario in one sandbox.

use std::collections::{HashMap, VecDeque};
use std::path::PathBuf;
use std::time::{Duration, Instant};

use super::hint::hint;
use super::judge::{self, Place, awaits_notices, has_appeared, judge, judge_prompt};
use super::lack::{Judged, Lacks};
use super::screen;
use super::verdict::{Failure, PageResult, Remark, StepResult, Verdict};
use super::{Context, Pictures, Plan, Progress, picture};
use crate::diagnostic::Source;
use crate::markdown::HttpClaim;
use crate::matching::{Bindings, End, Rewritten, Rules, Supplied, agrees};
use crate::sandbox::{Answers, Ended, Error, Host, Sandbox, Session, Shell, StepOutput, Until};
use crate::snippet::{Action, Form, Order, Prompt, Scenario, Step};

/// A command that goes on and shows nothing to wait for must stay alive this long.
const GRACE: Duration = Duration::from_secs(1);
/// Between two attempts at something that is to become true.
const PAUSE: Duration = Duration::from_millis(200);
/// How long the shell is waited for to say that a background job has ended.
const NOTICES_WITHIN: Duration = Duration::from_secs(3);

/// What came of a run, before it is joined with its plan.
#[derive(Default)]
pub(super) struct Outcome {
    steps: Vec<StepResult>,
    bindings: Vec<(String, String)>,
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
        PageResult {
            bindings: self.bindings,
            engine: self.engine,
            images: self.images,
            took: Some(took),
            ..PageResult::bare(plan, self.steps)
        }
    }

    /// A part of the page's output block was what all commands of its snippet print: those before, whose
    /// errors it shows, are true, too. `shows` says whether the block shows a line.
    fn excuse(&mut self, scenario: &Scenario, snippet: usize, shows: impl Fn(&String) -> bool) {
        for (step, done) in scenario.steps.iter().zip(&mut self.steps) {
            let last = done.screen.iter().rev().find(|line| !line.trim().is_empty());
            if step.snippet == Some(snippet)
                && matches!(done.verdict, Verdict::Fail(Failure::Exit { .. }) | Verdict::Drift(_))
                && last.is_some_and(&shows)
            {
                done.verdict = Verdict::Pass;
            }
        }
    }

    /// An answer that nothing asked for is a mistake of the page: the last so many were not.
    fn tell_of_unasked(&mut self, scenario: &Scenario, count: usize) {
        let secrets = scenario.steps.iter().zip(&mut self.steps).rev();
        for (_, done) in secrets.filter(|(step, _)| matches!(step.action, Action::Secret(_))).take(count) {
            if done.verdict == Verdict::Pass {
                done.verdict = Verdict::Error("nothing asked for this answer".into());
            }
        }
    }

    /// What a sandbox held at its end; the page may have had several.
    fn add(&mut self, engine: String, images: Vec<(String, String)>, bindings: &Bindings) {
        if !engine.is_empty() {
            self.engine = engine;
        }
        self.images.extend(images);
        self.images.sort();
        self.images.dedup();
        let pairs = bindings.pairs();
        self.bindings
            .extend(pairs.into_iter().map(|(example, value)| (example.to_owned(), value.to_owned())));
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
        for (source, scenario) in &plan.prelude {
            for step in &scenario.steps {
                let runs = step.conditions.alternative.is_none_or(|number| number == 0);
                if runs && step.action != Action::Fresh {
                    self.step_or_skip(source, scenario, step).await?;
                }
            }
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

    async fn command(
        &mut self,
        source: &Source,
        step: &Step,
        text: &str,
        prompt: Option<&str>,
        whole: Option<usize>,
    ) -> StepResult {
        let rewritten = self.bindings.rewrite(text);
        let supplied = Supplied::of(&self.so_far);
        let first_line = step.expected.as_ref().and_then(|expected| expected.lines.first());
        let place = first_line.map_or(step.range.start, |line| line.range.start);
        let sight = Sight {
            first_line: source.position(place).line,
            rewritten: &rewritten,
            supplied: &supplied,
            timeout: step.conditions.timeout.unwrap_or(self.context.timeout),
        };
        self.has_own_prompt &= self.shell().session().is_some();
        let left = match self.stand_at(text, prompt, sight).await {
            Ok(left) => left,
            Err(failure) => return result(&rewritten.text, Verdict::Fail(failure)),
        };
        let deadline = step.conditions.retry.map(|retry| Instant::now() + retry);
        let mut attempts = 0;
        loop {
            attempts += 1;
            let mut bindings = self.bindings.clone();
            let at = self.place();
            let output = self.listen(step, sight).await;
            let (output, verdict) = self.judged(step, output, sight, at, whole, &mut bindings).await;
            if !verdict.is_good() && deadline.is_some_and(|deadline| Instant::now() < deadline) {
                tokio::time::sleep(PAUSE).await;
                continue;
            }
            self.bindings = bindings;
            self.forget_notices(step);
            if changes_prompt(text) && self.shell().session().is_none() {
                self.own_prompt = None;
            }
            let exit = match output.ended {
                Ended::Exited(code) => Some(code),
                _ => None,
            };
            let again =
                (attempts > 1 && screen::changes_the_world(text)).then_some(Remark::Attempts(attempts));
            let verdict =
                [left.map(Remark::LeftSession), again].into_iter().flatten().fold(verdict, with_remark);
            return StepResult {
                ran: rewritten.text,
                screen: output.screen,
                exit,
                verdict,
                attempts,
                took: Duration::ZERO,
                frames: output.frames,
            };
        }
    }

    /// Judges what came of a command; what the shell has still to say of jobs is waited for. The block of
    /// a snippet of several commands is what the last one prints, or what all of them print.
    async fn judged(
        &mut self,
        step: &Step,
        mut output: StepOutput,
        sight: Sight<'_>,
        at: At,
        whole: Option<usize>,
        bindings: &mut Bindings,
    ) -> (StepOutput, Verdict) {
        self.notices.extend(output.screen.iter().filter(|line| screen::is_notice(line)).cloned());
        let prompt = self.shell().session().map(|session| session.prompt.clone());
        self.hear_notices(step, sight, at).await;
        let before = bindings.clone();
        let place = Place { prompt: prompt.as_deref(), ..at.place(&self.sandbox) };
        let verdict = judge(step, &output, self.sight(sight, place), bindings);
        self.printed.1.extend(output.screen.iter().cloned());
        let (Some(snippet), false, Some(_)) = (whole, verdict.is_good(), &step.expected) else {
            return (output, verdict);
        };
        let all = StepOutput { screen: self.printed.1.clone(), ..output.clone() };
        let mut tried = before;
        let judged = judge(step, &all, self.sight(sight, place), &mut tried);
        if judged.is_good() || agreement(&judged) > agreement(&verdict) {
            self.whole = judged.is_good().then_some(snippet);
            *bindings = tried;
            output.screen = all.screen;
            return (output, judged);
        }
        (output, verdict)
    }

    /// Whether the output block of a step has a line that is this one, and no elision.
    fn shows(&self, step: &Step, line: &String) -> bool {
        let supplied = Supplied::of(&self.so_far);
        let rules = Rules {
            elisions: &self.context.elisions,
            order: Order::Listed,
            end: End::Closed,
            words: &[],
            supplied: &supplied,
            failed: false,
        };
        let lines = step.expected.iter().flat_map(|expected| &expected.lines).map(|line| line.text.as_str());
        let mut literal = lines.filter(|line| !self.context.elisions.is(line));
        literal.any(|shown| agrees(&[shown], std::slice::from_ref(line), rules, &self.bindings))
    }

    /// What the page shows of jobs has been told: each of it was said once.
    fn forget_notices(&mut self, step: &Step) {
        for line in step.expected.iter().flat_map(|expected| &expected.lines) {
            let same = |notice: &String| notice.split_whitespace().eq(line.text.split_whitespace());
            if let Some(at) = self.notices.iter().position(same) {
                self.notices.remove(at);
            }
        }
    }

    /// Lets the shell say what it has to say of jobs, if the page shows it and it has not come.
    async fn hear_notices(&mut self, step: &Step, sight: Sight<'_>, at: At) {
        let deadline = Instant::now() + NOTICES_WITHIN;
        while awaits_notices(step, self.sight(sight, at.place(&self.sandbox)))
            && self.shell().session().is_none()
            && Instant::now() < deadline
        {
            tokio::time::sleep(PAUSE).await;
            // The reader presses Enter.
            let output = self.type_in("", VecDeque::new(), sight.timeout, Until::End).await;
            self.notices.extend(output.screen.into_iter().filter(|line| screen::is_notice(line)));
        }
    }

    fn sight<'s>(&'s self, sight: Sight<'s>, place: Place<'s>) -> judge::Context<'s> {
        judge::Context {
            elisions: &self.context.elisions,
            first_line: sight.first_line,
            words: &sight.rewritten.words,
            supplied: sight.supplied,
            timeout: sight.timeout,
            notices: &self.notices,
            place,
        }
    }

    /// Where the next command is typed.
    fn place(&mut self) -> At {
        let session = self.shell().session();
        At {
            program: session.is_some_and(|session| !session.is_shell()),
            elsewhere: session.is_some_and(|session| session.elsewhere),
        }
    }

    /// Whether the reader stands where the page has the command typed. A command that cannot be meant for
    /// the session that is open leaves it; the prompt that was left is returned.
    ///
    /// # Errors
    /// When the reader stands elsewhere: there it would be another command.
    async fn stand_at(
        &mut self,
        text: &str,
        prompt: Option<&str>,
        sight: Sight<'_>,
    ) -> Result<Option<String>, Failure> {
        let session = self.shell().session().cloned();
        let stands = match (prompt, &session) {
            (Some(shown), Some(session)) => self.is_at_session(shown, session, sight),
            (Some(shown), None) => self
                .is_own(shown)
                .then_some(())
                .ok_or_else(|| Failure::Prompt { expected: shown.to_owned(), actual: None }),
            (None, Some(_)) if self.belongs_outside(text) => Err(Failure::Incomplete),
            (None, _) => Ok(()),
        };
        let (Err(failure), Some(session)) = (stands.as_ref(), session) else { return stands.map(|()| None) };
        let own =
            prompt.is_none_or(|shown| matches!(Prompt::any(shown), Some(Prompt { form: Form::Mark(_), .. })));
        if !(own && self.belongs_outside(text)) {
            return Err(failure.clone());
        }
        self.shell().leave_sessions().await;
        Ok(Some(session.prompt))
    }

    /// Whether a prompt is that of the session that is open.
    fn is_at_session(&mut self, shown: &str, session: &Session, sight: Sight<'_>) -> Result<(), Failure> {
        let form = Prompt::any(shown).map(|prompt| prompt.form);
        let reader_s = match &form {
            Some(Form::Mark(_)) => true,
            Some(form) => self.own_prompt.as_ref().is_some_and(|own| own.continues(form)),
            None => false,
        };
        // Another shell of the reader's shows the reader's own prompt, unless the page shows another.
        if reader_s && session.is_shell() && !session.elsewhere && !self.has_own_prompt {
            return Ok(());
        }
        let mut bindings = self.bindings.clone();
        let context = self.sight(sight, Place::default());
        judge_prompt(shown, Some(&session.prompt), context, &mut bindings)?;
        self.bindings = bindings;
        self.has_own_prompt |= !reader_s;
        Ok(())
    }

    /// Whether a prompt is the reader's own: the same on the whole page, and not that of a container.
    fn is_own(&mut self, shown: &str) -> bool {
        let Some(form) = Prompt::any(shown).map(|prompt| prompt.form) else { return false };
        if matches!(form, Form::Program(_)) || form.is_container() {
            return false;
        }
        match (&self.own_prompt, &form) {
            (_, Form::Mark(_)) => {
                self.own_prompt.get_or_insert(form);
                true
            }
            (None, _) => {
                self.own_prompt = Some(form);
                true
            }
            (Some(own), form) => own.continues(form),
        }
    }

    /// Whether a command cannot be meant for the session that is open.
    fn belongs_outside(&self, text: &str) -> bool {
        let program = text.split_whitespace().next().unwrap_or_default();
        self.context.bare.iter().any(|bare| bare == program)
    }

    async fn listen(&mut self, step: &Step, sight: Sight<'_>) -> StepOutput {
        let (command, timeout) = (sight.rewritten.text.as_str(), sight.timeout);
        let shown: VecDeque<String> =
            step.expected.iter().flat_map(|expected| &expected.lines).map(|line| line.text.clone()).collect();
        match (&step.expected, step.conditions.follows) {
            (_, false) => self.type_in(command, shown, timeout, Until::End).await,
            (None, true) => self.type_in(command, shown, timeout, Until::Alive(GRACE)).await,
            (Some(expected), true) => {
                let (bindings, notices) = (self.bindings.clone(), self.notices.clone());
                let elisions = self.context.elisions.clone();
                let mut appeared = move |screen: &[String]| {
                    let context = judge::Context {
                        elisions: &elisions,
                        first_line: sight.first_line,
                        words: &sight.rewritten.words,
                        supplied: sight.supplied,
                        timeout,
                        notices: &notices,
                        place: Place::default(),
                    };
                    has_appeared(expected, screen, context, &bindings)
                };
                self.type_in(command, shown, timeout, Until::Satisfied(&mut appeared)).await
            }
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

/// What a command is judged by, as far as the page decides it.
#[derive(Clone, Copy)]
struct Sight<'a> {
    first_line: usize,
    rewritten: &'a Rewritten,
    supplied: &'a Supplied,
    timeout: Duration,
}

/// Where a command is typed.
#[derive(Clone, Copy)]
struct At {
    program: bool,
    elsewhere: bool,
}

impl At {
    fn place(self, sandbox: &Sandbox) -> Place<'static> {
        Place {
            at_program: self.program,
            elsewhere: self.elsewhere,
            local: !sandbox.has_engine(),
            prompt: None,
        }
    }
}

/// Enters the folder that the shell is in whose process file is the first argument.
const IN_SHELLS_FOLDER: &str = "cd \"/proc/$(cat \"$1\")/cwd\"";

/// Whether a command may give the reader's own shell another prompt.
fn changes_prompt(text: &str) -> bool {
    let mut words = text.split(|c: char| c.is_whitespace() || c == ';');
    words.any(|word| {
        matches!(word, "exec" | "newgrp") || word.starts_with("PS1=") || word.ends_with("/activate")
    })
}

/// How many lines a verdict found to agree.
fn agreement(verdict: &Verdict) -> usize {
    let Verdict::Fail(failure) = verdict else { return 0 };
    let rows = failure.difference().map(|difference| difference.rows.as_slice()).unwrap_or_default();
    rows.iter().filter(|row| matches!(row, crate::matching::Row::Same { .. })).count()
}

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
