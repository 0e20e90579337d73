//! What keeps a machine from running pages, and what to do about it.

use bollard::models::SystemInfo;

use super::{Hub, Provision, mirror, recipe};
use crate::sandbox::{self, Engine, Host, MIRROR, Setup, run_in_container};

/// How a check came out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Health {
    /// As it must be.
    Good,
    /// Pages run, with less than they could have.
    Limited,
    /// Pages cannot run.
    Bad,
}

/// One thing that was looked at.
#[derive(Debug, Clone)]
pub struct Check {
    /// How it came out.
    pub health: Health,
    /// What was found.
    pub found: String,
    /// What to do about it; empty where nothing is to be done.
    pub advice: String,
}

impl Check {
    fn good(found: impl Into<String>) -> Self {
        Self { health: Health::Good, found: found.into(), advice: String::new() }
    }

    fn limited(found: impl Into<String>, advice: impl Into<String>) -> Self {
        Self { health: Health::Limited, found: found.into(), advice: advice.into() }
    }

    fn bad(found: impl Into<String>, advice: impl Into<String>) -> Self {
        Self { health: Health::Bad, found: found.into(), advice: advice.into() }
    }
}

/// Looks at the engine and at what it has, and starts a sandbox.
pub async fn examine(setup: Setup, hub: &Hub) -> Vec<Check> {
    let provision = match Provision::find(&setup.own_socket).await {
        Ok(provision) => provision,
        Err(error) => return vec![no_engine(&error.to_string())],
    };
    let mut checks = vec![version(&provision).await];
    match provision.docker.info().await {
        Ok(info) => checks.extend(from_info(&info)),
        Err(error) => checks
            .push(Check::bad(format!("the engine does not describe itself: {error}"), "restart the engine")),
    }
    let mirror = mirror::running(&provision.docker).await.ok().flatten();
    checks.extend(images(&provision, mirror.as_ref(), hub).await);
    if provision.docker.inspect_image(&setup.image).await.is_ok() {
        checks.push(starts(setup).await);
    }
    checks
}

fn no_engine(reason: &str) -> Check {
    let reason_in_lower_case = reason.to_lowercase();
    let advice = if reason_in_lower_case.contains("permission denied") {
        "your user may not use the socket: `sudo usermod -aG docker $USER`, then log in again"
    } else if reason_in_lower_case.contains("not found") || reason_in_lower_case.contains("no such file") {
        "install Docker (https://docs.docker.com/engine/install/) and start it, or set DOCKER_HOST"
    } else {
        "start Docker, or set DOCKER_HOST to an engine that answers"
    };
    Check::bad(reason, advice)
}

async fn version(provision: &Provision) -> Check {
    let version = provision.docker.version().await;
    let number = version.ok().and_then(|version| version.version).unwrap_or_default();
    match sandbox::check_version(&provision.docker).await {
        Ok(()) => Check::good(format!("Docker Engine {number} at {}", provision.address)),
        Err(error) => Check::bad(error.to_string(), "use a newer Docker Engine, here or through DOCKER_HOST"),
    }
}

/// What the engine says of the machine.
fn from_info(info: &SystemInfo) -> Vec<Check> {
    let mut checks = Vec::new();
    let version = info.cgroup_version.map_or_else(|| "?".to_owned(), |version| version.to_string());
    match (info.memory_limit, info.pids_limit) {
        (Some(true), Some(true)) => {
            checks
                .push(Check::good(format!("control groups of version {version} limit memory and processes")));
        }
        _ => checks.push(Check::limited(
            format!("control groups of version {version} do not limit memory or processes"),
            "a page may use all of the machine: enable the memory and pids controllers of the kernel",
        )),
    }
    let has = |name: &str| info.security_options.iter().flatten().any(|option| option.contains(name));
    if has("name=rootless") {
        checks.push(Check::bad(
            "the engine runs without root",
            "a sandbox mounts file systems, which such an engine does not let it: use an engine of the machine",
        ));
    }
    if has("name=userns") {
        checks.push(Check::bad(
            "the engine maps its users (userns-remap)",
            "a sandbox makes its own user namespace, which such an engine does not let it: use another engine",
        ));
    }
    checks
}

async fn images(provision: &Provision, mirror: Option<&mirror::Running>, hub: &Hub) -> Vec<Check> {
    let missing = "`haechi engine up` makes it; so does the next `haechi verify`";
    let image = recipe::ENGINE.image();
    let sandbox = match provision.docker.inspect_image(&image).await {
        Ok(_) => Check::good(format!("the sandbox's image is there: {image}")),
        Err(_) => Check::limited(format!("the sandbox's image is missing: {image}"), missing),
    };
    let Some(mirror) = mirror else {
        return vec![sandbox, Check::limited("the mirror of images does not run", missing)];
    };
    let source = match (hub, mirror.hub.as_str()) {
        (Hub::At(address), "none") if mirror::reaches(&provision.docker, address).await => Check::limited(
            format!("the mirror does not ask {address}, which answers"),
            "`haechi engine up` lets it",
        ),
        (Hub::At(address), "none") => Check::limited(
            format!("the engine does not reach {address}"),
            "pages can use only images that were published to the mirror: see docs/images.md, or give the engine a way to it",
        ),
        (_, "none") => Check::good("the mirror serves what was published to it"),
        (_, address) if mirror::reaches(&provision.docker, address).await => {
            Check::good(format!("the mirror gets images from {address}"))
        }
        (_, address) => Check::limited(
            format!("the engine does not reach {address}"),
            "pages can use only images that the mirror has already",
        ),
    };
    vec![sandbox, source, disk(provision).await]
}

/// How much room there is for images, in MiB, below which it is said.
const LITTLE_DISK: u64 = 5 * 1024;

/// The room on the engine's disk, as the mirror sees it.
async fn disk(provision: &Provision) -> Check {
    let answer = run_in_container(&provision.docker, MIRROR, &["df", "-Pk", "/var/lib/registry"], &[]).await;
    let free = answer.ok().and_then(|answer| {
        let text = String::from_utf8_lossy(&answer.output).into_owned();
        text.lines().nth(1)?.split_whitespace().nth(3)?.parse::<u64>().ok()
    });
    match free.map(|kib| kib / 1024) {
        Some(free) if free < LITTLE_DISK => Check::limited(
            format!("only {free} MiB are free on the engine's disk"),
            "`docker system df` shows what takes the space; `haechi engine down --all` frees what is haechi's",
        ),
        Some(free) => Check::good(format!("{} GiB are free on the engine's disk", free / 1024)),
        None => Check::limited("the engine's disk does not say how much is free", ""),
    }
}

/// Whether a sandbox starts.
async fn starts(setup: Setup) -> Check {
    let has_limit = setup.disk > 0;
    let started = async {
        let host = Host::Engine(Engine::connect(setup).await?);
        let sandbox = host.sandbox(None).await?;
        let answer = sandbox.run(&["docker", "version", "--format", "{{.Server.Version}}"], &[]).await;
        sandbox.remove().await;
        answer
    };
    match started.await {
        Ok(answer) => {
            let version = String::from_utf8_lossy(&answer.output).trim().to_owned();
            Check::good(format!("a sandbox starts; the Docker Engine in it is {version}"))
        }
        Err(error) => {
            let reason = error.to_string();
            let advice = if has_limit && reason.contains("loop") {
                "`--disk 0` does without a limit of the disk, which needs loop devices (`modprobe loop`)"
            } else if reason.contains("unshare") || reason.contains("user namespace") {
                "the kernel refuses user namespaces: see sysctl user.max_user_namespaces and kernel.apparmor_restrict_unprivileged_userns"
            } else {
                "see the engine's own log"
            };
            Check::bad(format!("a sandbox does not start: {reason}"), advice)
        }
    }
}
