//! The threads that own the store's connections: one that writes, and others that read alongside it.

use std::path::Path;
use std::sync::Arc;

use tokio::sync::{mpsc, oneshot};
use tokio_util::sync::CancellationToken;

use super::store::{Store, StoreError};
use crate::broker::BrokerError;
use crate::broker::tail::{Published, Tail};

/// The most writes that share a transaction.
const GROUP: usize = 256;

/// The most reads that may wait.
const READS: usize = 64;

/// Why a read or a write failed.
#[derive(Debug, Clone)]
pub(super) struct Failure {
    pub words: String,
    /// Whether it would fail again: the store is lost, or damaged at that place.
    pub lasting: bool,
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

/// The thread of a job has ended.
fn ended() -> Failure {
    Failure { words: "its thread has ended".to_owned(), lasting: true }
}

/// What a write changed.
#[derive(Debug)]
pub(super) enum Written {
    Done,
    /// Whether there was something to change.
    If(bool),
    /// `None` if the alert was there before.
    Alert(Option<Published>),
}

type Write = dyn FnOnce(&Store) -> Result<Written, StoreError> + Send;

/// A write, with where to tell what became of it.
struct Job {
    write: Box<Write>,
    answer: oneshot::Sender<Result<Written, Failure>>,
}

/// The thread that writes. It ends with the last handle.
#[derive(Debug, Clone)]
pub(super) struct Writer(mpsc::Sender<Job>);

impl Writer {
    /// Starts it. What it publishes is added to `tail`; `lost` is cancelled when the store's files are gone.
    pub fn start(mut store: Store, tail: Arc<Tail>, lost: CancellationToken) -> Result<Self, StoreError> {
        let (writes, mut jobs) = mpsc::channel::<Job>(GROUP * 4);
        let work = move || {
            let mut group = Vec::with_capacity(GROUP);
            while jobs.blocking_recv_many(&mut group, GROUP) > 0 {
                commit(&mut store, &tail, &lost, group.drain(..));
            }
        };
        std::thread::Builder::new()
            .name("presswatch-store".to_owned())
            .spawn(work)
            .map_err(StoreError::Thread)?;
        Ok(Self(writes))
    }

    /// Resolves when the write is on disk.
    pub async fn write(
        &self,
        write: impl FnOnce(&Store) -> Result<Written, StoreError> + Send + 'static,
    ) -> Result<Written, Failure> {
        let (answer, answered) = oneshot::channel();
        self.0.send(Job { write: Box::new(write), answer }).await.map_err(|_| ended())?;
        answered.await.map_err(|_| ended())?
    }

    /// Queues a write without waiting for its result.
    pub async fn leave(&self, write: impl FnOnce(&Store) -> Result<Written, StoreError> + Send + 'static) {
        let (answer, _nobody) = oneshot::channel();
        let _ = self.0.send(Job { write: Box::new(write), answer }).await;
    }
}

type Read = Box<dyn FnOnce(&Store) + Send>;

/// A thread that reads alongside the one that writes, and waits for no writer. It ends with the last handle.
#[derive(Debug, Clone)]
pub(super) struct Reader(mpsc::Sender<Read>);

impl Reader {
    /// Starts it on a connection of its own.
    pub fn start(folder: &Path, name: &str) -> Result<Self, StoreError> {
        let store = Store::reader(folder)?;
        let (reads, mut jobs) = mpsc::channel::<Read>(READS);
        let work = move || {
            while let Some(read) = jobs.blocking_recv() {
                read(&store);
            }
        };
        std::thread::Builder::new().name(name.to_owned()).spawn(work).map_err(StoreError::Thread)?;
        Ok(Self(reads))
    }

    /// What a read finds.
    pub async fn read<T: Send + 'static>(
        &self,
        read: impl FnOnce(&Store) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, Failure> {
        let (answer, answered) = oneshot::channel();
        // the caller may be gone and need no answer
        let job = Box::new(move |store: &Store| drop(answer.send(read(store))));
        self.0.send(job).await.map_err(|_| ended())?;
        Ok(answered.await.map_err(|_| ended())??)
    }
}

/// Runs a group of writes in one transaction and answers them once it is on disk. A failing job rolls back only itself;
/// one that meets damage ends the transaction, of which SQLite then commits nothing, and the rest get another.
fn commit(store: &mut Store, tail: &Tail, lost: &CancellationToken, group: impl Iterator<Item = Job>) {
    let mut group = group.peekable();
    while group.peek().is_some() {
        let (mut answers, mut damage) = (Vec::new(), false);
        let mut committed = store.transaction(|store| {
            while !damage && let Some(job) = group.next() {
                let answer = store.savepoint(job.write);
                damage = answer.as_ref().is_err_and(StoreError::is_damage);
                answers.push((job.answer, answer));
            }
        });
        if answers.is_empty() {
            // the transaction could not be started
            answers.extend(group.by_ref().map(|job| (job.answer, Ok(Written::Done))));
        }
        // never report something as safe if its file can't be found again
        if let Err(gone) = store.in_place() {
            if !lost.is_cancelled() {
                tracing::error!(error = %gone, "the store is lost; exiting");
                lost.cancel();
            }
            committed = Err(gone);
        }
        if committed.is_ok() {
            let published: Vec<Published> = answers
                .iter_mut()
                .filter_map(|(_, answer)| match answer {
                    Ok(Written::Alert(alert)) => alert.take(),
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
