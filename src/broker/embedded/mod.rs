//! The embedded broker: a durable queue, a log of alerts and each owner's notices in one SQLite file, for running
//! without RabbitMQ.
//!
//! One thread owns the connection and writes; callers wait until their write is on disk. Writes that wait at the same
//! time share a transaction, so that many pay for a single disk flush (group commit). Alerts are read on a separate
//! thread and connection, and only by followers that are behind: those that have caught up follow the [`Tail`].

mod damage;
mod dead;
mod inbox;
mod log;
mod store;
mod threads;
mod unalerted;
mod watches;

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

pub use inbox::EmbeddedInbox;
use store::Store;
pub use store::{Keep, StoreError, identity_of};
use threads::{Reader, Writer, Written};

use super::tail::{Newer, Older, Published, Tail};
use super::wanted::Wanted;
use super::{BrokerError, Dead, Incoming, Outbox};
use crate::alert::{Audience, Envelope, RoutingKey, Unalerted};

/// Whether a folder contains a store.
pub fn is_in(folder: &Path) -> bool {
    folder.join(store::FILE).exists()
}

/// How long an article waits before its first, second, third … try again.
#[derive(Debug, Clone)]
pub struct Delays(pub Vec<Duration>);

/// A handle on the embedded broker. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Embedded {
    writes: Writer,
    /// For streams; all other reads go through `reads`, so that the inbox never waits for a stream.
    log: Reader,
    reads: Reader,
    /// The latest alerts, numbered as in the store.
    tail: Arc<Tail>,
    /// Cancelled when the store's files are gone.
    lost: CancellationToken,
    /// Notified when an article may be waiting.
    arrivals: Arc<Notify>,
    delays: Arc<Delays>,
    identity: Arc<str>,
}

impl Embedded {
    /// Opens the store in a folder, which is created if missing. Must be called within a runtime.
    pub fn open(folder: &Path, keep: Keep, delays: Delays) -> Result<Self, StoreError> {
        let store = Store::open(folder, keep)?;
        let (tail, lost) = (Arc::new(Tail::new(store.newest()?)), CancellationToken::new());
        Ok(Self {
            log: Reader::start(folder, "presswatch-log")?,
            reads: Reader::start(folder, "presswatch-read")?,
            writes: Writer::start(store, Arc::clone(&tail), lost.clone())?,
            tail,
            lost,
            arrivals: Arc::new(Notify::new()),
            delays: Arc::new(delays),
            identity: identity_of(folder).unwrap_or_default().into(),
        })
    }

    /// Takes in an article; resolves when it is on disk.
    pub async fn accept(&self, article: Incoming) -> Result<(), BrokerError> {
        let now = Timestamp::now();
        self.writes.write(move |store| store.accept(&article, now).map(|()| Written::Done)).await?;
        self.arrivals.notify_one();
        Ok(())
    }

    /// A page of the alerts after a number whose keys are `wanted`, oldest first. Waits for no writer.
    pub async fn alerts_after(
        &self,
        number: u64,
        wanted: impl Fn(&str) -> bool + Send + 'static,
    ) -> Result<Newer, BrokerError> {
        Ok(self.log.read(move |store| store.alerts_after(number, &wanted)).await?)
    }

    /// The latest wanted alerts below a number, up to `most`, as far as one search reaches. Waits for no writer.
    pub async fn alerts_before(
        &self,
        number: u64,
        most: usize,
        wanted: Arc<Wanted>,
    ) -> Result<Older, BrokerError> {
        Ok(self.log.read(move |store| store.alerts_before(number, most, &wanted)).await?)
    }

    /// A page of up to `most` of an owner's notices after a number, oldest first. Each owner's notices are numbered
    /// separately, from 1. Waits for no writer.
    pub async fn notices_of(&self, owner: &str, number: u64, most: usize) -> Result<Newer, BrokerError> {
        let owner = owner.to_owned();
        Ok(self.log.read(move |store| store.notices_of(&owner, number, most)).await?)
    }

    /// The routing keys of the latest notices back to a time, and when the article of each came in.
    pub async fn notices_since(&self, from: Timestamp) -> Result<Vec<(String, Timestamp)>, BrokerError> {
        Ok(self.log.read(move |store| store.notices_since(from)).await?)
    }

    /// The alert with an id, if it is kept.
    pub async fn alert(&self, id: String) -> Result<Option<Published>, BrokerError> {
        Ok(self.log.read(move |store| store.alert(&id)).await?)
    }

    /// A number below which are all alerts whose articles were received before `time`.
    pub async fn number_at(&self, time: Timestamp) -> Result<u64, BrokerError> {
        Ok(self.log.read(move |store| store.number_at(time)).await?)
    }

    /// The latest alerts, for followers that have caught up.
    pub fn tail(&self) -> &Arc<Tail> {
        &self.tail
    }

    /// Whether its files are gone, which ends the inbox.
    pub fn is_lost(&self) -> bool {
        self.lost.is_cancelled()
    }

    /// Whether it accepts writes.
    pub async fn ready(&self) -> Result<(), BrokerError> {
        self.writes.write(|_| Ok(Written::Done)).await?;
        Ok(())
    }

    /// How many articles are waiting or being processed. Waits for no writer.
    pub async fn waiting(&self) -> Result<u64, BrokerError> {
        Ok(self.reads.read(Store::waiting).await?)
    }

    /// A page of the dead letters after a row, oldest first, each with its row; empty at the end. Waits for no writer.
    pub async fn dead_after(&self, row: i64) -> Result<Vec<Dead<i64>>, BrokerError> {
        Ok(self.reads.read(move |store| store.dead_after(row)).await?)
    }

    /// The dead letter in a row.
    pub async fn dead_at(&self, row: i64) -> Result<Option<Dead<i64>>, BrokerError> {
        let page = self.dead_after(row.saturating_sub(1)).await?;
        Ok(page.into_iter().next().filter(|dead| dead.place == row))
    }

    /// Replays a dead letter in one transaction; false if it was not there.
    pub async fn replay(&self, row: i64) -> Result<bool, BrokerError> {
        let now = Timestamp::now();
        let written = self.writes.write(move |store| store.replay(row, now).map(Written::If)).await?;
        self.arrivals.notify_one();
        Ok(matches!(written, Written::If(true)))
    }

    /// Removes a dead letter for good; false if it was not there.
    pub async fn drop_dead(&self, row: i64) -> Result<bool, BrokerError> {
        let written = self.writes.write(move |store| store.drop_dead(row).map(Written::If)).await?;
        Ok(matches!(written, Written::If(true)))
    }

    /// An id that tells this store from any other.
    pub fn identity(&self) -> &str {
        &self.identity
    }

    /// The inbox over this store; only one at a time.
    pub fn inbox(&self) -> EmbeddedInbox {
        EmbeddedInbox::new(self.clone())
    }
}

impl Outbox for Embedded {
    async fn publish(
        &self,
        envelope: &Envelope,
        _traceparent: Option<&str>,
    ) -> Result<Option<String>, BrokerError> {
        let Envelope { to, id, keys, body, .. } = envelope;
        let (id, keys, body) = (id.clone(), RoutingKey::join(keys), body.clone());
        match to {
            Audience::Everybody => {
                self.writes.write(move |store| store.publish(&id, keys, body).map(Written::Alert)).await?
            }
            Audience::Owner(owner) => {
                let owner = owner.clone();
                let keep = move |store: &Store| store.publish_notice(&owner, &id, &keys, &body);
                self.writes.write(move |store| keep(store).map(|()| Written::Done)).await?
            }
        };
        Ok(None)
    }

    async fn keep(&self, article: Unalerted) {
        // in the transaction that takes the article off the queue, or an earlier one
        self.writes.leave(move |store| store.keep_unalerted(&article).map(|()| Written::Done)).await;
    }
}

#[cfg(test)]
mod tests;
