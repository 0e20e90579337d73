//! What was found is judged. Pure: what the engine said goes in, checks come out.

use bollard::models::SystemInfo;

use super::check::Check;
use crate::sandbox::Error;

/// How much room there should be for images, in MiB.
const LITTLE_DISK: u64 = 5 * 1024;

/// No engine can be used.
pub(super) fn no_engine(error: &Error) -> Check {
    let advice = match error {
        Error::NoEngine { reason, .. } => {
            let reason = reason.to_lowercase();
            if reason.contains("permission denied") {
                "your user may not use the socket: `sudo usermod -aG docker $USER`, then log in again"
            } else if ["not found", "no such file"].iter().any(|words| reason.contains(words)) {
                "install Docker (https://docs.docker.com/engine/install/) and start it, or set DOCKER_HOST"
            } else {
                "start Docker (`sudo systemctl start docker`, or Docker Desktop), or set DOCKER_HOST to an engine that answers"
            }
        }
        Error::TooOld { .. } => "use a newer Docker Engine, here or through DOCKER_HOST",
        Error::Podman => "start Docker, or set DOCKER_HOST to a Docker Engine; docs/ci.md has the reason",
        _ => "restart the engine; its own log says more",
    };
    Check::bad(error.to_string(), advice)
}

/// What the engine says of the machine.
pub(super) fn machine(info: &SystemInfo) -> Vec<Check> {
    let mut checks = vec![control_groups(info)];
    checks.extend(obstacles(info));
    checks
}

/// What makes an engine one in which no sandbox starts.
pub(super) fn obstacles(info: &SystemInfo) -> Vec<Check> {
    let mut checks = Vec::new();
    let has = |name: &str| info.security_options.iter().flatten().any(|option| option.contains(name));
    if has("name=rootless") {
        checks.push(Check::bad(
            "the engine is rootless",
            "a sandbox mounts file systems, which a rootless engine does not let it: set DOCKER_HOST to an engine that runs as root",
        ));
    }
    if has("name=userns") {
        checks.push(Check::bad(
            "the engine maps its users (userns-remap)",
            "a sandbox makes its own user namespace, which such an engine does not let it: take userns-remap out of /etc/docker/daemon.json and restart Docker, or set DOCKER_HOST to another engine",
        ));
    }
    checks
}

fn control_groups(info: &SystemInfo) -> Check {
    let version = info.cgroup_version.map_or_else(|| "?".to_owned(), |version| version.to_string());
    let missing: Vec<&str> = [(info.memory_limit, "memory"), (info.pids_limit, "processes")]
        .into_iter()
        .filter_map(|(limit, name)| (limit != Some(true)).then_some(name))
        .collect();
    if missing.is_empty() {
        return Check::good(format!("control groups of version {version} limit memory and processes"));
    }
    Check::limited(
        format!("control groups of version {version} do not limit {}", missing.join(" and ")),
        "a page may use all of the machine: enable the kernel's memory and pids controllers (on a Raspberry Pi: cgroup_enable=memory in /boot/firmware/cmdline.txt), then restart",
    )
}

/// The room on the engine's disk, from what `df -Pk` says of it.
pub(super) fn disk(df: Option<&str>) -> Check {
    let free = df.and_then(|text| text.lines().nth(1)?.split_whitespace().nth(3)?.parse::<u64>().ok());
    match free.map(|kib| kib / 1024) {
        Some(free) if free < LITTLE_DISK => Check::limited(
            format!("only {free} MiB are free on the engine's disk"),
            "`docker system df` shows what takes the space; `haechi engine down --all` frees what is haechi's",
        ),
        Some(free) => Check::good(format!("{} GiB are free on the engine's disk", free / 1024)),
        None => Check::limited(
            "how much is free on the engine's disk is not known",
            "`docker logs haechi-mirror` may say why the mirror does not answer",
        ),
    }
}

/// What the kernel of the engine's machine allows; `None` is a setting that it does not have.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Kernel {
    /// `user.max_user_namespaces`
    pub(super) most_user_namespaces: Option<u64>,
    /// `kernel.apparmor_restrict_unprivileged_userns`
    pub(super) apparmor_restricts: Option<u64>,
}

impl Kernel {
    /// From what `head` says of the two files.
    pub(super) fn read(text: &str) -> Self {
        let after = |name: &str| {
            let mut lines = text.lines().skip_while(|line| !line.contains(name)).skip(1);
            lines.next()?.trim().parse().ok()
        };
        Self {
            most_user_namespaces: after("max_user_namespaces"),
            apparmor_restricts: after("apparmor_restrict_unprivileged_userns"),
        }
    }
}

/// A sandbox did not start.
pub(super) fn no_sandbox(error: &Error, kernel: Kernel) -> Check {
    let reason = error.to_string();
    let found = format!("a sandbox does not start: {reason}");
    if reason.contains("loop") {
        let advice = "load the kernel's module for loop devices on the engine's machine (`modprobe loop`), or do without a limit of the disk: --disk 0";
        return Check::bad(found, advice);
    }
    // Without user namespaces a sandbox does not start, whatever it says of that.
    let is_about_namespaces = kernel.most_user_namespaces == Some(0)
        || ["unshare", "user namespace", "uid_map"].iter().any(|word| reason.contains(word));
    if !is_about_namespaces {
        return Check::bad(
            found,
            "the engine's own log says more (`journalctl -u docker`, or Docker Desktop's)",
        );
    }
    let advice = match kernel {
        Kernel { most_user_namespaces: Some(0), .. } => {
            "the kernel has no user namespaces: `sudo sysctl user.max_user_namespaces=15000`"
        }
        Kernel { apparmor_restricts: Some(1..), .. } => {
            "AppArmor restricts user namespaces: `sudo sysctl kernel.apparmor_restrict_unprivileged_userns=0`"
        }
        _ => {
            "the kernel refuses a user namespace: is the engine itself in a container, or in a user namespace of its own?"
        }
    };
    Check::bad(found, advice)
}

#[cfg(test)]
mod tests {
    use super::super::check::Health;
    use super::*;

    fn no_answer(reason: &str) -> Check {
        no_engine(&Error::NoEngine { address: "unix:///var/run/docker.sock".into(), reason: reason.into() })
    }

    #[test]
    fn an_engine_that_does_not_answer_says_what_to_do() {
        assert!(no_answer("No such file or directory (os error 2)").advice.starts_with("install Docker"));
        assert!(no_answer("Permission denied (os error 13)").advice.contains("usermod -aG docker"));
        assert!(no_answer("Connection refused (os error 111)").advice.starts_with("start Docker"));
        assert!(no_answer("it has not answered for 10 s").advice.starts_with("start Docker"));
    }

    fn info(text: &str) -> SystemInfo {
        serde_json::from_str(text).unwrap()
    }

    #[test]
    fn the_machine_is_judged_by_what_the_engine_says_of_it() {
        let good = machine(&info(
            r#"{"CgroupVersion":"2","MemoryLimit":true,"PidsLimit":true,"SecurityOptions":["name=seccomp,profile=builtin","name=cgroupns"]}"#,
        ));
        assert_eq!(good, [Check::good("control groups of version 2 limit memory and processes")]);
        let limited = &machine(&info(r#"{"CgroupVersion":"1","MemoryLimit":false,"PidsLimit":true}"#))[0];
        assert_eq!(limited.found, "control groups of version 1 do not limit memory");
        assert_eq!(limited.health, Health::Limited);
        let found = |option: &str| {
            let text = format!(r#"{{"MemoryLimit":true,"PidsLimit":true,"SecurityOptions":["{option}"]}}"#);
            let check = machine(&info(&text)).remove(1);
            assert_eq!(check.health, Health::Bad);
            check
        };
        assert!(found("name=rootless").advice.contains("an engine that runs as root"));
        assert!(found("name=userns").advice.contains("daemon.json"));
    }

    #[test]
    fn the_disk_has_room_or_not() {
        let df = |free: u64| {
            disk(Some(&format!(
                "Filesystem 1024-blocks Used Available Capacity Mounted on\noverlay 9 9 {free} 9% /\n"
            )))
        };
        assert_eq!(df(6 * 1024 * 1024), Check::good("6 GiB are free on the engine's disk"));
        assert_eq!(df(1024 * 1024).found, "only 1024 MiB are free on the engine's disk");
        assert_eq!(disk(None).health, Health::Limited);
        assert_eq!(disk(Some("df: not found")).health, Health::Limited);
    }

    #[test]
    fn a_sandbox_that_does_not_start_says_what_the_kernel_lacks() {
        let text = "==> /proc/sys/user/max_user_namespaces <==\n0\n\n==> /proc/sys/kernel/apparmor_restrict_unprivileged_userns <==\n1\n";
        let advice = |reason: &str, kernel: &str| {
            no_sandbox(&Error::NotReady(reason.into()), Kernel::read(kernel)).advice
        };
        let refused = "unshare: unshare failed: No space left on device";
        assert!(advice(refused, text).contains("user.max_user_namespaces=15000"));
        assert!(advice("", text).contains("user.max_user_namespaces=15000"), "it may wait without a word");
        let some = text.replace("\n0\n", "\n95000\n");
        assert!(advice(refused, &some).contains("kernel.apparmor_restrict_unprivileged_userns=0"));
        assert!(
            advice(refused, &some.replace("\n1\n", "\n0\n")).contains("is the engine itself in a container")
        );
        assert!(advice(refused, "").contains("is the engine itself in a container"));
        assert!(advice("no loop device, which limits the sandbox's disk", text).contains("modprobe loop"));
        assert!(advice("dockerd: boom", &some).contains("log says more"));
    }
}
