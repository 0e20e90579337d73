//! A shell on this machine itself, for documents that are trusted: no isolation, no engine.

use std::path::PathBuf;
use std::process::Stdio;
use std::sync::Arc;

use futures_util::StreamExt;
use tempfile::TempDir;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::process::Command;

use super::container::Answer;
use super::nonce::Nonce;
use super::tty::{Beside, Tty};
use super::{Error, Shell};

/// A folder on this machine that shells start in.
#[derive(Debug)]
pub(super) struct Local {
    folder: TempDir,
    /// Where shells begin.
    begin: PathBuf,
}

impl Local {
    /// Makes the folder; shells begin in it, or in one below that is still to be made.
    pub(super) fn new(below: Option<String>) -> Result<Self, Error> {
        let folder = crate::files::temporary_folder("local-").map_err(Error::Local)?;
        let work = folder.path().join("work");
        std::fs::create_dir(&work).map_err(Error::Local)?;
        let begin = below.map_or_else(|| work.clone(), |below| work.join(below));
        Ok(Self { folder, begin })
    }

    pub(super) async fn shell(&self) -> Result<Shell, Error> {
        let nonce = Nonce::new();
        let pid_file =
            self.folder.path().join(format!("shell-{}.pid", nonce.name())).to_string_lossy().into_owned();
        let failed = |error: pty_process::Error| match error {
            pty_process::Error::Io(error) => Error::Local(error),
            other => Error::Local(std::io::Error::other(other.to_string())),
        };
        let (terminal, program) = pty_process::open().map_err(failed)?;
        terminal.resize(pty_process::Size::new(50, 120)).map_err(failed)?;
        let mut words = Vec::new();
        if ignores_interrupts() {
            // What a process ignores its children ignore, too, and Ctrl-C would end no command.
            words.extend(["env", "--default-signal=INT,QUIT"]);
        }
        words.extend(super::shell::COMMAND);
        let child = pty_process::Command::new(words[0])
            .args(&words[1..])
            .current_dir(&self.begin)
            .envs(super::shell::environment(&nonce, &pid_file))
            .kill_on_drop(true)
            .spawn(program)
            .map_err(failed)?;
        let (output, input) = terminal.into_split();
        // The shell is killed when nobody listens any more, since its handle goes with the stream.
        let start = (output, child, vec![0; 64 * 1024]);
        let output =
            futures_util::stream::unfold(start, async |(mut output, child, mut buffer)| {
                match output.read(&mut buffer).await {
                    Ok(count) if count > 0 => {
                        let chunk = bytes::Bytes::copy_from_slice(&buffer[..count]);
                        Some((chunk, (output, child, buffer)))
                    }
                    _ => None,
                }
            });
        let tty = Tty::new(beside(), pid_file.clone());
        Shell::open(Box::pin(input), Box::pin(output.fuse()), &nonce, tty, pid_file).await
    }

    pub(super) async fn run(&self, command: &[&str], input: &[u8]) -> Result<Answer, Error> {
        let (program, arguments) = command.split_first().ok_or(Error::Gone)?;
        let mut child = Command::new(program)
            .args(arguments)
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
        let done = child.wait_with_output().await.map_err(Error::Local)?;
        Ok(Answer { exit: done.status.code().map_or(-1, i64::from), output: done.stdout })
    }
}

/// Runs programs beside the shell, for what is asked of its terminal.
fn beside() -> Beside {
    Arc::new(|command: Vec<String>| {
        Box::pin(async move {
            let (program, arguments) = command.split_first()?;
            let done = Command::new(program)
                .args(arguments)
                .stdin(Stdio::null())
                .stderr(Stdio::null())
                .kill_on_drop(true)
                .output()
                .await
                .ok()?;
            done.status.success().then_some(done.stdout)
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
