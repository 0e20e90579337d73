//! Where images come from.

use crate::sandbox::DOCKER_HUB;

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
