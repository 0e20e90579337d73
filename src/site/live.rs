//! The preview: the site over HTTP, rebuilt on each save, and a note to each open page when it is.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::mpsc::RecvTimeoutError;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::ws::{Message, WebSocketUpgrade};
use axum::http::{StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use notify::{RecursiveMode, Watcher};
use serde_json::json;
use tokio::sync::broadcast;

use super::preview;
use crate::diagnostic::Problem;
use crate::files::percent_decoded;

/// Whether pages listen for changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Live {
    /// They do.
    On,
    /// They do not.
    Off,
}

/// Saves that come this close together are one.
const TOGETHER: Duration = Duration::from_millis(5);
/// After so long without a save, what follows from the last ones is done.
const QUIET: Duration = Duration::from_millis(300);

/// What happened to the files of a book.
#[derive(Debug)]
pub enum Change {
    /// These were saved, made or removed.
    Saved(Vec<PathBuf>),
    /// Nothing has been saved for a while, after something was.
    Quiet,
}

/// What the open pages of a preview are told.
#[derive(Clone)]
pub struct Notes {
    channel: broadcast::Sender<String>,
    /// What pages that are opened later are told first.
    standing: Arc<Mutex<Standing>>,
}

/// What holds until it is taken back.
#[derive(Default)]
struct Standing {
    /// What is wrong, by what it is wrong with.
    problems: BTreeMap<About, String>,
    /// How the verification that runs is going.
    progress: Option<String>,
}

/// What problems are about; each is taken back by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum About {
    /// The book as a whole cannot be built.
    Book,
    /// The pages that were saved last.
    Pages,
    /// Snippets cannot be run.
    Verification,
}

impl Notes {
    /// Nobody listens yet.
    pub fn new() -> Self {
        Self { channel: broadcast::channel(64).0, standing: Arc::default() }
    }

    /// These pages have changed, or all may have.
    pub fn reload(&self, pages: Option<&[String]>) {
        self.send(&json!({ "kind": "reload", "pages": pages }));
    }

    /// What is wrong with something, or nothing any more.
    pub fn problems(&self, about: About, problems: &[Problem]) {
        let text: String = problems.iter().map(Problem::plain).collect();
        let mut standing = self.standing();
        if text.is_empty() {
            standing.problems.remove(&about);
        } else {
            standing.problems.insert(about, text);
        }
        let note = standing.note();
        drop(standing);
        self.send(&note);
    }

    /// How the verification of a page goes: its steps' verdicts so far, of how many, and what runs now.
    pub fn progress(&self, page: &str, verdicts: &[&str], steps: usize, running: Option<&str>) {
        let note = json!({ "kind": "progress", "page": page, "verdicts": verdicts, "steps": steps, "running": running });
        self.standing().progress = Some(note.to_string());
        self.send(&note);
    }

    /// The verification of a page has ended, and its evidence is there.
    pub fn verified(&self, page: &str) {
        self.broken_off();
        self.send(&json!({ "kind": "verified", "page": page }));
    }

    /// No verification runs any more.
    pub fn broken_off(&self) {
        self.standing().progress = None;
    }

    fn standing(&self) -> MutexGuard<'_, Standing> {
        self.standing.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn send(&self, note: &serde_json::Value) {
        // Nobody may be listening.
        let _ = self.channel.send(note.to_string());
    }
}

impl Standing {
    fn note(&self) -> serde_json::Value {
        let text: String = self.problems.values().map(String::as_str).collect();
        json!({ "kind": "problems", "text": text })
    }
}

impl Default for Notes {
    fn default() -> Self {
        Self::new()
    }
}

/// Serves `folder` until the process ends, and calls `react` when something below `watched` changes.
///
/// `ready` is told the address, which has a free port if the one asked for is taken.
///
/// # Errors
/// When no address can be listened on or the folders cannot be watched.
pub async fn serve(
    folder: PathBuf,
    watched: Vec<PathBuf>,
    address: SocketAddr,
    notes: Notes,
    ready: impl FnOnce(SocketAddr),
    mut react: impl FnMut(Change) + Send + 'static,
) -> Result<(), Problem> {
    let listener = match tokio::net::TcpListener::bind(address).await {
        Err(error) if error.kind() == std::io::ErrorKind::AddrInUse => {
            tokio::net::TcpListener::bind(SocketAddr::new(address.ip(), 0)).await
        }
        other => other,
    };
    let failed = |error: std::io::Error| Problem::new(format!("cannot listen on {address}: {error}"));
    let listener = listener.map_err(failed)?;

    let (saved, saves) = std::sync::mpsc::channel::<PathBuf>();
    let mut watcher = notify::recommended_watcher(move |event: notify::Result<notify::Event>| {
        if let Ok(event) = event
            && !event.kind.is_access()
        {
            for path in event.paths.into_iter().filter(|path| !preview::is_scratch(path)) {
                let _ = saved.send(path);
            }
        }
    })
    .map_err(|error| Problem::new(format!("cannot watch for changes: {error}")))?;
    for path in watched.iter().filter(|path| path.exists()) {
        watcher
            .watch(path, RecursiveMode::Recursive)
            .map_err(|error| Problem::new(format!("cannot watch {}: {error}", path.display())))?;
    }
    std::thread::spawn(move || {
        let mut due = false;
        loop {
            let first = if due {
                match saves.recv_timeout(QUIET) {
                    Ok(path) => path,
                    Err(RecvTimeoutError::Timeout) => {
                        due = false;
                        react(Change::Quiet);
                        continue;
                    }
                    Err(RecvTimeoutError::Disconnected) => return,
                }
            } else {
                let Ok(path) = saves.recv() else { return };
                path
            };
            let mut paths = vec![first];
            while let Ok(path) = saves.recv_timeout(TOGETHER) {
                paths.push(path);
            }
            paths.sort();
            paths.dedup();
            react(Change::Saved(paths));
            due = true;
        }
    });

    ready(listener.local_addr().map_err(failed)?);
    let app = Router::new()
        .route("/__haechi/live", get(move |upgrade: WebSocketUpgrade| listen(upgrade, notes.clone())))
        .fallback(move |uri: Uri| file(folder.clone(), uri));
    let served = axum::serve(listener, app).await.map_err(failed);
    drop(watcher);
    served
}

async fn listen(upgrade: WebSocketUpgrade, notes: Notes) -> Response {
    upgrade.on_upgrade(|mut socket| async move {
        let mut changes = notes.channel.subscribe();
        let standing = {
            let standing = notes.standing();
            [Some(standing.note().to_string()), standing.progress.clone()]
        };
        for note in standing.into_iter().flatten() {
            if socket.send(Message::text(note)).await.is_err() {
                return;
            }
        }
        loop {
            tokio::select! {
                note = changes.recv() => {
                    let text = match note {
                        Ok(text) => text,
                        // Too many notes were missed: the page is shown anew.
                        Err(broadcast::error::RecvError::Lagged(_)) => json!({ "kind": "reload" }).to_string(),
                        Err(broadcast::error::RecvError::Closed) => return,
                    };
                    if socket.send(Message::text(text)).await.is_err() {
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
