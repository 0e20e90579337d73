//! What was found is judged. Pure: what the engine said goes in, checks come out.

use bollard::models::SystemInfo;

use super::check::Check;
use crate::messages::{Message, engine as messages};
use crate::sandbox::Error;

/// How much room there should be for images, in MiB.
const LITTLE_DISK: u64 = 5 * 1024;

/// No engine can be used.
pub(super) fn no_engine(error: &Error) -> Check {
    let advice = match error {
        Error::NoEngine { reason, .. } => {
            let reason = reason.english().to_lowercase();
            if reason.contains("permission denied") {
                messages::not_allowed()
            } else if ["not found", "no such file"].iter().any(|words| reason.contains(words)) {
                messages::install()
            } else {
                messages::start()
            }
        }
        Error::TooOld { .. } => messages::too_old_help(),
        Error::Podman => messages::podman_help(),
        _ => messages::restart_and_log(),
    };
    Check::bad(error.message(), advice)
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
        checks.push(Check::bad(messages::rootless(), messages::rootless_help()));
    }
    if has("name=userns") {
        checks.push(Check::bad(messages::userns(), messages::userns_help()));
    }
    checks
}

fn control_groups(info: &SystemInfo) -> Check {
    let version = info.cgroup_version.map_or_else(|| "?".to_owned(), |version| version.to_string());
    let missing: Vec<Message> =
        [(info.memory_limit, messages::memory()), (info.pids_limit, messages::processes())]
            .into_iter()
            .filter_map(|(limit, name)| (limit != Some(true)).then_some(name))
            .collect();
    if missing.is_empty() {
        return Check::good(messages::cgroups(version));
    }
    Check::limited(messages::no_cgroups(version, Message::joined(missing, ", ")), messages::no_cgroups_help())
}

/// The room on the engine's disk, from what `df -Pk` says of it.
pub(super) fn disk(df: Option<&str>) -> Check {
    let free = df.and_then(|text| text.lines().nth(1)?.split_whitespace().nth(3)?.parse::<u64>().ok());
    match free.map(|kib| kib / 1024) {
        Some(free) if free < LITTLE_DISK => {
            Check::limited(messages::little_disk(free), messages::little_disk_help())
        }
        Some(free) => Check::good(messages::disk(free / 1024)),
        None => Check::limited(messages::unknown_disk(), messages::unknown_disk_help()),
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
    let found = messages::does_not_start(error.message());
    if reason.contains("loop") {
        return Check::bad(found, messages::no_loop_help());
    }
    // Without user namespaces a sandbox does not start, whatever it says of that.
    let is_about_namespaces = kernel.most_user_namespaces == Some(0)
        || ["unshare", "user namespace", "uid_map"].iter().any(|word| reason.contains(word));
    if !is_about_namespaces {
        return Check::bad(found, messages::engine_log());
    }
    let advice = match kernel {
        Kernel { most_user_namespaces: Some(0), .. } => messages::no_namespaces(),
        Kernel { apparmor_restricts: Some(1..), .. } => messages::apparmor(),
        _ => messages::kernel_refuses(),
    };
    Check::bad(found, advice)
}

#[cfg(test)]
mod tests {
    use super::super::check::Health;
    use super::*;

    fn no_answer(reason: &str) -> Check {
        no_engine(&Error::NoEngine {
            address: "unix:///var/run/docker.sock".into(),
            reason: Message::verbatim(reason),
        })
    }

    #[test]
    fn an_engine_that_does_not_answer_says_what_to_do() {
        assert!(
            no_answer("No such file or directory (os error 2)")
                .advice
                .english()
                .starts_with("install Docker")
        );
        assert!(no_answer("Permission denied (os error 13)").advice.english().contains("usermod -aG docker"));
        assert!(no_answer("Connection refused (os error 111)").advice.english().starts_with("start Docker"));
        assert!(no_answer("it has not answered for 10 s").advice.english().starts_with("start Docker"));
    }

    fn info(text: &str) -> SystemInfo {
        serde_json::from_str(text).unwrap()
    }

    #[test]
    fn the_machine_is_judged_by_what_the_engine_says_of_it() {
        let good = machine(&info(
            r#"{"CgroupVersion":"2","MemoryLimit":true,"PidsLimit":true,"SecurityOptions":["name=seccomp,profile=builtin","name=cgroupns"]}"#,
        ));
        assert_eq!(good, [Check::good(messages::cgroups(2))]);
        let limited = &machine(&info(r#"{"CgroupVersion":"1","MemoryLimit":false,"PidsLimit":true}"#))[0];
        assert_eq!(limited.found.english(), "control groups of version 1 do not limit memory");
        assert_eq!(limited.health, Health::Limited);
        let found = |option: &str| {
            let text = format!(r#"{{"MemoryLimit":true,"PidsLimit":true,"SecurityOptions":["{option}"]}}"#);
            let check = machine(&info(&text)).remove(1);
            assert_eq!(check.health, Health::Bad);
            check
        };
        assert!(found("name=rootless").advice.english().contains("an engine that runs as root"));
        assert!(found("name=userns").advice.english().contains("daemon.json"));
    }

    #[test]
    fn the_disk_has_room_or_not() {
        let df = |free: u64| {
            disk(Some(&format!(
                "Filesystem 1024-blocks Used Available Capacity Mounted on\noverlay 9 9 {free} 9% /\n"
            )))
        };
        assert_eq!(df(6 * 1024 * 1024), Check::good(messages::disk(6)));
        assert_eq!(df(1024 * 1024).found.english(), "only 1024 MiB are free on the engine's disk");
        assert_eq!(disk(None).health, Health::Limited);
        assert_eq!(disk(Some("df: not found")).health, Health::Limited);
    }

    #[test]
    fn a_sandbox_that_does_not_start_says_what_the_kernel_lacks() {
        let text = "==> /proc/sys/user/max_user_namespaces <==\n0\n\n==> /proc/sys/kernel/apparmor_restrict_unprivileged_userns <==\n1\n";
        let advice = |reason: &str, kernel: &str| {
            no_sandbox(&Error::NotReady(reason.into()), Kernel::read(kernel)).advice.english().to_owned()
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
