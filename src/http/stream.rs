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
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio_util::sync::CancellationToken;

use super::{Backend, Port, problem};
use crate::broker::embedded::{Embedded, StoredAlert};
use crate::pipeline::Ready;

/// Alerts read from the store at once.
const PAGE: u32 = 100;

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
    let patterns: Vec<String> = given("key").collect();
    let recent = given("recent").find_map(|n| n.parse().ok()).unwrap_or(0).min(MOST_RECENT);
    let live = port.published.subscribe();
    let last = headers.get("last-event-id").and_then(|v| v.to_str().ok());
    let log = match &port.backend {
        Backend::Embedded(store) => {
            let last = match last.and_then(|last| last.parse().ok()) {
                Some(last) => last,
                // what is asked for from the board is not read from the log again
                None => store.newest().await.unwrap_or(0),
            };
            Some(Log { store: store.clone(), last, page: VecDeque::new() })
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
    source.first = port.board.recent(most, last, |r| source.wants(r.keys.iter().map(String::as_str)));
    let events = stream::unfold(source, |mut source| async move {
        let event = source.next().await?;
        Some((Ok(event), source))
    });
    Ok(Sse::new(events).keep_alive(KeepAlive::new().interval(HEARTBEAT)))
}

/// One client's stream.
struct Source {
    /// Empty for all alerts.
    patterns: Vec<String>,
    live: Receiver<Arc<Ready>>,
    /// Sent before all else.
    first: VecDeque<Arc<Ready>>,
    log: Option<Log>,
    shutdown: CancellationToken,
    /// Among the streams that may be open.
    _place: OwnedSemaphorePermit,
}

/// The embedded store's alerts, read on from where the client is.
struct Log {
    store: Embedded,
    last: u64,
    page: VecDeque<StoredAlert>,
}

impl Source {
    /// The next event; none when the server stops.
    async fn next(&mut self) -> Option<Event> {
        if let Some(ready) = self.first.pop_front() {
            // a client that comes back goes on in the log from where this stream would have
            let id = self.log.as_ref().map_or_else(|| ready.id.clone(), |log| log.last.to_string());
            return Some(event(&id, &ready.body));
        }
        loop {
            if let Some(event) = self.next_in_log().await {
                return Some(event);
            }
            let live = tokio::select! {
                live = self.live.recv() => live,
                () = self.shutdown.cancelled() => return None,
            };
            match live {
                // what is live is in the log by now and is read from there
                _ if self.log.is_some() && !matches!(live, Err(RecvError::Closed)) => {}
                Ok(ready) => {
                    if self.wants(ready.keys.iter().map(String::as_str)) {
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

    async fn next_in_log(&mut self) -> Option<Event> {
        loop {
            let log = self.log.as_mut()?;
            if log.page.is_empty() {
                let page = log.store.alerts_after(log.last, PAGE).await;
                log.page = page.inspect_err(|error| tracing::warn!(%error, "can't read alerts")).ok()?.into();
            }
            let alert = log.page.pop_front()?;
            log.last = alert.sequence;
            if self.wants(alert.keys.split(' ')) {
                return Some(event(&alert.sequence.to_string(), &alert.body));
            }
        }
    }

    fn wants<'k>(&self, mut keys: impl Iterator<Item = &'k str>) -> bool {
        self.patterns.is_empty() || keys.any(|key| self.patterns.iter().any(|pattern| matches(pattern, key)))
    }
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
    let words = |s: &str| s.split('.').map(str::to_owned).collect::<Vec<_>>();
    let (pattern, key) = (words(pattern), words(key));
    let pattern: Vec<&str> = pattern.iter().take(16).map(String::as_str).collect();
    fits(&pattern, &key.iter().map(String::as_str).collect::<Vec<_>>())
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
