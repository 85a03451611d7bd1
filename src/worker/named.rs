//! The span of a delivery, which names its article in every log line about it.

use tracing::Span;
use tracing::field::Empty;

use crate::article::decode::Named;
use crate::broker::Delivery;
use crate::pipeline::Ready;

/// Longest value logged, in characters: publishers choose them.
const LONGEST: usize = 200;

/// What the broker says about a delivery; the article's own names are recorded once known.
pub(super) fn span<R>(delivery: &Delivery<R>) -> Span {
    // at the highest level, so that it exists whatever level is logged
    tracing::error_span!(
        "article",
        id = Empty,
        url = Empty,
        message_id = delivery.message_id.as_deref().map(short),
        traceparent = delivery.traceparent.as_deref(),
    )
}

/// Records the names of a tagged article.
pub(super) fn by_article(span: &Span, ready: &Ready) {
    record(span, Some(&ready.id), ready.url.as_deref());
}

/// Records what a message that is no article says about itself.
pub(super) fn by_body(span: &Span, body: &[u8]) {
    let named = Named::of(body);
    record(span, named.id.as_deref(), named.url.as_deref());
}

fn record(span: &Span, id: Option<&str>, url: Option<&str>) {
    if let Some(id) = id {
        span.record("id", short(id));
    }
    if let Some(url) = url {
        span.record("url", short(url));
    }
}

fn short(text: &str) -> &str {
    text.char_indices().nth(LONGEST).map_or(text, |(end, _)| &text[..end])
}
