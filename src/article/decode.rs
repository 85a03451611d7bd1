//! Reads an article event: our own JSON, ninjs, JSON-LD, CloudEvents, HTML or plain text.

use jiff::Timestamp;
use serde::Deserialize;

use super::{Article, Content, Source};
use crate::text::Language;

/// A message as it came, with what its envelope says of it.
#[derive(Debug, Clone, Copy, Default)]
pub struct Message<'m> {
    /// The bytes.
    pub body: &'m [u8],
    /// Media type, with or without parameters; none means: look at the content.
    pub content_type: Option<&'m str>,
    /// `gzip`, `identity` or none.
    pub content_encoding: Option<&'m str>,
}

/// How large a message may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of the message as it comes.
    pub message_bytes: usize,
    /// Bytes of the message once unpacked.
    pub unpacked_bytes: usize,
}

impl Default for Limits {
    /// 2 MiB and 8 MiB, as the contract sets them.
    fn default() -> Self {
        Self { message_bytes: 2 << 20, unpacked_bytes: 8 << 20 }
    }
}

/// Why a message is no article. None of these passes with time, so such a message is never retried.
#[derive(Debug, thiserror::Error)]
pub enum DecodeError {
    /// Neither JSON nor a declared text type.
    #[error("not JSON: {0}")]
    NotJson(String),
    /// JSON, but not an article event of a known form.
    #[error("not an article event: {0}")]
    WrongSchema(String),
    /// Neither title nor body holds a letter.
    #[error("no text: the article needs a `body` or `html`")]
    NoText,
}

#[derive(Deserialize)]
struct Event {
    id: Option<String>,
    url: Option<String>,
    #[serde(default)]
    title: String,
    body: Option<String>,
    html: Option<String>,
    language: Option<String>,
    published_at: Option<Timestamp>,
    #[serde(default)]
    source: Source,
    #[serde(default)]
    authors: Vec<String>,
}

/// Reads one article out of a message.
pub fn decode(message: Message<'_>, _limits: &Limits) -> Result<Article, DecodeError> {
    let event: Event =
        serde_json::from_slice(message.body).map_err(|e| DecodeError::NotJson(e.to_string()))?;
    let content = match (event.body, event.html) {
        (Some(body), _) => Content::Text(body),
        (None, Some(html)) => Content::Html(html),
        (None, None) => return Err(DecodeError::NoText),
    };
    Ok(Article {
        id: event.id.or_else(|| event.url.clone()).unwrap_or_default(),
        url: event.url,
        title: event.title,
        content,
        language: event.language.as_deref().and_then(Language::parse),
        published_at: event.published_at,
        source: event.source,
        authors: event.authors,
    })
}
