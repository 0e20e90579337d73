//! What can go wrong while an engine is made ready.

use crate::text::Problem;

/// An engine could not be made ready.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The engine cannot be used.
    #[error(transparent)]
    Sandbox(#[from] crate::sandbox::Error),
    /// The engine refused a request.
    #[error("the Docker Engine refused: {0}")]
    Engine(#[from] bollard::errors::Error),
    /// No sandbox would start in the engine.
    #[error("{found}")]
    Unfit {
        /// What it is.
        found: String,
        /// What to do about it.
        advice: String,
    },
    /// An image could not be built.
    #[error("the image {image} could not be built: {reason}")]
    Build {
        /// Its name.
        image: String,
        /// The end of what the engine said.
        reason: String,
    },
    /// There is nothing to build images from.
    #[error("there is no Debian to make the sandbox from: {0}")]
    NoBase(String),
    /// The mirror does not come up.
    #[error("the mirror of images does not answer: {0}")]
    Mirror(String),
    /// A file of this machine.
    #[error("cannot make the sandbox's recipe ready: {0}")]
    Io(#[from] std::io::Error),
}

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        let help = match error {
            Error::Sandbox(error) => return error.into(),
            Error::Unfit { found, advice } => return Self::new(found).help(advice),
            Error::NoBase(_) => {
                "let the engine reach Docker Hub, or load an image: `docker load` of one that has debian:sid-slim and debian:bookworm-slim; on Debian, root makes it from Debian's packages"
            }
            Error::Build { .. } => "see what the engine said; `haechi engine doctor` looks at the machine",
            Error::Mirror(_) => "see `docker logs haechi-mirror`; HAECHI_MIRROR_PORT chooses another port",
            Error::Engine(_) | Error::Io(_) => "`haechi engine doctor` looks at the machine",
        };
        Self::new(error.to_string()).help(help)
    }
}
