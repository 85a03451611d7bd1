//! IPTC ninjs 2.x and 3.x: <https://iptc.org/standards/ninjs/>. 3.x writes the same properties in camel case.
//!
//! 1.x (`headline`, `body_text`, `body_html`, `body_xhtml`) is read as well; its news is still on the wire.

use serde_json::{Map, Value};

use super::fields::{Fields, filled, name, names};
use super::{DecodeError, identity};
use crate::article::clean::html::looks_like_html;
use crate::article::{Article, Content, Source};
use crate::text::Language;

/// Whether an object is a ninjs news object: it has a `uri`, and headlines or bodies in one of its forms.
pub(super) fn is(map: &Map<String, Value>) -> bool {
    map.contains_key("uri")
        && map.keys().any(|key| {
            matches!(key.as_str(), "headlines" | "bodies" | "headline") || key.starts_with("body_")
        })
}

/// The main headline and the fullest body: rich text before plain, as only it keeps the paragraphs.
pub(super) fn read(mut news: Fields) -> Result<Article, DecodeError> {
    let title = match news.take("headlines") {
        Some(Value::Array(list)) => main(list.into_iter().filter_map(headline).collect()).unwrap_or_default(),
        Some(other) => return Err(news.wrong("headlines", "an array", &other)),
        None => news.text("headline")?.unwrap_or_default(),
    };
    let content = match news.take("bodies") {
        Some(Value::Array(list)) => fullest(list.into_iter().filter_map(body).collect()),
        Some(other) => return Err(news.wrong("bodies", "an array", &other)),
        None => body_of_1x(&mut news)?,
    };
    let Some(content) = content.or_else(|| (!title.is_empty()).then(|| Content::Text(String::new()))) else {
        return Err(news.lacks("`bodies` with a text in them, and `headlines`"));
    };
    let uri = news.text("uri")?.as_deref().and_then(filled);
    let url = uri.clone().filter(|uri| uri.starts_with("http"));
    let (Content::Text(text) | Content::Html(text)) = &content;
    let id = uri.unwrap_or_else(|| identity::of(None, &title, text));
    let published_at = ["firstCreated", "firstcreated", "versionCreated", "versioncreated", "contentCreated"]
        .iter()
        .chain(&["contentcreated"])
        .find_map(|field| news.time(field));
    let publisher = news.take("infoSources").or_else(|| news.take("infosources"));
    let publisher = names(publisher, &["name"]).into_iter().next();
    let publisher =
        publisher.or_else(|| news.loose("copyrightHolder")).or_else(|| news.loose("copyrightholder"));
    Ok(Article {
        id,
        source: Source { name: publisher, domain: url.as_deref().and_then(identity::domain), country: None },
        url,
        title,
        content,
        language: news.loose("language").as_deref().and_then(Language::parse),
        published_at,
        authors: news.loose("by").or_else(|| news.loose("byline")).into_iter().collect(),
    })
}

/// Role and text of a headline; a bare string is a main one.
fn headline(value: Value) -> Option<(bool, String)> {
    match value {
        Value::Object(map) => {
            let mut fields = Fields::new(map, "headlines");
            let role = fields.loose("role").is_none_or(|r| r.ends_with("main"));
            Some((role, fields.loose("value")?))
        }
        other => Some((true, name(other, &[])?)),
    }
}

fn main(headlines: Vec<(bool, String)>) -> Option<String> {
    let best = headlines.iter().position(|(main, _)| *main).unwrap_or(0);
    headlines.into_iter().nth(best).map(|(_, text)| text)
}

fn body(value: Value) -> Option<Content> {
    let Value::Object(map) = value else { return None };
    let mut fields = Fields::new(map, "bodies");
    let media = fields.loose("contentType").or_else(|| fields.loose("contenttype")).unwrap_or_default();
    let text = fields.loose("value")?;
    Some(content(text, media.contains("html") || media.contains("nitf")))
}

fn content(text: String, html: bool) -> Content {
    if html || looks_like_html(&text) { Content::Html(text) } else { Content::Text(text) }
}

/// The longest text; among texts of about the same length the one with markup.
fn fullest(bodies: Vec<Content>) -> Option<Content> {
    bodies.into_iter().max_by_key(|content| match content {
        Content::Html(html) => html.len(),
        Content::Text(text) => text.len() - text.len() / 8,
    })
}

fn body_of_1x(news: &mut Fields) -> Result<Option<Content>, DecodeError> {
    for field in ["body_xhtml", "body_html"] {
        if let Some(html) = news.text(field)? {
            return Ok(Some(Content::Html(html)));
        }
    }
    Ok(news.text("body_text")?.map(|text| content(text, false)))
}
