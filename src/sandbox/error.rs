//! What can go wrong between us and the engine.

use crate::diagnostic::Problem;

/// The engine does not do its part.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// No engine answers.
    #[error("no Docker Engine answers at {address}: {reason}")]
    NoEngine {
        /// Where it was looked for.
        address: String,
        /// What the attempt said.
        reason: String,
    },
    /// The engine lacks the image of the sandbox.
    #[error("the engine has no image `{0}` to make sandboxes from")]
    NoImage(String),
    /// The engine refused a request.
    #[error("the Docker Engine refused: {0}")]
    Engine(#[from] bollard::errors::Error),
    /// The engine in the sandbox did not come up.
    #[error("the engine inside the sandbox did not start: {0}")]
    NotReady(String),
    /// This machine does not run the shell.
    #[error("cannot run a shell on this machine: {0}")]
    Local(std::io::Error),
    /// The connection to the shell is gone.
    #[error("the shell in the sandbox is gone")]
    Gone,
}

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        let help = match &error {
            Error::NoEngine { .. } => {
                "start Docker, or set DOCKER_HOST; in haechi's own tree, `make engine` installs and starts one"
            }
            Error::NoImage(_) => "run `make images`: it builds the sandbox's image and the mirror",
            Error::Local(_) => "bash must be installed, and the temporary folder writable",
            Error::Engine(_) | Error::NotReady(_) | Error::Gone => {
                "see the engine's own log; `docker ps -a --filter label=haechi` shows what is left of the run"
            }
        };
        Self::new(error.to_string()).help(help)
    }
}
