//! The mirror as sandboxes see it: which registry it gets images from, and what an image says of itself.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use bollard::Docker;
use serde::Deserialize;

use super::exec::exec;
use super::images::{Entry, Image, PullsThrough, Request, images};

/// The container that serves images to all sandboxes.
pub(crate) const MIRROR: &str = "haechi-mirror";
/// The volume that holds the mirror's socket.
pub(crate) const MIRROR_SOCKET: &str = "haechi-mirror-socket";
/// Docker Hub.
pub(crate) const DOCKER_HUB: &str = "https://registry-1.docker.io";
/// The variable of the mirror's container that names the registry which it pulls through.
pub(crate) const PULLS_THROUGH: &str = "REGISTRY_PROXY_REMOTEURL";
/// The label of an image that stands in for one of Docker Hub; its value says what is in it.
const STAND_IN: &str = "haechi.stand-in";
/// The most characters of it that are kept: anybody may write such a label.
const MOST_OF_A_LABEL: usize = 100;

/// What was learned of the mirror's images, by repository and digest.
#[derive(Debug, Clone, Default)]
pub(super) struct Known(Arc<Mutex<BTreeMap<(String, String), Entry>>>);

/// A manifest or an index, as far as it is of interest.
#[derive(Deserialize)]
struct Manifest {
    #[serde(default)]
    manifests: Vec<Child>,
    config: Option<Descriptor>,
}

#[derive(Deserialize)]
struct Child {
    digest: String,
    platform: Option<Platform>,
}

#[derive(Deserialize)]
struct Platform {
    os: String,
    architecture: String,
}

#[derive(Deserialize)]
struct Descriptor {
    digest: String,
}

#[derive(Deserialize)]
struct ImageConfig {
    config: Settings,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "PascalCase", default)]
struct Settings {
    labels: Option<BTreeMap<String, String>>,
}

/// The images of requests that the mirror answered.
pub(super) async fn describe(docker: &Docker, known: &Known, requests: &[Request]) -> Vec<Image> {
    let Some(pulls_through) = pulls_through(docker).await else {
        return vec![Image::unknown()];
    };
    let mut entries = BTreeMap::new();
    for Request { repository, digest, .. } in requests {
        let key = (repository.clone(), digest.clone());
        let lock = || known.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut entry = lock().get(&key).cloned();
        if entry.is_none() {
            entry = look_up(docker, repository, digest).await;
            lock().extend(entry.clone().map(|entry| (key.clone(), entry)));
        }
        entries.insert(key, entry);
    }
    images(requests, &entries, &pulls_through)
}

/// Which registry the mirror gets images from, by its container.
pub(super) async fn pulls_through(docker: &Docker) -> Option<PullsThrough> {
    let container = docker.inspect_container(MIRROR, None).await.ok()?;
    let variables = container.config?.env?;
    let remote =
        variables.iter().find_map(|variable| variable.strip_prefix(PULLS_THROUGH)?.strip_prefix('='));
    Some(match remote {
        None => PullsThrough::Nothing,
        Some(DOCKER_HUB) => PullsThrough::DockerHub,
        Some(_) => PullsThrough::OtherRegistry,
    })
}

/// What the mirror has under a digest; `None` where it does not say.
async fn look_up(docker: &Docker, repository: &str, digest: &str) -> Option<Entry> {
    let mut manifest = manifest(docker, repository, digest).await?;
    let children: Vec<String> = manifest.manifests.iter().map(|child| child.digest.clone()).collect();
    if !children.is_empty() {
        let architecture = match docker.version().await.ok()?.arch? {
            name if name == "x86_64" => "amd64".to_owned(),
            name if name == "aarch64" => "arm64".to_owned(),
            name => name,
        };
        let fits = |child: &&Child| {
            child
                .platform
                .as_ref()
                .is_some_and(|platform| platform.os == "linux" && platform.architecture == architecture)
        };
        let chosen = manifest.manifests.iter().find(fits)?.digest.clone();
        manifest = self::manifest(docker, repository, &chosen).await?;
    }
    let path = format!("{repository}/blobs/{}", manifest.config?.digest);
    let config: ImageConfig = serde_json::from_slice(&get(docker, &path).await?).ok()?;
    let label = config.config.labels.unwrap_or_default().remove(STAND_IN);
    let stand_in = label.map(|label| label.chars().take(MOST_OF_A_LABEL).collect());
    Some(Entry { stand_in, children })
}

async fn manifest(docker: &Docker, repository: &str, digest: &str) -> Option<Manifest> {
    serde_json::from_slice(&get(docker, &format!("{repository}/manifests/{digest}")).await?).ok()
}

/// Asks the mirror, from inside its container.
async fn get(docker: &Docker, path: &str) -> Option<Vec<u8>> {
    let accept = "Accept: application/vnd.oci.image.index.v1+json, application/vnd.oci.image.manifest.v1+json, \
                  application/vnd.docker.distribution.manifest.list.v2+json, \
                  application/vnd.docker.distribution.manifest.v2+json";
    let address = format!("http://mirror/v2/{path}");
    let socket = "/run/haechi/mirror.sock";
    let command = ["curl", "-sf", "--max-time", "20", "--unix-socket", socket, "-H", accept, &address];
    let answer = exec(docker, MIRROR, &command, &[]).await.ok()?;
    (answer.exit == 0).then_some(answer.output)
}
