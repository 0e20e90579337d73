//! Where the reader stands: at the prompt that the page shows, or elsewhere.

use super::command::CommandInput;
use super::runner::Runner;
use crate::sandbox::Session;
use crate::snippet::{Form, Prompt};
use crate::verify::judge::{SessionState, judge_prompt};
use crate::verify::verdict::Failure;

impl Runner<'_> {
    /// Whether the reader stands where the page has the command typed. A command that cannot belong to
    /// the session that is open leaves it; the prompt that was left is returned.
    ///
    /// # Errors
    /// When the reader stands elsewhere: there it would be another command.
    pub(super) async fn reach_prompt(
        &mut self,
        text: &str,
        prompt: Option<&str>,
        input: CommandInput<'_>,
    ) -> Result<Option<String>, Failure> {
        let session = self.shell().session().cloned();
        let stands = match (prompt, &session) {
            (Some(shown), Some(session)) => self.is_at_session(shown, session, input),
            (Some(shown), None) => self
                .is_own(shown)
                .then_some(())
                .ok_or_else(|| Failure::Prompt { expected: shown.to_owned(), actual: None }),
            (None, _) => Ok(()),
        };
        let is_mark = |shown| matches!(Prompt::any(shown), Some(Prompt { form: Form::Mark(_), .. }));
        // Without a prompt, or at the reader's own, a command of the reader's machine belongs there.
        let leaves = match prompt {
            None => self.is_for_own_shell(text),
            Some(shown) => stands.is_err() && is_mark(shown) && self.is_for_own_shell(text),
        };
        let Some(session) = session.filter(|_| leaves) else { return stands.map(|()| None) };
        self.shell().leave_sessions().await;
        Ok(Some(session.prompt))
    }

    /// Whether a prompt is that of the session that is open.
    fn is_at_session(
        &mut self,
        shown: &str,
        session: &Session,
        input: CommandInput<'_>,
    ) -> Result<(), Failure> {
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
        let context = self.judge_context(input, SessionState::default());
        judge_prompt(shown, Some(&session.prompt), context, &mut bindings)?;
        self.bindings = bindings;
        self.has_own_prompt |= !reader_s;
        Ok(())
    }

    /// Whether a prompt is the reader's own: the same on the whole page, and not that of a container. A lone
    /// mark may become a prompt with user, host or folder while nothing has been opened that could be it.
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
            (Some(Form::Mark(_)), _) if !self.may_have_opened && !shown.trim_end().ends_with('#') => {
                self.own_prompt = Some(form);
                true
            }
            (Some(own), form) => own.continues(form),
        }
    }

    /// Whether a command cannot belong to the session that is open.
    fn is_for_own_shell(&self, text: &str) -> bool {
        let program = text.split_whitespace().next().unwrap_or_default();
        self.context.bare.iter().any(|bare| bare == program)
    }
}
