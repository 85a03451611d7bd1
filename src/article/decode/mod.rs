//! Reads an article event: our own JSON, ninjs, JSON-LD, a CloudEvents envelope around any of them, HTML, plain text.
//!
//! Owns the limits on input and the closed set of reasons why a message is no article. [`super::clean`] judges what a
//! body is worth as text.

mod amqp;
mod charset;
mod cloudevents;
mod error;
mod event;
mod fields;
mod identity;
pub(super) mod jsonld;
pub(super) mod mend;
mod named;
mod ninjs;
mod unpack;

use std::borrow::Cow;

use serde_json::Value;

pub use error::DecodeError;
use fields::Fields;
pub(super) use identity::domain;
pub use identity::of_url as id_of_url;
pub use named::Named;
pub use unpack::gunzip;

use super::clean::html::looks_like_a_page;
use super::{Article, Content, Source};

/// A message as received, with what its envelope says about it.
#[derive(Debug, Clone, Copy, Default)]
pub struct Message<'m> {
    /// The bytes.
    pub body: &'m [u8],
    /// Media type, with or without parameters; `None` means that the content decides.
    pub content_type: Option<&'m str>,
    /// `gzip`, `identity` or none; also a charset, which some publishers write there.
    pub content_encoding: Option<&'m str>,
}

/// How large a message may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of the message as received; a page may have as many as when unpacked.
    pub message_bytes: usize,
    /// Bytes of the unpacked message.
    pub unpacked_bytes: usize,
}

impl Default for Limits {
    /// 2 MiB and 8 MiB, as set by the contract.
    fn default() -> Self {
        Self { message_bytes: 2 << 20, unpacked_bytes: 8 << 20 }
    }
}

/// Reads one article from a message.
///
/// The media type decides between HTML, plain text and JSON; without one, or with one that says nothing
/// (`application/octet-stream`), the first characters do. The fields of the JSON identify its format.
pub fn decode(message: Message<'_>, limits: &Limits) -> Result<Article, DecodeError> {
    let bytes = unpack::unpack(message, limits)?;
    let named = message.content_encoding.and_then(charset::of_content_encoding);
    let declared = charset::of_type(message.content_type).or(named);
    let article = match Kind::of(message.content_type).or_else(|| Kind::of_bytes(&bytes)) {
        Some(Kind::Json) => json(&charset::json(&bytes, declared)?, limits)?,
        Some(Kind::Html) => bare(Content::Html(charset::text(&bytes, declared)?.into_owned())),
        Some(Kind::Text) => bare(Content::Text(charset::text(&bytes, declared)?.into_owned())),
        None => {
            let text = unpack::utf8(&bytes)?;
            return Err(DecodeError::NotJson(unpack::not_json_hint(text, message.content_type)));
        }
    };
    if article.holds_a_letter() { Ok(article) } else { Err(DecodeError::NoText) }
}

/// The text of a page, a feed or a file with this media type, in the declared charset or else the detected one.
pub fn text<'b>(bytes: &'b [u8], content_type: Option<&str>) -> Result<Cow<'b, str>, DecodeError> {
    charset::text(bytes, charset::of_type(content_type))
}

/// The kind of content.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Json,
    Html,
    Text,
}

impl Kind {
    /// The kind by media type; `None` if that does not say.
    fn of(content_type: Option<&str>) -> Option<Self> {
        let essence = content_type?.split(';').next()?.trim().to_ascii_lowercase();
        match essence.as_str() {
            "text/html" | "application/xhtml+xml" => Some(Self::Html),
            "text/plain" | "text/markdown" => Some(Self::Text),
            "application/json" | "text/json" => Some(Self::Json),
            suffixed if suffixed.ends_with("+json") => Some(Self::Json),
            _ => None,
        }
    }

    /// The kind by the first characters, in any charset.
    fn of_bytes(bytes: &[u8]) -> Option<Self> {
        if let Ok(text) = unpack::utf8(bytes) {
            return Self::sniff(text);
        }
        let head = &bytes[..bytes.len().min(4096)];
        let marked = charset::wide(head);
        Self::sniff(&marked.unwrap_or_else(|| String::from_utf8_lossy(head).into_owned()))
    }

    /// The kind by the first characters. Never plain text, as truncated JSON would pass for it.
    fn sniff(text: &str) -> Option<Self> {
        match text.trim_start().as_bytes().first()? {
            b'{' | b'[' => Some(Self::Json),
            b'<' if looks_like_a_page(text) => Some(Self::Html),
            _ => None,
        }
    }
}

/// An article that is only a body.
fn bare(content: Content) -> Article {
    let (Content::Text(body) | Content::Html(body)) = &content;
    Article {
        id: identity::of_content("", body),
        url: None,
        title: String::new(),
        content,
        language: None,
        published_at: None,
        source: Source::default(),
        authors: Vec::new(),
        bare: true,
    }
}

fn json(text: &str, limits: &Limits) -> Result<Article, DecodeError> {
    match unpack::parse(text)? {
        Value::Object(map) if cloudevents::is(&map) => {
            cloudevents::open(Fields::new(map, "CloudEvents"), limits)
        }
        value => article(value),
    }
}

/// An article event without an envelope, recognised by the shape of the JSON.
fn article(value: Value) -> Result<Article, DecodeError> {
    match value {
        Value::Object(map) if jsonld::is(&map) => jsonld::read(Value::Object(map)),
        Value::Object(map) if ninjs::is(&map) => ninjs::read(Fields::new(map, "ninjs")),
        Value::Object(map) => event::read(Fields::new(map, "article event")),
        Value::Array(list) if list.iter().any(|v| v.as_object().is_some_and(jsonld::is)) => {
            jsonld::read(Value::Array(list))
        }
        Value::Array(_) => Err(DecodeError::WrongSchema(
            "an array is not one article; send each article as a message of its own".to_owned(),
        )),
        other => Err(DecodeError::WrongSchema(format!(
            "expected an object, found {}; see the article event in the README",
            fields::kind(&other)
        ))),
    }
}

#[cfg(test)]
mod tests;
