//! An engine is given what it lacks.

use super::connection::Provision;
use super::doctor::{Check, obstacle};
use super::error::Error;
use super::hub::Hub;
use super::progress::Progress;
use super::{build, mirror, recipe};
use crate::sandbox;

/// The image that sandboxes are made from, under the name that this version of haechi gives it.
#[must_use]
pub fn sandbox_image() -> String {
    recipe::ENGINE.image()
}

impl Provision {
    /// Makes the image of the sandbox and the mirror where they are missing, and starts the mirror.
    ///
    /// # Errors
    /// When no sandbox would start in it, an image cannot be built, or the mirror does not come up.
    pub async fn up(&self, hub: &Hub, progress: Progress<'_>) -> Result<(), Error> {
        sandbox::check_version(&self.docker).await?;
        if let Some(Check { found, advice, .. }) = self.docker.info().await.ok().as_ref().and_then(obstacle) {
            return Err(Error::Unfit { found, advice });
        }
        for recipe in [recipe::ENGINE, recipe::MIRROR] {
            build::make(&self.docker, &self.address, &recipe, hub, progress).await?;
        }
        mirror::ensure(&self.docker, &recipe::MIRROR.image(), hub, progress).await
    }
}
