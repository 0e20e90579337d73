//! From a parsed page to its plan: in goes a [`Document`](crate::markdown::Document),
//! out comes a [`Scenario`] of steps in order, each with what the page expects of it.
//!
//! Which fences run is decided here and nowhere else. Pure.

mod extract;
mod prompt;
mod scenario;
mod script;

pub use extract::extract;
pub use prompt::Prompt;
pub(crate) use prompt::{asks_for_secret, follows, may_open_session, waits_for_input};
pub use scenario::{Action, Conditions, Expected, Order, Scenario, Snippet, Step};
