//! Connections: trying hosts in turn, back-off with jitter, TLS.

use std::io::ErrorKind;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use lapin::tcp::{OwnedIdentity, OwnedTLSConfig};
use lapin::uri::{AMQPScheme, AMQPUri};
use lapin::{Channel, Connection, ConnectionProperties};

use super::readable::{self, Mended};
use super::topology::error_code;
use super::unreached::Unreached;
use crate::broker::BrokerError;
use crate::config::Broker;

/// Back-off before the second attempt; doubles up to [`LONGEST_WAIT`].
const FIRST_WAIT: Duration = Duration::from_millis(200);

/// Longest back-off: a restarted broker is found again within this time.
const LONGEST_WAIT: Duration = Duration::from_secs(5);

/// Reply code when the broker closes a channel because the user lacks a permission.
const ACCESS_REFUSED: u16 = 403;

/// Reply code when the broker closes a channel over a message it does not accept.
const PRECONDITION_FAILED: u16 = 406;

/// Reply code when the broker closes a connection over a frame it does not accept.
const FRAME_ERROR: u16 = 501;

/// How long to wait for the broker's answer when leaving.
pub(super) const CLOSING: Duration = Duration::from_secs(5);

/// Where the broker is and how to log in. Cheap to share.
pub struct Server {
    uris: Vec<AMQPUri>,
    tls: Tls,
    /// The host to try first: the last one that answered.
    turn: AtomicUsize,
    /// How long to wait for any answer of the broker.
    pub timeout: Duration,
}

/// PEM files for `amqps://`.
struct Tls {
    ca: Option<String>,
    /// A certificate and its key.
    identity: Option<(Vec<u8>, Vec<u8>)>,
}

impl Tls {
    /// A possible cause of a connection that breaks at once. Under TLS 1.3 a server rejects a client without a
    /// certificate after the handshake, and its reset can overtake the alert that says so.
    fn hint(&self, uri: &AMQPUri, error: &lapin::Error) -> &'static str {
        let lapin::ErrorKind::IOError(error) = error.kind() else { return "" };
        let broken = matches!(error.kind(), ErrorKind::ConnectionReset | ErrorKind::BrokenPipe);
        if uri.scheme == AMQPScheme::AMQPS && self.identity.is_none() && broken {
            "; the broker may ask for a client's certificate, and `broker.tls_cert` is not set"
        } else {
            ""
        }
    }

    fn read(settings: &Broker) -> Result<Self, String> {
        let read = |key: &str, path: &str, holds: &str| match std::fs::read(path) {
            Err(error) => Err(format!("`broker.{key}`: can't read `{path}`: {error}")),
            Ok(pem) if pem.windows(holds.len()).any(|part| part == holds.as_bytes()) => Ok(pem),
            Ok(_) => {
                Err(format!("`broker.{key}`: `{path}` holds no PEM block of a {}", holds.to_lowercase()))
            }
        };
        let ca = match settings.tls_ca.as_str() {
            "" => None,
            path => Some(String::from_utf8_lossy(&read("tls_ca", path, "CERTIFICATE")?).into_owned()),
        };
        let identity = match (settings.tls_cert.as_str(), settings.tls_key.as_str()) {
            ("", "") => None,
            ("", _) => return Err("`broker.tls_key` is set without `broker.tls_cert`".to_owned()),
            (_, "") => return Err("`broker.tls_cert` is set without `broker.tls_key`".to_owned()),
            (cert, key) => {
                Some((read("tls_cert", cert, "CERTIFICATE")?, read("tls_key", key, "PRIVATE KEY")?))
            }
        };
        Ok(Self { ca, identity })
    }
}

impl std::fmt::Debug for Server {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Server").field("hosts", &self.hosts()).finish_non_exhaustive()
    }
}

/// What a connection is for.
#[derive(Debug)]
enum Sort {
    Usual,
    /// Makes messages readable, and reports which ones.
    Readable(Mended),
    /// Has frames of [`SMALL_FRAME`].
    Small,
}

/// In bytes. lapin has room for 64 frames in each connection: 8 MiB with the usual 128 KiB. The headers of a message
/// must fit in one frame, and those of a recent alert hold its first 12 KiB of keys.
const SMALL_FRAME: u32 = 16 << 10;

impl Server {
    /// Reads the URLs and the TLS files. An error names the key and never the password.
    pub fn new(settings: &Broker) -> Result<Arc<Self>, String> {
        let mut uris = Vec::new();
        for url in settings.url.reveal().split(',').map(str::trim).filter(|u| !u.is_empty()) {
            let mut uri: AMQPUri = url.parse().map_err(|_| {
                "`broker.url` takes amqp://user:password@host:5672/vhost or amqps://…".to_owned()
            })?;
            uri.query.heartbeat = Some(settings.heartbeat);
            uris.push(uri);
        }
        if uris.is_empty() {
            return Err("`broker.url` is empty; set --broker-url or PRESSWATCH__BROKER__URL to \
                        amqp://user:password@host:5672/vhost"
                .to_owned());
        }
        let tls = Tls::read(settings)?;
        Ok(Arc::new(Self { uris, tls, turn: AtomicUsize::new(0), timeout: settings.timeout.duration() }))
    }

    /// Host and port of each URL, for logs.
    pub fn hosts(&self) -> Vec<String> {
        self.uris.iter().map(|u| format!("{}:{}", u.authority.host, u.authority.port)).collect()
    }

    /// Tries each host once in turn, beginning with the last one that answered.
    pub async fn connect(&self, name: &str) -> Result<Connection, BrokerError> {
        self.connect_by(name, &Sort::Usual).await
    }

    /// Like [`Self::connect`], over a connection that makes messages readable and reports which: [`readable`].
    pub(super) async fn connect_readable(&self, name: &str) -> Result<(Connection, Mended), BrokerError> {
        let mended = Mended::default();
        let connection = self.connect_by(name, &Sort::Readable(mended.clone())).await?;
        Ok((connection, mended))
    }

    /// Like [`Self::connect`], over a connection that takes little memory, for messages that we created ourselves.
    pub(super) async fn connect_small(&self, name: &str) -> Result<Connection, BrokerError> {
        self.connect_by(name, &Sort::Small).await
    }

    async fn connect_by(&self, name: &str, sort: &Sort) -> Result<Connection, BrokerError> {
        let first = self.turn.load(Ordering::Relaxed);
        let mut errors = Vec::new();
        for step in 0..self.uris.len() {
            let at = (first + step) % self.uris.len();
            match self.connect_to(&self.uris[at], name, sort).await {
                Ok(connection) => {
                    self.turn.store(at, Ordering::Relaxed);
                    return Ok(connection);
                }
                Err(error) => errors.push(error),
            }
        }
        let words: Vec<&str> = errors.iter().map(|error| error.words.as_str()).collect();
        let words = words.join("; ");
        // the hosts of a cluster share their users: another host being down changes nothing
        if errors.iter().any(|error| error.login) {
            return Err(BrokerError::Login(words));
        }
        Err(BrokerError::Unreachable(words))
    }

    async fn connect_to(&self, uri: &AMQPUri, name: &str, sort: &Sort) -> Result<Connection, Unreached> {
        let identity = self.tls.identity.clone().map(|(pem, key)| OwnedIdentity::PKCS8 { pem, key });
        let tls = OwnedTLSConfig { identity, cert_chain: self.tls.ca.clone() };
        let properties = ConnectionProperties::default().with_connection_name(name.into());
        let mut to = uri.clone();
        if matches!(sort, Sort::Small) {
            to.query.frame_max = Some(SMALL_FRAME);
        }
        let connecting = async {
            if let Sort::Readable(mended) = sort {
                return readable::connect(to, properties, tls, mended.clone()).await;
            }
            let runtime = lapin::runtime::default_runtime()?;
            Connection::connect_uri_with_config(to, properties, tls, runtime).await
        };
        match tokio::time::timeout(self.timeout, connecting).await {
            Ok(Ok(connection)) => Ok(connection),
            Ok(Err(error)) => Err(Unreached::by_error(uri, &error, self.tls.hint(uri, &error))),
            Err(_) => Err(Unreached::by_time(uri, self.timeout)),
        }
    }

    /// Awaits an answer of the broker, with its timeout.
    pub(super) async fn answer<T>(
        &self,
        asked: impl Future<Output = lapin::Result<T>>,
    ) -> Result<T, BrokerError> {
        match tokio::time::timeout(self.timeout, asked).await {
            Ok(answer) => answer.map_err(lost),
            Err(_) => Err(BrokerError::Timeout(self.timeout)),
        }
    }

    /// Opens a connection with one channel on it.
    pub async fn channel(&self, name: &str) -> Result<(Connection, Channel), BrokerError> {
        let connection = self.connect(name).await?;
        let channel = self.answer(connection.create_channel()).await?;
        Ok((connection, channel))
    }
}

/// Converts an error of lapin to one of ours. Its texts contain no URL. The broker closes the channel over a message
/// larger than its `max_message_size`, and the connection over headers too large for a frame:
/// [`BrokerError::TooLarge`], which every publish under way there gets.
#[expect(clippy::needless_pass_by_value, reason = "for `map_err`")]
pub(super) fn lost(error: lapin::Error) -> BrokerError {
    let words = error.to_string();
    match error_code(&error) {
        Some(PRECONDITION_FAILED) if words.contains("message size") => BrokerError::TooLarge(words),
        Some(FRAME_ERROR) => BrokerError::TooLarge(words),
        Some(ACCESS_REFUSED) => {
            let words = words.rsplit_once("ACCESS_REFUSED - ").map_or(words.as_str(), |(_, words)| words);
            BrokerError::Denied(format!("the broker says: {words} (ACCESS_REFUSED)"))
        }
        _ => BrokerError::Connection(words),
    }
}

/// Waits between attempts: doubling, minus a random part of up to half so that workers don't get in step.
#[derive(Debug)]
pub(super) struct Backoff(Duration);

impl Backoff {
    pub fn new() -> Self {
        Self(FIRST_WAIT)
    }

    pub async fn wait(&mut self) {
        tokio::time::sleep(self.0.mul_f64(1.0 - fastrand::f64() / 2.0)).await;
        self.0 = (self.0 * 2).min(LONGEST_WAIT);
    }

    pub fn reset(&mut self) {
        self.0 = FIRST_WAIT;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config;

    fn server(pairs: &[(&str, &str)]) -> Result<Arc<Server>, String> {
        let variables = pairs.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned()));
        Server::new(&config::load(None, variables, &[]).unwrap().broker)
    }

    #[test]
    fn urls_are_read_and_errors_hide_the_password() {
        let two = "amqp://a:geheim@one:5672/%2f,amqp://a:geheim@two:5673/%2f";
        let server = server(&[("PRESSWATCH__BROKER__URL", two)]).unwrap();
        assert_eq!(server.hosts(), ["one:5672", "two:5673"]);
        assert!(!format!("{server:?}").contains("geheim"));
    }

    #[test]
    fn a_bad_url_or_file_is_named_without_its_secret() {
        for (pairs, want) in [
            (vec![("PRESSWATCH__BROKER__URL", "http://a:geheim@one")], "`broker.url` takes"),
            (vec![("PRESSWATCH__BROKER__URL", "")], "`broker.url` is empty"),
            (
                vec![("PRESSWATCH__BROKER__URL", "amqp://one"), ("PRESSWATCH__BROKER__TLS_CA", "/no/ca.pem")],
                "`broker.tls_ca`: can't read `/no/ca.pem`",
            ),
            (
                vec![("PRESSWATCH__BROKER__URL", "amqp://one"), ("PRESSWATCH__BROKER__TLS_CA", "Cargo.toml")],
                "`broker.tls_ca`: `Cargo.toml` holds no PEM block of a certificate",
            ),
            (
                vec![("PRESSWATCH__BROKER__URL", "amqp://one"), ("PRESSWATCH__BROKER__TLS_CERT", "a.pem")],
                "`broker.tls_cert` is set without `broker.tls_key`",
            ),
        ] {
            let error = server(&pairs).unwrap_err();
            assert!(error.contains(want) && !error.contains("geheim"), "{error}");
        }
    }
}
