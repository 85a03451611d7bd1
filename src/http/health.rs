//! For Prometheus and whoever watches the process.

use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Json, Response};

use super::Port;

/// What probes ask for: it has connections of its own, and answers by any address of the machine.
pub(super) const PATHS: [&str; 3] = ["/livez", "/readyz", "/metrics"];

pub(super) async fn metrics(State(port): State<Port>) -> impl IntoResponse {
    port.registry.tell_aside();
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], port.metrics.text())
}

/// 200 while articles can be worked on, else 503; the body tells the state of the broker, and why in a
/// sentence. None is worked on before the watches are in force.
pub(super) async fn ready(State(port): State<Port>) -> Response {
    let (mut up, mut body) = port.backend.ready().await;
    if up && !port.watch_log.is_read() {
        up = false;
        body["why"] = "the watches are being read".into();
    }
    let status = if up { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    (status, Json(body)).into_response()
}
