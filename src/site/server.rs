//! The site over HTTP: in go the folder of a site and its notes, out come answers to those who ask for
//! this machine by its own name.
//!
//! Any page that the author visits can send requests to this server. So a request must name a host that
//! the server listens as (a foreign name may be made to lead here), a socket must be opened by a page of
//! the site, only regular files inside the folder are read, and whoever is slow is let go.

use std::net::IpAddr;
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::ws::{Message, WebSocket, WebSocketUpgrade};
use axum::extract::{Request, State};
use axum::http::uri::Authority;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use mime_guess::{Mime, mime};
use serde_json::json;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, broadcast};
use tokio_io_timeout::TimeoutStream;
use tower_http::services::ServeFile;

use super::notes::Notes;
use crate::files::percent_decoded;

/// The most connections at a time; others wait for a place.
const CONNECTIONS: usize = 128;
/// The most pages that are told of changes.
const SOCKETS: usize = 64;
/// The most bytes of a request's first line and headers, and of a message from a page.
const HEADERS: usize = 16 << 10;
/// The longest time that somebody may take to ask, or to take a piece of an answer.
const PATIENCE: Duration = Duration::from_secs(10);
/// How long nothing is accepted when the machine has no more files to open.
const PAUSE: Duration = Duration::from_millis(100);

/// The site that is served.
pub(super) struct Site {
    /// Its folder.
    pub(super) folder: PathBuf,
    /// The address that the server was told to listen on.
    pub(super) ip: IpAddr,
    /// What its pages are told.
    pub(super) notes: Notes,
}

struct Shared {
    site: Site,
    sockets: Arc<Semaphore>,
}

/// Answers until the process ends.
pub(super) async fn serve(listener: TcpListener, site: Site) {
    let shared = Arc::new(Shared { site, sockets: Arc::new(Semaphore::new(SOCKETS)) });
    let app = Router::new()
        .route("/__haechi/live", get(listen))
        .fallback(file)
        .layer(middleware::from_fn_with_state(shared.clone(), only_by_name))
        .with_state(shared);
    let places = Arc::new(Semaphore::new(CONNECTIONS));
    while let Ok(place) = places.clone().acquire_owned().await {
        match listener.accept().await {
            Ok((stream, _)) => {
                let app = app.clone();
                tokio::spawn(async move {
                    connection(stream, app).await;
                    drop(place);
                });
            }
            Err(_) => tokio::time::sleep(PAUSE).await,
        }
    }
}

async fn connection(stream: TcpStream, app: Router) {
    let mut stream = TimeoutStream::new(stream);
    stream.set_write_timeout(Some(PATIENCE));
    // Whoever breaks off or is let go is told nothing.
    let _ = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(PATIENCE)
        .max_buf_size(HEADERS)
        .serve_connection(TokioIo::new(Box::pin(stream)), TowerToHyperService::new(app))
        .with_upgrades()
        .await;
}

/// Lets only those requests through that name a host which this server listens as.
async fn only_by_name(State(shared): State<Arc<Shared>>, request: Request, next: Next) -> Response {
    let ip = shared.site.ip;
    let mut named = request.headers().get_all(header::HOST).iter().peekable();
    let is_named =
        named.peek().is_some() && named.all(|host| host.to_str().is_ok_and(|host| is_own(host, ip)));
    let address = request.uri().authority().map(Authority::as_str);
    if is_named && address.is_none_or(|host| is_own(host, ip)) {
        return next.run(request).await;
    }
    let own = match ip {
        ip if ip.is_unspecified() => "addresses in numbers".to_owned(),
        IpAddr::V6(ip) => format!("[{ip}]"),
        IpAddr::V4(ip) => ip.to_string(),
    };
    let said = format!(
        "This preview answers to localhost and {own} alone; the address asked for names another host.\n\
         `haechi serve --hostname` says where it listens.\n"
    );
    (StatusCode::FORBIDDEN, said).into_response()
}

/// Whether a host with or without a port is one that the server listens as.
fn is_own(host: &str, ip: IpAddr) -> bool {
    let Ok(authority) = host.parse::<Authority>() else { return false };
    if host.contains('@') {
        return false;
    }
    let name = authority.host();
    let number = name.strip_prefix('[').and_then(|name| name.strip_suffix(']')).unwrap_or(name);
    match number.parse::<IpAddr>() {
        // A number cannot be made to lead elsewhere; which numbers the machine has is not known here.
        Ok(number) => number == ip || ip.is_unspecified() || is_this_machine(number),
        Err(_) => name.eq_ignore_ascii_case("localhost"),
    }
}

fn is_this_machine(number: IpAddr) -> bool {
    number == IpAddr::from([127, 0, 0, 1]) || number == IpAddr::from([0, 0, 0, 0, 0, 0, 0, 1_u16])
}

/// Opens a socket to a page of the site.
async fn listen(
    State(shared): State<Arc<Shared>>,
    headers: HeaderMap,
    upgrade: WebSocketUpgrade,
) -> Response {
    if !is_of_the_site(&headers) {
        return (StatusCode::FORBIDDEN, "Only pages of this preview are told of its changes.\n")
            .into_response();
    }
    let Ok(place) = shared.sockets.clone().try_acquire_owned() else {
        return (StatusCode::SERVICE_UNAVAILABLE, "Too many pages listen.\n").into_response();
    };
    let notes = shared.site.notes.clone();
    upgrade.max_message_size(HEADERS).max_frame_size(HEADERS).on_upgrade(|socket| async move {
        tell(socket, notes).await;
        drop(place);
    })
}

/// Whether a browser says that a page of the site asks.
fn is_of_the_site(headers: &HeaderMap) -> bool {
    let text = |name| headers.get(name).and_then(|value: &HeaderValue| value.to_str().ok());
    let (Some(origin), Some(host)) = (text(header::ORIGIN), text(header::HOST)) else { return false };
    let place = origin.split_once("://").map(|(_, place)| place);
    place.is_some_and(|place| place.eq_ignore_ascii_case(host))
}

/// Tells a page what changes, until it is closed.
async fn tell(mut socket: WebSocket, notes: Notes) {
    let (first, mut changes) = notes.subscribe();
    for note in first {
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
}

/// What an address names.
#[derive(Debug, PartialEq, Eq)]
enum Found {
    /// A regular file inside the site.
    File(PathBuf),
    /// A folder inside the site, without the `/` that links on its page need.
    Folder,
    Nothing,
}

/// Answers with a file of the site.
async fn file(State(shared): State<Arc<Shared>>, request: Request) -> Response {
    if ![Method::GET, Method::HEAD].contains(request.method()) {
        return (StatusCode::METHOD_NOT_ALLOWED, [(header::ALLOW, "GET, HEAD")]).into_response();
    }
    let (folder, path) = (shared.site.folder.clone(), request.uri().path().to_owned());
    let name = path.rsplit('/').next().unwrap_or_default().to_owned();
    let found = tokio::task::spawn_blocking(move || {
        let missing = || find(&folder, "/404.html");
        match find(&folder, &path) {
            Found::Nothing => (StatusCode::NOT_FOUND, missing()),
            found => (StatusCode::OK, found),
        }
    });
    match found.await {
        Ok((StatusCode::OK, Found::File(path))) => answer(&path, request).await,
        Ok((status, Found::File(path))) => {
            let mut answer = answer(&path, Request::new(Body::empty())).await;
            *answer.status_mut() = status;
            answer
        }
        Ok((_, Found::Folder)) => {
            (StatusCode::TEMPORARY_REDIRECT, [(header::LOCATION, format!("./{name}/"))]).into_response()
        }
        Ok((_, Found::Nothing)) | Err(_) => StatusCode::NOT_FOUND.into_response(),
    }
}

/// Looks for what the path of an address names; nothing outside of the folder, by a link or otherwise.
fn find(folder: &Path, address: &str) -> Found {
    let decoded = percent_decoded(address);
    let wanted = Path::new(decoded.trim_start_matches('/'));
    let real = |path: &Path| {
        let root = folder.canonicalize().ok()?;
        path.canonicalize().ok().filter(|real| real.starts_with(&root))
    };
    if !wanted.components().all(|part| matches!(part, Component::Normal(_))) {
        return Found::Nothing;
    }
    let found = match real(&folder.join(wanted)) {
        Some(path) if !path.is_dir() => Some(path),
        Some(_) if !decoded.ends_with('/') => return Found::Folder,
        Some(path) => real(&path.join("index.html")),
        None => None,
    };
    found.filter(|path| path.is_file()).map_or(Found::Nothing, Found::File)
}

async fn answer(path: &Path, request: Request) -> Response {
    let served =
        ServeFile::new_with_mime(path, &kind(path)).ignore_multi_range_requests(true).try_call(request);
    let mut answer = match served.await {
        Ok(answer) => answer.map(Body::new),
        // It is gone by now.
        Err(_) => return StatusCode::NOT_FOUND.into_response(),
    };
    let headers = answer.headers_mut();
    // The time of a file in whole seconds does not tell two saves apart; its tag does.
    headers.remove(header::LAST_MODIFIED);
    for (name, value) in [
        ("cache-control", "no-cache"),
        ("x-content-type-options", "nosniff"),
        ("cross-origin-resource-policy", "same-origin"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    answer
}

/// What a file is, by its name.
fn kind(path: &Path) -> Mime {
    if path.extension().is_some_and(|kind| kind == "md" || kind == "cast") {
        // What a browser shows, rather than saves.
        return mime::TEXT_PLAIN_UTF_8;
    }
    let kind = mime_guess::from_path(path).first_or_octet_stream();
    if kind.type_() == mime::TEXT { format!("{kind}; charset=utf-8").parse().unwrap_or(kind) } else { kind }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_out_of_the_site_names_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let site = folder.path().join("site");
        std::fs::create_dir_all(site.join("in")).unwrap();
        std::fs::write(folder.path().join("secret"), "s").unwrap();
        std::fs::write(site.join("a.html"), "a").unwrap();
        for (target, link) in
            [("../secret", "out"), ("..", "up"), ("/dev/zero", "zero"), ("a.html", "same"), ("none", "lost")]
        {
            std::os::unix::fs::symlink(target, site.join(link)).unwrap();
        }
        std::os::unix::fs::symlink("../../secret", site.join("in/index.html")).unwrap();
        let own = Found::File(site.canonicalize().unwrap().join("a.html"));
        for address in ["/a.html", "/same", "//a.html", "/%61.html"] {
            assert_eq!(find(&site, address), own, "{address}");
        }
        assert_eq!(find(&site, "/in"), Found::Folder);
        for address in
            ["/out", "/up", "/up/secret", "/zero", "/lost", "/in/", "/", "/a.html/", "/in/../a.html"]
        {
            assert_eq!(find(&site, address), Found::Nothing, "{address}");
        }
    }

    #[test]
    fn a_server_for_all_answers_to_numbers_but_to_no_foreign_name() {
        let [own, all] = ["192.168.0.7", "0.0.0.0"].map(|ip| ip.parse::<IpAddr>().unwrap());
        assert!(is_own("192.168.0.7:3000", own) && is_own("localhost", own) && is_own("[::1]:1", own));
        assert!(is_own("10.0.0.9:3000", all) && !is_own("10.0.0.9:3000", own));
        for host in
            ["evil.example", "evil.example:3000", "localhost@evil.example", "a@localhost", "", ":3000"]
        {
            assert!(!is_own(host, own) && !is_own(host, all), "{host}");
        }
    }
}
