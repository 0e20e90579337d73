//! Which hosts a request may name: a foreign name may be made to lead to this machine.

use std::net::IpAddr;
use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::uri::Authority;
use axum::http::{StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::state::ServerState;
use crate::messages::{Message, serve as messages};

/// Lets only those requests through that name a host which this server listens as.
pub(super) async fn require_own_host(
    State(state): State<Arc<ServerState>>,
    request: Request,
    next: Next,
) -> Response {
    let ip = state.ip;
    let mut named = request.headers().get_all(header::HOST).iter().peekable();
    let is_named =
        named.peek().is_some() && named.all(|host| host.to_str().is_ok_and(|host| is_own_host(host, ip)));
    let address = request.uri().authority().map(Authority::as_str);
    if is_named && address.is_none_or(|host| is_own_host(host, ip)) {
        return next.run(request).await;
    }
    let own = match ip {
        ip if ip.is_unspecified() => messages::numeric_addresses(),
        IpAddr::V6(ip) => Message::verbatim(format!("[{ip}]")),
        IpAddr::V4(ip) => Message::verbatim(ip),
    };
    let refusal = messages::other_host(own).text(state.channel.language()).to_owned();
    (StatusCode::FORBIDDEN, refusal + "\n").into_response()
}

/// Whether a host with or without a port is one that the server listens as.
fn is_own_host(host: &str, ip: IpAddr) -> bool {
    let Ok(authority) = host.parse::<Authority>() else { return false };
    if host.contains('@') {
        return false;
    }
    let name = authority.host();
    let number = name.strip_prefix('[').and_then(|name| name.strip_suffix(']')).unwrap_or(name);
    match number.parse::<IpAddr>() {
        // A number cannot be made to lead elsewhere; which numbers the machine has is not known here.
        Ok(number) => number == ip || ip.is_unspecified() || is_loopback(number),
        Err(_) => name.eq_ignore_ascii_case("localhost"),
    }
}

fn is_loopback(number: IpAddr) -> bool {
    number == IpAddr::from([127, 0, 0, 1]) || number == IpAddr::from([0, 0, 0, 0, 0, 0, 0, 1_u16])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_for_all_answers_to_numbers_but_to_no_foreign_name() {
        let [own, all] = ["192.168.0.7", "0.0.0.0"].map(|ip| ip.parse::<IpAddr>().unwrap());
        assert!(
            is_own_host("192.168.0.7:3000", own)
                && is_own_host("localhost", own)
                && is_own_host("[::1]:1", own)
        );
        assert!(is_own_host("10.0.0.9:3000", all) && !is_own_host("10.0.0.9:3000", own));
        for host in
            ["evil.example", "evil.example:3000", "localhost@evil.example", "a@localhost", "", ":3000"]
        {
            assert!(!is_own_host(host, own) && !is_own_host(host, all), "{host}");
        }
    }
}
