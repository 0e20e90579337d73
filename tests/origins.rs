//! Pages that would hide which images they were given, or pass them off as others. `make test` runs these;
//! they fail where no engine answers.

#![allow(clippy::unwrap_used, reason = "a test says what is wrong by failing")]

use std::process::Command;

use serde_json::Value;

/// The images of a page's report, each as its name and its origin.
fn images(page: &str) -> Vec<(String, String)> {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("page.md"), page).unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_haechi"))
        .args(["verify", "page.md", "--json", "--page-timeout", "600s"])
        .current_dir(folder.path())
        .env("LC_ALL", "C")
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(0), "{said}\n{}", String::from_utf8_lossy(&output.stdout));
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    let listed = report["pages"][0]["images"].as_array().cloned().unwrap_or_default();
    let word = |image: &Value, name: &str| image[name].as_str().unwrap().to_owned();
    listed.iter().map(|image| (word(image, "name"), word(image, "origin"))).collect()
}

/// Where the mirror of this engine has its images from.
fn origin() -> String {
    let (_, origin) = images("```sh\ndocker pull -q busybox\n```\n").remove(0);
    assert!(["docker-hub", "stand-in", "registry"].contains(&origin.as_str()), "{origin}");
    origin
}

#[test]
fn origins_are_known_of_images_that_were_removed_again() {
    let page = "```sh\ndocker pull -q busybox\ndocker rmi -f busybox\ndocker pull -q hello-world\n```\n";
    let expected = ["busybox:latest", "hello-world:latest"].map(|name| (name.to_owned(), origin()));
    assert_eq!(images(page), expected);
}

#[test]
fn origins_are_not_what_a_page_says_of_what_it_makes() {
    let page = "```sh\nprintf 'FROM busybox\\nLABEL haechi.stand-in=\\nRUN echo false > /it\\n' > Dockerfile\n\
                docker build -q -t nginx:latest .\ndocker run --rm nginx:latest cat /it\n```\n";
    assert_eq!(images(page), [("busybox:latest".to_owned(), origin())]);
}

#[test]
fn origins_do_not_come_from_inside() {
    let page = "```sh\n! ls /run/record /run/door 2>&1\n! touch /run/haechi/x 2>&1\n\
                echo '{\"path\":\"/v2/library/nginx/manifests/latest\"}' > /run/images\n\
                ! curl -sf -X PUT --unix-socket /run/haechi/mirror.sock http://m/v2/library/x/manifests/1\n```\n";
    assert_eq!(images(page), []);
}

#[test]
fn origins_are_not_known_where_the_record_is_full() {
    let page = "```sh {timeout=300s}\ncurl -sI --unix-socket /run/haechi/mirror.sock -o /dev/null \
                'http://m/v2/library/busybox/manifests/latest?[1-9000]'\ndocker pull -q hello-world\n```\n";
    assert_eq!(images(page), [(String::new(), "unknown".to_owned())]);
}
