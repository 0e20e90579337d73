//! What can go wrong between us and the engine.

use crate::text::Problem;

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
    /// What the mirror of images offers is not known.
    #[error("the mirror that serves images to the sandboxes does not answer: {0}")]
    NoMirror(String),
    /// The engine is too old.
    #[error("Docker Engine {version} (API {api}) is too old: sandboxes need 20.10 (API 1.41)")]
    TooOld {
        /// The engine's version.
        version: String,
        /// The newest version of its API.
        api: String,
    },
    /// It is Podman.
    #[error("the engine is Podman, which does not take what a sandbox's walls need over Docker's API")]
    Podman,
    /// The engine does not have the runtime that was asked for.
    #[error("the engine has no runtime `{wanted}`; it has {known}")]
    NoRuntime {
        /// The runtime asked for.
        wanted: String,
        /// Those that it has.
        known: String,
    },
    /// A program beside the shell printed more than it may.
    #[error("a program in the sandbox printed without end")]
    TooMuch,
    /// The engine refused a request.
    #[error("the Docker Engine refused: {0}")]
    Engine(#[from] bollard::errors::Error),
    /// Nothing can limit the disk.
    #[error(
        "the size of a sandbox's disk cannot be limited: the engine's machine has no loop devices, and {0}"
    )]
    NoDiskLimit(Box<Error>),
    /// The engine in the sandbox did not come up.
    #[error("the engine inside the sandbox did not start: {0}")]
    NotReady(String),
    /// This machine does not run the shell.
    #[error("cannot run a shell on this machine: {0}")]
    Local(std::io::Error),
    /// The repository's files could not be unpacked.
    #[error("the repository's files could not be put into the sandbox (tar ended with {0})")]
    NotFilled(i64),
    /// The connection to the shell is gone.
    #[error("the shell in the sandbox is gone")]
    Gone,
}

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        let help = match &error {
            Error::NoEngine { .. } => {
                "start Docker, or set DOCKER_HOST; `haechi engine doctor` looks at the machine"
            }
            Error::NoMirror(_) => "`haechi engine up` starts it; `haechi engine doctor` looks at the machine",
            Error::NoImage(_) => {
                "load the image that --sandbox-image names into the engine, or leave the option out: haechi makes one"
            }
            Error::Podman => {
                "start Docker, or set DOCKER_HOST to a Docker Engine; docs/en/engine.md has the reason"
            }
            Error::TooOld { .. } => "use a newer Docker Engine, here or through DOCKER_HOST",
            Error::NoRuntime { .. } => {
                "leave --runtime out, or add the runtime to the engine's daemon.json and restart the engine"
            }
            Error::NotFilled(_) => {
                "give the sandbox a larger disk (--disk), or run the pages without the repository's files: --files none"
            }
            Error::NoDiskLimit(_) => {
                "load the kernel's module for loop devices on the engine's machine (`modprobe loop`), or do without a limit: --disk 0"
            }
            Error::Local(_) => "bash must be installed, and the temporary folder writable",
            Error::Engine(_) | Error::NotReady(_) | Error::Gone | Error::TooMuch => {
                "`haechi engine doctor` looks at the machine; the engine's own log says more"
            }
        };
        Self::new(error.to_string()).help(help)
    }
}
