//! Pictures of what a page's containers serve, for readers who want to see what they will see.
//!
//! A sandbox has no network, so the browser of this machine reaches it through a proxy that asks each
//! address from inside of the sandbox, and nothing else.

use std::convert::Infallible;
use std::path::{Component, Path, PathBuf};

use bytes::Bytes;
use futures_util::StreamExt as _;
use futures_util::stream::FuturesUnordered;
use http_body_util::Full;
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper::{Method, Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use tokio::net::TcpListener;

use crate::browser;
use crate::markdown::HttpClaim;
use crate::messages::{file as file_messages, verify as messages};
use crate::sandbox::Sandbox;
use crate::text::Problem;

/// Where a page's picture lies in the book; `None` if that is not below its content.
pub(super) fn place(content: &Path, page: &str, picture: &str) -> Option<PathBuf> {
    let relative = Path::new(page).parent().unwrap_or(Path::new("")).join(picture);
    let inside = relative.components().all(|part| matches!(part, Component::Normal(_) | Component::CurDir));
    let is_png = relative.extension().is_some_and(|kind| kind == "png");
    (inside && is_png).then(|| content.join(relative))
}

/// Takes the picture of an address as the sandbox serves it; says whether the file changed.
///
/// # Errors
/// When there is no browser, it fails, or the file cannot be written.
pub(super) async fn take(sandbox: &Sandbox, claim: &HttpClaim, file: &Path) -> Result<bool, Problem> {
    let failed = |error: std::io::Error| {
        Problem::new(messages::no_proxy(file_messages::reason(&error))).help(messages::no_proxy_help())
    };
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.map_err(failed)?;
    let port = listener.local_addr().map_err(failed)?.port();
    let scratch = tempfile::tempdir().map_err(failed)?;
    let new = scratch.path().join("picture.png");
    let options = [
        format!("--proxy-server=http://127.0.0.1:{port}"),
        // Addresses of this machine go through it, too.
        "--proxy-bypass-list=<-loopback>".to_owned(),
        format!("--window-size={},{}", claim.size.0, claim.size.1),
        "--hide-scrollbars".to_owned(),
        "--force-device-scale-factor=1".to_owned(),
        "--virtual-time-budget=5000".to_owned(),
        format!("--screenshot={}", new.display()),
    ];
    tokio::select! {
        opened = browser::open(&claim.url, &options) => opened?,
        () = answer(&listener, sandbox) => {}
    }
    let taken = std::fs::read(&new).map_err(|error| Problem::cannot_read(&new, &error))?;
    if std::fs::read(file).is_ok_and(|old| old == taken) {
        return Ok(false);
    }
    crate::files::write(file, &taken).map_err(|error| Problem::cannot_write(file, &error))?;
    Ok(true)
}

/// Answers the browser as long as it asks.
async fn answer(listener: &TcpListener, sandbox: &Sandbox) {
    let mut connections = FuturesUnordered::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => {
                let Ok((stream, _)) = accepted else { return };
                let service = service_fn(move |request| ask(sandbox, request));
                connections.push(
                    hyper::server::conn::http1::Builder::new().serve_connection(TokioIo::new(stream), service),
                );
            }
            Some(_) = connections.next() => {}
        }
    }
}

/// Asks an address from inside of the sandbox.
async fn ask(sandbox: &Sandbox, request: Request<Incoming>) -> Result<Response<Full<Bytes>>, Infallible> {
    let url = request.uri().to_string();
    let wanted = request.method() == Method::GET && url.starts_with("http://");
    let nothing = |status| {
        let mut response = Response::new(Full::new(Bytes::new()));
        *response.status_mut() = status;
        Ok(response)
    };
    if !wanted {
        return nothing(StatusCode::METHOD_NOT_ALLOWED);
    }
    let command =
        ["curl", "-sS", "-i", "--max-time", "20", "--max-filesize", "8000000", "--no-location", "--", &url];
    let Ok(answer) = sandbox.run(&command, &[]).await else { return nothing(StatusCode::BAD_GATEWAY) };
    Ok(response(&answer.output).unwrap_or_else(|| Response::new(Full::new(Bytes::new()))))
}

/// What curl has heard, with the headers that a picture needs.
fn response(heard: &[u8]) -> Option<Response<Full<Bytes>>> {
    let end = heard.windows(4).position(|window| window == b"\r\n\r\n")?;
    let head = String::from_utf8_lossy(&heard[..end]);
    let mut lines = head.lines();
    let status: u16 = lines.next()?.split(' ').nth(1)?.parse().ok()?;
    let mut response = Response::builder().status(status);
    for (name, value) in lines.filter_map(|line| line.split_once(": ")) {
        if ["content-type", "location"].iter().any(|known| name.eq_ignore_ascii_case(known)) {
            response = response.header(name, value);
        }
    }
    response.body(Full::new(Bytes::copy_from_slice(&heard[end + 4..]))).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_lies_in_the_book() {
        let content = Path::new("/book/src");
        assert_eq!(place(content, "a/b.md", "c.png"), Some("/book/src/a/c.png".into()));
        for wrong in ["../c.png", "/etc/c.png", "c.md", "a/../../c.png"] {
            assert_eq!(place(content, "b.md", wrong), None, "{wrong}");
        }
    }

    #[test]
    fn an_answer_keeps_its_status_and_kind() {
        let heard =
            b"HTTP/1.1 404 Not Found\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n<p>";
        let response = response(heard).unwrap();
        assert_eq!(response.status(), 404);
        assert_eq!(response.headers().len(), 1);
    }
}
