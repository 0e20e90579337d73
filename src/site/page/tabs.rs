//! Tabs: sections between two directives.

use pulldown_cmark::HeadingLevel;

use crate::markdown::Request;

/// Alternatives of which the reader sees one at a time; each begins with a heading.
#[derive(Default)]
pub(super) struct Tabs {
    open: bool,
    /// The level of the headings, once the first has come.
    level: Option<HeadingLevel>,
}

impl Tabs {
    pub(super) fn directive(&mut self, request: &Request) -> Option<&'static str> {
        match request {
            Request::Tabs if !self.open => {
                *self = Self { open: true, level: None };
                Some("<div class=\"tabs\">\n")
            }
            Request::EndTabs => self.end(),
            _ => None,
        }
    }

    pub(super) fn heading(&mut self, level: HeadingLevel) -> Option<&'static str> {
        if !self.open {
            return None;
        }
        match self.level {
            None => {
                self.level = Some(level);
                Some("<section>\n")
            }
            Some(own) if level <= own => Some("</section>\n<section>\n"),
            Some(_) => None,
        }
    }

    pub(super) fn end(&mut self) -> Option<&'static str> {
        let begun = self.level.is_some();
        std::mem::take(&mut self.open).then_some(if begun { "</section>\n</div>\n" } else { "</div>\n" })
    }
}
