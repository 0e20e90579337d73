//! What may be a prompt: it is withheld from the output of a step until that is decided.

use crate::sandbox::terminal::Terminal;

/// The longest text that may be the prompt of a program that edits its line, in bytes.
const LONGEST: usize = 2048;

/// The prompt of who reads the next line, as far as it has been shown. What a method returns is output.
#[derive(Default)]
pub(super) struct Prompt {
    /// Whether a program edits its line now.
    editing: bool,
    /// Whether the shell has begun to show its prompt.
    announced: bool,
    /// What a program has shown since it edits its line, or the shell since it announced its prompt.
    withheld: Option<Vec<u8>>,
    /// What was withheld as the step ended: the beginning of the prompt if the shell has announced it, else
    /// output.
    undecided: Vec<u8>,
    /// What the shell shows at the end of the step.
    shown: Vec<u8>,
}

impl Prompt {
    /// A program says whether it edits its line.
    pub(super) fn set_editing(&mut self, on: bool) {
        self.editing = on;
    }

    /// Whether a program edits its line now.
    pub(super) fn is_editing(&self) -> bool {
        self.editing
    }

    /// What comes from now on may be the prompt of a program that edits its line, or is so no longer.
    pub(super) fn withhold(&mut self, on: bool) -> Vec<u8> {
        if self.announced {
            return Vec::new();
        }
        let output = self.release();
        self.withheld = on.then(Vec::new);
        output
    }

    /// The shell says that what comes from now on is its prompt.
    pub(super) fn announce(&mut self) -> Vec<u8> {
        let output = self.release();
        self.withheld = Some(Vec::new());
        self.announced = true;
        output
    }

    /// Takes what was printed while the step runs.
    pub(super) fn take(&mut self, text: Vec<u8>) -> Vec<u8> {
        let Some(withheld) = &mut self.withheld else {
            return text;
        };
        withheld.extend(text);
        if self.announced {
            return Vec::new();
        }
        // A prompt is neither as long nor a full screen.
        let is_output = withheld.len() > LONGEST || withheld.windows(8).any(|bytes| bytes == b"\x1b[?1049h");
        if is_output { self.release() } else { Vec::new() }
    }

    /// Takes what was printed without end: the last of it may be a prompt.
    pub(super) fn take_last(&mut self, text: Vec<u8>) {
        let withheld = self.withheld.get_or_insert_default();
        withheld.extend(text);
        let surplus = withheld.len().saturating_sub(LONGEST);
        withheld.drain(..surplus);
    }

    /// What is withheld is output.
    pub(super) fn release(&mut self) -> Vec<u8> {
        self.withheld.take().unwrap_or_default()
    }

    /// What came until now was of a line before.
    pub(super) fn begin_again(&mut self) {
        self.withheld = None;
        self.announced = false;
    }

    /// The step is over. Only a shell that edits its lines announces its prompt, but a program may announce that
    /// it edits, too.
    pub(super) fn finish(&mut self, shell_edits: bool) -> Vec<u8> {
        let output = if self.announced || shell_edits && self.editing { Vec::new() } else { self.release() };
        let withheld = self.withheld.take().unwrap_or_default();
        if !self.announced {
            self.undecided = withheld;
        }
        output
    }

    /// Takes what the shell shows at the end of the step.
    pub(super) fn show(&mut self, text: Vec<u8>) {
        self.shown.extend(text);
    }

    /// Whether it is not decided yet if the shell has announced its prompt.
    pub(super) fn is_undecided(&self) -> bool {
        !self.undecided.is_empty()
    }

    /// The shell has not announced its prompt.
    pub(super) fn decide_for_output(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.undecided)
    }

    /// The shell has announced its prompt.
    pub(super) fn decide_for_prompt(&mut self) {
        self.shown.splice(0..0, std::mem::take(&mut self.undecided));
    }

    /// The row that is withheld, up to the cursor, if any is.
    pub(super) fn withheld(&self) -> Option<String> {
        self.withheld.as_deref().map(last_row)
    }

    /// The row that the shell shows at the end, up to the cursor.
    pub(super) fn shown(&self) -> String {
        last_row(&self.shown)
    }

    /// How many bytes are kept here.
    pub(super) fn bytes(&self) -> usize {
        self.withheld.as_ref().map_or(0, Vec::len) + self.undecided.len() + self.shown.len()
    }
}

/// The last row that bytes leave on an empty screen, up to the cursor.
fn last_row(bytes: &[u8]) -> String {
    let mut terminal = Terminal::new();
    terminal.feed(bytes);
    terminal.before_cursor().unwrap_or_default()
}
