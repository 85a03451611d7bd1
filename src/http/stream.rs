//! `GET /alerts`: alerts as server-sent events, filtered by the keys that queues are bound by.
//!
//! <https://html.spec.whatwg.org/multipage/server-sent-events.html>. `recent=50` asks for the latest of the past first.
//! A client that comes back with `Last-Event-ID` gets what it missed: on the embedded store all that the store keeps,
//! over RabbitMQ what this worker still holds in memory. Who must miss nothing there binds a queue.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::Extension;
use axum::extract::{RawQuery, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use axum::response::sse::{Event, KeepAlive, Sse};
use futures_util::Stream;
use futures_util::stream;
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};
use tokio_util::sync::CancellationToken;

use super::{Backend, Port, problem};
use crate::broker::embedded::Embedded;
use crate::broker::tail::{Next, Published};
use crate::pipeline::Ready;

/// Most alerts of the past that a client may ask for with `recent`.
const MOST_RECENT: usize = 200;

/// A comment line goes out after so much silence, so that proxies keep the connection.
const HEARTBEAT: Duration = Duration::from_secs(15);

pub(super) async fn alerts(
    State(port): State<Port>,
    Extension(streams): Extension<Arc<Semaphore>>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Sse<impl Stream<Item = Result<Event, Infallible>>>, Response> {
    let Ok(place) = streams.try_acquire_owned() else {
        let why = "too many streams are open; try again later, or have `http.connections` raised";
        return Err(problem(StatusCode::SERVICE_UNAVAILABLE, why));
    };
    let query = query.unwrap_or_default();
    let given = |wanted: &'static str| {
        form_urlencoded::parse(query.as_bytes())
            .filter(move |(n, _)| n == wanted)
            .map(|(_, v)| v.into_owned())
    };
    let patterns: Arc<[String]> = given("key").collect();
    let recent = given("recent").find_map(|n| n.parse().ok()).unwrap_or(0).min(MOST_RECENT);
    let live = port.published.subscribe();
    let last = headers.get("last-event-id").and_then(|v| v.to_str().ok());
    let log = match &port.backend {
        Backend::Embedded(store) => {
            let last = match last.and_then(|last| last.parse().ok()) {
                Some(last) => last,
                // what is asked for from the board is not read from the log again
                None => store.tail().newest(),
            };
            let grown = store.tail().grown();
            Some(Log { store: store.clone(), last, page: VecDeque::new(), grown })
        }
        Backend::Rabbit(..) => None,
    };
    let most = match (&log, last) {
        (_, None) => recent,
        (Some(_), Some(_)) => 0,
        (None, Some(_)) => MOST_RECENT,
    };
    let mut source = Source {
        patterns,
        live,
        first: VecDeque::new(),
        log,
        shutdown: port.shutdown.clone(),
        _place: place,
    };
    source.first = port.board.recent(most, last, |r| wants(&source.patterns, &r.keys));
    let events = stream::unfold(source, |mut source| async move {
        let event = source.next().await?;
        Some((Ok(event), source))
    });
    Ok(Sse::new(events).keep_alive(KeepAlive::new().interval(HEARTBEAT)))
}

/// One client's stream.
struct Source {
    /// Empty for all alerts.
    patterns: Arc<[String]>,
    live: Receiver<Arc<Ready>>,
    /// Sent before all else.
    first: VecDeque<Arc<Ready>>,
    log: Option<Log>,
    shutdown: CancellationToken,
    /// Among the streams that may be open.
    _place: OwnedSemaphorePermit,
}

/// The embedded store's alerts: read from the log until the client has caught up, then followed as they are published.
struct Log {
    store: Embedded,
    /// The number that was looked at last.
    last: u64,
    /// Read from the log, not sent yet.
    page: VecDeque<Published>,
    grown: watch::Receiver<()>,
}

impl Log {
    /// The next alert; none when the server stops.
    async fn next(&mut self, patterns: &Arc<[String]>, shutdown: &CancellationToken) -> Option<Event> {
        loop {
            if let Some(alert) = self.page.pop_front() {
                return Some(event(&alert.number.to_string(), &alert.body));
            }
            match self.store.tail().after(self.last) {
                Next::Alert(alert) => {
                    self.last = alert.number;
                    if wants(patterns, alert.keys.split(' ')) {
                        return Some(event(&alert.number.to_string(), &alert.body));
                    }
                }
                Next::Gone(_) if shutdown.is_cancelled() => return None,
                Next::Gone(held) => self.read(held, patterns).await,
                Next::None => tokio::select! {
                    // never an error: the store holds the sender
                    _ = self.grown.changed() => {}
                    () = shutdown.cancelled() => return None,
                },
            }
        }
    }

    /// Reads on in the log, or goes on from where the tail is `held` if it has nothing.
    async fn read(&mut self, held: u64, patterns: &Arc<[String]>) {
        let wanted = Arc::clone(patterns);
        match self.store.alerts_after(self.last, move |keys| wants(&wanted, keys.split(' '))).await {
            Ok(page) if page.reached > self.last => {
                self.last = page.reached;
                self.page = page.alerts.into();
            }
            Ok(_) => self.last = held,
            Err(error) => {
                tracing::warn!(%error, from = self.last, to = held, "can't read alerts; a stream goes on behind them");
                self.last = held;
            }
        }
    }
}

impl Source {
    /// The next event; none when the server stops.
    async fn next(&mut self) -> Option<Event> {
        if let Some(ready) = self.first.pop_front() {
            // a client that comes back goes on in the log from where this stream would have
            let id = self.log.as_ref().map_or_else(|| ready.id.clone(), |log| log.last.to_string());
            return Some(event(&id, &ready.body));
        }
        if let Some(log) = &mut self.log {
            return log.next(&self.patterns, &self.shutdown).await;
        }
        loop {
            let live = tokio::select! {
                live = self.live.recv() => live,
                () = self.shutdown.cancelled() => return None,
            };
            match live {
                Ok(ready) => {
                    if wants(&self.patterns, &ready.keys) {
                        return Some(event(&ready.id, &ready.body));
                    }
                }
                Err(RecvError::Lagged(missed)) => {
                    return Some(Event::default().event("lagged").data(missed.to_string()));
                }
                Err(RecvError::Closed) => return None,
            }
        }
    }
}

/// Whether one of the keys fits one of the patterns; all do where there are none.
fn wants<K: AsRef<str>>(patterns: &[String], keys: impl IntoIterator<Item = K>) -> bool {
    patterns.is_empty()
        || keys.into_iter().any(|key| patterns.iter().any(|pattern| matches(pattern, key.as_ref())))
}

fn event(id: &str, body: &[u8]) -> Event {
    Event::default().id(id).event("alert").data(String::from_utf8_lossy(body))
}

/// Whether a key fits a pattern of a topic exchange: `*` stands for one word, `#` for any number.
fn matches(pattern: &str, key: &str) -> bool {
    fn fits(pattern: &[&str], key: &[&str]) -> bool {
        match pattern.split_first() {
            None => key.is_empty(),
            Some((&"#", rest)) => rest.is_empty() || (0..=key.len()).any(|n| fits(rest, &key[n..])),
            Some((&word, rest)) => key
                .split_first()
                .is_some_and(|(first, more)| (word == "*" || word == *first) && fits(rest, more)),
        }
    }
    // most patterns are plain keys, and there is one look for each key of each alert in each stream
    if !pattern.contains(['*', '#']) {
        return pattern == key;
    }
    let pattern: Vec<&str> = pattern.split('.').take(16).collect();
    fits(&pattern, &key.split('.').collect::<Vec<_>>())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_match_as_in_a_topic_exchange() {
        for (pattern, key, want) in [
            ("country.AZ", "country.AZ", true),
            ("country.AZ", "country.AM", false),
            ("country.*", "country.AZ", true),
            ("country.*", "country", false),
            ("#", "topic.20000642", true),
            ("topic.#", "topic", true),
            ("*.AZ", "mention.AZ", true),
            ("#.AZ.#", "country.AZ", true),
        ] {
            assert_eq!(matches(pattern, key), want, "{pattern} {key}");
        }
    }
}
