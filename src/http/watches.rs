//! `GET /watches`: the watches in force with how they do, for the console and for `presswatch watch top`. To read only.

use std::cmp::Reverse;
use std::collections::HashMap;

use axum::extract::{Path, RawQuery, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Json, Response};
use jiff::Timestamp;
use serde::Serialize;
use serde_json::json;

use super::matched::Seen;
use super::{Port, problem};
use crate::alert::{Kind, RoutingKey};
use crate::pipeline::Pipeline;
use crate::watch::{Aside, Severity, Watch};

/// Watches that are answered if the client does not say how many, and at most.
const USUAL: usize = 50;
const MOST: usize = 1000;

/// In which order they are told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum By {
    Name,
    /// The most matches a day first.
    Noise,
    /// The longest without a match first.
    Silent,
    /// Those asked of the most articles first, before them those that were set aside.
    Cost,
}

impl By {
    fn of(name: &str) -> Option<Self> {
        Some(match name {
            "name" => Self::Name,
            "noise" => Self::Noise,
            "silent" => Self::Silent,
            "cost" => Self::Cost,
            _ => return None,
        })
    }
}

/// A watch and how it does.
#[derive(Debug, Serialize)]
struct Row {
    id: String,
    name: String,
    severity: Severity,
    /// That its alerts are published by.
    key: String,
    /// Matches of the last 24 hours, or since the counting began.
    day: u64,
    /// When the newest article that matched came in.
    last: Option<Timestamp>,
    /// Share of all articles that it is asked of.
    asked: f32,
    /// Why it is set aside and matches nothing.
    aside: Option<Aside>,
}

/// Rows in an order, so many of them, those whose id or name holds a text.
pub(super) async fn list(State(port): State<Port>, RawQuery(query): RawQuery) -> Response {
    let query = query.unwrap_or_default();
    let given = |wanted| form_urlencoded::parse(query.as_bytes()).find(|(n, _)| n == wanted).map(|(_, v)| v);
    let Some(by) = given("by").map_or(Some(By::Name), |by| By::of(&by)) else {
        return problem(StatusCode::BAD_REQUEST, "`by` is one of name, noise, silent, cost");
    };
    let most = given("limit").and_then(|n| n.parse().ok()).unwrap_or(USUAL).min(MOST);
    let text = given("q").unwrap_or_default().to_lowercase();
    let (since, seen) = port.board.matched();
    let pipeline = port.pipeline.current();
    // it goes through all watches, of which there may be many: not on a thread that serves others
    let found = tokio::task::spawn_blocking(move || {
        let watches = named(&pipeline, &text);
        let count = watches.len();
        (pipeline.watches.current().len(), count, ordered(watches, by, most, &seen, &pipeline))
    });
    match found.await {
        Ok((in_force, found, rows)) => {
            Json(json!({ "in_force": in_force, "found": found, "since": since, "watches": rows }))
                .into_response()
        }
        Err(error) => {
            tracing::error!(%error, "watches can't be told");
            problem(StatusCode::INTERNAL_SERVER_ERROR, "the watches could not be read")
        }
    }
}

/// One watch with its query.
pub(super) async fn one(State(port): State<Port>, Path(id): Path<String>) -> Response {
    let pipeline = port.pipeline.current();
    let Some(watch) = pipeline.watches.current().get(&id).filter(is_open) else {
        return problem(StatusCode::NOT_FOUND, "there is no such watch in force");
    };
    let (_, seen) = port.board.matched();
    let (when, forms) = (watch.when.clone(), watch.forms);
    let row = rows(vec![watch], &seen, &pipeline).remove(0);
    let mut told = serde_json::to_value(row).unwrap_or_default();
    told["when"] = when.into();
    told["forms"] = forms.into();
    Json(told).into_response()
}

/// The watches whose id or name holds a text in small letters, as far as everybody may know of them.
pub(super) fn named(pipeline: &Pipeline, text: &str) -> Vec<Watch> {
    let holds =
        |watch: &Watch| watch.id.to_lowercase().contains(text) || watch.name.to_lowercase().contains(text);
    pipeline.watches.current().watches().filter(is_open).filter(holds).collect()
}

/// Whether it may be told to whoever reaches the port.
fn is_open(watch: &Watch) -> bool {
    watch.owner.is_none()
}

type SeenById = rustc_hash::FxHashMap<String, Seen>;

fn ordered(mut watches: Vec<Watch>, by: By, most: usize, seen: &SeenById, pipeline: &Pipeline) -> Vec<Row> {
    let of = |id: &str| seen.get(id);
    match by {
        By::Name => watches.sort_by_cached_key(|w| (w.name.to_lowercase(), w.id.clone())),
        By::Noise => {
            watches.sort_by_cached_key(|w| (Reverse(of(&w.id).map(|s| (s.day, s.last))), w.id.clone()));
        }
        By::Silent => watches.sort_by_cached_key(|w| (of(&w.id).map(|s| s.last), w.id.clone())),
        By::Cost => {
            let mut rows = rows(watches, seen, pipeline);
            rows.sort_by(|a, b| {
                let aside = b.aside.is_some().cmp(&a.aside.is_some());
                aside.then(b.asked.total_cmp(&a.asked)).then_with(|| a.id.cmp(&b.id))
            });
            rows.truncate(most);
            return rows;
        }
    }
    watches.truncate(most);
    rows(watches, seen, pipeline)
}

fn rows(watches: Vec<Watch>, seen: &SeenById, pipeline: &Pipeline) -> Vec<Row> {
    let current = pipeline.watches.current();
    let aside: HashMap<String, Aside> = current.aside().into_iter().collect();
    let asked = current.asked(&watches);
    let row = |(Watch { id, name, severity, .. }, asked)| {
        let key = RoutingKey::new(Kind::Watch, &id).to_string();
        let (day, last) = seen.get(&id).map_or((0, None), |seen| (seen.day, Some(seen.last)));
        let aside = aside.get(&id).copied();
        Row { id, name, severity, key, day, last, asked, aside }
    };
    watches.into_iter().zip(asked).map(row).collect()
}
