//! What a terminal shows of a line that was typed at the prompt of a program.

use crate::snippet::waits_for_input;

/// What was typed at a prompt, as the terminal shows it.
pub(super) struct Echo {
    /// The prompt, if it is known: a shell that asks for more says so before it shows one.
    pub(super) prompt: Option<String>,
    pub(super) typed: String,
}

impl Echo {
    /// Whether a line still shows it: a program may have cleared it or written over it.
    pub(super) fn is_shown_by(&self, line: &str) -> bool {
        // Of other characters than these it depends on the program how they show.
        let is_plain = self.typed.bytes().all(|byte| matches!(byte, b' '..=b'~'));
        let shown = |text: &str| match is_plain {
            true => text.trim().to_owned(),
            false => text.chars().filter(char::is_ascii_graphic).collect(),
        };
        let typed = shown(&self.typed);
        match &self.prompt {
            Some(prompt) => line.strip_prefix(prompt.trim_end()).is_some_and(|rest| shown(rest) == typed),
            None => shown(line)
                .strip_suffix(&typed)
                .is_some_and(|prompt| waits_for_input(&format!("{} ", prompt.trim_end()))),
        }
    }
}
