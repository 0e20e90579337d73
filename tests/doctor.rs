//! `haechi engine` beside engines that lack something: what is asked of them, and what is said of it.

#![allow(clippy::unwrap_used, reason = "a test says what is wrong by failing")]

use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::CommandExt;
use std::process::Command;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Bytes;
use axum::http::{Method, StatusCode, Uri};

const VERSION: &str = r#"{"Version":"28.5.2","ApiVersion":"1.51","MinAPIVersion":"1.24"}"#;
const INFO: &str = r#"{"CgroupVersion":"2","MemoryLimit":true,"PidsLimit":true,"SecurityOptions":[]}"#;
const MISSING: (StatusCode, &str) = (StatusCode::NOT_FOUND, r#"{"message":"No such thing"}"#);

/// What an engine answers; `None` is what every engine says.
type Answers = fn(&Method, &str, &str) -> Option<(StatusCode, &'static str)>;

/// What an engine was asked: `METHOD /path?query body`.
type Requests = Arc<Mutex<Vec<String>>>;

/// Runs haechi beside such an engine; gives its exit code, what it said and what it asked.
fn beside(answers: Answers, arguments: &[&str]) -> (Option<i32>, String, Vec<String>) {
    let requests = Requests::default();
    let noted = requests.clone();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let listener = runtime.block_on(tokio::net::TcpListener::bind("127.0.0.1:0")).unwrap();
    let address = format!("tcp://{}", listener.local_addr().unwrap());
    let answer = move |method: Method, uri: Uri, body: Bytes| async move {
        // What a recipe is made from is no text.
        let body = std::str::from_utf8(&body).unwrap_or_default().to_owned();
        noted.lock().unwrap().push(format!("{method} {uri} {body}"));
        answers(&method, uri.path(), &body).unwrap_or_else(|| match uri.path() {
            path if path.ends_with("/version") => (StatusCode::OK, VERSION),
            path if path.ends_with("/info") => (StatusCode::OK, INFO),
            path if path.ends_with("/containers/json") => (StatusCode::OK, "[]"),
            _ => MISSING,
        })
    };
    runtime.spawn(async move { axum::serve(listener, Router::new().fallback(answer)).await });
    let (exit, said) = haechi(&address, arguments);
    let requests = requests.lock().unwrap().clone();
    (exit, said, requests)
}

fn haechi(address: &str, arguments: &[&str]) -> (Option<i32>, String) {
    let folder = tempfile::tempdir().unwrap();
    std::fs::set_permissions(folder.path(), PermissionsExt::from_mode(0o755)).unwrap();
    let program = folder.path().join("haechi");
    std::fs::hard_link(env!("CARGO_BIN_EXE_haechi"), &program)
        .or_else(|_| std::fs::copy(env!("CARGO_BIN_EXE_haechi"), &program).map(drop))
        .unwrap();
    let mut command = Command::new(program);
    command.args(arguments).env("LC_ALL", "C").env("DOCKER_HOST", address);
    // Root may use every socket, and on Debian makes images from packages: it becomes nobody here.
    if rustix::process::geteuid().is_root() {
        command.uid(65534).gid(65534);
    }
    let output = command.output().unwrap();
    let said =
        format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    (output.status.code(), said)
}

fn doctor(answers: Answers) -> (Option<i32>, String) {
    let (exit, said, _) = beside(answers, &["engine", "doctor"]);
    (exit, said)
}

#[track_caller]
fn says(said: &str, parts: &[&str]) {
    for part in parts {
        assert!(said.contains(part), "{part:?} is missing in:\n{said}");
    }
}

#[test]
fn no_engine_at_all() {
    let (exit, said) = haechi("unix:///nowhere/docker.sock", &["engine", "doctor"]);
    assert_eq!(exit, Some(3), "{said}");
    says(&said, &["no Docker Engine answers at unix:///nowhere/docker.sock", "what to do: install Docker"]);
    let (exit, said) = haechi("tcp://127.0.0.1:1", &["engine", "doctor"]);
    assert_eq!(exit, Some(3), "{said}");
    says(&said, &["Connection refused", "what to do: start Docker"]);
}

#[test]
fn a_socket_of_another_user() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::set_permissions(folder.path(), PermissionsExt::from_mode(0o755)).unwrap();
    let socket = folder.path().join("docker.sock");
    let _listener = std::os::unix::net::UnixListener::bind(&socket).unwrap();
    std::fs::set_permissions(&socket, PermissionsExt::from_mode(0o000)).unwrap();
    let (exit, said) = haechi(&format!("unix://{}", socket.display()), &["engine", "doctor"]);
    assert_eq!(exit, Some(3), "{said}");
    says(&said, &["Permission denied", "what to do: your user may not use the socket", "usermod -aG docker"]);
}

#[test]
fn an_engine_that_is_too_old() {
    let (exit, said) = doctor(|_, path, _| {
        let version = r#"{"Version":"19.03.15","ApiVersion":"1.40","MinAPIVersion":"1.12"}"#;
        path.ends_with("/version").then_some((StatusCode::OK, version))
    });
    assert_eq!(exit, Some(3), "{said}");
    says(&said, &["Docker Engine 19.03.15 (API 1.40) is too old", "what to do: use a newer Docker Engine"]);
}

#[test]
fn podman_in_the_place_of_docker() {
    let (exit, said) = doctor(|_, path, _| {
        let version = r#"{"Version":"5.4.2","ApiVersion":"1.41","Components":[{"Name":"Podman Engine","Version":"5.4.2"}]}"#;
        path.ends_with("/version").then_some((StatusCode::OK, version))
    });
    assert_eq!(exit, Some(3), "{said}");
    says(&said, &["the engine is Podman", "what to do: start Docker"]);
}

#[test]
fn an_engine_without_limits() {
    let (exit, said) = doctor(|_, path, _| {
        let info = r#"{"CgroupVersion":"2","MemoryLimit":false,"PidsLimit":true}"#;
        path.ends_with("/info").then_some((StatusCode::OK, info))
    });
    assert_eq!(exit, Some(0), "pages run: {said}");
    says(&said, &["limited  control groups of version 2 do not limit memory\n", "cgroup_enable=memory"]);
}

#[test]
fn an_engine_without_root_or_with_other_users() {
    let (exit, said) = doctor(|_, path, _| {
        let info = r#"{"CgroupVersion":"2","MemoryLimit":true,"PidsLimit":true,
            "SecurityOptions":["name=seccomp,profile=builtin","name=rootless","name=cgroupns"]}"#;
        path.ends_with("/info").then_some((StatusCode::OK, info))
    });
    assert_eq!(exit, Some(3), "{said}");
    says(&said, &["bad      the engine is rootless", "what to do: a sandbox mounts file systems"]);
    let (exit, said) = doctor(|_, path, _| {
        let info =
            r#"{"CgroupVersion":"2","MemoryLimit":true,"PidsLimit":true,"SecurityOptions":["name=userns"]}"#;
        path.ends_with("/info").then_some((StatusCode::OK, info))
    });
    assert_eq!(exit, Some(3), "{said}");
    says(&said, &["bad      the engine maps its users (userns-remap)", "daemon.json"]);
}

/// Nothing is made for minutes that could not start.
#[test]
fn nothing_is_made_in_an_engine_without_root() {
    let rootless: Answers = |_, path, _| {
        path.ends_with("/info").then_some((StatusCode::OK, r#"{"SecurityOptions":["name=rootless"]}"#))
    };
    let (exit, said, asked) = beside(rootless, &["engine", "up"]);
    assert_eq!(exit, Some(3), "{said}");
    says(&said, &["the engine is rootless", "set DOCKER_HOST to an engine that runs as root"]);
    assert!(!asked.iter().any(|request| request.starts_with("POST")), "{asked:#?}");
}

#[test]
fn what_is_not_made_yet() {
    let (exit, said) = doctor(|_, _, _| None);
    assert_eq!(exit, Some(0), "the next run makes it: {said}");
    says(
        &said,
        &[
            "the sandbox's image is missing: haechi/engine:",
            "the mirror of images does not run",
            "haechi engine up",
        ],
    );
}

/// Images that were loaded into an engine, or are left after `haechi engine down`: `verify` makes the mirror,
/// as the doctor says.
#[test]
fn an_engine_with_images_and_no_mirror_is_given_one() {
    let images: Answers =
        |_, path, _| path.contains("/images/").then_some((StatusCode::OK, r#"{"Id":"sha256:0"}"#));
    let folder = tempfile::tempdir().unwrap();
    std::fs::set_permissions(folder.path(), PermissionsExt::from_mode(0o755)).unwrap();
    let page = folder.path().join("page.md");
    std::fs::write(&page, "```console\n$ echo one\none\n```\n").unwrap();
    let (exit, said, asked) = beside(images, &["verify", page.to_str().unwrap()]);
    assert_eq!(exit, Some(3), "this engine makes no container: {said}");
    says(&said, &["engine: starting the mirror of images"]);
    assert!(
        asked.iter().any(|request| request.contains("/containers/create?name=haechi-mirror")),
        "{asked:#?}"
    );
}

/// The engine has the image; its machine has no loop devices, and no quota either.
#[test]
fn a_machine_without_loop_devices() {
    let (exit, said, asked) = beside(
        |method, path, _| match path {
            path if path.contains("/images/") => Some((StatusCode::OK, r#"{"Id":"sha256:0"}"#)),
            path if path.ends_with("/containers/create") => {
                Some((StatusCode::CREATED, r#"{"Id":"box","Warnings":[]}"#))
            }
            path if path.ends_with("/containers/box/start") => Some((
                StatusCode::INTERNAL_SERVER_ERROR,
                r#"{"message":"error gathering device information while adding custom device \"/dev/loop-control\": no such file or directory"}"#,
            )),
            _ if method == Method::DELETE => Some((StatusCode::NO_CONTENT, "")),
            _ => None,
        },
        &["engine", "doctor"],
    );
    assert_eq!(exit, Some(3), "{said}");
    says(&said, &["a sandbox does not start", "no loop devices", "modprobe loop", "--disk 0"]);
    let made: Vec<&String> = asked.iter().filter(|request| request.contains("/containers/create")).collect();
    assert_eq!(made.len(), 2, "{asked:#?}");
    // First a file on a loop device, then the engine's own quota: never a disk without a limit.
    assert!(made[0].contains("HAECHI_DISK=10240") && made[0].contains("/dev/loop-control"), "{}", made[0]);
    assert!(made[1].contains("HAECHI_DISK=0") && made[1].contains(r#""size":"10240m""#), "{}", made[1]);
    assert!(!made[1].contains("loop-control"), "{}", made[1]);
    assert_eq!(asked.iter().filter(|request| request.starts_with("DELETE")).count(), 2, "{asked:#?}");
}

/// Where Docker Hub gives nothing and only it is asked, the message says what would help.
#[test]
fn no_base_to_make_the_sandbox_from() {
    let (exit, said, asked) = beside(
        |method, path, _| {
            let refused = r#"{"message":"Get \"https://registry-1.docker.io/v2/\": dial tcp: lookup registry-1.docker.io: no such host"}"#;
            (method == Method::POST && path.ends_with("/images/create"))
                .then_some((StatusCode::INTERNAL_SERVER_ERROR, refused))
        },
        &["engine", "up"],
    );
    assert_eq!(exit, Some(3), "{said}");
    says(
        &said,
        &[
            "making the sandbox, once: about a minute",
            "downloading debian:sid-slim",
            "no such host",
            "only root on Debian makes one from packages",
        ],
    );
    assert!(asked.iter().any(|request| request.contains("/images/create?fromImage=debian&")), "{asked:#?}");
}

/// What an engine builds from goes to it in the request: no folder of this machine is named.
#[test]
fn a_recipe_goes_to_the_engine_through_its_api() {
    let (_, said, asked) = beside(
        |method, path, _| match path {
            path if path.contains("/images/debian") => Some((StatusCode::OK, r#"{"Id":"sha256:0"}"#)),
            path if method == Method::POST && path.ends_with("/build") => {
                Some((StatusCode::OK, r#"{"errorDetail":{"message":"the build ends here"}}"#))
            }
            _ => None,
        },
        &["engine", "up"],
    );
    says(&said.replace("\n  │ ", " "), &["could not be built: the build ends here"]);
    let build = asked.iter().find(|request| request.contains("/build?")).unwrap();
    assert!(build.contains("BASE") && build.contains("debian%3Asid-slim"), "{build}");
    assert!(!build.contains("remote=") && !build.contains(env!("CARGO_MANIFEST_DIR")), "{build}");
}
