//! `POST /watches/try`: what a query would have found among the articles that are kept; `GET /watches/{id}/why`: each
//! clause of a watch, true or false, for one of them.

use std::sync::Arc;

use axum::Extension;
use axum::body::Bytes;
use axum::extract::{Path, RawQuery, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Json, Response};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::super::{Port, filter, problem};
use super::doors::Who;
use super::write::wrong;
use crate::broker::tail::Published;
use crate::broker::wanted::Wanted;
use crate::pipeline::Pipeline;
use crate::registry::held_against::knows;
use crate::registry::trial::{Trial, of_alert};
use crate::watch::entry::Entry;
use crate::watch::{Watch, Workspace, parse, warnings, why};

/// Articles that a query is tried on unless the client says how many, and at most.
const USUAL: usize = 200;
const MOST: usize = 2000;

/// Alerts per read of the log.
const PAGE: usize = 200;

/// A trial request.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Asked {
    /// The query.
    when: String,
    /// See [`Entry::forms`].
    #[serde(default)]
    forms: Option<bool>,
    /// See [`Entry::owner`].
    #[serde(default)]
    owner: Option<String>,
    /// A watch in force to compare it with.
    #[serde(default)]
    id: Option<String>,
    /// How many of the latest articles to try it on; 0 only parses it.
    #[serde(default = "usual")]
    articles: usize,
}

fn usual() -> usize {
    USUAL
}

/// The part of an alert about its article.
#[derive(Debug, Deserialize)]
struct Alert {
    id: String,
    data: Map<String, Value>,
}

pub(in crate::http) async fn trial(
    State(port): State<Port>,
    Extension(who): Extension<Who>,
    body: Bytes,
) -> Response {
    if let Err(refused) = who.tries() {
        return refused;
    }
    let asked: Asked = match serde_json::from_slice(&body) {
        Ok(asked) => asked,
        Err(error) => return problem(StatusCode::BAD_REQUEST, &error.to_string()),
    };
    let Asked { when, forms, owner, id, articles } = asked;
    let entry = Entry { id: "query".to_owned(), when, forms, ..Entry::default() };
    let owner = owner.filter(|owner| who.sees(Some(owner)));
    let mut watch = match port.registry.check(Entry { owner, ..entry }) {
        Ok(written) => written.watch,
        Err(error) => return wrong(&error),
    };
    watch.owner = None;
    let pipeline = port.pipeline.current();
    let before = id
        .and_then(|id| pipeline.watches.current().get(&id))
        .filter(|before| who.sees(before.owner.as_deref()))
        .map(|before| Watch { id: "before".to_owned(), owner: None, ..before });
    let kept = match latest(&port, articles.min(MOST)).await {
        Ok(kept) => kept,
        Err(refused) => return refused,
    };
    let trying = tokio::task::spawn_blocking(move || found(watch, before, &kept, &pipeline));
    match tokio::time::timeout(port.timeout, trying).await {
        Ok(Ok(told)) => Json(told).into_response(),
        _ => problem(StatusCode::SERVICE_UNAVAILABLE, "it took too long; try it on fewer articles"),
    }
}

/// The latest alerts that are kept, newest first.
async fn latest(port: &Port, most: usize) -> Result<Vec<Published>, Response> {
    let (log, mut below, mut kept) = (port.log().await, u64::MAX, Vec::new());
    while kept.len() < most {
        let page = (most - kept.len()).min(PAGE);
        let older = log.before(below, page, &Arc::new(Wanted::default())).await;
        let older = older.map_err(|error| {
            problem(StatusCode::SERVICE_UNAVAILABLE, &format!("alerts can't be read: {error}"))
        })?;
        below = older.reached;
        kept.extend(older.alerts);
        if older.ended {
            break;
        }
    }
    Ok(kept)
}

/// The result for a query, and for the one it may replace.
fn found(watch: Watch, before: Option<Watch>, kept: &[Published], pipeline: &Pipeline) -> Value {
    let words = &pipeline.lexicon.watch_words;
    let expr = parse(&watch.when, watch.forms, words);
    let warned =
        expr.as_ref().map(|expr| warnings(&watch, expr, words, &|kind, what| knows(kind, what, pipeline)));
    let expr = expr.as_ref().map(ToString::to_string).unwrap_or_default();
    let is_held = before.is_some();
    let watches: Vec<Watch> = [Some(watch), before].into_iter().flatten().collect();
    let (mut trial, mut workspace) = (Trial::new(&watches, words), Workspace::default());
    let (mut more, mut fewer) = (0, 0);
    for alert in kept {
        let Ok(Alert { id, data }) = serde_json::from_slice(&alert.body) else { continue };
        let Some(analysed) = of_alert(&data, pipeline) else { continue };
        let seen = trial.see(id, analysed, &mut workspace);
        match (seen.matches("query"), seen.matches("before")) {
            (true, false) => more += 1,
            (false, true) => fewer += 1,
            _ => {}
        }
        trial.note(&seen);
    }
    let aside = trial.aside().into_iter().find(|(id, _)| id == "query").map(|(_, why)| why);
    json!({
        "expr": expr,
        "warnings": warned.unwrap_or_default(),
        "looked_at": trial.articles,
        "found": trial.found("query"),
        "aside": aside,
        "against_now": is_held.then(|| json!({ "more": more, "fewer": fewer })),
    })
}

/// Each clause of a watch in force, for the article of an alert.
pub(in crate::http) async fn why_it_matches(
    State(port): State<Port>,
    Extension(who): Extension<Who>,
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
) -> Response {
    let query = query.unwrap_or_default();
    let given = |wanted| form_urlencoded::parse(query.as_bytes()).find(|(n, _)| n == wanted).map(|(_, v)| v);
    let Some(alert) = given("alert") else {
        return problem(StatusCode::BAD_REQUEST, "`alert` takes the id of an alert that is kept");
    };
    let pipeline = port.pipeline.current();
    let watch = pipeline.watches.current().get(&id).filter(|watch| who.sees(watch.owner.as_deref()));
    let Some(watch) = watch else {
        return problem(StatusCode::NOT_FOUND, "watch not found among those in force");
    };
    let kept = match port.log().await.alert(&alert, filter::number(&query, "at")).await {
        Ok(Some(kept)) => kept,
        Ok(None) => return problem(StatusCode::NOT_FOUND, "alert not found: none of this id is kept"),
        Err(error) => {
            return problem(StatusCode::SERVICE_UNAVAILABLE, &format!("alerts can't be read: {error}"));
        }
    };
    let telling = tokio::task::spawn_blocking(move || {
        let alert: Alert = serde_json::from_slice(&kept.body).ok()?;
        let analysed = of_alert(&alert.data, &pipeline)?;
        let words = &pipeline.lexicon.watch_words;
        let expr = parse(&watch.when, watch.forms, words).ok()?;
        let reasons = why(&expr, analysed.article(), words, &mut Workspace::default());
        let matches = reasons.first().is_some_and(|all| all.holds);
        Some(json!({ "id": watch.id, "when": watch.when, "matches": matches, "clauses": reasons }))
    });
    match tokio::time::timeout(port.tag_timeout, telling).await {
        Ok(Ok(Some(told))) => Json(told).into_response(),
        _ => problem(StatusCode::SERVICE_UNAVAILABLE, "it can't be told of this article"),
    }
}
