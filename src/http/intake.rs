//! `POST /articles`: one article, or many as NDJSON; answered once they are safe.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{RawQuery, Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Json, Response};
use serde::Serialize;
use serde_json::json;

use super::{Port, filter, problem};
use crate::article::decode::{Message, gunzip};
use crate::broker::{Incoming, traceparent};
use crate::config::Secret;

/// Lets a request pass if it has the token; if none is set, only on a loopback address.
pub(super) async fn allowed(
    State((token, loopback)): State<(Secret, bool)>,
    request: Request,
    next: Next,
) -> Response {
    if token.is_empty() {
        if loopback {
            return if from_another_site(request.headers()) {
                problem(StatusCode::FORBIDDEN, "articles are not taken from pages of other sites")
            } else {
                next.run(request).await
            };
        }
        return problem(
            StatusCode::FORBIDDEN,
            "articles are taken on a loopback address only while `http.token` is not set",
        );
    }
    let given = request.headers().get(header::AUTHORIZATION).and_then(|v| v.to_str().ok());
    if given.and_then(|v| v.strip_prefix("Bearer ")).is_some_and(|v| same(v, token.reveal())) {
        return next.run(request).await;
    }
    problem(
        StatusCode::UNAUTHORIZED,
        "send the header `Authorization: Bearer` with the token of `http.token`",
    )
}

/// Whether a browser sends it on behalf of a page that is not ours: such a page reaches loopback as well.
pub(super) fn from_another_site(headers: &HeaderMap) -> bool {
    let text = |name| headers.get(name).and_then(|v| v.to_str().ok());
    text(header::ORIGIN)
        .is_some_and(|origin| text(header::HOST) != origin.split_once("://").map(|(_, host)| host))
}

/// Compares in time that does not depend on how much matches.
pub(super) fn same(a: &str, b: &str) -> bool {
    a.len() == b.len() && a.bytes().zip(b.bytes()).fold(0, |differs, (a, b)| differs | (a ^ b)) == 0
}

/// The most lines of one NDJSON body; more take several requests.
const MOST_LINES: usize = 100_000;

/// Articles handed over at once, so that memory does not grow with the number of lines.
const PORTION: usize = 256;

/// What is wrong with a line that can't be an article.
#[derive(Debug, Serialize)]
struct Refused {
    /// Counted from 1.
    line: usize,
    reason: &'static str,
    error: String,
}

/// The most lines reported; more may be wrong.
const MOST_REFUSED: usize = 20;

/// 202 once everything is on disk, or confirmed by the broker; 422 with the reason if any part can't be an article, and
/// then nothing is accepted. With `accept=all` such a part is accepted too, and dead-lettered with its reason, as it
/// would be from a queue.
pub(super) async fn articles(
    State(port): State<Port>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let text = |name| headers.get(name).and_then(|v| v.to_str().ok()).map(str::to_owned);
    let content_type = text(header::CONTENT_TYPE);
    let kind = content_type.as_deref().and_then(|t| t.split(';').next()).map(str::trim).unwrap_or_default();
    let many = matches!(kind, "application/x-ndjson" | "application/ndjson" | "application/jsonl");
    let encoding = text(header::CONTENT_ENCODING);
    let packed = encoding.as_deref().is_some_and(|e| matches!(e.trim(), "gzip" | "x-gzip"));
    // lines are found in the unpacked body, not in packed bytes
    let (body, encoding) = if many && packed {
        match gunzip(&body, &port.pipeline.current().limits) {
            Ok(unpacked) => (Bytes::from(unpacked), None),
            Err(error) => return problem(StatusCode::UNPROCESSABLE_ENTITY, &error.to_string()),
        }
    } else {
        (body, encoding)
    };
    let declared = match kind {
        _ if many => Some("application/json".to_owned()),
        // curl's default says nothing about the content
        "application/x-www-form-urlencoded" => None,
        _ => content_type.clone(),
    };
    let bodies: Vec<(usize, Bytes)> = if many {
        let lines = body.split(|b| *b == b'\n').enumerate().filter(|(_, l)| !l.trim_ascii().is_empty());
        lines.take(MOST_LINES + 1).map(|(at, l)| (at + 1, body.slice_ref(l))).collect()
    } else {
        vec![(1, body.clone())]
    };
    if bodies.iter().all(|(_, b)| b.trim_ascii().is_empty()) {
        return problem(
            StatusCode::BAD_REQUEST,
            "the body is empty; send an article event as JSON, HTML or text",
        );
    }
    let count = bodies.len();
    if count > MOST_LINES {
        return problem(
            StatusCode::PAYLOAD_TOO_LARGE,
            &format!("more than {MOST_LINES} lines; send them in several requests"),
        );
    }
    let traceparent =
        text(header::HeaderName::from_static("traceparent")).and_then(|t| traceparent::valid(&t));
    let articles: Arc<[(usize, Incoming)]> = bodies
        .into_iter()
        .map(|(line, body)| {
            let article = Incoming {
                body,
                content_type: declared.clone(),
                content_encoding: encoding.clone(),
                traceparent: traceparent.clone(),
            };
            (line, article)
        })
        .collect();
    let all = query.is_some_and(|query| filter::given(&query, "accept").any(|what| what == "all"));
    if !all && let Some(refused) = refused(&port, Arc::clone(&articles), many).await {
        return refused;
    }
    let intake = port.backend.intake();
    for portion in articles.chunks(PORTION) {
        let accepted = portion.iter().map(|(_, article)| intake.accept(article.clone()));
        for result in futures_util::future::join_all(accepted).await {
            if let Err(error) = result {
                tracing::error!(%error, "articles not taken");
                return problem(
                    StatusCode::SERVICE_UNAVAILABLE,
                    &format!("not accepted, send them again: {error}"),
                );
            }
        }
    }
    (StatusCode::ACCEPTED, Json(json!({ "accepted": count }))).into_response()
}

/// The response if some can't be articles; `None` if all can.
async fn refused(port: &Port, articles: Arc<[(usize, Incoming)]>, many: bool) -> Option<Response> {
    let pipeline = port.pipeline.current();
    // reading a page is CPU-bound: keep it off the threads that serve others
    let looked = tokio::task::spawn_blocking(move || {
        let wrong = articles.iter().filter_map(|(line, article)| {
            let message = Message {
                body: &article.body,
                content_type: article.content_type.as_deref(),
                content_encoding: article.content_encoding.as_deref(),
            };
            let error = pipeline.check(message).err()?;
            Some(Refused { line: *line, reason: error.reason(), error: error.to_string() })
        });
        wrong.take(MOST_REFUSED).collect::<Vec<_>>()
    });
    let refused = match looked.await {
        Ok(refused) => refused,
        // the worker will find out which one it is, and report it
        Err(error) => {
            tracing::error!(%error, "articles are taken without a look at them");
            return None;
        }
    };
    let first = refused.first()?;
    let mut answer = json!({ "error": first.error, "reason": first.reason });
    if many {
        let error = format!("line {}: {}; nothing was accepted", first.line, first.error);
        answer = json!({ "error": error, "reason": first.reason, "lines": refused });
    }
    Some((StatusCode::UNPROCESSABLE_ENTITY, Json(answer)).into_response())
}
