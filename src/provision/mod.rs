//! What a Docker Engine must have before a page can run in it: the image of the sandbox, and the mirror
//! that serves images to sandboxes. In goes an engine that answers; afterwards it has both.
//!
//! Everything goes through the engine's API: it may run on another machine.

mod base;
mod build;
mod doctor;
mod error;
mod mirror;
mod recipe;
mod usage;

use bollard::Docker;

pub use doctor::{Check, Health, examine};
pub use error::Error;
pub use usage::{Usage, remove, usage};

use crate::sandbox;

/// Docker Hub.
const DOCKER_HUB: &str = "https://registry-1.docker.io";

/// Where images come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Hub {
    /// A registry, by its address.
    At(String),
    /// Nowhere: only what is built or published here.
    None,
}

impl Hub {
    /// What `HAECHI_HUB` says, else Docker Hub.
    #[must_use]
    pub fn from_environment() -> Self {
        match std::env::var("HAECHI_HUB") {
            Ok(hub) if hub == "none" => Self::None,
            Ok(hub) if !hub.is_empty() => Self::At(hub),
            _ => Self::At(DOCKER_HUB.to_owned()),
        }
    }
}

/// Is told what is being done.
pub type Progress<'a> = &'a (dyn Fn(Event<'_>) + Sync);

/// What is being done.
#[derive(Debug, Clone, Copy)]
pub enum Event<'a> {
    /// A step begins.
    Step(&'a str),
    /// A program that makes an image printed a line.
    Output(&'a str),
}

/// The image that sandboxes are made from, under the name that this version of haechi gives it.
#[must_use]
pub fn sandbox_image() -> String {
    recipe::ENGINE.image()
}

/// An engine that answers.
#[derive(Debug, Clone)]
pub struct Provision {
    docker: Docker,
    address: String,
}

impl Provision {
    /// Finds the engine that `DOCKER_HOST` names, else the machine's, else haechi's own.
    ///
    /// # Errors
    /// When none answers.
    pub async fn find(own_socket: &str) -> Result<Self, Error> {
        let (docker, address) = sandbox::reach(own_socket).await?;
        Ok(Self { docker, address })
    }

    /// Makes the image of the sandbox and the mirror where they are missing, and starts the mirror.
    ///
    /// # Errors
    /// When an image cannot be built, or the mirror does not come up.
    pub async fn up(&self, hub: &Hub, progress: Progress<'_>) -> Result<(), Error> {
        sandbox::check_version(&self.docker).await?;
        for recipe in [recipe::ENGINE, recipe::MIRROR] {
            build::build(&self.docker, &self.address, &recipe, hub, progress).await?;
        }
        mirror::ensure(&self.docker, &recipe::MIRROR.image(), hub, progress).await
    }
}
