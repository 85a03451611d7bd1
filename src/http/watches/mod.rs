//! `GET /watches`: the watches and their state, for the console and for `presswatch watch top`; the modules below write
//! and try them.

mod doors;
mod health;
mod kept;
mod notices;
mod trial;
mod why;
mod write;

use std::cmp::Reverse;
use std::collections::HashMap;

use axum::extract::{DefaultBodyLimit, Path, RawQuery, State};
use axum::http::{StatusCode, header};
use axum::middleware;
use axum::response::{IntoResponse, Json, Response};
use axum::routing::{get, post};
use axum::{Extension, Router};
use jiff::civil::Date;
use serde::Serialize;
use serde_json::json;

use super::{Port, problem};
use crate::alert::{Kind, RoutingKey};
use crate::pipeline::Pipeline;
use crate::registry::{Registry, today};
use crate::watch::entry::Entry;
use crate::watch::matched::Seen;
use crate::watch::{Aside, Severity, Watch};
pub(super) use doors::{Doors, Who};
use health::Health;

/// The most bytes of a watch as written: a query may have 64 KiB, and there are its tests.
const WRITTEN: usize = 1 << 20;

/// Watches returned unless the client says how many, and at most.
const USUAL: usize = 50;
const MOST: usize = 1000;

/// The order of the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum By {
    Name,
    /// Most matches per day first.
    Noise,
    /// The longest without a match first.
    Silent,
    /// Those set aside first, then those evaluated on the most articles.
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

/// Whether a watch is evaluated on articles.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
enum Standing {
    InForce,
    /// It is switched off.
    Quiet,
    /// Its last day is over.
    Expired,
    /// It names something that no longer exists, such as a list.
    Broken,
}

/// A watch and its state.
#[derive(Debug, Serialize)]
struct Row {
    id: String,
    name: String,
    /// The owner, who alone is notified of its matches.
    #[serde(skip_serializing_if = "Option::is_none")]
    owner: Option<String>,
    severity: Severity,
    state: Standing,
    /// The file it is in.
    #[serde(skip_serializing_if = "Option::is_none")]
    file: Option<String>,
    /// If it was written over HTTP.
    #[serde(skip_serializing_if = "Option::is_none")]
    revision: Option<u64>,
    /// The routing key of its alerts.
    key: String,
    #[serde(flatten)]
    health: Health,
}

pub(super) fn routes(doors: Doors) -> Router<Port> {
    Router::new()
        .route("/watches", get(list).post(write::create))
        .route("/watches/try", post(trial::trial))
        .route("/watches/{id}", get(one).put(write::replace).delete(write::remove))
        .route("/watches/{id}/revisions", get(write::revisions))
        .route("/watches/{id}/undo", post(write::undo))
        .route("/watches/{id}/health", get(health::health))
        .route("/watches/{id}/why", get(why::why_it_matches))
        .route("/articles.json", get(kept::articles))
        .route("/notices", get(notices::page))
        .layer(DefaultBodyLimit::max(WRITTEN))
        .layer(middleware::from_fn(move |request, next| doors.clone().note(request, next)))
}

/// Up to `limit` rows in an order, of watches whose id or name contains a text.
async fn list(
    State(port): State<Port>,
    Extension(who): Extension<Who>,
    RawQuery(query): RawQuery,
) -> Response {
    let query = query.unwrap_or_default();
    let given = |wanted| form_urlencoded::parse(query.as_bytes()).find(|(n, _)| n == wanted).map(|(_, v)| v);
    let Some(by) = given("by").map_or(Some(By::Name), |by| By::of(&by)) else {
        return problem(StatusCode::BAD_REQUEST, "`by` is one of name, noise, silent, cost");
    };
    let most = given("limit").and_then(|n| n.parse().ok()).unwrap_or(USUAL).min(MOST);
    let text = given("q").unwrap_or_default().to_lowercase();
    let (since, seen) = port.matched();
    let may_write = who.writes_any();
    // this scans all watches, of which there may be many: keep it off the threads that serve others
    let found = tokio::task::spawn_blocking(move || {
        let pipeline = port.pipeline.current();
        let listing = Listing { registry: &port.registry, pipeline: &pipeline, seen: &seen };
        let (in_force, watches) = listing.watches(&who, &text);
        let count = watches.len();
        (in_force, count, listing.ordered(watches, by, most))
    });
    match found.await {
        Ok((in_force, found, rows)) => Json(json!({
            "in_force": in_force, "found": found, "since": since, "may_write": may_write, "watches": rows
        }))
        .into_response(),
        Err(error) => {
            tracing::error!(%error, "watches can't be told");
            problem(StatusCode::INTERNAL_SERVER_ERROR, "the watches could not be read")
        }
    }
}

/// One watch as it was written, with its state and its own tests.
async fn one(State(port): State<Port>, Extension(who): Extension<Who>, Path(id): Path<String>) -> Response {
    let pipeline = port.pipeline.current();
    let Some((entry, row)) = found(&port, &pipeline, &who, &id) else { return unknown() };
    let in_force = pipeline.watches.current().get(&id);
    // in force, its forms may be its owner's default
    let forms = in_force.as_ref().map_or(entry.forms.unwrap_or_default(), |watch| watch.forms);
    let tag = row.revision.map(|revision| [(header::ETAG, write::etag(revision))]);
    let mut told = serde_json::to_value(row).unwrap_or_default();
    told["when"] = entry.when.clone().into();
    told["forms"] = forms.into();
    // with its lists expanded
    told["in_force"] = json!(in_force.map(|watch| json!({ "when": watch.when, "forms": watch.forms })));
    told["tests"] = health::tests(&port, &who, entry.clone()).await;
    told["watch"] = serde_json::to_value(entry).unwrap_or_default();
    (tag, Json(told)).into_response()
}

/// A watch that `who` may see, as it is written, and its state.
fn found(port: &Port, pipeline: &Pipeline, who: &Who, id: &str) -> Option<(Entry, Row)> {
    let entry = port.registry.entry(id).filter(|entry| who.sees(entry.owner.as_deref()))?;
    let (_, seen) = port.matched();
    let listing = Listing { registry: &port.registry, pipeline, seen: &seen };
    let row = listing.rows(vec![watch_of(&entry)]).pop()?;
    Some((entry, row))
}

fn unknown() -> Response {
    problem(StatusCode::NOT_FOUND, "watch not found")
}

/// The watches in force whose id or name contains a text in lower case, as far as everybody may see them.
pub(super) fn named(pipeline: &Pipeline, text: &str) -> Vec<Watch> {
    let current = pipeline.watches.current();
    current.watches().filter(|watch| watch.owner.is_none() && holds(watch, text)).collect()
}

fn holds(watch: &Watch, text: &str) -> bool {
    watch.id.to_lowercase().contains(text) || watch.name.to_lowercase().contains(text)
}

/// A watch as it was written, with lists not expanded.
fn watch_of(entry: &Entry) -> Watch {
    let Entry { id, name, owner, when, severity, forms, .. } = entry.clone();
    let name = name.unwrap_or_else(|| id.clone());
    Watch { id, name, owner, severity, when, forms: forms.unwrap_or_default() }
}

type SeenById = rustc_hash::FxHashMap<String, Seen>;

/// What rows are made from.
struct Listing<'a> {
    registry: &'a Registry,
    pipeline: &'a Pipeline,
    seen: &'a SeenById,
}

impl Listing<'_> {
    /// How many watches are in force, and those whose id or name contains a text, in force or not: of both only those
    /// that `who` may see.
    fn watches(&self, who: &Who, text: &str) -> (usize, Vec<Watch>) {
        let current = self.pipeline.watches.current();
        let sees = |watch: &Watch| who.sees(watch.owner.as_deref());
        let mut in_force = 0;
        let counted = current.watches().filter(|watch| sees(watch)).inspect(|_| in_force += 1);
        let mut found: Vec<Watch> = counted.filter(|watch| holds(watch, text)).collect();
        found.extend(self.registry.of_others(|entry| {
            let is_other = current.get(&entry.id).is_none();
            is_other.then(|| watch_of(entry)).filter(|watch| sees(watch) && holds(watch, text))
        }));
        (in_force, found)
    }

    fn ordered(&self, mut watches: Vec<Watch>, by: By, most: usize) -> Vec<Row> {
        let of = |id: &str| self.seen.get(id);
        match by {
            By::Name => watches.sort_by_cached_key(|w| (w.name.to_lowercase(), w.id.clone())),
            By::Noise => {
                watches.sort_by_cached_key(|w| (Reverse(of(&w.id).map(|s| (s.day, s.last))), w.id.clone()));
            }
            By::Silent => watches.sort_by_cached_key(|w| (of(&w.id).map(|s| s.last), w.id.clone())),
            By::Cost => {
                let mut rows = self.rows(watches);
                rows.sort_by(|a, b| {
                    let aside = b.health.aside.is_some().cmp(&a.health.aside.is_some());
                    aside.then(b.health.asked.total_cmp(&a.health.asked)).then_with(|| a.id.cmp(&b.id))
                });
                rows.truncate(most);
                return rows;
            }
        }
        watches.truncate(most);
        self.rows(watches)
    }

    fn rows(&self, watches: Vec<Watch>) -> Vec<Row> {
        let current = self.pipeline.watches.current();
        let aside: HashMap<String, Aside> = current.aside().into_iter().collect();
        let asked = current.asked(&watches);
        let today = today();
        let row = |(Watch { id, name, severity, owner, .. }, asked)| {
            let file = self.registry.file(&id);
            let revision = file.is_none().then(|| self.registry.of_ledger(|ledger| ledger.revision(&id)));
            let is_in_force = current.get(&id).is_some();
            let entry = if is_in_force { None } else { self.registry.entry(&id) };
            let health = Health::new(asked, self.seen.get(&id).copied(), current.cost(&id));
            Row {
                health: Health {
                    aside: aside.get(&id).copied(),
                    stale: self.registry.stale(&id).filter(|_| is_in_force),
                    ..health
                },
                key: RoutingKey::new(Kind::Watch, &id).to_string(),
                state: standing(entry.as_ref(), is_in_force, today),
                revision: revision.filter(|revision| *revision > 0),
                file,
                id,
                name,
                owner,
                severity,
            }
        };
        watches.into_iter().zip(asked).map(row).collect()
    }
}

fn standing(entry: Option<&Entry>, is_in_force: bool, today: Date) -> Standing {
    match entry {
        _ if is_in_force => Standing::InForce,
        Some(entry) if entry.quiet => Standing::Quiet,
        Some(Entry { expires: Some(last), .. }) if last.parse().is_ok_and(|last: Date| last < today) => {
            Standing::Expired
        }
        _ => Standing::Broken,
    }
}
