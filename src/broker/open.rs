//! Opens the configured broker: RabbitMQ if `broker.url` is set, or else the embedded store in `data_dir`. Whoever calls
//! this need not know which one it is.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::broadcast::Receiver;

use super::backend::{AnyInbox, Backend, DeadQueue, Intake, WatchLog};
use super::embedded::{self, Delays, Embedded, Keep, StoreError};
use super::rabbit::{
    Bounds, Health, Names, OnRefusal, Publisher, RabbitInbox, Recent, Server, Subscription, TopologyError,
    WatchStream,
};
use super::{BrokerError, Outbox};
use crate::alert::Pattern;
use crate::config::{self, Settings};
use crate::metrics::Metrics;
use crate::pipeline::Alerted;
use crate::registry::Registry;

/// How long a stopping worker waits until its last alerts are among the recent ones.
const COPYING: Duration = Duration::from_secs(2);

/// Why a broker could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// A setting is wrong, so trying again won't help.
    #[error("{0}")]
    Settings(String),
    /// RabbitMQ can't be reached at this URL.
    #[error("can't reach the broker at {0}")]
    Unreached(String, #[source] BrokerError),
    /// The broker's own answer.
    #[error(transparent)]
    Broker(#[from] BrokerError),
    /// The topology could not be declared.
    #[error(transparent)]
    Topology(#[from] TopologyError),
    /// The store in this folder could not be opened.
    #[error("`data_dir` {0}")]
    Store(String, #[source] StoreError),
    /// There is no store in this folder, and none should be created.
    #[error(
        "`data_dir` {0}: no store is there; set --data-dir to the folder of `presswatch run`, or --broker-url"
    )]
    NoStore(String),
}

/// A broker opened for a worker.
#[derive(Debug)]
pub struct Opened {
    /// For the HTTP port and the feeds.
    pub backend: Backend,
    /// Where changes to watches are kept.
    pub watch_log: WatchLog,
    bounds: Bounds,
}

impl Opened {
    /// Opens the broker. Connects to nothing yet, so that a worker starts while RabbitMQ is down.
    pub async fn new(settings: &Settings, registry: &Registry, metrics: &Metrics) -> Result<Self, OpenError> {
        let bounds =
            Bounds { prefetch: settings.worker.prefetch.get(), bytes: settings.worker.in_flight_bytes };
        if !settings.has_broker() {
            let store = store(settings)?;
            tracing::info!(folder = %settings.data_dir.display(), "working on the embedded store");
            metrics.broker_up.set(1.0);
            let watch_log = WatchLog::of_store(store.clone(), registry.clone()).await?;
            return Ok(Self { backend: Backend::Embedded(store), watch_log, bounds });
        }
        let server = server(settings)?;
        tracing::info!(hosts = ?server.hosts(), "working on RabbitMQ");
        let (health, names) = (Health::new(metrics.clone()), Names::new(settings));
        let recent = Recent::new(Arc::clone(&server), names.clone());
        let watches = WatchStream::new(Arc::clone(&server), names.clone(), registry.clone());
        let again = OnRefusal::TryAgain;
        let publisher = Publisher::new(server, names, Arc::clone(&health), metrics.clone(), again);
        let watch_log = WatchLog::Rabbit(watches);
        Ok(Self { backend: Backend::Rabbit(publisher, health, recent), watch_log, bounds })
    }

    /// The inbox of articles, which begins to consume at once. Only one at a time.
    pub fn inbox(&self) -> AnyInbox {
        match &self.backend {
            Backend::Embedded(store) => AnyInbox::Embedded(store.inbox()),
            Backend::Rabbit(publisher, health, _) => {
                let (publisher, health) = (publisher.clone(), Arc::clone(health));
                AnyInbox::Rabbit(RabbitInbox::start(publisher.server(), publisher, health, self.bounds))
            }
        }
    }

    /// Where the worker publishes.
    pub fn outbox(&self) -> impl Outbox + use<> {
        self.backend.clone()
    }

    /// Does the work, and keeps connections and streams up meanwhile: what is `published` goes to the stream of recent
    /// alerts. Closes the connections when the work is done. Ends early, with an error, if the broker refuses the login
    /// before anything was consumed.
    pub async fn beside<T>(
        &self,
        published: Receiver<Arc<Alerted>>,
        work: impl Future<Output = T>,
    ) -> Result<T, OpenError> {
        let (Backend::Rabbit(publisher, health, recent), WatchLog::Rabbit(watches)) =
            (&self.backend, &self.watch_log)
        else {
            return Ok(work.await);
        };
        // ends when no more is published
        let mut copying = std::pin::pin!(recent.copy(published));
        let done = tokio::select! {
            done = work => done,
            never = publisher.stay_connected() => match never {},
            never = recent.follow() => match never {},
            never = watches.follow() => match never {},
            () = async { (&mut copying).await; std::future::pending().await } => unreachable!("it is pending"),
            why = health.login_refused() => return Err(OpenError::Settings(format!("`broker.url`: {why}"))),
        };
        if tokio::time::timeout(COPYING, copying).await.is_err() {
            tracing::debug!("the last alerts are not among the recent ones");
        }
        publisher.close().await;
        Ok(done)
    }
}

/// Where a command puts articles.
pub async fn intake(settings: &Settings) -> Result<Intake, OpenError> {
    if settings.has_broker() {
        return exchange(settings).await;
    }
    Ok(Intake::Embedded(store(settings)?))
}

/// The same, but only RabbitMQ will do.
pub async fn exchange(settings: &Settings) -> Result<Intake, OpenError> {
    let publisher = publisher(settings)?;
    publisher.connect().await.map_err(|error| unreached(error, settings))?;
    Ok(Intake::Rabbit(publisher))
}

/// The dead letters, and where they are replayed to; `None` if a worker holds the store, whose HTTP port serves them.
pub async fn dead_letters(settings: &Settings) -> Result<Option<(DeadQueue, Intake)>, OpenError> {
    if settings.has_broker() {
        let publisher = publisher(settings)?;
        let queue = DeadQueue::of_queue(publisher.clone()).await;
        let queue = queue.map_err(|error| unreached(error, settings))?;
        return Ok(Some((queue, Intake::Rabbit(publisher))));
    }
    // listing must not create a store, or a wrong folder would look like an empty one
    if !embedded::is_in(&settings.data_dir) {
        return Err(OpenError::NoStore(settings.data_dir.display().to_string()));
    }
    match store(settings) {
        Ok(store) => Ok(Some((DeadQueue::of_store(store.clone()), Intake::Embedded(store)))),
        Err(OpenError::Store(_, StoreError::InUse(_))) => Ok(None),
        Err(error) => Err(error),
    }
}

/// An id that tells the store in a folder from any other; `None` if there is none.
pub fn store_id(folder: &Path) -> Option<String> {
    embedded::identity_of(folder)
}

/// Alerts and notices as they come, from RabbitMQ; from a durable `queue` if one is named.
pub async fn subscription(
    settings: &Settings,
    patterns: Vec<Pattern>,
    queue: Option<String>,
) -> Result<Subscription, OpenError> {
    Subscription::open(server(settings)?, Names::new(settings), patterns, queue)
        .await
        .map_err(|error| unreached(error, settings))
}

/// What a worker needs on RabbitMQ, for people: exchanges, queues and bindings, one per line.
pub fn topology(settings: &Settings) -> Vec<String> {
    Names::new(settings).lines()
}

/// Declares all of that; returns notes on what could not be declared and may be missing.
pub async fn declare(settings: &Settings) -> Result<Vec<String>, OpenError> {
    let (server, names) = (server(settings)?, Names::new(settings));
    let connection = server.connect("presswatch topology").await;
    let connection = connection.map_err(|error| unreached(error, settings))?;
    names.declare(&connection, server.timeout).await?;
    let recent = names.declare_recent(&connection, server.timeout).await;
    let recent =
        recent.err().map(|error| format!("there is no history of all workers in the console: {error}"));
    let watches = names.declare_watches(&connection, server.timeout).await;
    let watches = watches.err().map(|error| format!("no watches can be written over HTTP: {error}"));
    let _ = connection.close(200, "done".into()).await;
    Ok(recent.into_iter().chain(watches).collect())
}

/// The embedded store in `data_dir`, which is created if missing.
fn store(settings: &Settings) -> Result<Embedded, OpenError> {
    let delays = settings.worker.retry_delays.iter().map(|s| Duration::from_secs((*s).into())).collect();
    let config::Embedded { keep_alerts: alerts, keep_notices: notices, keep_articles: articles } =
        settings.embedded;
    Embedded::open(&settings.data_dir, Keep { alerts, notices, articles }, Delays(delays))
        .map_err(|error| OpenError::Store(settings.data_dir.display().to_string(), error))
}

/// RabbitMQ as configured.
fn server(settings: &Settings) -> Result<Arc<Server>, OpenError> {
    Server::new(&settings.broker).map_err(OpenError::Settings)
}

/// A publisher for a command, with metrics that nobody reads.
fn publisher(settings: &Settings) -> Result<Publisher, OpenError> {
    let (metrics, names) = (Metrics::unscraped(), Names::new(settings));
    let health = Health::new(metrics.clone());
    Ok(Publisher::new(server(settings)?, names, health, metrics, OnRefusal::Fail))
}

/// The error of a command that could not connect. A refused login is a wrong setting.
fn unreached(error: BrokerError, settings: &Settings) -> OpenError {
    match error {
        BrokerError::Login(words) => OpenError::Settings(format!("`broker.url`: {words}")),
        error @ BrokerError::Denied(_) => error.into(),
        error => OpenError::Unreached(settings.broker.url.to_string(), error),
    }
}
