//! Our headers and properties on AMQP messages.

use jiff::Timestamp;
use lapin::BasicProperties;
use lapin::types::{AMQPValue, FieldArray, FieldTable, ShortString};

use crate::alert::CONTENT_TYPE;
use crate::broker::{Incoming, Reason};
use crate::pipeline::Ready;

/// Headers of ours on retried and dead articles. No `x-`: brokers from 4.0 on ignore those that a client sends.
pub(super) const REASON: &str = "presswatch-reason";
pub(super) const ERROR: &str = "presswatch-error";
pub(super) const ATTEMPTS: &str = "presswatch-attempts";
pub(super) const FIRST_SEEN: &str = "presswatch-first-seen";
const TRACEPARENT: &str = "traceparent";

/// Longest error text in a header, in bytes: a frame holds 4 KiB at least.
const ERROR_BYTES: usize = 1024;

/// Persistent.
const PERSISTENT: u8 = 2;

/// A header as text, whichever of the string types it came in.
pub(super) fn text_header(properties: &BasicProperties, name: &str) -> Option<String> {
    match properties.headers().as_ref()?.inner().get(name)? {
        AMQPValue::LongString(text) => Some(String::from_utf8_lossy(text.as_bytes()).into_owned()),
        AMQPValue::ShortString(text) => Some(text.as_str().to_owned()),
        _ => None,
    }
}

/// How often an article was tried before.
pub(super) fn attempts(properties: &BasicProperties) -> u32 {
    let header = properties.headers().as_ref().and_then(|h| h.inner().get(ATTEMPTS));
    let number = match header {
        Some(AMQPValue::LongUInt(n)) => i64::from(*n),
        Some(AMQPValue::LongInt(n)) => i64::from(*n),
        Some(AMQPValue::LongLongInt(n)) => *n,
        Some(AMQPValue::ShortInt(n)) => i64::from(*n),
        Some(AMQPValue::ShortShortInt(n)) => i64::from(*n),
        Some(AMQPValue::ShortUInt(n)) => i64::from(*n),
        Some(AMQPValue::ShortShortUInt(n)) => i64::from(*n),
        _ => 0,
    };
    u32::try_from(number).unwrap_or(0)
}

/// When an article came in for the first time; now, if it is new.
pub(super) fn first_seen(properties: &BasicProperties, now: Timestamp) -> Timestamp {
    text_header(properties, FIRST_SEEN).and_then(|text| text.parse().ok()).unwrap_or(now)
}

/// The trace context that came with an article.
pub(super) fn traceparent(properties: &BasicProperties) -> Option<String> {
    text_header(properties, TRACEPARENT)
}

/// The properties of an alert and the key to publish it by: the first of its keys; the others go in `CC`.
pub(super) fn of_alert(alert: &Ready, traceparent: Option<&str>) -> (ShortString, BasicProperties) {
    let mut keys = alert.keys.iter();
    let first = keys.next().map_or("", String::as_str);
    let mut headers = FieldTable::default();
    let mut others = FieldArray::default();
    for key in keys {
        others.push(AMQPValue::LongString(key.as_str().into()));
    }
    headers.insert("CC".into(), AMQPValue::FieldArray(others));
    // the same keys once more as headers, for the headers exchange
    for key in &alert.keys {
        headers.insert(key.as_str().into(), AMQPValue::Boolean(true));
    }
    if let Some(traceparent) = traceparent {
        headers.insert(TRACEPARENT.into(), AMQPValue::LongString(traceparent.into()));
    }
    let properties = BasicProperties::default()
        .with_delivery_mode(PERSISTENT)
        .with_message_id(alert.id.as_str().into())
        .with_content_type(CONTENT_TYPE.into())
        .with_app_id("presswatch".into())
        .with_headers(headers);
    (first.into(), properties)
}

/// The properties of an article that comes in by us.
pub(super) fn of_article(article: &Incoming) -> BasicProperties {
    let mut properties = BasicProperties::default().with_delivery_mode(PERSISTENT);
    if let Some(content_type) = &article.content_type {
        properties = properties.with_content_type(content_type.as_str().into());
    }
    if let Some(encoding) = &article.content_encoding {
        properties = properties.with_content_encoding(encoding.as_str().into());
    }
    if let Some(traceparent) = &article.traceparent {
        let mut headers = FieldTable::default();
        headers.insert(TRACEPARENT.into(), long(traceparent));
        properties = properties.with_headers(headers);
    }
    properties
}

/// The properties of an article on its way to a retry: as it came, with the attempts counted on.
pub(super) fn of_retry(original: &BasicProperties, attempts: u32, first_seen: Timestamp) -> BasicProperties {
    let mut headers = kept(original);
    headers.insert(ATTEMPTS.into(), AMQPValue::LongUInt(attempts));
    headers.insert(FIRST_SEEN.into(), long(&first_seen.to_string()));
    original.clone().with_delivery_mode(PERSISTENT).with_headers(headers)
}

/// The properties of a dead article: as it came, with the reason.
pub(super) fn of_dead(
    original: &BasicProperties,
    reason: Reason,
    error: &str,
    attempts: u32,
    first_seen: Timestamp,
) -> BasicProperties {
    let mut headers = kept(original);
    headers.insert(REASON.into(), long(reason.as_str()));
    headers.insert(ERROR.into(), long(&error[..error.floor_char_boundary(ERROR_BYTES)]));
    headers.insert(ATTEMPTS.into(), AMQPValue::LongUInt(attempts));
    headers.insert(FIRST_SEEN.into(), long(&first_seen.to_string()));
    original.clone().with_delivery_mode(PERSISTENT).with_headers(headers)
}

/// The properties of an article that is replayed from the dead: as it came at first.
pub(super) fn of_replay(dead: &BasicProperties) -> BasicProperties {
    let mut headers = FieldTable::default();
    for (name, value) in kept(dead).inner() {
        if ![REASON, ERROR, ATTEMPTS, FIRST_SEEN].contains(&name.as_str()) {
            headers.insert(name.clone(), value.clone());
        }
    }
    dead.clone().with_delivery_mode(PERSISTENT).with_headers(headers)
}

/// The headers of a message without those that only the broker may set.
fn kept(properties: &BasicProperties) -> FieldTable {
    let mut out = FieldTable::default();
    for (name, value) in properties.headers().as_ref().map(FieldTable::inner).into_iter().flatten() {
        let brokers = name.as_str() == "CC" || name.as_str() == "BCC" || name.as_str().starts_with("x-death");
        if !brokers
            && !name.as_str().starts_with("x-first-death")
            && !name.as_str().starts_with("x-last-death")
        {
            out.insert(name.clone(), value.clone());
        }
    }
    out
}

fn long(value: &str) -> AMQPValue {
    AMQPValue::LongString(value.into())
}
