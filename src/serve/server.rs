//! The site over HTTP.
//!
//! Any page that the author visits can send requests to this server. So a request must name a host that
//! the server listens as, a socket must be opened by a page of the site, only regular files inside the
//! folder are read, and whoever is slow is let go.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::middleware;
use axum::routing::get;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio_io_timeout::TimeoutStream;

use super::channel::Channel;
use super::files::site_file;
use super::hosts::require_own_host;
use super::session::Session;
use super::socket::open_socket;
use super::state::ServerState;
use super::watch;
use crate::messages::{file, serve as messages};
use crate::text::Problem;

/// The most connections at a time; others wait for a place.
const CONNECTIONS: usize = 128;
/// The most bytes of a request's first line and headers.
const MAX_HEADERS: usize = 16 << 10;
/// The longest time that somebody may take to ask, or to take a piece of an answer.
const TIMEOUT: Duration = Duration::from_secs(10);
/// How long nothing is accepted when the machine has no more files to open.
const PAUSE: Duration = Duration::from_millis(100);

/// Serves `folder` until the process ends, and has the session react to changes of the book's files.
///
/// `ready` gets the address, which has a free port if the one asked for is taken.
///
/// # Errors
/// When no address can be listened on or the files cannot be watched.
pub(crate) async fn serve(
    folder: PathBuf,
    address: SocketAddr,
    channel: Channel,
    mut session: Session,
    ready: impl FnOnce(SocketAddr),
) -> Result<(), Problem> {
    let listener = match TcpListener::bind(address).await {
        Err(error) if error.kind() == std::io::ErrorKind::AddrInUse => {
            TcpListener::bind(SocketAddr::new(address.ip(), 0)).await
        }
        other => other,
    };
    let failed = |error: std::io::Error| {
        Problem::new(messages::cannot_listen(address, file::reason(&error)))
            .help(messages::cannot_listen_help())
    };
    let listener = listener.map_err(failed)?;
    watch::follow(session.watched(), move |change| session.react(change))?;
    ready(listener.local_addr().map_err(failed)?);
    answer_all(listener, ServerState::new(folder, address.ip(), channel)).await;
    Ok(())
}

/// Answers until the process ends.
async fn answer_all(listener: TcpListener, state: ServerState) {
    let state = Arc::new(state);
    let app = Router::new()
        .route("/__haechi/live", get(open_socket))
        .fallback(site_file)
        .layer(middleware::from_fn_with_state(state.clone(), require_own_host))
        .with_state(state);
    let places = Arc::new(Semaphore::new(CONNECTIONS));
    while let Ok(place) = places.clone().acquire_owned().await {
        match listener.accept().await {
            Ok((stream, _)) => {
                let app = app.clone();
                tokio::spawn(async move {
                    answer(stream, app).await;
                    drop(place);
                });
            }
            Err(_) => tokio::time::sleep(PAUSE).await,
        }
    }
}

async fn answer(stream: TcpStream, app: Router) {
    let mut stream = TimeoutStream::new(stream);
    stream.set_write_timeout(Some(TIMEOUT));
    // Whoever breaks off or is cut off gets no answer.
    let _ = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(TIMEOUT)
        .max_buf_size(MAX_HEADERS)
        .serve_connection(TokioIo::new(Box::pin(stream)), TowerToHyperService::new(app))
        .with_upgrades()
        .await;
}
