//! `POST /watches/try`: what a query would have found among the articles that are kept.

use std::collections::HashSet;

use axum::Extension;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Json, Response};
use serde::Deserialize;
use serde_json::{Value, json};

use super::super::{Port, problem};
use super::doors::Who;
use super::kept::{self, Kept, Place};
use super::write::wrong;
use crate::broker::tail::Published;
use crate::pipeline::Pipeline;
use crate::registry::held_against::knows;
use crate::registry::trial::{Trial, of_kept};
use crate::watch::entry::Entry;
use crate::watch::{Watch, Workspace, parse, warnings};

/// Articles that a query is tried on unless the client says how many, and at most.
const USUAL: usize = 200;
const MOST: usize = 2000;

/// A trial request.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Asked {
    /// The query; may be left out if `id` is given.
    #[serde(default)]
    when: Option<String>,
    /// See [`Entry::forms`].
    #[serde(default)]
    forms: Option<bool>,
    /// See [`Entry::owner`].
    #[serde(default)]
    owner: Option<String>,
    /// A watch in force: to compare the query with, or to try as it is.
    #[serde(default)]
    id: Option<String>,
    /// How many of the latest articles to try it on; 0 only parses it.
    #[serde(default = "usual")]
    articles: usize,
}

fn usual() -> usize {
    USUAL
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
    let articles = asked.articles.min(MOST);
    let pipeline = port.pipeline.current();
    let (watch, before) = match tried(&port, &pipeline, &who, asked) {
        Ok(both) => both,
        Err(refused) => return refused,
    };
    let kept = match latest(&port, articles).await {
        Ok(kept) => kept,
        Err(refused) => return refused,
    };
    let trying = tokio::task::spawn_blocking(move || found(watch, before, &kept, &pipeline));
    match tokio::time::timeout(port.timeout, trying).await {
        Ok(Ok(told)) => Json(told).into_response(),
        _ => problem(StatusCode::SERVICE_UNAVAILABLE, "it took too long; try it on fewer articles"),
    }
}

/// The query to try, as a watch without owner, and the watch in force that it is compared with.
fn tried(
    port: &Port,
    pipeline: &Pipeline,
    who: &Who,
    asked: Asked,
) -> Result<(Watch, Option<Watch>), Response> {
    let Asked { when, forms, owner, id, .. } = asked;
    let in_force = id.and_then(|id| pipeline.watches.current().get(&id));
    let in_force = in_force.filter(|watch| who.sees(watch.owner.as_deref()));
    let named = |watch: Watch, id: &str| Watch { id: id.to_owned(), owner: None, ..watch };
    let Some(when) = when else {
        let why = "`when` takes a query; without it, `id` names a watch in force";
        let own = in_force.ok_or_else(|| problem(StatusCode::BAD_REQUEST, why))?;
        return Ok((named(own, "query"), None));
    };
    let entry = Entry { id: "query".to_owned(), when, forms, ..Entry::default() };
    let owner = owner.filter(|owner| who.sees(Some(owner)));
    let written = port.registry.check(Entry { owner, ..entry }).map_err(|error| wrong(&error))?;
    Ok((named(written.watch, "query"), in_force.map(|watch| named(watch, "before"))))
}

/// The latest articles that are kept, newest first.
async fn latest(port: &Port, most: usize) -> Result<Vec<Published>, Response> {
    let (mut place, mut all) = (Some(Place::START), Vec::new());
    while let Some(from) = place.filter(|_| all.len() < most) {
        let page = (most - all.len()).min(kept::MOST);
        let (page, next) = kept::page(port, from, page).await.map_err(|error| kept::unread(&error))?;
        let is_stuck = page.is_empty() && next == Some(from);
        all.extend(page);
        place = next.filter(|_| !is_stuck);
    }
    Ok(all)
}

/// The result for a query, and for the one it may replace.
fn found(watch: Watch, before: Option<Watch>, kept: &[Published], pipeline: &Pipeline) -> Value {
    let words = &pipeline.lexicon.watch_words;
    let expr = parse(&watch.when, watch.forms, words);
    let warned =
        expr.as_ref().map(|expr| warnings(&watch, expr, words, &|kind, what| knows(kind, what, pipeline)));
    let mut warned = warned.unwrap_or_default();
    let expr = expr.as_ref().map(ToString::to_string).unwrap_or_default();
    let is_compared = before.is_some();
    let watches: Vec<Watch> = [Some(watch), before].into_iter().flatten().collect();
    let (mut trial, mut workspace) = (Trial::new(&watches, words), Workspace::default());
    if is_compared {
        trial = trial.against("query", "before");
    }
    let mut alerted = HashSet::new();
    for kept in kept.iter().filter_map(Kept::of) {
        // it gave an alert when it came again
        let again = if kept.alert.is_some() {
            alerted.insert(kept.id().to_owned());
            false
        } else {
            alerted.contains(kept.id())
        };
        let Some(analysed) = of_kept(&kept.article, pipeline).filter(|_| !again) else { continue };
        let seen = trial.see(kept.alert, analysed, &mut workspace);
        trial.note(&seen);
    }
    let aside = trial.aside().into_iter().find(|(id, _)| id == "query").map(|(_, why)| why);
    let mut found = trial.found("query");
    warned.append(&mut found.warnings);
    json!({
        "expr": expr,
        "warnings": warned,
        "looked_at": trial.articles,
        "against_now": found.against.take(),
        "found": found,
        "aside": aside,
    })
}
