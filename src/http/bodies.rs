//! Posted bodies: each is read before its request takes a processing slot, so that a slow sender holds up nobody else.

use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, HttpBody as _};
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::middleware::Next;
use axum::response::Response;
use bytes::{Bytes, BytesMut};
use futures_util::StreamExt as _;
use tokio::sync::Semaphore;

use super::problem;

/// Posted articles processed at once; others wait.
const AT_WORK: usize = 16;

/// Bodies up to this many bytes are read without a slot; nearly all articles are smaller.
const SMALL: usize = 64 << 10;

/// Larger bodies read at once; others wait, so that memory is bounded.
const LARGE: usize = 16;

/// How long the sender of a large body may pause.
const PAUSE: Duration = Duration::from_secs(5);

/// The slots for posted bodies.
#[derive(Debug, Clone)]
pub(super) struct Bodies {
    work: Arc<Semaphore>,
    large: Arc<Semaphore>,
    /// The most bytes of a body.
    limit: usize,
}

impl Bodies {
    pub(super) fn new(limit: usize) -> Self {
        Self { work: Arc::new(Semaphore::new(AT_WORK)), large: Arc::new(Semaphore::new(LARGE)), limit }
    }

    /// The whole body, or the response if it can't be read.
    async fn whole(&self, body: Body) -> Result<Bytes, Response> {
        let too_large = || {
            let why = format!("the body is larger than `limits.message_bytes`, {} bytes", self.limit);
            problem(StatusCode::PAYLOAD_TOO_LARGE, &why)
        };
        if body.size_hint().lower() > self.limit as u64 {
            return Err(too_large());
        }
        let mut parts = body.into_data_stream();
        let (mut read, mut place) = (BytesMut::new(), None);
        loop {
            let part = if place.is_none() {
                parts.next().await
            } else {
                let why = "the body stopped coming while others wait; send it again";
                let slow = |_| problem(StatusCode::REQUEST_TIMEOUT, why);
                tokio::time::timeout(PAUSE, parts.next()).await.map_err(slow)?
            };
            let Some(part) = part else { return Ok(read.freeze()) };
            let part = part.map_err(|_| problem(StatusCode::BAD_REQUEST, "the body broke off"))?;
            if read.len() + part.len() > self.limit {
                return Err(too_large());
            }
            read.extend_from_slice(&part);
            if place.is_none() && read.len() > SMALL {
                place = self.large.acquire().await.ok();
            }
        }
    }
}

/// Reads the body, then processes the request.
pub(super) async fn read(State(bodies): State<Bodies>, request: Request, next: Next) -> Response {
    let (parts, body) = request.into_parts();
    let body = match bodies.whole(body).await {
        Ok(body) => body,
        Err(refused) => return refused,
    };
    let _one = bodies.work.acquire().await;
    next.run(Request::from_parts(parts, Body::from(body))).await
}
