//! Feeds from a local server, written the way publishers write them, through the running program into the real embedded
//! store and over a real RabbitMQ.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

#[path = "../support/mod.rs"]
mod support;

mod lasting;

use std::io::Write as _;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use serde_json::Value;
use support::web::{Page, Web};
use support::{output, presswatch};

const RSS: &str = "application/rss+xml";

/// `presswatch feed` on a data folder, with the test server allowed and without pauses.
fn feed(data: &Path) -> Command {
    let mut command = presswatch();
    command.arg("feed").arg("--data-dir").arg(data);
    for (name, value) in [("PRIVATE", "127.0.0.1"), ("HOST_PAUSE", "0"), ("INTERVAL", "1")] {
        command.env(format!("PRESSWATCH__FEEDS__{name}"), value);
    }
    command
}

/// Polls these feeds once: standard output and error, exit status.
fn once(data: &Path, urls: &[String]) -> (String, String, Option<i32>) {
    output(feed(data).arg("--once").args(urls))
}

/// The events waiting in the embedded store.
fn stored(data: &Path) -> Vec<Value> {
    let connection = rusqlite::Connection::open(data.join("presswatch.sqlite")).unwrap();
    let mut select = connection.prepare("SELECT body FROM articles ORDER BY row").unwrap();
    let bodies = select.query_map([], |r| r.get::<_, Vec<u8>>(0)).unwrap();
    bodies.map(|body| serde_json::from_slice(&body.unwrap()).unwrap()).collect()
}

fn text<'v>(event: &'v Value, field: &str) -> &'v str {
    event[field].as_str().unwrap_or("")
}

/// An RSS feed with these items.
fn rss(items: &str) -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<rss version=\"2.0\"><channel><title>Harbour News</title>\
         <link>https://harbour.example/</link><description>All of it</description>{items}</channel></rss>"
    )
}

/// Item number `n` of the harbour feed.
fn item(web: &Web, n: usize) -> String {
    format!(
        "<item><title>Sanctions list grows by {n}</title><link>{}</link><guid>harbour-{n}</guid><description>The economic \
         sanctions against Azerbaijan stay in force, lawmakers in Baku said in file {n}.</description></item>",
        web.url(&format!("/page/{n}"))
    )
}

#[test]
fn feeds_of_every_form_become_articles_and_are_known_again() {
    let (web, folder) = (Web::start(), tempfile::tempdir().unwrap());
    let cyrillic = "<?xml version=\"1.0\" encoding=\"windows-1251\"?><rss version=\"2.0\"><channel><title>Вестник порта\
        </title><language>ru</language><item><title>Совет порта &amp;laquo;Северный&amp;raquo; решил\n углубить причал</title>\
        <link>/news/1?utm_source=rss&id=7</link><guid isPermaLink=\"false\">a7</guid><pubDate>Пн, 04 May 2026 11:00:00 +0300\
        </pubDate><description><![CDATA[<img src=\"x\"/><p>Работы начнутся осенью и продлятся год.</p>]]></description>\
        </item></channel></rss>";
    let (cyrillic, ..) = encoding_rs::WINDOWS_1251.encode(cyrillic);
    web.put("/ru.xml", Page::of("text/xml", cyrillic.into_owned()).with("etag", "\"ru-1\""));
    let atom = "<feed xmlns=\"http://www.w3.org/2005/Atom\" xml:lang=\"en\"><title>Ministry</title><entry><id>urn:1</id><title \
        type=\"html\">Minister &lt;em&gt;opens&lt;/em&gt; the quay</title><link href=\"releases/1.html\"/><published>\
        2026-05-04T08:00:00Z</published><updated>2026-05-05T08:00:00Z</updated><summary>Short.</summary><content \
        type=\"xhtml\"><div xmlns=\"http://www.w3.org/1999/xhtml\"><p>The minister opened the quay.</p></div></content>\
        </entry></feed>";
    web.put(
        "/en/atom.xml",
        Page::of("application/atom+xml", atom).with("last-modified", "Mon, 04 May 2026 08:00:00 GMT"),
    );
    let json = r#"{"version": "https://jsonfeed.org/version/1.1", "title": "Desk", "items": [{"id": 9, "content_text":
        "No title and no date, but a text."}, {"url": "/j/2", "title": "Ports & quays"}]}"#;
    web.put("/feed.json", Page::of("application/json", json));
    let rdf = "<rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\" xmlns=\"http://purl.org/rss/1.0/\"><channel>\
        <title>Old</title></channel><item rdf:about=\"x\"><title>AT&T builds a quay</title><link>http://old.example/1</link>\
        </item></rdf:RDF>";
    web.put("/old.rdf", Page::of("text/xml", rdf));
    let list = folder.path().join("feeds.opml");
    let outlines: String = ["/ru.xml", "/en/atom.xml", "/feed.json", "/old.rdf"]
        .map(|path| format!("<outline type=\"rss\" text=\"Listed {path}\" xmlUrl=\"{}\"/>", web.url(path)))
        .concat();
    std::fs::write(
        &list,
        format!("<opml version=\"2.0\"><body><outline text=\"All\">{outlines}</outline></body></opml>"),
    )
    .unwrap();
    let sources = [list.display().to_string()];
    let data = folder.path().join("data");

    let (said, error, status) = once(&data, &sources);
    assert_eq!(status, Some(0), "{said}{error}");
    assert_eq!(said, "4 feeds polled, 0 failed; 5 articles published, 0 known from before\n");
    let all = stored(&data);
    let of = |title: &str| all.iter().find(|event| text(event, "title").contains(title)).unwrap();
    let russian = of("Совет порта");
    assert_eq!(text(russian, "url"), web.url("/news/1?utm_source=rss&id=7"));
    assert!(text(russian, "html").contains("Работы начнутся осенью"), "{russian}");
    assert_eq!((text(russian, "language"), text(&russian["source"], "name")), ("ru", "Listed /ru.xml"));
    assert_eq!(text(russian, "id"), "", "its URL gives it one");
    let minister = of("Minister");
    assert_eq!(text(minister, "url"), web.url("/en/releases/1.html"));
    assert_eq!(text(minister, "published_at"), "2026-05-04T08:00:00Z");
    assert!(text(minister, "html").contains("<p>The minister opened the quay.</p>"), "{minister}");
    assert_eq!(text(of("AT&T"), "url"), "http://old.example/1");
    assert_eq!(text(of("Ports"), "url"), web.url("/j/2"));
    let nameless = all.iter().find(|event| text(event, "title").is_empty()).unwrap();
    assert!(
        text(nameless, "id").starts_with("feed-") && text(nameless, "published_at").is_empty(),
        "{nameless}"
    );

    let (said, error, status) = once(&data, &sources);
    assert_eq!(status, Some(0), "{said}{error}");
    assert_eq!(said, "4 feeds polled, 0 failed; 0 articles published, 3 known from before\n");
    for (path, header) in [("/ru.xml", "if-none-match"), ("/en/atom.xml", "if-modified-since")] {
        let asked = web.requests(path);
        assert!(!asked[0].headers.contains_key(header) && asked[1].headers.contains_key(header), "{path}");
        assert_eq!(asked[1].status, 304, "{path}");
    }
    assert!(web.requests("/ru.xml")[0].headers["user-agent"].starts_with("presswatch/"));
}

#[test]
fn an_item_is_known_again_whatever_changes_about_it() {
    let (web, folder) = (Web::start(), tempfile::tempdir().unwrap());
    let data = folder.path();
    let urls = [web.url("/a"), web.url("/b")];
    let one = |link: &str, guid: &str, title: &str| {
        format!(
            "<item><title>{title}</title><link>{link}</link><guid>{guid}</guid><description>Text of {title}.</description></item>"
        )
    };
    web.put(
        "/a",
        Page::of(
            RSS,
            rss(&[
                one("https://harbour.example/1", "g1", "Port"),
                one("https://harbour.example/", "g2", "Two with the link home"),
                one("https://harbour.example/", "g3", "Three with the link home"),
            ]
            .concat()),
        ),
    );
    web.put("/b", Page::of(RSS, rss("")));
    assert!(
        once(data, &urls).0.contains("3 articles published"),
        "an item that shares its link is one of its own"
    );
    // a new guid, a new link, a tracking parameter in the link, and the same article in another feed
    web.put(
        "/a",
        Page::of(
            RSS,
            rss(&[
                one("https://harbour.example/1", "g1-edited", "Port, corrected"),
                one("https://harbour.example/1-port", "g1", "Port"),
                one("https://harbour.example/", "g2", "Two with the link home"),
                one("https://harbour.example/", "g3", "Three with the link home"),
            ]
            .concat()),
        ),
    );
    web.put("/b", Page::of(RSS, rss(&one("https://harbour.example/1?utm_campaign=b#top", "other", "Port"))));
    let (said, error, _) = once(data, &urls);
    assert!(said.contains("0 articles published, 5 known"), "{said}{error}");
    // a guid shared by all items identifies none of them
    web.put(
        "/b",
        Page::of(
            RSS,
            rss(&[
                one("https://harbour.example/2", "same", "Quay"),
                one("https://harbour.example/3", "same", "Crane"),
            ]
            .concat()),
        ),
    );
    assert!(once(data, &urls).0.contains("2 articles published"));
    assert_eq!(stored(data).len(), 5);
}

#[test]
fn what_goes_wrong_is_told_with_what_to_do() {
    let (web, folder) = (Web::start(), tempfile::tempdir().unwrap());
    web.put("/large", Page::of(RSS, rss(&"<!-- filler -->".repeat(700_000))));
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    packed.write_all(&vec![b' '; 64 << 20]).unwrap();
    web.put("/bomb", Page::of(RSS, packed.finish().unwrap()).with("content-encoding", "gzip"));
    web.put("/hangs", Page::of(RSS, rss("")).waiting(Duration::from_secs(20)));
    web.put("/page", Page::of("text/html", "<!DOCTYPE html><html><head><link rel=alternate type=application/rss+xml href=/rss></head></html>"));
    web.put("/loop", Page::new(302, "").with("location", "/loop"));
    web.put("/away", Page::new(302, "").with("location", "http://127.0.0.2:9/feed"));
    web.put("/file", Page::new(302, "").with("location", "file:///etc/hostname"));
    web.put("/cut", Page::of(RSS, "<rss version='2.0'><channel><item><title>Po"));
    // feed-rs 3.0.0 panics on a duration with more digits than a number can hold
    let podcast = format!("<itunes:duration>{}</itunes:duration>", "9".repeat(30));
    let podcast = rss(&format!("<item><title>x</title>{podcast}</item>"));
    let podcast = podcast.replace("<rss", "<rss xmlns:itunes=\"http://www.itunes.com/dtds/podcast-1.0.dtd\"");
    web.put("/panic", Page::of(RSS, podcast));
    let lol: String =
        (1..9).map(|n| format!("<!ENTITY l{n} \"{}\">", format!("&l{};", n - 1).repeat(10))).collect();
    let lol = format!(
        "<!DOCTYPE rss [<!ENTITY l0 \"lol\">{lol}]>{}",
        &rss("<item><title>&l8; port</title><guid>1</guid></item>")[39..]
    );
    web.put("/entities", Page::of(RSS, lol));
    web.put("/good", Page::of(RSS, rss(&item(&web, 1))));
    let start = Instant::now();
    for (path, want) in [
        ("/large", "more than 5242880 bytes"),
        ("/bomb", "more than 5242880 bytes"),
        ("/hangs", "no whole answer within 1s; `feeds.timeout` sets that"),
        ("/page", &*format!("it is a page; it names as its feeds: {}", web.url("/rss"))),
        ("/loop", "more than 5 redirects"),
        (
            "/away",
            "127.0.0.2:9/feed: not asked: `127.0.0.2` is the private address 127.0.0.2; list it in `feeds.private`",
        ),
        ("/file", "to no address of the web"),
        ("/cut", "no feed that can be read"),
        ("/panic", "no feed that can be read: its parser failed on it"),
        ("/nothing", "404 Not Found: there is nothing; look up its new address"),
    ] {
        let data = folder.path().join(&path[1..]);
        let mut command = feed(&data);
        let command = command.env("PRESSWATCH__FEEDS__TIMEOUT", "1");
        let (said, error, status) = output(command.arg("--once").args([web.url(path), web.url("/good")]));
        assert_eq!(status, Some(1), "{path}: {said}{error}");
        assert!(
            error.contains(&format!("error: {}", web.url("/")[..15].to_owned())) && error.contains(want),
            "{path}: {error}"
        );
        // a bad feed holds up no other
        assert_eq!(said, "2 feeds polled, 1 failed; 1 article published, 0 known from before\n", "{path}");
    }
    assert!(start.elapsed() < Duration::from_mins(1), "{:?}", start.elapsed());
    let data = folder.path().join("entities");
    assert_eq!(once(&data, &[web.url("/entities")]).2, Some(0));
    assert_eq!(text(&stored(&data)[0], "title"), "&l8; port", "an entity of its own grows to nothing");
    let list = folder.path().join("no.opml");
    for (source, want) in
        [("/nowhere/feeds.opml", "can't read the list of feeds"), ("http://", "is not the URL of a feed")]
    {
        let (_, error, status) = once(&list, &[source.to_owned()]);
        assert_eq!(status, Some(2), "{error}");
        assert!(error.contains(want), "{error}");
    }
    let mut command = presswatch();
    command.arg("feed").arg("--data-dir").arg(&list).args([
        "--once",
        &web.url("/good"),
        "http://localhost:9/feed",
    ]);
    let (_, error, _) = output(&mut command);
    assert!(
        error.contains("`127.0.0.1` is the private address") && error.contains("`localhost` is the private"),
        "{error}"
    );
}

#[test]
fn a_server_that_asks_to_be_left_alone_is() {
    let (web, folder) = (Web::start(), tempfile::tempdir().unwrap());
    let data = folder.path();
    web.put("/gone", Page::new(410, ""));
    web.put("/busy", Page::new(429, "").with("retry-after", "3600"));
    web.put("/down", Page::new(503, "").with("retry-after", "1"));
    web.put("/dated", Page::new(503, "").with("retry-after", "Fri, 31 Dec 2060 23:59:59 GMT"));
    let urls = ["/gone", "/busy", "/down", "/dated"].map(|path| web.url(path));
    let (said, error, status) = once(data, &urls);
    assert_eq!((status, &said[..23]), (Some(1), "4 feeds polled, 4 faile"), "{error}");
    assert!(error.contains("410 Gone: it is gone for good; take it off the list"), "{error}");
    assert!(
        error.contains("429 Too Many Requests: it is asked too often; raise `feeds.interval`"),
        "{error}"
    );
    web.put("/down", Page::of(RSS, rss(&item(&web, 1))));
    std::thread::sleep(Duration::from_millis(2100));
    let (said, error, status) = once(data, &urls);
    assert_eq!(status, Some(0), "{error}");
    assert!(said.contains("1 article published"), "{said}");
    assert_eq!(error.matches("not asked until").count(), 3, "{error}");
    for (path, count) in [("/gone", 1), ("/busy", 1), ("/dated", 1), ("/down", 2)] {
        assert_eq!(web.requests(path).len(), count, "{path}");
    }
}

#[test]
fn pages_are_fetched_as_robots_and_limits_allow() {
    let (web, folder) = (Web::start(), tempfile::tempdir().unwrap());
    let data = folder.path();
    web.put(
        "/robots.txt",
        Page::of("text/plain", "User-agent: *\nDisallow: /\n\nUser-agent: presswatch\nDisallow: /page/2\n"),
    );
    let (page, ..) = encoding_rs::WINDOWS_1251.encode(
        "<html><head><meta charset=windows-1251></head><body><article><p>Вся статья о порте.</p></article></body></html>",
    );
    web.put("/page/1", Page::of("text/html", page.into_owned()));
    web.put("/page/2", Page::of("text/html", "<p>forbidden</p>"));
    web.put("/page/3", Page::of("text/html", "x".repeat(2 << 20)));
    web.put("/page/4", Page::new(302, "").with("location", "http://127.0.0.2:9/"));
    web.put("/page/5", Page::of("application/pdf", "%PDF"));
    web.put("/page/6", Page::new(301, "").with("location", "/page/2"));
    web.put("/page/7", Page::new(500, ""));
    let items: String = (1..=7).map(|n| item(&web, n)).collect();
    web.put("/feed", Page::of(RSS, rss(&items)));
    let (said, error, status) = output(feed(data).args(["--once", "--full", &web.url("/feed")]));
    assert_eq!(status, Some(0), "{said}{error}");
    let all = stored(data);
    assert_eq!(all.len(), 7);
    for event in &all {
        let (is_first, of_feed) =
            (text(event, "url").ends_with("/page/1"), text(event, "body").contains("sanctions"));
        assert_eq!(text(event, "html").contains("Вся статья о порте."), is_first, "{event}");
        assert_eq!(of_feed, !is_first, "{event}");
    }
    assert_eq!(web.requests("/robots.txt").len(), 1);
    assert!(web.requests("/page/2").is_empty(), "not even by a redirect");
    // an unavailable robots.txt forbids everything
    let other = Web::start();
    other.put("/robots.txt", Page::new(503, ""));
    other.put("/page/1", Page::of("text/html", "<p>page</p>"));
    other.put("/feed", Page::of(RSS, rss(&item(&other, 1))));
    assert_eq!(output(feed(data).args(["--once", "--full", &other.url("/feed")])).2, Some(0));
    assert!(other.requests("/page/1").is_empty());
}

#[test]
fn a_host_is_asked_one_by_one_with_a_pause() {
    let (web, folder) = (Web::start(), tempfile::tempdir().unwrap());
    let paths = ["/1", "/2", "/3"];
    paths.iter().for_each(|path| web.put(path, Page::of(RSS, rss(""))));
    let mut command = feed(folder.path());
    command.env("PRESSWATCH__FEEDS__HOST_PAUSE", "1").arg("--once").args(paths.map(|path| web.url(path)));
    assert_eq!(output(&mut command).2, Some(0));
    let mut times: Vec<Instant> = paths.iter().map(|path| web.requests(path)[0].at).collect();
    times.sort_unstable();
    assert!(times.windows(2).all(|pair| pair[1] - pair[0] >= Duration::from_secs(1)), "{times:?}");
}
