//! What the parts of the server share.

use std::net::IpAddr;
use std::path::PathBuf;
use std::sync::Arc;

use tokio::sync::Semaphore;

use super::channel::Channel;

/// The most open pages that hear of changes.
const SOCKETS: usize = 64;

/// The site that is served, and to whom.
pub(super) struct ServerState {
    /// The folder of the site.
    pub(super) folder: PathBuf,
    /// The address that the server was asked to listen on.
    pub(super) ip: IpAddr,
    pub(super) channel: Channel,
    /// The places for sockets that are left.
    pub(super) sockets: Arc<Semaphore>,
}

impl ServerState {
    pub(super) fn new(folder: PathBuf, ip: IpAddr, channel: Channel) -> Self {
        Self { folder, ip, channel, sockets: Arc::new(Semaphore::new(SOCKETS)) }
    }
}
