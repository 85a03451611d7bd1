//! `/dead`: the dead, for `presswatch dead` while the worker holds the store, and for the console over both brokers.
//! Guarded by the token as sending is: the bodies are what publishers sent.
//!
//! `GET /dead?after=ROW` is a page of what is known of them, `GET /dead/ROW` the body of one, `POST /dead/ROW/replay` puts
//! it back to work, `DELETE /dead/ROW` removes it for good. Over RabbitMQ, where a place in the queue changes with each
//! look, the row of one is its id, and there is one page.

use axum::Router;
use axum::extract::{Path, RawQuery, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Json, Response};
use axum::routing::{get, post};
use serde_json::{Value, json};

use super::{Backend, Port, filter, problem};
use crate::article::decode::Named;
use crate::broker::embedded::Dead;
use crate::broker::rabbit::{DeadLetter, DeadLetters, Publisher};
use crate::broker::{BrokerError, dead_id};

pub(super) fn routes() -> Router<Port> {
    Router::new()
        .route("/dead", get(list))
        .route("/dead/{row}", get(body).delete(drop_one))
        .route("/dead/{row}/replay", post(replay))
}

/// Dead of a queue that are listed, and bytes of them; there may be more.
const LISTED: usize = 200;
const LISTED_BYTES: usize = 16 << 20;

async fn list(State(port): State<Port>, RawQuery(query): RawQuery) -> Result<Response, Response> {
    let store = match &port.backend {
        Backend::Embedded(store) => store,
        Backend::Rabbit(publisher, ..) => return list_queue(publisher).await,
    };
    let after = filter::number(&query.unwrap_or_default(), "after");
    let page = store.dead_after(after.unwrap_or(0)).await.map_err(failed)?;
    let dead: Vec<Value> = page.dead.iter().map(known).collect();
    Ok(Json(json!({ "store": store.identity(), "dead": dead, "behind": page.behind })).into_response())
}

async fn list_queue(publisher: &Publisher) -> Result<Response, Response> {
    let letters = opened(publisher).await?;
    let (mut dead, mut bytes, mut left_out) = (Vec::new(), 0, 0);
    while dead.len() < LISTED
        && bytes < LISTED_BYTES
        && let Some(letter) = letters.next().await.map_err(failed)?
    {
        (bytes, left_out) = (bytes + letter.body.len(), letter.behind);
        let mut shown = known(&Dead {
            row: 0,
            reason: letter.reason,
            error: letter.error,
            attempts: letter.attempts,
            first_seen: letter.first_seen,
            content_type: letter.content_type,
            body: letter.body,
        });
        shown["row"] = shown["id"].clone();
        dead.push(shown);
    }
    // what was looked at goes back
    letters.close().await.map_err(failed)?;
    Ok(Json(json!({ "dead": dead, "behind": 0, "left_out": left_out })).into_response())
}

async fn opened(publisher: &Publisher) -> Result<DeadLetters, Response> {
    DeadLetters::open(publisher.server(), publisher.names().clone()).await.map_err(failed)
}

/// The dead of that id in the queue.
async fn found(letters: &DeadLetters, id: &str) -> Result<DeadLetter, Response> {
    while let Some(letter) = letters.next().await.map_err(failed)? {
        if dead_id(&letter.body) == id {
            return Ok(letter);
        }
    }
    Err(gone())
}

fn known(dead: &Dead) -> Value {
    let named = Named::of(&dead.body);
    json!({
        "row": dead.row,
        "id": dead_id(&dead.body),
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

/// A row of the store.
fn number(row: &str) -> Result<i64, Response> {
    row.parse().map_err(|_| gone())
}

async fn body(State(port): State<Port>, Path(row): Path<String>) -> Result<Response, Response> {
    let body = match &port.backend {
        Backend::Embedded(store) => {
            store.dead_at(number(&row)?).await.map_err(failed)?.ok_or_else(gone)?.body
        }
        Backend::Rabbit(publisher, ..) => {
            let letters = opened(publisher).await?;
            let letter = found(&letters, &row).await;
            letters.close().await.map_err(failed)?;
            letter?.body
        }
    };
    // whatever it is, a browser must not show it as a page of ours
    let headers = [
        (header::CONTENT_TYPE, "application/octet-stream"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::CONTENT_DISPOSITION, "attachment"),
    ];
    Ok((headers, body).into_response())
}

async fn replay(State(port): State<Port>, Path(row): Path<String>) -> Result<StatusCode, Response> {
    match &port.backend {
        Backend::Embedded(store) => done(store.replay(number(&row)?).await),
        Backend::Rabbit(publisher, ..) => {
            let letters = opened(publisher).await?;
            let replayed = letters.replay(found(&letters, &row).await?, publisher).await;
            letters.close().await.map_err(failed)?;
            done(replayed.map(|()| true))
        }
    }
}

async fn drop_one(State(port): State<Port>, Path(row): Path<String>) -> Result<StatusCode, Response> {
    match &port.backend {
        Backend::Embedded(store) => done(store.drop_dead(number(&row)?).await),
        Backend::Rabbit(publisher, ..) => {
            let letters = opened(publisher).await?;
            let dropped = letters.discard(&found(&letters, &row).await?).await;
            letters.close().await.map_err(failed)?;
            done(dropped.map(|()| true))
        }
    }
}

fn done(was_there: Result<bool, BrokerError>) -> Result<StatusCode, Response> {
    if was_there.map_err(failed)? { Ok(StatusCode::NO_CONTENT) } else { Err(gone()) }
}

fn gone() -> Response {
    problem(StatusCode::NOT_FOUND, "no such article is among the dead: it was replayed or dropped")
}

#[expect(clippy::needless_pass_by_value, reason = "for `map_err`")]
fn failed(error: BrokerError) -> Response {
    problem(StatusCode::SERVICE_UNAVAILABLE, &error.to_string())
}
