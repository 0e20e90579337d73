//! How a book is verified.

use std::time::Duration;

/// The most pages that run at a time.
pub const MOST_JOBS: usize = 256;

/// How a book is verified.
#[derive(Debug, Clone)]
pub struct Options {
    /// How many pages run at a time, at most [`MOST_JOBS`]; 0 chooses.
    pub jobs: usize,
    /// How long one page may take in all.
    pub page_timeout: Duration,
    /// Whether evidence that is still good counts.
    pub cache: Cache,
    /// Only the pages whose path contains this.
    pub filter: Option<String>,
    /// Only one part of the pages, for when several machines share a book.
    pub shard: Shard,
    /// What happens after the first page that is not true.
    pub after_failure: AfterFailure,
    /// Whether the pictures that pages ask for are taken.
    pub pictures: Pictures,
}

impl Options {
    /// All pages, as many at a time as there is room for, and what evidence shows is believed.
    pub fn usual(page_timeout: Duration) -> Self {
        Self {
            jobs: 0,
            page_timeout,
            cache: Cache::Use,
            filter: None,
            shard: Shard::WHOLE,
            after_failure: AfterFailure::Continue,
            pictures: Pictures::Leave,
        }
    }
}

/// A part of the pages: each `of`-th page, beginning with the `number`-th, from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shard {
    /// Which part, from 1.
    pub number: usize,
    /// How many parts there are.
    pub of: usize,
}

impl Shard {
    /// All pages.
    pub const WHOLE: Self = Self { number: 1, of: 1 };

    /// Reads `I/N`, with I from 1 to N.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let (number, of) = text.split_once('/')?;
        let shard = Self { number: number.parse().ok()?, of: of.parse().ok()? };
        (1..=shard.of).contains(&shard.number).then_some(shard)
    }

    pub(super) fn has(self, page: usize) -> bool {
        page % self.of.max(1) + 1 == self.number
    }
}

/// What happens after the first page that is not true.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AfterFailure {
    /// The other pages run all the same.
    Continue,
    /// Pages that have not begun are left out.
    Stop,
}

/// Whether the pictures that pages ask for are taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pictures {
    /// They stay as they are.
    Leave,
    /// The browser of this machine takes them anew.
    Take,
}

/// Whether evidence that is still good counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cache {
    /// It does.
    Use,
    /// Everything runs.
    Ignore,
}
