//! Changes to watches over RabbitMQ: a [stream](https://www.rabbitmq.com/docs/streams) that every worker reads from its
//! beginning and follows, and to which every change is appended.
//!
//! The order of the stream decides: of two changes with the same revision every worker takes the first. A writer waits
//! until its change comes back, so that by then it is in force here and it is known whether it counted. With a marker
//! that it appends on each connection a worker knows when it has read everything before; where none can be appended,
//! silence serves instead.

use std::collections::HashMap;
use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use futures_util::stream::FuturesUnordered;
use futures_util::{FutureExt as _, StreamExt as _};
use lapin::message::Delivery;
use lapin::options::{
    BasicAckOptions, BasicConsumeOptions, BasicPublishOptions, BasicQosOptions, ConfirmSelectOptions,
};
use lapin::types::{AMQPValue, FieldTable};
use lapin::{BasicProperties, Channel, Confirmation, Connection};
use tokio::sync::{Mutex, mpsc, oneshot, watch};
use tokio::time::Instant;

use super::session::{Backoff, Server, lost};
use super::topology::{Names, TopologyError};
use crate::broker::BrokerError;
use crate::registry::Registry;
use crate::watch::ledger::Change;

/// Messages prefetched, and read before they are applied together.
const AHEAD: u16 = 1000;

/// The most unconfirmed changes.
const WRITES: usize = 64;

/// How long to wait for our own marker; after that it must be another stream with the same name, to be read from its
/// beginning.
const MARK: Duration = Duration::from_secs(10);

/// After this long without a change there are no more, where no marker can be appended: the broker blocks publishers.
const SILENCE: Duration = Duration::from_secs(5);

/// How often to check again whether there is a stream.
const AGAIN: Duration = Duration::from_mins(1);

/// `delivery_mode` of a persistent message.
const PERSISTENT: u8 = 2;

/// AMQP `type` of a change, and of a marker.
const CHANGE: &str = "presswatch.watch.change.v1";
const MARKED: &str = "presswatch.watch.mark";

/// The state of the stream.
#[derive(Debug, Clone, PartialEq, Eq)]
enum State {
    /// Earlier changes are being read.
    Reading,
    /// All earlier changes are in force.
    Following,
    /// There is none and none can be declared, with the reason.
    None(String),
}

/// Senders to those waiting for what they appended, by message id.
type Waiting = HashMap<String, oneshot::Sender<Result<bool, BrokerError>>>;

/// A change to append.
struct Write {
    change: Change,
    done: oneshot::Sender<Result<bool, BrokerError>>,
}

/// The stream of changes. Cheap to clone.
#[derive(Debug, Clone)]
pub struct WatchStream {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    server: Arc<Server>,
    names: Names,
    registry: Registry,
    state: watch::Sender<State>,
    writes: mpsc::Sender<Write>,
    to_write: Mutex<mpsc::Receiver<Write>>,
}

impl std::fmt::Debug for Write {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Write").field("change", &self.change).finish_non_exhaustive()
    }
}

impl WatchStream {
    /// A stream that is neither read nor written until [`Self::follow`] runs.
    pub fn new(server: Arc<Server>, names: Names, registry: Registry) -> Self {
        let state = match names.watches {
            Some(_) => State::Reading,
            None => State::None("`broker.watches` is empty".to_owned()),
        };
        let (writes, to_write) = mpsc::channel(WRITES);
        let to_write = Mutex::new(to_write);
        let state = watch::Sender::new(state);
        Self { shared: Arc::new(Shared { server, names, registry, state, writes, to_write }) }
    }

    /// Whether all earlier changes are in force, or it is known that there is no stream.
    pub fn is_read(&self) -> bool {
        *self.shared.state.borrow() != State::Reading
    }

    /// Waits until all earlier changes are in force, or it is known that there is no stream.
    pub async fn caught_up(&self) {
        let mut state = self.shared.state.subscribe();
        // never an error: `self` holds the sender
        let _ = state.wait_for(|state| *state != State::Reading).await;
    }

    /// Appends a change; returns whether it counted. Once this resolves it is in force in this worker; after an error
    /// it may or may not be.
    pub async fn write(&self, change: Change) -> Result<bool, BrokerError> {
        if let State::None(why) = &*self.shared.state.borrow() {
            return Err(BrokerError::Denied(format!("there is no stream for watches: {why}")));
        }
        let (done, answer) = oneshot::channel();
        let within = self.shared.server.timeout;
        let lost = || BrokerError::Connection("the stream of watches is not connected".to_owned());
        let write = async {
            self.shared.writes.send(Write { change, done }).await.map_err(|_| lost())?;
            answer.await.map_err(|_| lost())?
        };
        tokio::time::timeout(within, write).await.unwrap_or(Err(BrokerError::Timeout(within)))
    }

    /// Follows the stream, until dropped.
    pub async fn follow(&self) -> Infallible {
        let Some(queue) = self.shared.names.watches.clone() else { return std::future::pending().await };
        let (mut backoff, mut next) = (Backoff::new(), AMQPValue::LongString("first".into()));
        loop {
            let mut waiting = Waiting::new();
            let Err(error) = self.by_one_connection(&queue, &mut next, &mut waiting, &mut backoff).await;
            tracing::debug!(%error, "the stream of watches is not followed; trying again");
            for (_, done) in waiting {
                let _ = done.send(Err(error.clone()));
            }
            if matches!(*self.shared.state.borrow(), State::None(_)) {
                tokio::time::sleep(AGAIN).await;
            } else {
                backoff.wait().await;
            }
        }
    }

    async fn by_one_connection(
        &self,
        queue: &str,
        next: &mut AMQPValue,
        waiting: &mut Waiting,
        backoff: &mut Backoff,
    ) -> Result<Infallible, BrokerError> {
        let server = &self.shared.server;
        // two, since a broker that blocks publishers stops reading from a connection that has published: no ack either
        let connection = self.connect().await?;
        let reading = server.answer(connection.create_channel()).await?;
        let written = server.connect_small("presswatch watches publish").await?;
        let writing = server.answer(written.create_channel()).await?;
        server.answer(writing.confirm_select(ConfirmSelectOptions::default())).await?;
        let mut consumer = self.consume(&reading, queue, next.clone()).await?;
        let mut confirms = FuturesUnordered::new();
        let (mark, mut is_sent) = (nonce(), false);
        let mut marking = std::pin::pin!(self.add(&writing, queue, &mark, MARKED, &[]));
        let mut silence = std::pin::pin!(tokio::time::sleep(SILENCE));
        let mut to_write = self.shared.to_write.lock().await;
        let marked = tokio::time::sleep(MARK);
        let mut marked = std::pin::pin!(marked);
        let (mut is_marked, mut is_silent, mut is_taken) = (false, false, false);
        loop {
            tokio::select! {
                delivery = consumer.next() => {
                    silence.as_mut().reset(Instant::now() + SILENCE);
                    let Some(first) = delivery else { break };
                    let mut batch = vec![first.map_err(lost)?];
                    while batch.len() < AHEAD.into()
                        && let Some(Some(more)) = consumer.next().now_or_never()
                    {
                        batch.push(more.map_err(lost)?);
                    }
                    let (reached, found) = self.take(batch, waiting, &mark).await?;
                    *next = reached.unwrap_or_else(|| next.clone());
                    if found && !is_marked {
                        is_marked = true;
                        self.shared.state.send_replace(State::Following);
                        backoff.reset();
                    }
                }
                confirm = &mut marking, if !is_sent => {
                    is_sent = true;
                    confirms.push(confirm?);
                }
                () = &mut silence, if !is_silent && !is_marked && !is_taken => {
                    is_silent = true;
                    self.shared.state.send_replace(State::Following);
                }
                write = to_write.recv() => {
                    let Some(Write { change, done }) = write else { break };
                    let (id, body) = (nonce(), serde_json::to_vec(&change).unwrap_or_default());
                    waiting.insert(id.clone(), done);
                    confirms.push(self.add(&writing, queue, &id, CHANGE, &body).await?);
                }
                Some(confirm) = confirms.next(), if !confirms.is_empty() => {
                    if !is_taken {
                        // from now on the marker can come
                        is_taken = true;
                        marked.as_mut().reset(Instant::now() + MARK);
                    }
                    // a waiting writer is answered when its change comes back
                    if let Confirmation::Nack(_) = confirm.map_err(lost)? {
                        return Err(BrokerError::Refused);
                    }
                }
                () = &mut marked, if !is_marked && is_taken => {
                    *next = AMQPValue::LongString("first".into());
                    return Err(BrokerError::Timeout(MARK));
                }
            }
        }
        Err(BrokerError::Connection("the consumer was cancelled".to_owned()))
    }

    /// Connects, and declares the stream.
    async fn connect(&self) -> Result<Connection, BrokerError> {
        let Shared { server, names, state, .. } = &*self.shared;
        let connection = server.connect_small("presswatch watches").await?;
        if let Err(error) = names.declare_watches(&connection, server.timeout).await {
            if let TopologyError::Refused { .. } | TopologyError::Differs { .. } = error
                && !matches!(state.send_replace(State::None(error.to_string())), State::None(_))
            {
                tracing::warn!(%error, "no watches but those of files");
            }
            return Err(error.into());
        }
        state.send_if_modified(|state| {
            let none = matches!(state, State::None(_));
            if none {
                *state = State::Reading;
            }
            none
        });
        Ok(connection)
    }

    async fn add(
        &self,
        channel: &Channel,
        queue: &str,
        id: &str,
        kind: &str,
        body: &[u8],
    ) -> Result<impl Future<Output = lapin::Result<Confirmation>> + use<>, BrokerError> {
        let properties = BasicProperties::default()
            .with_delivery_mode(PERSISTENT)
            .with_message_id(id.into())
            .with_type(kind.into())
            .with_content_type("application/json".into())
            .with_app_id("presswatch".into());
        let options = BasicPublishOptions::default();
        self.shared
            .server
            .answer(channel.basic_publish("".into(), queue.into(), options, body, properties))
            .await
    }

    async fn consume(
        &self,
        channel: &Channel,
        queue: &str,
        from: AMQPValue,
    ) -> Result<lapin::Consumer, BrokerError> {
        let server = &self.shared.server;
        server.answer(channel.basic_qos(AHEAD, BasicQosOptions::default())).await?;
        let mut arguments = FieldTable::default();
        arguments.insert("x-stream-offset".into(), from);
        let options = BasicConsumeOptions::default();
        server.answer(channel.basic_consume(queue.into(), "".into(), options, arguments)).await
    }

    /// Applies messages in order and answers those who wait for them. Returns the offset after the last one, and
    /// whether the marker was among them.
    async fn take(
        &self,
        batch: Vec<Delivery>,
        waiting: &mut Waiting,
        mark: &str,
    ) -> Result<(Option<AMQPValue>, bool), BrokerError> {
        let (mut changes, mut ids, mut reached, mut found) = (Vec::new(), Vec::new(), None, false);
        for delivery in &batch {
            let properties = &delivery.properties;
            let id =
                properties.message_id().as_ref().map(lapin::types::ShortString::as_str).unwrap_or_default();
            reached = offset(properties).map(|offset| AMQPValue::LongLongInt(offset + 1)).or(reached);
            found |= id == mark;
            if properties.kind().as_ref().is_none_or(|kind| kind.as_str() != CHANGE) {
                continue;
            }
            match serde_json::from_slice::<Change>(&delivery.data) {
                Ok(change) => {
                    changes.push(change);
                    ids.push(id.to_owned());
                }
                // from a later version, or from somebody else
                Err(error) => tracing::error!(%error, "a change of a watch can't be read"),
            }
        }
        let registry = self.shared.registry.clone();
        let counted = tokio::task::spawn_blocking(move || registry.apply(changes)).await;
        let counted = counted.map_err(|error| BrokerError::Store(error.to_string()))?;
        for (id, counted) in ids.iter().zip(counted) {
            if let Some(done) = waiting.remove(id) {
                let _ = done.send(Ok(counted));
            }
        }
        if let Some(last) = batch.last() {
            let all = BasicAckOptions { multiple: true };
            self.shared.server.answer(last.acker.ack(all)).await?;
        }
        Ok((reached, found))
    }
}

/// The offset of a message in its stream.
fn offset(properties: &BasicProperties) -> Option<i64> {
    match properties.headers().as_ref()?.inner().get("x-stream-offset")? {
        AMQPValue::LongLongInt(offset) => Some(*offset),
        _ => None,
    }
}

/// An id that no other worker will use.
fn nonce() -> String {
    format!("{:016x}{:016x}", fastrand::u64(..), fastrand::u64(..))
}
