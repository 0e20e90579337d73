//! Where snippets run: the Docker Engine that answers, or this machine.

use super::arguments::{EngineKind, Place};
use super::{Exit, complain};
use crate::sandbox::{Engine, Host, Setup};
use crate::text::Problem;

/// This machine is lent to pages only by somebody at the command line.
pub(super) fn ensure_trusted(place: &Place) -> Result<(), Exit> {
    if place.engine == EngineKind::Docker || place.trust {
        return Ok(());
    }
    complain(&[Problem::new("--engine local runs the pages' commands on this machine, with no isolation")
        .help("read the pages, and add --trust if you would type these commands yourself")]);
    Err(Exit::Usage)
}

/// The place that the command line names, once it answers.
pub(super) async fn connect(place: &Place) -> Result<Host, Problem> {
    let setup = match place.engine {
        EngineKind::Local => return Ok(Host::Local),
        EngineKind::Docker => Setup {
            image: place.sandbox_image.clone(),
            memory: place.memory,
            disk: place.disk,
            runtime: place.runtime.clone(),
            own_socket: OWN_SOCKET.into(),
        },
    };
    Ok(Host::Engine(Engine::connect(setup).await?))
}

/// Where `make engine` has its own engine listen.
const OWN_SOCKET: &str = "unix:///run/haechi/docker.sock";
