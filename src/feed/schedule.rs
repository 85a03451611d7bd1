//! Decides which feed is polled when.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::time::Duration;

use futures_util::StreamExt as _;
use futures_util::stream::FuturesUnordered;
use jiff::Timestamp;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::claims::{Claims, Tries};
use super::fault::Kind;
use super::fetch::Fetcher;
use super::memory::Memory;
use super::opml::Feed;
use super::poll::Outcome;
use super::robots::Robots;
use crate::broker::backend::Intake;
use crate::config::Settings;
use crate::metrics::Metrics;

/// Longest pause after faults, unless the interval is longer.
const LONGEST_BACKOFF: Duration = Duration::from_hours(6);

/// Longest interval that a publisher can ask for (`max-age`, `ttl`): many say a day and publish by the minute.
const LONGEST_HOLD: Duration = Duration::from_hours(1);

/// First pause after the broker or the store refused an article: the feed is not to blame.
const AFTER_OURS: Duration = Duration::from_secs(15);

/// How often the memory is pruned.
const PRUNE: Duration = Duration::from_hours(1);

/// Random share of a pause, so that feeds do not fall into step.
const JITTER: f64 = 0.1;

/// Polls feeds and publishes their articles.
#[derive(Debug)]
pub struct Feeder {
    feeds: Vec<Feed>,
    pub(super) settings: crate::config::Feeds,
    pub(super) message_bytes: usize,
    shutdown_timeout: Duration,
    pub(super) fetcher: Fetcher,
    pub(super) robots: Robots,
    pub(super) memory: Memory,
    pub(super) intake: Intake,
    pub(super) metrics: Metrics,
    pub(super) claims: Claims,
    pub(super) tries: Tries,
}

impl Feeder {
    /// Sets everything up without making a request. The error is worded for people.
    pub fn new(
        feeds: Vec<Feed>,
        settings: &Settings,
        memory: Memory,
        intake: Intake,
        metrics: Metrics,
    ) -> Result<Self, String> {
        Ok(Self {
            feeds,
            settings: settings.feeds.clone(),
            message_bytes: settings.limits.message_bytes,
            shutdown_timeout: settings.shutdown_timeout.duration(),
            fetcher: Fetcher::new(&settings.feeds)?,
            robots: Robots::default(),
            memory,
            intake,
            metrics,
            claims: Claims::default(),
            tries: Tries::default(),
        })
    }

    /// The feeds to poll.
    pub fn feeds(&self) -> &[Feed] {
        &self.feeds
    }

    /// Polls each feed once and passes each outcome to `told`, until all are done or `stop` is cancelled.
    pub async fn once(&self, stop: &CancellationToken, mut told: impl FnMut(&Feed, &Outcome)) {
        let mut polls: FuturesUnordered<_> =
            self.feeds.iter().map(async |feed| (feed, self.poll(feed, true, stop).await)).collect();
        let all = async {
            while let Some((feed, outcome)) = polls.next().await {
                told(feed, &outcome);
            }
        };
        self.until_stopped(stop, all).await;
        self.prune().await;
    }

    /// Polls all feeds, each on its own schedule, until `stop` is cancelled and what was being published is safe.
    pub async fn run(&self, stop: &CancellationToken) {
        let polled = self.metrics.feeds.with_label_values(&["polled"]);
        let failing = self.metrics.feeds.with_label_values(&["failing"]);
        polled.set(count(self.feeds.len()));
        let start = Instant::now();
        let mut due: BinaryHeap<_> = (0..self.feeds.len()).map(|at| Reverse((start, at))).collect();
        let mut failures = vec![0_u32; self.feeds.len()];
        let mut polls = FuturesUnordered::new();
        let mut prune = tokio::time::interval(PRUNE);
        while !stop.is_cancelled() {
            // bounded by the number of feeds; the fetcher bounds their requests
            while let Some(Reverse((_, at))) =
                due.peek().copied().filter(|Reverse((when, _))| *when <= Instant::now())
            {
                due.pop();
                polls.push(async move { (at, self.poll(&self.feeds[at], false, stop).await) });
            }
            let next = due.peek().map_or_else(|| Instant::now() + PRUNE, |Reverse((when, _))| *when);
            tokio::select! {
                () = stop.cancelled() => {}
                () = tokio::time::sleep_until(next) => {}
                _ = prune.tick() => self.prune().await,
                Some((at, outcome)) = polls.next() => {
                    failures[at] = if outcome.fault.is_some() { failures[at].saturating_add(1) } else { 0 };
                    failing.set(count(failures.iter().filter(|failures| **failures > 0).count()));
                    let wait = self.wait(&outcome, failures[at]);
                    tell(&self.feeds[at], &outcome, wait);
                    due.push(Reverse((Instant::now() + wait, at)));
                }
            }
        }
        self.until_stopped(stop, async { while polls.next().await.is_some() {} }).await;
    }

    /// Runs until the work is done; once stopped, for as long as a shutdown may take.
    async fn until_stopped(&self, stop: &CancellationToken, work: impl Future<Output = ()>) {
        let late = async {
            stop.cancelled().await;
            tokio::time::sleep(self.shutdown_timeout).await;
        };
        tokio::select! {
            () = work => {}
            () = late => tracing::warn!("articles of feeds were not confirmed in time; they will be published again at the next start"),
        }
    }

    async fn prune(&self) {
        match self.memory.prune(Timestamp::now()).await {
            Ok(0) => {}
            Ok(items) => tracing::debug!(items, "items that left their feeds long ago were forgotten"),
            Err(error) => tracing::error!(%error, "the feeds' memory can't be tidied"),
        }
    }

    /// The time until the next poll of a feed.
    fn wait(&self, outcome: &Outcome, failures: u32) -> Duration {
        let interval = self.settings.interval.duration();
        let wait = match &outcome.fault {
            None => interval.max(outcome.holds.unwrap_or_default().min(LONGEST_HOLD)),
            Some(fault) => {
                let ours = matches!(fault.kind, Kind::Publish | Kind::Memory);
                let first = if ours { interval.min(AFTER_OURS) } else { interval };
                let doubled = first.saturating_mul(1 << failures.saturating_sub(1).min(16));
                doubled.min(if ours { interval } else { LONGEST_BACKOFF.max(interval) })
            }
        };
        // never sooner than the publisher asked for
        let put_off = outcome.put_off.as_ref().map(|(until, _)| until.duration_since(Timestamp::now()));
        let put_off = put_off.and_then(|wait| Duration::try_from(wait).ok()).unwrap_or_default();
        wait.mul_f64(1.0 + JITTER * (2.0 * fastrand::f64() - 1.0))
            .max(put_off.mul_f64(1.0 + JITTER * fastrand::f64()))
    }
}

fn count(number: usize) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

fn tell(feed: &Feed, outcome: &Outcome, wait: Duration) {
    let (feed, again) = (feed.shown(), format!("{} s", wait.as_secs()));
    match outcome {
        Outcome { fault: Some(fault), .. } => {
            tracing::warn!(error = %fault, again, "a feed could not be polled");
        }
        Outcome { put_off: Some((until, why)), .. } => {
            tracing::warn!(feed, %until, why, "a feed asked not to be polled until then");
        }
        Outcome { published: 0, .. } => tracing::debug!(feed, again, "nothing new"),
        Outcome { published, .. } => tracing::info!(feed, published, "new articles"),
    }
}
