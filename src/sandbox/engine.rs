//! The outer Docker Engine, in which sandboxes are containers.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use bollard::Docker;
use bollard::query_parameters::{ListContainersOptionsBuilder, RemoveContainerOptionsBuilder};

use super::Error;
use super::exec::exec;
use super::mirror::{Known, MIRROR, pulls_through};
use crate::messages::{Message, engine as messages};
use crate::owner::{Owner, ProcessState};

/// How many pages share a processor: a page waits for much of its time.
pub(super) const PER_PROCESSOR: usize = 2;

/// The label that every container of ours carries; its value is the container's part.
pub(crate) const LABEL: &str = "haechi";
/// The label that names the process a sandbox belongs to.
pub(super) const OWNER: &str = "haechi.owner";

/// How sandboxes are made.
#[derive(Debug, Clone)]
pub struct Setup {
    /// The image of the sandbox.
    pub image: String,
    /// The most memory that a sandbox may use, in MiB.
    pub memory: u32,
    /// The size of a sandbox's disk in MiB; 0 sets no limit.
    pub disk: u32,
    /// The engine's runtime that sandboxes run with; none is the engine's own choice.
    pub runtime: Option<String>,
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
    /// What the mirror's images say of themselves.
    pub(super) known: Known,
    /// Whether its machine was found to have no loop devices.
    lacks_loop_devices: Arc<AtomicBool>,
}

const TIMEOUT_SECONDS: u64 = 120;
/// How long an engine may take to say that it is there.
const PATIENCE: Duration = Duration::from_secs(10);
/// Docker 20.10: the first with a control group namespace for each container.
const OLDEST_API: (u32, u32) = (1, 41);
/// How old a sandbox of another machine gets before it counts as left behind, in seconds.
const LEASE: i64 = 6 * 3600;

impl Engine {
    /// Connects to the engine that `DOCKER_HOST` names, else to the machine's, else to haechi's own;
    /// removes the sandboxes of runs that died.
    ///
    /// # Errors
    /// When no engine answers or it lacks the image of the sandbox.
    pub async fn connect(setup: Setup) -> Result<Self, Error> {
        let (docker, _) = find_engine(&setup.own_socket).await?;
        check_version(&docker).await?;
        check_runtime(&docker, setup.runtime.as_deref()).await?;
        let image = docker.inspect_image(&setup.image).await.map_err(|error| match is_missing(&error) {
            true => Error::NoImage(setup.image.clone()),
            false => Error::Engine(error),
        })?;
        let engine = Self {
            docker,
            setup,
            image_id: image.id.unwrap_or_default(),
            known: Known::default(),
            lacks_loop_devices: Arc::default(),
        };
        engine.reap().await?;
        Ok(engine)
    }

    pub(super) fn lacks_loop_devices(&self) -> bool {
        self.lacks_loop_devices.load(Ordering::Relaxed)
    }

    /// From now on sandboxes are made without a loop device.
    pub(super) fn note_missing_loop_devices(&self) {
        self.lacks_loop_devices.store(true, Ordering::Relaxed);
    }

    /// Whether the engine still answers.
    pub(super) async fn is_reachable(&self) -> bool {
        matches!(tokio::time::timeout(PATIENCE, self.docker.ping()).await, Ok(Ok(_)))
    }

    /// Whether the mirror runs, from which sandboxes get images.
    pub async fn has_mirror(&self) -> bool {
        let mirror = self.docker.inspect_container(MIRROR, None).await;
        mirror.is_ok_and(|mirror| mirror.state.and_then(|state| state.running) == Some(true))
    }

    /// How many sandboxes the engine's machine has room for, by its processors and its memory.
    pub(super) async fn capacity(&self) -> Option<usize> {
        let info = self.docker.info().await.ok()?;
        let processors = usize::try_from(info.ncpu?).ok()?;
        let memory = usize::try_from(info.mem_total?).ok()? / (1024 * 1024);
        // One more than pages run is made ahead.
        let fit = (memory / self.setup.memory.max(1) as usize).saturating_sub(1);
        Some((PER_PROCESSOR * processors).min(fit).max(1))
    }

    /// Names the image of the sandbox, its limits, where the mirror gets images from, and every image that
    /// was published to it, for evidence: when it changes, what was verified must be verified again.
    ///
    /// # Errors
    /// When the mirror does not answer: that is not a mirror without images.
    pub async fn fingerprint(&self) -> Result<String, Error> {
        // What is named in this pattern is in the text, or is decided not to be. A new setting must be, too.
        let Setup { image: _, memory, disk, runtime, own_socket: _ } = &self.setup;
        let catalog = self.catalog().await?;
        let registry = pulls_through(&self.docker).await;
        Ok(format!("{} {memory} {disk} {runtime:?} {registry:?} {catalog:?}", self.image_id))
    }

    /// The images that the mirror offers: a line with the name and the ID of each.
    async fn catalog(&self) -> Result<String, Error> {
        let list = "cd /var/lib/registry/haechi 2>/dev/null || exit 0; for name in *; do \
            [ -e \"$name\" ] || continue; echo \"$name\"; cat \"$name\" || exit 1; done";
        let answer = exec(&self.docker, MIRROR, &["sh", "-c", list], &[]).await;
        match answer {
            Ok(answer) if answer.exit == 0 => Ok(String::from_utf8_lossy(&answer.output).into_owned()),
            Ok(answer) => Err(Error::NoMirror(messages::list_failed(answer.exit))),
            Err(error) => Err(Error::NoMirror(Message::verbatim(root_cause(&error)))),
        }
    }

    /// Removes the sandboxes whose owner no longer runs.
    async fn reap(&self) -> Result<(), Error> {
        let filters = HashMap::from([("label".to_owned(), vec![format!("{LABEL}=sandbox")])]);
        let list = ListContainersOptionsBuilder::new().all(true).filters(&filters).build();
        for container in self.docker.list_containers(Some(list)).await? {
            let owner = container.labels.as_ref().and_then(|labels| labels.get(OWNER));
            let age = now().saturating_sub(container.created.unwrap_or_default());
            if owner.is_some_and(|owner| is_alive(owner, age)) {
                continue;
            }
            if let Some(id) = container.id {
                self.remove(&id).await;
            }
        }
        Ok(())
    }

    /// Removes the sandboxes of this process, when it is asked to end.
    pub async fn remove_own(&self) {
        let filters =
            HashMap::from([("label".to_owned(), vec![format!("{OWNER}={}", Owner::current().label(':'))])]);
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

/// Connects to the engine that `DOCKER_HOST` names, else to the machine's, else to haechi's own; gives its
/// address, too.
///
/// # Errors
/// When none answers.
pub(crate) async fn find_engine(own_socket: &str) -> Result<(Docker, String), Error> {
    let named = std::env::var("DOCKER_HOST").ok().filter(|host| !host.is_empty());
    let candidates = match &named {
        Some(host) => vec![host.clone()],
        None => vec!["unix:///var/run/docker.sock".to_owned(), own_socket.to_owned()],
    };
    let mut failure = None;
    for address in candidates {
        let attempt = async {
            let docker = match address.strip_prefix("unix://") {
                Some(path) => Docker::connect_with_unix(path, TIMEOUT_SECONDS, bollard::API_DEFAULT_VERSION)?,
                None => Docker::connect_with_host(&address)?,
            };
            docker.negotiate_version().await
        };
        let reason = match tokio::time::timeout(PATIENCE, attempt).await {
            Ok(Ok(docker)) => return Ok((docker, address)),
            Ok(Err(error)) => Message::verbatim(root_cause(&error)),
            Err(_) => messages::silent(PATIENCE.as_secs()),
        };
        failure.get_or_insert(Error::NoEngine { address, reason });
    }
    Err(failure.expect("there is at least one candidate"))
}

/// Whether the engine lacks what was asked for.
pub(crate) fn is_missing(error: &bollard::errors::Error) -> bool {
    matches!(error, bollard::errors::Error::DockerResponseServerError { status_code: 404, .. })
}

/// Whether the engine is one that sandboxes can be made in.
///
/// # Errors
/// When it is too old, or Podman.
pub(crate) async fn check_version(docker: &Docker) -> Result<(), Error> {
    let version = docker.version().await?;
    let mut parts = version.components.iter().flatten();
    if parts.any(|part| part.name.starts_with("Podman")) {
        return Err(Error::Podman);
    }
    let api = version.api_version.unwrap_or_default();
    let number = |text: &str| -> Option<(u32, u32)> {
        let (major, minor) = text.split_once('.')?;
        Some((major.parse().ok()?, minor.parse().ok()?))
    };
    if number(&api).is_none_or(|api| api < OLDEST_API) {
        return Err(Error::TooOld { version: version.version.unwrap_or_default(), api });
    }
    Ok(())
}

/// Whether the engine has the runtime that is wanted.
async fn check_runtime(docker: &Docker, wanted: Option<&str>) -> Result<(), Error> {
    let Some(wanted) = wanted else { return Ok(()) };
    let known = docker.info().await?.runtimes.unwrap_or_default();
    if known.contains_key(wanted) {
        return Ok(());
    }
    let mut known: Vec<String> = known.into_keys().collect();
    known.sort();
    Err(Error::NoRuntime { wanted: wanted.to_owned(), known: known.join(", ") })
}

/// The cause at the bottom of an error: what the system said.
fn root_cause(error: &dyn std::error::Error) -> String {
    std::iter::successors(Some(error), |error| error.source()).last().unwrap_or(error).to_string()
}

/// Whether the owner of a sandbox that is `age` seconds old still runs. Of a process elsewhere nothing is
/// known: its sandboxes are left alone for as long as a run may take.
fn is_alive(owner: &str, age: i64) -> bool {
    match Owner::read(owner, ':').map(|owner| owner.state()) {
        Some(ProcessState::Running) => true,
        Some(ProcessState::Unknown) => age < LEASE,
        Some(ProcessState::Ended) | None => false,
    }
}

/// Seconds since 1970.
fn now() -> i64 {
    jiff::Timestamp::now().as_second()
}
