//! `POST /watches`, `PUT` and `DELETE /watches/{id}`, their revisions and `POST /watches/{id}/undo`.
//!
//! Each change is made to a revision, which the client names (`If-Match`), so that nobody undoes what another has just
//! written. A change answered with success is kept and in force.

use axum::Extension;
use axum::body::Bytes;
use axum::extract::{Path, RawQuery, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Json, Response};
use jiff::Timestamp;
use serde::Serialize;
use serde_json::{Value, json};

use super::super::{Port, filter, problem};
use super::doors::Who;
use crate::registry::held_against::{failures, knows};
use crate::watch::entry::{Entry, Written, Wrong};
use crate::watch::ledger::Change;
use crate::watch::{QueryError, Workspace, parse, warnings};

/// Which revision the client intends to change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Of {
    /// None: there must be no such watch.
    Nothing,
    /// The one with this number.
    Revision(u64),
    /// Whichever is current.
    Any,
}

/// Creates a watch.
pub(in crate::http) async fn create(
    State(port): State<Port>,
    Extension(who): Extension<Who>,
    body: Bytes,
) -> Response {
    let entry = match read(&body, None) {
        Ok(entry) => entry,
        Err(refused) => return refused,
    };
    put(&port, &who, entry, Of::Nothing).await
}

/// Replaces a watch, or creates it.
pub(in crate::http) async fn replace(
    State(port): State<Port>,
    Extension(who): Extension<Who>,
    Path(id): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let entry = match read(&body, Some(&id)) {
        Ok(entry) => entry,
        Err(refused) => return refused,
    };
    match of(&headers) {
        Ok(of) => put(&port, &who, entry, of).await,
        Err(refused) => refused,
    }
}

/// Removes a watch.
pub(in crate::http) async fn remove(
    State(port): State<Port>,
    Extension(who): Extension<Who>,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Response {
    let ready = of(&headers).and_then(|of| may_change(&port, &who, &id, of));
    match ready {
        Ok(0) => unknown(),
        Ok(revision) => match change(&port, &who, id, revision, None).await {
            Ok(()) => StatusCode::NO_CONTENT.into_response(),
            Err(refused) => refused,
        },
        Err(refused) => refused,
    }
}

/// Restores a watch as it was before its last change, or as of revision `to`.
pub(in crate::http) async fn undo(
    State(port): State<Port>,
    Extension(who): Extension<Who>,
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    let revision = match of(&headers).and_then(|of| may_change_or_bring_back(&port, &who, &id, of)) {
        Ok(0) => return unknown(),
        Ok(revision) => revision,
        Err(refused) => return refused,
    };
    let to = filter::number::<u64>(&query.unwrap_or_default(), "to");
    let found = port.registry.of_ledger(|ledger| {
        let mut older = ledger.revisions(&id).skip(1);
        match to {
            Some(to) => older.find(|change| change.revision == to).map(|change| change.watch.clone()),
            // before the first revision there was no watch
            None => older.next().map(|change| change.watch.clone()).or((revision == 1).then_some(None)),
        }
    });
    match found {
        Some(Some(entry)) => put(&port, &who, entry, Of::Any).await,
        Some(None) => match change(&port, &who, id, revision, None).await {
            Ok(()) => StatusCode::NO_CONTENT.into_response(),
            Err(refused) => refused,
        },
        None => problem(StatusCode::NOT_FOUND, "that revision is not kept"),
    }
}

/// The revisions of a watch that are kept, newest first.
pub(in crate::http) async fn revisions(
    State(port): State<Port>,
    Extension(who): Extension<Who>,
    Path(id): Path<String>,
) -> Response {
    let kept: Vec<Change> = port.registry.of_ledger(|ledger| ledger.revisions(&id).cloned().collect());
    let of_owner = kept.iter().find_map(|change| change.watch.as_ref()).map(|entry| entry.owner.clone());
    match of_owner {
        Some(owner) if who.sees(owner.as_deref()) => {
            // a watch given to another owner is hidden from its previous one
            let told: Vec<&Change> = kept
                .iter()
                .filter(|c| c.watch.as_ref().is_none_or(|entry| who.sees(entry.owner.as_deref())))
                .collect();
            Json(json!({ "id": id, "revisions": told })).into_response()
        }
        _ => unknown(),
    }
}

fn unknown() -> Response {
    problem(StatusCode::NOT_FOUND, "watch not found among those written over HTTP")
}

/// Parses a watch from JSON; its id may be left out if the path names it.
fn read(body: &[u8], id: Option<&str>) -> Result<Entry, Response> {
    let bad = |error: String| problem(StatusCode::BAD_REQUEST, &error);
    let mut value: Value = serde_json::from_slice(body).map_err(|error| bad(error.to_string()))?;
    if let (Some(id), Some(fields)) = (id, value.as_object_mut()) {
        match fields.get("id").and_then(Value::as_str) {
            Some(other) if other != id => {
                return Err(bad(format!("`id` is `{other}`, and the path names `{id}`")));
            }
            _ => drop(fields.insert("id".to_owned(), id.into())),
        }
    }
    serde_json::from_value(value).map_err(|error| bad(error.to_string()))
}

/// The revision that the headers name.
fn of(headers: &HeaderMap) -> Result<Of, Response> {
    let text = |name: HeaderName| headers.get(name).and_then(|value| value.to_str().ok()).map(str::trim);
    match (text(header::IF_MATCH), text(header::IF_NONE_MATCH)) {
        (Some("*"), _) => Ok(Of::Any),
        (Some(tag), _) => match tag.trim_start_matches("W/").trim_matches('"').parse() {
            Ok(revision) => Ok(Of::Revision(revision)),
            Err(_) => Err(problem(StatusCode::PRECONDITION_FAILED, "`If-Match` is not the ETag of a watch")),
        },
        (None, Some("*")) => Ok(Of::Nothing),
        (None, _) => Err(problem(
            StatusCode::PRECONDITION_REQUIRED,
            "send `If-Match` with the ETag of the watch as you know it, or `If-None-Match: *` for a new one",
        )),
    }
}

/// The revision to be changed, if this client may change it.
fn may_change(port: &Port, who: &Who, id: &str, of: Of) -> Result<u64, Response> {
    let last = port.registry.of_ledger(|ledger| ledger.last(id).cloned());
    if let Some(file) = port.registry.file(id) {
        let why = format!("`{id}` stands in the file {file}; change it there");
        return Err(problem(StatusCode::CONFLICT, &why));
    }
    let (revision, entry) = last.map_or((0, None), |change| (change.revision, change.watch));
    if let Some(entry) = &entry {
        let owner = entry.owner.as_deref();
        if !who.sees(owner) && of == Of::Nothing {
            return Err(problem(StatusCode::CONFLICT, "the id is taken by another watch"));
        }
        if !who.sees(owner) {
            return Err(unknown());
        }
        who.writes(owner)?;
    }
    match (of, &entry) {
        (Of::Nothing, Some(_)) => {
            Err(problem(StatusCode::CONFLICT, "the id is taken; change that watch with PUT"))
        }
        (Of::Nothing, None) | (Of::Any, Some(_)) => Ok(revision),
        (Of::Revision(own), Some(_)) if own == revision => Ok(revision),
        (Of::Revision(_), Some(_)) => Err(changed(revision)),
        (Of::Any | Of::Revision(_), None) => Err(unknown()),
    }
}

/// The same, but a removed watch may be restored.
fn may_change_or_bring_back(port: &Port, who: &Who, id: &str, of: Of) -> Result<u64, Response> {
    let last = port.registry.of_ledger(|ledger| ledger.last(id).map(|c| (c.revision, c.watch.is_none())));
    match (of, last) {
        (Of::Revision(own), Some((revision, true))) if own == revision => Ok(revision),
        (Of::Any, Some((revision, true))) => Ok(revision),
        _ => may_change(port, who, id, of),
    }
}

fn changed(revision: u64) -> Response {
    let why = format!("it was changed meanwhile, and is of revision {revision} now; look at that first");
    problem(StatusCode::PRECONDITION_FAILED, &why)
}

/// The response for a watch that can't be parsed.
pub(super) fn wrong(wrong: &Wrong) -> Response {
    #[derive(Serialize)]
    struct Told<'a> {
        error: &'a str,
        /// With lists expanded.
        #[serde(skip_serializing_if = "Option::is_none")]
        query: Option<&'a str>,
        /// `column`, `message`, `expected` and `hint`.
        #[serde(flatten)]
        wrong: Option<&'a QueryError>,
    }
    let query = wrong.query.as_ref();
    let told = Told {
        error: &wrong.message,
        query: query.map(|(query, _)| query.as_str()),
        wrong: query.map(|(_, wrong)| wrong),
    };
    (StatusCode::UNPROCESSABLE_ENTITY, Json(told)).into_response()
}

/// Puts a watch in force.
async fn put(port: &Port, who: &Who, entry: Entry, of: Of) -> Response {
    let id = entry.id.clone();
    let ready = who.writes(entry.owner.as_deref()).and_then(|()| match of {
        Of::Any => may_change_or_bring_back(port, who, &id, of),
        of => may_change(port, who, &id, of),
    });
    let revision = match ready {
        Ok(revision) => revision,
        Err(refused) => return refused,
    };
    let written = match port.registry.check(entry.clone()) {
        Ok(written) => written,
        Err(error) => return wrong(&error),
    };
    let warnings = match judged(port, written).await {
        Ok(warnings) => warnings,
        Err(refused) => return refused,
    };
    let is_new = of == Of::Nothing;
    if let Err(refused) = change(port, who, id.clone(), revision, Some(entry.clone())).await {
        return refused;
    }
    let status = if is_new { StatusCode::CREATED } else { StatusCode::OK };
    let body = json!({ "watch": entry, "revision": revision + 1, "warnings": warnings });
    let mut answer = (status, [(header::ETAG, etag(revision + 1))], Json(body)).into_response();
    if is_new && let Ok(place) = HeaderValue::from_str(&format!("watches/{id}")) {
        answer.headers_mut().insert(header::LOCATION, place);
    }
    answer
}

/// The warnings about a watch; if it fails its own tests, the response that says so.
async fn judged(port: &Port, written: Written) -> Result<Vec<String>, Response> {
    let pipeline = port.pipeline.current();
    let judging = tokio::task::spawn_blocking(move || {
        let failed = failures(&written, &pipeline, &mut Workspace::default());
        let words = &pipeline.lexicon.watch_words;
        let warned = parse(&written.watch.when, written.watch.forms, words)
            .map(|expr| warnings(&written.watch, &expr, words, &|kind, what| knows(kind, what, &pipeline)));
        (failed, warned.unwrap_or_default())
    });
    match tokio::time::timeout(port.tag_timeout, judging).await {
        Ok(Ok((failed, warned))) if failed.is_empty() => Ok(warned),
        Ok(Ok((failed, _))) => {
            let body = json!({ "error": "it fails its own tests", "failures": failed });
            Err((StatusCode::UNPROCESSABLE_ENTITY, Json(body)).into_response())
        }
        _ => Err(problem(StatusCode::SERVICE_UNAVAILABLE, "its own tests took too long")),
    }
}

/// Makes a change to a revision.
async fn change(
    port: &Port,
    who: &Who,
    id: String,
    revision: u64,
    watch: Option<Entry>,
) -> Result<(), Response> {
    let by = match who {
        Who::Owner(owner, _) => Some(owner.clone()),
        _ => None,
    };
    let change = Change { id: id.clone(), revision: revision + 1, at: Timestamp::now(), by, watch };
    match port.watch_log.write(change).await {
        Ok(true) => Ok(()),
        Ok(false) => Err(changed(port.registry.of_ledger(|ledger| ledger.revision(&id)))),
        Err(error) => {
            tracing::warn!(watch = id, %error, "a watch could not be kept");
            let why = format!("{error}. It may be in force all the same: check before you send it again");
            Err(problem(StatusCode::SERVICE_UNAVAILABLE, &why))
        }
    }
}

/// The `ETag` of a revision.
pub(super) fn etag(revision: u64) -> String {
    format!("\"{revision}\"")
}
