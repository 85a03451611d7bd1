//! For Prometheus and whoever watches the process.

use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Json, Response};
use serde_json::json;

use super::{Backend, Port};

/// What probes ask for: it has connections of its own, and answers by any address of the machine.
pub(super) const PATHS: [&str; 3] = ["/livez", "/readyz", "/metrics"];

pub(super) async fn metrics(State(port): State<Port>) -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], port.metrics.text())
}

/// 200 while articles can be worked on, else 503; the body tells the state of the broker, and why in a
/// sentence.
pub(super) async fn ready(State(port): State<Port>) -> Response {
    let (up, body) = match &port.backend {
        Backend::Embedded(store) => match store.ready().await {
            // null where a part of the file is damaged: the rest is worked on
            Ok(()) => (true, json!({ "store": "up", "waiting": store.waiting().await.ok() })),
            Err(error) => (false, json!({ "store": "down", "why": error.to_string() })),
        },
        Backend::Rabbit(_, health, _) => {
            let (consuming, publishing) = health.states();
            let mut body = json!({ "consume": consuming.as_str(), "publish": publishing.as_str() });
            let why = health.why();
            let up = why.is_none();
            if let Some(why) = why {
                body["why"] = why.into();
            }
            (up, body)
        }
    };
    let status = if up { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    (status, Json(body)).into_response()
}
