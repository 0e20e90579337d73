//! The images that a page was given: what the wall's door recorded, and where the mirror has each from. A
//! page decides neither: the record is on the outer side of the wall, and the mirror is asked from outside.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// An image that a page was given.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
pub struct Image {
    /// As the page names it, such as `nginx:latest`; empty where it is not known which images there were.
    pub name: String,
    /// The digest of its manifest or index.
    pub digest: String,
    /// Where it came from.
    pub origin: Origin,
    /// What is in it, where it stands in for another.
    pub contents: Option<String>,
}

/// Where an image came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Origin {
    /// Docker Hub.
    DockerHub,
    /// It says of itself that it stands in for an image of Docker Hub.
    StandIn,
    /// Another registry, which `HAECHI_HUB` named.
    Registry,
    /// Somebody published it to this machine's mirror.
    Published,
    /// It could not be found out.
    Unknown,
}

impl Image {
    /// What stands for images of which it is not known which they were.
    pub(crate) fn unknown() -> Self {
        Self { name: String::new(), digest: String::new(), origin: Origin::Unknown, contents: None }
    }
}

/// The size of the file system that holds the record (`images/engine/wall/init`), less its own need.
const WHOLE_RECORD: usize = 1000 * 1024;

/// A request for an image that the mirror answered.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Request {
    pub(super) repository: String,
    /// A tag or a digest.
    pub(super) reference: String,
    pub(super) digest: String,
}

impl Request {
    fn read(line: &str) -> Option<Self> {
        #[derive(Deserialize)]
        struct Line {
            path: String,
            digest: String,
        }
        let Line { path, digest } = serde_json::from_str(line).ok()?;
        let (repository, reference) = path.strip_prefix("/v2/")?.split_once("/manifests/")?;
        let is_name = |text: &str| {
            !text.is_empty()
                && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'-' | b'/'))
        };
        let is_reference = is_name(reference) || is_digest(reference);
        (is_name(repository) && is_reference && is_digest(&digest)).then(|| Self {
            repository: repository.to_owned(),
            reference: reference.to_owned(),
            digest,
        })
    }

    /// As a page names it.
    pub(super) fn name(&self) -> String {
        let repository = self.repository.strip_prefix("library/").unwrap_or(&self.repository);
        let mark = if is_digest(&self.reference) { '@' } else { ':' };
        format!("{repository}{mark}{}", self.reference)
    }
}

fn is_digest(text: &str) -> bool {
    text.strip_prefix("sha256:").is_some_and(|hex| {
        hex.len() == 64 && hex.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'a'..=b'f'))
    })
}

/// The requests of a record, each once; `None` where it is not the whole of it.
pub(super) fn requests(record: &[u8]) -> Option<Vec<Request>> {
    if record.len() >= WHOLE_RECORD || record.last().is_some_and(|&end| end != b'\n') {
        return None;
    }
    let mut requests: Vec<Request> =
        str::from_utf8(record).ok()?.lines().map(Request::read).collect::<Option<_>>()?;
    requests.sort();
    requests.dedup();
    Some(requests)
}

/// What the mirror has under a digest.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Entry {
    /// What the image says that it stands in with.
    pub(super) stand_in: Option<String>,
    /// The manifests of an index.
    pub(super) children: Vec<String>,
}

/// The images of these requests; `entries` has what the mirror has under their digests, as far as it could
/// be asked. A manifest that an engine asks for on account of an index is no image of its own.
pub(super) fn images(
    requests: &[Request],
    entries: &BTreeMap<(String, String), Option<Entry>>,
    pulls_through: &PullsThrough,
) -> Vec<Image> {
    let entry = |request: &Request| {
        entries.get(&(request.repository.clone(), request.digest.clone())).and_then(Option::as_ref)
    };
    let is_part = |request: &Request| {
        is_digest(&request.reference)
            && requests.iter().any(|other| {
                other.repository == request.repository
                    && other != request
                    && (other.digest == request.digest && !is_digest(&other.reference)
                        || entry(other).is_some_and(|entry| entry.children.contains(&request.digest)))
            })
    };
    let mut images: Vec<Image> = requests
        .iter()
        .filter(|request| !is_part(request))
        .map(|request| {
            let entry = entry(request);
            Image {
                name: request.name(),
                digest: request.digest.clone(),
                origin: origin(entry, pulls_through),
                contents: entry.and_then(|entry| entry.stand_in.clone()),
            }
        })
        .collect();
    images.sort();
    images
}

/// What the mirror serves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum PullsThrough {
    DockerHub,
    OtherRegistry,
    Nothing,
}

/// A label can make an image a stand-in, and nothing else: where it came from is for the mirror to say.
fn origin(entry: Option<&Entry>, pulls_through: &PullsThrough) -> Origin {
    match (entry, pulls_through) {
        (None, _) => Origin::Unknown,
        (Some(Entry { stand_in: Some(_), .. }), _) => Origin::StandIn,
        (Some(_), PullsThrough::DockerHub) => Origin::DockerHub,
        (Some(_), PullsThrough::OtherRegistry) => Origin::Registry,
        (Some(_), PullsThrough::Nothing) => Origin::Published,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn digest(letter: char) -> String {
        format!("sha256:{}", String::from(letter).repeat(64))
    }

    fn line(path: &str, digest: &str) -> String {
        format!("{{\"path\":\"{path}\",\"digest\":\"{digest}\"}}\n")
    }

    fn names(record: &str, entries: &[(&str, char, Option<Entry>)], mirror: &PullsThrough) -> Vec<String> {
        let entries = entries
            .iter()
            .map(|(repository, letter, entry)| (((*repository).to_owned(), digest(*letter)), entry.clone()))
            .collect();
        let images = images(&requests(record.as_bytes()).unwrap(), &entries, mirror);
        images.into_iter().map(|image| format!("{} {:?}", image.name, image.origin)).collect()
    }

    #[test]
    fn an_index_and_its_manifest_are_one_image() {
        let record = [
            line("/v2/library/nginx/manifests/latest", &digest('a')),
            line(&format!("/v2/library/nginx/manifests/{}", digest('a')), &digest('a')),
            line(&format!("/v2/library/nginx/manifests/{}", digest('b')), &digest('b')),
            line(&format!("/v2/acme/shop/manifests/{}", digest('c')), &digest('c')),
        ];
        let index = Entry { stand_in: None, children: vec![digest('b')] };
        let entries = [
            ("library/nginx", 'a', Some(index)),
            ("library/nginx", 'b', Some(Entry::default())),
            ("acme/shop", 'c', Some(Entry::default())),
        ];
        let expected = [format!("acme/shop@{} DockerHub", digest('c')), "nginx:latest DockerHub".into()];
        assert_eq!(names(&record.concat(), &entries, &PullsThrough::DockerHub), expected);
    }

    #[test]
    fn only_a_mirror_of_docker_hub_has_images_of_docker_hub() {
        let record = line("/v2/library/nginx/manifests/latest", &digest('a'));
        let of = |entry: Option<Entry>, mirror| {
            names(&record, &[("library/nginx", 'a', entry)], &mirror).remove(0).replace("nginx:latest ", "")
        };
        let plain = || Some(Entry::default());
        assert_eq!(of(plain(), PullsThrough::DockerHub), "DockerHub");
        assert_eq!(of(plain(), PullsThrough::OtherRegistry), "Registry");
        assert_eq!(of(plain(), PullsThrough::Nothing), "Published");
        let labelled = || Some(Entry { stand_in: Some("Docker Hub".into()), children: Vec::new() });
        for mirror in [PullsThrough::DockerHub, PullsThrough::OtherRegistry, PullsThrough::Nothing] {
            assert_eq!(of(labelled(), mirror.clone()), "StandIn");
            assert_eq!(of(None, mirror), "Unknown");
        }
    }

    #[test]
    fn what_is_no_whole_record_is_none() {
        let good = line("/v2/library/nginx/manifests/latest", &digest('a'));
        assert_eq!(requests(good.as_bytes()).map(|requests| requests.len()), Some(1));
        assert_eq!(requests(b"").map(|requests| requests.len()), Some(0));
        for bad in [
            good.trim_end().to_owned(),
            format!("{good}{{\"path\":\"/v2/library/ngi\n"),
            line("/v2/library/nginx/manifests/latest", "sha256:a"),
            line("/v2/a b/manifests/latest", &digest('a')),
            good.repeat(WHOLE_RECORD / good.len() + 1),
        ] {
            assert_eq!(requests(bad.as_bytes()), None, "{}", &bad[..bad.len().min(200)]);
        }
    }
}
