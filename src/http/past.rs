//! `GET /alerts.json`: past alerts, newest first, page by page; `GET /alerts/{id}`: one of them.

use std::sync::Arc;

use axum::extract::{Path, RawQuery, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::json;

use super::{Port, filter, problem};
use crate::alert::CONTENT_TYPE;
use crate::broker::BrokerError;
use crate::broker::backend::Log;
use crate::broker::tail::Older;

/// Alerts per page unless the client says how many, and at most.
const USUAL: usize = 50;
const MOST: usize = 200;

/// Longest id of an alert.
const LONGEST_ID: usize = 64;

/// The latest alerts that match a query, with the newest number of their log.
pub(super) async fn latest(log: &Log, query: &str, usual: usize) -> Result<(u64, Older), Response> {
    let wanted = Arc::new(filter::wanted(query, &["limit", "before"])?);
    let most = filter::number(query, "limit").unwrap_or(usual).min(MOST);
    // before reading, so that following from there misses nothing
    let newest = log.tail().newest();
    let below = match (filter::number(query, "before"), wanted.to) {
        (Some(number), _) => number,
        (None, Some(time)) => log.number_at(time).await.map_err(failed)?,
        (None, None) => u64::MAX,
    };
    Ok((newest, log.before(below, most, &wanted).await.map_err(failed)?))
}

#[expect(clippy::needless_pass_by_value, reason = "for `map_err`")]
fn failed(error: BrokerError) -> Response {
    tracing::warn!(%error, "can't read alerts");
    problem(StatusCode::SERVICE_UNAVAILABLE, &format!("alerts can't be read: {error}"))
}

pub(super) async fn page(State(port): State<Port>, RawQuery(query): RawQuery) -> Response {
    let log = port.log().await;
    let (newest, older) = match latest(&log, &query.unwrap_or_default(), USUAL).await {
        Ok(found) => found,
        Err(refused) => return refused,
    };
    let head = json!({
        // for `after` of the stream
        "newest": newest,
        // for `before` of the next page; null if there is none
        "next": (!older.ended).then_some(older.reached),
        "looked_at": older.looked_at,
        "all_workers": !log.is_own(),
    });
    let mut body = head.to_string().into_bytes();
    body.pop();
    body.extend_from_slice(b",\"alerts\":[");
    for (at, alert) in older.alerts.iter().enumerate() {
        let comma = if at > 0 { "," } else { "" };
        body.extend_from_slice(format!("{comma}{{\"number\":{},\"alert\":", alert.number).as_bytes());
        // JSON as published
        body.extend_from_slice(&alert.body);
        body.push(b'}');
    }
    body.extend_from_slice(b"]}");
    answer("application/json", body)
}

/// JSON for a program; a browser is shown the alert in the console.
pub(super) async fn one(
    State(port): State<Port>,
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    let unknown = || problem(StatusCode::NOT_FOUND, "alert not found: none of this id is kept");
    if id.len() > LONGEST_ID || !id.bytes().all(|b| b.is_ascii_alphanumeric()) {
        return unknown();
    }
    let near = filter::number::<u64>(&query.unwrap_or_default(), "at");
    let accepts = headers.get(header::ACCEPT).and_then(|v| v.to_str().ok()).unwrap_or_default();
    if accepts.contains("text/html") {
        let at = near.map_or_else(String::new, |number| format!("&at={number}"));
        return (StatusCode::SEE_OTHER, [(header::LOCATION, format!("../?alert={id}{at}"))]).into_response();
    }
    match port.log().await.alert(&id, near).await {
        Ok(Some(alert)) => answer(CONTENT_TYPE, alert.body),
        Ok(None) => unknown(),
        Err(error) => failed(error),
    }
}

fn answer(kind: &'static str, body: Vec<u8>) -> Response {
    ([(header::CONTENT_TYPE, kind), (header::X_CONTENT_TYPE_OPTIONS, "nosniff")], body).into_response()
}
