//! The outer Docker Engine, in which sandboxes are containers.

use std::collections::HashMap;

use bollard::Docker;
use bollard::query_parameters::{ListContainersOptionsBuilder, RemoveContainerOptionsBuilder};

use super::{Error, container};

/// The label that every container of ours carries; its value is the container's part.
pub(super) const LABEL: &str = "haechi";
/// The label that names the process a sandbox belongs to.
pub(super) const OWNER: &str = "haechi.owner";
/// The container that serves images to all sandboxes.
const MIRROR: &str = "haechi-mirror";
/// The volume that holds the mirror's socket.
pub(super) const MIRROR_SOCKET: &str = "haechi-mirror-socket";

/// How sandboxes are made.
#[derive(Debug, Clone)]
pub struct Setup {
    /// The image of the sandbox.
    pub image: String,
    /// The most memory that a sandbox may use, in MiB.
    pub memory: u32,
    /// Where an engine of haechi's own listens, for when no other answers.
    pub own_socket: String,
}

/// A connection to a Docker Engine.
#[derive(Debug, Clone)]
pub struct Engine {
    pub(super) docker: Docker,
    pub(super) setup: Setup,
    /// The ID of the sandbox image.
    image_id: String,
}

const TIMEOUT_SECONDS: u64 = 120;

impl Engine {
    /// Connects to the engine that `DOCKER_HOST` names, else to the machine's, else to haechi's own;
    /// removes the sandboxes of runs that died.
    ///
    /// # Errors
    /// When no engine answers or it lacks the image of the sandbox.
    pub async fn connect(setup: Setup) -> Result<Self, Error> {
        let docker = Self::reach(&setup).await?;
        let image = docker.inspect_image(&setup.image).await.map_err(|error| match error {
            bollard::errors::Error::DockerResponseServerError { status_code: 404, .. } => {
                Error::NoImage(setup.image.clone())
            }
            other => Error::Engine(other),
        })?;
        let engine = Self { docker, setup, image_id: image.id.unwrap_or_default() };
        engine.reap().await?;
        Ok(engine)
    }

    async fn reach(setup: &Setup) -> Result<Docker, Error> {
        let named = std::env::var("DOCKER_HOST").ok().filter(|host| !host.is_empty());
        let candidates = match &named {
            Some(host) => vec![host.clone()],
            None => vec!["unix:///var/run/docker.sock".to_owned(), setup.own_socket.clone()],
        };
        let mut failure = None;
        for address in candidates {
            let attempt = async {
                let docker = match address.strip_prefix("unix://") {
                    Some(path) => {
                        Docker::connect_with_unix(path, TIMEOUT_SECONDS, bollard::API_DEFAULT_VERSION)?
                    }
                    None => Docker::connect_with_host(&address)?,
                };
                docker.negotiate_version().await
            };
            match attempt.await {
                Ok(docker) => return Ok(docker),
                Err(error) => {
                    failure.get_or_insert(Error::NoEngine { address, reason: error.to_string() });
                }
            }
        }
        Err(failure.expect("there is at least one candidate"))
    }

    /// Names the image of the sandbox and of every image that the mirror offers, for evidence:
    /// when it changes, what was verified must be verified again.
    pub async fn fingerprint(&self) -> String {
        let command = ["sh", "-c", "cat /var/lib/registry/haechi/* 2>/dev/null"];
        let catalog = container::exec(&self.docker, MIRROR, &command, &[]).await;
        let catalog = catalog.map(|answer| answer.output).unwrap_or_default();
        let mut hasher = blake3::Hasher::new();
        hasher.update(self.image_id.as_bytes()).update(&catalog);
        hasher.finalize().to_hex()[..16].to_owned()
    }

    /// Removes the sandboxes whose owner no longer runs.
    async fn reap(&self) -> Result<(), Error> {
        let filters = HashMap::from([("label".to_owned(), vec![format!("{LABEL}=sandbox")])]);
        let list = ListContainersOptionsBuilder::new().all(true).filters(&filters).build();
        for container in self.docker.list_containers(Some(list)).await? {
            let owner = container.labels.as_ref().and_then(|labels| labels.get(OWNER));
            if owner.is_some_and(|owner| lives(owner)) {
                continue;
            }
            if let Some(id) = container.id {
                self.remove(&id).await;
            }
        }
        Ok(())
    }

    /// Removes the sandboxes of this process, when it is told to end.
    pub async fn remove_own(&self) {
        let filters = HashMap::from([("label".to_owned(), vec![format!("{OWNER}={}", owner())])]);
        let list = ListContainersOptionsBuilder::new().all(true).filters(&filters).build();
        for container in self.docker.list_containers(Some(list)).await.unwrap_or_default() {
            self.remove(&container.id.unwrap_or_default()).await;
        }
    }

    /// Removes a container with its volumes; one that is gone already is fine.
    pub(super) async fn remove(&self, id: &str) {
        let options = RemoveContainerOptionsBuilder::new().force(true).v(true).build();
        let _ = self.docker.remove_container(id, Some(options)).await;
    }
}

/// This process, told from another that later gets the same number: number and start time.
pub(super) fn owner() -> String {
    let pid = std::process::id();
    format!("{pid}:{}", start_time(pid).unwrap_or_default())
}

fn lives(owner: &str) -> bool {
    let Some((pid, start)) = owner.split_once(':') else { return false };
    pid.parse().ok().and_then(start_time).as_deref() == Some(start)
}

/// Field 22 of `/proc/PID/stat` (proc(5)): when the process started, in clock ticks since boot.
fn start_time(pid: u32) -> Option<String> {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    let (_, after_name) = stat.rsplit_once(')')?;
    after_name.split_whitespace().nth(19).map(str::to_owned)
}
