//! Where snippets run: a [`Host`] makes a [`Sandbox`], a container with a Docker Engine of its own
//! and no network; a sandbox opens a [`Shell`]; a shell runs commands and gives back what a reader
//! would have seen.
//!
//! A sandbox is removed when its owner says so, and by the next run if its owner died.

mod container;
mod engine;
mod error;
mod exec;
#[cfg(any(test, fuzzing))]
pub(crate) mod fuzzing;
#[cfg(target_os = "linux")]
mod group;
mod host;
mod images;
#[cfg(target_os = "linux")]
mod keeper;
mod local;
mod marks;
mod mirror;
mod pty;
mod shell;
mod terminal;
mod tty;

pub use engine::{Engine, Setup};
pub(crate) use engine::{LABEL, check_version, find_engine, is_missing};
pub use error::Error;
pub use exec::ExecOutput;
pub(crate) use exec::exec as run_in_container;
pub use host::{Host, Sandbox};
pub use images::{Image, Origin};
#[cfg(target_os = "linux")]
pub use keeper::{ARGUMENT as KEEP, keep};
pub(crate) use mirror::{DOCKER_HUB, MIRROR, MIRROR_SOCKET, PULLS_THROUGH};
pub use shell::{Answers, Ended, Frame, Session, Shell, StepOutput, Until};
