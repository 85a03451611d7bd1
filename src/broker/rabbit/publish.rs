//! Publishing with confirms, over a connection of its own that reconnects when lost.

mod live;

use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, MutexGuard};
use std::time::Duration;

use lapin::message::BasicReturnMessage;
use lapin::options::BasicPublishOptions;
use lapin::types::ShortString;
use lapin::{BasicProperties, Channel, Confirmation, Connection};
use tokio::sync::{Mutex, Semaphore};

use live::Slot;

use super::health::{Health, Role, State};
use super::message;
use super::session::{Server, lost};
use super::topology::Names;
use crate::alert::{Audience, Envelope, Unalerted};
use crate::broker::tail::{Published, Tail};
use crate::broker::{BrokerError, Incoming, Outbox};
use crate::metrics::{Metrics, NOTICE_UNROUTABLE};

/// The most unconfirmed publishes at once: RabbitMQ keeps up with a few hundred, and memory stays bounded.
const WINDOW: usize = 1000;

/// How often to check a blocked connection.
const BLOCKED_LOOK: Duration = Duration::from_millis(100);

/// Longest pause before a publish is retried; the connection has a back-off of its own.
const AGAIN: Duration = Duration::from_millis(100);

/// The same where a permission is missing: it may be missing for one exchange while publishes to another are confirmed,
/// so the connection does not back off.
const AGAIN_REFUSED: Duration = Duration::from_secs(2);

/// What to do with a publish when only a person can help: a refused login, a missing permission.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OnRefusal {
    /// Retry: the worker outlives an operator's mistake.
    TryAgain,
    /// Fail: somebody is waiting for the command's result.
    Fail,
}

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
    on_refusal: OnRefusal,
    live: Mutex<Slot>,
    /// For messages that may be larger than the broker accepts: a separate connection, so that closing it affects
    /// nothing else, with one publish at a time, so that a refusal belongs to that publish.
    alone: Mutex<Option<(Connection, Channel)>>,
    /// Bytes of the smallest body refused for its size. Anything as large goes over `alone` right away.
    refused: AtomicUsize,
    window: Semaphore,
    /// Whose turn it is among the channels.
    next: AtomicUsize,
    /// Something was confirmed since the channel was opened.
    proved: AtomicBool,
    /// Why the last publish failed.
    why: std::sync::Mutex<Option<BrokerError>>,
    /// Held while a publish is handed to lapin, see [`in_turn`].
    turn: std::sync::Mutex<()>,
    /// Set once the worker is leaving: no more reconnecting.
    closing: AtomicBool,
    /// The latest articles that gave no alert, and how many there were.
    unalerted: Tail,
    kept: AtomicU64,
}

impl Publisher {
    /// Connects at the first publish, or when [`Self::stay_connected`] runs.
    pub fn new(
        server: Arc<Server>,
        names: Names,
        health: Arc<Health>,
        metrics: Metrics,
        on_refusal: OnRefusal,
    ) -> Self {
        let shared = Shared {
            server,
            names,
            health,
            metrics,
            on_refusal,
            live: Mutex::new(Slot::empty()),
            alone: Mutex::default(),
            refused: AtomicUsize::new(usize::MAX),
            turn: std::sync::Mutex::new(()),
            window: Semaphore::new(WINDOW),
            next: AtomicUsize::new(0),
            proved: AtomicBool::new(true),
            why: std::sync::Mutex::default(),
            closing: AtomicBool::new(false),
            unalerted: Tail::new(0),
            kept: AtomicU64::new(0),
        };
        Self { shared: Arc::new(shared) }
    }

    /// Publishes to an exchange and waits for the confirm; returns the message that came back as unroutable with that
    /// confirm: under load it may be another one. After a lost connection or a missing confirm it publishes again with
    /// the same properties, until the broker answers or the program ends.
    async fn confirmed(
        &self,
        exchange: &str,
        body: &[u8],
        message: impl Fn() -> (ShortString, BasicProperties),
    ) -> Result<Option<BasicReturnMessage>, BrokerError> {
        let _room = self.shared.window.acquire().await.expect("never closed");
        let mut suspect = body.len() >= self.shared.refused.load(Ordering::Relaxed);
        loop {
            if suspect {
                match self.alone(exchange, body, message()).await {
                    Err(error) if error.is_of_connection() => {
                        self.failed(error).await?;
                        continue;
                    }
                    answer => return answer,
                }
            }
            let live = self.live(u32::MAX).await?;
            let turn = self.shared.next.fetch_add(1, Ordering::Relaxed);
            let channel = live.channel(exchange == self.names().notices, turn);
            match self.once(&live.connection, channel, exchange, body, message()).await {
                Err(error) if error.is_of_connection() => self.failed(error).await?,
                // this message, or another one on its way over the same channel
                Err(error @ BrokerError::TooLarge(_)) => {
                    suspect = true;
                    self.failed(error).await?;
                }
                answer => return answer,
            }
        }
    }

    /// Publishes a message that may be larger than the broker accepts; a refusal is certain to be about this one.
    async fn alone(
        &self,
        exchange: &str,
        body: &[u8],
        message: (ShortString, BasicProperties),
    ) -> Result<Option<BasicReturnMessage>, BrokerError> {
        let mut slot = self.shared.alone.lock().await;
        let open = slot.take().filter(|(_, channel)| channel.status().connected());
        let (connection, channel) = if let Some(open) = open {
            open
        } else {
            let connection = self.shared.server.connect("presswatch publish alone").await?;
            let channel = self.confirming(&connection).await?;
            (connection, channel)
        };
        let answer = self.once(&connection, &channel, exchange, body, message).await;
        if matches!(answer, Err(BrokerError::TooLarge(_))) {
            self.shared.refused.fetch_min(body.len(), Ordering::Relaxed);
        }
        *slot = Some((connection, channel));
        answer
    }

    /// Publishes a message that must be in a queue once this resolves: no route is an error.
    pub(super) async fn put(
        &self,
        exchange: &str,
        key: &str,
        body: &[u8],
        properties: BasicProperties,
    ) -> Result<(), BrokerError> {
        loop {
            let live = self.live(u32::MAX).await?;
            let channel = live.single.lock().await;
            let message = (key.into(), properties.clone());
            match self.once(&live.connection, &channel, exchange, body, message).await {
                // an article received from this broker is not too large for it, or must be kept until its limit is
                // raised
                Err(error) if error.is_of_connection() || matches!(error, BrokerError::TooLarge(_)) => {
                    drop(channel);
                    self.failed(error).await?;
                }
                Ok(Some(_)) => {
                    drop(channel);
                    let what =
                        if exchange.is_empty() { format!("queue `{key}`") } else { format!("`{exchange}`") };
                    return Err(BrokerError::Unroutable(what));
                }
                answer => return answer.map(|_| ()),
            }
        }
    }

    /// Declares again whatever may be missing.
    pub(super) async fn declare(&self) -> Result<(), BrokerError> {
        let live = self.live(1).await?;
        Ok(self.shared.names.declare(&live.connection, self.shared.server.timeout).await?)
    }

    /// Counts a failed publish and waits a moment; an error if it should not be retried.
    async fn failed(&self, error: BrokerError) -> Result<(), BrokerError> {
        if self.shared.closing.load(Ordering::Relaxed) || self.is_final(&error) {
            return Err(error);
        }
        let result = if matches!(error, BrokerError::Timeout(_)) { "timeout" } else { "lost" };
        self.shared.metrics.confirms.with_label_values(&[result]).inc();
        let most = if error.is_refusal() { AGAIN_REFUSED } else { AGAIN };
        *self.why() = Some(error);
        tokio::time::sleep(most.mul_f64(fastrand::f64())).await;
        Ok(())
    }

    fn is_final(&self, error: &BrokerError) -> bool {
        self.shared.on_refusal == OnRefusal::Fail && error.is_refusal()
    }

    fn why(&self) -> MutexGuard<'_, Option<BrokerError>> {
        self.shared.why.lock().expect("nothing panics while it is held")
    }

    /// Publishes once; returns the message that came back as unroutable.
    async fn once(
        &self,
        connection: &Connection,
        channel: &Channel,
        exchange: &str,
        body: &[u8],
        (key, properties): (ShortString, BasicProperties),
    ) -> Result<Option<BasicReturnMessage>, BrokerError> {
        self.wait_while_blocked(connection).await;
        // an unroutable message comes back and is counted
        let options = BasicPublishOptions { mandatory: true, ..Default::default() };
        let sent = channel.basic_publish(exchange.into(), key, options, body, properties);
        let confirm = self.shared.server.answer(in_turn(&self.shared.turn, sent)).await?;
        let mut confirm = std::pin::pin!(confirm);
        let confirmation = loop {
            match tokio::time::timeout(self.shared.server.timeout, &mut confirm).await {
                Ok(confirmation) => break confirmation.map_err(lost)?,
                // an alarm may hold it up for long: that is no failure
                Err(_) if connection.status().blocked() => self.wait_while_blocked(connection).await,
                Err(_) => return Err(BrokerError::Timeout(self.shared.server.timeout)),
            }
        };
        match confirmation {
            Confirmation::Ack(returned) => {
                if !self.shared.proved.swap(true, Ordering::Relaxed) {
                    *self.why() = None;
                }
                Ok(returned)
            }
            Confirmation::Nack(_) => Err(BrokerError::Refused),
            Confirmation::NotRequested => Err(BrokerError::Connection("confirms are off".to_owned())),
        }
    }

    async fn wait_while_blocked(&self, connection: &Connection) {
        if !connection.status().blocked() {
            return;
        }
        while connection.status().blocked() && connection.status().connected() {
            self.shared.health.set(Role::Publish, State::Blocked);
            tokio::time::sleep(BLOCKED_LOOK).await;
        }
        if connection.status().connected() {
            self.shared.health.set(Role::Publish, State::Up);
        }
    }

    /// The latest articles that gave no alert of this worker; the keys of each are its URL.
    pub fn unalerted(&self) -> &Tail {
        &self.shared.unalerted
    }

    /// The broker to publish to.
    pub fn server(&self) -> Arc<Server> {
        Arc::clone(&self.shared.server)
    }

    /// The names of the exchanges and queues.
    pub fn names(&self) -> &Names {
        &self.shared.names
    }

    /// Publishes an article to the intake exchange; resolves on the confirm, with an error if it is unroutable.
    pub async fn article(&self, article: &Incoming) -> Result<(), BrokerError> {
        let exchange = &self.names().articles;
        let message = || ("article".into(), message::of_article(article));
        if self.confirmed(exchange, &article.body, message).await?.is_none() {
            return Ok(());
        }
        self.shared.metrics.confirms.with_label_values(&["unroutable"]).inc();
        Err(BrokerError::Unroutable(format!("`{exchange}`")))
    }
}

/// Hands publishes to lapin one after another. lapin numbers a publish and queues its frames in two steps (4.12.3,
/// `register_pending` and `push_frames`): two threads at once can queue them in another order than they were numbered,
/// and then one's nack is taken for the other's (seen once in thousands of refused alerts).
async fn in_turn<T>(turn: &std::sync::Mutex<()>, publish: impl Future<Output = T>) -> T {
    let mut publish = std::pin::pin!(publish);
    std::future::poll_fn(|context| {
        let _turn = turn.lock().expect("nothing panics while it is held");
        publish.as_mut().poll(context)
    })
    .await
}

impl Outbox for Publisher {
    async fn publish(
        &self,
        envelope: &Envelope,
        traceparent: Option<&str>,
    ) -> Result<Option<String>, BrokerError> {
        let message = || message::of_envelope(envelope, traceparent);
        // no route is no error: the alternate exchange takes the message, and it is counted
        let Names { alerts, notices, .. } = self.names();
        let exchange = if envelope.to == Audience::Everybody { alerts } else { notices };
        let returned = self.confirmed(exchange, &envelope.body, message).await?;
        Ok(returned.map(|returned| {
            let metrics = &self.shared.metrics;
            // it may be another message than this one
            if returned.delivery.exchange.as_str() == notices {
                metrics.notices.with_label_values(&[NOTICE_UNROUTABLE]).inc();
            } else {
                metrics.confirms.with_label_values(&["unroutable"]).inc();
            }
            let id = returned.delivery.properties.message_id().as_ref();
            id.map_or_else(|| envelope.id.clone(), |id| id.as_str().to_owned())
        }))
    }

    async fn keep(&self, article: Unalerted) {
        let number = self.shared.kept.fetch_add(1, Ordering::Relaxed) + 1;
        let Unalerted { id, url, body } = article;
        self.shared.unalerted.extend([Published { number, id, keys: url.unwrap_or_default(), body }]);
    }
}
