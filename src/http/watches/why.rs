//! `GET /watches/{id}/why`: each clause of a watch, true or false, for an article that is kept.

use axum::Extension;
use axum::extract::{Path, RawQuery, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Json, Response};
use serde_json::{Value, json};

use super::super::{Port, filter, problem};
use super::doors::Who;
use super::kept::{self, Kept};
use crate::broker::tail::Published;
use crate::pipeline::Pipeline;
use crate::registry::trial::of_kept;
use crate::watch::{Watch, Workspace, parse, why};

/// Each clause of a watch in force, for the article of an `alert`, or an `article` named by its id or URL.
pub(in crate::http) async fn why_it_matches(
    State(port): State<Port>,
    Extension(who): Extension<Who>,
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
) -> Response {
    let query = query.unwrap_or_default();
    let pipeline = port.pipeline.current();
    let watch = pipeline.watches.current().get(&id).filter(|watch| who.sees(watch.owner.as_deref()));
    let Some(watch) = watch else {
        return problem(StatusCode::NOT_FOUND, "watch not found among those in force");
    };
    let kept = match asked_about(&port, &who, &query).await {
        Ok(kept) => kept,
        Err(refused) => return refused,
    };
    let telling = tokio::task::spawn_blocking(move || told(&watch, &kept, &pipeline));
    match tokio::time::timeout(port.tag_timeout, telling).await {
        Ok(Ok(Some(told))) => Json(told).into_response(),
        _ => problem(StatusCode::SERVICE_UNAVAILABLE, "it can't be told of this article"),
    }
}

/// The article that a query names.
async fn asked_about(port: &Port, who: &Who, query: &str) -> Result<Published, Response> {
    let given = |name| filter::given(query, name).next();
    let (found, missing) = match (given("alert"), given("article")) {
        (Some(alert), None) => {
            let found = port.log().await.alert(&alert, filter::number(query, "at")).await;
            (found, "alert not found: none of this id is kept")
        }
        (None, Some(article)) => {
            // many alerts may have to be looked through
            who.tries()?;
            let missing = "article not found: none of this id or URL is among those kept of late; an older one is found by its `alert`";
            (kept::one(port, &article).await, missing)
        }
        _ => {
            let why = "name one article: `article` takes its id or URL, `alert` the id of its alert";
            return Err(problem(StatusCode::BAD_REQUEST, why));
        }
    };
    match found {
        Ok(Some(kept)) => Ok(kept),
        Ok(None) => Err(problem(StatusCode::NOT_FOUND, missing)),
        Err(error) => Err(kept::unread(&error)),
    }
}

fn told(watch: &Watch, kept: &Published, pipeline: &Pipeline) -> Option<Value> {
    let Kept { alert, article } = Kept::of(kept)?;
    let analysed = of_kept(&article, pipeline)?;
    let words = &pipeline.lexicon.watch_words;
    let expr = parse(&watch.when, watch.forms, words).ok()?;
    let reasons = why(&expr, analysed.article(), words, &mut Workspace::default());
    let matches = reasons.first().is_some_and(|all| all.holds);
    let (id, title) = (&analysed.tagged.id, &analysed.tagged.title);
    let article = json!({ "id": id, "alert": alert, "title": title });
    Some(json!({
        "id": watch.id, "when": watch.when, "article": article, "matches": matches, "clauses": reasons
    }))
}
