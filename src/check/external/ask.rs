//! One address: what its host says of it.

use std::time::Duration;

use ureq::tls::{Certificate, RootCerts, TlsConfig};
use ureq::{Agent, Error};

use crate::messages::{Message, check as messages};

/// How long an answer may take, with all that it leads on to.
const TIMEOUT: Duration = Duration::from_secs(20);
/// A host that asks to wait longer is not waited for.
const LONGEST_WAIT: Duration = Duration::from_secs(30);

/// What a host says of an address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// There is something.
    Good,
    /// There is nothing, by the host's own word.
    Gone(String),
    /// There is no such host.
    NoHost,
    /// Nobody answered, which may be the network's fault.
    Unreachable(String),
    /// The host does not say: it refuses, is busy, or is out of order.
    Unknown(String),
}

impl Answer {
    /// Whether nobody was reached.
    pub(super) fn is_unreachable(&self) -> bool {
        matches!(self, Self::NoHost | Self::Unreachable(_))
    }

    /// Why it is not good.
    pub(super) fn why(&self) -> Message {
        match self {
            Self::Good => Message::default(),
            Self::NoHost => messages::no_host(),
            Self::Gone(why) | Self::Unreachable(why) | Self::Unknown(why) => Message::verbatim(why),
        }
    }
}

pub(super) struct Client {
    agent: Agent,
}

impl Client {
    /// A client that trusts whom this machine trusts, by way of the proxy that the environment names.
    pub(super) fn new() -> Self {
        let known = rustls_native_certs::load_native_certs().certs;
        let known: Vec<_> = known.iter().map(|known| Certificate::from_der(known).to_owned()).collect();
        let roots = if known.is_empty() { RootCerts::WebPki } else { RootCerts::new_with_certs(&known) };
        let config = Agent::config_builder()
            .timeout_global(Some(TIMEOUT))
            .http_status_as_error(false)
            .user_agent(concat!("haechi/", env!("CARGO_PKG_VERSION"), " (looks for broken links)"))
            .accept("*/*")
            .tls_config(TlsConfig::builder().root_certs(roots).build());
        Self { agent: config.build().into() }
    }

    /// Asks for the head, and where that is not good, for the whole: some hosts know no other question.
    pub(super) fn ask(&self, url: &str) -> Answer {
        let head = self.agent.head(url).call();
        if let Ok(response) = &head {
            if response.status().is_success() {
                return Answer::Good;
            }
            if let Some(wait) = wait_of(response) {
                std::thread::sleep(wait);
            }
        }
        if let Err(Error::HostNotFound) = &head {
            return Answer::NoHost;
        }
        judge(self.agent.get(url).call())
    }
}

/// How long a busy host asks to wait (RFC 9110, 10.2.3), if that is not long.
fn wait_of<T>(response: &ureq::http::Response<T>) -> Option<Duration> {
    let busy = matches!(response.status().as_u16(), 429 | 503);
    let seconds = response.headers().get("retry-after")?.to_str().ok()?.parse().ok()?;
    Some(Duration::from_secs(seconds)).filter(|wait| busy && *wait <= LONGEST_WAIT)
}

fn judge<T>(answer: Result<ureq::http::Response<T>, Error>) -> Answer {
    let response = match answer {
        Ok(response) => response,
        Err(Error::HostNotFound) => return Answer::NoHost,
        Err(error @ (Error::Io(_) | Error::ConnectionFailed | Error::Timeout(_))) => {
            return Answer::Unreachable(error.to_string());
        }
        Err(error) => return Answer::Unknown(error.to_string()),
    };
    let status = response.status();
    match status.as_u16() {
        200..=299 => Answer::Good,
        404 | 410 => Answer::Gone(status.to_string()),
        _ => Answer::Unknown(status.to_string()),
    }
}
