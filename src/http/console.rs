//! `GET /`: the console, a single page with its style and script, all compiled in, and the requests it makes.
//!
//! The page is built from [text only](https://developer.mozilla.org/docs/Web/API/Node/textContent): nothing from an
//! article becomes markup, and the Content-Security-Policy would not run it if it did.

use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderName, StatusCode, header};
use axum::response::{IntoResponse, Json, Response};
use serde_json::{Map, Value, json};

use super::{Port, problem};
use crate::article::decode::Message;
use crate::metrics::Outcome;

/// Scripts, styles and connections of this origin only; no frames, and no forms that leave the page.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; \
                      base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

fn asset(kind: &'static str, content: &'static str) -> Response {
    let headers = [
        (header::CONTENT_TYPE, kind),
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::CACHE_CONTROL, "no-cache"),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    ];
    (headers, content).into_response()
}

pub(super) async fn page() -> Response {
    asset("text/html; charset=utf-8", include_str!("console/page.html"))
}

pub(super) async fn style() -> Response {
    asset("text/css; charset=utf-8", include_str!("console/page.css"))
}

pub(super) async fn script() -> Response {
    asset("text/javascript; charset=utf-8", include_str!("console/page.js"))
}

/// The parts of the script, by name.
const PARTS: [(&str, &str); 12] = [
    ("article.js", include_str!("console/article.js")),
    ("board.js", include_str!("console/board.js")),
    ("dead.js", include_str!("console/dead.js")),
    ("editor.js", include_str!("console/editor.js")),
    ("dom.js", include_str!("console/dom.js")),
    ("filter.js", include_str!("console/filter.js")),
    ("list.js", include_str!("console/list.js")),
    ("offers.js", include_str!("console/offers.js")),
    ("options.js", include_str!("console/options.js")),
    ("share.js", include_str!("console/share.js")),
    ("tag.js", include_str!("console/tag.js")),
    ("watches.js", include_str!("console/watches.js")),
];

pub(super) async fn part(Path(name): Path<String>) -> Response {
    match PARTS.iter().find(|(known, _)| *known == name) {
        Some((_, content)) => asset("text/javascript; charset=utf-8", content),
        None => problem(StatusCode::NOT_FOUND, "the console has no such part"),
    }
}

/// The state of the broker, outcomes since the start, counts of the last hour.
pub(super) async fn state(State(port): State<Port>) -> Json<Value> {
    let outcomes: Map<String, Value> = Outcome::ALL
        .into_iter()
        .map(|o| (o.as_str().to_owned(), port.metrics.articles.with_label_values(&[o.as_str()]).get().into()))
        .collect();
    Json(json!({
        "version": env!("CARGO_PKG_VERSION"),
        "lexicon": port.pipeline.current().lexicon.version,
        "broker": port.backend.status().await,
        // where a reader would bind a queue of their own
        "exchange": port.backend.alerts_exchange(),
        "outcomes": outcomes,
        "hour": port.board.hour(),
        "watches": port.pipeline.current().watches.current().open(),
    }))
}

/// `POST /tag`: tags an article in any form that `POST /articles` accepts and returns the result; stores nothing.
pub(super) async fn tag(State(port): State<Port>, headers: HeaderMap, body: Bytes) -> Response {
    let text = |name| headers.get(name).and_then(|v| v.to_str().ok()).map(str::to_owned);
    let (content_type, content_encoding) = (text(header::CONTENT_TYPE), text(header::CONTENT_ENCODING));
    let pipeline = port.pipeline.current();
    // tagging is CPU-bound: keep it off the threads that serve others
    let tagged = tokio::task::spawn_blocking(move || {
        let message = Message {
            body: &body,
            content_type: content_type.as_deref(),
            content_encoding: content_encoding.as_deref(),
        };
        pipeline.tag(message)
    });
    match tokio::time::timeout(port.tag_timeout, tagged).await {
        Ok(Ok(Ok(tagged))) => Json(tagged).into_response(),
        Ok(Ok(Err(error))) => problem(StatusCode::UNPROCESSABLE_ENTITY, &error.to_string()),
        // as in the worker: the thread can't be ended, but nobody waits for it
        Err(_) => {
            tracing::warn!("POST /tag: the tagger took longer than `limits.tag_seconds`");
            let why = format!("the tagger took longer than {:?} over this article", port.tag_timeout);
            problem(StatusCode::SERVICE_UNAVAILABLE, &why)
        }
        Ok(Err(_)) => problem(StatusCode::INTERNAL_SERVER_ERROR, "the tagger failed on this article"),
    }
}
