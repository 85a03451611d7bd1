//! Presswatch's own article event.

use serde_json::Value;

use super::fields::{Fields, filled, name, names};
use super::{DecodeError, identity};
use crate::article::clean::html::looks_like_html;
use crate::article::{Article, Content, Source};
use crate::text::Language;

/// `id`, `url`, `title`, `body` or `html`, `language`, `published_at`, `source`, `authors`.
///
/// A `body` with HTML markup is treated as HTML. If both fields are given, `body` counts, unless it is blank.
pub(super) fn read(mut event: Fields) -> Result<Article, DecodeError> {
    if !event.has("body") && !event.has("html") {
        return Err(event.lacks("`body` (plain text) or `html`"));
    }
    let title = event.text("title")?.unwrap_or_default();
    let html = event.text("html")?.filter(|html| !html.trim().is_empty());
    let content = match (event.text("body")?, html) {
        (Some(body), None) if looks_like_html(&body) => Content::Html(body),
        (Some(body), html) if html.is_none() || !body.trim().is_empty() => Content::Text(body),
        (_, Some(html)) => Content::Html(html),
        (_, None) => Content::Text(String::new()),
    };
    let url = event.text("url")?.as_deref().and_then(filled);
    let (Content::Text(body) | Content::Html(body)) = &content;
    Ok(Article {
        id: event.id("id")?.unwrap_or_else(|| identity::of(url.as_deref(), &title, body)),
        source: source(event.take("source"), url.as_deref()),
        url,
        title,
        language: event.loose("language").as_deref().and_then(Language::parse),
        published_at: event.time("published_at"),
        authors: names(event.take("authors"), &["name"]),
        content,
        bare: false,
    })
}

/// The publisher; a string is its name. The domain defaults to that of the URL.
fn source(given: Option<Value>, url: Option<&str>) -> Source {
    let mut source = match given {
        Some(Value::Object(map)) => {
            let mut fields = Fields::new(map, "source");
            Source {
                name: fields.loose("name"),
                domain: fields.loose("domain"),
                country: fields.loose("country").and_then(|c| country(&c)),
            }
        }
        Some(other) => Source { name: name(other, &[]), ..Source::default() },
        None => Source::default(),
    };
    source.domain = source.domain.or_else(|| url.and_then(identity::domain));
    source
}

/// A two-letter country code in capitals.
fn country(code: &str) -> Option<String> {
    (code.len() == 2 && code.bytes().all(|b| b.is_ascii_alphabetic())).then(|| code.to_ascii_uppercase())
}
