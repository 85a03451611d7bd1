//! What a message says about its article, however broken it is: for people who search for it, never for tags.

use serde::Deserialize;
use serde_json::{Map, Value};

use super::fields::{filled, name, number_as_id, time};
use super::{Limits, gunzip, identity};
use crate::article::Published;

/// Bytes of a message to search for names if it is not JSON.
const LOOKED_AT: usize = 64 << 10;

/// Fields of the supported formats, likeliest first.
const ID: &[&str] = &["id", "guid", "uri", "identifier", "_id"];
const URL: &[&str] = &["url", "link", "canonicalUrl", "uri", "@id"];
const TITLE: &[&str] = &["title", "headline", "headlines", "name"];
const SOURCE: &[&str] =
    &["source", "publisher", "infoSources", "infosources", "copyrightHolder", "copyrightholder"];
const TIME: &[&str] =
    &["published_at", "datePublished", "versionCreated", "versioncreated", "published", "pubDate"];

/// What a message says about its article.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
pub struct Named {
    /// The publisher's own id.
    pub id: Option<String>,
    /// Its URL.
    pub url: Option<String>,
    /// Its headline.
    pub title: Option<String>,
    /// Who published it: a name, or the domain of the URL.
    pub source: Option<String>,
    /// When it was published.
    pub published_at: Option<Published>,
}

impl Named {
    /// Reads whatever is readable.
    pub fn of(body: &[u8]) -> Self {
        let unpacked = gunzip(body, &Limits::default()).ok().filter(|unpacked| !unpacked.is_empty());
        let body = unpacked.as_deref().unwrap_or(body);
        let mut named = match serde_json::from_slice(body) {
            Ok(Value::Object(event)) => Self::of_event(event),
            Ok(Value::Array(events)) => {
                events.into_iter().find_map(object).map(Self::of_event).unwrap_or_default()
            }
            Ok(_) => Self::default(),
            Err(_) => Self::of_text(&String::from_utf8_lossy(&body[..body.len().min(LOOKED_AT)])),
        };
        named.source = named.source.or_else(|| named.url.as_deref().and_then(identity::domain));
        named
    }

    fn of_event(mut event: Map<String, Value>) -> Self {
        if event.contains_key("specversion")
            && let Some(Value::Object(article)) = event.remove("data")
        {
            event = article;
        }
        let get = |names: &[&str], read: &dyn Fn(&Value) -> Option<String>| {
            names.iter().find_map(|name| event.get(*name).and_then(read))
        };
        Self {
            id: get(ID, &|value| match value {
                Value::Number(number) => number_as_id(number),
                value => text(value),
            }),
            url: get(URL, &|value| text(value).filter(|url| url.starts_with("http"))),
            title: get(TITLE, &text),
            source: get(SOURCE, &text),
            published_at: TIME.iter().find_map(|name| event.get(*name).and_then(time)),
        }
    }

    /// Reads truncated JSON, or a page.
    fn of_text(body: &str) -> Self {
        let get = |names: &[&str]| names.iter().find_map(|name| value_behind(body, name));
        let page = || {
            let lower = body.to_ascii_lowercase();
            let start = lower.find("<title")?;
            let start = start + lower[start..].find('>')? + 1;
            let end = start + lower[start..].find('<')?;
            filled(&html_escape::decode_html_entities(&body[start..end]))
        };
        Self {
            id: get(ID),
            url: get(URL).filter(|url| url.starts_with("http")),
            title: get(TITLE).or_else(page),
            source: get(SOURCE),
            published_at: get(TIME).and_then(|text| time(&Value::String(text))),
        }
    }
}

fn object(value: Value) -> Option<Map<String, Value>> {
    match value {
        Value::Object(map) => Some(map),
        _ => None,
    }
}

/// A text, or the name in an object or in the first of several.
fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => filled(text),
        Value::Array(several) => several.iter().find_map(text),
        Value::Object(_) => name(value.clone(), &["name", "value", "domain", "@value", "$oid"]),
        _ => None,
    }
}

/// The first string after `"name":`.
fn value_behind(body: &str, name: &str) -> Option<String> {
    let quoted = format!("\"{name}\"");
    let behind = &body[body.find(&quoted)? + quoted.len()..];
    let value = behind.trim_start().strip_prefix(':')?.trim_start();
    // the rest may be broken, so only the string is read
    let mut values = serde_json::Deserializer::from_str(value).into_iter::<String>();
    filled(&values.next()?.ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(body: &str) -> [Option<String>; 5] {
        let named = Named::of(body.as_bytes());
        let time = named.published_at.map(|time| time.to_string());
        [named.id, named.url, named.title, named.source, time]
    }

    #[test]
    fn whatever_can_be_read_is_named() {
        let some = |texts: [&str; 5]| texts.map(|text| (!text.is_empty()).then(|| text.to_owned()));
        let url = "https://news.example/1";
        for (body, want) in [
            (
                r#"{"id": 7, "url": "https://news.example/1", "title": "Bakı", "published_at": "2026-05-01T08:00:00Z"}"#,
                ["7", url, "Bakı", "news.example", "2026-05-01T08:00:00Z"],
            ),
            // an envelope with another format in it
            (
                r#"{"specversion": "1.0", "id": "e", "data": {"uri": "tag:x", "headlines": [{"value": "Two"}], "infoSources": [{"name": "Wire"}]}}"#,
                ["tag:x", "", "Two", "Wire", ""],
            ),
            // truncated
            (
                r#"{"id": "a-1", "url": "https://news.example/1", "title": "Cut \"off\"", "body": "th"#,
                ["a-1", url, "Cut \"off\"", "news.example", ""],
            ),
            ("<html><head><TITLE lang=en>Gas &amp; oil</TITLE>", ["", "", "Gas & oil", "", ""]),
            // wrong types, and nothing at all
            (r#"{"id": {}, "title": 1, "url": [], "source": null, "body": []}"#, [""; 5]),
            ("", [""; 5]),
            ("plain words", [""; 5]),
            ("[1, 2]", [""; 5]),
        ] {
            assert_eq!(said(body), some(want), "{body}");
        }
        assert_eq!(Named::of(b"\xff\xfe\x00{"), Named::default());
    }
}
