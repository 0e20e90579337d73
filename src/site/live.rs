//! The preview: the site over HTTP, rebuilt on each save, and a note to each open page when it is.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::ws::{Message, WebSocketUpgrade};
use axum::http::{StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use notify::{RecursiveMode, Watcher};
use tokio::sync::broadcast;

use crate::diagnostic::Problem;

/// Whether pages listen for changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Live {
    /// They do.
    On,
    /// They do not.
    Off,
}

/// Saves that come this close together are one.
const TOGETHER: Duration = Duration::from_millis(20);

/// Serves `folder` until the process ends, and calls `rebuild` when something below `watched` changes.
///
/// `ready` is told the address, which has a free port if the one asked for is taken.
///
/// # Errors
/// When no address can be listened on or the folders cannot be watched.
pub async fn serve(
    folder: PathBuf,
    watched: Vec<PathBuf>,
    address: SocketAddr,
    ready: impl FnOnce(SocketAddr),
    mut rebuild: impl FnMut() -> bool + Send + 'static,
) -> Result<(), Problem> {
    let listener = match tokio::net::TcpListener::bind(address).await {
        Err(error) if error.kind() == std::io::ErrorKind::AddrInUse => {
            tokio::net::TcpListener::bind(SocketAddr::new(address.ip(), 0)).await
        }
        other => other,
    };
    let failed = |error: std::io::Error| Problem::new(format!("cannot listen on {address}: {error}"));
    let listener = listener.map_err(failed)?;
    let (changed, _) = broadcast::channel::<()>(8);

    let (saved, mut saves) = tokio::sync::mpsc::unbounded_channel();
    let mut watcher = notify::recommended_watcher(move |event: notify::Result<notify::Event>| {
        if event.is_ok_and(|event| !event.kind.is_access()) {
            let _ = saved.send(());
        }
    })
    .map_err(|error| Problem::new(format!("cannot watch for changes: {error}")))?;
    for path in watched.iter().filter(|path| path.exists()) {
        watcher
            .watch(path, RecursiveMode::Recursive)
            .map_err(|error| Problem::new(format!("cannot watch {}: {error}", path.display())))?;
    }
    let announce = changed.clone();
    tokio::spawn(async move {
        while saves.recv().await.is_some() {
            tokio::time::sleep(TOGETHER).await;
            while saves.try_recv().is_ok() {}
            if tokio::task::block_in_place(&mut rebuild) {
                let _ = announce.send(());
            }
        }
    });

    ready(listener.local_addr().map_err(failed)?);
    let app = Router::new()
        .route("/__haechi/live", get(move |upgrade: WebSocketUpgrade| listen(upgrade, changed.subscribe())))
        .fallback(move |uri: Uri| file(folder.clone(), uri));
    axum::serve(listener, app).await.map_err(failed)
}

async fn listen(upgrade: WebSocketUpgrade, mut changes: broadcast::Receiver<()>) -> Response {
    upgrade.on_upgrade(|mut socket| async move {
        loop {
            tokio::select! {
                change = changes.recv() => {
                    if change.is_err() || socket.send(Message::text("reload")).await.is_err() {
                        return;
                    }
                }
                message = socket.recv() => {
                    if !matches!(message, Some(Ok(_))) {
                        return;
                    }
                }
            }
        }
    })
}

async fn file(folder: PathBuf, uri: Uri) -> Response {
    let decoded = percent_decoded(uri.path());
    let wanted = Path::new(decoded.trim_start_matches('/'));
    let inside = wanted.components().all(|part| matches!(part, std::path::Component::Normal(_)));
    let mut path = folder.join(wanted);
    if decoded.ends_with('/') || path.is_dir() {
        path.push("index.html");
    }
    match tokio::fs::read(&path).await {
        Ok(bytes) if inside || wanted.as_os_str().is_empty() => answer(StatusCode::OK, &path, bytes),
        _ => {
            let page = tokio::fs::read(folder.join("404.html")).await.unwrap_or_default();
            answer(StatusCode::NOT_FOUND, Path::new("404.html"), page)
        }
    }
}

fn answer(status: StatusCode, path: &Path, bytes: Vec<u8>) -> Response {
    let kind = match path.extension().and_then(|extension| extension.to_str()).unwrap_or_default() {
        "html" => "text/html; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "json" => "application/json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "webp" => "image/webp",
        "woff2" => "font/woff2",
        "txt" | "md" | "cast" => "text/plain; charset=utf-8",
        "xml" => "application/xml",
        _ => "application/octet-stream",
    };
    (status, [(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, "no-cache")], Body::from(bytes))
        .into_response()
}

fn percent_decoded(path: &str) -> String {
    let bytes = path.as_bytes();
    let mut decoded = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let hex = path.get(at + 1..at + 3).and_then(|hex| u8::from_str_radix(hex, 16).ok());
        match hex.filter(|_| bytes[at] == b'%') {
            Some(byte) => {
                decoded.push(byte);
                at += 3;
            }
            None => {
                decoded.push(bytes[at]);
                at += 1;
            }
        }
    }
    String::from_utf8_lossy(&decoded).into_owned()
}
