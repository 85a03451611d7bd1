//! The embedded broker: a durable queue, a log of alerts and each owner's notices in one SQLite file, for running
//! without RabbitMQ.
//!
//! One thread owns the connection and writes; callers wait until their write is on disk. Writes that wait at the same
//! time share a transaction, so that many pay for a single disk flush (group commit). Alerts are read on a separate
//! thread and connection, and only by followers that are behind: those that have caught up follow the [`Tail`].

mod damage;
mod log;
mod store;
mod unalerted;
mod watches;

use std::collections::VecDeque;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use jiff::Timestamp;
use rustc_hash::FxHashSet;
use tokio::sync::{Notify, mpsc, oneshot};
use tokio_util::sync::CancellationToken;

use store::Store;
pub use store::{Keep, StoreError, identity_of};

use super::tail::{Newer, Older, Published, Tail};
use super::wanted::Wanted;
use super::{BrokerError, Dead, Delivery, Disposition, Inbox, Incoming, Outbox, Receipt};
use crate::alert::{Audience, Envelope, RoutingKey, Unalerted};
use crate::watch::ledger::Change;

/// The most writes that share a transaction.
const GROUP: usize = 256;

/// Articles read from the store at once.
const PAGE: u32 = 256;

/// The most reads that may wait.
const READS: usize = 64;

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
    writes: mpsc::Sender<Job>,
    /// For streams; all other reads go through `reads`, so that the inbox never waits for a stream.
    log: mpsc::Sender<Job>,
    reads: mpsc::Sender<Job>,
    /// The latest alerts, numbered as in the store.
    tail: Arc<Tail>,
    /// Cancelled when the store's files are gone.
    lost: CancellationToken,
    /// Notified when an article may be waiting.
    arrivals: Arc<Notify>,
    delays: Arc<Delays>,
    identity: Arc<str>,
}

type Work = dyn FnOnce(&Store) -> Result<Answer, StoreError> + Send;

/// Work for the store's thread, with where to send the answer.
struct Job {
    work: Box<Work>,
    answer: oneshot::Sender<Result<Answer, Failure>>,
}

/// Why a job failed.
#[derive(Debug, Clone)]
struct Failure {
    words: String,
    /// Whether it would fail again: the store is lost, or damaged at that place.
    lasting: bool,
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        let lasting = error.is_damage() || matches!(error, StoreError::Lost(_));
        Self { words: error.to_string(), lasting }
    }
}

impl From<Failure> for BrokerError {
    fn from(failure: Failure) -> Self {
        Self::Store(failure.words)
    }
}

/// The answer to a job.
#[derive(Debug)]
enum Answer {
    Done,
    Articles {
        fresh: store::Found,
        retries: store::Found,
    },
    Alerts(Newer),
    Older(Older),
    Dead(Vec<Dead<i64>>),
    /// `None` if the alert was there before.
    Published(Option<Published>),
    Number(u64),
    /// Routing keys of notices, and when their articles came in.
    Noticed(Vec<(String, Timestamp)>),
    /// Changes to watches, and the number reached.
    Changes(Vec<Change>, i64),
}

impl Embedded {
    /// Opens the store in a folder, which is created if missing. Must be called within a runtime.
    pub fn open(folder: &Path, keep: Keep, delays: Delays) -> Result<Self, StoreError> {
        let mut store = Store::open(folder, keep)?;
        let tail = Arc::new(Tail::new(store.newest()?));
        let (writes, mut jobs) = mpsc::channel::<Job>(GROUP * 4);
        // threads of their own: they end when the last handle is dropped
        let (log, reads) = (reader(folder, "presswatch-log")?, reader(folder, "presswatch-read")?);
        let (published, lost) = (Arc::clone(&tail), CancellationToken::new());
        let gone = lost.clone();
        std::thread::Builder::new()
            .name("presswatch-store".to_owned())
            .spawn(move || {
                let mut group = Vec::with_capacity(GROUP);
                while jobs.blocking_recv_many(&mut group, GROUP) > 0 {
                    commit(&mut store, &published, &gone, group.drain(..));
                }
            })
            .map_err(StoreError::Thread)?;
        Ok(Self {
            writes,
            log,
            reads,
            tail,
            lost,
            arrivals: Arc::new(Notify::new()),
            delays: Arc::new(delays),
            identity: identity_of(folder).unwrap_or_default().into(),
        })
    }

    async fn ask(
        &self,
        work: impl FnOnce(&Store) -> Result<Answer, StoreError> + Send + 'static,
    ) -> Result<Answer, Failure> {
        Self::ask_by(&self.writes, work).await
    }

    async fn ask_by(
        thread: &mpsc::Sender<Job>,
        work: impl FnOnce(&Store) -> Result<Answer, StoreError> + Send + 'static,
    ) -> Result<Answer, Failure> {
        let (answer, answered) = oneshot::channel();
        let gone = || Failure { words: "its thread has ended".to_owned(), lasting: true };
        thread.send(Job { work: Box::new(work), answer }).await.map_err(|_| gone())?;
        answered.await.map_err(|_| gone())?
    }

    /// Takes in an article; resolves when it is on disk.
    pub async fn accept(&self, article: Incoming) -> Result<(), BrokerError> {
        let now = Timestamp::now();
        self.ask(move |store| store.accept(&article, now).map(|()| Answer::Done)).await?;
        self.arrivals.notify_one();
        Ok(())
    }

    /// A page of the alerts after a number whose keys are `wanted`, oldest first. Waits for no writer.
    pub async fn alerts_after(
        &self,
        number: u64,
        wanted: impl Fn(&str) -> bool + Send + 'static,
    ) -> Result<Newer, BrokerError> {
        let read = move |store: &Store| store.alerts_after(number, &wanted).map(Answer::Alerts);
        match Self::ask_by(&self.log, read).await? {
            Answer::Alerts(page) => Ok(page),
            _ => Ok(Newer::default()),
        }
    }

    /// The latest wanted alerts below a number, up to `most`, as far as one search reaches. Waits for no writer.
    pub async fn alerts_before(
        &self,
        number: u64,
        most: usize,
        wanted: Arc<Wanted>,
    ) -> Result<Older, BrokerError> {
        let read = move |store: &Store| store.alerts_before(number, most, &wanted).map(Answer::Older);
        match Self::ask_by(&self.log, read).await? {
            Answer::Older(older) => Ok(older),
            _ => Ok(Older::default()),
        }
    }

    /// The alert with an id, if it is kept.
    pub async fn alert(&self, id: String) -> Result<Option<Published>, BrokerError> {
        let read = move |store: &Store| store.alert(&id).map(Answer::Published);
        match Self::ask_by(&self.log, read).await? {
            Answer::Published(alert) => Ok(alert),
            _ => Ok(None),
        }
    }

    /// A number below which are all alerts whose articles were received before `time`.
    pub async fn number_at(&self, time: Timestamp) -> Result<u64, BrokerError> {
        let read = move |store: &Store| store.number_at(time).map(Answer::Number);
        match Self::ask_by(&self.log, read).await? {
            Answer::Number(number) => Ok(number),
            _ => Ok(u64::MAX),
        }
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
        self.ask(|_| Ok(Answer::Done)).await?;
        Ok(())
    }

    /// How many articles are waiting or being processed. Waits for no writer.
    pub async fn waiting(&self) -> Result<u64, BrokerError> {
        match Self::ask_by(&self.reads, |store| store.waiting().map(Answer::Number)).await? {
            Answer::Number(number) => Ok(number),
            _ => Ok(0),
        }
    }

    /// A page of the dead letters after a row, oldest first, each with its row; empty at the end. Waits for no writer.
    pub async fn dead_after(&self, row: i64) -> Result<Vec<Dead<i64>>, BrokerError> {
        match Self::ask_by(&self.reads, move |store| store.dead_after(row).map(Answer::Dead)).await? {
            Answer::Dead(page) => Ok(page),
            _ => Ok(Vec::new()),
        }
    }

    /// The dead letter in a row.
    pub async fn dead_at(&self, row: i64) -> Result<Option<Dead<i64>>, BrokerError> {
        let page = self.dead_after(row.saturating_sub(1)).await?;
        Ok(page.into_iter().next().filter(|dead| dead.place == row))
    }

    /// Replays a dead letter in one transaction; false if it was not there.
    pub async fn replay(&self, row: i64) -> Result<bool, BrokerError> {
        let now = Timestamp::now();
        let answer =
            self.ask(move |store| store.replay(row, now).map(|there| Answer::Number(there.into()))).await?;
        self.arrivals.notify_one();
        Ok(matches!(answer, Answer::Number(1)))
    }

    /// Removes a dead letter for good; false if it was not there.
    pub async fn drop_dead(&self, row: i64) -> Result<bool, BrokerError> {
        let answer =
            self.ask(move |store| store.drop_dead(row).map(|there| Answer::Number(there.into()))).await?;
        Ok(matches!(answer, Answer::Number(1)))
    }

    /// An id that tells this store from any other.
    pub fn identity(&self) -> &str {
        &self.identity
    }

    /// The inbox over this store; only one at a time.
    pub fn inbox(&self) -> EmbeddedInbox {
        EmbeddedInbox {
            store: self.clone(),
            page: VecDeque::new(),
            last: 0,
            retrying: FxHashSet::default(),
            damaged: VecDeque::new(),
            aside: FxHashSet::default(),
            stopped: false,
        }
    }
}

/// Starts a thread that reads the store alongside the one that writes.
fn reader(folder: &Path, name: &str) -> Result<mpsc::Sender<Job>, StoreError> {
    let store = Store::reader(folder)?;
    let (reads, mut jobs) = mpsc::channel::<Job>(READS);
    let work = move || {
        while let Some(Job { work, answer }) = jobs.blocking_recv() {
            // the caller may be gone and need no answer
            let _ = answer.send(work(&store).map_err(Failure::from));
        }
    };
    std::thread::Builder::new().name(name.to_owned()).spawn(work).map_err(StoreError::Thread)?;
    Ok(reads)
}

/// Runs a group of jobs in one transaction and answers them once it is on disk. A failing job rolls back only itself;
/// one that meets damage ends the transaction, of which SQLite then commits nothing, and the rest get another.
fn commit(store: &mut Store, tail: &Tail, lost: &CancellationToken, group: impl Iterator<Item = Job>) {
    let mut group = group.peekable();
    while group.peek().is_some() {
        let (mut answers, mut damage) = (Vec::new(), false);
        let mut committed = store.transaction(|store| {
            while !damage && let Some(job) = group.next() {
                let answer = store.savepoint(job.work);
                damage = answer.as_ref().is_err_and(StoreError::is_damage);
                answers.push((job.answer, answer));
            }
        });
        if answers.is_empty() {
            // the transaction could not be started
            answers.extend(group.by_ref().map(|job| (job.answer, Ok(Answer::Done))));
        }
        // never report something as safe if its file can't be found again
        if let Err(gone) = store.in_place() {
            if !lost.is_cancelled() {
                tracing::error!(error = %gone, "the store is lost; leaving");
                lost.cancel();
            }
            committed = Err(gone);
        }
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
        // only the job that met the damage fails for good; the others are retried
        let committed = committed.map_err(|error| {
            let lasting = matches!(error, StoreError::Lost(_));
            Failure { words: error.to_string(), lasting }
        });
        for (to, answer) in answers {
            let answer = match (&committed, answer.map_err(Failure::from)) {
                (Err(failure), Ok(_)) => Err(failure.clone()),
                (Err(failure), Err(own)) if !own.lasting => Err(failure.clone()),
                (_, answer) => answer,
            };
            // the caller may be gone and need no answer
            let _ = to.send(answer);
        }
    }
}

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

/// How often to look for due retries when nothing arrives.
const LOOK: Duration = Duration::from_millis(500);

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
    /// Reads the next page: new articles and due retries. Returns whether there may be more right away.
    async fn look(&mut self) -> Result<bool, BrokerError> {
        let (after, now) = (self.last, Timestamp::now());
        let retries = PAGE + (self.retrying.len() + self.aside.len()) as u32;
        // also checks that the store's files are still there
        self.store.ready().await?;
        let look = move |store: &Store| {
            Ok(Answer::Articles { fresh: store.fresh(after, PAGE)?, retries: store.retries(now, retries)? })
        };
        let answer = Embedded::ask_by(&self.store.reads, look).await?;
        let Answer::Articles { fresh, retries } = answer else { return Ok(false) };
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
                let bury = move |store: &Store| store.bury_damaged(&damaged, now).map(|()| Answer::Done);
                let what = if self.store.ask(bury).await.is_ok() {
                    "it was dead-lettered"
                } else {
                    self.aside.insert(row);
                    "it is left there, and not worked on"
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
                        "an article can't be taken off the store; it comes again after a restart"
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
    async fn publish(
        &self,
        envelope: &Envelope,
        _traceparent: Option<&str>,
    ) -> Result<Option<String>, BrokerError> {
        let Envelope { to, id, keys, body, .. } = envelope;
        let (id, keys, body) = (id.clone(), RoutingKey::join(keys), body.clone());
        match to {
            Audience::Everybody => {
                self.ask(move |store| store.publish(&id, keys, body).map(Answer::Published)).await?
            }
            Audience::Owner(owner) => {
                let owner = owner.clone();
                let keep = move |store: &Store| store.publish_notice(&owner, &id, &keys, &body);
                self.ask(move |store| keep(store).map(|()| Answer::Done)).await?
            }
        };
        Ok(None)
    }

    async fn keep(&self, article: Unalerted) {
        self.send_unalerted(article).await;
    }
}

#[cfg(test)]
mod tests;
