//! The cells of a table.

use pulldown_cmark::Alignment;

/// The columns of a table. Their alignment is a class: the policy forbids styles in the text.
pub(super) struct Columns<'a> {
    alignments: &'a [Alignment],
    /// The element of a cell in this row.
    cell: &'static str,
    /// The number of the next cell.
    at: usize,
}

impl<'a> Columns<'a> {
    pub(super) fn new(alignments: &'a [Alignment]) -> Self {
        Self { alignments, cell: "td", at: 0 }
    }

    /// Begins a row whose cells are this element.
    pub(super) fn begin_row(&mut self, cell: &'static str) {
        (self.cell, self.at) = (cell, 0);
    }

    /// The tag that begins the next cell.
    pub(super) fn begin_cell(&mut self) -> String {
        let class = match self.alignments.get(self.at) {
            Some(Alignment::Center) => " class=\"center\"",
            Some(Alignment::Right) => " class=\"right\"",
            Some(Alignment::Left | Alignment::None) | None => "",
        };
        self.at += 1;
        format!("<{}{class}>", self.cell)
    }
}
