//! A sandbox: a container with an engine of its own.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use bollard::container::LogOutput;
use bollard::exec::{CreateExecOptions, StartExecOptions, StartExecResults};
use bollard::models::{
    ContainerCreateBody, DeviceMapping, HostConfig, HostConfigCgroupnsModeEnum, Mount, MountType,
    MountVolumeOptions, MountVolumeOptionsDriverConfig,
};
use bollard::query_parameters::{CreateContainerOptions, StartContainerOptions};
use futures_util::StreamExt;
use futures_util::future::ready;

use super::engine::{LABEL, OWNER};
use super::exec::{ExecOutput, exec};
use super::images::{Image, requests};
use super::mirror::{MIRROR_SOCKET, describe};
use super::tty::{RunBeside, Tty};
use super::{Engine, Error, Setup, Shell};
use crate::nonce::Nonce;
use crate::owner::Owner;

/// What building the wall needs (`images/engine/wall`). Nothing of a page ever has them: it runs in a
/// user namespace, as users that are nobody on the machine.
const CAPABILITIES: [&str; 10] = [
    "CHOWN",
    "DAC_OVERRIDE",
    "FOWNER",
    "KILL",
    "MKNOD",
    "SETGID",
    "SETUID",
    "SYS_ADMIN",
    "SYS_CHROOT",
    "SYS_PTRACE",
];

/// System calls that no engine needs and that have let programs out of containers before.
const SECCOMP: &str = include_str!("seccomp.json");

/// What runs a program inside the wall.
const ENTER: &str = "/usr/lib/haechi/wall/enter";

/// The most processes that a sandbox may have.
const PROCESSES: i64 = 4096;

/// How long the engine inside may take to answer. An emulated machine needs a minute.
const READY_WITHIN: Duration = Duration::from_secs(180);

/// What the engine's machine must have where a file is the sandbox's disk.
const LOOP_CONTROL: &str = "/dev/loop-control";

/// What holds a sandbox to its size of disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum DiskLimit {
    /// A file of that size is the disk, on a loop device.
    Loop,
    /// The engine's own quota for volumes, where its file system has one.
    Quota,
    /// Nothing does.
    None,
}

/// Makes and starts the container. Where the engine's machine has no loop devices, the engine's own quota
/// limits the disk.
async fn begin(engine: &Engine) -> Result<String, Error> {
    let limit = match engine.setup.disk {
        0 => DiskLimit::None,
        _ if engine.lacks_loop_devices() => DiskLimit::Quota,
        _ => DiskLimit::Loop,
    };
    match begin_with(engine, limit).await {
        Err(error) if limit == DiskLimit::Loop && error.to_string().contains(LOOP_CONTROL) => {
            engine.note_missing_loop_devices();
            begin_with(engine, DiskLimit::Quota).await.map_err(|error| Error::NoDiskLimit(Box::new(error)))
        }
        begun => begun,
    }
}

async fn begin_with(engine: &Engine, limit: DiskLimit) -> Result<String, Error> {
    let body = description(&engine.setup, limit);
    let id = engine.docker.create_container(None::<CreateContainerOptions>, body).await?.id;
    match engine.docker.start_container(&id, None::<StartContainerOptions>).await {
        Ok(()) => Ok(id),
        Err(error) => {
            engine.remove(&id).await;
            Err(error.into())
        }
    }
}

/// What the engine is asked for. It may run on another machine: nothing of this one is named in it.
fn description(setup: &Setup, limit: DiskLimit) -> ContainerCreateBody {
    let memory = i64::from(setup.memory) * 1024 * 1024;
    let loop_control = DeviceMapping {
        path_on_host: Some(LOOP_CONTROL.into()),
        path_in_container: Some(LOOP_CONTROL.into()),
        cgroup_permissions: Some("rw".into()),
    };
    let is_file = limit == DiskLimit::Loop;
    ContainerCreateBody {
        image: Some(setup.image.clone()),
        hostname: Some("sandbox".into()),
        labels: Some(HashMap::from([
            (LABEL.to_owned(), "sandbox".to_owned()),
            (OWNER.to_owned(), Owner::current().label(':')),
        ])),
        env: Some(vec![format!("HAECHI_DISK={}", if is_file { setup.disk } else { 0 })]),
        host_config: Some(HostConfig {
            network_mode: Some("none".into()),
            binds: Some(vec![format!("{MIRROR_SOCKET}:/run/haechi:ro")]),
            mounts: Some(vec![disk(setup, limit)]),
            cap_drop: Some(vec!["ALL".into()]),
            cap_add: Some(CAPABILITIES.map(str::to_owned).to_vec()),
            security_opt: Some(vec![format!("seccomp={SECCOMP}"), "apparmor=unconfined".into()]),
            masked_paths: Some(Vec::new()),
            readonly_paths: Some(Vec::new()),
            cgroupns_mode: Some(HostConfigCgroupnsModeEnum::PRIVATE),
            devices: is_file.then(|| vec![loop_control]),
            device_cgroup_rules: is_file.then(|| vec!["b 7:* rwm".into()]),
            memory: Some(memory),
            memory_swap: Some(memory),
            pids_limit: Some(PROCESSES),
            runtime: setup.runtime.clone(),
            ..HostConfig::default()
        }),
        ..ContainerCreateBody::default()
    }
}

/// The volume that the sandbox's disk is on, removed with its container.
fn disk(setup: &Setup, limit: DiskLimit) -> Mount {
    let options = HashMap::from([("size".to_owned(), format!("{}m", setup.disk))]);
    let driver = MountVolumeOptionsDriverConfig { name: Some("local".into()), options: Some(options) };
    Mount {
        target: Some("/var/lib/haechi".into()),
        typ: Some(MountType::VOLUME),
        volume_options: (limit == DiskLimit::Quota)
            .then(|| MountVolumeOptions { driver_config: Some(driver), ..MountVolumeOptions::default() }),
        ..Mount::default()
    }
}

/// A container with a Docker Engine, made for one scenario and thrown away.
#[derive(Debug)]
pub(super) struct Container {
    engine: Engine,
    id: String,
    /// Where shells begin, relative to root's home.
    folder: String,
}

impl Container {
    /// Makes a sandbox and waits until its engine answers. Its shells begin in a folder below root's home.
    ///
    /// # Errors
    /// When the outer engine refuses, or the inner one does not come up.
    pub(super) async fn start(engine: &Engine, folder: Option<String>) -> Result<Self, Error> {
        let id = begin(engine).await?;
        let folder = folder.unwrap_or_else(|| ".".into());
        let container = Self { engine: engine.clone(), id, folder };
        match container.wait_until_ready().await {
            Ok(()) => Ok(container),
            Err(error) => {
                container.remove().await;
                Err(error)
            }
        }
    }

    async fn wait_until_ready(&self) -> Result<(), Error> {
        // The engine opens its socket early and answers when it is ready: the call waits for it.
        let wait = "until [ -S /var/run/docker.sock ]; do sleep 0.01; done
            exec curl -sf --max-time 180 --unix-socket /var/run/docker.sock http://engine/_ping";
        match tokio::time::timeout(READY_WITHIN, self.run(&["sh", "-c", wait], &[])).await {
            Ok(Ok(answer)) if answer.exit == 0 => Ok(()),
            Ok(Err(error)) => Err(error),
            Ok(Ok(_)) | Err(_) => Err(Error::NotReady(self.log_tail().await)),
        }
    }

    /// The end of the container's own log.
    async fn log_tail(&self) -> String {
        let options =
            bollard::query_parameters::LogsOptionsBuilder::new().stderr(true).stdout(true).tail("3").build();
        let log: Vec<String> = self
            .engine
            .docker
            .logs(&self.id, Some(options))
            .filter_map(|line| async { line.ok().map(|line| line.to_string().trim().to_owned()) })
            .collect()
            .await;
        log.join("; ")
    }

    /// Opens an interactive shell on a terminal.
    ///
    /// # Errors
    /// When the engine refuses or the shell does not come up.
    pub(super) async fn shell(&self) -> Result<Shell, Error> {
        let nonce = Nonce::new();
        let pid_file = format!("/run/shell-{}.pid", nonce.name());
        let exec = self
            .engine
            .docker
            .create_exec(
                &self.id,
                CreateExecOptions {
                    attach_stdin: Some(true),
                    attach_stdout: Some(true),
                    attach_stderr: Some(true),
                    tty: Some(true),
                    env: Some(
                        super::shell::environment(&nonce, &pid_file)
                            .into_iter()
                            .chain([("HOME", "/root")])
                            .map(|(name, value)| format!("{name}={value}"))
                            .collect(),
                    ),
                    cmd: Some(
                        [&[ENTER, "env", "-C", self.folder.as_str()], &super::shell::COMMAND[..]]
                            .concat()
                            .into_iter()
                            .map(Into::into)
                            .collect(),
                    ),
                    ..CreateExecOptions::<String>::default()
                },
            )
            .await?;
        let options = StartExecOptions { output_capacity: Some(64 * 1024), ..StartExecOptions::default() };
        let StartExecResults::Attached { output, input } =
            self.engine.docker.start_exec(&exec.id, Some(options)).await?
        else {
            return Err(Error::Gone);
        };
        let output = output.take_while(|chunk| ready(chunk.is_ok())).filter_map(|chunk| ready(chunk.ok()));
        let tty = Tty::new(self.run_beside(), pid_file.clone());
        Shell::open(input, Box::pin(output.map(LogOutput::into_bytes)), &nonce, tty, pid_file).await
    }

    /// Runs programs beside the shell, for what is asked of its terminal.
    fn run_beside(&self) -> RunBeside {
        let (docker, id) = (self.engine.docker.clone(), self.id.clone());
        Arc::new(move |command| {
            let (docker, id) = (docker.clone(), id.clone());
            Box::pin(async move {
                let words: Vec<&str> =
                    std::iter::once(ENTER).chain(command.iter().map(String::as_str)).collect();
                let answer = exec(&docker, &id, &words, &[]).await.ok()?;
                (answer.exit == 0).then_some(answer.output)
            })
        })
    }

    /// Runs a program beside the shell, unseen by it.
    ///
    /// # Errors
    /// When the engine refuses.
    pub(super) async fn run(&self, command: &[&str], input: &[u8]) -> Result<ExecOutput, Error> {
        exec(&self.engine.docker, &self.id, &[&[ENTER], command].concat(), input).await
    }

    /// The images that its programs were given.
    pub(super) async fn images(&self) -> Vec<Image> {
        let docker = &self.engine.docker;
        // Not through the wall: the record is on this side of it.
        let record = exec(docker, &self.id, &["cat", "/run/record/images"], &[])
            .await
            .ok()
            .filter(|answer| answer.exit == 0);
        match record.and_then(|answer| requests(&answer.output)) {
            Some(requests) => describe(docker, &self.engine.known, &requests).await,
            None => vec![Image::unknown()],
        }
    }

    /// Removes the sandbox with all that is in it.
    pub(super) async fn remove(self) {
        self.engine.remove(&self.id).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn setup(disk: u32) -> Setup {
        let (image, own_socket) = ("haechi/engine:1".to_owned(), "unix:///run/own.sock".to_owned());
        Setup { image, memory: 2048, disk, runtime: None, own_socket }
    }

    /// The engine may run on another machine or in a virtual one: a path of this machine is none of its.
    #[test]
    fn nothing_of_this_machine_is_mounted() {
        for limit in [DiskLimit::Loop, DiskLimit::Quota, DiskLimit::None] {
            let body = description(&setup(4096), limit);
            let host = body.host_config.clone().unwrap();
            assert_eq!(host.binds.unwrap(), ["haechi-mirror-socket:/run/haechi:ro"]);
            let mounts = host.mounts.unwrap();
            let kinds: Vec<_> = mounts.iter().map(|mount| (mount.typ, mount.source.clone())).collect();
            assert_eq!(kinds, [(Some(MountType::VOLUME), None)]);
            // The one path is a device that the engine's own kernel has.
            let devices: Vec<_> =
                host.devices.into_iter().flatten().filter_map(|one| one.path_on_host).collect();
            assert_eq!(devices, if limit == DiskLimit::Loop { vec![LOOP_CONTROL] } else { vec![] });
            let text = serde_json::to_string(&body).unwrap();
            for path in [env!("CARGO_MANIFEST_DIR"), "own.sock", &std::env::temp_dir().to_string_lossy()] {
                assert!(!text.contains(path), "{path} stands in {text}");
            }
        }
    }

    #[test]
    fn the_disk_has_its_size_or_no_limit() {
        let size = |limit| {
            let body = description(&setup(4096), limit);
            let volume = disk(&setup(4096), limit).volume_options.and_then(|options| options.driver_config);
            (
                body.env.unwrap(),
                volume.and_then(|driver| driver.options).map(|options| options["size"].clone()),
            )
        };
        assert_eq!(size(DiskLimit::Loop), (vec!["HAECHI_DISK=4096".to_owned()], None));
        assert_eq!(size(DiskLimit::Quota), (vec!["HAECHI_DISK=0".to_owned()], Some("4096m".to_owned())));
        assert_eq!(size(DiskLimit::None), (vec!["HAECHI_DISK=0".to_owned()], None));
    }
}
