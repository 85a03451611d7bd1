//! The inbox over the store, and the receipts of what it hands out.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use jiff::Timestamp;
use rustc_hash::FxHashSet;

use super::store::{self, Store};
use super::threads::{Failure, Written};
use super::{Embedded, damage};
use crate::broker::{BrokerError, Delivery, Disposition, Inbox, Receipt};

/// Articles read from the store at once.
const PAGE: u32 = 256;

/// How often to look for due retries when nothing arrives.
const LOOK: Duration = Duration::from_millis(500);

/// Delivers the articles of the store in order of arrival, each once per process.
#[derive(Debug)]
pub struct EmbeddedInbox {
    store: Embedded,
    page: VecDeque<store::Waiting>,
    /// Row of the new article handed out last.
    last: i64,
    /// Rows of retries handed out and still in the store.
    retrying: FxHashSet<i64>,
    /// Damaged articles still to be dead-lettered; `aside` has the rows where that failed.
    damaged: VecDeque<damage::Damaged>,
    aside: FxHashSet<i64>,
    stopped: bool,
}

impl Inbox for EmbeddedInbox {
    type Receipt = EmbeddedReceipt;

    async fn next(&mut self) -> Option<Delivery<EmbeddedReceipt>> {
        loop {
            if self.stopped || self.store.is_lost() {
                return None;
            }
            self.set_aside().await;
            if let Some(waiting) = self.page.pop_front() {
                return Some(self.delivery(waiting));
            }
            match self.look().await {
                Ok(more) if self.page.is_empty() && !more => {
                    // no arrival within the time is no error: look for due retries
                    let _ = tokio::time::timeout(LOOK, self.store.arrivals.notified()).await;
                }
                Ok(_) => {}
                Err(error) if self.store.is_lost() => tracing::debug!(%error, "can't read the store"),
                Err(error) => {
                    tracing::error!(%error, "can't read the store; trying again");
                    tokio::time::sleep(LOOK).await;
                }
            }
        }
    }

    async fn stop(&mut self) {
        self.stopped = true;
        self.page.clear();
    }

    async fn close(self) {}
}

impl EmbeddedInbox {
    /// The inbox over a store.
    pub(super) fn new(store: Embedded) -> Self {
        Self {
            store,
            page: VecDeque::new(),
            last: 0,
            retrying: FxHashSet::default(),
            damaged: VecDeque::new(),
            aside: FxHashSet::default(),
            stopped: false,
        }
    }

    /// Reads the next page: new articles and due retries. Returns whether there may be more right away.
    async fn look(&mut self) -> Result<bool, BrokerError> {
        let (after, now) = (self.last, Timestamp::now());
        let retries = PAGE + (self.retrying.len() + self.aside.len()) as u32;
        // also checks that the store's files are still there
        self.store.ready().await?;
        let look = move |store: &Store| Ok((store.fresh(after, PAGE)?, store.retries(now, retries)?));
        let (fresh, retries) = self.store.reads.read(look).await?;
        let due: FxHashSet<i64> = retries.articles.iter().map(|w| w.row).collect();
        self.retrying.retain(|row| due.contains(row));
        self.page.extend(retries.articles.into_iter().filter(|w| self.retrying.insert(w.row)));
        self.last = fresh.reached;
        self.page.extend(fresh.articles);
        self.damaged.extend(fresh.damaged.into_iter().chain(retries.damaged));
        Ok(fresh.more)
    }

    /// Dead-letters what can't be read; leaves it in place if the file can't be changed there.
    async fn set_aside(&mut self) {
        // removed only when done: this future may be dropped on the way
        while let Some(damaged) = self.damaged.front().cloned() {
            let (row, now, error) = (damaged.row, Timestamp::now(), damaged.error.clone());
            if !self.aside.contains(&row) {
                let bury = move |store: &Store| store.bury_damaged(&damaged, now).map(|()| Written::Done);
                let what = if self.store.writes.write(bury).await.is_ok() {
                    "it was dead-lettered"
                } else {
                    self.aside.insert(row);
                    "it is left there and not processed"
                };
                tracing::error!(row, error, "an article in the store is damaged; {what}");
            }
            self.damaged.pop_front();
        }
    }

    fn delivery(&self, waiting: store::Waiting) -> Delivery<EmbeddedReceipt> {
        let store::Waiting { row, article, attempts, first_seen } = waiting;
        Delivery {
            body: article.body,
            content_type: article.content_type,
            content_encoding: article.content_encoding,
            message_id: None,
            headers: (0, 0),
            attempts,
            received: Instant::now(),
            first_seen,
            traceparent: article.traceparent,
            unreadable: None,
            receipt: EmbeddedReceipt { row, attempts, store: self.store.clone() },
        }
    }
}

/// Removes the article from the queue, requeues it or dead-letters it, each in one transaction.
#[derive(Debug)]
pub struct EmbeddedReceipt {
    row: i64,
    attempts: u32,
    store: Embedded,
}

impl Receipt for EmbeddedReceipt {
    /// Retries until the store takes it: an article is handed out once per process, so if settling were abandoned (say,
    /// the disk is full) it would stay there until the next start.
    async fn settle(self, disposition: Disposition) -> Result<(), BrokerError> {
        while let Err(failure) = self.write(&disposition).await {
            if failure.lasting {
                if !self.store.is_lost() {
                    let error = &failure.words;
                    tracing::error!(
                        row = self.row,
                        error,
                        "an article can't be removed from the store; it will be delivered again after a restart"
                    );
                }
                return Err(failure.into());
            }
            tracing::debug!(error = failure.words, "not settled; trying again");
            tokio::time::sleep(LOOK).await;
        }
        Ok(())
    }
}

impl EmbeddedReceipt {
    /// One attempt. Repeating one that did reach the disk changes nothing.
    async fn write(&self, disposition: &Disposition) -> Result<(), Failure> {
        let Self { row, attempts, store } = self;
        let (row, now) = (*row, Timestamp::now());
        match disposition {
            Disposition::Ack => store.writes.write(move |s| s.done(row).map(|()| Written::Done)).await?,
            Disposition::Retry { .. } => {
                let last = store.delays.0.len().saturating_sub(1);
                let delay = store.delays.0.get((*attempts as usize).min(last)).copied().unwrap_or_default();
                store.writes.write(move |s| s.again(row, now, delay).map(|()| Written::Done)).await?
            }
            Disposition::Dead { reason, error } => {
                let (reason, error) = (reason.as_str(), error.clone());
                store.writes.write(move |s| s.bury(row, reason, &error, now).map(|()| Written::Done)).await?
            }
        };
        Ok(())
    }
}
