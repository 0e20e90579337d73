//! What a page needs and the place where it runs does not have, by what a screen says. Pure.

use std::net::IpAddr;
use std::sync::LazyLock;

use regex::Regex;

use super::screen::{named, regex};
use crate::messages::{Message, verify as messages};

/// An image that could not be had.
static NO_IMAGE: LazyLock<Regex> = LazyLock::new(|| {
    regex(concat!(
        r"pull access denied for (?P<a>\S+?),|manifest for (?P<b>\S+) not found|",
        r"failed to resolve (?:source metadata for|reference) \x22?(?P<c>[^\s\x22]+?)(?:\x22|:? |:?$)|",
        r"docker\.io/(?:library/)?(?P<d>[\w./-]+(?::[\w.-]+)?): (?:failed to resolve|not found|manifest unknown)"
    ))
});
/// An image that the engine looks for, before it says that it cannot be had.
static WANTED_IMAGE: LazyLock<Regex> =
    LazyLock::new(|| regex(r"^Unable to find image '(?P<a>[^']+)' locally$"));
/// A registry that the engine asked in vain.
static NO_REGISTRY: LazyLock<Regex> =
    LazyLock::new(|| regex(r"\x22https://(?P<a>[\w.:-]+)/v[12]/[^\x22]*\x22: (?:dial tcp|context|net/http)"));
/// A host out of reach.
static NO_HOST: LazyLock<Regex> = LazyLock::new(|| {
    regex(concat!(
        r"[Cc]ould not resolve (?:host|hostname):? (?P<a>[\w.-]+)|bad address '(?P<b>[^']+)'|",
        r"lookup (?P<c>[\w.-]+)(?: on \S+)?: |unable to resolve host address .(?P<d>[\w.-]+)|",
        r"Could not resolve '(?P<e>[^']+)'|getaddrinfo \w+ (?P<f>[\w.-]+)|",
        r"(?P<g>[\w.-]+): Temporary failure in name resolution|(?P<h>[\w.-]+): Name or service not known|",
        r"Failed to establish a new connection|Temporary failure in name resolution|Network is unreachable"
    ))
});
/// A program that the shell does not find.
static NO_PROGRAM: LazyLock<Regex> = LazyLock::new(|| {
    regex(concat!(
        r"^(?:-?bash|sh): (?:line \d+: |\d+: )?(?P<a>[\w.+-]*\w[\w.+-]*): (?:command )?not found$|",
        r"^(?P<b>[\w.+-]+): command not found: |",
        r"^\x22?(?P<d>[\w -]+?)\x22? is only supported on a Docker daemon with experimental features enabled|",
        r"^docker: unknown command: (?P<c>docker (?:scout|model|sandbox|mcp|ai|init|offload|desktop|debug|dev|extension))$"
    ))
});

/// Whether the engine says here that it has got an image.
fn is_downloaded(line: &str) -> bool {
    line.starts_with("Status: ")
}

/// The image that the engine looked for and did not get.
pub(super) fn lacked_image(screen: &[String]) -> Option<String> {
    let wanted = screen.iter().find_map(|line| named(&WANTED_IMAGE, line))?;
    (!screen.iter().any(|line| is_downloaded(line))).then_some(wanted)
}

/// Whether an image belongs to a registry that the page itself runs: what is missing there was never
/// pushed, and no mirror would have it.
fn is_of_the_page(image: &str) -> bool {
    let Some((registry, _)) = image.split_once('/') else { return false };
    let (host, port) = registry.split_once(':').map_or((registry, None), |(host, port)| (host, Some(port)));
    host == "localhost" || host.parse::<IpAddr>().is_ok() || (port.is_some() && !host.contains('.'))
}

/// What a page needs and the place where it runs does not have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Unavailable {
    /// An image.
    Image(String),
    /// A host.
    Host(String),
    /// A program.
    Program(String),
}

impl Unavailable {
    /// The first thing that a screen says is missing.
    pub(super) fn on(screen: &[String]) -> Option<Self> {
        let mut wanted = None;
        screen.iter().find_map(|line| {
            wanted = named(&WANTED_IMAGE, line).or(wanted.take().filter(|_| !is_downloaded(line)));
            let registry = || {
                let host = named(&NO_REGISTRY, line)?;
                Some(wanted.clone().map_or(Self::Host(host), Self::Image))
            };
            registry()
                .or_else(|| named(&NO_IMAGE, line).filter(|name| !is_of_the_page(name)).map(Self::Image))
                .or_else(|| named(&NO_HOST, line).map(Self::Host))
                .or_else(|| named(&NO_PROGRAM, line).map(Self::Program))
        })
    }

    /// Why nothing could be found out, and what to do.
    pub(super) fn sentence(&self, local: bool) -> Message {
        let place = if local { messages::this_machine() } else { messages::the_sandbox() };
        match self {
            Self::Image(name) if local => messages::no_image_here(name),
            Self::Image(name) => messages::no_image(name),
            Self::Host(name) if name.starts_with("registry") && name.ends_with(".docker.io") => {
                messages::no_hub(place)
            }
            Self::Host(name) if name.is_empty() => messages::no_network(place),
            Self::Host(name) => messages::no_host(place, name),
            Self::Program(name) if name.contains(' ') || name.starts_with('-') => {
                messages::no_feature(place, name)
            }
            Self::Program(name) => messages::no_program(place, name),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(text: &str) -> Vec<String> {
        text.lines().map(str::to_owned).collect()
    }

    #[test]
    fn what_cannot_be_had_is_named() {
        use Unavailable::{Host, Image, Program};
        for (line, wanted) in [
            ("bash: jq: command not found", Program("jq".into())),
            ("curl: (6) Could not resolve host: example.com", Host("example.com".into())),
            (
                "docker: Error response from daemon: pull access denied for acme/app, repository does not exist",
                Image("acme/app".into()),
            ),
            ("manifest for redis:99 not found: manifest unknown", Image("redis:99".into())),
            ("wget: bad address 'example.com'", Host("example.com".into())),
            (
                "Unable to find image 'acme/app:1' locally\ndocker: Error response from daemon: Get \"https://registry.example/v2/\": dial tcp: lookup registry.example on 192.0.2.1:53: connection refused",
                Image("acme/app:1".into()),
            ),
            (
                "ERROR: failed to build: Error response from daemon: Get \"https://registry.example/v2/\": dial tcp: lookup registry.example on 192.0.2.1:53: connection refused",
                Host("registry.example".into()),
            ),
            ("ERROR: docker.io/library/acme:2: not found", Image("acme:2".into())),
            (
                "failed to resolve reference \"docker.io/library/acme:2\": docker.io/library/acme:2: not found",
                Image("docker.io/library/acme:2".into()),
            ),
            (
                "ERROR: failed to build: failed to resolve source metadata for docker.io/acme/app:1: pull access denied",
                Image("docker.io/acme/app:1".into()),
            ),
            ("service: command not found: nothing is managed here", Program("service".into())),
            ("docker: unknown command: docker scout", Program("docker scout".into())),
            (
                "docker checkpoint create is only supported on a Docker daemon with experimental features enabled",
                Program("docker checkpoint create".into()),
            ),
        ] {
            assert_eq!(Unavailable::on(&lines(line)), Some(wanted), "{line}");
        }
        for line in [
            "Hello",
            "no configuration file provided: not found",
            "manifest for localhost:5001/app:2.0 not found: manifest unknown: manifest unknown",
            "failed to resolve reference \"localhost:5001/app:2.0\": localhost:5001/app:2.0: not found",
            "failed to resolve reference \"172.17.0.3:5000/app:latest\": failed to do request: Head \"https://172.17.0.3:5000/v2/app/manifests/latest\": http: server gave HTTP response to HTTPS client",
            "failed to resolve reference \"registry:5000/app:latest\": registry:5000/app:latest: not found",
            "docker: unknown command: docker rnu",
            "bash: -: command not found",
        ] {
            assert_eq!(Unavailable::on(&lines(line)), None, "{line}");
        }
    }
}
