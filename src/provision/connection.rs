//! The engine that is made ready.

use bollard::Docker;

use crate::sandbox;

/// An engine that answers.
#[derive(Debug, Clone)]
pub struct Provision {
    pub(super) docker: Docker,
    pub(super) address: String,
}

impl Provision {
    /// Finds the engine that `DOCKER_HOST` names, else the machine's, else haechi's own.
    ///
    /// # Errors
    /// When none answers.
    pub async fn find(own_socket: &str) -> Result<Self, sandbox::Error> {
        let (docker, address) = sandbox::find_engine(own_socket).await?;
        Ok(Self { docker, address })
    }
}
