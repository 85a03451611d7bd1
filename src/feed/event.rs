//! Turns an item into the article event to be published.

use serde_json::{Map, Value, json};

use super::item::Keyed;
use super::opml::Feed;

/// The event of an item as JSON, no longer than the limit in bytes. `page` is the HTML of its page, if fetched; if it
/// makes the event too large, the feed's own text is used instead, cut if necessary.
pub(super) fn event(
    keyed: &Keyed,
    feed: &Feed,
    title: Option<&str>,
    page: Option<&str>,
    limit: usize,
) -> Vec<u8> {
    if let Some(page) = page {
        let whole = written(keyed, feed, title, ("html", page));
        if whole.len() <= limit {
            return whole;
        }
    }
    let mut text = keyed.item.text.as_str();
    let field = if has_tags(text) { "html" } else { "body" };
    loop {
        let whole = written(keyed, feed, title, (field, text));
        if whole.len() <= limit || text.is_empty() {
            return whole;
        }
        let mut end = text.len() / 2;
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        text = &text[..end];
    }
}

fn written(keyed: &Keyed, feed: &Feed, title: Option<&str>, (field, text): (&str, &str)) -> Vec<u8> {
    let item = &keyed.item;
    let mut event = Map::new();
    let mut put = |name: &str, value: Option<Value>| {
        if let Some(value) = value {
            event.insert(name.to_owned(), value);
        }
    };
    put("id", keyed.id.as_deref().map(Value::from));
    put("url", item.link.as_ref().map(|link| link.as_str().into()));
    put("title", Some(item.title.as_str().into()));
    put(field, Some(text.into()));
    put("language", item.language.as_ref().or(feed.language.as_ref()).map(|tag| tag.as_str().into()));
    put("published_at", item.published.map(|time| time.to_string().into()));
    put("authors", (!item.authors.is_empty()).then(|| json!(item.authors)));
    let mut source = Map::new();
    if let Some(name) = feed.name.as_deref().or(title) {
        source.insert("name".to_owned(), name.into());
    }
    // from the page's URL, if there is one
    if item.link.is_none()
        && let Some(host) = feed.url.host_str()
    {
        source.insert("domain".to_owned(), host.strip_prefix("www.").unwrap_or(host).into());
    }
    put("source", (!source.is_empty()).then(|| source.into()));
    Value::Object(event).to_string().into_bytes()
}

/// Whether a text contains markup.
fn has_tags(text: &str) -> bool {
    memchr::memchr_iter(b'<', text.as_bytes()).any(|at| {
        text.as_bytes().get(at + 1).is_some_and(|b| b.is_ascii_alphabetic() || matches!(b, b'/' | b'!'))
    })
}

#[cfg(test)]
mod tests {
    use url::Url;

    use super::*;
    use crate::article::decode::{Limits, Message, decode};
    use crate::article::{Article, Content};
    use crate::feed::item::{Item, keyed};

    fn keyed_of(link: &str, text: &str) -> (Keyed, Feed) {
        let url = Url::parse("https://www.news.example/rss").unwrap();
        let item = Item {
            guid: Some("4711".to_owned()),
            link: Url::parse(link).ok(),
            title: "The <b>port</b> &amp; the quay".to_owned(),
            text: text.to_owned(),
            published: "2026-05-04T08:00:00Z".parse().ok(),
            authors: vec!["Ann".to_owned()],
            language: None,
        };
        let feed = Feed { url: url.clone(), name: None, language: Some("en".to_owned()) };
        (keyed(&url, vec![item]).remove(0), feed)
    }

    fn article(event: &[u8]) -> Article {
        let message = Message { body: event, content_type: Some("application/json"), content_encoding: None };
        decode(message, &Limits::default()).unwrap()
    }

    #[test]
    fn an_event_is_read_as_an_article() {
        let (keyed, feed) =
            keyed_of("https://news.example/1?utm_source=rss", "<p>The port is to be deepened.</p>");
        let read = article(&event(&keyed, &feed, Some("News"), None, 1 << 20));
        assert_eq!(read.id, crate::article::decode::id_of_url("https://news.example/1"));
        assert_eq!(read.source.name.as_deref(), Some("News"));
        assert_eq!(read.source.domain.as_deref(), Some("news.example"));
        assert!(matches!(read.content, Content::Html(_)));
        let page = article(&event(&keyed, &feed, None, Some("<html><p>All of it.</p></html>"), 1 << 20));
        assert_eq!(page.content, Content::Html("<html><p>All of it.</p></html>".to_owned()));
        let (keyed, feed) = keyed_of("", "a < b");
        let read = article(&event(&keyed, &feed, None, None, 1 << 20));
        assert!(read.id.starts_with("feed-") && read.url.is_none());
        assert_eq!(read.source.domain.as_deref(), Some("news.example"));
        assert_eq!(read.content, Content::Text("a < b".to_owned()));
    }

    #[test]
    fn an_event_is_within_its_limit() {
        let (keyed, feed) = keyed_of("https://news.example/1", &"é\u{1}".repeat(5000));
        for page in [None, Some("x".repeat(10_000))] {
            let made = event(&keyed, &feed, None, page.as_deref(), 5000);
            assert!(made.len() <= 5000 && made.len() > 2000, "{}", made.len());
            assert_eq!(article(&made).title, "The <b>port</b> &amp; the quay");
        }
    }
}
