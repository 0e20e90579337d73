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
    /// How many times as long each limit of time is, on a slow machine.
    pub timeout_multiplier: u32,
    /// Whether evidence that is still good counts.
    pub cache: Cache,
    /// What happens after the first page that is not true.
    pub after_failure: AfterFailure,
    /// Whether the pictures that pages ask for are taken.
    pub pictures: Pictures,
}

impl Options {
    /// All pages, as many at a time as there is room for, and what evidence shows is believed.
    pub fn usual(page_timeout: Duration, timeout_multiplier: u32) -> Self {
        Self {
            jobs: 0,
            page_timeout,
            timeout_multiplier,
            cache: Cache::Use,
            after_failure: AfterFailure::Continue,
            pictures: Pictures::Leave,
        }
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
