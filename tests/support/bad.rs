//! Bad messages, each made from a number: mutated, truncated, huge, deep, of wrong types and encodings, bombs.

use std::io::Write as _;

use flate2::Compression;
use flate2::write::GzEncoder;

use super::amqp::{RawProperties, long, short};
use super::articles::event;

/// Kinds of bad messages.
const KINDS: usize = 20;

/// Only one huge message in this many has its full size, since that is megabytes.
const HUGE_EVERY: usize = 20;

/// A message that is bad, or may be.
pub struct Bad {
    /// Body as published.
    pub body: Vec<u8>,
    pub content_type: Option<&'static str>,
    pub content_encoding: Option<&'static str>,
    /// The expected reason of its dead letter; `None` if by chance it may still be an article.
    pub reason: Option<&'static str>,
}

/// Bad message number `n`; its randomness is seeded by the number, so that it is reproducible.
pub fn bad(n: usize) -> Bad {
    let mut chance = fastrand::Rng::with_seed(n as u64);
    let good = good(n);
    let bare = |body: Vec<u8>, reason| Bad { body, content_type: None, content_encoding: None, reason };
    let dead = |body: Vec<u8>, reason| bare(body, Some(reason));
    let json = |json: serde_json::Value, reason| dead(json.to_string().into_bytes(), reason);
    let typed = |body: Vec<u8>, kind, reason| Bad { content_type: Some(kind), ..bare(body, reason) };
    let packed = |body: Vec<u8>, reason| Bad { content_encoding: Some("gzip"), ..dead(body, reason) };
    match n % KINDS {
        // mutations that may still be articles
        0..5 => bare(mutated(good, &mut chance), None),
        5 => bare([&good[..chance.usize(..good.len())], &good[chance.usize(..good.len())..]].concat(), None),
        // truncated
        6 | 7 => dead(good[..chance.usize(1..good.len() - 1)].to_vec(), "not-json"),
        8 => dead(Vec::new(), "not-json"),
        // wrong types
        9 => json(serde_json::json!({ "title": n, "body": ["a", "list"] }), "wrong-schema"),
        10 => json(serde_json::json!([n, "is", "no article"]), "wrong-schema"),
        11 => json(serde_json::json!({ "id": n.to_string(), "title": "…", "body": " 1, 2! " }), "no-text"),
        // wrong encodings
        12 => dead(utf16(&good), "not-utf8"),
        13 => dead([b"{\"title\": \"", &[0xcf, 0xf3, 0xf2, 0xe8, 0xed][..], b"\"}"].concat(), "not-utf8"),
        14 => packed(good, "bad-encoding"),
        15 => Bad { content_encoding: Some("br"), ..dead(good, "bad-encoding") },
        16 => {
            let whole = gzip(&good);
            packed(whole[..chance.usize(20..whole.len() - 8)].to_vec(), "bad-encoding")
        }
        // bombs, deep ones and huge ones
        17 => packed(gzip(&vec![b' '; 9 << 20]), "unpacks-too-large"),
        18 if chance.bool() => dead("[".repeat(100_000).into_bytes(), "too-deep"),
        18 => typed("<div><b>".repeat(20_000).into_bytes(), "text/html", Some("no-text")),
        _ if (n / KINDS).is_multiple_of(HUGE_EVERY) => dead(vec![b'x'; (2 << 20) + 1 + n], "too-large"),
        _ => typed((0..2000).map(|_| chance.u8(..)).collect(), "text/html", Some("not-utf8")),
    }
}

/// An article whose id is unlike those of the good ones.
fn good(n: usize) -> Vec<u8> {
    let mut event = event(n);
    event["id"] = format!("mutated-{n}").into();
    event.to_string().into_bytes()
}

/// Some bytes changed, removed or inserted.
fn mutated(mut body: Vec<u8>, chance: &mut fastrand::Rng) -> Vec<u8> {
    for _ in 0..chance.usize(1..6) {
        let at = chance.usize(..body.len());
        match chance.u8(..4) {
            0 => body[at] ^= 1 << chance.u8(..8),
            1 => body[at] = chance.u8(..),
            2 => drop(body.remove(at)),
            _ => body.insert(at, *chance.choice(b"\"\\{}[],:0<&\x00\xff").expect("not empty")),
        }
    }
    body
}

fn utf16(json: &[u8]) -> Vec<u8> {
    let text = std::str::from_utf8(json).unwrap();
    [0xff, 0xfe].into_iter().chain(text.encode_utf16().flat_map(u16::to_le_bytes)).collect()
}

fn gzip(body: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(body).unwrap();
    encoder.finish().unwrap()
}

/// A message that crashes careless readers of its envelope; the body does not matter.
pub struct Poison {
    pub what: &'static str,
    /// The routing key.
    pub key: &'static [u8],
    pub properties: RawProperties,
}

/// Accepted by RabbitMQ but unreadable for lapin: short strings that are not UTF-8.
pub fn unreadable() -> Vec<Poison> {
    let not_utf8 = [0xff, 0xfe];
    let header = [short(&not_utf8), b"S".to_vec(), long(b"value")].concat();
    let poison = |what, flag, property| Poison { what, key: b"", properties: RawProperties(flag, property) };
    let key = poison("routing key", RawProperties::DELIVERY_MODE, vec![2]);
    vec![
        poison("message_id", RawProperties::MESSAGE_ID, short(&not_utf8)),
        poison("content_type", RawProperties::CONTENT_TYPE, short(&not_utf8)),
        poison("name of a header", RawProperties::HEADERS, long(&header)),
        Poison { key: b"Qu\xe9bec", ..key },
    ]
}

/// Headers nested so deeply that reading them recursively takes a large stack.
pub fn deep() -> Vec<Poison> {
    let tables = (0..15_000).fold(Vec::new(), |inner: Vec<u8>, _| {
        // built backwards, then reversed: the lengths differ at each level
        let length = u32::try_from(inner.len()).unwrap().to_le_bytes();
        [inner, length.to_vec(), b"Fx\x01".to_vec()].concat()
    });
    let arrays = (0..26_000).fold(Vec::new(), |inner: Vec<u8>, _| {
        let length = u32::try_from(inner.len()).unwrap().to_le_bytes();
        [inner, length.to_vec(), b"A".to_vec()].concat()
    });
    let reversed = |bytes: Vec<u8>| bytes.into_iter().rev().collect::<Vec<u8>>();
    let arrays = [b"\x01x".to_vec(), reversed(arrays)].concat();
    let poison = |what, table: Vec<u8>| {
        let properties = RawProperties(RawProperties::HEADERS, long(&table));
        Poison { what, key: b"", properties }
    };
    vec![poison("15,000 tables", reversed(tables)), poison("26,000 arrays", arrays)]
}
