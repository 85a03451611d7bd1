//! What the console shows from the start: the last hour's counts by country, topic, official; and over RabbitMQ, which
//! keeps no log to read, the latest alerts.
//!
//! Kept in memory and bounded; a restart begins anew.

use std::cmp::Reverse;
use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use rustc_hash::FxHashMap;
use serde::Serialize;
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;

use crate::alert::{Envelope, Kind, RoutingKey};
use crate::broker::tail::{Published, Tail};
use crate::pipeline::Ready;
use crate::tagging::Tagged;

/// Minutes that are counted.
const MINUTES: u64 = 60;

/// Different keys counted in a minute: officials who are in no lexicon are without number.
const KEYS: usize = 2000;

/// Entries of a list.
const TOP: usize = 8;

/// The latest alerts and the last hour.
#[derive(Debug)]
pub struct Board {
    started: Instant,
    inner: Mutex<Inner>,
    /// The alerts of a worker without a log, numbered as they came.
    tail: Arc<Tail>,
}

#[derive(Debug, Default)]
struct Inner {
    minutes: VecDeque<Minute>,
}

#[derive(Debug, Default)]
struct Minute {
    number: u64,
    alerts: u64,
    counts: FxHashMap<RoutingKey, (String, u64)>,
}

/// How often a key was seen.
#[derive(Debug, Serialize)]
pub(super) struct Entry {
    key: String,
    name: String,
    count: u64,
}

/// The last hour, or what there is of it.
#[derive(Debug, Serialize)]
pub(super) struct Hour {
    /// Minutes that are covered.
    minutes: u64,
    alerts: u64,
    countries: Vec<Entry>,
    topics: Vec<Entry>,
    officials: Vec<Entry>,
}

impl Default for Board {
    fn default() -> Self {
        Self { started: Instant::now(), inner: Mutex::default(), tail: Arc::new(Tail::new(0)) }
    }
}

impl Board {
    /// Notes every alert of a worker until there are no more; for streams to follow if `streamed`.
    pub(super) async fn follow(&self, mut published: Receiver<Arc<Ready>>, streamed: bool) {
        loop {
            match published.recv().await {
                Ok(ready) => {
                    self.note(&ready, self.minute());
                    if streamed {
                        self.stream(ready);
                    }
                }
                // what was missed is missing in counts that are for the eye; streams tell of it
                Err(RecvError::Lagged(missed)) => self.tail.skip(missed),
                Err(RecvError::Closed) => return,
            }
        }
    }

    fn stream(&self, ready: Arc<Ready>) {
        // nobody else holds it any more, as a rule
        for Envelope { id, body, keys, .. } in Arc::unwrap_or_clone(ready).envelopes {
            let number = self.tail.newest() + 1;
            self.tail.extend([Published { number, id, keys: RoutingKey::join(&keys), body }]);
        }
    }

    /// The latest alerts, for streams.
    pub(super) fn tail(&self) -> &Arc<Tail> {
        &self.tail
    }

    fn minute(&self) -> u64 {
        self.started.elapsed().as_secs() / 60
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn note(&self, ready: &Ready, minute: u64) {
        let mut inner = self.lock();
        if inner.minutes.back().is_none_or(|m| m.number != minute) {
            inner.minutes.push_back(Minute { number: minute, ..Minute::default() });
            inner.minutes.retain(|m| m.number + MINUTES > minute);
        }
        if let Some(current) = inner.minutes.back_mut() {
            current.alerts += 1;
            for (key, name) in shown(&ready.alert.data.article) {
                if current.counts.len() < KEYS || current.counts.contains_key(&key) {
                    current.counts.entry(key).or_insert((name.to_owned(), 0)).1 += 1;
                }
            }
        }
    }

    /// Counts of the last hour, the most frequent first.
    pub(super) fn hour(&self) -> Hour {
        self.hour_at(self.minute())
    }

    fn hour_at(&self, now: u64) -> Hour {
        let inner = self.lock();
        let mut counts: FxHashMap<&RoutingKey, (&str, u64)> = FxHashMap::default();
        let minutes = || inner.minutes.iter().filter(|m| m.number + MINUTES > now);
        for (key, (name, count)) in minutes().flat_map(|m| &m.counts) {
            counts.entry(key).or_insert((name, 0)).1 += count;
        }
        let top = |kind: Kind| {
            let mut entries: Vec<Entry> = counts
                .iter()
                .filter(|(key, _)| key.kind() == Some(kind))
                .map(|(key, (name, count))| Entry {
                    key: key.to_string(),
                    name: (*name).to_owned(),
                    count: *count,
                })
                .collect();
            entries.sort_by(|a, b| (Reverse(a.count), &a.name).cmp(&(Reverse(b.count), &b.name)));
            entries.truncate(TOP);
            entries
        };
        Hour {
            minutes: (now + 1).min(MINUTES),
            alerts: minutes().map(|m| m.alerts).sum(),
            countries: top(Kind::Country),
            topics: top(Kind::Topic),
            officials: top(Kind::Official),
        }
    }
}

/// The keys of an article that are counted, with names for people: countries that it is about, its topics without the
/// broader ones, its officials.
fn shown(article: &Tagged) -> impl Iterator<Item = (RoutingKey, &str)> {
    let countries = article
        .countries
        .iter()
        .filter(|c| c.focus)
        .map(|c| (RoutingKey::new(Kind::Country, &c.code), c.name.as_str()));
    let topics = article.topics.iter().map(|t| (RoutingKey::new(Kind::Topic, &t.code), t.name.as_str()));
    let officials =
        article.officials.iter().map(|o| (RoutingKey::new(Kind::Official, &o.slug), o.name.as_str()));
    countries.chain(topics).chain(officials)
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::*;
    use crate::article::decode::{Limits, Message};
    use crate::knowledge::Knowledge;
    use crate::pipeline::{Pipeline, Verdict};

    fn ready(pipeline: &Pipeline, title: &str) -> Arc<Ready> {
        let body =
            serde_json::json!({ "id": title, "title": title, "body": format!("{title}, it was said.") });
        let body = body.to_string();
        let message = Message { body: body.as_bytes(), ..Message::default() };
        match pipeline.process(message, Timestamp::UNIX_EPOCH).unwrap() {
            Verdict::Alert(ready) => Arc::new(ready),
            Verdict::Untagged(id) => panic!("{id} has no tags"),
        }
    }

    #[test]
    fn an_hour_is_counted_and_forgotten() {
        let pipeline = Pipeline { lexicon: Knowledge::compiled_in(), limits: Limits::default() };
        let board = Board::default();
        let (azerbaijan, japan) =
            (ready(&pipeline, "Azerbaijan builds a bridge"), ready(&pipeline, "Japan builds a bridge"));
        for minute in [0, 0, 30] {
            board.note(&azerbaijan, minute);
        }
        board.note(&japan, 59);
        let hour = board.hour_at(59);
        assert_eq!((hour.minutes, hour.alerts), (60, 4));
        let seen: Vec<_> = hour.countries.iter().map(|e| (e.key.as_str(), e.count)).collect();
        assert_eq!(seen, [("country.AZ", 3), ("country.JP", 1)]);
        let later = board.hour_at(60);
        assert_eq!((later.alerts, later.countries[0].count), (2, 1), "the first minute is over an hour ago");
        assert_eq!(board.hour_at(200).alerts, 0);
        board.stream(Arc::clone(&azerbaijan));
        board.tail().skip(3);
        board.stream(azerbaijan);
        assert_eq!(board.tail().newest(), 5, "what was missed is counted");
    }
}
