//! The cells of a table.

use pulldown_cmark::{Alignment, Event, Tag, TagEnd};

use crate::site::html::escaped;
use crate::text::ByteRange;

/// A table of so many columns is a card for each row on a narrow screen.
const CARDS: usize = 3;

/// The columns of a table. Their alignment is a class: the policy forbids styles in the text.
pub(super) struct Columns<'a> {
    alignments: &'a [Alignment],
    /// What the head says of each.
    labels: Vec<String>,
    /// The element of a cell in this row.
    cell: &'static str,
    /// The number of the next cell.
    at: usize,
}

impl<'a> Columns<'a> {
    pub(super) fn new(alignments: &'a [Alignment], labels: Vec<String>) -> Self {
        Self { alignments, labels, cell: "td", at: 0 }
    }

    /// Whether a narrow screen shows rows as cards.
    pub(super) fn are_cards(&self) -> bool {
        self.alignments.len() >= CARDS
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
        // The first cell is the title of its card.
        let is_named = self.are_cards() && self.cell == "td" && self.at > 0;
        let label = self.labels.get(self.at).filter(|label| is_named && !label.is_empty());
        let label = label.map_or_else(String::new, |label| format!(" data-label=\"{}\"", escaped(label)));
        self.at += 1;
        format!("<{}{class}{label}>", self.cell)
    }
}

/// What the head of the table that has begun says of each column.
pub(super) fn labels(events: &[(Event<'_>, ByteRange)]) -> Vec<String> {
    let head = events.iter().position(|(event, _)| matches!(event, Event::End(TagEnd::TableHead)));
    let mut labels = Vec::new();
    for (event, _) in &events[..head.unwrap_or(0)] {
        match event {
            Event::Start(Tag::TableCell) => labels.push(String::new()),
            Event::Text(text) | Event::Code(text) => {
                labels.last_mut().map_or((), |label| label.push_str(text))
            }
            _ => {}
        }
    }
    labels
}

/// The text of the first cell of the row that has begun.
pub(super) fn first_cell(events: &[(Event<'_>, ByteRange)]) -> String {
    let cell = events.iter().map(|(event, _)| event);
    cell.take_while(|event| !matches!(event, Event::End(TagEnd::TableCell)))
        .filter_map(|event| match event {
            Event::Text(text) | Event::Code(text) => Some(&**text),
            _ => None,
        })
        .collect()
}
