//! schema.org `NewsArticle` as JSON-LD: <https://schema.org/NewsArticle>. On its own, in an array or in an `@graph`.
//!
//! Also read from a page's `<script type="application/ld+json">`, which gives headline, date and publisher.

use serde_json::{Map, Value};

use super::fields::{Fields, filled, name, names, time};
use super::{DecodeError, identity};
use crate::article::clean::html::looks_like_html;
use crate::article::{Article, Content, Published, Source};
use crate::text::Language;

/// How many levels below the top to look for an article.
pub(in crate::article) const DEPTH: usize = 4;

/// The metadata of a `NewsArticle`; all of it is optional in the wild.
#[derive(Debug, Default)]
pub(in crate::article) struct NewsArticle {
    pub(in crate::article) id: Option<String>,
    pub(in crate::article) url: Option<String>,
    pub(in crate::article) headline: Option<String>,
    pub(in crate::article) body: Option<String>,
    pub(in crate::article) language: Option<Language>,
    pub(in crate::article) published_at: Option<Published>,
    pub(in crate::article) authors: Vec<String>,
    pub(in crate::article) publisher: Option<String>,
}

/// Whether an object is JSON-LD.
pub(super) fn is(map: &Map<String, Value>) -> bool {
    ["@type", "@graph", "@context"].iter().any(|key| map.contains_key(*key))
}

/// The article event for the first article with a body in the JSON-LD.
pub(super) fn read(value: Value) -> Result<Article, DecodeError> {
    let mut all = Vec::new();
    find_all(value, DEPTH, &mut all);
    let at = all.iter().position(|news| news.body.is_some()).unwrap_or(0);
    let Some(found) = all.into_iter().nth(at) else {
        return Err(DecodeError::WrongSchema("JSON-LD lacks an object of `@type` NewsArticle".to_owned()));
    };
    let Some(body) = found.body else {
        return Err(DecodeError::WrongSchema("NewsArticle lacks `articleBody` (a string)".to_owned()));
    };
    let title = found.headline.unwrap_or_default();
    let domain = found.url.as_deref().and_then(identity::domain);
    Ok(Article {
        id: found.id.unwrap_or_else(|| identity::of(found.url.as_deref(), &title, &body)),
        url: found.url,
        title,
        content: if looks_like_html(&body) { Content::Html(body) } else { Content::Text(body) },
        language: found.language,
        published_at: found.published_at,
        source: Source { name: found.publisher, domain, country: None },
        authors: found.authors,
        bare: false,
    })
}

/// All articles in a piece of JSON-LD.
pub(in crate::article) fn find_all(value: Value, depth: usize, out: &mut Vec<NewsArticle>) {
    let Some(depth) = depth.checked_sub(1) else { return };
    match value {
        Value::Array(list) => list.into_iter().for_each(|v| find_all(v, depth, out)),
        Value::Object(map) if is_article(map.get("@type")) => out.push(article(map)),
        Value::Object(mut map) => {
            for inner in ["@graph", "mainEntity", "mainEntityOfPage", "hasPart"].map(|key| map.remove(key)) {
                find_all(inner.unwrap_or_default(), depth, out);
            }
        }
        _ => {}
    }
}

/// The day that JSON-LD gives for a page or its subject, of whatever type; never that of a comment, a list entry or the
/// subject of a review.
pub(in crate::article) fn day_of_page(value: &Value, depth: usize) -> Option<Published> {
    let depth = depth.checked_sub(1)?;
    match value {
        Value::Array(list) => list.iter().find_map(|inner| day_of_page(inner, depth)),
        Value::Object(map) => {
            let named = |kind: &str| map.get("@type").is_some_and(|own| own == kind);
            if ["Comment", "Claim", "Organization", "Person", "Event"].iter().any(|kind| named(kind)) {
                return None;
            }
            let within =
                || ["@graph", "mainEntity", "mainEntityOfPage"].iter().filter_map(|key| map.get(*key));
            let own = map.get("datePublished").and_then(first_time);
            own.or_else(|| within().find_map(|inner| day_of_page(inner, depth)))
        }
        _ => None,
    }
}

/// Whether a type is `NewsArticle` or one of its kin, as a name, a URL or a prefixed name, alone or among others.
fn is_article(kind: Option<&Value>) -> bool {
    match kind {
        Some(Value::String(kind)) => {
            let kind = kind.rsplit(['/', ':', '#']).next().unwrap_or_default();
            kind.ends_with("Article")
                || matches!(kind, "BlogPosting" | "LiveBlogPosting" | "Report" | "NewsStory")
        }
        Some(Value::Array(kinds)) => kinds.iter().any(|kind| is_article(Some(kind))),
        _ => false,
    }
}

fn article(map: Map<String, Value>) -> NewsArticle {
    let mut news = Fields::new(map, "NewsArticle");
    let url = one(news.take("url"), &["@id"]);
    let page = one(news.take("mainEntityOfPage"), &["@id", "url"]);
    let own = one(news.take("@id"), &[]);
    let is_url = |text: &String| text.starts_with("http://") || text.starts_with("https://");
    NewsArticle {
        id: one(news.take("identifier"), &["value", "@value"]),
        url: url.into_iter().chain(page).chain(own).find(is_url),
        headline: one(news.take("headline"), &[]).or_else(|| one(news.take("name"), &[])),
        body: paragraphs(news.take("articleBody")).or_else(|| updates(news.take("liveBlogUpdate"))),
        language: one(news.take("inLanguage"), &["alternateName", "identifier", "name"])
            .and_then(|tag| Language::parse(&tag)),
        // an unreadable one does not hide the others
        published_at: ["datePublished", "dateCreated", "uploadDate"]
            .iter()
            .find_map(|field| first_time(&news.take(field)?)),
        authors: names(news.take("author").or_else(|| news.take("creator")), &["name"]),
        publisher: one(news.take("publisher").or_else(|| news.take("sourceOrganization")), &["name"]),
    }
}

/// A point in time, or the first in an array.
fn first_time(value: &Value) -> Option<Published> {
    match value {
        Value::Array(list) => list.iter().find_map(time),
        other => time(other),
    }
}

/// A body: one text, or a list of them with a paragraph each.
fn paragraphs(value: Option<Value>) -> Option<String> {
    let Some(Value::Array(list)) = value else { return one(value, &["text"]) };
    let all: Vec<String> = list.into_iter().filter_map(|v| one(Some(v), &["text"])).collect();
    (!all.is_empty()).then(|| all.join("\n\n"))
}

/// The entries of a live blog as one body, each below its headline.
fn updates(value: Option<Value>) -> Option<String> {
    let list = match value? {
        Value::Array(list) => list,
        one => vec![one],
    };
    let mut all = Vec::new();
    for entry in list {
        let Value::Object(map) = entry else { continue };
        let mut entry = Fields::new(map, "liveBlogUpdate");
        all.extend(one(entry.take("headline"), &[]));
        all.extend(paragraphs(entry.take("articleBody")).or_else(|| one(entry.take("text"), &[])));
    }
    (!all.is_empty()).then(|| all.join("\n\n"))
}

/// One text: a string, a number, a JSON-LD value object, an object with one of `keys`, or the first of these in an
/// array.
fn one(value: Option<Value>, keys: &[&str]) -> Option<String> {
    match value? {
        Value::Array(list) => list.into_iter().find_map(|v| one(Some(v), keys)),
        Value::Number(number) => Some(number.to_string()),
        Value::Object(mut map) => match map.remove("@value") {
            Some(text) => filled(text.as_str()?),
            None => name(Value::Object(map), keys),
        },
        other => name(other, keys),
    }
}
