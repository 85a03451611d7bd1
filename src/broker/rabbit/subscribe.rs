//! A queue bound by some keys, for `presswatch subscribe`: a temporary one, or a durable one with a name.

use std::sync::Arc;

use futures_util::StreamExt as _;
use lapin::options::{
    BasicAckOptions, BasicConsumeOptions, BasicQosOptions, QueueBindOptions, QueueDeclareOptions,
};
use lapin::types::{AMQPValue, FieldTable, ShortString};
use lapin::{Acker, Connection, Consumer};

use super::session::{Backoff, CLOSING, Server, lost};
use super::topology::{Names, error_code};
use crate::alert::Pattern;
use crate::broker::BrokerError;

/// Alerts prefetched: enough for a fast reader, few enough for memory.
const AHEAD: u16 = 64;

/// Reply code if there is nothing with that name.
const NOT_FOUND: u16 = 404;

/// Alerts with some keys and notices of some owners, from now on, or everything that a durable queue has collected. A
/// queue without a name belongs to this connection and is deleted with it.
#[derive(Debug)]
pub struct Subscription {
    server: Arc<Server>,
    names: Names,
    patterns: Vec<Pattern>,
    /// A durable queue.
    queue: Option<String>,
    /// The connection is held because dropping it ends the consumer.
    live: Option<(Connection, Consumer)>,
    /// The acker of the last alert handed out: it is acked when the next is requested, so that none is lost on its way.
    handed_out: Option<Acker>,
}

impl Subscription {
    /// Connects and binds; uses a durable queue if one is named, and declares it if it does not exist.
    pub async fn open(
        server: Arc<Server>,
        names: Names,
        patterns: Vec<Pattern>,
        queue: Option<String>,
    ) -> Result<Self, BrokerError> {
        let mut subscription = Self { server, names, patterns, queue, live: None, handed_out: None };
        subscription.live = Some(subscription.bind().await?);
        Ok(subscription)
    }

    async fn bind(&self) -> Result<(Connection, Consumer), BrokerError> {
        let connection = self.server.connect("presswatch subscribe").await?;
        let queue = self.declare(&connection).await?;
        let channel = self.server.answer(connection.create_channel()).await?;
        for pattern in &self.patterns {
            let bound = channel.queue_bind(
                queue.clone(),
                self.names.bound_by(pattern).into(),
                pattern.as_str().into(),
                QueueBindOptions::default(),
                FieldTable::default(),
            );
            self.server.answer(bound).await?;
        }
        self.server.answer(channel.basic_qos(AHEAD, BasicQosOptions::default())).await?;
        let options = BasicConsumeOptions::default();
        let consuming = channel.basic_consume(queue, "presswatch".into(), options, FieldTable::default());
        Ok((connection, self.server.answer(consuming).await?))
    }

    /// Declares the queue to read from. An existing durable one stays as it is, whatever its type.
    async fn declare(&self, connection: &Connection) -> Result<ShortString, BrokerError> {
        let channel = self.server.answer(connection.create_channel()).await?;
        let Some(name) = &self.queue else {
            let own = QueueDeclareOptions { exclusive: true, auto_delete: true, ..Default::default() };
            let queue = channel.queue_declare("".into(), own, FieldTable::default());
            return Ok(self.server.answer(queue).await?.name().clone());
        };
        let look = QueueDeclareOptions { passive: true, ..Default::default() };
        match channel.queue_declare(name.as_str().into(), look, FieldTable::default()).await {
            Ok(_) => {}
            // a failed declare closes the channel
            Err(error) if error_code(&error) == Some(NOT_FOUND) => {
                let channel = self.server.answer(connection.create_channel()).await?;
                let mut arguments = FieldTable::default();
                arguments.insert("x-queue-type".into(), AMQPValue::LongString("quorum".into()));
                let durable = QueueDeclareOptions { durable: true, ..Default::default() };
                self.server.answer(channel.queue_declare(name.as_str().into(), durable, arguments)).await?;
            }
            Err(error) => return Err(lost(error)),
        }
        Ok(name.as_str().into())
    }

    /// The next alert or notice as JSON. Reconnects when the connection is lost and calls `on_gap`, since without a
    /// durable queue the alerts in between are missed.
    pub async fn next(&mut self, on_gap: impl Fn(&BrokerError)) -> Vec<u8> {
        let mut backoff = Backoff::new();
        self.settle().await;
        loop {
            let error = if let Some((_, consumer)) = &mut self.live {
                match consumer.next().await {
                    Some(Ok(delivery)) => {
                        self.handed_out = Some(delivery.acker);
                        return delivery.data;
                    }
                    Some(Err(error)) => lost(error),
                    None => BrokerError::Connection("the consumer was cancelled".to_owned()),
                }
            } else {
                backoff.wait().await;
                match self.bind().await {
                    Ok(live) => {
                        self.live = Some(live);
                        continue;
                    }
                    Err(error) => error,
                }
            };
            self.live = None;
            on_gap(&error);
        }
    }

    /// Acks what was handed out. If that fails, it will be redelivered: the loss of the connection shows with the next
    /// one.
    async fn settle(&mut self) {
        if let Some(acker) = self.handed_out.take()
            && let Err(error) = acker.ack(BasicAckOptions::default()).await
        {
            tracing::debug!(%error, "an alert was not acked");
        }
    }

    /// Closes the connection, once what was handed out is acked.
    pub async fn close(mut self) {
        self.settle().await;
        if let Some((connection, _)) = self.live.take() {
            let closed = tokio::time::timeout(CLOSING, connection.close(200, "done".into())).await;
            tracing::debug!(?closed, "left");
        }
    }
}
