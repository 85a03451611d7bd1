//! What a page says of itself: `<meta>`, JSON-LD, `<title>`, `<time>`, `<html lang>`.

use dom_query::Document;
use html_escape::decode_html_entities;
use jiff::Timestamp;

use super::Page;
use crate::article::clean::plain::date::of_line;
use crate::article::date;
use crate::article::decode::jsonld::{self, NewsArticle};
use crate::article::junk::Junk;
use crate::text::Language;

/// `<meta>` names of the headline, the most telling first.
const TITLE: [&str; 4] = ["og:title", "twitter:title", "dc.title", "parsely-title"];
const SITE: [&str; 2] = ["og:site_name", "application-name"];
const URL: [&str; 1] = ["og:url"];
const PUBLISHED: [&str; 14] = [
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
];
/// Later than publication, so only where nothing else tells a day.
const MODIFIED: [&str; 4] = ["article:modified_time", "og:updated_time", "last-modified", "datemodified"];
const AUTHOR: [&str; 4] = ["author", "article:author", "parsely-author", "dc.creator"];

/// All but the text; `text` holds the body that the JSON-LD gives, if any.
pub(super) fn read(document: &Document, junk: &Junk) -> Page {
    let news = json_ld(document).unwrap_or_default();
    let metas = metas(document);
    let meta = |names: &[&str]| {
        names
            .iter()
            .find_map(|name| metas.iter().find(|(key, _)| key == name))
            .map(|(_, value)| value.clone())
    };
    let site = meta(&SITE).or(news.publisher);
    let language = document.html_root().attr("lang").as_deref().and_then(Language::parse);
    let title = news
        .headline
        .or_else(|| meta(&TITLE))
        .or_else(|| only(document, "h1"))
        .or_else(|| only(document, "title"))
        .map(|title| without_site(&decode_html_entities(&title), site.as_deref()));
    // a meta that holds no date hides none of the next
    let declared_by = |names: &[&str]| {
        names.iter().find_map(|name| {
            metas.iter().filter(|(key, _)| key == name).find_map(|(_, value)| date::parse(value))
        })
    };
    let declared = declared_by(&PUBLISHED);
    let address = meta(&URL)
        .or_else(|| document.select_single("link[rel=canonical]").attr("href").map(|url| url.to_string()));
    let published_at = declared
        .or(news.published_at)
        .or_else(|| json_ld_date(document))
        .or_else(|| shown_date(document, junk))
        .or_else(|| date_of_url(address.as_deref()?))
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

/// The day in an address: ".../2025/03/05/...".
fn date_of_url(url: &str) -> Option<Timestamp> {
    let parts: Vec<&str> = url.split('/').collect();
    parts.windows(3).find_map(|three| {
        let number = |part: &str, digits: usize| {
            (part.len() == digits && part.bytes().all(|b| b.is_ascii_digit())).then(|| part.to_owned())
        };
        let (year, month, day) = (number(three[0], 4)?, number(three[1], 2)?, number(three[2], 2)?);
        date::parse(&format!("{year}-{month}-{day}"))
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

/// The article of the page's JSON-LD.
fn json_ld(document: &Document) -> Option<NewsArticle> {
    document.select("script[type='application/ld+json']").iter().find_map(|script| {
        let text = script.text();
        // some pages wrap it in a comment or in CDATA, or break lines within strings
        let from = text.find(['{', '['])?;
        let to = text.rfind(['}', ']'])?;
        let text = text.get(from..=to)?;
        let value = serde_json::from_str(text)
            .or_else(|_| serde_json::from_str(&text.replace(['\n', '\r', '\t'], " ")));
        jsonld::find(value.ok()?, jsonld::DEPTH)
    })
}

/// The text of an element that the page has once.
fn only(document: &Document, name: &str) -> Option<String> {
    let found = document.select(name);
    let mut nodes = found.nodes().iter();
    let text = super::render::inline_text(nodes.next()?);
    (nodes.next().is_none() && !text.is_empty()).then_some(text)
}

/// Most names of sites and sections that are taken off a headline; a page made to hurt could have thousands.
const SITES: usize = 4;

/// A headline on one line, without " | Site" or " - Site" behind it.
fn without_site(title: &str, site: Option<&str>) -> String {
    let mut title = title.trim();
    for _ in 0..SITES {
        let cut = [" | ", " - ", " – ", " — ", " :: ", " » "]
            .iter()
            .filter_map(|mark| title.rfind(mark).map(|at| (at, at + mark.len())))
            .max();
        match cut {
            Some((at, behind)) if is_site(&title[behind..], site) => title = title[..at].trim(),
            _ => break,
        }
    }
    if title.contains(['\n', '\r']) {
        return title.split_whitespace().collect::<Vec<_>>().join(" ");
    }
    title.to_owned()
}

/// Whether the end of a title is the site's name: as the page gives it, or a domain.
fn is_site(tail: &str, site: Option<&str>) -> bool {
    let same = |a: &str, b: &str| {
        let letters = |s: &str| {
            s.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect::<String>()
        };
        let (a, b) = (letters(a), letters(b));
        !a.is_empty()
            && !b.is_empty()
            && (a == b || (a.len() > 3 && b.len() > 3 && (a.contains(&b) || b.contains(&a))))
    };
    site.is_some_and(|site| same(tail, site))
        || (!tail.contains(' ')
            && tail.rsplit_once('.').is_some_and(|(_, tld)| {
                (2..=4).contains(&tld.len()) && tld.bytes().all(|b| b.is_ascii_alphabetic())
            }))
}
