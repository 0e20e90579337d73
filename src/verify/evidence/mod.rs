//! The record of a page's run, kept beside the book and committed with it: in goes the result of a run or
//! a file, out comes what it says, what it belongs to, and whether anybody vouches for it.

mod commits;
mod comparison;
#[cfg(any(test, fuzzing))]
pub(crate) mod fuzzing;
mod model;
mod signer;
mod store;

pub use model::{Evidence, EvidenceStep, State};
pub(crate) use store::Vouchers;
pub use store::{StaleReason, Store, Stored, evidence_dir, evidence_file, recording_file};
