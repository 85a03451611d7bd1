//! Publishing with confirms, over a connection of its own that is made again when it is lost.

use std::convert::Infallible;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use lapin::options::{BasicPublishOptions, ConfirmSelectOptions};
use lapin::types::ShortString;
use lapin::{BasicProperties, Channel, Confirmation, Connection};
use tokio::sync::Mutex;

use super::message;
use super::session::{Backoff, Health, Role, Server, State, lost};
use super::topology::Names;
use crate::broker::{BrokerError, Incoming, Outbox};
use crate::metrics::Metrics;
use crate::pipeline::Ready;

/// How often a blocked connection is looked at again.
const BLOCKED_LOOK: Duration = Duration::from_millis(100);

/// How often an idle connection is looked at.
const CONNECTION_LOOK: Duration = Duration::from_millis(500);

/// Publishes anything with a confirm. Cheap to clone; all clones share a connection.
#[derive(Clone, Debug)]
pub struct Publisher {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    server: Arc<Server>,
    names: Names,
    health: Arc<Health>,
    metrics: Metrics,
    live: Mutex<Option<Live>>,
    /// Held while a publish is handed to lapin, see [`in_turn`].
    turn: std::sync::Mutex<()>,
    /// Set once the worker leaves: no more reconnecting.
    closing: std::sync::atomic::AtomicBool,
}

#[derive(Debug, Clone)]
struct Live {
    connection: Arc<Connection>,
    channel: Channel,
}

impl Publisher {
    /// Connects at the first publish, or where [`Self::stay_connected`] runs.
    pub fn new(server: Arc<Server>, names: Names, health: Arc<Health>, metrics: Metrics) -> Self {
        let closing = std::sync::atomic::AtomicBool::new(false);
        let (live, turn) = (Mutex::new(None), std::sync::Mutex::new(()));
        Self { shared: Arc::new(Shared { server, names, health, metrics, live, turn, closing }) }
    }

    /// Connects now, with one try.
    pub async fn connect(&self) -> Result<(), BrokerError> {
        self.live(1).await.map(|_| ())
    }

    /// Connects and connects again whenever the connection is lost, so that readiness tells the truth before there is
    /// anything to publish.
    pub async fn stay_connected(&self) -> Infallible {
        loop {
            match self.live(u32::MAX).await {
                Ok(live) if live.connection.status().blocked() => {
                    self.shared.health.set(Role::Publish, State::Blocked);
                }
                Ok(_) => self.shared.health.set(Role::Publish, State::Up),
                Err(error) => tracing::debug!(%error, "not connected"),
            }
            tokio::time::sleep(CONNECTION_LOOK).await;
        }
    }

    /// Publishes to an exchange and waits for the confirm. A lost connection or a confirm that never comes is
    /// met by publishing again under the same properties, until the broker answers or the program ends.
    pub async fn confirmed(
        &self,
        exchange: &str,
        key: ShortString,
        body: &[u8],
        properties: BasicProperties,
    ) -> Result<(), BrokerError> {
        let mut backoff = Backoff::new();
        loop {
            match self.once(exchange, key.clone(), body, properties.clone()).await {
                Err(error @ (BrokerError::Connection(_) | BrokerError::Timeout(_))) => {
                    if self.shared.closing.load(Ordering::Relaxed) {
                        return Err(error);
                    }
                    self.shared.metrics.confirms.with_label_values(&["lost"]).inc();
                    tracing::debug!(%error, "publishing again");
                    backoff.wait().await;
                }
                answer => return answer,
            }
        }
    }

    /// One publish on the connection there is, or on a new one.
    async fn once(
        &self,
        exchange: &str,
        key: ShortString,
        body: &[u8],
        properties: BasicProperties,
    ) -> Result<(), BrokerError> {
        let live = self.live(u32::MAX).await?;
        self.wait_while_blocked(&live).await;
        // what nobody is bound for comes back and is counted; which publish it came back for is not told
        // reliably, so nothing is decided by it
        let options = BasicPublishOptions { mandatory: true, ..Default::default() };
        let sent = live.channel.basic_publish(exchange.into(), key, options, body, properties);
        let confirm = self.shared.server.answer(in_turn(&self.shared.turn, sent)).await?;
        let mut confirm = std::pin::pin!(confirm);
        let confirmation = loop {
            match tokio::time::timeout(self.shared.server.timeout, &mut confirm).await {
                Ok(confirmation) => break confirmation.map_err(lost)?,
                // an alarm may hold it up for long: that is no failure
                Err(_) if live.connection.status().blocked() => self.wait_while_blocked(&live).await,
                Err(_) => return Err(BrokerError::Timeout(self.shared.server.timeout)),
            }
        };
        match confirmation {
            Confirmation::Ack(returned) => {
                if returned.is_some() {
                    self.shared.metrics.confirms.with_label_values(&["unroutable"]).inc();
                }
                Ok(())
            }
            Confirmation::Nack(_) => Err(BrokerError::Refused),
            Confirmation::NotRequested => Err(BrokerError::Connection("confirms are off".to_owned())),
        }
    }

    async fn wait_while_blocked(&self, live: &Live) {
        while live.connection.status().blocked() && live.channel.status().connected() {
            self.shared.health.set(Role::Publish, State::Blocked);
            tokio::time::sleep(BLOCKED_LOOK).await;
        }
        if live.channel.status().connected() {
            self.shared.health.set(Role::Publish, State::Up);
        }
    }

    /// The connection there is, or a new one after at most so many tries.
    async fn live(&self, tries: u32) -> Result<Live, BrokerError> {
        let mut slot = self.shared.live.lock().await;
        if let Some(live) = slot.as_ref().filter(|live| live.channel.status().connected()) {
            return Ok(live.clone());
        }
        let old = slot.take();
        if old.is_some() {
            self.shared.health.set(Role::Publish, State::Down);
        }
        let mut backoff = Backoff::new();
        for tried in 1..=tries {
            // a channel alone may have been closed, by a missing exchange or a withdrawn right
            let channel = match old.as_ref().filter(|o| o.connection.status().connected() && tried == 1) {
                Some(old) => self.mend(Arc::clone(&old.connection)).await,
                None => match self.shared.server.connect("presswatch publish").await {
                    Ok(connection) => self.open(Arc::new(connection)).await,
                    Err(error) => Err(error),
                },
            };
            match channel {
                Ok(live) => {
                    self.shared.health.set(Role::Publish, State::Up);
                    return Ok(slot.insert(live).clone());
                }
                Err(error) if tried == tries || self.shared.closing.load(Ordering::Relaxed) => {
                    return Err(error);
                }
                Err(error) => {
                    tracing::warn!(%error, "can't publish yet");
                    backoff.wait().await;
                }
            }
        }
        Err(BrokerError::Connection("no try left".to_owned()))
    }

    /// A new channel on a connection whose last one the broker closed, with what may be missing declared again.
    async fn mend(&self, connection: Arc<Connection>) -> Result<Live, BrokerError> {
        self.shared.names.declare(&connection, self.shared.server.timeout).await?;
        self.open(connection).await
    }

    async fn open(&self, connection: Arc<Connection>) -> Result<Live, BrokerError> {
        let server = &self.shared.server;
        let channel = server.answer(connection.create_channel()).await?;
        server.answer(channel.confirm_select(ConfirmSelectOptions::default())).await?;
        Ok(Live { connection, channel })
    }

    /// The names that it publishes to.
    pub fn names(&self) -> &Names {
        &self.shared.names
    }

    /// Stops reconnecting and closes the connection.
    pub async fn close(&self) {
        self.shared.closing.store(true, Ordering::Relaxed);
        if let Some(live) = self.shared.live.lock().await.take() {
            // a broker that does not answer is left to notice by itself
            let _ = self.shared.server.answer(live.connection.close(200, "done".into())).await;
        }
    }

    /// Publishes an article to the intake exchange; resolves on the confirm.
    pub async fn article(&self, article: &Incoming) -> Result<(), BrokerError> {
        let properties = message::of_article(article);
        self.confirmed(&self.names().articles, "article".into(), &article.body, properties).await
    }
}

/// Hands publishes to lapin one after another. It numbers a publish and queues its frames in two steps (4.12.3,
/// `register_pending` and `push_frames`): two threads at once can be queued in the other order than they are numbered,
/// and then one's nack is taken for the other's (seen in one of thousands of refused alerts).
async fn in_turn<T>(turn: &std::sync::Mutex<()>, publish: impl Future<Output = T>) -> T {
    let mut publish = std::pin::pin!(publish);
    std::future::poll_fn(|context| {
        let _turn = turn.lock().expect("nothing panics while it is held");
        publish.as_mut().poll(context)
    })
    .await
}

impl Outbox for Publisher {
    async fn publish(&self, alert: &Ready, traceparent: Option<&str>) -> Result<(), BrokerError> {
        let (key, properties) = message::of_alert(alert, traceparent);
        self.confirmed(&self.names().alerts, key, &alert.body, properties).await
    }
}
