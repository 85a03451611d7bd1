//! Reads the page's metadata: `<meta>`, JSON-LD, `<title>`, `<time>`, `<html lang>`.

use dom_query::Document;
use html_escape::decode_html_entities;
use serde_json::Value;

use super::{Page, day, title};
use crate::article::decode::jsonld::{self, NewsArticle};
use crate::article::decode::mend;
use crate::article::junk::Junk;
use crate::article::{Published, date};
use crate::text::Language;

/// `<meta>` names of the headline, most reliable first.
const TITLE: [&str; 4] = ["og:title", "twitter:title", "dc.title", "parsely-title"];
const SITE: [&str; 2] = ["og:site_name", "application-name"];
const URL: [&str; 1] = ["og:url"];
const AUTHOR: [&str; 4] = ["author", "article:author", "parsely-author", "dc.creator"];

/// Reads everything but the text; `text` gets the body from the JSON-LD, if any.
pub(super) fn read(document: &Document, junk: &Junk) -> Page {
    let metas = metas(document);
    let meta = |names: &[&str]| {
        names
            .iter()
            .find_map(|name| metas.iter().find(|(key, _)| key == name))
            .map(|(_, value)| value.clone())
    };
    let address = meta(&URL)
        .or_else(|| document.select_single("link[rel=canonical]").attr("href").map(|url| url.to_string()));
    let told = meta(&TITLE).or_else(|| only(document, "head title"));
    let (data, broken) = json_ld(document);
    let news = article(&data, told.as_deref()).unwrap_or_default();
    let site = meta(&SITE).or(news.publisher);
    let language = document.html_root().attr("lang").as_deref().and_then(Language::parse);
    let headings: Vec<String> = title::headings(document).into_iter().map(|(_, text)| text).collect();
    let sites = title::Sites::new(site.as_deref(), address.as_deref().or(news.url.as_deref()));
    let mut titles: Vec<String> = news.headline.into_iter().collect();
    titles.extend(meta(&TITLE));
    // the site's name may be a heading, too
    let own = |heading: &&String| {
        told.as_deref().is_some_and(|told| told.len() > heading.len() && title::holds(told, heading))
    };
    titles.extend(headings.iter().find(own).or_else(|| headings.first()).cloned());
    titles.extend(only(document, "head title"));
    let titles: Vec<String> = titles.iter().map(|title| decode_html_entities(title).into_owned()).collect();
    let title = title::choose(&titles, &headings, &sites, junk);
    let told = day::Told {
        metas: &metas,
        data: &data,
        news: news.published_at,
        broken,
        titles: &titles,
        title: title.as_deref(),
        address: address.as_deref(),
    };
    let published_at = day::of(document, &told, junk);
    let authors = match news.authors {
        none if none.is_empty() => meta(&AUTHOR).filter(|name| !name.contains("://")).into_iter().collect(),
        some => some,
    };
    let url = document.select_single("link[rel=canonical]").attr("href").map(|url| url.to_string());
    Page {
        title: title.filter(|t| !t.is_empty()),
        text: news.body.unwrap_or_default(),
        language: language.or(news.language),
        published_at,
        site,
        url: meta(&URL).or(url).or(news.url).filter(|url| url.starts_with("http")),
        authors,
    }
}

/// Name in lower case and content of each `<meta>` that has both.
fn metas(document: &Document) -> Vec<(String, String)> {
    let mut metas = Vec::new();
    for meta in &document.select("meta[content]") {
        let content = meta.attr("content").unwrap_or_default().trim().to_owned();
        for key in ["property", "name", "itemprop"] {
            if let Some(name) = meta.attr(key).filter(|_| !content.is_empty()) {
                metas.push((name.trim().to_ascii_lowercase(), content.clone()));
            }
        }
    }
    metas
}

/// All of the page's JSON-LD, and the day of publication in the part of it that can't be parsed.
fn json_ld(document: &Document) -> (Vec<Value>, Option<Published>) {
    let (mut data, mut broken) = (Vec::new(), None);
    for script in &document.select("script[type='application/ld+json']") {
        let text = script.text();
        match json(&text) {
            Some(value) => data.push(value),
            None => broken = broken.or_else(|| published_in(&text)),
        }
    }
    (data, broken)
}

fn published_in(text: &str) -> Option<Published> {
    let (_, rest) = text.split_once("\"datePublished\"")?;
    date::parse(rest.split('"').nth(1)?)
}

/// The article in the page's JSON-LD. Of several, the one with the page's headline that says the most, completed by
/// what others say about the same article.
fn article(data: &[Value], title: Option<&str>) -> Option<NewsArticle> {
    let mut all = Vec::new();
    for value in data {
        jsonld::find_all(value.clone(), jsonld::DEPTH, &mut all);
    }
    let said = |news: &NewsArticle| {
        let named = title.zip(news.headline.as_deref()).is_some_and(|(title, own)| title::holds(title, own));
        usize::from(named) * 4
            + usize::from(news.body.is_some()) * 2
            + usize::from(news.published_at.is_some())
    };
    let best = (0..all.len()).rev().max_by_key(|at| said(&all[*at]))?;
    let mut best = all.swap_remove(best);
    for other in all {
        let same = match (&best.headline, &other.headline) {
            (Some(a), Some(b)) => title::begins(a, b),
            _ => true,
        };
        if same {
            best.headline = best.headline.or(other.headline);
            best.body = best.body.or(other.body);
            best.url = best.url.or(other.url);
            best.language = best.language.or(other.language);
            best.published_at = best.published_at.or(other.published_at);
            best.publisher = best.publisher.or(other.publisher);
            if best.authors.is_empty() {
                best.authors = other.authors;
            }
        }
    }
    Some(best)
}

/// The JSON in a script: some pages wrap it in a comment or CDATA, break lines within strings, or leave a trailing
/// comma.
fn json(text: &str) -> Option<Value> {
    let text = &text[text.find(['{', '['])?..];
    let text = match text.strip_prefix("[CDATA[") {
        Some(inner) => &inner[inner.find(['{', '['])?..],
        None => text,
    };
    // the end of a CDATA section is a bracket, too
    let text = text.trim_end().trim_end_matches("-->").trim_end();
    let text = text.strip_suffix("]]>").unwrap_or(text).trim_end();
    let text = text.strip_suffix("//").unwrap_or(text).trim_end();
    let text = text.strip_suffix("*/").unwrap_or(text);
    let end = text.rfind(['}', ']'])?;
    let text = &text[..=end];
    serde_json::from_str(text).ok().or_else(|| mend::parse(text))
}

/// The text of an element that the page has only once.
fn only(document: &Document, name: &str) -> Option<String> {
    let found = document.select(name);
    let mut nodes = found.nodes().iter();
    let text = super::render::inline_text(nodes.next()?);
    (nodes.next().is_none() && !text.is_empty()).then_some(text)
}
