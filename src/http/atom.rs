//! `GET /alerts.atom`: the latest alerts as an [Atom](https://www.rfc-editor.org/rfc/rfc4287) feed, for feed readers.
//!
//! Everything from articles is plain text: no element of a feed here contains markup.

use std::fmt::Write as _;

use axum::extract::{RawQuery, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use serde::Deserialize;

use super::past::latest;
use super::{Port, filter};
use crate::alert::{Kind, RoutingKey};
use crate::broker::tail::Published;
use crate::official::Citation;
use crate::quote::Quote;
use crate::tagging::Tagged;

/// Entries, unless the client says how many.
const USUAL: usize = 50;

/// The most quotes in an entry, and characters in one.
const QUOTES: usize = 3;
const QUOTE_LENGTH: usize = 400;

/// The part of an alert that is read.
#[derive(Deserialize)]
struct Alert {
    id: String,
    data: Data,
}

#[derive(Deserialize)]
struct Data {
    #[serde(flatten)]
    article: Tagged,
    received_at: Timestamp,
}

pub(super) async fn feed(
    State(port): State<Port>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    let query = query.unwrap_or_default();
    let older = match latest(&port.log().await, &query, USUAL).await {
        Ok((_, older)) => older,
        Err(refused) => return refused,
    };
    let alerts: Vec<Alert> = older.alerts.iter().filter_map(parsed).collect();
    // feeds are polled again and again
    let tag = format!("\"{}-{}\"", alerts.first().map_or("none", |alert| &alert.id), alerts.len());
    let text = |name| headers.get(name).and_then(|v| v.to_str().ok());
    if text(header::IF_NONE_MATCH).is_some_and(|known| known.contains(&tag)) {
        return (StatusCode::NOT_MODIFIED, [(header::ETAG, tag)]).into_response();
    }
    let secure = text(header::HeaderName::from_static("x-forwarded-proto")) == Some("https");
    let scheme = if secure { "https" } else { "http" };
    let home = format!("{scheme}://{}/", text(header::HOST).unwrap_or("localhost"));
    let fields = [
        (header::CONTENT_TYPE, "application/atom+xml; charset=utf-8"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::ETAG, &tag),
    ];
    (fields, written(&alerts, &home, &query)).into_response()
}

fn parsed(alert: &Published) -> Option<Alert> {
    let read = serde_json::from_slice(&alert.body);
    // other messages about an article are no entries
    read.inspect_err(|error| tracing::debug!(%error, "left out of a feed")).ok()
}

fn written(alerts: &[Alert], home: &str, query: &str) -> String {
    let question = if query.is_empty() { String::new() } else { format!("?{query}") };
    let own = format!("{home}alerts.atom{question}");
    let keys: Vec<_> = ["key", "and", "not", "source", "language", "text"]
        .into_iter()
        .flat_map(|name| {
            filter::given(query, name)
                .map(move |value| if name == "not" { format!("not {value}") } else { value.into_owned() })
        })
        .collect();
    let title =
        if keys.is_empty() { "presswatch".to_owned() } else { format!("presswatch: {}", keys.join(", ")) };
    let updated = alerts.iter().map(|alert| alert.data.received_at).max().unwrap_or(Timestamp::UNIX_EPOCH);
    let mut out = String::from(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<feed xmlns=\"http://www.w3.org/2005/Atom\" xml:lang=\"en\">\n",
    );
    element(&mut out, "title", &title);
    element(&mut out, "id", &own);
    element(&mut out, "updated", &updated.to_string());
    link(&mut out, "self", "application/atom+xml", &own);
    link(&mut out, "alternate", "text/html", &format!("{home}{question}"));
    let _ = writeln!(out, "<generator version=\"{}\">presswatch</generator>", env!("CARGO_PKG_VERSION"));
    out.push_str("<author><name>presswatch</name></author>\n");
    for alert in alerts {
        entry(&mut out, alert, home);
    }
    out.push_str("</feed>\n");
    out
}

fn entry(out: &mut String, alert: &Alert, home: &str) {
    let Data { article, received_at } = &alert.data;
    let _ = writeln!(out, "<entry xml:lang=\"{}\">", Escaped(&article.language));
    element(out, "title", if article.title.trim().is_empty() { "(no headline)" } else { &article.title });
    element(out, "id", &format!("urn:presswatch:alert:{}", alert.id));
    element(out, "updated", &received_at.to_string());
    if let Some(published) = article.published_at {
        element(out, "published", &published.to_string());
    }
    let own = format!("{home}alerts/{}", alert.id);
    link(out, "alternate", "text/html", article.url.as_deref().filter(|url| is_address(url)).unwrap_or(&own));
    link(out, "related", "text/html", &own);
    let source = article.source.name.as_ref().or(article.source.domain.as_ref());
    if let Some(source) = source.filter(|name| !name.trim().is_empty()) {
        out.push_str("<author>");
        element(out, "name", source);
        out.push_str("</author>\n");
    }
    for (key, name) in tags(article) {
        let _ = writeln!(out, "<category term=\"{}\" label=\"{}\"/>", Escaped(key.as_str()), Escaped(name));
    }
    element(out, "summary", &summary(article));
    out.push_str("</entry>\n");
}

/// Keys with names: what the article is about.
fn tags(article: &Tagged) -> Vec<(RoutingKey, &str)> {
    let countries = article.countries.iter().filter(|country| country.focus);
    let countries = countries.map(|c| (RoutingKey::new(Kind::Country, &c.code), c.name.as_str()));
    let topics = article.topics.iter().map(|t| (RoutingKey::new(Kind::Topic, &t.code), t.name.as_str()));
    let officials = article.officials.iter().map(|official| {
        let said = official.citation >= Citation::Paraphrased;
        let kind = if said { Kind::Said } else { Kind::Official };
        (RoutingKey::new(kind, &official.slug), official.name.as_str())
    });
    countries.chain(topics).chain(officials).collect()
}

/// Tags, then the first quotes of named speakers.
fn summary(article: &Tagged) -> String {
    let mut lines = vec![tags(article).into_iter().map(|(_, name)| name).collect::<Vec<_>>().join(" · ")];
    let speaker = |quote: &Quote| quote.speaker.as_ref().and_then(|speaker| speaker.name.clone());
    let said = article.quotes.iter().filter_map(|quote| speaker(quote).map(|speaker| (quote, speaker)));
    lines.extend(said.take(QUOTES).map(|(quote, speaker)| {
        let words: String = quote.exact.chars().take(QUOTE_LENGTH).collect();
        let cut = if words.len() < quote.exact.len() { "…" } else { "" };
        format!("{words}{cut} — {speaker}")
    }));
    lines.retain(|line| !line.is_empty());
    lines.join("\n")
}

/// Whether a feed reader can follow it.
fn is_address(url: &str) -> bool {
    let secure = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"));
    secure.is_some_and(|rest| {
        !rest.is_empty()
            && !url.contains(|c: char| c.is_whitespace() || c.is_control() || "<>\"{}|\\^`".contains(c))
    })
}

fn element(out: &mut String, name: &str, text: &str) {
    let _ = writeln!(out, "<{name}>{}</{name}>", Escaped(text));
}

fn link(out: &mut String, relation: &str, kind: &str, address: &str) {
    let _ = writeln!(out, "<link rel=\"{relation}\" type=\"{kind}\" href=\"{}\"/>", Escaped(address));
}

/// Text escaped for XML 1.0, within an element or an attribute in double quotes; characters that XML does not allow
/// become U+FFFD.
struct Escaped<'t>(&'t str);

impl std::fmt::Display for Escaped<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for c in self.0.chars() {
            match c {
                '&' => f.write_str("&amp;")?,
                '<' => f.write_str("&lt;")?,
                '>' => f.write_str("&gt;")?,
                '"' => f.write_str("&quot;")?,
                '\t' | '\n' | ' '..='\u{7e}' | '\u{a0}'..='\u{fffd}' | '\u{10000}'.. => f.write_char(c)?,
                // <https://www.w3.org/TR/xml/#charsets>; a carriage return would be read as a line feed
                _ => f.write_char('\u{fffd}')?,
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_of_articles_is_no_markup() {
        for (text, want) in [
            ("Baku & \"Tbilisi\" <b>", "Baku &amp; &quot;Tbilisi&quot; &lt;b&gt;"),
            ("]]> <![CDATA[", "]]&gt; &lt;![CDATA["),
            ("a\u{0}b\u{1b}c\u{fffe}d\r\u{85}", "a\u{fffd}b\u{fffd}c\u{fffd}d\u{fffd}\u{fffd}"),
            ("Əli 😀\n", "Əli 😀\n"),
        ] {
            assert_eq!(Escaped(text).to_string(), want);
        }
        for (url, want) in [
            ("https://wire.example/a?b=c&d", true),
            ("http://", false),
            ("javascript:alert(1)", false),
            ("https://wire.example/a b", false),
            ("https://wire.example/\"><script>", false),
        ] {
            assert_eq!(is_address(url), want, "{url}");
        }
    }
}
