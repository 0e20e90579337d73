//! One scenario in one sandbox: in goes a plan, out comes an outcome.

mod actions;
mod command;
mod context;
mod deadline;
mod outcome;
mod prompt;
mod runner;
mod scenario;
mod shown_files;

pub(super) use context::RunContext;
pub(super) use deadline::Deadline;
pub(super) use scenario::{alternatives, run, run_alternative};
