//! The host names that the port answers to: a page of another site whose name resolves to this machine (DNS rebinding)
//! looks like ours to a browser, but can't hide its name.

use std::net::IpAddr;
use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::{Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::Response;

use super::{health, problem};

/// What a request's host is checked against.
#[derive(Debug, Clone)]
pub(super) struct Hosts {
    /// The port is bound to a loopback address.
    pub loopback: bool,
    /// `http.hosts`.
    pub allowed: Arc<[String]>,
}

impl Hosts {
    /// Whether a request names only allowed hosts.
    fn answers(&self, request: &Request) -> bool {
        // probes come by an address that nobody lists
        if !self.loopback && health::PATHS.contains(&request.uri().path()) {
            return true;
        }
        let (mut given, headers) = (request.headers().get_all(header::HOST).iter(), request.headers());
        let whole = request.uri().authority();
        if whole.is_none() && !headers.contains_key(header::HOST) {
            // no browser omits the host; if there is an origin all the same, something is hidden
            return request.method() != Method::POST || !headers.contains_key(header::ORIGIN);
        }
        given.all(|host| host.to_str().is_ok_and(|host| self.takes(host)))
            && whole.is_none_or(|whole| self.takes(whole.as_str()))
    }

    /// Whether a host is allowed, with or without a port.
    fn takes(&self, host: &str) -> bool {
        let (name, _) = parts(host);
        if self.loopback && is_loopback(name) {
            return true;
        }
        let listed = |entry: &String| match parts(entry) {
            (_, Some(_)) => entry.eq_ignore_ascii_case(host),
            (entry, None) => entry.eq_ignore_ascii_case(name),
        };
        (!self.loopback && self.allowed.is_empty()) || self.allowed.iter().any(listed)
    }
}

/// A host without its port, and the port.
fn parts(host: &str) -> (&str, Option<&str>) {
    match host.rsplit_once(':') {
        Some((name, port)) if !port.contains(']') => (name, Some(port)),
        _ => (host, None),
    }
}

fn is_loopback(name: &str) -> bool {
    let address = name.strip_prefix('[').and_then(|n| n.strip_suffix(']')).unwrap_or(name);
    name.eq_ignore_ascii_case("localhost") || address.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

/// Lets a request pass if it names a host of ours.
pub(super) async fn known(State(hosts): State<Hosts>, request: Request, next: Next) -> Response {
    if hosts.answers(&request) {
        return next.run(request).await;
    }
    let why = "this host is not answered for: ask for a loopback name or address where the port is bound to one, \
               or list the name in `http.hosts`";
    problem(StatusCode::MISDIRECTED_REQUEST, why)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_are_those_of_loopback_and_of_the_list() {
        let hosts = |loopback, list: &[&str]| Hosts {
            loopback,
            allowed: list.iter().map(|h| (*h).to_owned()).collect(),
        };
        for (loopback, list, host, want) in [
            (true, &[][..], "localhost", true),
            (true, &[], "LocalHost:9464", true),
            (true, &[], "127.0.0.1:1", true),
            (true, &[], "127.8.9.1", true),
            (true, &[], "[::1]:9464", true),
            (true, &[], "[::1]", true),
            (true, &[], "evil.example:9464", false),
            (true, &[], "localhost.evil.example", false),
            (true, &[], "127.0.0.1.evil.example", false),
            (true, &[], "10.0.0.1", false),
            (true, &[], "", false),
            (true, &["news.example"], "news.example:80", true),
            (false, &[], "anything", true),
            (false, &["news.example"], "News.example:8080", true),
            (false, &["news.example:80"], "news.example:80", true),
            (false, &["news.example:80"], "news.example:81", false),
            (false, &["news.example"], "evil.example", false),
            (false, &["news.example"], "localhost", false),
        ] {
            assert_eq!(hosts(loopback, list).takes(host), want, "{host} of {list:?}");
        }
    }
}
