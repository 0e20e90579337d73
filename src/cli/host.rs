//! Where snippets run: the Docker Engine that answers, or this machine.

use super::arguments::{EngineKind, SandboxArgs};
use super::{Exit, complain};
use crate::sandbox::{Engine, Host, Setup};
use crate::text::Problem;

/// This machine is lent to pages only by somebody at the command line.
pub(super) fn ensure_trusted(sandbox: &SandboxArgs) -> Result<(), Exit> {
    if sandbox.engine == EngineKind::Docker || sandbox.trust {
        return Ok(());
    }
    complain(&[Problem::new("--engine local runs the pages' commands on this machine, with no isolation")
        .help("read the pages, and add --trust if you would type these commands yourself")]);
    Err(Exit::Usage)
}

/// The place that the command line names, once it answers.
pub(super) async fn connect(sandbox: &SandboxArgs) -> Result<Host, Problem> {
    let setup = match sandbox.engine {
        EngineKind::Local => return Ok(Host::Local),
        EngineKind::Docker => Setup {
            image: sandbox.sandbox_image.clone(),
            memory: sandbox.memory,
            disk: sandbox.disk,
            runtime: sandbox.runtime.clone(),
            own_socket: OWN_SOCKET.into(),
        },
    };
    Ok(Host::Engine(Engine::connect(setup).await?))
}

/// Where `make engine` has its own engine listen.
const OWN_SOCKET: &str = "unix:///run/haechi/docker.sock";
