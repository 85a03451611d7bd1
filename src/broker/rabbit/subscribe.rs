//! A temporary queue bound by some keys, for `presswatch subscribe`.

use std::sync::Arc;

use futures_util::StreamExt as _;
use lapin::options::{
    BasicAckOptions, BasicConsumeOptions, BasicQosOptions, QueueBindOptions, QueueDeclareOptions,
};
use lapin::types::FieldTable;
use lapin::{Connection, Consumer};

use super::session::{Backoff, Server, lost};
use super::topology::Names;
use crate::broker::BrokerError;

/// Alerts sent ahead by the broker: enough for a fast reader, little enough for memory.
const AHEAD: u16 = 64;

/// Alerts of some keys, from now on. The queue is this connection's own and goes with it: who must miss nothing
/// declares a durable queue.
#[derive(Debug)]
pub struct Subscription {
    server: Arc<Server>,
    names: Names,
    keys: Vec<String>,
    /// The connection is held because dropping it ends the consumer.
    live: Option<(Connection, Consumer)>,
}

impl Subscription {
    /// Connects and binds.
    pub async fn open(server: Arc<Server>, names: Names, keys: Vec<String>) -> Result<Self, BrokerError> {
        let mut subscription = Self { server, names, keys, live: None };
        subscription.live = Some(subscription.bind().await?);
        Ok(subscription)
    }

    async fn bind(&self) -> Result<(Connection, Consumer), BrokerError> {
        let (connection, channel) = self.server.channel("presswatch subscribe").await?;
        let own = QueueDeclareOptions { exclusive: true, auto_delete: true, ..Default::default() };
        let queue = self.server.answer(channel.queue_declare("".into(), own, FieldTable::default())).await?;
        let alerts = self.names.alerts.as_str();
        for key in &self.keys {
            let bound = channel.queue_bind(
                queue.name().clone(),
                alerts.into(),
                key.as_str().into(),
                QueueBindOptions::default(),
                FieldTable::default(),
            );
            self.server.answer(bound).await?;
        }
        self.server.answer(channel.basic_qos(AHEAD, BasicQosOptions::default())).await?;
        let options = BasicConsumeOptions::default();
        let consuming =
            channel.basic_consume(queue.name().clone(), "presswatch".into(), options, FieldTable::default());
        Ok((connection, self.server.answer(consuming).await?))
    }

    /// The next alert as JSON. A lost connection is made again; `on_gap` is told, since alerts of the meantime are
    /// missed.
    pub async fn next(&mut self, on_gap: impl Fn(&BrokerError)) -> Vec<u8> {
        let mut backoff = Backoff::new();
        loop {
            let error = if let Some((_, consumer)) = &mut self.live {
                match consumer.next().await {
                    Some(Ok(delivery)) => match delivery.acker.ack(BasicAckOptions::default()).await {
                        Ok(_) => return delivery.data,
                        Err(error) => lost(error),
                    },
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
}
