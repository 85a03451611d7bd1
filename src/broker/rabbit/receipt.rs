//! Settles a delivery of the article queue.

use std::sync::Arc;

use bytes::Bytes;
use jiff::Timestamp;
use lapin::BasicProperties;

use super::ack::Acks;
use super::message;
use super::publish::Publisher;
use super::session::Backoff;
use crate::broker::held::Share;
use crate::broker::{BrokerError, Disposition, Receipt};

/// Settles one delivery: with an ack, once any retry or dead letter it needs is confirmed.
#[derive(Debug)]
pub struct RabbitReceipt {
    pub(super) tag: u64,
    pub(super) acks: Arc<Acks>,
    pub(super) publisher: Publisher,
    pub(super) body: Bytes,
    pub(super) properties: Box<BasicProperties>,
    pub(super) attempts: u32,
    pub(super) first_seen: Timestamp,
    pub(super) _share: Share,
}

impl Receipt for RabbitReceipt {
    async fn settle(self, disposition: Disposition) -> Result<(), BrokerError> {
        let names = self.publisher.names();
        match disposition {
            Disposition::Ack => {}
            // its channel is gone and the broker will redeliver it: a copy in a retry queue would be a duplicate
            _ if !self.acks.is_open() => {
                return Err(BrokerError::Connection("its channel is gone".to_owned()));
            }
            Disposition::Retry { .. } => {
                let properties =
                    message::of_retry(&self.properties, self.attempts.saturating_add(1), self.first_seen);
                let queue = names.retry_after(self.attempts).unwrap_or_else(|| names.queue.clone());
                self.put("", &queue, properties).await?;
            }
            Disposition::Dead { reason, error } => {
                let (attempts, first_seen) = (self.attempts.saturating_add(1), self.first_seen);
                let properties = message::of_dead(&self.properties, reason, &error, attempts, first_seen);
                let (exchange, key) = (names.dead.clone(), names.queue.clone());
                self.put(&exchange, &key, properties).await?;
            }
        }
        self.acks.finish(self.tag).await
    }
}

impl RabbitReceipt {
    /// Publishes the article as it came until a queue takes it: it must not be acked before.
    async fn put(&self, exchange: &str, key: &str, properties: BasicProperties) -> Result<(), BrokerError> {
        let mut backoff = Backoff::new();
        loop {
            match self.publisher.put(exchange, key, &self.body, properties.clone()).await {
                Err(BrokerError::Refused) if self.acks.is_open() => {}
                Err(error @ BrokerError::Unroutable(_)) if self.acks.is_open() => {
                    tracing::warn!(%error, "an article is held until it can be requeued or dead-lettered");
                    if let Err(error) = self.publisher.declare().await {
                        tracing::warn!(%error, "can't declare it");
                    }
                }
                answer => return answer,
            }
            backoff.wait().await;
        }
    }
}
