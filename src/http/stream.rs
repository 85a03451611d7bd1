//! `GET /alerts`: alerts as server-sent events, filtered by the keys that queues are bound by.
//!
//! <https://html.spec.whatwg.org/multipage/server-sent-events.html>. `recent=50` asks for the latest of the past first.
//! A client that comes back with `Last-Event-ID` gets what it missed: on the embedded store all that the store keeps,
//! over RabbitMQ what this worker still holds in memory. Who must miss nothing there binds a queue. An event `lagged`
//! tells how many alerts were missed, of whatever keys; 0 where that can't be known, since the id is of another store
//! or another run.

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
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};
use tokio_util::sync::CancellationToken;

use super::{Backend, Port, problem};
use crate::alert::Pattern;
use crate::broker::embedded::{Embedded, Page};
use crate::broker::tail::{Next, Published, Tail};

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
    let patterns: Arc<[Pattern]> = given("key").map(Pattern::new).collect();
    let recent = given("recent").find_map(|n| n.parse().ok()).unwrap_or(0).min(MOST_RECENT);
    let last = headers.get("last-event-id").and_then(|v| v.to_str().ok());
    let (log, tail) = match &port.backend {
        Backend::Embedded(store) => (Some(store.clone()), store.tail()),
        Backend::Rabbit(..) => (None, port.board.tail()),
    };
    let (grown, newest) = (tail.grown(), tail.newest());
    let seen = last.and_then(|id| match &log {
        // one above the newest is of another store
        Some(_) => id.parse().ok().filter(|number| *number <= newest),
        None => tail.number_of(id),
    });
    let wanted = Arc::clone(&patterns);
    let wanted = move |keys: &str| Pattern::fits_any(&wanted, keys);
    let at = match (seen, &log) {
        (Some(number), _) => number,
        (None, Some(store)) if recent > 0 => {
            let start = store.before_latest(recent, wanted).await;
            start.inspect_err(|error| tracing::warn!(%error, "can't read alerts")).unwrap_or(newest)
        }
        (None, Some(_)) => newest,
        (None, None) => tail.before_latest(if last.is_some() { MOST_RECENT } else { recent }, wanted),
    };
    let source = Source {
        lagged: (last.is_some() && seen.is_none()).then_some((0, at)),
        patterns,
        at,
        page: VecDeque::new(),
        log,
        tail: Arc::clone(tail),
        grown,
        shutdown: port.shutdown.clone(),
        _place: place,
    };
    let events = stream::unfold(source, |mut source| async move {
        let event = source.next().await?;
        Some((Ok(event), source))
    });
    Ok(Sse::new(events).keep_alive(KeepAlive::new().interval(HEARTBEAT)))
}

/// One client's stream: read from the log of the embedded store until the client has caught up, then followed as alerts
/// are published. It holds a page of the log at most, however slowly the client reads.
struct Source {
    /// Empty for all alerts.
    patterns: Arc<[Pattern]>,
    /// The number of the alert that was looked at last.
    at: u64,
    /// How many alerts were missed, and the number up to which; to be told first.
    lagged: Option<(u64, u64)>,
    /// Read from the log, not sent yet.
    page: VecDeque<Published>,
    /// None over RabbitMQ.
    log: Option<Embedded>,
    tail: Arc<Tail>,
    grown: watch::Receiver<()>,
    shutdown: CancellationToken,
    /// Among the streams that may be open.
    _place: OwnedSemaphorePermit,
}

impl Source {
    /// The next event; none when the server stops.
    async fn next(&mut self) -> Option<Event> {
        loop {
            if let Some((missed, number)) = self.lagged.take() {
                let event = Event::default().event("lagged").data(missed.to_string());
                // from here a client that leaves now would go on
                return Some(if self.log.is_some() { event.id(number.to_string()) } else { event });
            }
            if let Some(alert) = self.page.pop_front() {
                return Some(event(&alert));
            }
            match self.tail.after(self.at) {
                Next::Alert(alert) => {
                    self.at = alert.number;
                    if Pattern::fits_any(&self.patterns, &alert.keys) {
                        return Some(event(&alert));
                    }
                }
                Next::Gone(_) if self.shutdown.is_cancelled() => return None,
                Next::Gone(held) => self.catch_up(held).await,
                Next::None => tokio::select! {
                    // never an error: the tail holds the sender
                    _ = self.grown.changed() => {}
                    () = self.shutdown.cancelled() => return None,
                },
            }
        }
    }

    /// Reads on in the log. What is not there any more was missed, up to where the tail is `held`.
    async fn catch_up(&mut self, held: u64) {
        let read = match &self.log {
            Some(store) => {
                let wanted = Arc::clone(&self.patterns);
                store.alerts_after(self.at, move |keys| Pattern::fits_any(&wanted, keys)).await
            }
            None => Ok(Page { gone: held - self.at, ..Page::default() }),
        };
        let page = read.unwrap_or_else(|error| {
            tracing::warn!(%error, from = self.at, to = held, "can't read alerts; a stream goes on behind them");
            Page { gone: held - self.at, ..Page::default() }
        });
        let (before, gone) = (self.at, page.gone);
        self.at = if page.reached > before { page.reached } else { held };
        self.page = page.alerts.into();
        if gone > 0 {
            self.lagged = Some((gone, (before + gone).min(self.at)));
        }
    }
}

fn event(alert: &Published) -> Event {
    Event::default().id(&alert.id).event("alert").data(String::from_utf8_lossy(&alert.body))
}
