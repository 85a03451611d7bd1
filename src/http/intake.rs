//! `POST /articles`: one article, or many as NDJSON; answered when they are safe.

use axum::body::Bytes;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Json, Response};
use serde_json::json;

use super::{Backend, Port, problem};
use crate::article::decode::gunzip;
use crate::broker::{BrokerError, Incoming, traceparent};
use crate::config::Secret;

/// Lets a request pass that brings the token; without one set, only on a loopback address.
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

/// Whether a browser sends it for a page that is not ours: such a page reaches loopback as well.
fn from_another_site(headers: &HeaderMap) -> bool {
    let text = |name| headers.get(name).and_then(|v| v.to_str().ok());
    text(header::ORIGIN)
        .is_some_and(|origin| text(header::HOST) != origin.split_once("://").map(|(_, host)| host))
}

/// Compares in a time that does not tell how much is right.
fn same(a: &str, b: &str) -> bool {
    a.len() == b.len() && a.bytes().zip(b.bytes()).fold(0, |differs, (a, b)| differs | (a ^ b)) == 0
}

/// Lines of one NDJSON body; more is asked for in several requests.
const MOST_LINES: usize = 100_000;

/// Articles handed over at once, so that memory does not grow with the number of lines.
const PORTION: usize = 256;

/// 202 when all of it is on disk, or confirmed by the broker. What is no article is taken too, and ends in the
/// dead queue with its reason, as it would from a queue.
pub(super) async fn articles(State(port): State<Port>, headers: HeaderMap, body: Bytes) -> Response {
    let text = |name| headers.get(name).and_then(|v| v.to_str().ok()).map(str::to_owned);
    let content_type = text(header::CONTENT_TYPE);
    let kind = content_type.as_deref().and_then(|t| t.split(';').next()).map(str::trim).unwrap_or_default();
    let many = matches!(kind, "application/x-ndjson" | "application/ndjson" | "application/jsonl");
    let encoding = text(header::CONTENT_ENCODING);
    let packed = encoding.as_deref().is_some_and(|e| matches!(e.trim(), "gzip" | "x-gzip"));
    // lines are told apart in what is unpacked, not in packed bytes
    let (body, encoding) = if many && packed {
        match gunzip(&body, &port.pipeline.current().limits) {
            Ok(unpacked) => (Bytes::from(unpacked), None),
            Err(error) => return problem(StatusCode::UNPROCESSABLE_ENTITY, &error.to_string()),
        }
    } else {
        (body, encoding)
    };
    // what curl sends when nobody says otherwise tells nothing of the content
    let declared = content_type.clone().filter(|_| kind != "application/x-www-form-urlencoded" && !many);
    let bodies: Vec<Bytes> = if many {
        let lines = body.split(|b| *b == b'\n').filter(|l| !l.trim_ascii().is_empty());
        lines.take(MOST_LINES + 1).map(|l| body.slice_ref(l)).collect()
    } else {
        vec![body.clone()]
    };
    if bodies.iter().all(|b| b.trim_ascii().is_empty()) {
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
    for portion in bodies.chunks(PORTION) {
        let accepted = portion.iter().map(|body| {
            let article = Incoming {
                body: body.clone(),
                content_type: declared.clone(),
                content_encoding: encoding.clone(),
                traceparent: traceparent.clone(),
            };
            accept(&port.backend, article)
        });
        for result in futures_util::future::join_all(accepted).await {
            if let Err(error) = result {
                tracing::error!(%error, "articles not taken");
                return problem(
                    StatusCode::SERVICE_UNAVAILABLE,
                    &format!("not taken, send them again: {error}"),
                );
            }
        }
    }
    (StatusCode::ACCEPTED, Json(json!({ "accepted": count }))).into_response()
}

async fn accept(backend: &Backend, article: Incoming) -> Result<(), BrokerError> {
    match backend {
        Backend::Embedded(store) => store.accept(article).await,
        Backend::Rabbit(publisher, _) => publisher.article(&article).await,
    }
}
