//! Which hosts are nobody's to ask: examples, and what lies in this machine's own network.

use url::{Host, Url};

/// Names that are set aside for examples and tests (RFC 2606, RFC 6761), and those of a local network.
const RESERVED: [&str; 8] =
    ["example", "example.com", "example.net", "example.org", "invalid", "local", "localhost", "test"];

/// Whether an address is an example, or leads into this machine's own network.
pub(super) fn is_example(url: &Url) -> bool {
    match url.host() {
        None => true,
        Some(Host::Ipv4(address)) => {
            address.is_private()
                || address.is_loopback()
                || address.is_link_local()
                || address.is_unspecified()
                || address.is_documentation()
                || address.is_broadcast()
        }
        Some(Host::Ipv6(address)) => {
            address.is_loopback()
                || address.is_unspecified()
                || address.is_unique_local()
                || address.is_unicast_link_local()
        }
        Some(Host::Domain(name)) => {
            let name = name.trim_end_matches('.');
            let within = |known: &str| {
                name.strip_suffix(known).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
            };
            !name.contains('.') || RESERVED.iter().any(|known| within(known))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn examples_are_not_sites() {
        let example = |url: &str| is_example(&Url::parse(url).unwrap());
        for url in [
            "http://localhost:3000/x",
            "http://127.0.0.1",
            "http://192.168.0.1/",
            "http://[::1]/",
            "http://[fd00::1]/",
            "http://docs.example.com",
            "https://web.test/",
            "http://web/",
            "http://169.254.169.254/latest",
        ] {
            assert!(example(url), "{url}");
        }
        for url in
            ["https://docs.docker.com/", "https://1.1.1.1", "https://notexample.com", "https://a.contest/"]
        {
            assert!(!example(url), "{url}");
        }
    }
}
