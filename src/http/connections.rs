//! The connections to the HTTP port: how many at once, how long a client may take to send and to read, and shutdown.

use std::collections::VecDeque;
use std::io;
use std::pin::Pin;
use std::sync::{Arc, OnceLock, Weak};
use std::task::{Context, Poll};
use std::time::Duration;

use axum::Router;
use axum::extract::Request;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use axum::serve::Listener;
use hyper::body::Incoming;
use hyper::service::{Service as _, service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::task::{AbortHandle, JoinSet};
use tokio::time::Sleep;
use tokio_util::sync::CancellationToken;

use super::{health, problem};

/// How long a client may take to send the head of a request, how long an idle connection is kept, and how long one
/// beyond the limit waits for a slot.
const HEAD: Duration = Duration::from_secs(15);

/// Connections beyond the limit: probes are answered on them, others wait for a slot. When they are used up, the oldest
/// is closed, so that a crowd of idle clients can't keep a probe out.
const SPARE: usize = 64;

/// Serves until cancelled, then finishes the requests under way. At most `most` connections are served at once, not
/// counting `/livez`, `/readyz` and `/metrics`. A client may leave an answer unread for up to `patience`.
pub(super) async fn serve(
    mut listener: TcpListener,
    router: Router,
    most: usize,
    patience: Duration,
    shutdown: CancellationToken,
) {
    let room = Arc::new(Semaphore::new(most));
    let open = GracefulShutdown::new();
    let mut connections = JoinSet::new();
    let mut spare: VecDeque<(AbortHandle, Weak<Place>)> = VecDeque::new();
    let service = TowerToHyperService::new(router);
    loop {
        let stream = tokio::select! {
            // waits out an error such as too many open files
            next = Listener::accept(&mut listener) => next.0,
            Some(_) = connections.join_next() => continue,
            () = shutdown.cancelled() => break,
        };
        let place = Arc::new(Place::new(&room));
        let beyond = (!place.is_held()).then(|| Arc::downgrade(&place));
        let service = service.clone();
        let service = service_fn(move |request: Request<Incoming>| {
            let (service, place) = (service.clone(), Arc::clone(&place));
            async move {
                if place.admits(request.uri().path()).await {
                    service.call(request).await
                } else {
                    Ok(crowded())
                }
            }
        });
        let connection = hyper::server::conn::http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(HEAD)
            .serve_connection(TokioIo::new(Reader { stream, patience, waits: None }), service);
        let connection = open.watch(connection);
        let task = connections.spawn(async move {
            // a client that leaves or sends nonsense ends only its own connection
            let _ = connection.await;
        });
        if let Some(place) = beyond {
            spare.retain(|(_, place)| place.upgrade().is_some_and(|place| !place.is_held()));
            if spare.len() >= SPARE
                && let Some((oldest, _)) = spare.pop_front()
            {
                oldest.abort();
            }
            spare.push_back((task, place));
        }
    }
    drop(listener);
    open.shutdown().await;
}

/// The response if no slot became free in time.
fn crowded() -> Response {
    let mut answer = problem(
        StatusCode::SERVICE_UNAVAILABLE,
        "too many connections are open; try again later, or have `http.connections` raised",
    );
    answer.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
    answer.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("1"));
    answer
}

/// A connection's slot among those that may be open; without one, it is a spare connection.
struct Place {
    room: Arc<Semaphore>,
    held: OnceLock<OwnedSemaphorePermit>,
}

impl Place {
    /// A place that holds a slot if one is free.
    fn new(room: &Arc<Semaphore>) -> Self {
        let held = OnceLock::new();
        if let Ok(permit) = Arc::clone(room).try_acquire_owned() {
            let _ = held.set(permit);
        }
        Self { room: Arc::clone(room), held }
    }

    fn is_held(&self) -> bool {
        self.held.get().is_some()
    }

    /// Whether a request for `path` may be served; waits for a slot if it needs one.
    async fn admits(&self, path: &str) -> bool {
        if self.is_held() || health::PATHS.contains(&path) {
            return true;
        }
        match tokio::time::timeout(HEAD, Arc::clone(&self.room).acquire_owned()).await {
            Ok(Ok(permit)) => {
                let _ = self.held.set(permit);
                true
            }
            _ => false,
        }
    }
}

/// A client's stream that fails if the client reads nothing for `patience`: one that never reads would keep its slot
/// for ever.
struct Reader {
    stream: TcpStream,
    patience: Duration,
    /// Set while the client is reading nothing.
    waits: Option<Pin<Box<Sleep>>>,
}

impl Reader {
    fn in_time<T>(&mut self, cx: &mut Context<'_>, written: Poll<io::Result<T>>) -> Poll<io::Result<T>> {
        if written.is_ready() {
            self.waits = None;
            return written;
        }
        let patience = self.patience;
        let waits = self.waits.get_or_insert_with(|| Box::pin(tokio::time::sleep(patience)));
        waits.as_mut().poll(cx).map(|()| Err(io::ErrorKind::TimedOut.into()))
    }
}

impl AsyncRead for Reader {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(cx, buffer)
    }
}

impl AsyncWrite for Reader {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write(cx, bytes);
        self.in_time(cx, written)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        parts: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write_vectored(cx, parts);
        self.in_time(cx, written)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}
