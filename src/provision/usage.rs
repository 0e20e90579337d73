//! What haechi has in an engine, and how it is removed.

use std::collections::HashMap;

use bollard::Docker;
use bollard::query_parameters::{
    ListContainersOptionsBuilder, ListImagesOptionsBuilder, ListNetworksOptionsBuilder,
    ListVolumesOptionsBuilder, RemoveContainerOptionsBuilder, RemoveImageOptionsBuilder, RemoveVolumeOptions,
};

use super::{Error, Provision, mirror, recipe};
use crate::messages::{Message, engine as messages};
use crate::sandbox::{LABEL, MIRROR, is_missing, run_in_container};

/// What haechi has in an engine.
#[derive(Debug, Clone, Default)]
pub struct Usage {
    /// The engine's version, and where it answers.
    pub engine: Message,
    /// Images by name, with their sizes in bytes.
    pub images: Vec<(String, u64)>,
    /// How much the mirror keeps, in bytes, if it runs.
    pub kept: Option<u64>,
    /// How many sandboxes there are.
    pub sandboxes: usize,
    /// Where the mirror gets images from, if it runs: an address, or `none`.
    pub mirror: Option<String>,
    /// Whether the image of this version's sandbox is there.
    pub is_ready: bool,
}

fn labelled(value: Option<&str>) -> HashMap<String, Vec<String>> {
    let label = value.map_or_else(|| LABEL.to_owned(), |value| format!("{LABEL}={value}"));
    HashMap::from([("label".to_owned(), vec![label])])
}

/// Says what haechi has in an engine.
///
/// # Errors
/// When the engine does not say.
pub async fn usage(provision: &Provision) -> Result<Usage, Error> {
    let docker = &provision.docker;
    let version = docker.version().await?.version.unwrap_or_default();
    let sandboxes = ListContainersOptionsBuilder::new().all(true).filters(&labelled(Some("sandbox"))).build();
    Ok(Usage {
        engine: messages::engine_at(version, &provision.address),
        images: images(provision).await?,
        kept: kept(provision).await,
        sandboxes: docker.list_containers(Some(sandboxes)).await?.len(),
        mirror: mirror::running(docker).await?.map(|running| running.hub),
        is_ready: docker.inspect_image(&recipe::ENGINE.image()).await.is_ok(),
    })
}

/// The size of what the mirror keeps.
async fn kept(provision: &Provision) -> Option<u64> {
    let answer =
        run_in_container(&provision.docker, MIRROR, &["du", "-sk", "/var/lib/registry"], &[]).await.ok()?;
    let text = String::from_utf8_lossy(&answer.output).into_owned();
    let kib: u64 = text.split_whitespace().next()?.parse().ok()?;
    Some(kib * 1024)
}

/// All images below `haechi/`.
async fn images(provision: &Provision) -> Result<Vec<(String, u64)>, Error> {
    let filters = HashMap::from([("reference".to_owned(), vec!["haechi/*".to_owned()])]);
    let list = ListImagesOptionsBuilder::new().filters(&filters).build();
    let mut images: Vec<(String, u64)> = Vec::new();
    for image in provision.docker.list_images(Some(list)).await? {
        let size = u64::try_from(image.size).unwrap_or(0);
        images.extend(image.repo_tags.into_iter().map(|name| (name, size)));
    }
    images.sort();
    Ok(images)
}

/// Removes the sandboxes, the mirror and their networks; with `everything`, the images and the volumes,
/// too. Gives the names of what was removed.
///
/// # Errors
/// When the engine refuses.
pub async fn remove(provision: &Provision, everything: bool) -> Result<Vec<Message>, Error> {
    let docker = &provision.docker;
    let mut removed = Vec::new();
    let list = ListContainersOptionsBuilder::new().all(true).filters(&labelled(None)).build();
    for container in docker.list_containers(Some(list)).await? {
        let Some(id) = container.id else { continue };
        let forced = RemoveContainerOptionsBuilder::new().force(true).v(true).build();
        gone(docker.remove_container(&id, Some(forced)).await)?;
        let name = container.names.unwrap_or_default().into_iter().next().unwrap_or(id);
        removed.push(messages::container(name.trim_start_matches('/')));
    }
    let list = ListNetworksOptionsBuilder::new().filters(&labelled(None)).build();
    for network in docker.list_networks(Some(list)).await? {
        let name = network.name.unwrap_or_default();
        gone(docker.remove_network(&name).await)?;
        removed.push(messages::network(name));
    }
    if !everything {
        return Ok(removed);
    }
    for (name, _) in images(provision).await? {
        let forced = RemoveImageOptionsBuilder::new().force(true).build();
        gone(docker.remove_image(&name, Some(forced), None).await)?;
        removed.push(messages::image(name));
    }
    for name in volumes(docker).await? {
        match docker.remove_volume(&name, None::<RemoveVolumeOptions>).await {
            Ok(()) => removed.push(messages::volume(name)),
            Err(error) if is_missing(&error) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok(removed)
}

/// The volumes that outlive a run.
async fn volumes(docker: &Docker) -> Result<Vec<String>, Error> {
    let filters = HashMap::from([("name".to_owned(), vec![mirror::STORES.to_owned()])]);
    let list = ListVolumesOptionsBuilder::new().filters(&filters).build();
    let found = docker.list_volumes(Some(list)).await?.volumes.unwrap_or_default();
    // The engine's filter looks anywhere in the name.
    let ours = |name: &String| {
        name.strip_prefix(mirror::STORES).is_some_and(|end| matches!(end.chars().next(), None | Some('-')))
    };
    Ok(found.into_iter().map(|volume| volume.name).filter(ours).collect())
}

/// What is gone already is fine.
fn gone<T>(result: Result<T, bollard::errors::Error>) -> Result<(), Error> {
    match result {
        Ok(_) => Ok(()),
        Err(error) if is_missing(&error) => Ok(()),
        Err(error) => Err(error.into()),
    }
}
