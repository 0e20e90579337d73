//! From a parsed page to its plan: in goes a [`Document`](crate::markdown::Document),
//! out comes a [`Scenario`] of steps in order, each with what the page expects of it.
//!
//! Which fences run is decided here and nowhere else. Pure.

mod extract;
mod join;
mod prompt;
mod scenario;
mod script;
mod transcript;

pub use extract::extract;
pub use prompt::{Form, Prompt};
pub(crate) use prompt::{
    asks_for_secret, follows, is_shell_prompt, may_open_session, opens_elsewhere, waits_for_input,
};
pub use scenario::{Action, Conditions, Expected, NotRun, Scenario, Snippet, Step};
pub(crate) use script::{FenceParser, is_command};
pub use transcript::{Dialect, Exchange, Transcript, read as read_transcript};
