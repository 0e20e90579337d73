//! Lists that explain a block are told apart from others.

/// The lists that are open, and those that explain a block.
#[derive(Default)]
pub(super) struct Lists {
    /// Where the list that explains the last block begins.
    expected: Option<usize>,
    /// How many blocks have been explained.
    blocks: usize,
    /// For each open list the number of its last item, if it explains a block.
    open: Vec<Option<usize>>,
}

impl Lists {
    /// How many blocks have been explained so far.
    pub(super) fn blocks(&self) -> usize {
        self.blocks
    }

    /// The list that begins with the event of this number explains a block.
    pub(super) fn expect(&mut self, at: usize) {
        self.expected = Some(at);
        self.blocks += 1;
    }

    /// A list begins, whose first event stands before `next`; its tag, if it explains a block.
    pub(super) fn begin(&mut self, next: usize) -> Option<&'static str> {
        let explains = self.expected.is_some_and(|at| at + 1 == next);
        self.open.push(explains.then_some(0));
        explains.then_some("<ol class=\"callouts\">\n")
    }

    /// The tag of the next item of the innermost list, if that explains a block.
    pub(super) fn item(&mut self) -> Option<String> {
        let number = self.open.last_mut()?.as_mut()?;
        *number += 1;
        let note = format!("{}-{number}", self.blocks);
        Some(format!("<li id=\"note-{note}\" data-note=\"{note}\">"))
    }

    pub(super) fn end(&mut self) {
        self.open.pop();
    }
}
