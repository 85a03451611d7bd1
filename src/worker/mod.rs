//! The worker: takes deliveries from an inbox, has them tagged, publishes alerts, settles. Knows no broker.
//!
//! ```text
//! intake ─► batch ─► tagger threads ─► publish, confirm ─► settle
//! ```
//! What is in flight is bounded twice: by the broker's prefetch and by bytes. A delivery is settled only after
//! its alert is confirmed. On shutdown the intake stops, what is in flight is finished, then the inbox closes.

mod judge;
mod recent;
#[cfg(test)]
mod tests;

use std::sync::Arc;
use std::time::{Duration, Instant};

use futures_util::FutureExt as _;
use futures_util::future::join_all;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, broadcast};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;
use tracing::Instrument as _;

use crate::broker::{BrokerError, Delivery, Disposition, Inbox, Outbox, Reason, Receipt};
use crate::metrics::{Metrics, Outcome};
use crate::pipeline::{Pipeline, Ready};
use judge::{Judged, judge};
use recent::Recent;

/// Deliveries handed to a tagger thread at once: enough to make the hand-over cheap (about 10 µs), few enough to
/// keep the first of them from waiting (32 articles of 3 kB take about 5 ms).
const BATCH: usize = 32;

/// Alert ids remembered to tell a redelivery from news; about 6 MB.
const REMEMBERED: usize = 65_536;

/// How a worker is set up.
#[derive(Debug, Clone)]
pub struct Options {
    /// Bytes of bodies in flight; the intake waits above them.
    pub in_flight_bytes: usize,
    /// After so many retries an article is dead.
    pub retries: u32,
    /// How long a stopping worker may take to finish.
    pub shutdown_timeout: Duration,
}

/// How a worker ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Drained {
    /// All that was in flight is settled.
    All,
    /// The time ran out; what was left will be delivered again.
    TimedOut,
}

/// What all deliveries share.
struct Shared<O> {
    pipeline: Arc<Pipeline>,
    outbox: O,
    metrics: Metrics,
    options: Options,
    recent: Recent,
    /// Confirmed alerts, for who listens in this process.
    published: broadcast::Sender<Arc<Ready>>,
}

/// A delivery on its way, with its share of the bytes in flight.
struct InFlight<R> {
    delivery: Delivery<R>,
    received: Instant,
    _bytes: OwnedSemaphorePermit,
}

/// Works until `shutdown`, then finishes what is in flight.
pub async fn run<I: Inbox, O: Outbox>(
    mut inbox: I,
    outbox: O,
    pipeline: Arc<Pipeline>,
    metrics: Metrics,
    options: Options,
    published: broadcast::Sender<Arc<Ready>>,
    shutdown: CancellationToken,
) -> Drained {
    let taggers = std::thread::available_parallelism().map_or(2, usize::from);
    let taggers = Arc::new(Semaphore::new(taggers));
    let total = kib(options.in_flight_bytes);
    let bytes = Arc::new(Semaphore::new(total as usize));
    let timeout = options.shutdown_timeout;
    let recent = Recent::new(REMEMBERED);
    let shared = Arc::new(Shared { pipeline, outbox, metrics, options, recent, published });
    let mut batches = JoinSet::new();
    loop {
        let first = tokio::select! {
            biased;
            () = shutdown.cancelled() => break,
            first = inbox.next() => first,
        };
        let mut batch = Vec::with_capacity(BATCH);
        let mut next = first;
        while let Some(delivery) = next {
            let admitted = tokio::select! {
                admitted = admit(delivery, &bytes, total, &shared.metrics) => admitted,
                // not settled, so it goes back to the broker
                () = shutdown.cancelled() => break,
            };
            batch.push(admitted);
            if batch.len() == BATCH {
                break;
            }
            next = inbox.next().now_or_never().flatten();
        }
        if batch.is_empty() {
            break;
        }
        let slot = Arc::clone(&taggers).acquire_owned().await.expect("never closed");
        batches.spawn(work(batch, slot, Arc::clone(&shared)));
        while batches.try_join_next().is_some() {}
    }
    tracing::info!(in_flight = shared.metrics.in_flight.get(), "stopping: finishing what is in flight");
    let finish = async {
        inbox.stop().await;
        while batches.join_next().await.is_some() {}
        inbox.close().await;
    };
    match tokio::time::timeout(timeout, finish).await {
        Ok(()) => Drained::All,
        Err(_) => Drained::TimedOut,
    }
}

/// Waits until the bytes in flight leave room for a delivery. One larger than all of them takes all.
async fn admit<R>(
    delivery: Delivery<R>,
    bytes: &Arc<Semaphore>,
    total: u32,
    metrics: &Metrics,
) -> InFlight<R> {
    let share = kib(delivery.body.len()).min(total);
    let permit = Arc::clone(bytes).acquire_many_owned(share).await.expect("never closed");
    metrics.in_flight.inc();
    InFlight { delivery, received: Instant::now(), _bytes: permit }
}

fn kib(bytes: usize) -> u32 {
    u32::try_from(bytes.div_ceil(1024)).unwrap_or(u32::MAX >> 4).clamp(1, u32::MAX >> 4)
}

/// Tags a batch on a thread of its own, then publishes and settles all of it at once.
async fn work<R: Receipt, O: Outbox>(
    batch: Vec<InFlight<R>>,
    slot: OwnedSemaphorePermit,
    shared: Arc<Shared<O>>,
) {
    let tagger = Arc::clone(&shared);
    let judged = tokio::task::spawn_blocking(move || {
        let judged: Vec<_> = batch
            .into_iter()
            .map(|in_flight| {
                let started = Instant::now();
                let judged = judge(&in_flight.delivery, &tagger.pipeline);
                tagger.metrics.stage.with_label_values(&["tag"]).observe(started.elapsed().as_secs_f64());
                (in_flight, judged)
            })
            .collect();
        drop(slot);
        judged
    })
    .await
    .expect("judge catches panics");
    join_all(judged.into_iter().map(|(in_flight, judged)| {
        let span = tracing::info_span!("article", id = judged.article_id());
        finish(in_flight, judged, &shared).instrument(span)
    }))
    .await;
    // a batch that was cut off by the end of the program never comes here: its deliveries come again
}

/// Publishes what there is to publish and settles the delivery: its one outcome is decided here.
async fn finish<R: Receipt, O: Outbox>(in_flight: InFlight<R>, judged: Judged, shared: &Shared<O>) {
    let InFlight { delivery, received, _bytes } = in_flight;
    let (outcome, disposition) = match judged {
        Judged::Alert(ready) => publish(ready, &delivery, received, shared).await,
        Judged::Untagged(_) => (Outcome::Untagged, Disposition::Ack),
        Judged::Bad(error) => {
            let disposition = Disposition::Dead { reason: Reason::from(&error), error: error.to_string() };
            (Outcome::Dead, disposition)
        }
        Judged::Panicked(error) => again(&delivery, Reason::TAGGER_PANICKED, error, shared),
    };
    if let Disposition::Dead { reason, error } = &disposition {
        tracing::warn!(reason = reason.as_str(), error, "article is dead");
        shared.metrics.dead.with_label_values(&[reason.as_str()]).inc();
    }
    let started = Instant::now();
    match delivery.receipt.settle(disposition).await {
        Ok(()) => shared.metrics.articles.with_label_values(&[outcome.as_str()]).inc(),
        Err(error) => tracing::debug!(%error, "not settled: the delivery will come again"),
    }
    shared.metrics.stage.with_label_values(&["settle"]).observe(started.elapsed().as_secs_f64());
    shared.metrics.in_flight.dec();
}

async fn publish<R, O: Outbox>(
    ready: Ready,
    delivery: &Delivery<R>,
    received: Instant,
    shared: &Shared<O>,
) -> (Outcome, Disposition) {
    let Some(claim) = shared.recent.claim(&ready.id).await else {
        return (Outcome::Duplicate, Disposition::Ack);
    };
    let started = Instant::now();
    let result = shared.outbox.publish(&ready, delivery.traceparent.as_deref()).await;
    let metrics = &shared.metrics;
    metrics.stage.with_label_values(&["publish"]).observe(started.elapsed().as_secs_f64());
    let answer = match &result {
        Ok(()) => "ack",
        Err(BrokerError::Refused | BrokerError::Store(_)) => "nack",
        Err(BrokerError::Timeout(_)) => "timeout",
        Err(BrokerError::Connection(_)) => "lost",
    };
    metrics.confirms.with_label_values(&[answer]).inc();
    if let Err(error) = result {
        return again(delivery, Reason::RETRIES_EXHAUSTED, error.to_string(), shared);
    }
    metrics.processing.observe(received.elapsed().as_secs_f64());
    metrics.count_alert(&ready.alert);
    claim.confirmed();
    // nobody listening is no error
    let _ = shared.published.send(Arc::new(ready));
    (Outcome::Alerted, Disposition::Ack)
}

/// Another try, or the end of them.
fn again<R, O>(
    delivery: &Delivery<R>,
    reason: Reason,
    error: String,
    shared: &Shared<O>,
) -> (Outcome, Disposition) {
    if delivery.attempts >= shared.options.retries {
        (Outcome::Dead, Disposition::Dead { reason, error })
    } else {
        tracing::warn!(attempts = delivery.attempts, error, "article is put back");
        (Outcome::Retried, Disposition::Retry { error })
    }
}
