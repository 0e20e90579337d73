//! The Debian that images are made from: Docker Hub's, else one made from Debian's packages.

use std::process::Stdio;

use bollard::Docker;
use bollard::query_parameters::CreateImageOptionsBuilder;
use futures_util::TryStreamExt;
use tokio::process::Command;

use super::{Error, Event, Hub, Progress};
use crate::messages::{Message, engine as messages, file};

/// Makes `haechi/debian:SUITE` on a Debian machine, for root, and installs what it needs for that.
const SCRIPTS: [(&str, &str); 2] = [
    ("base.sh", include_str!("../../images/base.sh")),
    ("install.sh", include_str!("../../images/install.sh")),
];

/// The name of an image with this release of Debian, which the engine has.
///
/// # Errors
/// When the engine can neither get nor be given one.
pub(super) async fn base(
    docker: &Docker,
    address: &str,
    suite: &str,
    hub: &Hub,
    progress: Progress<'_>,
) -> Result<String, Error> {
    let official = format!("debian:{suite}-slim");
    if docker.inspect_image(&official).await.is_ok() {
        return Ok(official);
    }
    let refused = match hub {
        Hub::None => messages::hub_is_off(),
        Hub::At(_) => {
            progress(Event::Step(messages::downloading(&official)));
            let options =
                CreateImageOptionsBuilder::new().from_image("debian").tag(&format!("{suite}-slim")).build();
            match docker.create_image(Some(options), None, None).try_collect::<Vec<_>>().await {
                Ok(_) => return Ok(official),
                Err(error) => messages::hub_failed(&official, error),
            }
        }
    };
    from_packages(address, suite, progress)
        .await
        .map_err(|reason| Error::NoBase(Message::joined([refused, reason], "; ")))
}

/// Makes the image from Debian's packages, on Debian and for root.
async fn from_packages(address: &str, suite: &str, progress: Progress<'_>) -> Result<String, Message> {
    if !std::path::Path::new("/etc/debian_version").exists() || !rustix::process::geteuid().is_root() {
        return Err(messages::only_root());
    }
    let image = format!("haechi/debian:{suite}");
    progress(Event::Step(messages::from_packages(&image)));
    let folder = tempfile::tempdir().map_err(|error| file::reason(&error))?;
    for (name, script) in SCRIPTS {
        std::fs::write(folder.path().join(name), script).map_err(|error| file::reason(&error))?;
    }
    let output = Command::new("bash")
        .arg(folder.path().join("base.sh"))
        .arg(suite)
        .env("DOCKER_HOST", address)
        .stdin(Stdio::null())
        .kill_on_drop(true)
        .output()
        .await
        .map_err(|error| messages::no_bash(file::reason(&error)))?;
    match output.status.success() {
        true => Ok(image),
        false => Err(Message::verbatim(String::from_utf8_lossy(&output.stderr).trim())),
    }
}
