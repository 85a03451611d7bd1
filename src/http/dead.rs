//! `/dead`: dead letters, for `presswatch dead` while the worker holds the store, and for the console with both
//! brokers. Guarded by the token, as sending is: the bodies are what publishers sent.
//!
//! `GET /dead?after=ROW` is a page of their metadata, `GET /dead/ROW` the body of one, `POST /dead/ROW/replay` replays
//! it, `DELETE /dead/ROW` discards it for good. Over RabbitMQ, where reading changes positions in the queue, an id
//! takes the place of the row, and there is only one page.

use axum::Router;
use axum::extract::{Path, RawQuery, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Json, Response};
use axum::routing::{get, post};
use serde_json::{Value, json};

use super::{Port, filter, problem};
use crate::article::decode::Named;
use crate::broker::backend::{DeadQueue, Place};
use crate::broker::{BrokerError, Dead};

pub(super) fn routes() -> Router<Port> {
    Router::new()
        .route("/dead", get(list))
        .route("/dead/{row}", get(body).delete(drop_one))
        .route("/dead/{row}/replay", post(replay))
}

/// The most dead letters, and bytes of them, listed at once; there may be more.
const LISTED: usize = 200;
const LISTED_BYTES: usize = 16 << 20;

async fn list(State(port): State<Port>, RawQuery(query): RawQuery) -> Result<Response, Response> {
    let mut queue = port.backend.dead().await.map_err(failed)?;
    if let Some(row) = filter::number(&query.unwrap_or_default(), "after") {
        queue.skip_to(row);
    }
    let (mut dead, mut bytes, mut left) = (Vec::new(), 0, 0);
    while dead.len() < LISTED
        && bytes < LISTED_BYTES
        && let Some(one) = queue.next().await.map_err(failed)?
    {
        (bytes, left) = (bytes + one.body.len(), one.behind);
        dead.push(known(&one));
    }
    // only rows allow continuing from a position
    let store = queue.store().map(str::to_owned);
    let (behind, left_out) = if store.is_some() { (left, 0) } else { (0, left) };
    queue.close().await.map_err(failed)?;
    let page = json!({ "store": store, "dead": dead, "behind": behind, "left_out": left_out });
    Ok(Json(page).into_response())
}

fn known(dead: &Dead<Place>) -> Value {
    let (named, id) = (Named::of(&dead.body), dead.id());
    json!({
        "row": dead.place.row().map_or_else(|| json!(id), |row| json!(row)),
        "id": id,
        "reason": dead.reason,
        "error": dead.error,
        "attempts": dead.attempts,
        "first_seen": dead.first_seen.map(|time| time.to_string()),
        "content_type": dead.content_type,
        "bytes": dead.body.len(),
        "article": {
            "id": named.id,
            "url": named.url,
            "title": named.title,
            "source": named.source,
            "published_at": named.published_at.map(|time| time.to_string()),
        },
    })
}

/// Finds one, applies `work` to it and closes the queue; unless replayed or discarded, it is a dead letter again.
async fn with<T>(
    port: &Port,
    row: &str,
    work: impl AsyncFnOnce(&DeadQueue, Dead<Place>) -> Result<T, BrokerError>,
) -> Result<T, Response> {
    let mut queue = port.backend.dead().await.map_err(failed)?;
    let done = match queue.find(row).await {
        Ok(Some(dead)) => work(&queue, dead).await.map_err(failed),
        Ok(None) => Err(gone()),
        Err(error) => Err(failed(error)),
    };
    let closed = queue.close().await.map_err(failed);
    done.and_then(|done| closed.map(|()| done))
}

async fn body(State(port): State<Port>, Path(row): Path<String>) -> Result<Response, Response> {
    let body = with(&port, &row, async |_, dead| Ok(dead.body)).await?;
    // whatever it is, a browser must not show it as a page of ours
    let headers = [
        (header::CONTENT_TYPE, "application/octet-stream"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::CONTENT_DISPOSITION, "attachment"),
    ];
    Ok((headers, body).into_response())
}

async fn replay(State(port): State<Port>, Path(row): Path<String>) -> Result<StatusCode, Response> {
    done(with(&port, &row, async |queue, dead| queue.replay(&dead).await).await?)
}

async fn drop_one(State(port): State<Port>, Path(row): Path<String>) -> Result<StatusCode, Response> {
    done(with(&port, &row, async |queue, dead| queue.discard(&dead).await).await?)
}

fn done(was_there: bool) -> Result<StatusCode, Response> {
    if was_there { Ok(StatusCode::NO_CONTENT) } else { Err(gone()) }
}

fn gone() -> Response {
    problem(StatusCode::NOT_FOUND, "dead letter not found: it was replayed or dropped")
}

#[expect(clippy::needless_pass_by_value, reason = "for `map_err`")]
fn failed(error: BrokerError) -> Response {
    problem(StatusCode::SERVICE_UNAVAILABLE, &error.to_string())
}
