//! Consuming: a task that keeps a consumer alive and hands its deliveries on.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use futures_util::StreamExt as _;
use jiff::Timestamp;
use lapin::options::{BasicCancelOptions, BasicConsumeOptions, BasicQosOptions};
use lapin::types::FieldTable;
use lapin::{BasicProperties, Channel, Connection};
use tokio::sync::{mpsc, watch};
use tokio::task::JoinHandle;

use super::ack::Acks;
use super::message;
use super::publish::Publisher;
use super::session::{Backoff, Health, Role, Server, State};
use crate::broker::{BrokerError, Delivery, Disposition, Inbox, Receipt};

const TAG: &str = "presswatch";

/// Deliveries that wait for the worker, so that it can take a batch at once; they count as prefetched.
const HANDED_ON: usize = 64;

/// Longest wait for the broker's answer to the end of consuming.
const CLOSING: Duration = Duration::from_secs(5);

/// Hands out the deliveries of the article queue, over as many connections as it takes.
#[derive(Debug)]
pub struct RabbitInbox {
    deliveries: mpsc::Receiver<Delivery<RabbitReceipt>>,
    stop: watch::Sender<bool>,
    supervisor: JoinHandle<Option<Cancelled>>,
}

/// A connection that consumes no more; acks still go over its channel. The channel is kept, since lapin closes one that
/// is dropped by itself, and a connection that is closed meanwhile hangs (seen in one stop of twenty).
#[derive(Debug)]
struct Cancelled {
    connection: Connection,
    _channel: Channel,
}

/// What the supervisor needs.
struct Supervisor {
    server: Arc<Server>,
    publisher: Publisher,
    health: Arc<Health>,
    prefetch: u16,
    out: mpsc::Sender<Delivery<RabbitReceipt>>,
    stop: watch::Receiver<bool>,
}

impl RabbitInbox {
    /// Starts consuming; reconnects until it is stopped.
    pub fn start(server: Arc<Server>, publisher: Publisher, health: Arc<Health>, prefetch: u16) -> Self {
        let (out, deliveries) = mpsc::channel(HANDED_ON);
        let (stop, stopped) = watch::channel(false);
        let supervisor = Supervisor { server, publisher, health, prefetch, out, stop: stopped };
        #[expect(clippy::disallowed_methods, reason = "`close` awaits it")]
        let supervisor = tokio::spawn(supervisor.run());
        Self { deliveries, stop, supervisor }
    }
}

impl Inbox for RabbitInbox {
    type Receipt = RabbitReceipt;

    async fn next(&mut self) -> Option<Delivery<RabbitReceipt>> {
        self.deliveries.recv().await
    }

    async fn stop(&mut self) {
        self.stop.send_replace(true);
        self.deliveries.close();
        // what was not handed out stays unacked and goes back to the queue
        while self.deliveries.recv().await.is_some() {}
    }

    async fn close(self) {
        self.stop.send_replace(true);
        drop(self.deliveries);
        let Ok(Some(cancelled)) = self.supervisor.await else { return };
        // everything is settled: a broker that does not answer now is left to notice by itself
        if tokio::time::timeout(CLOSING, cancelled.connection.close(200, "done".into())).await.is_err() {
            tracing::warn!("the broker did not answer to the close of the connection");
        }
    }
}

impl Supervisor {
    /// Consumes until stopped; gives the connection back, since acks still go over it.
    async fn run(mut self) -> Option<Cancelled> {
        let mut backoff = Backoff::new();
        while !*self.stop.borrow() {
            match self.consume(&mut backoff).await {
                Ok(cancelled) => return Some(cancelled),
                Err(error) => {
                    self.health.set(Role::Consume, State::Down);
                    tracing::warn!(%error, "not consuming; trying again");
                }
            }
            tokio::select! {
                () = backoff.wait() => {}
                _ = self.stop.changed() => {}
            }
        }
        None
    }

    /// One connection's life. Ends well only when stopped.
    async fn consume(&mut self, backoff: &mut Backoff) -> Result<Cancelled, BrokerError> {
        let (connection, channel) = self.server.channel("presswatch consume").await?;
        let names = self.publisher.names();
        names.declare(&connection, self.server.timeout).await?;
        self.server.answer(channel.basic_qos(self.prefetch, BasicQosOptions::default())).await?;
        let (queue, options) = (names.queue.as_str().into(), BasicConsumeOptions::default());
        let consuming = channel.basic_consume(queue, TAG.into(), options, FieldTable::default());
        let mut consumer = self.server.answer(consuming).await?;
        self.health.set(Role::Consume, State::Up);
        backoff.reset();
        let acks = Arc::new(Acks::new(channel.clone()));
        loop {
            tokio::select! {
                biased;
                _ = self.stop.changed() => break,
                delivery = consumer.next() => {
                    let delivery = match delivery {
                        Some(Ok(delivery)) => delivery,
                        Some(Err(error)) => return Err(BrokerError::Connection(error.to_string())),
                        // a deleted queue or a cancel by the server: no error, but no more deliveries
                        None => return Err(BrokerError::Connection("the consumer was cancelled".to_owned())),
                    };
                    let delivery = self.take(delivery, &acks);
                    tokio::select! {
                        sent = self.out.send(delivery) => if sent.is_err() { break },
                        _ = self.stop.changed() => break,
                    }
                }
            }
        }
        let cancel = channel.basic_cancel(TAG.into(), BasicCancelOptions::default());
        if tokio::time::timeout(CLOSING, cancel).await.is_err() {
            tracing::warn!("the broker did not answer to the cancel of the consumer");
        }
        Ok(Cancelled { connection, _channel: channel })
    }

    fn take(&self, delivery: lapin::message::Delivery, acks: &Arc<Acks>) -> Delivery<RabbitReceipt> {
        let properties = delivery.properties;
        let first_seen = message::first_seen(&properties, Timestamp::now());
        let attempts = message::attempts(&properties);
        let text = |s: &Option<lapin::types::ShortString>| s.as_ref().map(|s| s.as_str().to_owned());
        let body = Bytes::from(delivery.data);
        Delivery {
            body: body.clone(),
            content_type: text(properties.content_type()),
            content_encoding: text(properties.content_encoding()),
            attempts,
            first_seen,
            traceparent: message::traceparent(&properties),
            receipt: RabbitReceipt {
                tag: delivery.delivery_tag,
                acks: Arc::clone(acks),
                publisher: self.publisher.clone(),
                body,
                properties: Box::new(properties),
                attempts,
                first_seen,
            },
        }
    }
}

/// Settles one delivery: by an ack, after the retry or dead letter that it may need is confirmed.
#[derive(Debug)]
pub struct RabbitReceipt {
    tag: u64,
    acks: Arc<Acks>,
    publisher: Publisher,
    body: Bytes,
    properties: Box<BasicProperties>,
    attempts: u32,
    first_seen: Timestamp,
}

impl Receipt for RabbitReceipt {
    async fn settle(self, disposition: Disposition) -> Result<(), BrokerError> {
        let names = self.publisher.names();
        match disposition {
            Disposition::Ack => {}
            // its channel is gone and the broker delivers it again: a copy in a retry queue would double it
            _ if !self.acks.is_open() => {
                return Err(BrokerError::Connection("its channel is gone".to_owned()));
            }
            Disposition::Retry { .. } => {
                let properties = message::of_retry(&self.properties, self.attempts + 1, self.first_seen);
                let queue = names.retry_after(self.attempts).unwrap_or_else(|| names.queue.clone());
                self.put("", &queue, properties).await?;
            }
            Disposition::Dead { reason, error } => {
                let (attempts, first_seen) = (self.attempts + 1, self.first_seen);
                let properties = message::of_dead(&self.properties, reason, &error, attempts, first_seen);
                let (exchange, key) = (names.dead.clone(), names.queue.clone());
                self.put(&exchange, &key, properties).await?;
            }
        }
        self.acks.finish(self.tag).await
    }
}

impl RabbitReceipt {
    /// Publishes the article as it came, until the broker takes it: it must not be acked before.
    async fn put(&self, exchange: &str, key: &str, properties: BasicProperties) -> Result<(), BrokerError> {
        let mut backoff = Backoff::new();
        loop {
            match self.publisher.confirmed(exchange, key.into(), &self.body, properties.clone()).await {
                Err(BrokerError::Refused) if self.acks.is_open() => backoff.wait().await,
                answer => return answer,
            }
        }
    }
}
