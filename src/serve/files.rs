//! The files of the site. Only regular files inside of its folder are read.

use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use mime_guess::{Mime, mime};
use percent_encoding::percent_decode_str;
use tower_http::services::ServeFile;

use super::state::ServerState;

/// What an address names.
#[derive(Debug, PartialEq, Eq)]
enum Resolved {
    /// A regular file inside the site.
    File(PathBuf),
    /// A folder inside the site, without the `/` that links on its page need.
    Folder,
    Nothing,
}

/// Answers with a file of the site.
pub(super) async fn site_file(State(state): State<Arc<ServerState>>, request: Request) -> Response {
    if ![Method::GET, Method::HEAD].contains(request.method()) {
        return (StatusCode::METHOD_NOT_ALLOWED, [(header::ALLOW, "GET, HEAD")]).into_response();
    }
    let (folder, path) = (state.folder.clone(), request.uri().path().to_owned());
    let name = path.rsplit('/').next().unwrap_or_default().to_owned();
    let resolved = tokio::task::spawn_blocking(move || {
        let missing = || resolve(&folder, "/404.html");
        match resolve(&folder, &path) {
            Resolved::Nothing => (StatusCode::NOT_FOUND, missing()),
            found => (StatusCode::OK, found),
        }
    });
    match resolved.await {
        Ok((StatusCode::OK, Resolved::File(path))) => answer(&path, request).await,
        Ok((status, Resolved::File(path))) => {
            let mut answer = answer(&path, Request::new(Body::empty())).await;
            *answer.status_mut() = status;
            answer
        }
        Ok((_, Resolved::Folder)) => {
            (StatusCode::TEMPORARY_REDIRECT, [(header::LOCATION, format!("./{name}/"))]).into_response()
        }
        Ok((_, Resolved::Nothing)) | Err(_) => StatusCode::NOT_FOUND.into_response(),
    }
}

/// What the path of an address names; nothing outside of the folder, by a link or otherwise.
fn resolve(folder: &Path, address: &str) -> Resolved {
    let decoded = percent_decode_str(address).decode_utf8_lossy();
    let wanted = Path::new(decoded.trim_start_matches('/'));
    let real = |path: &Path| {
        let root = folder.canonicalize().ok()?;
        path.canonicalize().ok().filter(|real| real.starts_with(&root))
    };
    if !wanted.components().all(|part| matches!(part, Component::Normal(_))) {
        return Resolved::Nothing;
    }
    let found = match real(&folder.join(wanted)) {
        Some(path) if !path.is_dir() => Some(path),
        Some(_) if !decoded.ends_with('/') => return Resolved::Folder,
        Some(path) => real(&path.join("index.html")),
        None => None,
    };
    found.filter(|path| path.is_file()).map_or(Resolved::Nothing, Resolved::File)
}

async fn answer(path: &Path, request: Request) -> Response {
    let served =
        ServeFile::new_with_mime(path, &media_type(path)).ignore_multi_range_requests(true).try_call(request);
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
fn media_type(path: &Path) -> Mime {
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
        let own = Resolved::File(site.canonicalize().unwrap().join("a.html"));
        for address in ["/a.html", "/same", "//a.html", "/%61.html"] {
            assert_eq!(resolve(&site, address), own, "{address}");
        }
        assert_eq!(resolve(&site, "/in"), Resolved::Folder);
        for address in
            ["/out", "/up", "/up/secret", "/zero", "/lost", "/in/", "/", "/a.html/", "/in/../a.html"]
        {
            assert_eq!(resolve(&site, address), Resolved::Nothing, "{address}");
        }
    }
}
