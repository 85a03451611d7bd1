//! IPTC ninjs 2.x and 3.x: <https://iptc.org/standards/ninjs/>. 3.x has the same properties in camel case.
//!
//! 1.x is read, too, as it is still in use: `headline` and `headline_main`, `body_text`, `body_html` and any other
//! `body_`. Superdesk writes `guid` where IPTC has `uri`.

use serde_json::{Map, Value};

use super::fields::{Fields, filled, name, names};
use super::{DecodeError, identity};
use crate::article::clean::html::looks_like_html;
use crate::article::{Article, Content, Source};
use crate::text::Language;

/// Whether an object is a ninjs news object: it has a `uri` or `guid`, and headlines or bodies in one of its formats. A
/// feed entry has a `guid`, too, but its text under a name that ninjs has not.
pub(super) fn is(map: &Map<String, Value>) -> bool {
    let foreign = ["body", "html", "content", "text"];
    let named =
        map.contains_key("uri") || map.contains_key("guid") && !foreign.iter().any(|n| map.contains_key(*n));
    named
        && map.keys().any(|key| {
            matches!(key.as_str(), "headlines" | "bodies" | "headline")
                || key.starts_with("body_")
                || key.starts_with("headline_")
        })
}

/// Reads the main headline and the fullest body: rich text rather than plain, as only it keeps the paragraphs.
pub(super) fn read(mut news: Fields) -> Result<Article, DecodeError> {
    let status = news.loose("pubstatus").or_else(|| news.loose("pubStatus")).unwrap_or_default();
    // IPTC: https://cv.iptc.org/newscodes/pubstatusg2/
    let bare = status.rsplit(':').next().unwrap_or_default().to_ascii_lowercase();
    if matches!(bare.as_str(), "canceled" | "cancelled" | "withheld" | "withdrawn" | "killed" | "recalled") {
        return Err(DecodeError::Canceled(status));
    }
    let title = match news.take("headlines") {
        Some(Value::Array(list)) => main(list.into_iter().filter_map(headline).collect()),
        Some(other) => return Err(news.wrong("headlines", "an array", &other)),
        None => None,
    };
    let title = match title {
        Some(title) => title,
        None => headline_of_1x(&mut news)?.unwrap_or_default(),
    };
    let content = match news.take("bodies") {
        Some(Value::Array(list)) => fullest(list.into_iter().filter_map(body).collect()),
        Some(other) => return Err(news.wrong("bodies", "an array", &other)),
        None => None,
    };
    let content = match content {
        Some(content) => Some(content),
        None => body_of_1x(&mut news)?,
    };
    let Some(content) = content.or_else(|| (!title.is_empty()).then(|| Content::Text(String::new()))) else {
        return Err(news.lacks("`bodies` with a text in them, and `headlines`"));
    };
    let uri = news.text("uri")?.as_deref().and_then(filled);
    let uri = uri.or(news.id("guid")?);
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
    let publisher = publisher.or_else(|| news.loose("source"));
    let byline = news.loose("by").or_else(|| news.loose("byline"));
    let authors = match byline {
        Some(byline) => vec![byline],
        None => names(news.take("authors"), &["name"]),
    };
    Ok(Article {
        id,
        source: Source { name: publisher, domain: url.as_deref().and_then(identity::domain), country: None },
        url,
        title,
        content,
        language: news.loose("language").as_deref().and_then(Language::parse),
        published_at,
        authors,
        bare: false,
    })
}

/// Whether a headline is the main one, and its text; a bare string is.
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

/// The longest text; of texts with about the same length, the one with markup. One without letters hides no other.
fn fullest(bodies: Vec<Content>) -> Option<Content> {
    bodies.into_iter().filter(holds_a_letter).max_by_key(|content| match content {
        Content::Html(html) => html.len(),
        Content::Text(text) => text.len() - text.len() / 8,
    })
}

fn holds_a_letter(content: &Content) -> bool {
    match content {
        Content::Html(html) => crate::article::clean::html::holds_a_letter(html),
        Content::Text(text) => crate::article::holds_a_letter(text),
    }
}

/// `headline`, else `headline_main`, else any other.
fn headline_of_1x(news: &mut Fields) -> Result<Option<String>, DecodeError> {
    if let Some(title) = news.text("headline")?.filter(|title| !title.trim().is_empty()) {
        return Ok(Some(title));
    }
    let mut all: Vec<(String, String)> = news
        .take_all("headline_")
        .into_iter()
        .filter_map(|(field, value)| Some((field, filled(value.as_str()?)?)))
        .collect();
    all.sort_by_key(|(field, _)| field != "headline_main");
    Ok(all.into_iter().next().map(|(_, title)| title))
}

fn body_of_1x(news: &mut Fields) -> Result<Option<Content>, DecodeError> {
    let mut bodies = Vec::new();
    let mut blank = None;
    for (field, value) in news.take_all("body_") {
        let text = match value {
            Value::String(text) => text,
            other if matches!(field.as_str(), "body_text" | "body_html" | "body_xhtml") => {
                return Err(news.wrong(&field, "a string", &other));
            }
            // 1.x allows any suffix, and `body_` fields include word counts
            _ => continue,
        };
        let content = content(text, field.ends_with("html"));
        if holds_a_letter(&content) {
            bodies.push(content);
        } else {
            blank = Some(content);
        }
    }
    Ok(fullest(bodies).or(blank))
}
