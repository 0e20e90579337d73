//! Whether the page is true: expected lines × screen × bindings → [`Comparison`].
//!
//! Lines are equal when they are the same, character for character, except for
//! volatile tokens, column gaps and elisions. `docs/en/matching.md` tells the
//! rules to authors. Pure: no I/O, no clock.

mod align;
mod binding;
mod command;
mod compare;
mod comparison;
mod difference;
mod download;
mod elision;
mod layout;
mod line;
mod moment;
mod names;
mod order;
mod places;
mod rewrite;
mod rules;
mod supplied;
mod token;
mod typed;
mod value;
mod version;

pub use binding::{Actual, Bindings, Conflict, Example};
pub use compare::{Aligned, agrees, compare, compare_aligned};
pub use comparison::{Comparison, Note};
pub use difference::{Difference, Row};
pub use download::without_download;
pub use elision::Elisions;
pub use line::is_layer;
pub use rewrite::{Rewritten, with_examples};
pub use rules::{End, Order, Rules};
pub use supplied::{Supplied, Supply};
pub use token::{Kind, Token, tokens};
pub use typed::typed;
pub use version::is_same as is_same_version;
