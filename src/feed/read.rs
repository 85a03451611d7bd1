//! Parses the bytes of a feed into items.

use std::time::Duration;

use feed_rs::model::{Entry, Link};
use feed_rs::parser;
use jiff::Timestamp;
use url::Url;

use super::item::Item;
use super::mend;
use crate::article::decode;

/// Maximum number of items per reading; a feed with more is an archive, of which the newest are read.
const MOST_ITEMS: usize = 1000;

/// The result of a reading.
#[derive(Debug, Default)]
pub(super) struct Reading {
    /// The title of the feed.
    pub title: Option<String>,
    /// How long it asks not to be polled.
    pub ttl: Option<Duration>,
    /// In the order of the feed: usually the newest first.
    pub items: Vec<Item>,
    /// Items beyond the limit.
    pub left_out: usize,
}

/// Parses a feed in any charset and format. `base` is where it came from. The error is worded for people.
///
/// It may panic on input that feed-rs does not expect: call it on a thread that may.
pub(super) fn read(body: &[u8], content_type: Option<&str>, base: &Url) -> Result<Reading, String> {
    if body.trim_ascii().is_empty() {
        return Err("it is empty".to_owned());
    }
    let text = decode::text(body, content_type).map_err(|error| error.to_string())?;
    let text = text.trim_start_matches('\u{feff}').trim_start();
    let mended = if text.starts_with('{') {
        let value = serde_json::from_str(text).map_err(|error| format!("its JSON is broken: {error}"))?;
        mend::json(value).ok_or("it is JSON without a list of `items`, no JSON feed")?.to_string()
    } else {
        mend::xml(text).ok_or_else(|| no_feed(text, base))?
    };
    // a missing id stays empty: we make our own
    let parser =
        parser::Builder::new().base_uri(Some(base.as_str())).id_generator(|_, _, _| String::new()).build();
    let feed = parser.parse(mended.as_bytes()).map_err(|error| error.to_string())?;
    let left_out = feed.entries.len().saturating_sub(MOST_ITEMS);
    let language = feed.language.as_deref().and_then(filled);
    let items = feed.entries.into_iter().take(MOST_ITEMS).map(|entry| item(entry, base, language.as_deref()));
    Ok(Reading {
        items: items.collect(),
        title: feed.title.and_then(|title| filled(&title.content)),
        ttl: feed.ttl.map(|minutes| Duration::from_secs(u64::from(minutes) * 60)),
        left_out,
    })
}

/// Says what was found instead of a feed, and where the feed may be.
fn no_feed(text: &str, base: &Url) -> String {
    let head = text.get(..2048).unwrap_or(text).to_ascii_lowercase();
    if !head.contains("<html") && !head.contains("<!doctype html") {
        return "it is neither RSS nor Atom nor a JSON feed".to_owned();
    }
    let page = dom_query::Document::from(text);
    let links = page.select("link[rel~=alternate][type*='rss'], link[rel~=alternate][type*='atom'], link[rel~=alternate][type*='feed+json']");
    let links: Vec<String> = links
        .iter()
        .filter_map(|link| base.join(&link.attr("href")?).ok())
        .take(3)
        .map(|url| url.to_string())
        .collect();
    if links.is_empty() {
        "it is a page, no feed".to_owned()
    } else {
        format!("it is a page; it names as its feeds: {}", links.join(", "))
    }
}

fn item(entry: Entry, base: &Url, language: Option<&str>) -> Item {
    let guid = filled(&entry.id);
    let link = link(&entry.links, base).or_else(|| absolute(guid.as_deref()?));
    let media = entry.media.into_iter().filter_map(|media| media.description).map(|text| text.content);
    let texts = entry.content.and_then(|content| content.body).into_iter();
    let texts = texts.chain(entry.summary.map(|text| text.content)).chain(media);
    // the content may be only a teaser
    let text = texts.max_by_key(String::len).unwrap_or_default();
    let time = entry.published.or(entry.updated);
    Item {
        guid,
        link,
        title: entry.title.map(|title| title.content.trim().to_owned()).unwrap_or_default(),
        text: text.trim().to_owned(),
        published: time.and_then(|time| Timestamp::from_second(time.timestamp()).ok()),
        authors: entry.authors.into_iter().filter_map(|author| filled(&author.name?)).collect(),
        language: entry.language.as_deref().and_then(filled).or_else(|| language.map(str::to_owned)),
    }
}

/// The link to the item's own page.
fn link(links: &[Link], base: &Url) -> Option<Url> {
    let to_page = |link: &&Link| {
        link.target.is_none() && link.rel.as_deref().is_none_or(|rel| rel.eq_ignore_ascii_case("alternate"))
    };
    let is_html = |link: &&Link| link.media_type.as_deref().is_some_and(|kind| kind.contains("html"));
    let pages = || links.iter().filter(to_page);
    let link = pages().find(is_html).or_else(|| pages().next())?;
    let href = filled(&link.href)?;
    absolute(&href).or_else(|| base.join(&href).ok().filter(Url::has_host))
}

/// An absolute URL with a web scheme.
fn absolute(text: &str) -> Option<Url> {
    Url::parse(text).ok().filter(|url| matches!(url.scheme(), "http" | "https"))
}

fn filled(text: &str) -> Option<String> {
    let text = text.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(body: &[u8], content_type: Option<&str>) -> Result<Reading, String> {
        read(body, content_type, &Url::parse("https://news.example/rss/all.xml").unwrap())
    }

    fn first(body: &str) -> Item {
        of(body.as_bytes(), None).unwrap().items.remove(0)
    }

    #[test]
    fn every_form_is_read() {
        let rss = first(
            "<?xml version='1.0'?><rss version='2.0' xmlns:content='http://purl.org/rss/1.0/modules/content/'><channel>
             <title>News</title><language>en-GB</language><item><title><![CDATA[The <b>port</b> &amp; the quay]]></title>
             <link>/2026/port?a=1&b=2</link><guid isPermaLink='false'>4711</guid><description>Short.</description>
             <pubDate>Mon, 4 May 2026 10:00:00 +0200</pubDate><author>desk@news.example (Ann Bay)</author>
             <content:encoded><![CDATA[<p>The port is to be deepened.</p>]]></content:encoded></item></channel></rss>",
        );
        assert_eq!(rss.link.unwrap().as_str(), "https://news.example/2026/port?a=1&b=2");
        assert_eq!(rss.guid.as_deref(), Some("4711"));
        assert_eq!(rss.title, "The <b>port</b> &amp; the quay");
        assert_eq!(rss.text, "<p>The port is to be deepened.</p>");
        assert_eq!(rss.published.unwrap().to_string(), "2026-05-04T08:00:00Z");
        assert_eq!(rss.language.as_deref(), Some("en-gb"));
        let atom = first(
            "<feed xmlns='http://www.w3.org/2005/Atom' xml:lang='fr'><title>Actualités</title><entry><title type='html'>Le
             port</title><id>tag:news.example,2026:1</id><link rel='self' href='https://news.example/1.atom'/><link
             href='../1'/><updated>2026-05-04T08:00:00Z</updated><author><name>Ann</name></author><content
             type='xhtml'><div xmlns='http://www.w3.org/1999/xhtml'><p>Le port sera <b>creusé</b>.</p></div></content>
             </entry></feed>",
        );
        assert_eq!(atom.link.unwrap().as_str(), "https://news.example/1");
        assert!(atom.text.starts_with("<p>Le port sera <b>"), "{}", atom.text);
        assert_eq!((atom.authors, atom.language.as_deref()), (vec!["Ann".to_owned()], Some("fr")));
        let rdf = first(
            "<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' xmlns='http://purl.org/rss/1.0/'
             xmlns:dc='http://purl.org/dc/elements/1.1/'><channel rdf:about='x'><title>RDF</title></channel><item
             rdf:about='https://news.example/2'><title>Two</title><link>https://news.example/2</link>
             <dc:date>2026-05-04</dc:date><description>Text.</description></item></rdf:RDF>",
        );
        assert_eq!((rdf.title.as_str(), rdf.text.as_str(), rdf.guid), ("Two", "Text.", None));
        let json = first(
            r#"{"version": "https://jsonfeed.org/version/1", "items": [{"id": 7, "url": "/3", "title": null,
               "content_text": "Text & more", "author": "Ann", "tags": [1]}, 5]}"#,
        );
        assert_eq!(json.link.unwrap().as_str(), "https://news.example/3");
        assert_eq!(
            (json.guid.as_deref(), json.title.as_str(), json.text.as_str()),
            (Some("7"), "", "Text & more")
        );
        assert_eq!((json.authors, json.published), (vec!["Ann".to_owned()], None));
    }

    #[test]
    fn charsets_are_those_of_the_answer_or_of_the_declaration() {
        let text = "<?xml version=\"1.0\" encoding=\"windows-1251\"?><rss version=\"2.0\"><channel><item><title>Совет \
                    порта решил углубить причал</title></item></channel></rss>";
        let (bytes, ..) = encoding_rs::WINDOWS_1251.encode(text);
        assert_eq!(of(&bytes, None).unwrap().items[0].title, "Совет порта решил углубить причал");
        let (koi, ..) = encoding_rs::KOI8_R.encode(text);
        let read = of(&koi, Some("text/xml; charset=koi8-r")).unwrap();
        assert_eq!(read.items[0].title, "Совет порта решил углубить причал");
        // wrongly declared
        assert_eq!(of(text.as_bytes(), None).unwrap().items[0].title, "Совет порта решил углубить причал");
    }

    #[test]
    fn entities_of_a_document_stay_as_they_stand() {
        let mut bomb = "<?xml version='1.0'?><!DOCTYPE rss [<!ENTITY a0 'aaaaaaaaaa'>".to_owned();
        for n in 1..10 {
            bomb += &format!("<!ENTITY a{n} '{}'>", format!("&a{};", n - 1).repeat(10));
        }
        bomb += "<!ENTITY file SYSTEM 'file:///etc/hostname'>]><rss version='2.0'><channel><item><title>Port &a9; &file;\
                 </title><link>https://news.example/1</link></item></channel></rss>";
        assert_eq!(first(&bomb).title, "Port &a9; &file;");
    }

    #[test]
    fn what_is_no_feed_is_told() {
        for (body, want) in [
            ("", "it is empty"),
            ("{\"a\": 1}", "without a list of `items`"),
            ("{\"items\": [", "its JSON is broken"),
            ("hello", "neither RSS nor Atom"),
            ("<rss version='2.0'><channel><item><title>cut", "unable to parse"),
            (
                "<!DOCTYPE html><html><head><link rel='alternate' type='application/rss+xml' href='/feed'></head></html>",
                "its feeds: https://news.example/feed",
            ),
            ("<html><body>404</body></html>", "it is a page, no feed"),
        ] {
            let error = of(body.as_bytes(), None).unwrap_err();
            assert!(error.contains(want), "{error}");
        }
    }

    #[test]
    fn an_author_may_stand_beside_their_address() {
        let item = first(
            "<rss version='2.0'><channel><item><title>x</title><author>Пресс-служба\u{a0}desk@harbour.example</author>
             </item></channel></rss>",
        );
        assert_eq!(item.authors, ["Пресс-служба"]);
    }

    #[test]
    fn a_link_is_a_page_of_the_web() {
        let item = first(
            "<rss version='2.0'><channel><item><title>x</title><link>javascript:alert(1)</link>
             <guid>https://news.example/9</guid></item></channel></rss>",
        );
        assert_eq!(item.link.unwrap().as_str(), "https://news.example/9");
        let item =
            first("<rss version='2.0'><channel><item><title>x</title><guid>9</guid></item></channel></rss>");
        assert_eq!(item.link, None);
    }
}
