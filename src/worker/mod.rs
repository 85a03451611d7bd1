//! The worker: takes deliveries from an inbox, has them tagged, publishes alerts, settles. Knows no broker.
//!
//! ```text
//! intake ─► batch ─► tagger threads ─► publish, confirm ─► settle
//! ```
//! What is in flight is bounded twice: by the broker's prefetch, and by bytes, counting unpacked bodies and alerts. A
//! delivery is settled only after its alert is confirmed. On shutdown the intake stops, what is in flight is finished,
//! then the inbox closes.

mod finish;
mod named;
mod recent;
mod tagger;
#[cfg(test)]
mod tests;

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use futures_util::FutureExt as _;
use futures_util::future::join_all;
use prometheus::{Histogram, IntCounter};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;
use tracing::{Instrument as _, Span};

use crate::broker::confirmed::Confirmed;
use crate::broker::held::{Held, Share};
use crate::broker::{Delivery, Inbox, Outbox, Receipt};
use crate::metrics::{Metrics, NOTICE_PUBLISHED, Outcome};
use finish::finish;
use recent::Recent;
pub use tagger::Tag;
use tagger::{Input, Taggers};

/// Deliveries handed to a tagger thread at once: enough to make the handover cheap (about 10 µs), few enough that the
/// first of them doesn't wait long (32 articles of 3 kB take about 5 ms).
const BATCH: usize = 32;

/// Bytes that fill a batch: large articles are tagged in batches of their own, few of them at a time.
const BATCH_BYTES: usize = 128 << 10;

/// Ids of alerts, and of notices, remembered to recognize a redelivery; about 6 MB.
const REMEMBERED: usize = 65_536;

/// Hung tagger threads after which the worker exits: each occupies a core, and a new process starts with none.
const MOST_HUNG: i64 = 64;

/// The options of a worker.
#[derive(Debug, Clone)]
pub struct Options {
    /// Bytes in flight, of unpacked bodies and of their alerts; above this the intake waits.
    pub in_flight_bytes: usize,
    /// The most bytes of an unpacked body.
    pub unpacked_bytes: usize,
    /// After this many retries an article is dead-lettered.
    pub retries: u32,
    /// The most headers of a message, and the most bytes of them.
    pub headers: (usize, usize),
    /// The most bytes of an alert or a notice; the article of a larger one is dead-lettered.
    pub alert_bytes: usize,
    /// How long the tagger may take over one article.
    pub tag_timeout: Duration,
    /// How long a stopping worker may take to finish.
    pub shutdown_timeout: Duration,
}

/// How a worker ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Drained {
    /// Everything in flight is settled.
    All,
    /// The time ran out; what was left will be redelivered.
    TimedOut,
    /// It failed: too many taggers hung, the intake ended by itself, or there was an internal error. What was left will
    /// be redelivered.
    Failed,
}

/// State shared by all deliveries.
struct Shared<O> {
    taggers: Taggers,
    outbox: O,
    metrics: Metrics,
    series: Series,
    options: Options,
    /// Alerts.
    recent: Recent,
    /// Notices, remembered separately, as an article may have many: they must not push alerts out.
    recent_notices: Recent,
    confirmed: Confirmed,
}

/// The metrics that every article updates, looked up once.
struct Series {
    publish: Histogram,
    settle: Histogram,
    confirmed: IntCounter,
    confirmed_notices: IntCounter,
    outcomes: [IntCounter; Outcome::ALL.len()],
}

impl Series {
    fn of(metrics: &Metrics) -> Self {
        Self {
            publish: metrics.stage.with_label_values(&["publish"]),
            settle: metrics.stage.with_label_values(&["settle"]),
            confirmed: metrics.confirms.with_label_values(&["ack"]),
            confirmed_notices: metrics.notices.with_label_values(&[NOTICE_PUBLISHED]),
            outcomes: Outcome::ALL.map(|outcome| metrics.articles.with_label_values(&[outcome.as_str()])),
        }
    }
}

/// A delivery being processed, with its share of the bytes in flight.
struct InFlight<R> {
    delivery: Delivery<R>,
    bytes: Share,
    /// Names the article in the log.
    span: Span,
}

/// Runs until `shutdown`, then finishes what is in flight.
pub async fn run<I: Inbox, O: Outbox>(
    mut inbox: I,
    outbox: O,
    tag: Arc<Tag>,
    metrics: Metrics,
    options: Options,
    confirmed: Confirmed,
    shutdown: CancellationToken,
) -> Drained {
    let threads = std::thread::available_parallelism().map_or(2, usize::from);
    let threads = Arc::new(Semaphore::new(threads));
    let held = Held::new(options.in_flight_bytes);
    let unpacked_most = options.unpacked_bytes;
    let timeout = options.shutdown_timeout;
    let (recent, recent_notices) = (Recent::new(REMEMBERED), Recent::new(REMEMBERED));
    let series = Series::of(&metrics);
    let seconds = metrics.stage.with_label_values(&["tag"]);
    let hung = metrics.taggers_hung.clone();
    let taggers = Taggers { tag, within: options.tag_timeout, seconds, hung };
    let shared =
        Arc::new(Shared { taggers, outbox, metrics, series, options, recent, recent_notices, confirmed });
    let mut batches = JoinSet::new();
    let mut failed = false;
    // a delivery for which the bytes in flight had no room, set aside because its batch was not empty
    let mut waiting = None;
    while !failed {
        let first = if waiting.is_some() {
            waiting.take()
        } else {
            tokio::select! {
                biased;
                () = shutdown.cancelled() => break,
                first = inbox.next() => first,
            }
        };
        if first.is_none() {
            tracing::error!("the intake ended by itself; exiting, to be restarted");
            failed = true;
            break;
        }
        let mut batch = VecDeque::with_capacity(BATCH);
        let (mut next, mut size) = (first, 0);
        while let Some(delivery) = next {
            let unpacked = unpacked(&delivery.body, unpacked_most);
            let bytes = if batch.is_empty() {
                tokio::select! {
                    bytes = held.room(unpacked) => bytes,
                    // not settled, so it is requeued
                    () = shutdown.cancelled() => break,
                }
            } else if let Some(bytes) = held.take(unpacked) {
                bytes
            } else {
                // waiting here would be waiting for what this very batch holds
                waiting = Some(delivery);
                break;
            };
            size += unpacked;
            shared.metrics.in_flight.inc();
            batch.push_back(InFlight { span: named::span(&delivery), delivery, bytes });
            if batch.len() == BATCH || size >= BATCH_BYTES {
                break;
            }
            next = inbox.next().now_or_never().flatten();
        }
        if batch.is_empty() {
            break;
        }
        let slot = Arc::clone(&threads).acquire_owned().await.expect("never closed");
        batches.spawn(work(batch, slot, Arc::clone(&shared)));
        while let Some(ended) = batches.try_join_next() {
            if let Err(error) = ended {
                tracing::error!(%error, "a fault in presswatch itself; exiting, so that what is in flight is redelivered");
                failed = true;
            }
        }
        if shared.metrics.taggers_hung.get() >= MOST_HUNG {
            tracing::error!(hung = MOST_HUNG, "too many taggers hang; exiting, to be restarted");
            failed = true;
        }
    }
    tracing::info!(in_flight = shared.metrics.in_flight.get(), "stopping: finishing what is in flight");
    let finish = async {
        inbox.stop().await;
        while batches.join_next().await.is_some() {}
        inbox.close().await;
    };
    match tokio::time::timeout(timeout, finish).await {
        _ if failed => Drained::Failed,
        Ok(()) => Drained::All,
        Err(_) => Drained::TimedOut,
    }
}

/// Bytes of an unpacked body, as stated at the end of a gzip file (RFC 1952, section 2.3.1), up to the limit. A body
/// that understates its size, or is packed in another way, is counted by its alert.
fn unpacked(body: &[u8], most: usize) -> usize {
    let told = match (body, body.last_chunk()) {
        ([0x1f, 0x8b, ..], Some(length)) => u32::from_le_bytes(*length) as usize,
        _ => 0,
    };
    told.min(most).max(body.len())
}

/// Tags a batch on a separate thread, then publishes and settles all of it at once.
async fn work<R: Receipt, O: Outbox>(
    mut batch: VecDeque<InFlight<R>>,
    slot: OwnedSemaphorePermit,
    shared: Arc<Shared<O>>,
) {
    let mut slot = Some(slot);
    // more than one round only if a tagger hangs or alerts are large: then the thread waits for their confirms
    while let Some(thread) = slot.take().filter(|_| !batch.is_empty()) {
        let inputs = batch.iter().map(|each| Input::of(&each.delivery, each.span.clone())).collect();
        let (judged, left) = shared.taggers.judge(inputs, thread).await;
        slot = left;
        let done = batch.drain(..judged.len()).zip(judged);
        let finished = done.map(|(in_flight, judged)| {
            let span = in_flight.span.clone();
            finish(in_flight, judged, &shared).instrument(span)
        });
        join_all(finished.collect::<Vec<_>>()).await;
    }
    // a batch cut off by the end of the program never gets here: its deliveries will be redelivered
}
