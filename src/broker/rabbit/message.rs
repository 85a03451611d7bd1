//! Our headers and properties on AMQP messages.

use jiff::Timestamp;
use lapin::BasicProperties;
use lapin::types::{AMQPValue, FieldArray, FieldTable, ShortString};

use crate::alert::{Envelope, RoutingKey};
use crate::broker::{Incoming, Reason, traceparent};

/// Our headers on retried and dead-lettered articles. No `x-`: from 4.0 on brokers ignore those sent by a client.
pub(super) const REASON: &str = "presswatch-reason";
pub(super) const ERROR: &str = "presswatch-error";
pub(super) const ATTEMPTS: &str = "presswatch-attempts";
pub(super) const FIRST_SEEN: &str = "presswatch-first-seen";
const TRACEPARENT: &str = "traceparent";

/// The keys of a recent alert, separated by spaces.
pub(super) const KEYS: &str = "presswatch-keys";

/// Where a copy keeps what the broker would act on in its usual place.
const CC: &str = "presswatch-cc";
const EXPIRATION: &str = "presswatch-expiration";
const USER_ID: &str = "presswatch-user-id";

/// Prefixes of headers that only the broker sets.
const BROKERS: [&str; 4] = ["x-death", "x-first-death", "x-last-death", "x-delivery-count"];

/// Longest error text in a header, in bytes: a frame holds at least 4 KiB.
const ERROR_BYTES: usize = 1024;

/// Longest routing key (AMQP's short string).
const KEY_BYTES: usize = 255;

/// The most bytes of all keys of an alert. They appear in its headers twice, which must fit into one frame of 128 KiB.
const KEYS_BYTES: usize = 48 << 10;

/// The same for a recent alert, whose connections have frames of 16 KiB.
const RECENT_KEYS_BYTES: usize = 12 << 10;

/// The most bytes of headers that a dead letter keeps: they must leave room for ours in a frame of 128 KiB.
const HEADERS_BYTES: usize = 120 << 10;

/// Bytes that a key takes in the headers in addition to its letters.
const KEY_FRAMING: usize = 8;

/// AMQP `delivery_mode` of a persistent message.
const PERSISTENT: u8 = 2;

/// A header as text, whichever string type it came in.
pub(super) fn text_header(properties: &BasicProperties, name: &str) -> Option<String> {
    match properties.headers().as_ref()?.inner().get(name)? {
        AMQPValue::LongString(text) => Some(String::from_utf8_lossy(text.as_bytes()).into_owned()),
        AMQPValue::ShortString(text) => Some(text.as_str().to_owned()),
        _ => None,
    }
}

/// How often an article was tried before. A publisher's made-up value is no reason to fail: a negative one counts as 0.
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
    u32::try_from(number.max(0)).unwrap_or(u32::MAX)
}

/// When an article was first taken in; now, if it is new.
pub(super) fn first_seen(properties: &BasicProperties, now: Timestamp) -> Timestamp {
    text_header(properties, FIRST_SEEN).and_then(|text| text.parse().ok()).unwrap_or(now)
}

/// The trace context that came with an article.
pub(super) fn traceparent(properties: &BasicProperties) -> Option<String> {
    text_header(properties, TRACEPARENT).and_then(|text| traceparent::valid(&text))
}

/// The properties of a message and the key to publish it by: the first of its keys; the others go in `CC`.
pub(super) fn of_envelope(envelope: &Envelope, traceparent: Option<&str>) -> (ShortString, BasicProperties) {
    let keys = fitting(&envelope.keys, KEYS_BYTES);
    let mut headers = FieldTable::default();
    let mut others = FieldArray::default();
    for key in keys.iter().skip(1) {
        others.push(long(key));
    }
    headers.insert("CC".into(), AMQPValue::FieldArray(others));
    // the same keys once more as headers, for the headers exchange
    for key in &keys {
        headers.insert((*key).into(), AMQPValue::Boolean(true));
    }
    if let Some(traceparent) = traceparent {
        headers.insert(TRACEPARENT.into(), long(traceparent));
    }
    let properties = BasicProperties::default()
        .with_delivery_mode(PERSISTENT)
        .with_message_id(envelope.id.as_str().into())
        .with_type(envelope.r#type.into())
        .with_content_type(envelope.content_type.into())
        .with_app_id("presswatch".into())
        .with_headers(headers);
    (keys.first().copied().unwrap_or_default().into(), properties)
}

/// The properties of a message's copy in the queue of recent ones. Its keys are in one header: `CC` would route it on.
pub(super) fn of_recent(envelope: &Envelope) -> BasicProperties {
    let mut headers = FieldTable::default();
    headers.insert(KEYS.into(), long(&fitting(&envelope.keys, RECENT_KEYS_BYTES).join(" ")));
    BasicProperties::default()
        .with_delivery_mode(PERSISTENT)
        .with_message_id(envelope.id.as_str().into())
        .with_content_type(envelope.content_type.into())
        .with_type(envelope.r#type.into())
        .with_app_id("presswatch".into())
        .with_headers(headers)
}

/// The keys of a message, without those AMQP can't carry: any of more than 255 bytes, and any beyond `room` bytes in
/// total, so that they fit into one frame.
fn fitting(keys: &[RoutingKey], mut room: usize) -> Vec<&str> {
    let mut fit: Vec<&RoutingKey> = keys.iter().filter(|key| key.as_str().len() <= KEY_BYTES).collect();
    if fit.iter().map(|key| key.as_str().len() + KEY_FRAMING).sum::<usize>() > room {
        fit.sort_by_key(|key| key.kind());
        fit.retain(|key| {
            let bytes = key.as_str().len() + KEY_FRAMING;
            let fits = bytes <= room;
            room = if fits { room - bytes } else { 0 };
            fits
        });
    }
    if fit.len() < keys.len() {
        tracing::warn!(
            keys = keys.len(),
            published = fit.len(),
            "a message has more keys than AMQP can carry"
        );
    }
    fit.into_iter().map(RoutingKey::as_str).collect()
}

/// The properties of an article that we publish.
pub(super) fn of_article(article: &Incoming) -> BasicProperties {
    let mut properties = BasicProperties::default().with_delivery_mode(PERSISTENT);
    if let Some(content_type) = article.content_type.as_deref().and_then(short) {
        properties = properties.with_content_type(content_type);
    }
    if let Some(encoding) = article.content_encoding.as_deref().and_then(short) {
        properties = properties.with_content_encoding(encoding);
    }
    if let Some(traceparent) = &article.traceparent {
        let mut headers = FieldTable::default();
        headers.insert(TRACEPARENT.into(), long(traceparent));
        properties = properties.with_headers(headers);
    }
    properties
}

/// The properties of an article to be retried: as received, with the attempts updated.
pub(super) fn of_retry(original: &BasicProperties, attempts: u32, first_seen: Timestamp) -> BasicProperties {
    let mut headers = kept(original);
    headers.insert(ATTEMPTS.into(), AMQPValue::LongUInt(attempts));
    headers.insert(FIRST_SEEN.into(), long(&first_seen.to_string()));
    copied(original, headers)
}

/// The properties of a dead-lettered article: as received, with the reason.
pub(super) fn of_dead(
    original: &BasicProperties,
    reason: Reason,
    error: &str,
    attempts: u32,
    first_seen: Timestamp,
) -> BasicProperties {
    let mut headers = within_a_frame(kept(original));
    headers.insert(REASON.into(), long(reason.as_str()));
    headers.insert(ERROR.into(), long(&error[..error.floor_char_boundary(ERROR_BYTES)]));
    headers.insert(ATTEMPTS.into(), AMQPValue::LongUInt(attempts));
    headers.insert(FIRST_SEEN.into(), long(&first_seen.to_string()));
    copied(original, headers)
}

/// The properties of a replayed dead letter: as first received.
pub(super) fn of_replay(dead: &BasicProperties) -> BasicProperties {
    let mut headers = FieldTable::default();
    for (name, value) in kept(dead).inner() {
        if ![REASON, ERROR, ATTEMPTS, FIRST_SEEN].contains(&name.as_str()) {
            headers.insert(name.clone(), value.clone());
        }
    }
    copied(dead, headers)
}

/// The properties that a copy may carry. Two of them the broker would act on, so [`kept`] puts them into headers: with
/// `expiration` the copy would vanish from the dead letter queue, and with a `user_id` other than ours it would be
/// refused.
fn copied(original: &BasicProperties, headers: FieldTable) -> BasicProperties {
    let mut copy = BasicProperties::default().with_delivery_mode(PERSISTENT).with_headers(headers);
    macro_rules! copy {
        ($($get:ident $set:ident),*) => {
            $(if let Some(value) = original.$get() { copy = copy.$set(value.clone()); })*
        };
    }
    copy!(
        content_type with_content_type,
        content_encoding with_content_encoding,
        priority with_priority,
        correlation_id with_correlation_id,
        reply_to with_reply_to,
        message_id with_message_id,
        timestamp with_timestamp,
        kind with_type,
        app_id with_app_id
    );
    copy
}

/// The headers of a message without the broker's own; those the broker would act on go under a name of ours.
fn kept(properties: &BasicProperties) -> FieldTable {
    let mut out = FieldTable::default();
    for (name, value) in properties.headers().as_ref().map(FieldTable::inner).into_iter().flatten() {
        match name.as_str() {
            "CC" | "BCC" => {
                out.insert(CC.into(), value.clone());
            }
            name if BROKERS.iter().any(|own| name.starts_with(own)) => {}
            _ => {
                out.insert(name.clone(), value.clone());
            }
        }
    }
    if let Some(expiration) = properties.expiration() {
        out.insert(EXPIRATION.into(), long(expiration.as_str()));
    }
    if let Some(user) = properties.user_id() {
        out.insert(USER_ID.into(), long(user.as_str()));
    }
    out
}

/// The headers without the largest ones, if with ours they would not fit into a frame: the broker would close the
/// connection, over and over.
fn within_a_frame(mut headers: FieldTable) -> FieldTable {
    while bytes_of(&headers) > HEADERS_BYTES {
        let largest =
            headers.inner().iter().max_by_key(|(_, value)| size(value)).map(|(name, _)| name.clone());
        let mut left = FieldTable::default();
        for (name, value) in headers.inner().iter().filter(|(name, _)| Some(*name) != largest.as_ref()) {
            left.insert(name.clone(), value.clone());
        }
        headers = left;
    }
    headers
}

/// Number of headers, and the most bytes that all of them take on the wire.
pub(super) fn size_of_headers(properties: &BasicProperties) -> (usize, usize) {
    properties.headers().as_ref().map_or((0, 0), |headers| (headers.inner().len(), bytes_of(headers)))
}

fn bytes_of(headers: &FieldTable) -> usize {
    headers.inner().iter().map(|(name, value)| name.as_str().len() + 2 + size(value)).sum()
}

fn size(value: &AMQPValue) -> usize {
    match value {
        AMQPValue::LongString(text) => 4 + text.as_bytes().len(),
        AMQPValue::ShortString(text) => 1 + text.as_str().len(),
        AMQPValue::ByteArray(bytes) => 4 + bytes.as_slice().len(),
        AMQPValue::FieldArray(array) => 4 + array.as_slice().iter().map(|v| 1 + size(v)).sum::<usize>(),
        AMQPValue::FieldTable(table) => 4 + bytes_of(table),
        _ => 8,
    }
}

/// `None` if longer than AMQP's short strings: such a media type says nothing that the content does not.
fn short(value: &str) -> Option<ShortString> {
    ShortString::try_new(value).ok()
}

fn long(value: &str) -> AMQPValue {
    AMQPValue::LongString(value.into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::alert::Kind;

    #[test]
    fn keys_that_amqp_cannot_carry_are_left_out_the_least_first() {
        let mention = |n| RoutingKey::new(Kind::Mention, &format!("number-{n}"));
        let mut keys: Vec<RoutingKey> = (0..4_000).map(mention).collect();
        keys.push(RoutingKey::new(Kind::Official, &"x".repeat(300)));
        keys.push(RoutingKey::new(Kind::Country, "AZ"));
        let fit = fitting(&keys, KEYS_BYTES);
        assert_eq!(fit[0], "country.AZ");
        assert!((1_000..4_000).contains(&fit.len()) && fit.iter().all(|k| k.len() <= KEY_BYTES));
        let first: Vec<&str> = keys[..20].iter().map(RoutingKey::as_str).collect();
        assert_eq!(fitting(&keys[..20], KEYS_BYTES), first);
    }

    #[test]
    fn attempts_that_no_worker_counted_are_bounded() {
        let of = |value| {
            let mut headers = FieldTable::default();
            headers.insert(ATTEMPTS.into(), value);
            attempts(&BasicProperties::default().with_headers(headers))
        };
        assert_eq!(of(AMQPValue::LongLongInt(-1)), 0);
        assert_eq!(of(AMQPValue::LongLongInt(i64::MAX)), u32::MAX);
        assert_eq!(of(AMQPValue::LongUInt(u32::MAX)), u32::MAX);
        assert_eq!(of(long("3")), 0);
    }

    #[test]
    fn a_copy_keeps_what_came_and_nothing_that_the_broker_would_act_on() {
        let mut headers = FieldTable::default();
        headers.insert("desk".into(), long("Baku"));
        headers.insert("CC".into(), AMQPValue::FieldArray(FieldArray::from(vec![long("elsewhere")])));
        headers.insert("x-death".into(), long("the broker's"));
        headers.insert("x-delivery-count".into(), AMQPValue::LongInt(7));
        let came = BasicProperties::default()
            .with_headers(headers)
            .with_message_id("m1".into())
            .with_content_type("text/html".into())
            .with_priority(3)
            .with_timestamp(1_700_000_000)
            .with_expiration("1000".into())
            .with_user_id("feeder".into());
        let now = Timestamp::UNIX_EPOCH;
        let dead = of_dead(&of_retry(&came, 1, now), Reason::TAGGER_PANICKED, "why", 2, now);
        assert_eq!((dead.expiration(), dead.user_id()), (&None, &None));
        assert_eq!(dead.message_id().as_ref().unwrap().as_str(), "m1");
        assert_eq!(dead.content_type().as_ref().unwrap().as_str(), "text/html");
        assert_eq!((dead.priority(), dead.timestamp()), (&Some(3), &Some(1_700_000_000)));
        let header = |name| text_header(&dead, name);
        assert_eq!(header("desk").unwrap(), "Baku");
        assert_eq!(header(EXPIRATION).unwrap(), "1000");
        assert_eq!(header(USER_ID).unwrap(), "feeder");
        let names: Vec<_> =
            dead.headers().as_ref().unwrap().inner().keys().map(ToString::to_string).collect();
        assert!(names.contains(&CC.to_owned()) && !names.iter().any(|n| n == "CC" || n.starts_with("x-")));
        assert_eq!(attempts(&dead), 2);
        let replayed = of_replay(&dead);
        assert_eq!((attempts(&replayed), text_header(&replayed, REASON)), (0, None));
    }
}
