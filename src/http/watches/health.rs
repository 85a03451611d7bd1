//! How a watch does: its matches, what it costs, whether it is in force as its file has it, its own tests.
//! `GET /watches/{id}/health`.

use axum::Extension;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Json, Response};
use jiff::Timestamp;
use serde::Serialize;
use serde_json::{Value, json};

use super::super::Port;
use super::{Who, found, unknown};
use crate::registry::held_against::failures;
use crate::watch::entry::Entry;
use crate::watch::matched::Seen;
use crate::watch::{Aside, Cost, Workspace};

/// What is known without looking at any article.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Health {
    /// Matches of the last 24 hours, or since counting began. For a watch with an owner, over RabbitMQ: those that this
    /// worker published.
    pub day: u64,
    /// Matches a day in the week before, the latest days weighing most; `None` until two days were counted.
    pub forecast: Option<f32>,
    /// When the newest matching article was received.
    pub last: Option<Timestamp>,
    /// The share of all articles it is evaluated on, an estimate.
    pub asked: f32,
    /// Times that this worker evaluated it and measured that.
    pub candidates: u32,
    /// How many of them there are for a match; `None` before the first.
    pub candidates_per_match: Option<f32>,
    /// See [`Cost::p99_us`].
    pub p99_us: Option<f64>,
    /// Why it is set aside and matches nothing.
    pub aside: Option<Aside>,
    /// Why the version in force is not the one that its file has now.
    pub stale: Option<String>,
}

impl Health {
    /// Of a watch that is neither set aside nor stale. `cost`: if it is in force.
    pub fn new(asked: f32, seen: Option<Seen>, cost: Option<Cost>) -> Self {
        let cost = cost.unwrap_or_default();
        Self {
            day: seen.map_or(0, |seen| seen.day),
            forecast: seen.and_then(|seen| seen.forecast),
            last: seen.map(|seen| seen.last),
            asked,
            candidates: cost.candidates,
            candidates_per_match: cost.candidates_per_match(),
            p99_us: cost.p99_us,
            aside: None,
            stale: None,
        }
    }
}

/// The health of a watch.
pub(in crate::http) async fn health(
    State(port): State<Port>,
    Extension(who): Extension<Who>,
    Path(id): Path<String>,
) -> Response {
    let pipeline = port.pipeline.current();
    let Some((entry, row)) = found(&port, &pipeline, &who, &id) else { return unknown() };
    let mut told = serde_json::to_value(row).unwrap_or_default();
    told["since"] = json!(port.matched().0);
    told["tests"] = tests(&port, &who, entry).await;
    Json(told).into_response()
}

/// How many of its own tests a watch passes, and which it fails; null if that takes too long, it can't be read, or it is
/// for one who may not try watches.
pub(super) async fn tests(port: &Port, who: &Who, entry: Entry) -> Value {
    if who.tries().is_err() {
        return Value::Null;
    }
    let all = entry.matches.len() + entry.no_match.len();
    if all == 0 {
        return json!({ "passed": 0, "failed": [] });
    }
    let (registry, pipeline) = (port.registry.clone(), port.pipeline.current());
    let judging = tokio::task::spawn_blocking(move || {
        let written = registry.read(entry)?;
        Some(failures(&written, &pipeline, &mut Workspace::default()))
    });
    match tokio::time::timeout(port.tag_timeout, judging).await {
        Ok(Ok(Some(failed))) => json!({ "passed": all - failed.len(), "failed": failed }),
        _ => Value::Null,
    }
}
