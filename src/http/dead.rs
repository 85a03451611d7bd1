//! `/dead`: the dead of the embedded store, for `presswatch dead` and the console while the worker holds the store.
//! Guarded by the token as sending is: the bodies are what publishers sent.
//!
//! `GET /dead?after=ROW` is a page of what is known of them, `GET /dead/ROW` the body of one, `POST /dead/ROW/replay` puts
//! it back to work, `DELETE /dead/ROW` removes it for good.

use axum::Router;
use axum::extract::{Path, RawQuery, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Json, Response};
use axum::routing::{get, post};
use serde_json::{Value, json};

use super::{Backend, Port, problem};
use crate::article::decode::Named;
use crate::broker::embedded::{Dead, Embedded};
use crate::broker::{BrokerError, dead_id};

pub(super) fn routes() -> Router<Port> {
    Router::new()
        .route("/dead", get(list))
        .route("/dead/{row}", get(body).delete(drop_one))
        .route("/dead/{row}/replay", post(replay))
}

/// The store, or the answer that there is none.
fn store(port: &Port) -> Result<&Embedded, Response> {
    match &port.backend {
        Backend::Embedded(store) => Ok(store),
        Backend::Rabbit(..) => Err(problem(
            StatusCode::NOT_FOUND,
            "the dead lie in a queue of RabbitMQ: `presswatch dead list --broker-url …` shows them",
        )),
    }
}

async fn list(State(port): State<Port>, RawQuery(query): RawQuery) -> Result<Response, Response> {
    let store = store(&port)?;
    let query = query.unwrap_or_default();
    let after = form_urlencoded::parse(query.as_bytes())
        .find_map(|(name, value)| (name == "after").then(|| value.parse().ok()).flatten());
    let page = store.dead_after(after.unwrap_or(0)).await.map_err(failed)?;
    let dead: Vec<Value> = page.dead.iter().map(known).collect();
    Ok(Json(json!({ "store": store.identity(), "dead": dead, "behind": page.behind })).into_response())
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

async fn body(State(port): State<Port>, Path(row): Path<i64>) -> Result<Response, Response> {
    let dead = store(&port)?.dead_at(row).await.map_err(failed)?.ok_or_else(gone)?;
    // whatever it is, a browser must not show it as a page of ours
    let headers = [
        (header::CONTENT_TYPE, "application/octet-stream"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::CONTENT_DISPOSITION, "attachment"),
    ];
    Ok((headers, dead.body).into_response())
}

async fn replay(State(port): State<Port>, Path(row): Path<i64>) -> Result<StatusCode, Response> {
    done(store(&port)?.replay(row).await)
}

async fn drop_one(State(port): State<Port>, Path(row): Path<i64>) -> Result<StatusCode, Response> {
    done(store(&port)?.drop_dead(row).await)
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
