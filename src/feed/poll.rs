//! One poll of one feed: fetch, parse, publish what is new, remember.

use std::cell::Cell;
use std::time::Duration;

use bytes::Bytes;
use futures_util::StreamExt as _;
use jiff::{SignedDuration, Timestamp};
use tokio_util::sync::CancellationToken;

use super::event::event;
use super::fault::{Fault, Kind, shown};
use super::fetch::{Body, Got, Want};
use super::item::{Key, Keyed, keyed};
use super::memory::{Known, MemoryError};
use super::opml::Feed;
use super::page;
use super::read::{Reading, read};
use super::schedule::Feeder;
use crate::broker::Incoming;

/// Articles of one feed published concurrently.
const AT_ONCE: usize = 8;

/// Polls in which a page may fail with a temporary fault before the feed's own text is used instead.
const PAGE_TRIES: u8 = 3;

/// Maximum number of items whose pages are retried.
const MOST_WAITING: usize = 10_000;

const ACCEPT: &str = "application/rss+xml, application/atom+xml, application/feed+json, application/rdf+xml;q=0.9, \
                      application/xml;q=0.8, application/json;q=0.8, text/xml;q=0.8, */*;q=0.1";

/// How long a feed that is gone is not polled, and the longest that a feed may ask to be left alone.
const GONE: Duration = Duration::from_hours(30 * 24);
const LONGEST_LATER: Duration = Duration::from_hours(24);

/// The outcome of a poll.
#[derive(Debug, Default)]
pub struct Outcome {
    /// Articles published.
    pub published: usize,
    /// Items already known.
    pub known: usize,
    /// Nothing new: the feed has not changed.
    pub unchanged: bool,
    /// What went wrong.
    pub fault: Option<Fault>,
    /// When it may be polled again at the earliest, and why.
    pub put_off: Option<(Timestamp, String)>,
    /// How long the publisher says that the response stays valid.
    pub(super) holds: Option<Duration>,
    /// Some items are left for the next poll.
    pub(super) left: bool,
}

/// What became of an item.
enum Done {
    Published,
    /// Left for the next poll.
    Left,
    Failed(Fault),
}

impl Feeder {
    /// Polls a feed once. Stops early, without loss, when `stop` is cancelled. `last` says that no other poll follows.
    pub(super) async fn poll(&self, feed: &Feed, last: bool, stop: &CancellationToken) -> Outcome {
        let mut outcome = Outcome::default();
        if let Err(mut fault) = self.poll_into(feed, last, stop, &mut outcome).await {
            // after a redirect the message may name another URL: always name the feed of the list
            let name = feed.shown();
            if !fault.words.starts_with(&name) {
                fault.words = format!("{name}: {}", fault.words);
            }
            outcome.fault = Some(fault);
        }
        self.count(&outcome);
        outcome
    }

    async fn poll_into(
        &self,
        feed: &Feed,
        last: bool,
        stop: &CancellationToken,
        outcome: &mut Outcome,
    ) -> Result<(), Fault> {
        let name = feed.shown();
        let known = self.memory.feed(&name, Timestamp::now()).await.map_err(of_memory)?;
        if known.put_off.is_some() {
            outcome.put_off = known.put_off;
            return Ok(());
        }
        let Some(got) = stop.run_until_cancelled(self.ask(feed, &known)).await else { return Ok(()) };
        let body = match got {
            Ok(Got::Body(body)) => body,
            Ok(Got::NotModified { max_age }) => {
                (outcome.unchanged, outcome.holds) = (true, max_age);
                return Ok(());
            }
            Err(fault) => return Err(self.after_refusal(&name, fault, outcome).await),
        };
        if let Some(moved) = &body.moved {
            tracing::warn!(
                feed = name,
                to = shown(moved),
                "the feed moved for good; write the new address in the list"
            );
        }
        let now = Timestamp::now();
        let (etag, last_modified, max_age) = (body.etag.clone(), body.last_modified.clone(), body.max_age);
        let reading = parsed(&name, *body).await?;
        if reading.left_out > 0 {
            tracing::warn!(
                feed = name,
                items = reading.left_out,
                "a feed has more items than are read; these are left out"
            );
        }
        outcome.holds = max_age.max(reading.ttl);
        let items = keyed(&feed.url, reading.items);
        let all: Vec<Key> = items.iter().flat_map(|item| item.keys.clone()).collect();
        let had =
            self.memory.had(items.iter().map(|item| item.keys.clone()).collect()).await.map_err(of_memory)?;
        let fresh: Vec<Keyed> =
            items.into_iter().zip(&had).filter(|(_, had)| !**had).map(|(item, _)| item).collect();
        outcome.known = had.iter().filter(|had| **had).count();
        self.publish(feed, reading.title.as_deref(), fresh, last, stop, outcome).await?;
        // what the response says about itself counts only once all of its items are done
        if !outcome.left {
            self.memory.read(&name, all, etag, last_modified, now).await.map_err(of_memory)?;
        }
        Ok(())
    }

    async fn ask(&self, feed: &Feed, known: &Known) -> Result<Got, Fault> {
        let want = Want {
            accept: ACCEPT,
            bytes: self.settings.feed_bytes,
            cut: false,
            etag: known.etag.as_deref(),
            last_modified: known.last_modified.as_deref(),
        };
        self.fetcher.get(&feed.url, &want, async |_| Ok(Duration::ZERO)).await
    }

    /// Records that a feed asked to be left alone, or that it is gone.
    async fn after_refusal(&self, name: &str, fault: Fault, outcome: &mut Outcome) -> Fault {
        let later = match fault.status {
            Some(410) => Some(GONE),
            Some(429 | 503) => fault.later.map(|later| later.min(LONGEST_LATER)),
            _ => None,
        };
        let until =
            later.and_then(|later| Timestamp::now().checked_add(SignedDuration::try_from(later).ok()?).ok());
        if let Some(until) = until {
            outcome.put_off = Some((until, fault.words.clone()));
            if let Err(error) = self.memory.put_off(name, until, &fault.words).await {
                return of_memory(error);
            }
        }
        fault
    }

    /// Publishes what is new, oldest first: feeds list the newest first.
    async fn publish(
        &self,
        feed: &Feed,
        title: Option<&str>,
        fresh: Vec<Keyed>,
        last: bool,
        stop: &CancellationToken,
        outcome: &mut Outcome,
    ) -> Result<(), Fault> {
        let broken = Cell::new(false);
        let broken = &broken;
        let mut fault = None;
        let mut done = futures_util::stream::iter(fresh.into_iter().rev())
            .map(|item| async move {
                if broken.get() || stop.is_cancelled() {
                    return Done::Left;
                }
                let done = self.item(feed, title, &item, last, stop).await;
                // a broker that refuses one refuses them all
                broken.set(broken.get() || matches!(done, Done::Failed(_)));
                done
            })
            .buffer_unordered(AT_ONCE);
        while let Some(done) = done.next().await {
            match done {
                Done::Published => outcome.published += 1,
                Done::Left => outcome.left = true,
                Done::Failed(error) => {
                    outcome.left = true;
                    fault = Some(error);
                }
            }
        }
        fault.map_or(Ok(()), Err)
    }

    async fn item(
        &self,
        feed: &Feed,
        title: Option<&str>,
        item: &Keyed,
        last: bool,
        stop: &CancellationToken,
    ) -> Done {
        // another feed has the same article, and it is being published
        let Some(_claim) = self.claims.claim(&item.keys) else { return Done::Left };
        let page = match stop.run_until_cancelled(self.page(item, last)).await {
            None | Some(Err(())) => return Done::Left,
            Some(Ok(page)) => page,
        };
        let event = event(item, feed, title, page.as_deref(), self.message_bytes);
        let article = Incoming {
            body: Bytes::from(event),
            content_type: Some("application/json".to_owned()),
            content_encoding: None,
            traceparent: None,
        };
        if let Err(error) = self.intake.accept(article).await {
            return Done::Failed(Fault::new(Kind::Publish, format!("an article was not taken: {error}")));
        }
        match self.memory.remember(&feed.shown(), item.keys.clone(), Timestamp::now()).await {
            Ok(()) => Done::Published,
            Err(error) => Done::Failed(of_memory(error)),
        }
    }

    /// The item's page, if pages are wanted and this one is available; an error if it may be available at the next
    /// poll.
    async fn page(&self, item: &Keyed, last: bool) -> Result<Option<String>, ()> {
        let Some(link) = item.item.link.as_ref().filter(|_| self.settings.full && item.own_link) else {
            return Ok(None);
        };
        let fault = match page::fetch(&self.fetcher, &self.robots, link, self.settings.page_bytes).await {
            Ok(page) => {
                self.metrics.feed_pages.with_label_values(&["fetched"]).inc();
                self.tries.clear(item.keys[0]);
                return Ok(Some(page));
            }
            Err(fault) => fault,
        };
        if fault.passes() && !last && self.tries.again(item.keys[0], PAGE_TRIES, MOST_WAITING) {
            return Err(());
        }
        let result = if fault.kind == Kind::Robots { "robots" } else { "failed" };
        self.metrics.feed_pages.with_label_values(&[result]).inc();
        tracing::info!(error = %fault, "the feed's own text stands in for a page");
        Ok(None)
    }

    fn count(&self, outcome: &Outcome) {
        let result = match outcome {
            Outcome { fault: Some(_), .. } => "failed",
            Outcome { put_off: Some(_), .. } => "put-off",
            Outcome { unchanged: true, .. } => "unchanged",
            _ => "read",
        };
        self.metrics.feed_polls.with_label_values(&[result]).inc();
        self.metrics.feed_items.with_label_values(&["published"]).inc_by(outcome.published as u64);
        self.metrics.feed_items.with_label_values(&["known"]).inc_by(outcome.known as u64);
        if let Some(fault) = &outcome.fault {
            self.metrics.feed_errors.with_label_values(&[fault.kind.as_str()]).inc();
        }
    }
}

/// Parses a feed on a thread that may take its time, and may panic.
async fn parsed(name: &str, body: Body) -> Result<Reading, Fault> {
    let done =
        tokio::task::spawn_blocking(move || read(&body.bytes, body.content_type.as_deref(), &body.url)).await;
    let reading = done.unwrap_or_else(|_| Err("its parser failed on it".to_owned()));
    reading.map_err(|words| Fault::new(Kind::NotAFeed, format!("{name}: no feed that can be read: {words}")))
}

#[expect(clippy::needless_pass_by_value, reason = "for `map_err`")]
fn of_memory(error: MemoryError) -> Fault {
    Fault::new(Kind::Memory, error.to_string())
}
