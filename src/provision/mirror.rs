//! The mirror: a container that serves images to all sandboxes through a socket on a shared volume.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use bollard::Docker;
use bollard::models::{
    ContainerCreateBody, HostConfig, PortBinding, PortMap, RestartPolicy, RestartPolicyNameEnum,
};
use bollard::query_parameters::{
    CreateContainerOptionsBuilder, ListContainersOptionsBuilder, RemoveContainerOptionsBuilder,
    StartContainerOptions,
};

use super::{Error, Event, Hub, Progress};
use crate::messages::{Message, engine as messages};
use crate::sandbox::{DOCKER_HUB, LABEL, MIRROR, MIRROR_SOCKET, PULLS_THROUGH, is_missing, run_in_container};

/// The label that says what the mirror pulls through: `none` where it has only what is published to it.
const HUB: &str = "haechi.hub";
/// How long the mirror may take to answer.
const READY_WITHIN: Duration = Duration::from_secs(20);
/// The port on which images are published to it, unless `HAECHI_MIRROR_PORT` says another.
const PORT: &str = "5599";

/// How the names of the volumes begin that keep images.
pub(super) const STORES: &str = "haechi-mirror";

/// What a mirror that runs serves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Running {
    image: String,
    /// Where it gets images from; `none` if it has only those that were published to it.
    pub(super) hub: String,
}

/// The mirror, if it runs.
pub(super) async fn running(docker: &Docker) -> Result<Option<Running>, Error> {
    let found = match docker.inspect_container(MIRROR, None).await {
        Ok(found) => found,
        Err(error) if is_missing(&error) => return Ok(None),
        Err(error) => return Err(error.into()),
    };
    let runs = found.state.and_then(|state| state.running) == Some(true);
    let labels = found.config.and_then(|config| config.labels).unwrap_or_default();
    let hub = labels.get(HUB).cloned().unwrap_or_default();
    Ok(runs.then(|| Running { image: found.image.unwrap_or_default(), hub }))
}

/// Sees that the mirror runs from this image, and that it asks the Hub where that answers.
///
/// # Errors
/// When it does not come up.
pub(super) async fn ensure(
    docker: &Docker,
    image: &str,
    hub: &Hub,
    progress: Progress<'_>,
) -> Result<(), Error> {
    let id = docker.inspect_image(image).await?.id.unwrap_or_default();
    let found = running(docker).await?;
    let in_use = found.is_some() && has_sandboxes(docker).await?;
    let now = found.filter(|running| running.image == id);
    let wanted = match hub {
        Hub::None => "none",
        Hub::At(address) => address,
    };
    if now.as_ref().is_some_and(|running| running.hub == wanted) {
        return Ok(());
    }
    if in_use {
        progress(Event::Step(messages::mirror_in_use()));
        return Ok(());
    }
    if now.is_none_or(|running| running.hub != "none") {
        progress(Event::Step(messages::starting_mirror()));
        start(docker, image, "none").await?;
    }
    // Only the engine's machine knows what it reaches.
    if let Hub::At(address) = hub
        && reaches(docker, address).await
    {
        progress(Event::Step(messages::mirror_source(address)));
        start(docker, image, address).await?;
    }
    Ok(())
}

/// Whether there are sandboxes, to which a mirror that is made anew would be gone for a while.
async fn has_sandboxes(docker: &Docker) -> Result<bool, Error> {
    let filters = HashMap::from([("label".to_owned(), vec![format!("{LABEL}=sandbox")])]);
    let list = ListContainersOptionsBuilder::new().filters(&filters).build();
    Ok(!docker.list_containers(Some(list)).await?.is_empty())
}

/// Whether an address answers, asked from the mirror's container.
pub(super) async fn reaches(docker: &Docker, address: &str) -> bool {
    let address = format!("{}/v2/", address.trim_end_matches('/'));
    let command = ["curl", "-s", "-o", "/dev/null", "--max-time", "5", &address];
    run_in_container(docker, MIRROR, &command, &[]).await.is_ok_and(|answer| answer.exit == 0)
}

async fn start(docker: &Docker, image: &str, hub: &str) -> Result<(), Error> {
    let forced = RemoveContainerOptionsBuilder::new().force(true).build();
    match docker.remove_container(MIRROR, Some(forced)).await {
        Ok(()) => {}
        Err(error) if is_missing(&error) => {}
        Err(error) => return Err(error.into()),
    }
    let name = CreateContainerOptionsBuilder::new().name(MIRROR).build();
    docker.create_container(Some(name), description(image, hub)).await?;
    docker.start_container(MIRROR, None::<StartContainerOptions>).await?;
    let ask = ["curl", "-sf", "--unix-socket", "/run/haechi/mirror.sock", "http://mirror/v2/"];
    let deadline = Instant::now() + READY_WITHIN;
    loop {
        match run_in_container(docker, MIRROR, &ask, &[]).await {
            Ok(answer) if answer.exit == 0 => return Ok(()),
            _ if Instant::now() < deadline => tokio::time::sleep(Duration::from_millis(100)).await,
            Ok(answer) => return Err(Error::Mirror(messages::curl_failed(answer.exit))),
            Err(error) => return Err(Error::Mirror(Message::verbatim(error))),
        }
    }
}

fn description(image: &str, hub: &str) -> ContainerCreateBody {
    let environment = if hub == "none" { Vec::new() } else { vec![format!("{PULLS_THROUGH}={hub}")] };
    let port = std::env::var("HAECHI_MIRROR_PORT").unwrap_or_else(|_| PORT.into());
    let binding = PortBinding { host_ip: Some("127.0.0.1".into()), host_port: Some(port) };
    let ports: PortMap = HashMap::from([("5000/tcp".to_owned(), Some(vec![binding]))]);
    ContainerCreateBody {
        image: Some(image.to_owned()),
        labels: Some(HashMap::from([
            (LABEL.to_owned(), "mirror".to_owned()),
            (HUB.to_owned(), hub.to_owned()),
        ])),
        env: Some(environment),
        exposed_ports: Some(vec!["5000/tcp".to_owned()]),
        host_config: Some(HostConfig {
            binds: Some(vec![
                format!("{}:/var/lib/registry", store(hub)),
                format!("{MIRROR_SOCKET}:/run/haechi"),
            ]),
            // Nothing is published to a mirror of the Hub.
            port_bindings: (hub == "none").then_some(ports),
            restart_policy: Some(RestartPolicy {
                name: Some(RestartPolicyNameEnum::UNLESS_STOPPED),
                maximum_retry_count: None,
            }),
            ..HostConfig::default()
        }),
        ..ContainerCreateBody::default()
    }
}

/// The volume that keeps what comes from a registry, or what is published here: a mirror of Docker Hub must
/// not serve as the Hub's what came from elsewhere.
fn store(hub: &str) -> String {
    match hub {
        "none" => STORES.into(),
        DOCKER_HUB => format!("{STORES}-hub"),
        other => format!("{STORES}-{}", &blake3::hash(other.as_bytes()).to_hex()[..12]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_registry_has_a_store_of_its_own() {
        let stores =
            ["none", DOCKER_HUB, "http://a.example", "https://registry-1.docker.io.example"].map(store);
        let different: std::collections::BTreeSet<_> = stores.iter().collect();
        assert_eq!(different.len(), stores.len(), "{stores:?}");
        assert!(stores.iter().all(|store| store.starts_with(STORES)));
    }
}
