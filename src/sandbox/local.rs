//! A shell on this machine itself, for documents that are trusted: no isolation, no engine.

use std::os::fd::AsFd;
use std::path::PathBuf;
use std::process::Stdio;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use futures_util::StreamExt;
use tempfile::TempDir;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::process::{Child, ChildStderr, ChildStdin, Command};

use super::exec::ExecOutput;
use super::tty::{RunBeside, Tty};
use super::{Error, Shell, pty};
use crate::nonce::Nonce;

/// A folder on this machine that shells start in.
#[derive(Debug)]
pub(super) struct Local {
    folder: TempDir,
    /// Where shells begin.
    begin: PathBuf,
    /// What ends the shells with all that they started.
    keepers: Mutex<Vec<Child>>,
}

/// The most bytes that a program beside the shell may print.
const MOST_OUTPUT: u64 = 16 * 1024 * 1024;
/// How long all that a page started may take to end.
const ENDS_WITHIN: Duration = Duration::from_secs(10);

impl Local {
    /// Makes the folder; shells begin in it, or in one below that is still to be made.
    pub(super) fn new(below: Option<String>) -> Result<Self, Error> {
        let folder = crate::files::temporary_folder("local-").map_err(Error::Local)?;
        let work = folder.path().join("work");
        std::fs::create_dir(&work).map_err(Error::Local)?;
        let begin = below.map_or_else(|| work.clone(), |below| work.join(below));
        Ok(Self { folder, begin, keepers: Mutex::default() })
    }

    pub(super) async fn shell(&self) -> Result<Shell, Error> {
        let nonce = Nonce::new();
        let pid_file =
            self.folder.path().join(format!("shell-{}.pid", nonce.name())).to_string_lossy().into_owned();
        let failed = |error: pty_process::Error| match error {
            pty_process::Error::Io(error) => Error::Local(error),
            other => Error::Local(std::io::Error::other(other.to_string())),
        };
        let (terminal, program) = pty_process::blocking::open().map_err(failed)?;
        terminal.resize(pty_process::Size::new(50, 120)).map_err(failed)?;
        let (input, output) = pty::split(terminal).map_err(Error::Local)?;
        let mut words = Vec::new();
        if ignores_interrupts() {
            // What a process ignores its children ignore, too, and Ctrl-C would end no command.
            words.extend(["env", "--default-signal=INT,QUIT"]);
        }
        words.extend(super::shell::COMMAND);
        let (keeper_input, mut ready) =
            self.keep(&words, super::shell::environment(&nonce, &pid_file), program)?;
        // When nobody listens any more, the shell and all that it started are ended.
        let output =
            futures_util::stream::unfold((output, keeper_input), async |(mut output, keeper_input)| {
                output.next().await.map(|chunk| (chunk, (output, keeper_input)))
            });
        let tty = Tty::new(run_beside(), pid_file.clone());
        let shell = Shell::open(Box::pin(input), Box::pin(output.fuse()), &nonce, tty, pid_file).await?;
        tokio::io::copy(&mut ready, &mut tokio::io::sink()).await.map_err(Error::Local)?;
        Ok(shell)
    }

    /// Starts a shell by way of a keeper. It ends when the first of what is returned is dropped; once the
    /// other has ended, nothing that the shell starts escapes.
    #[cfg(target_os = "linux")]
    fn keep(
        &self,
        words: &[&str],
        environment: impl IntoIterator<Item = (&'static str, impl AsRef<std::ffi::OsStr>)>,
        program: pty_process::blocking::Pts,
    ) -> Result<(ChildStdin, ChildStderr), Error> {
        let terminal = program.as_fd().try_clone_to_owned().map_err(Error::Local)?;
        let mut keeper = Command::new("/proc/self/exe")
            .arg(super::keeper::ARGUMENT)
            .args(words)
            .current_dir(&self.begin)
            .envs(environment)
            .stdin(Stdio::piped())
            .stdout(Stdio::from(terminal))
            .stderr(Stdio::piped())
            // Ctrl-C at haechi's own terminal is for haechi.
            .process_group(0)
            .spawn()
            .map_err(Error::Local)?;
        let pipes = keeper.stdin.take().zip(keeper.stderr.take()).ok_or(Error::Gone)?;
        self.keepers.lock().unwrap_or_else(PoisonError::into_inner).push(keeper);
        Ok(pipes)
    }

    /// Starts a shell, which ends with its handle. What it leaves behind stays: there is no subreaper.
    #[cfg(not(target_os = "linux"))]
    fn keep(
        &self,
        words: &[&str],
        environment: impl IntoIterator<Item = (&'static str, impl AsRef<std::ffi::OsStr>)>,
        program: pty_process::blocking::Pts,
    ) -> Result<(KilledOnDrop, tokio::io::Empty), Error> {
        pty_process::blocking::Command::new(words[0])
            .args(&words[1..])
            .current_dir(&self.begin)
            .envs(environment.into_iter().map(|(name, value)| (name, value.as_ref().to_owned())))
            .spawn(program)
            .map(|shell| (KilledOnDrop(shell), tokio::io::empty()))
            .map_err(|error| Error::Local(std::io::Error::other(error.to_string())))
    }

    /// Removes the folder, once all that was started there has ended.
    pub(super) async fn remove(self) {
        let keepers = std::mem::take(&mut *self.keepers.lock().unwrap_or_else(PoisonError::into_inner));
        for mut keeper in keepers {
            let id = keeper.id();
            let ended = tokio::time::timeout(ENDS_WITHIN, keeper.wait()).await;
            if !matches!(ended, Ok(Ok(status)) if status.success()) {
                end_left_by(id).await;
            }
        }
    }

    pub(super) async fn run(&self, command: &[&str], input: &[u8]) -> Result<ExecOutput, Error> {
        let (program, arguments) = command.split_first().ok_or(Error::Gone)?;
        let mut child = Command::new(program)
            .args(arguments)
            .env("HAECHI_PROCESS", std::process::id().to_string())
            .current_dir(self.folder.path().join("work"))
            .stdin(if input.is_empty() { Stdio::null() } else { Stdio::piped() })
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .map_err(Error::Local)?;
        if let Some(mut stdin) = child.stdin.take() {
            stdin.write_all(input).await.map_err(Error::Local)?;
        }
        let output = bounded(&mut child).await?;
        let status = child.wait().await.map_err(Error::Local)?;
        Ok(ExecOutput { exit: status.code().map_or(-1, i64::from), output })
    }
}

/// A process that ends with its handle.
#[cfg(not(target_os = "linux"))]
struct KilledOnDrop(std::process::Child);

#[cfg(not(target_os = "linux"))]
impl Drop for KilledOnDrop {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Ends what is in the control group of a keeper that was killed, if it had one.
#[cfg(target_os = "linux")]
async fn end_left_by(keeper: Option<u32>) {
    let Some(group) = keeper.and_then(super::group::ControlGroup::left_by) else { return };
    let _ = group.kill();
    let deadline = tokio::time::Instant::now() + ENDS_WITHIN;
    while !group.is_removed() && tokio::time::Instant::now() < deadline {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

#[cfg(not(target_os = "linux"))]
async fn end_left_by(_: Option<u32>) {}

/// What a program prints, up to what it may.
async fn bounded(child: &mut Child) -> Result<Vec<u8>, Error> {
    let mut output = Vec::new();
    if let Some(stdout) = child.stdout.take() {
        stdout.take(MOST_OUTPUT + 1).read_to_end(&mut output).await.map_err(Error::Local)?;
    }
    if output.len() as u64 > MOST_OUTPUT { Err(Error::TooMuch) } else { Ok(output) }
}

/// Runs programs beside the shell, for what is asked of its terminal.
fn run_beside() -> RunBeside {
    Arc::new(|command: Vec<String>| {
        Box::pin(async move {
            let (program, arguments) = command.split_first()?;
            let mut child = Command::new(program)
                .args(arguments)
                .stdin(Stdio::null())
                .stdout(Stdio::piped())
                .stderr(Stdio::null())
                .kill_on_drop(true)
                .spawn()
                .ok()?;
            let output = bounded(&mut child).await.ok()?;
            child.wait().await.ok()?.success().then_some(output)
        })
    })
}

/// Whether this process was started with Ctrl-C ignored, as in the background of a script.
fn ignores_interrupts() -> bool {
    const INTERRUPT_AND_QUIT: u64 = 1 << 1 | 1 << 2;
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let ignored = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    let ignored = ignored.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok());
    ignored.is_some_and(|mask| mask & INTERRUPT_AND_QUIT != 0)
}
