//! The HTTP port: the console, metrics and health, articles in, alerts out as server-sent events.

mod atom;
mod board;
mod bodies;
mod connections;
mod console;
mod dead;
mod filter;
mod health;
mod hosts;
mod intake;
mod keys;
mod past;
mod stream;
mod watches;

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

pub use board::Board;
pub use keys::Names;

use axum::extract::{DefaultBodyLimit, Path};
use axum::http::header::CONTENT_TYPE;
use axum::http::{Method, StatusCode, Uri};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Json, Response};
use axum::routing::{get, post};
use axum::{Extension, Router};
use jiff::{SignedDuration, Timestamp};
use rustc_hash::FxHashMap;
use serde_json::json;
use tokio::net::TcpListener;
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;

use crate::broker::backend::{Backend, Log, WatchLog};
use crate::broker::confirmed::Confirmed;
use crate::config::Secret;
use crate::metrics::Metrics;
use crate::pipeline::Live;
use crate::registry::Registry;
use crate::watch::matched::Seen;

/// State shared by all requests.
#[derive(Debug, Clone)]
pub struct Port {
    /// The broker.
    pub backend: Backend,
    /// For tagging without an alert.
    pub pipeline: Live,
    /// The watches in force, and where changes to them are kept.
    pub registry: Registry,
    /// See `registry`.
    pub watch_log: WatchLog,
    /// Keys by name.
    pub catalogue: Arc<Names>,
    /// What the console shows at first.
    pub board: Arc<Board>,
    /// For `/metrics`.
    pub metrics: Metrics,
    /// This worker's alerts and notices as they are confirmed.
    pub confirmed: Confirmed,
    /// The token that `POST /articles` requires; empty for none.
    pub token: Secret,
    /// Allowed host names; see `http.hosts`.
    pub hosts: Vec<String>,
    /// Time limit for tagging by `POST /tag`.
    pub tag_timeout: Duration,
    /// The most bytes of a posted body.
    pub body_limit: usize,
    /// Time limit for every request except streams, and for how long a client may leave its answer unread.
    pub timeout: Duration,
    /// The most open connections, besides some for metrics and health; half of them may be streams.
    pub connections: usize,
    /// Ends the streams.
    pub shutdown: CancellationToken,
}

impl Port {
    /// Since when matches are counted, and what is known of those of each watch.
    fn matched(&self) -> (Timestamp, FxHashMap<String, Seen>) {
        let (since, mut seen) = self.board.matched();
        seen.extend(self.confirmed.matched());
        (since, seen)
    }

    /// The most complete log of alerts available now.
    async fn log(&self) -> Log {
        self.backend.log(self.board.tail()).await
    }
}

/// Serves until the token of `port` is cancelled.
pub async fn serve(listener: TcpListener, port: Port) -> std::io::Result<()> {
    let shutdown = port.shutdown.clone();
    let (most, patience) = (port.connections, port.timeout);
    let address = listener.local_addr()?;
    let board = Arc::clone(&port.board);
    let (confirmed, backend) = (port.confirmed.clone(), port.backend.clone());
    let published = confirmed.subscribe();
    // a watch is judged by its matches of a day
    let hours = if port.pipeline.current().watches.current().is_empty() { 1 } else { 24 };
    let span = SignedDuration::from_hours(hours);
    let follow = async {
        tokio::join!(count_notices(&backend, &confirmed, span), board.follow(published, &backend, span))
    };
    tokio::select! {
        () = connections::serve(listener, router(port, address), most, patience, shutdown) => {}
        // never happens: the port holds a sender
        _ = follow => {}
    }
    Ok(())
}

/// Counts the notices that an earlier run of this worker published within so long, where they are kept.
async fn count_notices(backend: &Backend, confirmed: &Confirmed, span: SignedDuration) {
    // those that came in since are counted when they are confirmed
    let until = confirmed.since();
    let from = until - span;
    match backend.notices_since(from).await {
        Ok(Some(found)) => {
            for (keys, came) in found.iter().filter(|(_, came)| *came < until) {
                confirmed.notice(keys.split(' '), *came);
            }
            confirmed.reach(from);
        }
        Ok(None) => {}
        Err(error) => tracing::debug!(%error, "notices of before are not counted"),
    }
}

fn router(port: Port, address: SocketAddr) -> Router {
    let timeout = port.timeout;
    let open = address.ip().is_loopback();
    let hosts = hosts::Hosts { loopback: open, allowed: port.hosts.as_slice().into() };
    let streams = Arc::new(Semaphore::new(port.connections / 2));
    let doors = watches::Doors { token: port.token.clone(), loopback: open, registry: port.registry.clone() };
    let posted = Router::new()
        .route("/articles", post(intake::articles))
        .route("/tag", post(console::tag))
        .layer(DefaultBodyLimit::max(port.body_limit))
        .layer(middleware::from_fn_with_state(bodies::Bodies::new(port.body_limit), bodies::read))
        .merge(dead::routes())
        .layer(middleware::from_fn_with_state((port.token.clone(), open), intake::allowed));
    let limited = Router::new()
        .route("/", get(console::page))
        .route("/console.css", get(console::style))
        .route("/console.js", get(console::script))
        .route("/console/{part}", get(console::part))
        .route("/console/state", get(console::state))
        .route("/alerts.json", get(past::page))
        .route("/alerts.atom", get(atom::feed))
        .route("/alerts/{id}", get(past::one))
        .route("/keys", get(keys::by_name))
        .route("/metrics", get(health::metrics))
        .route("/schemas/{file}", get(schema))
        .route("/livez", get(|| async { "alive\n" }))
        .route("/readyz", get(health::ready))
        .merge(posted)
        .merge(watches::routes(doors))
        .layer(middleware::from_fn(move |request, next: Next| async move {
            match tokio::time::timeout(timeout, next.run(request)).await {
                Ok(response) => response,
                Err(_) => {
                    problem(StatusCode::SERVICE_UNAVAILABLE, "the request took too long; send it again")
                }
            }
        }));
    Router::new()
        .route("/alerts", get(stream::alerts).layer(Extension(streams)))
        .merge(limited)
        .fallback(unknown)
        .method_not_allowed_fallback(not_allowed)
        .layer(middleware::from_fn_with_state(hosts, hosts::known))
        .with_state(port)
}

/// A JSON Schema of what presswatch takes or publishes, by file name.
async fn schema(Path(file): Path<String>) -> Response {
    let schemas = crate::schema::all();
    if let Some((_, schema)) = schemas.iter().find(|(name, _)| *name == file) {
        return ([(CONTENT_TYPE, "application/schema+json")], schema.to_string()).into_response();
    }
    let names = schemas.map(|(name, _)| name).join(", ");
    problem(StatusCode::NOT_FOUND, &format!("there is no schema `{file}`; there are {names}"))
}

async fn unknown() -> Response {
    problem(
        StatusCode::NOT_FOUND,
        "there are GET / (the console), /metrics, /livez, /readyz, /alerts?key=country.AZ, /keys?q=azer, /watches, /articles.json, /schemas/alert.v1.json, POST /articles, /tag, /watches and /watches/try",
    )
}

/// For an address that is there, but not with this method; the header `Allow` names those that are.
async fn not_allowed(method: Method, uri: Uri) -> Response {
    let error = format!("`{}` has no {method}; the header `Allow` names the methods it has", uri.path());
    problem(StatusCode::METHOD_NOT_ALLOWED, &error)
}

/// An error response as JSON.
fn problem(status: StatusCode, error: &str) -> Response {
    (status, Json(json!({ "error": error }))).into_response()
}
