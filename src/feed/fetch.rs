//! Makes requests one after another, within limits. Redirects are followed by hand, so that each address is checked and
//! each host gets its pause.

use std::error::Error;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use reqwest::header::{self, HeaderMap, HeaderName};
use reqwest::{Client, Response, StatusCode, redirect};
use tokio::sync::Semaphore;
use url::Url;

use super::address::{Allowed, Private, Resolver};
use super::fault::{Fault, Kind, shown};
use super::hosts::Hosts;
use crate::config;

/// Maximum number of redirects to follow.
const REDIRECTS: usize = 5;

/// Longest wait for a connection.
const CONNECT: Duration = Duration::from_secs(10);

/// Maximum length in bytes of an `ETag` or date to keep.
const VALIDATOR: usize = 1024;

/// Fetches within the limits of the settings.
#[derive(Debug)]
pub(super) struct Fetcher {
    client: Client,
    allowed: Arc<Allowed>,
    hosts: Hosts,
    pause: Duration,
    timeout: Duration,
    /// Limits concurrent requests, to all hosts together.
    at_once: Semaphore,
}

/// A request.
#[derive(Debug, Default)]
pub(super) struct Want<'w> {
    pub accept: &'w str,
    /// Maximum size in bytes, after decompression.
    pub bytes: usize,
    /// Whether to truncate a longer body rather than fail.
    pub cut: bool,
    pub etag: Option<&'w str>,
    pub last_modified: Option<&'w str>,
}

/// The result of a request.
#[derive(Debug)]
pub(super) enum Got {
    NotModified { max_age: Option<Duration> },
    Body(Box<Body>),
}

/// A body, with what the response says about it.
#[derive(Debug)]
pub(super) struct Body {
    pub bytes: Vec<u8>,
    /// The final URL, after redirects.
    pub url: Url,
    /// Where the publisher has moved it permanently, if elsewhere.
    pub moved: Option<Url>,
    pub content_type: Option<String>,
    pub etag: Option<String>,
    pub last_modified: Option<String>,
    pub max_age: Option<Duration>,
}

/// A single response.
enum Hop {
    Done(Got),
    Elsewhere { to: Url, for_good: bool },
}

impl Fetcher {
    /// Sets up the client. The error is worded for people.
    pub fn new(settings: &config::Feeds) -> Result<Self, String> {
        let allowed =
            Allowed::parse(&settings.private).map_err(|error| format!("`feeds.private`: {error}"))?;
        let allowed = Arc::new(allowed);
        let mut agent = concat!("presswatch/", env!("CARGO_PKG_VERSION")).to_owned();
        if !settings.contact.is_empty() {
            agent += &format!(" ({})", settings.contact);
        }
        let client = Client::builder()
            .user_agent(header::HeaderValue::from_str(&agent).map_err(|_| {
                format!(
                    "`feeds.contact`: `{}` can't stand in a header; give a URL or an e-mail address",
                    settings.contact
                )
            })?)
            .tls_backend_preconfigured(tls()?)
            .dns_resolver(Arc::new(Resolver(Arc::clone(&allowed))))
            // a proxy would connect to addresses that are not checked here
            .no_proxy()
            .redirect(redirect::Policy::none())
            .connect_timeout(CONNECT)
            .pool_max_idle_per_host(1)
            .pool_idle_timeout(Duration::from_secs(30))
            .build()
            .map_err(|error| format!("no HTTP client: {}", deepest(&error)))?;
        Ok(Self {
            client,
            allowed,
            hosts: Hosts::default(),
            pause: settings.host_pause.duration(),
            timeout: settings.timeout.duration(),
            at_once: Semaphore::new(settings.at_once.get().into()),
        })
    }

    /// Gets a URL. `gate` is asked before each request, those after redirects included: it refuses the request, or
    /// returns the pause that the host asks for.
    pub async fn get(
        &self,
        url: &Url,
        want: &Want<'_>,
        gate: impl AsyncFn(&Url) -> Result<Duration, Fault>,
    ) -> Result<Got, Fault> {
        let (mut at, mut moved, mut for_good_so_far) = (url.clone(), None, true);
        for _ in 0..=REDIRECTS {
            self.allowed.check(&at).map_err(|error| private(&at, &error))?;
            let pause = gate(&at).await?.max(self.pause);
            let turn = self.hosts.turn(at.host_str().unwrap_or_default(), pause).await;
            let room = self.at_once.acquire().await.expect("never closed");
            let hop = tokio::time::timeout(self.timeout, self.hop(&at, want)).await;
            drop((room, turn));
            let hop = hop.map_err(|_| {
                let words = format!(
                    "{}: no whole answer within {:?}; `feeds.timeout` sets that",
                    shown(&at),
                    self.timeout
                );
                Fault::new(Kind::Timeout, words)
            })??;
            match hop {
                Hop::Done(Got::Body(body)) => return Ok(Got::Body(Box::new(Body { moved, ..*body }))),
                Hop::Done(unchanged) => return Ok(unchanged),
                Hop::Elsewhere { to, for_good } => {
                    for_good_so_far &= for_good;
                    if for_good_so_far {
                        moved = Some(to.clone());
                    }
                    at = to;
                }
            }
        }
        Err(Fault::new(Kind::Redirect, format!("{}: more than {REDIRECTS} redirects", shown(url))))
    }

    async fn hop(&self, url: &Url, want: &Want<'_>) -> Result<Hop, Fault> {
        let mut request = self.client.get(url.clone()).header(header::ACCEPT, want.accept);
        if let Some(etag) = want.etag {
            request = request.header(header::IF_NONE_MATCH, etag);
        }
        if let Some(time) = want.last_modified {
            request = request.header(header::IF_MODIFIED_SINCE, time);
        }
        let answer = request.send().await.map_err(|error| failed(url, &error))?;
        let status = answer.status();
        if status == StatusCode::NOT_MODIFIED {
            return Ok(Hop::Done(Got::NotModified { max_age: max_age(answer.headers()) }));
        }
        if status.is_success() {
            return body(url, answer, want).await.map(|body| Hop::Done(Got::Body(Box::new(body))));
        }
        if matches!(status.as_u16(), 301 | 302 | 303 | 307 | 308) {
            let to = text(answer.headers(), header::LOCATION).and_then(|to| url.join(to.trim()).ok());
            let to = to.filter(|to| matches!(to.scheme(), "http" | "https")).ok_or_else(|| {
                Fault::new(
                    Kind::Redirect,
                    format!("{}: redirected ({status}) to no address of the web", shown(url)),
                )
            })?;
            return Ok(Hop::Elsewhere { to, for_good: matches!(status.as_u16(), 301 | 308) });
        }
        Err(refused(url, status, answer.headers()))
    }
}

/// The body of a response, within its limit.
async fn body(url: &Url, mut answer: Response, want: &Want<'_>) -> Result<Body, Fault> {
    let too_large = || {
        let words = format!(
            "{}: more than {} bytes; the limit is a setting, see docs/FEEDS.md",
            shown(url),
            want.bytes
        );
        Fault::new(Kind::TooLarge, words)
    };
    // of compressed content this is less than the final size
    if !want.cut && answer.content_length().is_some_and(|length| length > want.bytes as u64) {
        return Err(too_large());
    }
    let mut bytes = Vec::new();
    while let Some(chunk) = answer.chunk().await.map_err(|error| failed(url, &error))? {
        if bytes.len() + chunk.len() > want.bytes {
            if !want.cut {
                return Err(too_large());
            }
            bytes.extend_from_slice(&chunk[..want.bytes - bytes.len()]);
            break;
        }
        bytes.extend_from_slice(&chunk);
    }
    let headers = answer.headers();
    let validator = |name| text(headers, name).filter(|value| value.len() <= VALIDATOR);
    Ok(Body {
        bytes,
        url: url.clone(),
        moved: None,
        content_type: text(headers, header::CONTENT_TYPE),
        etag: validator(header::ETAG),
        last_modified: validator(header::LAST_MODIFIED),
        max_age: max_age(headers),
    })
}

/// TLS with ring and the system's certificates.
fn tls() -> Result<rustls::ClientConfig, String> {
    let mut roots = rustls::RootCertStore::empty();
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    if roots.is_empty() {
        tracing::warn!(
            "the system has no certificates of authorities: no https:// can be fetched; install `ca-certificates`, or \
             set SSL_CERT_FILE"
        );
    }
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| format!("no TLS: {error}"))?;
    Ok(config.with_root_certificates(roots).with_no_client_auth())
}

fn private(url: &Url, error: &Private) -> Fault {
    Fault::new(Kind::Private, format!("{}: not asked: {error}", shown(url)))
}

/// Words an error of the client for people.
fn failed(url: &Url, error: &reqwest::Error) -> Fault {
    let mut source: Option<&(dyn Error + 'static)> = Some(error);
    while let Some(cause) = source {
        if let Some(refused) = cause.downcast_ref::<Private>() {
            return private(url, refused);
        }
        source = cause.source();
    }
    let (kind, what) = if error.is_timeout() {
        (Kind::Timeout, "no connection in time")
    } else if error.is_dns() {
        (Kind::Unreachable, "its name has no address")
    } else if error.is_connect() {
        (Kind::Unreachable, "no connection")
    } else {
        (Kind::Unreachable, "the answer broke off")
    };
    Fault::new(kind, format!("{}: {what} ({})", shown(url), deepest(error)))
}

/// The message of the root cause: the errors above it only repeat that there is one.
fn deepest(error: &(dyn Error + 'static)) -> String {
    let mut last = error;
    while let Some(cause) = last.source() {
        last = cause;
    }
    last.to_string()
}

/// Words an unsuccessful status for people.
fn refused(url: &Url, status: StatusCode, headers: &HeaderMap) -> Fault {
    let later = text(headers, header::RETRY_AFTER).and_then(|value| retry_after(&value, Timestamp::now()));
    let advice = match status.as_u16() {
        401 | 403 => {
            "it does not let this program in; ask the publisher, or name yourself in `feeds.contact`"
        }
        404 => "there is nothing; look up its new address",
        410 => "it is gone for good; take it off the list",
        429 => "it is asked too often; raise `feeds.interval` or `feeds.host_pause`",
        500.. => "trouble at the publisher's",
        _ => "not what was expected",
    };
    Fault {
        kind: Kind::Status,
        words: format!("{}: answered {status}: {advice}", shown(url)),
        status: Some(status.as_u16()),
        later,
    }
}

/// Parses a number of seconds or a date.
fn retry_after(value: &str, now: Timestamp) -> Option<Duration> {
    let value = value.trim();
    if let Ok(seconds) = value.parse::<u64>() {
        return Some(Duration::from_secs(seconds));
    }
    let time = jiff::fmt::rfc2822::parse(value).ok()?.timestamp();
    Duration::try_from(time.duration_since(now)).ok()
}

fn max_age(headers: &HeaderMap) -> Option<Duration> {
    let control = text(headers, header::CACHE_CONTROL)?;
    let seconds = control.split(',').find_map(|part| part.trim().strip_prefix("max-age="))?;
    seconds.trim_matches('"').parse().ok().map(Duration::from_secs)
}

fn text(headers: &HeaderMap, name: HeaderName) -> Option<String> {
    headers.get(name).and_then(|value| value.to_str().ok()).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_to_come_back_is_read_in_both_forms() {
        let now = "2026-05-04T08:00:00Z".parse().unwrap();
        for (value, want) in [
            ("120", Some(120)),
            ("Mon, 04 May 2026 08:01:00 GMT", Some(60)),
            ("Mon, 04 May 2026 07:01:00 GMT", None),
            ("soon", None),
        ] {
            assert_eq!(retry_after(value, now), want.map(Duration::from_secs), "{value}");
        }
    }
}
