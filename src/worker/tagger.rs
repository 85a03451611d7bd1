//! Tags articles on threads: a panic is caught for the one article, and so is a timeout.
//!
//! A hung thread can't be ended. It is left alone: its article is given up, the rest of its batch goes to another
//! thread, and whatever it finds later is dropped.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::{Duration, Instant};

use bytes::Bytes;
use jiff::Timestamp;
use prometheus::{Histogram, IntGauge};
use tokio::sync::OwnedSemaphorePermit;
use tracing::Span;

use crate::alert::Unalerted;
use crate::article::decode::{DecodeError, Message};
use crate::broker::{Delivery, Reason};
use crate::pipeline::{Ready, Verdict};

/// Bytes of alerts at which a batch is handed back, to be published before the rest of it is tagged.
const ENOUGH: usize = 1 << 20;

/// Tags one message, given when it was first received: [`crate::pipeline::Pipeline::process`], or a test's own.
pub type Tag = dyn Fn(Message<'_>, Timestamp) -> Result<Verdict, DecodeError> + Send + Sync;

/// The result of tagging a delivery.
#[derive(Debug)]
pub(super) enum Judged {
    /// There are alerts or notices to publish.
    Ready(Box<Ready>),
    /// Nothing was found; this is kept of the article.
    Untagged(Box<Unalerted>),
    /// It is not an article, and never will be.
    Bad(Reason, String),
    /// The tagger failed on it; a retry may help.
    Failed(Reason, String),
}

/// The part of a delivery that the tagger needs.
#[derive(Debug)]
pub(super) struct Input {
    body: Bytes,
    content_type: Option<String>,
    content_encoding: Option<String>,
    first_seen: Timestamp,
    span: Span,
}

impl Input {
    pub fn of<R>(delivery: &Delivery<R>, span: Span) -> Self {
        Self {
            body: delivery.body.clone(),
            content_type: delivery.content_type.clone(),
            content_encoding: delivery.content_encoding.clone(),
            first_seen: delivery.first_seen,
            span,
        }
    }
}

/// State shared by all tagger threads. Cheap to clone.
#[derive(Clone)]
pub(super) struct Taggers {
    pub tag: Arc<Tag>,
    /// The time limit for one article.
    pub within: Duration,
    pub seconds: Histogram,
    pub hung: IntGauge,
}

/// How far a thread has got with its batch.
struct Progress {
    judged: Vec<Judged>,
    /// The permit for a thread; dropped as soon as the thread is free.
    slot: Option<OwnedSemaphorePermit>,
    given_up: bool,
}

impl Taggers {
    /// Tags a batch in order on a thread. If the thread hangs, the last result is for the article it hung on, and the
    /// permit is returned for the rest; likewise once the alerts reach [`ENOUGH`].
    pub async fn judge(
        &self,
        batch: Vec<Input>,
        slot: OwnedSemaphorePermit,
    ) -> (Vec<Judged>, Option<OwnedSemaphorePermit>) {
        let judged = Vec::with_capacity(batch.len());
        let progress = Arc::new(Mutex::new(Progress { judged, slot: Some(slot), given_up: false }));
        let (taggers, own) = (self.clone(), Arc::clone(&progress));
        let mut thread = tokio::task::spawn_blocking(move || taggers.work(&batch, &own));
        let mut before = 0;
        loop {
            if let Ok(ended) = tokio::time::timeout(self.within, &mut thread).await {
                ended.expect("panics are caught");
                let mut done = lock(&progress);
                return (std::mem::take(&mut done.judged), done.slot.take());
            }
            let mut now = lock(&progress);
            if now.judged.len() == before && now.slot.is_some() {
                now.given_up = true;
                self.hung.inc();
                let error = format!("the tagger took longer than {:?}", self.within);
                now.judged.push(Judged::Failed(Reason::TAGGER_TIMED_OUT, error));
                return (std::mem::take(&mut now.judged), now.slot.take());
            }
            before = now.judged.len();
        }
    }

    fn work(&self, batch: &[Input], progress: &Mutex<Progress>) {
        let mut alerts = 0;
        for (at, input) in batch.iter().enumerate() {
            let started = Instant::now();
            let judged = input.span.in_scope(|| judge(input, &self.tag));
            self.seconds.observe(started.elapsed().as_secs_f64());
            let mut progress = lock(progress);
            if progress.given_up {
                self.hung.dec();
                return;
            }
            if let Judged::Ready(ready) = &judged {
                alerts += ready.bytes();
            }
            progress.judged.push(judged);
            if alerts >= ENOUGH && at + 1 < batch.len() {
                return;
            }
        }
        lock(progress).slot = None;
    }
}

fn lock(progress: &Mutex<Progress>) -> MutexGuard<'_, Progress> {
    progress.lock().expect("nothing panics while it is held")
}

fn judge(input: &Input, tag: &Arc<Tag>) -> Judged {
    let message = Message {
        body: &input.body,
        content_type: input.content_type.as_deref(),
        content_encoding: input.content_encoding.as_deref(),
    };
    // the tagger has no mutable state, so nothing can be left half changed
    match catch_unwind(AssertUnwindSafe(|| tag(message, input.first_seen))) {
        Ok(Ok(Verdict::Ready(ready))) => Judged::Ready(ready),
        Ok(Ok(Verdict::Untagged(kept))) => Judged::Untagged(kept),
        Ok(Err(error)) => Judged::Bad(Reason::from(&error), error.to_string()),
        Err(panic) => {
            Judged::Failed(Reason::TAGGER_PANICKED, format!("the tagger panicked: {}", words(panic.as_ref())))
        }
    }
}

fn words(panic: &(dyn Any + Send)) -> &str {
    panic
        .downcast_ref::<&str>()
        .copied()
        .or_else(|| panic.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("no message")
}
