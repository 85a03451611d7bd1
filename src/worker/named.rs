//! The span of a delivery, which names its article in each line of the log that is about it.

use tracing::Span;
use tracing::field::Empty;

use crate::article::decode::Named;
use crate::broker::Delivery;
use crate::pipeline::Ready;

/// Longest value that is logged, in characters: publishers choose them.
const LONGEST: usize = 200;

/// What the broker says of a delivery; the article's own names are recorded once they are known.
pub(super) fn span<R>(delivery: &Delivery<R>) -> Span {
    // of the highest level, so that it is there whatever is logged
    tracing::error_span!(
        "article",
        id = Empty,
        url = Empty,
        message_id = delivery.message_id.as_deref().map(short),
        traceparent = delivery.traceparent.as_deref(),
    )
}

/// Records the names of an article in which something was found.
pub(super) fn by_article(span: &Span, ready: &Ready) {
    record(span, Some(&ready.id), ready.url.as_deref());
}

/// Records what a message that became no article says of itself.
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
