//! The list of feeds: an OPML file, or URLs.

use std::path::Path;

use quick_xml::events::{BytesStart, Event};
use quick_xml::reader::Reader;
use rustc_hash::FxHashSet;
use url::Url;

use super::fault::shown;
use super::mend;
use crate::article::decode;

/// Maximum size of a list in bytes.
const MOST_BYTES: u64 = 16 << 20;

/// A feed to poll.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Feed {
    /// Its URL.
    pub url: Url,
    /// Its name in the list: the publisher's name as readers know it.
    pub name: Option<String>,
    /// Language of its items, unless they state one.
    pub language: Option<String>,
}

impl Feed {
    /// For logs: without user and password.
    pub fn shown(&self) -> String {
        shown(&self.url)
    }
}

/// Why a list can't be used.
#[derive(Debug, thiserror::Error)]
pub enum ListError {
    /// The file can't be read.
    #[error(
        "can't read the list of feeds `{0}`: {1}; give an OPML file, or the URL of a feed with http:// or https://"
    )]
    Unreadable(String, std::io::Error),
    /// The file is not a list of feeds.
    #[error("`{0}` is not OPML: {1}")]
    NotOpml(String, String),
    /// An invalid URL.
    #[error("`{0}` is not the URL of a feed: {1}; give http:// or https:// and a host")]
    BadUrl(String, String),
    /// The list is empty.
    #[error("`{0}` lists no feeds: each is an `outline` with the attribute `xmlUrl`")]
    Empty(String),
}

/// The feeds in files and URLs, each once, in order.
pub fn list(sources: &[String]) -> Result<Vec<Feed>, ListError> {
    let mut feeds = Vec::new();
    for source in sources {
        if source.starts_with("http://") || source.starts_with("https://") {
            feeds.push(Feed { url: url(source)?, name: None, language: None });
        } else {
            feeds.extend(of_file(source)?);
        }
    }
    let mut seen = FxHashSet::default();
    feeds.retain(|feed| seen.insert(feed.url.clone()));
    Ok(feeds)
}

fn of_file(name: &str) -> Result<Vec<Feed>, ListError> {
    let unreadable = |error| ListError::Unreadable(name.to_owned(), error);
    let size = std::fs::metadata(Path::new(name)).map_err(unreadable)?.len();
    if size > MOST_BYTES {
        return Err(ListError::NotOpml(
            name.to_owned(),
            format!("it has {size} bytes, more than {MOST_BYTES}"),
        ));
    }
    let bytes = std::fs::read(name).map_err(unreadable)?;
    let text = decode::text(&bytes, None).map_err(|e| ListError::NotOpml(name.to_owned(), e.to_string()))?;
    let feeds = of_text(&text).map_err(|error| match error {
        Bad::Xml(words) => ListError::NotOpml(name.to_owned(), words),
        Bad::Url(error) => error,
    })?;
    if feeds.is_empty() { Err(ListError::Empty(name.to_owned())) } else { Ok(feeds) }
}

enum Bad {
    Xml(String),
    Url(ListError),
}

fn of_text(text: &str) -> Result<Vec<Feed>, Bad> {
    // programs that write these files often forget to escape `&` in URLs
    let text = mend::ampersands(text.trim_start_matches('\u{feff}'));
    let mut reader = Reader::from_str(&text);
    let (mut feeds, mut is_opml) = (Vec::new(), false);
    loop {
        match reader.read_event().map_err(|e| Bad::Xml(format!("{e} at byte {}", reader.error_position())))? {
            Event::Start(tag) | Event::Empty(tag) => {
                match tag.local_name().as_ref().to_ascii_lowercase().as_ref() {
                    "opml" => is_opml = true,
                    "outline" if is_opml => feeds.extend(of_outline(&tag)?),
                    _ if is_opml => {}
                    other => return Err(Bad::Xml(format!("its root is `{other}`, not `opml`"))),
                }
            }
            Event::Eof if is_opml => return Ok(feeds),
            Event::Eof => return Err(Bad::Xml("there is no element `opml` in it".to_owned())),
            _ => {}
        }
    }
}

/// The feed of an outline; `None` for a folder.
fn of_outline(tag: &BytesStart<'_>) -> Result<Option<Feed>, Bad> {
    let (mut address, mut title, mut text, mut language) = (None, None, None, None);
    for attribute in tag.attributes().with_checks(false) {
        let attribute = attribute.map_err(|error| Bad::Xml(error.to_string()))?;
        let value = html_escape::decode_html_entities(attribute.value.as_ref()).trim().to_owned();
        if value.is_empty() {
            continue;
        }
        match attribute.key.as_ref().to_ascii_lowercase().as_ref() {
            "xmlurl" => address = Some(value),
            "title" => title = Some(value),
            "text" => text = Some(value),
            "language" => language = Some(value),
            _ => {}
        }
    }
    let Some(address) = address else { return Ok(None) };
    Ok(Some(Feed { url: url(&address).map_err(Bad::Url)?, name: title.or(text), language }))
}

fn url(text: &str) -> Result<Url, ListError> {
    // the scheme of `feed:` links
    let address = text.strip_prefix("feed:").unwrap_or(text);
    let address = if address.starts_with("//") { format!("http:{address}") } else { address.to_owned() };
    let bad = |why: &str| ListError::BadUrl(hidden(text), why.to_owned());
    let mut url = Url::parse(&address).map_err(|error| bad(&error.to_string()))?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err(bad(&format!("`{}:` is not supported", url.scheme())));
    }
    url.set_fragment(None);
    Ok(url)
}

/// A source that can't be identified, shown without what may be a password.
fn hidden(text: &str) -> String {
    text.rsplit_once('@').map_or_else(|| text.to_owned(), |(_, host)| format!("…@{host}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn outlines_are_read_in_their_folders() {
        let text =
            "\u{feff}<?xml version=\"1.0\"?>\n<opml version=\"2.0\"><head><title>x</title></head><body>
            <outline text='Agencies'><outline type='rss' text='One' title='The One &amp; Only'
              xmlUrl='https://one.example/rss?a=1&b=2#x' language='az'/></outline>
            <outline text='two' xmlurl=' feed://two.example/atom '></outline></body></opml>";
        let feeds = of_text(text).ok().unwrap();
        assert_eq!(feeds[0].url.as_str(), "https://one.example/rss?a=1&b=2");
        assert_eq!(feeds[0].name.as_deref(), Some("The One & Only"));
        assert_eq!(feeds[0].language.as_deref(), Some("az"));
        assert_eq!(
            (feeds[1].url.as_str(), feeds[1].name.as_deref()),
            ("http://two.example/atom", Some("two"))
        );
    }

    #[test]
    fn errors_name_the_file_and_what_is_wrong() {
        let folder = tempfile::tempdir().unwrap();
        for (name, text, want) in [
            ("a", "<rss><channel/></rss>", "its root is `rss`"),
            ("b", "<opml><body><outline text='x'/></body></opml>", "lists no feed"),
            (
                "c",
                "<opml><body><outline xmlUrl='ftp://a:geheim@b/c'/></body></opml>",
                "`…@b/c` is not the URL of a feed: `ftp:`",
            ),
            ("d", "hello", "no element `opml`"),
            ("e", "<opml><body></opml>", "is not OPML: "),
        ] {
            let path = folder.path().join(name);
            std::fs::write(&path, text).unwrap();
            let error = list(&[path.display().to_string()]).unwrap_err().to_string();
            assert!(error.contains(want) && !error.contains("geheim"), "{error}");
        }
        let error = list(&["news.example/rss".to_owned()]).unwrap_err().to_string();
        assert!(error.contains("`news.example/rss`") && error.contains("http://"), "{error}");
        let twice = ["https://a.example/x", "https://a.example/x#y"].map(str::to_owned);
        assert_eq!(list(&twice).unwrap().len(), 1);
    }
}
