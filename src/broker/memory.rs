//! An in-memory inbox and outbox for the worker's own tests: no broker, but every fault on demand.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Instant;

use bytes::Bytes;
use jiff::Timestamp;
use tokio::sync::Notify;

use super::{BrokerError, Delivery, Disposition, Inbox, Outbox, Receipt};
use crate::alert::{Envelope, Unalerted};

/// What a test inspects afterwards.
#[derive(Debug, Default)]
pub struct Seen {
    /// Bodies and their dispositions, in the order they were settled.
    pub settled: Mutex<Vec<(Bytes, Disposition)>>,
    /// Ids of articles that were kept without an alert.
    pub kept: Mutex<Vec<String>>,
    /// Ids of confirmed alerts.
    pub published: Mutex<Vec<String>>,
    /// How many of the next publishes fail.
    pub failures: Mutex<u32>,
    /// Ids of messages whose next publish fails.
    pub refused: Mutex<Vec<String>>,
    /// Ids that the next publishes report as unroutable.
    pub returned: Mutex<VecDeque<String>>,
    /// What was unreadable in the envelope of each delivery.
    pub unreadable: Option<String>,
    /// Whether the inbox ends by itself once nothing is waiting.
    pub inbox_ends: bool,
    /// Held while publishing, so that a test can see what waits for a publish.
    pub gate: tokio::sync::RwLock<()>,
}

/// Hands out the bodies it was built from.
#[derive(Debug)]
pub struct MemoryInbox {
    waiting: VecDeque<Bytes>,
    attempts: u32,
    seen: Arc<Seen>,
    stopped: Notify,
}

impl MemoryInbox {
    /// Deliveries of `bodies` in order, each with `attempts` earlier tries.
    pub fn new(bodies: impl IntoIterator<Item = Bytes>, attempts: u32, seen: &Arc<Seen>) -> Self {
        let waiting = bodies.into_iter().collect();
        Self { waiting, attempts, seen: Arc::clone(seen), stopped: Notify::new() }
    }
}

/// Records the disposition.
#[derive(Debug)]
pub struct MemoryReceipt(Bytes, Arc<Seen>);

impl Receipt for MemoryReceipt {
    async fn settle(self, disposition: Disposition) -> Result<(), BrokerError> {
        self.1.settled.lock().unwrap().push((self.0, disposition));
        Ok(())
    }
}

impl Inbox for MemoryInbox {
    type Receipt = MemoryReceipt;

    async fn next(&mut self) -> Option<Delivery<MemoryReceipt>> {
        let Some(body) = self.waiting.pop_front() else {
            if self.seen.inbox_ends {
                return None;
            }
            self.stopped.notified().await;
            return None;
        };
        Some(Delivery {
            body: body.clone(),
            content_type: None,
            content_encoding: None,
            message_id: Some("m-1".to_owned()),
            headers: (0, 0),
            attempts: self.attempts,
            received: Instant::now(),
            first_seen: Timestamp::UNIX_EPOCH,
            traceparent: Some("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01".to_owned()),
            unreadable: self.seen.unreadable.clone(),
            receipt: MemoryReceipt(body, Arc::clone(&self.seen)),
        })
    }

    async fn stop(&mut self) {
        self.waiting.clear();
        self.stopped.notify_one();
    }

    async fn close(self) {}
}

/// Records the id, or fails.
#[derive(Debug, Clone)]
pub struct MemoryOutbox(pub Arc<Seen>);

impl Outbox for MemoryOutbox {
    async fn publish(&self, envelope: &Envelope, _: Option<&str>) -> Result<Option<String>, BrokerError> {
        let _open = self.0.gate.read().await;
        let mut failures = self.0.failures.lock().unwrap();
        if *failures > 0 {
            *failures -= 1;
            return Err(BrokerError::Refused);
        }
        let mut refused = self.0.refused.lock().unwrap();
        if let Some(at) = refused.iter().position(|id| *id == envelope.id) {
            refused.remove(at);
            return Err(BrokerError::Refused);
        }
        self.0.published.lock().unwrap().push(envelope.id.clone());
        Ok(self.0.returned.lock().unwrap().pop_front())
    }

    async fn keep(&self, article: Unalerted) {
        self.0.kept.lock().unwrap().push(article.id);
    }
}
