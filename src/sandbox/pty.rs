//! The outer side of a terminal of this machine.
//!
//! What is read and what is typed are registered apart: whoever waits for both is woken by each key that
//! the program takes, since that makes room for another.

use std::fs::File;
use std::io::{ErrorKind, Result, Write};
use std::os::fd::{AsFd, OwnedFd};
use std::pin::Pin;
use std::task::{Context, Poll};

use pty_process::blocking::Pty;
use tokio::io::{AsyncReadExt, AsyncWrite};
use tokio::net::unix::pipe::{Receiver, Sender};

/// The most bytes that are read at once.
const CHUNK: usize = 64 * 1024;

/// What comes from a terminal.
pub(super) struct Output {
    terminal: Receiver,
    buffer: Vec<u8>,
}

/// Where keys are typed.
pub(super) struct Input {
    terminal: File,
    /// Waits until there is room for more keys, while there is none.
    waiting: Option<Sender>,
}

/// Both sides of a terminal.
pub(super) fn split(terminal: Pty) -> Result<(Input, Output)> {
    rustix::io::ioctl_fionbio(&terminal, true)?;
    let input = Input { terminal: terminal.as_fd().try_clone_to_owned()?.into(), waiting: None };
    let terminal = Receiver::from_owned_fd_unchecked(OwnedFd::from(terminal))?;
    Ok((input, Output { terminal, buffer: vec![0; CHUNK] }))
}

impl Output {
    /// What comes next; `None` once nobody is on the other side any more.
    pub(super) async fn next(&mut self) -> Option<bytes::Bytes> {
        // Linux says EIO when the other side was closed.
        let count = self.terminal.read(&mut self.buffer).await.ok().filter(|&count| count > 0)?;
        Some(bytes::Bytes::copy_from_slice(&self.buffer[..count]))
    }
}

impl AsyncWrite for Input {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, keys: &[u8]) -> Poll<Result<usize>> {
        if self.waiting.is_none() {
            match self.terminal.write(keys) {
                Err(error) if error.kind() == ErrorKind::WouldBlock => {}
                done => return Poll::Ready(done),
            }
        }
        let terminal = match self.waiting.take() {
            Some(terminal) => terminal,
            None => Sender::from_owned_fd_unchecked(self.terminal.try_clone()?.into())?,
        };
        let written = Pin::new(self.waiting.insert(terminal)).poll_write(context, keys);
        if written.is_ready() {
            self.waiting = None;
        }
        written
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Result<()>> {
        Poll::Ready(Ok(()))
    }
}
