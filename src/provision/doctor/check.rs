//! One thing that was looked at, and what to do about it.

use crate::messages::Message;

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
    pub found: Message,
    /// What to do about it; empty where nothing is to be done.
    pub advice: Message,
}

impl Check {
    pub(super) fn good(found: Message) -> Self {
        Self { health: Health::Good, found, advice: Message::default() }
    }

    pub(super) fn limited(found: Message, advice: Message) -> Self {
        Self { health: Health::Limited, found, advice }
    }

    pub(super) fn bad(found: Message, advice: Message) -> Self {
        Self { health: Health::Bad, found, advice }
    }
}
