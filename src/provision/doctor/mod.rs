//! What keeps a machine from running pages, and what to do about it: [`examine`] asks, `judge` judges.

mod check;
mod judge;

use bollard::models::SystemInfo;

use super::{Hub, Provision, mirror, recipe};
use crate::messages::engine as messages;
use crate::sandbox::{self, Engine, Host, MIRROR, Setup, run_in_container};
pub use check::{Check, Health};
use judge::Kernel;

/// Looks at the engine and at what it has, and starts a sandbox.
pub async fn examine(setup: Setup, hub: &Hub) -> Vec<Check> {
    let provision = match Provision::find(&setup.own_socket).await {
        Ok(provision) => provision,
        Err(error) => return vec![judge::no_engine(&error)],
    };
    let mut checks = vec![version(&provision).await];
    match provision.docker.info().await {
        Ok(info) => checks.extend(judge::machine(&info)),
        Err(error) => checks.push(Check::bad(messages::not_described(error), messages::restart())),
    }
    let mirror = mirror::running(&provision.docker).await.ok().flatten();
    checks.push(image(&provision).await);
    match &mirror {
        Some(mirror) => {
            checks.push(source(&provision, mirror, hub).await);
            checks.push(disk(&provision).await);
        }
        None => checks.push(Check::limited(messages::mirror_not_running(), messages::up_makes_it())),
    }
    if provision.docker.inspect_image(&setup.image).await.is_ok() {
        checks.push(starts(&provision, setup).await);
    }
    checks
}

/// What makes an engine one in which no sandbox starts, as it describes itself.
pub(super) fn obstacle(info: &SystemInfo) -> Option<Check> {
    judge::obstacles(info).into_iter().next()
}

async fn version(provision: &Provision) -> Check {
    let version = provision.docker.version().await;
    let number = version.ok().and_then(|version| version.version).unwrap_or_default();
    match sandbox::check_version(&provision.docker).await {
        Ok(()) => Check::good(messages::version(number, &provision.address)),
        Err(error) => judge::no_engine(&error),
    }
}

async fn image(provision: &Provision) -> Check {
    let image = recipe::ENGINE.image();
    match provision.docker.inspect_image(&image).await {
        Ok(_) => Check::good(messages::image_there(image)),
        Err(_) => Check::limited(messages::image_missing(image), messages::up_makes_it()),
    }
}

/// Where pages get images from.
async fn source(provision: &Provision, mirror: &mirror::Running, hub: &Hub) -> Check {
    let reaches = async |address: &str| mirror::reaches(&provision.docker, address).await;
    match (hub, mirror.hub.as_str()) {
        (Hub::At(address), "none") if reaches(address).await => {
            Check::limited(messages::hub_answers(address), messages::up_lets_it())
        }
        (Hub::At(address), "none") => {
            Check::limited(messages::hub_out_of_reach(address), messages::only_published())
        }
        (Hub::None, "none") => Check::good(messages::mirror_serves_published()),
        (_, address) if reaches(address).await => Check::good(messages::mirror_source(address)),
        (_, address) => Check::limited(messages::hub_out_of_reach(address), messages::only_kept()),
    }
}

/// The room on the engine's disk, as the mirror sees it.
async fn disk(provision: &Provision) -> Check {
    judge::disk(in_mirror(provision, &["df", "-Pk", "/var/lib/registry"]).await.as_deref())
}

/// What a program in the mirror's container prints.
async fn in_mirror(provision: &Provision, command: &[&str]) -> Option<String> {
    let answer = run_in_container(&provision.docker, MIRROR, command, &[]).await.ok()?;
    Some(String::from_utf8_lossy(&answer.output).into_owned())
}

/// Whether a sandbox starts.
async fn starts(provision: &Provision, setup: Setup) -> Check {
    let started = async {
        let host = Host::Engine(Box::new(Engine::connect(setup).await?));
        let sandbox = host.sandbox(None).await?;
        let answer = sandbox.run(&["docker", "version", "--format", "{{.Server.Version}}"], &[]).await;
        sandbox.remove().await;
        answer
    };
    match started.await {
        Ok(answer) => {
            let version = String::from_utf8_lossy(&answer.output).trim().to_owned();
            Check::good(messages::starts(version))
        }
        Err(error) => {
            let files = [
                "head",
                "-v",
                "/proc/sys/user/max_user_namespaces",
                "/proc/sys/kernel/apparmor_restrict_unprivileged_userns",
            ];
            let kernel = in_mirror(provision, &files).await.unwrap_or_default();
            judge::no_sandbox(&error, Kernel::read(&kernel))
        }
    }
}
