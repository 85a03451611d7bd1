//! Endpoints for Prometheus and for whoever monitors the process.

use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Json, Response};

use super::Port;

/// Paths for probes: they have spare connections, and are answered at any address of the machine.
pub(super) const PATHS: [&str; 3] = ["/livez", "/readyz", "/metrics"];

pub(super) async fn metrics(State(port): State<Port>) -> impl IntoResponse {
    port.registry.tell_aside();
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], port.metrics.text())
}

/// 200 if articles can be processed, otherwise 503; the body has the state of the broker and, if it is down, why.
/// Articles wait until the watches are in force.
pub(super) async fn ready(State(port): State<Port>) -> Response {
    let (mut up, mut body) = port.backend.ready().await;
    if up && !port.watch_log.is_read() {
        up = false;
        body["why"] = "the watches are being read".into();
    }
    let status = if up { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    (status, Json(body)).into_response()
}
