//! What must hold for any input: nothing panics, and every span lies in the text and contains what it says.

#![allow(dead_code, clippy::unwrap_used, reason = "a test may panic, and a target uses one of them")]

use std::sync::LazyLock;

use presswatch::article::decode::{Limits, Message};
use presswatch::knowledge::Knowledge;
use presswatch::pipeline::{Pipeline, Verdict};
use presswatch::quote::Quote;
use presswatch::tagging::Tagged;
use presswatch::text::{Field, Span};
use presswatch::watch::{
    self,
    import::{Dialect, import},
};

use super::pieces::PIECES;

pub static PIPELINE: LazyLock<Pipeline> = LazyLock::new(|| {
    let limits = Limits { message_bytes: 64 << 20, unpacked_bytes: 64 << 20 };
    Pipeline::new(Knowledge::compiled_in(), limits)
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

/// Tags a message and checks the result; invalid articles must be reported as such.
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
    if let Ok(Verdict::Ready(ready)) = PIPELINE.process(message, received) {
        let envelope = &ready.alert.as_ref().unwrap().envelope;
        let keys = &envelope.keys;
        assert!(keys.len() > 1, "no key but the one of every alert");
        // the maximum length of a routing key in AMQP
        assert!(keys.iter().all(|key| key.as_str().len() <= 255), "{keys:?}");
        serde_json::from_slice::<serde_json::Value>(&envelope.body).unwrap();
    }
}

/// Media types and encodings; an input's first byte selects one.
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

/// An input for the target `decode`: a byte selects the declared type of the rest.
pub fn decode(data: &[u8]) {
    let Some((kind, body)) = data.split_first() else { return };
    let (content_type, content_encoding) = KINDS[usize::from(*kind) % KINDS.len()];
    let message = Message { body, content_type, content_encoding };
    match presswatch::article::decode::decode(message, &PIPELINE.limits) {
        Ok(article) => assert!(!article.id.is_empty()),
        Err(error) => assert!(!error.to_string().is_empty() && !error.reason().is_empty()),
    }
}

/// An input for the target `clean`: whether it is a page, then its text in pieces.
pub fn clean(data: &[u8]) {
    let Some((kind, rest)) = data.split_first() else { return };
    let body = text(rest);
    let content_type = Some(if *kind < 128 { "text/html" } else { "text/plain" });
    let message = Message { body: body.as_bytes(), content_type, content_encoding: None };
    let Ok(article) = presswatch::article::decode::decode(message, &PIPELINE.limits) else { return };
    let cleaned = presswatch::article::clean::clean(article, &PIPELINE.lexicon);
    assert!(!cleaned.title.contains('\n'), "a title of two lines: {:?}", cleaned.title);
}

/// An input for the target `tag`: the language, then title and body in pieces, separated by a zero.
pub fn tag(data: &[u8]) {
    let Some((language, rest)) = data.split_first() else { return };
    let language = LANGUAGES[usize::from(*language) % LANGUAGES.len()];
    let (title, body) = rest.split_at(rest.iter().position(|b| *b == 0).unwrap_or(0));
    let (title, body) = (text(title), text(body));
    let event = serde_json::json!({ "id": "p", "title": title, "body": body, "language": language });
    check(event.to_string().as_bytes(), None);
}

/// Parts of queries, for bytes from 128 on.
const QUERY: &[&str] = &[
    " AND ",
    " OR ",
    " NOT ",
    " NEAR/3 ",
    " ONEAR/0 ",
    "SENTENCE(",
    "PARAGRAPH(",
    "QUOTE(",
    "ATLEAST/2(",
    "title:",
    "body:",
    "lead:",
    "top:",
    "about:",
    "mentions:",
    "topic:",
    "named:",
    "said:",
    "by:",
    "from:",
    "site:",
    "source:",
    "lang:",
    "is:",
    "cue:",
    "kind:",
    "office(",
    "raw:",
    "\"",
    "“",
    "(",
    ")",
    ",",
    "~",
    "*",
    "\\",
    "oil",
    "Erdoğan",
    "U.S.",
    "Баку",
    "Москвы~",
    "20000642",
    "AZ",
    "any",
    "country:US",
    "w/5",
    "near5",
    "pre/2",
    "hd=",
    "{US}",
    "!",
    "?",
    "same",
];

/// An input for the target `query`: a query, then the body of an article in pieces, separated by a zero. A query is an
/// error or has a canonical form that parses to itself; it matches or not, and the explanation agrees; none of it
/// panics.
pub fn query(data: &[u8]) {
    let cut = data.iter().position(|b| *b == 0).unwrap_or(data.len());
    let piece = |b: &u8| match b {
        0..128 => String::from(char::from(*b)),
        _ => QUERY[usize::from(b - 128) % QUERY.len()].to_owned(),
    };
    let when: String = data[..cut].iter().map(piece).collect();
    for dialect in [Dialect::Meltwater, Dialect::Brandwatch, Dialect::Lexis, Dialect::Factiva] {
        let _ = import(&when, dialect);
    }
    let words = &PIPELINE.lexicon.watch_words;
    let Ok(expr) = watch::parse(&when, false, words) else { return };
    let shown = expr.to_string();
    match watch::parse(&shown, false, words) {
        Ok(again) => assert_eq!(again.to_string(), shown, "{when}"),
        // the canonical form has more brackets than a person writes
        Err(error) => assert!(error.message.starts_with("too many") && shown.len() > 64, "{when}: {error}"),
    }
    let event = serde_json::json!({ "id": "p", "title": "Oil", "body": text(&data[cut..]) }).to_string();
    let Ok(analysed) = PIPELINE.analyse(Message { body: event.as_bytes(), ..Message::default() }) else {
        return;
    };
    let mut workspace = watch::Workspace::default();
    let watch = watch::Watch { id: "p".to_owned(), when: when.clone(), ..watch::Watch::default() };
    let (set, refused) = watch::WatchSet::of(words.clone(), [watch]);
    assert_eq!(refused, [], "{when}");
    let found = set.matches(analysed.article(), &mut workspace);
    if set.aside().is_empty() {
        let reasons = watch::why(&expr, analysed.article(), words, &mut workspace);
        assert_eq!(reasons[0].holds, !found.is_empty(), "{when}");
    } else {
        assert_eq!(set.aside()[0].1, watch::Aside::TooDear, "{when}");
    }
}

/// Bytes as text: those below 128 as they are, the others each a piece, or two together one of the later pieces.
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
