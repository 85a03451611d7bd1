//! `GET /keys?q=azer`: the keys of things people know by name, with how often each occurred recently.

use std::sync::{Arc, Mutex, PoisonError};

use axum::extract::{RawQuery, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Json, Response};
use rustc_hash::FxHashMap;
use serde_json::{Value, json};

use super::{Port, problem};
use crate::alert::{Kind, RoutingKey};
use crate::catalogue::{Catalogue, Entry};
use crate::knowledge::Knowledge;
use crate::watch::Watch;

/// Names returned unless the client says how many, and at most.
const USUAL: usize = 12;
const MOST: usize = 100;

/// The most watches among them: an id or a name is easily part of many.
const WATCHES: usize = 4;

/// Longest search text, in bytes.
const LONGEST: usize = 200;

/// The names of the lexicon in force; built on first use, and again for another lexicon.
#[derive(Debug, Default)]
pub struct Names(Mutex<Option<(String, Arc<Catalogue>)>>);

impl Names {
    fn of(&self, lexicon: &Knowledge) -> Arc<Catalogue> {
        let mut made = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match &*made {
            Some((version, catalogue)) if *version == lexicon.version => Arc::clone(catalogue),
            _ => {
                let catalogue = Arc::new(Catalogue::new(lexicon));
                *made = Some((lexicon.version.clone(), Arc::clone(&catalogue)));
                catalogue
            }
        }
    }
}

pub(super) async fn by_name(State(port): State<Port>, RawQuery(query): RawQuery) -> Response {
    let query = query.unwrap_or_default();
    let given = |wanted| form_urlencoded::parse(query.as_bytes()).find(|(n, _)| n == wanted).map(|(_, v)| v);
    let name = given("q").unwrap_or_default().into_owned();
    if name.len() > LONGEST {
        return problem(StatusCode::BAD_REQUEST, &format!("`q` is longer than {LONGEST} bytes"));
    }
    let most = given("limit").and_then(|n| n.parse().ok()).unwrap_or(USUAL).min(MOST);
    let lately = port.board.counts();
    let (catalogue, pipeline) = (Arc::clone(&port.catalogue), port.pipeline.current());
    // the first request builds the catalogue, and each scans all of it: keep it off the threads that serve others
    let found = tokio::task::spawn_blocking(move || {
        let catalogue = catalogue.of(&pipeline.lexicon);
        let often = |entry: &Entry| entry.keys().filter_map(|key| lately.get(&key)).sum();
        let mut watches = super::watches::named(&pipeline, &name.to_lowercase());
        watches.sort_by(|a, b| a.name.cmp(&b.name));
        watches.truncate(WATCHES.min(most));
        let found = catalogue.search(&name, most - watches.len(), often);
        let of_lexicon = found.into_iter().map(|entry| shown(entry, often(entry)));
        of_lexicon.chain(watches.iter().map(|watch| shown_watch(watch, &lately))).collect::<Vec<_>>()
    });
    match found.await {
        Ok(found) => Json(json!({ "keys": found })).into_response(),
        Err(error) => {
            tracing::error!(%error, "no keys by name");
            problem(StatusCode::INTERNAL_SERVER_ERROR, "the search failed")
        }
    }
}

fn shown_watch(watch: &Watch, lately: &FxHashMap<String, u64>) -> Value {
    let key = RoutingKey::new(Kind::Watch, &watch.id).to_string();
    let lately = lately.get(&key).copied().unwrap_or_default();
    json!({ "kind": "watch", "name": watch.name, "about": watch.severity, "keys": [key], "lately": lately })
}

fn shown(entry: &Entry, lately: u64) -> Value {
    let Entry { kind, name, about, .. } = entry;
    let keys: Vec<String> = entry.keys().collect();
    json!({ "kind": kind, "name": name, "about": about, "keys": keys, "lately": lately })
}
