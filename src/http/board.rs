//! What the console shows from the start: the latest alerts, and the last hour's counts by country, topic, official.
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

use crate::pipeline::Ready;
use crate::tagging::Tagged;

/// Alerts and bytes of them that are kept.
const RECENT: usize = 200;
const RECENT_BYTES: usize = 8 << 20;

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
}

#[derive(Debug, Default)]
struct Inner {
    recent: VecDeque<Arc<Ready>>,
    bytes: usize,
    minutes: VecDeque<Minute>,
}

#[derive(Debug, Default)]
struct Minute {
    number: u64,
    alerts: u64,
    counts: FxHashMap<String, (String, u64)>,
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
        Self { started: Instant::now(), inner: Mutex::default() }
    }
}

impl Board {
    /// Notes every alert of a worker until there are no more.
    pub(super) async fn follow(&self, mut published: Receiver<Arc<Ready>>) {
        loop {
            match published.recv().await {
                Ok(ready) => self.note(ready, self.minute()),
                // what was missed is missing in counts that are for the eye
                Err(RecvError::Lagged(_)) => {}
                Err(RecvError::Closed) => return,
            }
        }
    }

    fn minute(&self) -> u64 {
        self.started.elapsed().as_secs() / 60
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn note(&self, ready: Arc<Ready>, minute: u64) {
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
        inner.bytes += ready.body.len();
        inner.recent.push_back(ready);
        while inner.recent.len() > RECENT || inner.bytes > RECENT_BYTES {
            let Some(oldest) = inner.recent.pop_front() else { break };
            inner.bytes -= oldest.body.len();
        }
    }

    /// The latest alerts behind the one with the id `last`, at most so many that `wanted` takes, the oldest first.
    ///
    /// An id that is not kept is taken for an older one.
    pub(super) fn recent(
        &self,
        most: usize,
        last: Option<&str>,
        wanted: impl Fn(&Ready) -> bool,
    ) -> VecDeque<Arc<Ready>> {
        let inner = self.lock();
        let newer = inner.recent.iter().rev().take_while(|ready| Some(ready.id.as_str()) != last);
        let mut out: VecDeque<Arc<Ready>> = newer.filter(|ready| wanted(ready)).take(most).cloned().collect();
        out.make_contiguous().reverse();
        out
    }

    /// Counts of the last hour, the most frequent first.
    pub(super) fn hour(&self) -> Hour {
        self.hour_at(self.minute())
    }

    fn hour_at(&self, now: u64) -> Hour {
        let inner = self.lock();
        let mut counts: FxHashMap<&str, (&str, u64)> = FxHashMap::default();
        let minutes = || inner.minutes.iter().filter(|m| m.number + MINUTES > now);
        for (key, (name, count)) in minutes().flat_map(|m| &m.counts) {
            counts.entry(key).or_insert((name, 0)).1 += count;
        }
        let top = |prefixes: &[&str]| {
            let mut entries: Vec<Entry> = counts
                .iter()
                .filter(|(key, _)| prefixes.iter().any(|p| key.starts_with(p)))
                .map(|(key, (name, count))| Entry {
                    key: (*key).to_owned(),
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
            countries: top(&["country."]),
            topics: top(&["topic."]),
            officials: top(&["official."]),
        }
    }
}

/// The keys of an article that are counted, with names for people: countries that it is about, its topics without the
/// broader ones, its officials.
fn shown(article: &Tagged) -> impl Iterator<Item = (String, &str)> {
    let countries = article
        .countries
        .iter()
        .filter(|c| c.focus)
        .map(|c| (format!("country.{}", c.code), c.name.as_str()));
    let topics =
        article.topics.iter().map(|t| (format!("topic.{}", crate::alert::bare(&t.code)), t.name.as_str()));
    let officials = article.officials.iter().map(|o| (format!("official.{}", o.slug), o.name.as_str()));
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
            board.note(Arc::clone(&azerbaijan), minute);
        }
        board.note(japan, 59);
        let hour = board.hour_at(59);
        assert_eq!((hour.minutes, hour.alerts), (60, 4));
        let seen: Vec<_> = hour.countries.iter().map(|e| (e.key.as_str(), e.count)).collect();
        assert_eq!(seen, [("country.AZ", 3), ("country.JP", 1)]);
        let later = board.hour_at(60);
        assert_eq!((later.alerts, later.countries[0].count), (2, 1), "the first minute is over an hour ago");
        assert_eq!(board.hour_at(200).alerts, 0);
        let recent = board.recent(2, None, |r| r.keys.iter().any(|k| k == "country.AZ"));
        assert_eq!(recent.len(), 2);
        let missed = board.recent(usize::MAX, Some(&azerbaijan.id), |_| true);
        assert_eq!(missed.len(), 1, "only Japan came behind it");
        assert_eq!(board.recent(usize::MAX, Some("of another run"), |_| true).len(), 4);
        for _ in 0..2 * RECENT {
            board.note(Arc::clone(&azerbaijan), 61);
        }
        assert_eq!(board.recent(usize::MAX, None, |_| true).len(), RECENT);
    }
}
