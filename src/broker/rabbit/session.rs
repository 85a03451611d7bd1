//! Connections: hosts in turn, back-off with jitter, TLS, and the state that readiness shows.

use std::sync::Arc;
use std::sync::atomic::{AtomicU8, AtomicUsize, Ordering};
use std::time::Duration;

use lapin::tcp::{OwnedIdentity, OwnedTLSConfig};
use lapin::uri::AMQPUri;
use lapin::{Channel, Connection, ConnectionProperties};

use crate::broker::BrokerError;
use crate::config::Broker;
use crate::metrics::Metrics;

/// Back-off before the second try; doubles up to [`LONGEST_WAIT`].
const FIRST_WAIT: Duration = Duration::from_millis(200);

/// Longest back-off: a restarted broker is found again within this time.
const LONGEST_WAIT: Duration = Duration::from_secs(5);

/// What a connection is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names say it")]
pub enum State {
    Connecting,
    Up,
    Blocked,
    Down,
}

impl State {
    /// As it stands in `/readyz` and logs.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Connecting => "connecting",
            Self::Up => "up",
            Self::Blocked => "blocked",
            Self::Down => "down",
        }
    }

    fn of(number: u8) -> Self {
        match number {
            1 => Self::Up,
            2 => Self::Blocked,
            3 => Self::Down,
            _ => Self::Connecting,
        }
    }
}

/// The two connections' states, for readiness and the gauge `broker_up`.
#[derive(Debug)]
pub struct Health {
    consuming: AtomicU8,
    publishing: AtomicU8,
    metrics: Metrics,
}

/// Which of the two connections.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    Consume,
    Publish,
}

impl Role {
    fn as_str(self) -> &'static str {
        match self {
            Self::Consume => "consume",
            Self::Publish => "publish",
        }
    }
}

impl Health {
    /// Both connecting.
    pub fn new(metrics: Metrics) -> Arc<Self> {
        Arc::new(Self { consuming: AtomicU8::new(0), publishing: AtomicU8::new(0), metrics })
    }

    /// State of the consuming and of the publishing connection.
    pub fn states(&self) -> (State, State) {
        let load = |a: &AtomicU8| State::of(a.load(Ordering::Relaxed));
        (load(&self.consuming), load(&self.publishing))
    }

    /// Whether both can be used.
    pub fn is_up(&self) -> bool {
        self.states() == (State::Up, State::Up)
    }

    pub(super) fn set(&self, role: Role, state: State) {
        let at = if role == Role::Consume { &self.consuming } else { &self.publishing };
        let number = match state {
            State::Connecting => 0,
            State::Up => 1,
            State::Blocked => 2,
            State::Down => 3,
        };
        let before = State::of(at.swap(number, Ordering::Relaxed));
        if before != state {
            tracing::info!(connection = role.as_str(), from = before.as_str(), to = state.as_str(), "broker");
            if state == State::Up && before != State::Blocked && before != State::Connecting {
                self.metrics.reconnects.inc();
            }
        }
        self.metrics.broker_up.set(f64::from(u8::from(self.is_up())));
    }
}

/// Where the broker is and how to get in. Cheap to share.
pub struct Server {
    uris: Vec<AMQPUri>,
    tls: Tls,
    /// The host to try next.
    turn: AtomicUsize,
    /// For every answer of the broker.
    pub timeout: Duration,
}

struct Tls {
    ca: Option<String>,
    identity: Option<(Vec<u8>, String)>,
}

impl std::fmt::Debug for Server {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Server").field("hosts", &self.hosts()).finish_non_exhaustive()
    }
}

impl Server {
    /// Reads the URLs and the TLS files. The error names the key and never the password.
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
            return Err("`broker.url` is empty; set it to amqp://user:password@host:5672/vhost".to_owned());
        }
        let read = |key: &str, path: &str| {
            std::fs::read(path).map_err(|error| format!("`broker.{key}`: can't read `{path}`: {error}"))
        };
        let ca = match settings.tls_ca.as_str() {
            "" => None,
            path => Some(
                String::from_utf8(read("tls_ca", path)?)
                    .map_err(|_| format!("`broker.tls_ca`: `{path}` is not PEM"))?,
            ),
        };
        let identity = match settings.tls_identity.as_str() {
            "" => None,
            path => Some((read("tls_identity", path)?, settings.tls_identity_password.reveal().to_owned())),
        };
        let tls = Tls { ca, identity };
        Ok(Arc::new(Self { uris, tls, turn: AtomicUsize::new(0), timeout: settings.timeout.duration() }))
    }

    /// Host and port of each URL, for logs.
    pub fn hosts(&self) -> Vec<String> {
        self.uris.iter().map(|u| format!("{}:{}", u.authority.host, u.authority.port)).collect()
    }

    /// One try at one host; the next call takes the next host.
    pub async fn connect(&self, name: &str) -> Result<Connection, BrokerError> {
        let uri = self.uris[self.turn.fetch_add(1, Ordering::Relaxed) % self.uris.len()].clone();
        let host = format!("{}:{}", uri.authority.host, uri.authority.port);
        let tls = OwnedTLSConfig {
            identity: self
                .tls
                .identity
                .clone()
                .map(|(der, password)| OwnedIdentity::PKCS12 { der, password }),
            cert_chain: self.tls.ca.clone(),
        };
        let properties = ConnectionProperties::default().with_connection_name(name.into());
        let runtime = lapin::runtime::default_runtime().map_err(lost)?;
        let connecting = Connection::connect_uri_with_config(uri, properties, tls, runtime);
        match tokio::time::timeout(self.timeout, connecting).await {
            Ok(Ok(connection)) => Ok(connection),
            Ok(Err(error)) => Err(BrokerError::Connection(format!("{host}: {error}"))),
            Err(_) => Err(BrokerError::Connection(format!("{host}: no answer within {:?}", self.timeout))),
        }
    }

    /// Within the time that the broker has for an answer.
    pub(super) async fn answer<T>(
        &self,
        asked: impl Future<Output = lapin::Result<T>>,
    ) -> Result<T, BrokerError> {
        match tokio::time::timeout(self.timeout, asked).await {
            Ok(answer) => answer.map_err(lost),
            Err(_) => Err(BrokerError::Timeout(self.timeout)),
        }
    }

    /// A connection with one channel on it.
    pub async fn channel(&self, name: &str) -> Result<(Connection, Channel), BrokerError> {
        let connection = self.connect(name).await?;
        let channel = self.answer(connection.create_channel()).await?;
        Ok((connection, channel))
    }
}

/// An error of lapin as one of ours. Its texts hold no URL.
#[expect(clippy::needless_pass_by_value, reason = "for `map_err`")]
pub(super) fn lost(error: lapin::Error) -> BrokerError {
    BrokerError::Connection(error.to_string())
}

/// Waits between tries: doubling, with up to half taken off by chance so that workers do not come in step.
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
        ] {
            let error = server(&pairs).unwrap_err();
            assert!(error.contains(want) && !error.contains("geheim"), "{error}");
        }
    }
}
