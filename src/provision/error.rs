//! What can go wrong while an engine is made ready.

use crate::messages::{Message, engine as messages, file};
use crate::text::Problem;

/// An engine could not be made ready.
#[derive(Debug, thiserror::Error)]
#[error("{}", self.message().english())]
pub enum Error {
    /// The engine cannot be used.
    Sandbox(#[from] crate::sandbox::Error),
    /// The engine refused a request.
    Engine(#[from] bollard::errors::Error),
    /// No sandbox would start in the engine.
    Unfit {
        /// What it is.
        found: Message,
        /// What to do about it.
        advice: Message,
    },
    /// An image could not be built.
    Build {
        /// Its name.
        image: String,
        /// The end of what the engine said.
        reason: String,
    },
    /// There is nothing to build images from.
    NoBase(Message),
    /// The mirror does not come up.
    Mirror(Message),
    /// A file of this machine.
    Io(#[from] std::io::Error),
}

impl Error {
    /// What is wrong, in one sentence.
    pub(super) fn message(&self) -> Message {
        match self {
            Self::Sandbox(error) => error.message(),
            Self::Engine(error) => messages::refused(error),
            Self::Unfit { found, .. } => found.clone(),
            Self::Build { image, reason } => messages::not_built(image, reason),
            Self::NoBase(reason) => messages::no_base(reason),
            Self::Mirror(reason) => messages::mirror_down(reason),
            Self::Io(error) => messages::no_recipe(file::reason(error)),
        }
    }
}

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        let message = error.message();
        let help = match error {
            Error::Sandbox(error) => return error.into(),
            Error::Unfit { advice, .. } => advice,
            Error::NoBase(_) => messages::no_base_help(),
            Error::Build { .. } => messages::not_built_help(),
            Error::Mirror(_) => messages::mirror_down_help(),
            Error::Engine(_) | Error::Io(_) => messages::doctor_help(),
        };
        Self::new(message).help(help)
    }
}
