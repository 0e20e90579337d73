//! The steps that are no commands of the page.

use std::collections::VecDeque;

use super::command::CommandInput;
use super::runner::Runner;
use crate::markdown::HttpClaim;
use crate::matching::{Bindings, Supplied};
use crate::messages::verify as messages;
use crate::sandbox::{Error, Until};
use crate::snippet::Step;
use crate::verify::judge::{SessionState, judge};
use crate::verify::options::Pictures;
use crate::verify::result::StepResult;
use crate::verify::verdict::{Failure, Verdict};
use crate::verify::{http, picture};

/// Enters the folder that the shell is in whose process file is the first argument.
const IN_SHELLS_FOLDER: &str = "cd \"/proc/$(cat \"$1\")/cwd\"";

/// Whoever waits is to end with haechi: the process above `timeout` is another one then. On this machine
/// haechi says its number; in a sandbox it is whoever that is, as the sandbox ends with its shell.
const PARENT_OF_PARENT: &str = r#"
above() { { read -r stat <"/proc/$PPID/stat" && set -- ${stat##*) } && echo "$2"; } 2>/dev/null; }
first=${HAECHI_PROCESS:-$(above)}; unset HAECHI_PROCESS"#;

impl Runner<'_> {
    pub(super) async fn hidden(&mut self, step: &Step, command: &str) -> StepResult {
        let rewritten = self.bindings.rewrite(command);
        if self.shell().session().is_some() {
            self.shell().leave_sessions().await;
        }
        let supplied = Supplied::default();
        let timeout = self.context.step_timeout(step.conditions.timeout);
        let input = CommandInput { first_line: 0, rewritten: &rewritten, supplied: &supplied, timeout };
        let output = self.type_in(&rewritten.text, VecDeque::new(), timeout, Until::End).await;
        let verdict = match judge(
            step,
            &output,
            self.judge_context(input, SessionState::default()),
            &mut Bindings::default(),
        ) {
            // What a hidden command prints is not for the reader.
            Verdict::Drift(_) => Verdict::Pass,
            verdict => verdict,
        };
        StepResult { screen: output.screen, ..StepResult::new(&rewritten.text, verdict) }
    }

    pub(super) async fn wait(&mut self, command: &str) -> Result<StepResult, Error> {
        let command = self.bindings.rewrite(command).text;
        let script = format!(
            "{IN_SHELLS_FOLDER}\n{PARENT_OF_PARENT}\nuntil ( {command}\n) >/dev/null 2>&1 </dev/null; do \
             [ \"$(above)\" = \"$first\" ] || exit 1; sleep 0.1; done"
        );
        let seconds = self.context.timeout.as_secs_f64().to_string();
        let pid_file = self.shell().pid_file().to_owned();
        let answer =
            self.sandbox.run(&["timeout", &seconds, "bash", "-c", &script, "-", &pid_file], &[]).await?;
        Ok(StepResult::new(
            &command,
            if answer.exit == 0 {
                Verdict::Pass
            } else {
                Verdict::Fail(Failure::TimedOut(self.context.timeout, None))
            },
        ))
    }

    pub(super) async fn file(&mut self, path: &str, text: &str) -> Result<StepResult, Error> {
        let script = format!("{IN_SHELLS_FOLDER} && mkdir -p -- \"$(dirname -- \"$2\")\" && cat > \"$2\"");
        let pid_file = self.shell().pid_file().to_owned();
        let answer =
            self.sandbox.run(&["bash", "-c", &script, "-", &pid_file, path], text.as_bytes()).await?;
        let verdict = match answer.exit {
            0 => Verdict::Pass,
            code => Verdict::Error(messages::file_not_written(code)),
        };
        Ok(StepResult::new(path, verdict))
    }

    pub(super) async fn http(&mut self, claim: &HttpClaim) -> Result<StepResult, Error> {
        Ok(match http::ask(&self.sandbox, claim, self.context.multiplied(claim.within)).await? {
            None => StepResult::new(&claim.url, self.picture(claim).await),
            Some(unmet) => StepResult {
                screen: unmet.screen,
                ..StepResult::new(&claim.url, Verdict::Fail(Failure::Claim(unmet.why)))
            },
        })
    }

    /// Takes the picture that a claim asks for, if pictures are taken.
    async fn picture(&mut self, claim: &HttpClaim) -> Verdict {
        let Some(name) = claim.picture.as_ref().filter(|_| self.context.pictures == Pictures::Take) else {
            return Verdict::Pass;
        };
        let Some(file) = picture::place(&self.content, &self.page, name) else {
            return Verdict::Error(messages::picture_outside(name));
        };
        match picture::take(&self.sandbox, claim, &file).await {
            Ok(_) => Verdict::Pass,
            Err(problem) => Verdict::Error(problem.message),
        }
    }
}
