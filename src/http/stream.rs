//! `GET /alerts`: alerts as server-sent events, filtered by the keys that queues are bound with.
//!
//! <https://html.spec.whatwg.org/multipage/server-sent-events.html>. `recent=50` requests the latest past alerts first;
//! for the filters see [`filter`]. A client that reconnects with `Last-Event-ID`, or `after` in the query, gets what it
//! missed: with the embedded store and over RabbitMQ everything that is kept, and over RabbitMQ without a stream of
//! recent alerts what this worker still holds in memory. A client that must not miss anything there binds a queue. A
//! `lagged` event says how many alerts were missed, whatever their keys; 0 where that can't be known because the id
//! belongs to another store or another run.

use std::borrow::Cow;
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

use super::{Port, filter, problem};
use crate::broker::backend::Log;
use crate::broker::tail::{Newer, Next, Published, Tail};
use crate::broker::wanted::{Look, Wanted};

/// The most past alerts that a client may request with `recent`.
const MOST_RECENT: usize = 200;

/// A comment line is sent after this long a silence, so that proxies keep the connection.
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
    let wanted = Arc::new(filter::wanted(&query, &["recent", "after"])?);
    let recent = filter::number(&query, "recent").unwrap_or(0).min(MOST_RECENT);
    // a client that reconnects says so in a header, which only browsers know to send
    let header = headers.get("last-event-id").and_then(|v| v.to_str().ok()).map(Cow::Borrowed);
    let last = header.or_else(|| filter::given(&query, "after").next());
    let log = port.log().await;
    let tail = Arc::clone(log.tail());
    let (grown, newest) = (tail.grown(), tail.newest());
    let seen = last.as_ref().and_then(|id| log.seen(id));
    let at = match seen {
        Some(number) => number,
        // one that reconnects to a worker without a log is given what it has
        None if recent > 0 || (last.is_some() && log.is_own()) => {
            let most = if last.is_some() && log.is_own() { MOST_RECENT } else { recent };
            let older = log.before(u64::MAX, most, &wanted).await;
            let older = older.inspect_err(|error| tracing::warn!(%error, "can't read alerts"));
            let oldest = older.ok().and_then(|older| older.alerts.last().map(|alert| alert.number - 1));
            oldest.unwrap_or(newest)
        }
        None => newest,
    };
    let source = Source {
        lagged: (last.is_some() && seen.is_none()).then_some((0, at)),
        wanted,
        at,
        page: VecDeque::new(),
        log,
        tail,
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

/// One client's stream: reads from the log until the client has caught up, then follows alerts as they are published.
/// It holds at most a page of the log, however slowly the client reads.
struct Source {
    wanted: Arc<Wanted>,
    /// The number of the last alert examined.
    at: u64,
    /// How many alerts were missed, and the number up to which; to be reported first.
    lagged: Option<(u64, u64)>,
    /// Read from the log but not sent yet.
    page: VecDeque<Published>,
    log: Log,
    tail: Arc<Tail>,
    grown: watch::Receiver<()>,
    shutdown: CancellationToken,
    /// Its slot among the streams that may be open.
    _place: OwnedSemaphorePermit,
}

impl Source {
    /// The next event; `None` when the server stops.
    async fn next(&mut self) -> Option<Event> {
        loop {
            if let Some((missed, number)) = self.lagged.take() {
                let event = Event::default().event("lagged").data(missed.to_string());
                // a client that leaves now would resume from here
                return Some(if self.log.is_own() { event } else { event.id(number.to_string()) });
            }
            if let Some(alert) = self.page.pop_front() {
                if self.wanted.by_body(&alert.body) == Look::Take {
                    return Some(event(&alert));
                }
                continue;
            }
            match self.tail.after(self.at) {
                Next::Alert(alert) => {
                    self.at = alert.number;
                    if self.wanted.by_keys(&alert.keys) && self.wanted.by_body(&alert.body) == Look::Take {
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

    /// Reads on in the log. What is no longer there was missed, up to where the tail is `held`.
    async fn catch_up(&mut self, held: u64) {
        let read = if self.log.is_own() {
            Ok(Newer { gone: held - self.at, ..Newer::default() })
        } else {
            self.log.after(self.at, &self.wanted).await
        };
        let page = read.unwrap_or_else(|error| {
            tracing::warn!(%error, from = self.at, to = held, "can't read alerts; a stream continues after them");
            Newer { gone: held - self.at, ..Newer::default() }
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
