//! The embedded broker: a durable queue and a log of alerts in one SQLite file, for running without RabbitMQ.
//!
//! One thread owns the connection and writes; callers wait until their write is on disk. Writes that wait at the
//! same time share a transaction, so that a disk flush is paid once for many (group commit). Alerts are read on a
//! thread and a connection of their own, and only by who is behind: who has caught up follows the [`Tail`].

mod store;

use std::collections::VecDeque;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use jiff::Timestamp;
use rustc_hash::FxHashSet;
use tokio::sync::{Notify, mpsc, oneshot};

pub use store::{Dead, Page};
use store::{Store, StoreError};

use super::tail::{Published, Tail};
use super::{BrokerError, Delivery, Disposition, Inbox, Incoming, Outbox, Receipt};
use crate::pipeline::Ready;

/// Writes that may share a transaction.
const GROUP: usize = 256;

/// Articles read from the store at once.
const PAGE: u32 = 256;

/// Reads that may wait.
const READS: usize = 64;

/// Whether a folder holds a store.
pub fn is_in(folder: &Path) -> bool {
    folder.join(store::FILE).exists()
}

/// How long an article waits before its first, second, third … try again.
#[derive(Debug, Clone)]
pub struct Delays(pub Vec<Duration>);

/// A handle on the embedded broker. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Embedded {
    writes: mpsc::Sender<Job>,
    reads: mpsc::Sender<Job>,
    /// The latest alerts, numbered as in the store.
    tail: Arc<Tail>,
    /// Rung when an article may be waiting.
    arrivals: Arc<Notify>,
    delays: Arc<Delays>,
}

type Work = dyn FnOnce(&Store) -> Result<Answer, StoreError> + Send;

/// What the store's thread is asked for, with where the answer goes.
struct Job {
    work: Box<Work>,
    answer: oneshot::Sender<Result<Answer, BrokerError>>,
}

/// What a job answers.
#[derive(Debug)]
enum Answer {
    Done,
    Articles {
        fresh: Vec<store::Waiting>,
        retries: Vec<store::Waiting>,
    },
    Alerts(Page),
    Dead(Vec<Dead>),
    /// Nothing if the alert was there before.
    Published(Option<Published>),
    Number(u64),
}

impl Embedded {
    /// Opens the store in a folder, which is made if it is missing. Must be called within a runtime.
    pub fn open(folder: &Path, keep_alerts: u32, delays: Delays) -> Result<Self, StoreError> {
        let mut store = Store::open(folder, keep_alerts)?;
        let reader = Store::reader(folder)?;
        let tail = Arc::new(Tail::new(store.newest()?));
        let (writes, mut jobs) = mpsc::channel::<Job>(GROUP * 4);
        let (reads, mut questions) = mpsc::channel::<Job>(READS);
        // threads of their own: they end when the last handle is dropped
        let published = Arc::clone(&tail);
        let thread = |name: &str| std::thread::Builder::new().name(name.to_owned());
        thread("presswatch-store")
            .spawn(move || {
                let mut group = Vec::with_capacity(GROUP);
                while jobs.blocking_recv_many(&mut group, GROUP) > 0 {
                    commit(&mut store, &published, group.drain(..));
                }
            })
            .map_err(StoreError::Thread)?;
        thread("presswatch-log")
            .spawn(move || {
                while let Some(Job { work, answer }) = questions.blocking_recv() {
                    // a caller that went away needs no answer
                    let _ = answer.send(work(&reader).map_err(|e| BrokerError::Store(e.to_string())));
                }
            })
            .map_err(StoreError::Thread)?;
        Ok(Self { writes, reads, tail, arrivals: Arc::new(Notify::new()), delays: Arc::new(delays) })
    }

    async fn ask(
        &self,
        work: impl FnOnce(&Store) -> Result<Answer, StoreError> + Send + 'static,
    ) -> Result<Answer, BrokerError> {
        Self::ask_by(&self.writes, work).await
    }

    async fn ask_by(
        thread: &mpsc::Sender<Job>,
        work: impl FnOnce(&Store) -> Result<Answer, StoreError> + Send + 'static,
    ) -> Result<Answer, BrokerError> {
        let (answer, answered) = oneshot::channel();
        let gone = || BrokerError::Store("its thread has ended".to_owned());
        thread.send(Job { work: Box::new(work), answer }).await.map_err(|_| gone())?;
        answered.await.map_err(|_| gone())?
    }

    /// Takes an article in; resolves when it is on disk.
    pub async fn accept(&self, article: Incoming) -> Result<(), BrokerError> {
        let now = Timestamp::now();
        self.ask(move |store| store.accept(&article, now).map(|()| Answer::Done)).await?;
        self.arrivals.notify_one();
        Ok(())
    }

    /// A page of the alerts behind a number whose keys are `wanted`, oldest first. Waits for no writer.
    pub async fn alerts_after(
        &self,
        number: u64,
        wanted: impl Fn(&str) -> bool + Send + 'static,
    ) -> Result<Page, BrokerError> {
        let read = move |store: &Store| store.alerts_after(number, &wanted).map(Answer::Alerts);
        match Self::ask_by(&self.reads, read).await? {
            Answer::Alerts(page) => Ok(page),
            _ => Ok(Page::default()),
        }
    }

    /// The number behind which come the latest alerts whose keys are `wanted`, at most so many of them; of the last
    /// thousands that the log keeps.
    pub async fn before_latest(
        &self,
        most: usize,
        wanted: impl Fn(&str) -> bool + Send + 'static,
    ) -> Result<u64, BrokerError> {
        let read = move |store: &Store| store.before_latest(most, &wanted).map(Answer::Number);
        match Self::ask_by(&self.reads, read).await? {
            Answer::Number(number) => Ok(number),
            _ => Ok(self.tail.newest()),
        }
    }

    /// The latest alerts, for who has caught up.
    pub fn tail(&self) -> &Arc<Tail> {
        &self.tail
    }

    /// How many articles wait or are being worked on.
    pub async fn waiting(&self) -> Result<u64, BrokerError> {
        match self.ask(|store| store.waiting().map(Answer::Number)).await? {
            Answer::Number(number) => Ok(number),
            _ => Ok(0),
        }
    }

    /// The dead, oldest first.
    pub async fn dead(&self) -> Result<Vec<Dead>, BrokerError> {
        match self.ask(|store| store.dead().map(Answer::Dead)).await? {
            Answer::Dead(dead) => Ok(dead),
            _ => Ok(Vec::new()),
        }
    }

    /// Puts a dead article back to work, in one transaction.
    pub async fn replay(&self, id: i64) -> Result<(), BrokerError> {
        let now = Timestamp::now();
        self.ask(move |store| store.replay(id, now).map(|()| Answer::Done)).await?;
        self.arrivals.notify_one();
        Ok(())
    }

    /// The inbox over this store; one at a time.
    pub fn inbox(&self) -> EmbeddedInbox {
        EmbeddedInbox {
            store: self.clone(),
            page: VecDeque::new(),
            last: 0,
            retrying: FxHashSet::default(),
            stopped: false,
        }
    }
}

/// Runs a group of jobs in one transaction and answers them once it is on disk. A failing job takes only itself
/// back.
fn commit(store: &mut Store, tail: &Tail, mut group: impl Iterator<Item = Job>) {
    let mut answers = Vec::new();
    let committed = store.transaction(|store| {
        for job in group.by_ref() {
            answers.push((job.answer, store.savepoint(job.work)));
        }
    });
    if committed.is_ok() {
        let published: Vec<Published> = answers
            .iter_mut()
            .filter_map(|(_, answer)| match answer {
                Ok(Answer::Published(alert)) => alert.take(),
                _ => None,
            })
            .collect();
        if !published.is_empty() {
            tail.extend(published);
        }
    }
    // those that no transaction could be begun for
    answers.extend(group.map(|job| (job.answer, Ok(Answer::Done))));
    for (to, answer) in answers {
        let answer = match &committed {
            Ok(()) => answer.map_err(|e| BrokerError::Store(e.to_string())),
            Err(error) => Err(BrokerError::Store(error.to_string())),
        };
        // a caller that went away needs no answer
        let _ = to.send(answer);
    }
}

/// Hands out the articles of the store in order of arrival, each once in this process.
#[derive(Debug)]
pub struct EmbeddedInbox {
    store: Embedded,
    page: VecDeque<store::Waiting>,
    /// Row of the new article that was handed out last.
    last: i64,
    /// Rows of retries that were handed out and still are in the store.
    retrying: FxHashSet<i64>,
    stopped: bool,
}

/// How often retries that fell due are looked for when nothing arrives.
const LOOK: Duration = Duration::from_millis(500);

impl Inbox for EmbeddedInbox {
    type Receipt = EmbeddedReceipt;

    async fn next(&mut self) -> Option<Delivery<EmbeddedReceipt>> {
        loop {
            if self.stopped {
                return None;
            }
            if let Some(waiting) = self.page.pop_front() {
                return Some(self.delivery(waiting));
            }
            match self.look().await {
                Ok(()) if self.page.is_empty() => {
                    // no arrival within the time is no error: retries are looked for
                    let _ = tokio::time::timeout(LOOK, self.store.arrivals.notified()).await;
                }
                Ok(()) => {}
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
    /// Reads the next page: what is new, and retries that fell due.
    async fn look(&mut self) -> Result<(), BrokerError> {
        let (after, now) = (self.last, Timestamp::now());
        let retries = PAGE + self.retrying.len() as u32;
        let look = move |store: &Store| {
            Ok(Answer::Articles { fresh: store.fresh(after, PAGE)?, retries: store.retries(now, retries)? })
        };
        let Answer::Articles { fresh, retries } = self.store.ask(look).await? else { return Ok(()) };
        let due: FxHashSet<i64> = retries.iter().map(|w| w.row).collect();
        self.retrying.retain(|row| due.contains(row));
        self.page.extend(retries.into_iter().filter(|w| self.retrying.insert(w.row)));
        self.last = fresh.last().map_or(self.last, |w| w.row);
        self.page.extend(fresh);
        Ok(())
    }

    fn delivery(&self, waiting: store::Waiting) -> Delivery<EmbeddedReceipt> {
        let store::Waiting { row, article, attempts, first_seen } = waiting;
        Delivery {
            body: article.body,
            content_type: article.content_type,
            content_encoding: article.content_encoding,
            headers: (0, 0),
            attempts,
            received: Instant::now(),
            first_seen,
            traceparent: article.traceparent,
            receipt: EmbeddedReceipt { row, attempts, store: self.store.clone() },
        }
    }
}

/// Takes the article off the queue, puts it back or to the dead; each in one transaction.
#[derive(Debug)]
pub struct EmbeddedReceipt {
    row: i64,
    attempts: u32,
    store: Embedded,
}

impl Receipt for EmbeddedReceipt {
    /// Until the store takes it: an article is handed out once in a process, so that one whose settling was given up
    /// (the disk is full) would lie there until the next start.
    async fn settle(self, disposition: Disposition) -> Result<(), BrokerError> {
        while let Err(error) = self.write(&disposition).await {
            if self.store.writes.is_closed() {
                return Err(error);
            }
            tracing::debug!(%error, "not settled; trying again");
            tokio::time::sleep(LOOK).await;
        }
        Ok(())
    }
}

impl EmbeddedReceipt {
    /// One try. A second one after a first that was on disk after all changes nothing.
    async fn write(&self, disposition: &Disposition) -> Result<(), BrokerError> {
        let Self { row, attempts, store } = self;
        let (row, now) = (*row, Timestamp::now());
        match disposition {
            Disposition::Ack => store.ask(move |s| s.done(row).map(|()| Answer::Done)).await?,
            Disposition::Retry { .. } => {
                let last = store.delays.0.len().saturating_sub(1);
                let delay = store.delays.0.get((*attempts as usize).min(last)).copied().unwrap_or_default();
                store.ask(move |s| s.again(row, now, delay).map(|()| Answer::Done)).await?
            }
            Disposition::Dead { reason, error } => {
                let (reason, error) = (reason.as_str(), error.clone());
                store.ask(move |s| s.bury(row, reason, &error, now).map(|()| Answer::Done)).await?
            }
        };
        Ok(())
    }
}

impl Outbox for Embedded {
    async fn publish(&self, alert: &Ready, _traceparent: Option<&str>) -> Result<(), BrokerError> {
        let (id, keys, body) = (alert.id.clone(), alert.keys.join(" "), alert.body.clone());
        self.ask(move |store| store.publish(&id, keys, body).map(Answer::Published)).await?;
        Ok(())
    }
}

#[cfg(test)]
mod tests;
