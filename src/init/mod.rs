//! haechi in a repository that does not have it yet: in goes a folder, out comes what was found there
//! ([`Survey`]) and what would be written ([`Change`]). Nothing is written here, and nothing runs.

mod changes;
mod ci;
mod hook;
mod survey;

pub use changes::{Change, Content, Plan, Wishes, plan};
pub use ci::{Action, CiChoice};
pub use survey::{Found, Reading, Survey};
