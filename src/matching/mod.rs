//! Whether the page is true: expected lines × screen × bindings → [`Comparison`].
//!
//! Lines are equal when they are the same, character for character, except for
//! volatile tokens, column gaps and elisions. `docs/matching.md` tells the
//! rules to authors. Pure: no I/O, no clock.

mod align;
mod binding;
mod compare;
mod elision;
mod line;
mod names;
mod token;

pub use align::{Difference, Row};
pub use binding::{Bindings, Conflict, Rewritten};
pub use compare::{Comparison, End, Note, Rules, agrees, compare};
pub use elision::Elisions;
pub use token::{Kind, Token, tokens};
