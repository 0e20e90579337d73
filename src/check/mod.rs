//! What a reader of a book would stumble on, found without running anything: in goes a
//! [`Book`](crate::book::Book), out come [`Finding`]s, some with the edit that fixes them.
//!
//! What leads out of the book is no finding: it is listed apart, and asked for only where somebody says so.

mod book;
mod external;
mod finding;
mod fix;
mod links;
mod sarif;
mod suggest;
mod targets;

pub use book::{Checked, check};
pub use external::{Answer, External, ask};
pub use finding::{Finding, Fix, Rule};
pub use fix::{Fixed, fixed_pages};
pub use links::LinkPlace;
pub use sarif::{annotations, json, sarif};
