//! What can go wrong between us and the engine.

use crate::messages::{Message, engine as messages, file};
use crate::text::Problem;

/// The engine does not do its part.
#[derive(Debug, thiserror::Error)]
#[error("{}", self.message().english())]
pub enum Error {
    /// No engine answers.
    NoEngine {
        /// Where it was looked for.
        address: String,
        /// What the attempt said.
        reason: Message,
    },
    /// The engine lacks the image of the sandbox.
    NoImage(String),
    /// What the mirror of images offers is not known.
    NoMirror(Message),
    /// The engine is too old.
    TooOld {
        /// The engine's version.
        version: String,
        /// The newest version of its API.
        api: String,
    },
    /// It is Podman.
    Podman,
    /// The engine does not have the runtime that was asked for.
    NoRuntime {
        /// The runtime asked for.
        wanted: String,
        /// Those that it has.
        known: String,
    },
    /// A program beside the shell printed more than it may.
    TooMuch,
    /// The engine refused a request.
    Engine(#[from] bollard::errors::Error),
    /// Nothing can limit the disk.
    NoDiskLimit(Box<Error>),
    /// The engine in the sandbox did not come up.
    NotReady(String),
    /// This machine does not run the shell.
    Local(std::io::Error),
    /// The repository's files could not be unpacked.
    NotFilled(i64),
    /// The connection to the shell is gone.
    Gone,
}

impl Error {
    /// What is wrong, in one sentence.
    pub(crate) fn message(&self) -> Message {
        match self {
            Self::NoEngine { address, reason } => messages::no_engine(address, reason),
            Self::NoImage(image) => messages::no_image(image),
            Self::NoMirror(reason) => messages::no_mirror(reason),
            Self::TooOld { version, api } => messages::too_old(version, api),
            Self::Podman => messages::podman(),
            Self::NoRuntime { wanted, known } => messages::no_runtime(wanted, known),
            Self::TooMuch => messages::too_much(),
            Self::Engine(error) => messages::refused(error),
            Self::NoDiskLimit(error) => messages::no_disk_limit(error.message()),
            Self::NotReady(reason) => messages::not_ready(reason),
            Self::Local(error) => messages::no_shell(file::reason(error)),
            Self::NotFilled(exit) => messages::not_filled(exit),
            Self::Gone => messages::gone(),
        }
    }

    /// What to do about it.
    pub fn help(&self) -> Message {
        match self {
            Self::NoEngine { .. } => messages::no_engine_help(),
            Self::NoMirror(_) => messages::no_mirror_help(),
            Self::NoImage(_) => messages::no_image_help(),
            Self::Podman => messages::podman_help(),
            Self::TooOld { .. } => messages::too_old_help(),
            Self::NoRuntime { .. } => messages::no_runtime_help(),
            Self::NotFilled(_) => messages::not_filled_help(),
            Self::NoDiskLimit(_) => messages::no_disk_limit_help(),
            Self::Local(_) => messages::no_shell_help(),
            Self::Engine(_) | Self::NotReady(_) | Self::Gone | Self::TooMuch => messages::doctor_and_log(),
        }
    }
}

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        Self::new(error.message()).help(error.help())
    }
}
