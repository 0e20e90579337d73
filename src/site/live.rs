//! The preview: the site over HTTP, rebuilt on each save, and a note to each open page when it is.

use std::net::SocketAddr;
use std::path::PathBuf;

use tokio::net::TcpListener;

use super::notes::Notes;
use super::server::{self, Site};
use super::watch::{self, Change, Watched};
use crate::diagnostic::Problem;

/// Serves `folder` until the process ends, and calls `react` when something of what is watched changes;
/// it says what is to be watched from then on.
///
/// `ready` is told the address, which has a free port if the one asked for is taken.
///
/// # Errors
/// When no address can be listened on or the files cannot be watched.
pub async fn serve(
    folder: PathBuf,
    watched: Watched,
    address: SocketAddr,
    notes: Notes,
    ready: impl FnOnce(SocketAddr),
    react: impl FnMut(Change) -> Watched + Send + 'static,
) -> Result<(), Problem> {
    let listener = match TcpListener::bind(address).await {
        Err(error) if error.kind() == std::io::ErrorKind::AddrInUse => {
            TcpListener::bind(SocketAddr::new(address.ip(), 0)).await
        }
        other => other,
    };
    let failed = |error: std::io::Error| Problem::new(format!("cannot listen on {address}: {error}"));
    let listener = listener.map_err(failed)?;
    watch::follow(watched, react)?;
    ready(listener.local_addr().map_err(failed)?);
    server::serve(listener, Site { folder, ip: address.ip(), notes }).await;
    Ok(())
}
