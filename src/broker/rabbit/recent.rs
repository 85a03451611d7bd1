//! What all workers published recently: a bounded [stream](https://www.rabbitmq.com/docs/streams) that each of them
//! writes and reads, for the console and for `GET /alerts`.
//!
//! An alert is copied into it once confirmed, so that an unavailable, full or forbidden stream holds none up. It is not
//! bound to `alerts`: with that binding no alert would ever be reported as unroutable. Alerts are numbered by their
//! offset in the stream, starting at 1: the numbers are the same for all workers, and after a restart.

mod read;

use std::collections::VecDeque;
use std::convert::Infallible;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use futures_util::StreamExt as _;
use futures_util::stream::FuturesOrdered;
use lapin::message::Delivery;
use lapin::options::{
    BasicAckOptions, BasicConsumeOptions, BasicPublishOptions, BasicQosOptions, ConfirmSelectOptions,
};
use lapin::types::{AMQPValue, FieldTable};
use lapin::{Channel, Connection, Consumer};
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::{Semaphore, watch};

use super::message;
use super::session::{Backoff, Server, lost};
use super::topology::{Names, RecentQueue, TopologyError};
use crate::alert::Envelope;
use crate::broker::BrokerError;
use crate::broker::tail::{Published, Tail};
use crate::pipeline::Alerted;

/// The most unconfirmed copies.
const WINDOW: usize = 64;

/// Alerts prefetched, and how many one ack covers.
const AHEAD: u16 = 128;
const ACKED: u64 = 32;

/// The most concurrent reads of the past; others wait.
const READINGS: usize = 4;

/// How long the newest alert may take to arrive from a stream that has any.
const FIRST: Duration = Duration::from_secs(1);

/// How long after the start a caller waits to learn whether there is a stream.
const START: Duration = Duration::from_secs(3);

/// How often to check again whether there is a stream.
const AGAIN: Duration = Duration::from_mins(1);

/// Whether there is a stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Connecting,
    Up,
    /// There is none, and none can be declared; or there should be none.
    None,
}

/// The stream of recent alerts. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Recent {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    server: Arc<Server>,
    names: Names,
    tail: Arc<Tail>,
    state: watch::Sender<State>,
    started: Instant,
    /// The connection over which the stream is read.
    reading: Mutex<Option<Arc<Connection>>>,
    readings: Semaphore,
}

impl Recent {
    /// A stream that is neither read nor written until [`Self::follow`] and [`Self::copy`] run.
    pub fn new(server: Arc<Server>, names: Names) -> Self {
        let state = if names.recent.is_some() { State::Connecting } else { State::None };
        let shared = Shared {
            server,
            names,
            tail: Arc::new(Tail::new(0)),
            state: watch::Sender::new(state),
            started: Instant::now(),
            reading: Mutex::default(),
            readings: Semaphore::new(READINGS),
        };
        Self { shared: Arc::new(shared) }
    }

    /// Whether there is a stream, once that is known; if it isn't soon after the start, there is none for now.
    pub async fn is_there(&self) -> bool {
        let mut state = self.shared.state.subscribe();
        let patience = START.saturating_sub(self.shared.started.elapsed());
        let known = tokio::time::timeout(patience, state.wait_for(|state| *state != State::Connecting)).await;
        drop(known);
        *self.shared.state.borrow() == State::Up
    }

    /// Whether there is a stream and it is being followed.
    pub fn is_up(&self) -> bool {
        *self.shared.state.borrow() == State::Up
    }

    /// The latest alerts of all workers.
    pub fn tail(&self) -> &Arc<Tail> {
        &self.shared.tail
    }

    fn queue(&self) -> Option<&RecentQueue> {
        self.shared.names.recent.as_ref()
    }

    fn reading(&self) -> MutexGuard<'_, Option<Arc<Connection>>> {
        self.shared.reading.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Connects, and declares the stream.
    async fn connect(&self, name: &str) -> Result<Connection, BrokerError> {
        let Shared { server, names, state, .. } = &*self.shared;
        let connection = server.connect_small(name).await?;
        if let Err(error) = names.declare_recent(&connection, server.timeout).await {
            if let TopologyError::Refused { .. } = error
                && state.send_replace(State::None) != State::None
            {
                tracing::warn!(%error, "no recent alerts of all workers: each worker shows its own");
            }
            return Err(error.into());
        }
        Ok(connection)
    }

    /// Waits before the next attempt.
    async fn wait(&self, backoff: &mut Backoff) {
        if *self.shared.state.borrow() == State::None {
            tokio::time::sleep(AGAIN).await;
        } else {
            backoff.wait().await;
        }
    }

    /// Copies all alerts that this worker publishes into the stream, until there are no more to come.
    pub async fn copy(&self, mut published: Receiver<Arc<Alerted>>) {
        let (mut backoff, mut sent) = (Backoff::new(), VecDeque::new());
        if self.queue().is_none() {
            while !matches!(published.recv().await, Err(RecvError::Closed)) {}
            return;
        }
        loop {
            match self.copy_by_one_connection(&mut published, &mut sent, &mut backoff).await {
                Ok(()) => return,
                Err(error) => tracing::debug!(%error, "recent alerts are not copied; trying again"),
            }
            self.wait(&mut backoff).await;
            if *self.shared.state.borrow() == State::None {
                // nobody could have read what was published meanwhile
                published = published.resubscribe();
            }
        }
    }

    /// `sent` holds those not confirmed yet, oldest first.
    async fn copy_by_one_connection(
        &self,
        published: &mut Receiver<Arc<Alerted>>,
        sent: &mut VecDeque<Envelope>,
        backoff: &mut Backoff,
    ) -> Result<(), BrokerError> {
        let server = &self.shared.server;
        let connection = self.connect("presswatch recent, adding").await?;
        let channel = server.answer(connection.create_channel()).await?;
        server.answer(channel.confirm_select(ConfirmSelectOptions::default())).await?;
        let mut confirms = FuturesOrdered::new();
        for envelope in sent.iter() {
            confirms.push_back(self.publish(&channel, envelope).await?);
        }
        loop {
            tokio::select! {
                confirmed = tokio::time::timeout(server.timeout, confirms.next()), if !confirms.is_empty() => {
                    let Ok(Some(confirmed)) = confirmed else { return Err(BrokerError::Timeout(server.timeout)) };
                    confirmed.map_err(lost)?;
                    sent.pop_front();
                    backoff.reset();
                }
                alert = published.recv(), if sent.len() < WINDOW => match alert {
                    Ok(alert) => {
                        let Alerted { envelope, .. } = Arc::unwrap_or_clone(alert);
                        sent.push_back(envelope.clone());
                        confirms.push_back(self.publish(&channel, &envelope).await?);
                    }
                    Err(RecvError::Lagged(missed)) => {
                        tracing::warn!(missed, "some alerts are missing from the recent ones: they came faster than they could be copied");
                    }
                    Err(RecvError::Closed) => break,
                },
            }
        }
        while let Some(confirmed) = confirms.next().await {
            confirmed.map_err(lost)?;
            sent.pop_front();
        }
        server.answer(connection.close(200, "done".into())).await
    }

    async fn publish(
        &self,
        channel: &Channel,
        envelope: &Envelope,
    ) -> Result<impl Future<Output = lapin::Result<lapin::Confirmation>> + use<>, BrokerError> {
        let name = self.queue().map_or("", |queue| queue.name.as_str());
        let options = BasicPublishOptions::default();
        let sent = channel.basic_publish(
            "".into(),
            name.into(),
            options,
            &envelope.body,
            message::of_recent(envelope),
        );
        self.shared.server.answer(sent).await
    }

    /// Follows the stream as it grows, for [`Self::tail`].
    pub async fn follow(&self) -> Infallible {
        let mut backoff = Backoff::new();
        loop {
            if self.queue().is_none() {
                std::future::pending::<()>().await;
            }
            let Err(error) = self.follow_by_one_connection(&mut backoff).await;
            *self.reading() = None;
            tracing::debug!(%error, "recent alerts are not followed; trying again");
            self.wait(&mut backoff).await;
        }
    }

    async fn follow_by_one_connection(&self, backoff: &mut Backoff) -> Result<Infallible, BrokerError> {
        let (server, tail) = (&self.shared.server, &self.shared.tail);
        let connection = Arc::new(self.connect("presswatch recent").await?);
        let channel = server.answer(connection.create_channel()).await?;
        *self.reading() = Some(Arc::clone(&connection));
        let from = match tail.newest() {
            // the last few, to learn the newest number
            0 => AMQPValue::LongString("last".into()),
            // numbers are offsets plus one
            newest => place(newest),
        };
        let mut consumer = self.consume(&channel, from).await?;
        let mut seen = 0;
        loop {
            // the broker does not always know how many messages a stream has: an empty one is recognized by its silence
            let delivery = if let Ok(delivery) = tokio::time::timeout(FIRST, consumer.next()).await {
                delivery
            } else {
                self.be_up();
                consumer.next().await
            };
            let Some(delivery) = delivery else { break };
            let delivery = delivery.map_err(lost)?;
            seen += 1;
            if seen % ACKED == 0 {
                server.answer(delivery.acker.ack(BasicAckOptions { multiple: true })).await?;
            }
            let Some(alert) = published(delivery) else { continue };
            if alert.number != tail.newest() + 1 {
                // the first one, or another stream with the same name
                tail.restart(alert.number - 1);
            }
            tail.extend([alert]);
            self.be_up();
            backoff.reset();
        }
        Err(BrokerError::Connection("the consumer was cancelled".to_owned()))
    }

    fn be_up(&self) {
        self.shared.state.send_if_modified(|state| std::mem::replace(state, State::Up) != State::Up);
    }

    /// A consumer starting at an offset of the stream.
    async fn consume(&self, channel: &Channel, from: AMQPValue) -> Result<Consumer, BrokerError> {
        let server = &self.shared.server;
        server.answer(channel.basic_qos(AHEAD, BasicQosOptions::default())).await?;
        let name = self.queue().map_or("", |queue| queue.name.as_str());
        let mut arguments = FieldTable::default();
        arguments.insert("x-stream-offset".into(), from);
        let consuming =
            channel.basic_consume(name.into(), "".into(), BasicConsumeOptions::default(), arguments);
        server.answer(consuming).await
    }
}

/// The offset after the alert with that number.
fn place(number: u64) -> AMQPValue {
    AMQPValue::LongLongInt(i64::try_from(number).unwrap_or(i64::MAX))
}

/// The alert in a delivery of the stream; `None` if it has no offset.
fn published(delivery: Delivery) -> Option<Published> {
    let headers = delivery.properties.headers().as_ref()?.inner();
    let Some(AMQPValue::LongLongInt(place)) = headers.get("x-stream-offset") else { return None };
    let number = u64::try_from(*place).ok()? + 1;
    let keys = message::text_header(&delivery.properties, message::KEYS).unwrap_or_default();
    Some(Published { number, id: number.to_string(), keys, body: delivery.data })
}
