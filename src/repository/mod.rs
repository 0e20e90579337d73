//! The repository around a page: in goes a folder, out comes a [`Snapshot`] of the files that git has
//! there, which a sandbox is given a copy of.
//!
//! The files belong to strangers: git runs nothing that they name, nothing outside of the repository is
//! read by way of a link, and what is copied has a bound.

mod clone;
mod git;
mod listing;
mod markdown;
mod outputs;
mod snapshot;
mod workspace;
mod worktree;

pub use markdown::{files_below, markdown_below, usual_pages};
pub use snapshot::{Files, Snapshot};
pub use workspace::{Workdir, Workspace};
pub use worktree::Repository;

#[cfg(test)]
mod tests;
