//! What must hold for any input: nothing panics, every span lies in the text and holds what it says.

#![allow(dead_code, clippy::unwrap_used, reason = "a test may panic, and a target uses one of them")]

use std::sync::LazyLock;

use presswatch::article::decode::{Limits, Message};
use presswatch::knowledge::Knowledge;
use presswatch::pipeline::{Pipeline, Verdict};
use presswatch::quote::Quote;
use presswatch::tagging::Tagged;
use presswatch::text::{Field, Span};

use super::pieces::PIECES;

pub static PIPELINE: LazyLock<Pipeline> = LazyLock::new(|| {
    let limits = Limits { message_bytes: 64 << 20, unpacked_bytes: 64 << 20 };
    Pipeline { lexicon: Knowledge::compiled_in(), limits }
});

/// All spans of an article.
fn spans(article: &Tagged) -> Vec<Span> {
    let mut out: Vec<Span> = Vec::new();
    out.extend(article.countries.iter().flat_map(|c| c.mentions.clone()));
    out.extend(article.topics.iter().flat_map(|t| t.evidence.clone()));
    out.extend(article.officials.iter().flat_map(|o| o.mentions.clone()));
    out.extend(article.dateline.iter().map(|d| d.span.clone()));
    for quote in &article.quotes {
        let Quote { field, start, end, exact, .. } = quote.clone();
        out.push(Span { field, start, end, exact });
        out.extend(quote.cue.clone());
        out.extend(quote.speaker.iter().map(|s| s.mention.clone()));
    }
    out
}

/// Tags a message and looks at what comes out; what is no article has to say so.
pub fn check(body: &[u8], content_type: Option<&str>) {
    let message = Message { body, content_type, ..Message::default() };
    let Ok(article) = PIPELINE.tag(message) else { return };
    for span in spans(&article) {
        let text = match span.field {
            Field::Title => &article.title,
            Field::Text => &article.text,
        };
        let (start, end) = (span.start as usize, span.end as usize);
        assert!(start < end, "{span:?} is empty");
        let exact: String = text.chars().skip(start).take(end - start).collect();
        assert_eq!(exact, span.exact, "{span:?}");
    }
    for official in &article.officials {
        assert!(!official.slug.is_empty() && !official.slug.contains(['.', ' ', '*', '#']), "{official:?}");
    }
    let received = jiff::Timestamp::UNIX_EPOCH;
    let message = Message { body, content_type, ..Message::default() };
    if let Ok(Verdict::Alert(ready)) = PIPELINE.process(message, received) {
        assert!(ready.keys.len() > 1, "no key but the one of every alert");
        // the longest routing key of AMQP
        assert!(ready.keys.iter().all(|key| key.len() <= 255), "{:?}", ready.keys);
        serde_json::from_slice::<serde_json::Value>(&ready.body).unwrap();
    }
}

/// Media types and encodings that an input's first byte picks from.
const KINDS: &[(Option<&str>, Option<&str>)] = &[
    (None, None),
    (Some("application/json"), None),
    (Some("application/cloudevents+json"), None),
    (Some("text/html; charset=utf-8"), None),
    (Some("text/plain"), None),
    (Some("text/html; charset=windows-1251"), None),
    (None, Some("gzip")),
    (Some("application/octet-stream"), Some("identity")),
];

const LANGUAGES: &[&str] = &["", "en", "ru", "az", "tr", "uk", "hy", "fr", "de", "es", "ar", "en-US", "xx"];

/// An input of the target `decode`: a byte that says what the rest is declared as.
pub fn decode(data: &[u8]) {
    let Some((kind, body)) = data.split_first() else { return };
    let (content_type, content_encoding) = KINDS[usize::from(*kind) % KINDS.len()];
    let message = Message { body, content_type, content_encoding };
    match presswatch::article::decode::decode(message, &PIPELINE.limits) {
        Ok(article) => assert!(!article.id.is_empty()),
        Err(error) => assert!(!error.to_string().is_empty() && !error.reason().is_empty()),
    }
}

/// An input of the target `clean`: whether it is a page, then its text in pieces.
pub fn clean(data: &[u8]) {
    let Some((kind, rest)) = data.split_first() else { return };
    let body = text(rest);
    let content_type = Some(if *kind < 128 { "text/html" } else { "text/plain" });
    let message = Message { body: body.as_bytes(), content_type, content_encoding: None };
    let Ok(article) = presswatch::article::decode::decode(message, &PIPELINE.limits) else { return };
    let cleaned = presswatch::article::clean::clean(article, &PIPELINE.lexicon);
    assert!(!cleaned.title.contains('\n'), "a title of two lines: {:?}", cleaned.title);
}

/// An input of the target `tag`: the language, then title and body in pieces, parted by a zero.
pub fn tag(data: &[u8]) {
    let Some((language, rest)) = data.split_first() else { return };
    let language = LANGUAGES[usize::from(*language) % LANGUAGES.len()];
    let (title, body) = rest.split_at(rest.iter().position(|b| *b == 0).unwrap_or(0));
    let (title, body) = (text(title), text(body));
    let event = serde_json::json!({ "id": "p", "title": title, "body": body, "language": language });
    check(event.to_string().as_bytes(), None);
}

/// Bytes as text: below 128 as they are, the others each a piece, or two of them together one of those behind.
fn text(data: &[u8]) -> String {
    let mut out = String::new();
    let mut rest = data.iter();
    while let Some(byte) = rest.next() {
        match byte {
            0..128 => out.push(char::from(*byte)),
            255 => {
                let second = rest.next().copied().unwrap_or(0);
                out.push_str(PIECES[(127 + usize::from(second)) % PIECES.len()]);
            }
            _ => out.push_str(PIECES[usize::from(byte - 128) % PIECES.len()]),
        }
    }
    out
}
