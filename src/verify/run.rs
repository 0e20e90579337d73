//! One scenario in one sandbox.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use super::judge::{Bench, has_appeared, judge, judge_prompt};
use super::verdict::{Failure, PageResult, Remark, StepResult, Verdict};
use super::{Context, Plan, Progress};
use crate::diagnostic::Source;
use crate::markdown::HttpClaim;
use crate::matching::Bindings;
use crate::sandbox::{Ended, Error, Heard, Sandbox, Shell, Until};
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
    recording: Vec<(Duration, Vec<u8>)>,
}

impl Outcome {
    pub(super) fn into_result(self, plan: Plan, took: Duration) -> PageResult {
        let bindings = self.bindings.pairs().into_iter().map(|(a, b)| (a.to_owned(), b.to_owned())).collect();
        PageResult {
            bindings,
            engine: self.engine,
            images: self.images,
            took: Some(took),
            recording: self.recording,
            ..PageResult::bare(plan, self.steps)
        }
    }
}

/// Runs a plan's prelude and its own steps.
pub(super) async fn run(
    plan: &Plan,
    sandbox: &Sandbox,
    context: &Context,
    progress: &impl Fn(Progress),
) -> Result<Outcome, Error> {
    let shell = sandbox.shell().await?;
    let mut runner =
        Runner { sandbox, shell, context, bindings: Bindings::default(), secrets: VecDeque::new() };
    for (source, scenario) in &plan.prelude {
        runner.steps(source, scenario, &|_| {}).await?;
    }
    let own = |event| {
        progress(match event {
            Progress::Step(label) => Progress::Step(format!("{}  {label}", plan.page)),
            Progress::StepDone => Progress::StepDone,
        });
    };
    let steps = runner.steps(&plan.source, &plan.scenario, &own).await?;
    let engine = runner.ask(&["docker", "version", "--format", "{{.Server.Version}}"]).await?;
    let listed = runner
        .ask(&["docker", "image", "ls", "--digests", "--format", "{{.Repository}}:{{.Tag}} {{.Digest}}"])
        .await?;
    let mut images: Vec<(String, String)> = listed
        .lines()
        .filter_map(|line| line.split_once(' '))
        .filter(|(_, digest)| digest.starts_with("sha256:"))
        .map(|(name, digest)| (name.to_owned(), digest.to_owned()))
        .collect();
    images.sort();
    Ok(Outcome {
        steps,
        bindings: runner.bindings,
        engine: engine.trim().to_owned(),
        images,
        recording: runner.shell.recording().to_vec(),
    })
}

struct Runner<'a> {
    sandbox: &'a Sandbox,
    shell: Shell,
    context: &'a Context,
    bindings: Bindings,
    secrets: VecDeque<String>,
}

impl Runner<'_> {
    async fn steps(
        &mut self,
        source: &Source,
        scenario: &Scenario,
        progress: &impl Fn(Progress),
    ) -> Result<Vec<StepResult>, Error> {
        let mut results = Vec::with_capacity(scenario.steps.len());
        for step in &scenario.steps {
            progress(Progress::Step(step.label().lines().next().unwrap_or_default().to_owned()));
            let skip = step.snippet.and_then(|snippet| scenario.snippets[snippet].skip.as_ref());
            let began = Instant::now();
            let result = match skip {
                Some(why) => result(&step.label(), Verdict::Skipped(why.clone())),
                None => self.step(source, step).await?,
            };
            results.push(StepResult { took: began.elapsed(), ..result });
            progress(Progress::StepDone);
        }
        Ok(results)
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
        let bench = Bench {
            elisions: &self.context.elisions,
            first_line: source.position(place).line,
            words: &rewritten.words,
            timeout,
        };
        let mut left = None;
        match prompt {
            Some(prompt) => {
                // Typed at another prompt it would be another command.
                if let Err(failure) = judge_prompt(prompt, self.shell.session(), bench, &mut self.bindings) {
                    return result(&rewritten.text, Verdict::Fail(failure));
                }
            }
            None if self.belongs_outside(text) => {
                left = self.shell.session().map(str::to_owned);
                if left.is_some() {
                    self.shell.leave_session().await;
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
            };
        }
    }

    /// Whether a command of a plain fence cannot be meant for the session that is open.
    fn belongs_outside(&self, text: &str) -> bool {
        let program = text.split_whitespace().next().unwrap_or_default();
        self.context.bare.iter().any(|bare| bare == program)
    }

    async fn listen(&mut self, step: &Step, command: &str, bench: Bench<'_>) -> Heard {
        let until = match (&step.expected, step.conditions.follows) {
            (_, false) => Until::End,
            (None, true) => Until::Alive(GRACE),
            (Some(expected), true) => {
                let bindings = self.bindings.clone();
                let mut appeared = move |screen: &[String]| has_appeared(expected, screen, bench, &bindings);
                return self
                    .shell
                    .type_in(command, &mut self.secrets, bench.timeout, Until::Satisfied(&mut appeared))
                    .await;
            }
        };
        self.shell.type_in(command, &mut self.secrets, bench.timeout, until).await
    }

    async fn hidden(&mut self, step: &Step, command: &str) -> StepResult {
        let command = self.bindings.rewrite(command).text;
        if self.shell.session().is_some() {
            self.shell.leave_session().await;
        }
        let timeout = step.conditions.timeout.unwrap_or(self.context.timeout);
        let heard = self.shell.type_in(&command, &mut self.secrets, timeout, Until::End).await;
        let elisions = &self.context.elisions;
        let bench = Bench { elisions, first_line: 0, words: &[], timeout };
        let verdict = judge(step, &heard, bench, &mut self.bindings);
        StepResult { ran: command, screen: heard.screen, exit: None, verdict, took: Duration::ZERO }
    }

    async fn wait(&mut self, command: &str) -> Result<StepResult, Error> {
        let command = self.bindings.rewrite(command).text;
        let script = format!(
            "{IN_SHELLS_FOLDER}\nuntil ( {command}\n) >/dev/null 2>&1 </dev/null; do sleep 0.1; done"
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
        let script = format!("{IN_SHELLS_FOLDER} && mkdir -p -- \"$(dirname -- \"$1\")\" && cat > \"$1\"");
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
        let deadline = Instant::now() + claim.within;
        // A browser follows redirects; a claim about a redirect itself is about its first answer.
        let follow = if (300..400).contains(&claim.status) { "--no-location" } else { "--location" };
        let command = [
            "curl",
            "-sS",
            "--max-time",
            "10",
            "--max-filesize",
            "4000000",
            "-w",
            "\n%{http_code}",
            follow,
            &claim.url,
        ];
        loop {
            let answer = self.sandbox.run(&command, &[]).await?;
            let text = String::from_utf8_lossy(&answer.output);
            let (body, status) = text.rsplit_once('\n').unwrap_or(("", "0"));
            let found = claim.contains.as_ref().is_none_or(|wanted| body.contains(wanted.as_str()));
            if status.parse() == Ok(claim.status) && found {
                return Ok(result(&claim.url, Verdict::Pass));
            }
            if Instant::now() >= deadline {
                let why = match status {
                    "0" | "000" => "nothing answers there".to_owned(),
                    _ if status.parse() != Ok(claim.status) => {
                        format!("it answers with status {status}, not {}", claim.status)
                    }
                    _ => format!(
                        "the page that answers does not hold `{}`",
                        claim.contains.as_deref().unwrap_or_default()
                    ),
                };
                return Ok(StepResult {
                    screen: body.lines().take(40).map(str::to_owned).collect(),
                    ..result(&claim.url, Verdict::Fail(Failure::Claim(why)))
                });
            }
            tokio::time::sleep(PAUSE).await;
        }
    }

    async fn ask(&mut self, command: &[&str]) -> Result<String, Error> {
        let answer = self.sandbox.run(command, &[]).await?;
        Ok(String::from_utf8_lossy(&answer.output).into_owned())
    }
}

/// Enters the folder that the page's shell is in.
const IN_SHELLS_FOLDER: &str = "cd \"/proc/$(cat /run/shell.pid)/cwd\"";

fn result(ran: &str, verdict: Verdict) -> StepResult {
    StepResult { ran: ran.to_owned(), screen: Vec::new(), exit: None, verdict, took: Duration::ZERO }
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
