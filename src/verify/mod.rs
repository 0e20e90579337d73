//! Runs scenarios in sandboxes, several at a time: in go a book's scenarios and an engine, out
//! come a [`PageResult`] for each page, and its evidence.

mod evidence;
mod hint;
mod html;
mod http;
mod judge;
mod key;
mod made_name;
mod options;
mod page;
mod picture;
mod plan;
mod pool;
mod progress;
mod recording;
mod result;
mod run;
mod schedule;
mod screen;
mod shard;
mod unavailable;
mod unresolved;
mod verdict;

pub(crate) use evidence::Vouchers;
#[cfg(any(test, fuzzing))]
pub(crate) use evidence::fuzzing;
pub use evidence::{
    Evidence, EvidenceStep, StaleReason, State, Store, Stored, evidence_dir, evidence_file, recording_file,
};
pub use key::RULES;
pub use options::{AfterFailure, Cache, MOST_JOBS, Options, Pictures};
pub use plan::{Plan, plan, plan_page};
pub use pool::Pool;
pub use progress::Progress;
pub use result::{Finding, PageResult, StepResult};
pub use schedule::{Run, unwritable, verify, verify_offline};
pub use shard::Shard;
pub use verdict::{Failure, Remark, Verdict, VerdictKind};
