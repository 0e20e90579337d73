//! A mirror that does not answer is not a mirror without images: evidence would belong to nothing.

#![allow(clippy::unwrap_used, reason = "a test says what is wrong by failing")]

use std::process::Command;

use axum::Router;
use axum::http::{StatusCode, Uri};

/// An engine whose mirror runs and answers nothing: all that is asked of it before a page runs.
async fn answer(uri: Uri) -> (StatusCode, &'static str) {
    match uri.path() {
        path if path.ends_with("/version") => {
            (StatusCode::OK, r#"{"Version":"28.5.2","ApiVersion":"1.51","MinAPIVersion":"1.24"}"#)
        }
        path if path.contains("/images/") => (StatusCode::OK, r#"{"Id":"sha256:0"}"#),
        path if path.ends_with("/containers/json") => (StatusCode::OK, "[]"),
        path if path.ends_with("/containers/haechi-mirror/json") => {
            (StatusCode::OK, r#"{"State":{"Running":true}}"#)
        }
        _ => (StatusCode::NOT_FOUND, r#"{"message":"No such container: haechi-mirror"}"#),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mirror_that_does_not_answer_ends_the_run() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("tcp://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, Router::new().fallback(answer)).await });
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("page.md"), "```sh\ntrue\n```\n").unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_haechi"))
        .args(["verify", "page.md"])
        .current_dir(folder.path())
        .env("LC_ALL", "C")
        .env("DOCKER_HOST", address)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(3), "{said}");
    assert!(said.contains("the mirror that serves images to the sandboxes does not answer"), "{said}");
    assert!(!folder.path().join("evidence/page.json").exists());
}
