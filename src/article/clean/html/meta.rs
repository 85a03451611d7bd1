//! What a page says of itself: `<meta>`, JSON-LD, `<title>`, `<time>`, `<html lang>`.

use dom_query::Document;
use html_escape::decode_html_entities;
use jiff::Timestamp;
use serde_json::Value;

use super::{Page, title};
use crate::article::clean::plain::date::of_line;
use crate::article::date;
use crate::article::decode::jsonld::{self, NewsArticle};
use crate::article::decode::mend;
use crate::article::junk::Junk;
use crate::text::Language;

/// `<meta>` names of the headline, the most telling first.
const TITLE: [&str; 4] = ["og:title", "twitter:title", "dc.title", "parsely-title"];
const SITE: [&str; 2] = ["og:site_name", "application-name"];
const URL: [&str; 1] = ["og:url"];
const PUBLISHED: [&str; 32] = [
    "article:published_time",
    "og:published_time",
    "datepublished",
    "date",
    "pubdate",
    "publishdate",
    "dc.date.issued",
    "dc.date",
    "parsely-pub-date",
    "sailthru.date",
    "cxenseparse:recs:publishtime",
    "dcterms.created",
    "dcterms.issued",
    "publish-date",
    "og:article:published_time",
    "article.published",
    "article:published",
    "article_date_original",
    "publication_date",
    "publication-date",
    "citation_publication_date",
    "citation_date",
    "sw-pubdate",
    "bt:pubdate",
    "pub_date",
    "rnews:datepublished",
    "shareaholic:article_published_time",
    "originalpublicationdate",
    "datecreated",
    "date.created",
    "dc.created",
    "dc.date.created",
];
/// Later than publication, so only where nothing else tells a day.
const MODIFIED: [&str; 4] = ["article:modified_time", "og:updated_time", "last-modified", "datemodified"];
const AUTHOR: [&str; 4] = ["author", "article:author", "parsely-author", "dc.creator"];

/// All but the text; `text` holds the body that the JSON-LD gives, if any.
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
    let told = meta(&TITLE).or_else(|| only(document, "title"));
    let news = json_ld(document, told.as_deref()).unwrap_or_default();
    let site = meta(&SITE).or(news.publisher);
    let language = document.html_root().attr("lang").as_deref().and_then(Language::parse);
    let headings = title::headings(document);
    let sites = title::Sites::new(site.as_deref(), address.as_deref().or(news.url.as_deref()));
    let mut titles: Vec<String> = news.headline.into_iter().collect();
    titles.extend(meta(&TITLE));
    titles.extend(headings.first().cloned());
    titles.extend(only(document, "title"));
    let titles: Vec<String> = titles.iter().map(|title| decode_html_entities(title).into_owned()).collect();
    let title = title::choose(&titles, &headings, &sites);
    // a meta that holds no date hides none of the next
    let declared_by = |names: &[&str]| {
        names.iter().find_map(|name| {
            metas.iter().filter(|(key, _)| key == name).find_map(|(_, value)| date::parse(value))
        })
    };
    let declared = declared_by(&PUBLISHED);
    let published_at = declared
        .or(news.published_at)
        .or_else(|| json_ld_date(document))
        .or_else(|| shown_date(document, junk))
        .or_else(|| date_of_url(address.as_deref()?))
        .or_else(|| near_headline(document, junk))
        .or_else(|| declared_by(&MODIFIED));
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

/// Where pages put the day in sight, the surest first: what is marked as the day of publication, an element of the
/// article's own that is named after a date, a `<time>` that belongs to no list of other articles.
const SHOWN: [&str; 4] = [
    "[itemprop=datePublished], abbr.published, time[pubdate], [property=datePublished]",
    "article time, main time, header time, [class*=article] time, [class*=post] time",
    "time, abbr[title]",
    "[class*=date], [class*=Date], [class*=time], [class*=publish], [class*=posted], [class*=byline], [class*=meta], [id*=date], [id*=publish]",
];

/// What holds links to other articles, or is no part of this one.
const ELSEWHERE: [&str; 4] = ["aside", "nav", "footer", "li"];

/// Letters of an element that says the day and little else.
const SHORT: usize = 160;

/// The day as the page shows it.
fn shown_date(document: &Document, junk: &Junk) -> Option<Timestamp> {
    SHOWN.iter().find_map(|selector| {
        document.select(selector).iter().find_map(|element| {
            let elsewhere = |node: &dom_query::NodeRef<'_>| {
                node.node_name().is_some_and(|name| ELSEWHERE.contains(&name.as_ref()))
            };
            if element.nodes().iter().any(|node| node.ancestors(None).iter().any(elsewhere)) {
                return None;
            }
            ["datetime", "content", "title"]
                .iter()
                .find_map(|name| date::parse(&element.attr(name)?))
                .or_else(|| {
                    let text = element.text();
                    let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
                    (text.len() <= SHORT * 4).then(|| lines.find_map(|line| of_line(line, junk))).flatten()
                })
        })
    })
}

/// Texts around the headline among which the day is looked for, where nothing is marked as such.
const BELOW: usize = 60;
const ABOVE: usize = 15;

/// The day in a short text of its own: the first below the headline, else the last above it.
fn near_headline(document: &Document, junk: &Junk) -> Option<Timestamp> {
    let body = document.body()?;
    let mut above = std::collections::VecDeque::new();
    let mut headings = 0;
    let mut below = 0;
    let texts = body.descendants_it().filter(|node| node.is_text() || node.has_name("h1"));
    for node in texts {
        if node.has_name("h1") {
            headings += 1;
            continue;
        }
        let text = node.text();
        let text = text.trim();
        let hidden = ["script", "style", "option", "a", "template"];
        if text.is_empty()
            || node.parent().is_some_and(|above| hidden.iter().any(|name| above.has_name(name)))
        {
            continue;
        }
        if headings > 0 {
            below += 1;
            if below > BELOW {
                break;
            }
        }
        let elsewhere =
            || node.ancestors_it(None).any(|above| ELSEWHERE.iter().any(|name| above.has_name(name)));
        let day = of_line(text, junk).filter(|_| !elsewhere());
        if headings > 0 && day.is_some() {
            return day;
        }
        above.push_back(day);
        if above.len() > ABOVE {
            above.pop_front();
        }
    }
    above.into_iter().rev().flatten().next().filter(|_| headings > 0)
}

/// The day in an address: ".../2025/03/05/...", ".../2025-03-05-port".
pub(in crate::article::clean) fn date_of_url(url: &str) -> Option<Timestamp> {
    let parts: Vec<&str> = url.split(['/', '?', '#']).collect();
    let digits = |part: &str, count: usize| part.len() == count && part.bytes().all(|b| b.is_ascii_digit());
    let day = |year: &str, month: &str, day: &str| {
        let whole = digits(year, 4) && digits(month, 2) && digits(day, 2);
        whole.then(|| date::parse(&format!("{year}-{month}-{day}"))).flatten()
    };
    parts.windows(3).find_map(|three| day(three[0], three[1], three[2])).or_else(|| {
        parts.iter().find_map(|part| {
            let mut numbers = part.splitn(4, '-');
            let (year, month, rest) = (numbers.next()?, numbers.next()?, numbers.next()?);
            day(year, month, rest.split('.').next()?)
        })
    })
}

/// A date of publication anywhere in the page's JSON-LD, of whatever it is.
fn json_ld_date(document: &Document) -> Option<Timestamp> {
    document.select("script[type='application/ld+json']").iter().find_map(|script| {
        let text = script.text();
        let (_, rest) = text.split_once("\"datePublished\"")?;
        date::parse(rest.split('"').nth(1)?)
    })
}

/// Name in small letters and content of each `<meta>` that has both.
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

/// The article of the page's JSON-LD; of several the one that has the page's headline and says the most, with what
/// others say of the same one.
fn json_ld(document: &Document, title: Option<&str>) -> Option<NewsArticle> {
    let mut all = Vec::new();
    for script in &document.select("script[type='application/ld+json']") {
        let text = script.text();
        if let Some(value) = json(&text) {
            jsonld::find_all(value, jsonld::DEPTH, &mut all);
        }
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

/// The value in a script: some pages wrap it in a comment or in CDATA, break lines within strings, or leave a comma
/// behind the last field.
fn json(text: &str) -> Option<Value> {
    let text = &text[text.find(['{', '['])?..];
    let text = match text.strip_prefix("[CDATA[") {
        Some(inner) => &inner[inner.find(['{', '['])?..],
        None => text,
    };
    // the marks that close CDATA end in a bracket as well
    let text = text.trim_end().trim_end_matches("-->").trim_end();
    let text = text.strip_suffix("]]>").unwrap_or(text).trim_end();
    let text = text.strip_suffix("//").unwrap_or(text).trim_end();
    let text = text.strip_suffix("*/").unwrap_or(text);
    let end = text.rfind(['}', ']'])?;
    let text = &text[..=end];
    serde_json::from_str(text).ok().or_else(|| mend::parse(text))
}

/// The text of an element that the page has once.
fn only(document: &Document, name: &str) -> Option<String> {
    let found = document.select(name);
    let mut nodes = found.nodes().iter();
    let text = super::render::inline_text(nodes.next()?);
    (nodes.next().is_none() && !text.is_empty()).then_some(text)
}
