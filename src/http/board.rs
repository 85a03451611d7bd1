//! What the console shows at first: the last hour's counts by country, topic, official and watch; and the latest alerts
//! where there is no log to read.
//!
//! Kept in memory and bounded; at the start the last hour is read from the log, for watches the last day.

use std::borrow::Cow;
use std::cmp::Reverse;
use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use jiff::{SignedDuration, Timestamp};
use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;

use crate::alert::{Envelope, Kind, RoutingKey, TYPE};
use crate::broker::backend::{Backend, Log};
use crate::broker::tail::{Next, Published, Tail};
use crate::broker::wanted::Wanted;
use crate::pipeline::Alerted;
use crate::watch::matched::{Matched, Seen};

/// Minutes counted.
const MINUTES: u64 = 60;

/// Different keys counted per minute: there is no limit to officials outside the lexicon.
const KEYS: usize = 2000;

/// The most alerts read from the log at the start, and per page.
const READ: usize = 20_000;
const READ_AT_ONCE: usize = 200;

/// Entries per list.
const TOP: usize = 8;

/// The latest alerts and the last hour.
#[derive(Debug)]
pub struct Board {
    inner: Mutex<Inner>,
    /// The alerts of a worker without a log, numbered in order of arrival.
    tail: Arc<Tail>,
}

#[derive(Debug)]
struct Inner {
    /// The minute from which on everything is counted.
    from: u64,
    minutes: VecDeque<Minute>,
    matched: Matched,
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

/// The last hour, or as much of it as there is.
#[derive(Debug, Serialize)]
pub(super) struct Hour {
    /// Minutes covered.
    minutes: u64,
    alerts: u64,
    countries: Vec<Entry>,
    topics: Vec<Entry>,
    officials: Vec<Entry>,
}

/// The part of an alert that is counted, read without the rest.
#[derive(Debug, Deserialize)]
struct Counted<'a> {
    #[serde(borrow)]
    r#type: Cow<'a, str>,
    data: Tags,
}

#[derive(Debug, Deserialize)]
struct Tags {
    received_at: Timestamp,
    countries: Vec<Country>,
    topics: Vec<Topic>,
    officials: Vec<Official>,
    #[serde(default)]
    watches: Vec<Watch>,
}

#[derive(Debug, Deserialize)]
struct Watch {
    id: String,
    name: String,
}

#[derive(Debug, Deserialize)]
struct Country {
    code: String,
    name: String,
    focus: bool,
}

#[derive(Debug, Deserialize)]
struct Topic {
    code: String,
    name: String,
}

#[derive(Debug, Deserialize)]
struct Official {
    slug: String,
    name: String,
}

impl Default for Board {
    fn default() -> Self {
        Self { inner: Mutex::new(Inner::empty()), tail: Arc::new(Tail::new(0)) }
    }
}

impl Inner {
    /// Empty, counting from now on.
    fn empty() -> Self {
        let now = Timestamp::now();
        Self { from: minute(now), minutes: VecDeque::new(), matched: Matched::new(now) }
    }

    /// Records that everything since `time` has been counted.
    fn reach(&mut self, time: Timestamp) {
        let hour_ago = minute(Timestamp::now() - SignedDuration::from_hours(1));
        self.from = self.from.min(minute(time).max(hour_ago));
        self.matched.reach(time);
    }
}

impl Board {
    /// Counts the alerts of all workers, starting with those of the time span `before`; as long as there is no log of
    /// them, only this worker's own. Ends when this worker no longer publishes.
    pub(super) async fn follow(
        &self,
        mut published: Receiver<Arc<Alerted>>,
        backend: &Backend,
        before: SignedDuration,
    ) {
        let own = async {
            loop {
                match published.recv().await {
                    Ok(alert) => {
                        if !backend.logs_all() {
                            self.note(&alert.envelope.body);
                        }
                        if backend.may_lack_log() {
                            self.stream(alert);
                        }
                    }
                    // the counts are only for display, so what was missed may be missing; streams report it
                    Err(RecvError::Lagged(missed)) => self.tail.skip(missed),
                    Err(RecvError::Closed) => return,
                }
            }
        };
        tokio::select! {
            () = own => {}
            () = self.follow_all(backend, before) => {}
        }
    }

    /// Counts what all workers publish, as soon as there is a log of it. Never ends: once there, a log stays.
    async fn follow_all(&self, backend: &Backend, before: SignedDuration) {
        let log = backend.log_of_all().await;
        let tail = Arc::clone(log.tail());
        let mut grown = tail.grown();
        // this worker's own were counted so far; they come again among those of all
        *self.lock() = Inner::empty();
        let mut at = tail.newest();
        self.read_back(&log, at, before).await;
        loop {
            match tail.after(at) {
                Next::Alert(alert) => {
                    at = alert.number;
                    self.note(&alert.body);
                }
                Next::Gone(held) => at = held,
                Next::None if grown.changed().await.is_err() => std::future::pending().await,
                Next::None => {}
            }
        }
    }

    /// Counts the end of a log: the alerts of the time span, up to `newest`.
    async fn read_back(&self, log: &Log, newest: u64, span: SignedDuration) {
        let from = Timestamp::now() - span;
        let wanted = Arc::new(Wanted { from: Some(from), ..Wanted::default() });
        let (mut below, mut read) = (newest + 1, 0);
        let mut reached = None;
        while read < READ {
            match log.before(below, READ_AT_ONCE, &wanted).await {
                Ok(older) => {
                    for alert in &older.alerts {
                        reached = self.note(&alert.body).or(reached);
                    }
                    if older.ended {
                        reached = Some(from);
                        break;
                    }
                    (below, read) = (older.reached, read + older.looked_at);
                }
                Err(error) => {
                    tracing::debug!(%error, "what was before is counted no further back");
                    break;
                }
            }
        }
        if let Some(reached) = reached {
            self.lock().reach(reached);
        }
    }

    fn stream(&self, alert: Arc<Alerted>) {
        // usually nobody else holds it by now
        let Envelope { id, body, keys, .. } = Arc::unwrap_or_clone(alert).envelope;
        let number = self.tail.newest() + 1;
        self.tail.extend([Published { number, id, keys: RoutingKey::join(&keys), body }]);
    }

    /// The latest alerts, for streams.
    pub(super) fn tail(&self) -> &Arc<Tail> {
        &self.tail
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Counts an alert in the minute in which its article was received; returns that time.
    fn note(&self, body: &[u8]) -> Option<Timestamp> {
        let Counted { r#type, data } = serde_json::from_slice(body).ok()?;
        // other messages about an article are not another article
        if r#type != TYPE {
            return None;
        }
        let came = Some(data.received_at);
        let (minute, now) = (minute(data.received_at), minute(Timestamp::now()));
        let mut inner = self.lock();
        for watch in &data.watches {
            inner.matched.note(&watch.id, data.received_at);
        }
        inner.minutes.retain(|m| m.number + MINUTES > now);
        if minute + MINUTES <= now {
            return came;
        }
        let at = inner.minutes.partition_point(|m| m.number < minute);
        if inner.minutes.get(at).is_none_or(|m| m.number != minute) {
            inner.minutes.insert(at, Minute { number: minute, ..Minute::default() });
        }
        let current = inner.minutes.get_mut(at)?;
        current.alerts += 1;
        for (key, name) in shown(&data) {
            if current.counts.len() < KEYS || current.counts.contains_key(&key) {
                current.counts.entry(key).or_insert((name.to_owned(), 0)).1 += 1;
            }
        }
        came
    }

    /// Since when matches are counted, and what was counted for each watch.
    pub(super) fn matched(&self) -> (Timestamp, FxHashMap<String, Seen>) {
        let inner = self.lock();
        (inner.matched.since(), inner.matched.seen(Timestamp::now()))
    }

    /// How often each key was seen in the last hour.
    pub(super) fn counts(&self) -> FxHashMap<String, u64> {
        let (inner, now) = (self.lock(), minute(Timestamp::now()));
        let mut counts = FxHashMap::default();
        for minute in inner.minutes.iter().filter(|m| m.number + MINUTES > now) {
            for (key, (_, count)) in &minute.counts {
                *counts.entry(key.to_string()).or_insert(0) += count;
            }
        }
        counts
    }

    /// Counts of the last hour, the most frequent first.
    pub(super) fn hour(&self) -> Hour {
        self.hour_at(Timestamp::now())
    }

    fn hour_at(&self, now: Timestamp) -> Hour {
        let now = minute(now);
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
            minutes: (now + 1).saturating_sub(inner.from).min(MINUTES),
            alerts: minutes().map(|m| m.alerts).sum(),
            countries: top(Kind::Country),
            topics: top(Kind::Topic),
            officials: top(Kind::Official),
        }
    }
}

/// The number of the minute of an instant.
fn minute(time: Timestamp) -> u64 {
    u64::try_from(time.as_second() / 60).unwrap_or_default()
}

/// The keys of an article that are counted, with names for people: countries it is about, its topics without the
/// broader ones, its officials, the watches that match it.
fn shown(tags: &Tags) -> impl Iterator<Item = (RoutingKey, &str)> {
    let countries = tags.countries.iter().filter(|c| c.focus);
    let countries = countries.map(|c| (RoutingKey::new(Kind::Country, &c.code), c.name.as_str()));
    let topics = tags.topics.iter().map(|t| (RoutingKey::new(Kind::Topic, &t.code), t.name.as_str()));
    let officials = tags.officials.iter();
    let officials = officials.map(|o| (RoutingKey::new(Kind::Official, &o.slug), o.name.as_str()));
    let watches = tags.watches.iter().map(|w| (RoutingKey::new(Kind::Watch, &w.id), w.name.as_str()));
    countries.chain(topics).chain(officials).chain(watches)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::article::decode::{Limits, Message};
    use crate::knowledge::Knowledge;
    use crate::pipeline::{Pipeline, Verdict};

    fn alert(minutes_ago: i64, country: &str) -> Vec<u8> {
        let received_at = Timestamp::now() - SignedDuration::from_mins(minutes_ago);
        let country = |focus| serde_json::json!({ "code": country, "name": country, "focus": focus });
        serde_json::json!({ "type": TYPE, "data": {
            "received_at": received_at, "countries": [country(true), country(false)],
            "topics": [{ "code": "medtop:20000642", "name": "economic sanction" }], "officials": [],
        }})
        .to_string()
        .into_bytes()
    }

    #[test]
    fn an_hour_is_counted_and_forgotten() {
        let board = Board::default();
        for (minutes_ago, country) in [(10, "AZ"), (40, "AZ"), (5, "JP"), (40, "AZ"), (61, "AZ")] {
            board.note(&alert(minutes_ago, country));
        }
        board.note(b"{}");
        let hour = board.hour();
        assert_eq!((hour.minutes, hour.alerts), (1, 4), "counted since the start");
        let seen: Vec<_> = hour.countries.iter().map(|e| (e.key.as_str(), e.count)).collect();
        assert_eq!(seen, [("country.AZ", 3), ("country.JP", 1)]);
        assert_eq!(hour.topics[0].key, "topic.20000642");
        let later = board.hour_at(Timestamp::now() + SignedDuration::from_mins(30));
        assert_eq!((later.alerts, later.countries[0].count), (2, 1), "the others are over an hour ago");
        assert_eq!(later.minutes, 31);
    }

    #[test]
    fn what_a_stream_missed_is_told() {
        let pipeline = Pipeline::new(Knowledge::compiled_in(), Limits::default());
        let body =
            serde_json::json!({ "id": "1", "title": "Japan builds", "body": "Japan builds a bridge." });
        let body = body.to_string();
        let message = Message { body: body.as_bytes(), ..Message::default() };
        let Verdict::Ready(ready) = pipeline.process(message, Timestamp::UNIX_EPOCH).unwrap() else {
            panic!()
        };
        let (board, alert) = (Board::default(), Arc::new(ready.alert.unwrap()));
        board.stream(Arc::clone(&alert));
        board.tail().skip(3);
        board.stream(alert);
        assert_eq!(board.tail().newest(), 5);
    }
}
