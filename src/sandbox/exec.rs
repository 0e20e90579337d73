//! A program is run in a container, beside what is there.

use bollard::Docker;
use bollard::container::LogOutput;
use bollard::exec::{CreateExecOptions, StartExecResults};
use futures_util::StreamExt;
use tokio::io::AsyncWriteExt;

use super::Error;

/// The most bytes that a program beside the shell may print.
const MOST_OUTPUT: usize = 16 * 1024 * 1024;

/// What a program beside the shell answered.
#[derive(Debug, Clone)]
pub struct ExecOutput {
    /// Its exit code.
    pub exit: i64,
    /// What it wrote to standard output.
    pub output: Vec<u8>,
}

/// Runs a program in a container, with input and without a terminal.
pub(crate) async fn exec(
    docker: &Docker,
    container: &str,
    command: &[&str],
    input: &[u8],
) -> Result<ExecOutput, Error> {
    let exec = docker
        .create_exec(
            container,
            CreateExecOptions {
                attach_stdin: Some(!input.is_empty()),
                attach_stdout: Some(true),
                attach_stderr: Some(false),
                cmd: Some(command.iter().map(|&word| word.to_owned()).collect()),
                ..CreateExecOptions::<String>::default()
            },
        )
        .await?;
    let mut answer = ExecOutput { exit: -1, output: Vec::new() };
    if let StartExecResults::Attached { mut output, input: mut stdin } =
        docker.start_exec(&exec.id, None).await?
    {
        if !input.is_empty() {
            let sent = async {
                stdin.write_all(input).await?;
                stdin.shutdown().await
            };
            sent.await.map_err(|_| Error::Gone)?;
        }
        while let Some(chunk) = output.next().await {
            if let LogOutput::StdOut { message } = chunk? {
                answer.output.extend_from_slice(&message);
                if answer.output.len() > MOST_OUTPUT {
                    return Err(Error::TooMuch);
                }
            }
        }
    }
    answer.exit = docker.inspect_exec(&exec.id).await?.exit_code.unwrap_or(-1);
    Ok(answer)
}
