//! One thing that was looked at, and what to do about it.

/// How a check came out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Health {
    /// As it must be.
    Good,
    /// Pages run, with less than they could have.
    Limited,
    /// Pages cannot run.
    Bad,
}

/// One thing that was looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Check {
    /// How it came out.
    pub health: Health,
    /// What was found.
    pub found: String,
    /// What to do about it; empty where nothing is to be done.
    pub advice: String,
}

impl Check {
    pub(super) fn good(found: impl Into<String>) -> Self {
        Self { health: Health::Good, found: found.into(), advice: String::new() }
    }

    pub(super) fn limited(found: impl Into<String>, advice: impl Into<String>) -> Self {
        Self { health: Health::Limited, found: found.into(), advice: advice.into() }
    }

    pub(super) fn bad(found: impl Into<String>, advice: impl Into<String>) -> Self {
        Self { health: Health::Bad, found: found.into(), advice: advice.into() }
    }
}
