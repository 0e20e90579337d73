//! Whether the page is true: expected lines × screen × bindings → [`Comparison`].
//!
//! Lines are equal when they are the same, character for character, except for
//! volatile tokens, column gaps and elisions. `docs/matching.md` tells the
//! rules to authors. Pure: no I/O, no clock.

mod align;
mod binding;
mod command;
mod compare;
mod elision;
mod layout;
mod line;
mod moment;
mod names;
mod order;
mod places;
mod supplied;
mod token;
mod version;

pub use align::{Difference, Row};
pub use binding::{Actual, Bindings, Conflict, Example, Rewritten, with_examples};
pub use compare::{Comparison, End, Note, Rules, agrees, compare};
pub use elision::Elisions;
pub use supplied::Supplied;
pub use token::{Kind, Token, tokens};
