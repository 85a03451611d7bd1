//! The formats of events, and what can't be read.

mod bytes;

use std::io::Write as _;

use flate2::Compression;
use flate2::write::GzEncoder;
use proptest::prelude::*;
use serde_json::json;

use super::*;

fn read(body: &str) -> Result<Article, DecodeError> {
    decode(Message { body: body.as_bytes(), ..Message::default() }, &Limits::default())
}

fn read_as(body: &[u8], content_type: &str) -> Result<Article, DecodeError> {
    let message = Message { body, content_type: Some(content_type), content_encoding: None };
    decode(message, &Limits::default())
}

fn reason(result: Result<Article, DecodeError>) -> &'static str {
    result.map_or_else(|e| e.reason(), |_| "read")
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

const URL: &str = "https://www.morning.example/politics/1";

#[test]
fn our_own_event_is_read() {
    let article = read(
        &json!({
            "id": 17, "url": URL, "title": "Ports reopen", "body": "The ports reopened on Monday.", "language": "en-GB",
            "published_at": "2025-03-01T10:00:00+04:00", "authors": ["A. Writer", {"name": "B. Writer"}],
            "source": {"name": "Morning", "country": "az"}, "unknown": {"is": "ignored"}
        })
        .to_string(),
    )
    .unwrap();
    assert_eq!(article.id, "17");
    assert_eq!(article.title, "Ports reopen");
    assert_eq!(article.content, Content::Text("The ports reopened on Monday.".to_owned()));
    assert_eq!(article.language.unwrap().as_str(), "en");
    assert_eq!(article.published_at.unwrap().to_string(), "2025-03-01T10:00:00+04:00");
    assert_eq!(article.authors, ["A. Writer", "B. Writer"]);
    let source = Source {
        name: Some("Morning".to_owned()),
        domain: Some("morning.example".to_owned()),
        country: Some("AZ".to_owned()),
    };
    assert_eq!(article.source, source);
}

#[test]
fn what_is_not_needed_may_be_anything() {
    let article = read(
        &json!({"title": "A", "body": "b", "language": 3, "published_at": "soon", "source": 5, "authors": {"x": 1}})
            .to_string(),
    )
    .unwrap();
    assert_eq!((article.language, article.published_at), (None, None));
    assert_eq!((article.source, article.authors), (Source::default(), vec![]));
}

#[test]
fn a_body_that_is_markup_is_html() {
    for (body, html) in [
        ("<p>One.</p><p>Two.</p>", true),
        ("One.<br/>Two.<BR>Three.", true),
        ("He wrote <br> where a paragraph was due.", false),
        ("a < b and b > c", false),
        ("An <em>odd</em> word", false),
    ] {
        let article = read(&json!({"title": "", "body": body}).to_string()).unwrap();
        assert_eq!(matches!(article.content, Content::Html(_)), html, "{body}");
    }
    let both = read(&json!({"title": "", "body": " ", "html": "<p>b"}).to_string()).unwrap();
    assert_eq!(both.content, Content::Html("<p>b".to_owned()));
}

#[test]
fn an_id_is_given_or_derived() {
    let id = |event: Value| read(&event.to_string()).unwrap().id;
    assert_eq!(id(json!({"id": "a-1", "url": URL, "title": "T", "body": "b"})), "a-1");
    let by_url = id(json!({"url": URL, "title": "T", "body": "b"}));
    assert_eq!(by_url, id(json!({"id": " ", "url": format!("{URL}#top"), "title": "U", "body": "c"})));
    assert!(by_url.starts_with("url-"));
    let by_content = id(json!({"title": "T", "body": "b"}));
    assert_eq!(by_content, id(json!({"title": "T", "body": "b", "language": "en"})));
    assert_ne!(by_content, id(json!({"title": "T", "body": "c"})));
}

#[test]
fn ninjs_is_read_in_both_spellings() {
    let two = json!({
        "uri": "urn:newsml:agency.example:20250301:77", "versioncreated": "2025-03-01T10:00:00Z", "language": "de",
        "headlines": [{"role": "short", "value": "Kurz"}, {"role": "main", "value": "Hafen wieder offen"}],
        "bodies": [
            {"role": "main", "contenttype": "text/plain", "value": "Der Hafen ist offen. Das sagte die Stadt."},
            {"role": "html", "contenttype": "text/html",
                "value": "<p>Der Hafen ist offen.</p><p>Das sagte die Stadt.</p>"}
        ],
        "by": "Von A. Schreiber", "infosources": [{"name": "Agentur"}]
    });
    let three = json!({
        "uri": "https://agency.example/77", "versionCreated": "2025-03-01T10:00:00Z", "language": "de",
        "headlines": [{"role": "main", "value": "Hafen wieder offen"}],
        "bodies": [{"contentType": "application/xhtml+xml", "value": "<p>Der Hafen ist offen.</p>"}],
        "infoSources": [{"name": "Agentur"}]
    });
    for (news, url) in [(two, None), (three, Some("https://agency.example/77"))] {
        let article = read(&news.to_string()).unwrap();
        assert_eq!(article.id, news["uri"].as_str().unwrap());
        assert_eq!(article.url.as_deref(), url);
        assert_eq!(article.title, "Hafen wieder offen");
        assert!(matches!(article.content, Content::Html(_)));
        assert_eq!(article.published_at.unwrap().to_string(), "2025-03-01T10:00:00Z");
        assert_eq!(article.source.name.as_deref(), Some("Agentur"));
        assert_eq!(article.language.unwrap().as_str(), "de");
    }
    let one = json!({"uri": "urn:x", "headline": "H", "body_text": "Plain."});
    assert_eq!(read(&one.to_string()).unwrap().content, Content::Text("Plain.".to_owned()));
}

#[test]
fn json_ld_is_read_alone_in_a_graph_and_in_an_array() {
    let news = json!({
        "@type": ["ReportageNewsArticle", "Thing"], "headline": "Ports reopen", "articleBody": "The ports reopened.",
        "mainEntityOfPage": {"@id": URL}, "datePublished": "2025-03-01", "inLanguage": {"alternateName": "en"},
        "author": [{"@type": "Person", "name": "A. Writer"}], "publisher": {"name": "Morning"}
    });
    let mut alone = news.clone();
    alone["@context"] = json!("https://schema.org");
    for event in [
        alone,
        json!({"@context": "https://schema.org", "@graph": [{"@type": "WebSite", "name": "Morning"}, news]}),
        json!([{"@type": "BreadcrumbList"}, news]),
    ] {
        let article = read(&event.to_string()).unwrap();
        assert_eq!(article.url.as_deref(), Some(URL));
        assert_eq!(article.title, "Ports reopen");
        assert_eq!(article.content, Content::Text("The ports reopened.".to_owned()));
        assert_eq!(article.published_at.unwrap().to_string(), "2025-03-01T00:00:00Z");
        assert_eq!(article.authors, ["A. Writer"]);
        assert_eq!(article.source.domain.as_deref(), Some("morning.example"));
    }
    assert_eq!(reason(read(r#"{"@type": "Event", "name": "x"}"#)), "wrong-schema");
    assert_eq!(reason(read(r#"{"@type": "NewsArticle", "headline": "x"}"#)), "wrong-schema");
}

#[test]
fn a_cloudevents_envelope_is_opened() {
    use base64::Engine as _;
    let event = json!({"id": "a-1", "title": "T", "body": "Some text."});
    let packed = |bytes: &[u8]| base64::engine::general_purpose::STANDARD.encode(bytes);
    let envelope = |rest: Value| {
        let mut all = json!({"specversion": "1.0", "id": "e-1", "source": "/x", "type": "article"});
        all.as_object_mut().unwrap().extend(rest.as_object().unwrap().clone());
        all.to_string()
    };
    for (name, rest) in [
        ("object", json!({"data": event})),
        ("string of JSON", json!({"data": event.to_string(), "datacontenttype": "application/json"})),
        ("base64", json!({"data_base64": packed(event.to_string().as_bytes())})),
        ("base64 of gzip", json!({"data_base64": packed(&gzip(event.to_string().as_bytes()))})),
    ] {
        assert_eq!(read(&envelope(rest)).unwrap().id, "a-1", "{name}");
    }
    let html = read(&envelope(json!({"data": "<p>Hi.", "datacontenttype": "text/html"}))).unwrap();
    assert_eq!(html.content, Content::Html("<p>Hi.".to_owned()));
    for (rest, want) in [
        (json!({}), "wrong-schema"),
        (json!({"data": "text of no known kind"}), "wrong-schema"),
        (json!({"data_base64": "%%%"}), "bad-encoding"),
        (json!({"data_base64": packed(&[0xff])}), "not-utf8"),
        (json!({"data": {"specversion": "1.0", "data": event}}), "wrong-schema"),
        (json!({"specversion": "0.3", "data": event}), "wrong-schema"),
    ] {
        assert_eq!(reason(read(&envelope(rest.clone()))), want, "{rest}");
    }
}

#[test]
fn what_can_not_be_read_says_why() {
    let deep = |n: usize| "[".repeat(n) + &"]".repeat(n);
    for (body, want, says) in [
        (r#"{"id": "a", "tit"#.to_owned(), "not-json", "EOF"),
        (String::new(), "not-json", "empty"),
        ("{}".to_owned(), "wrong-schema", "`body`"),
        (r#"{"title": "t"}"#.to_owned(), "wrong-schema", "`body`"),
        (
            r#"{"title": ["t"], "body": "b"}"#.to_owned(),
            "wrong-schema",
            "`title` must be a string, found an array",
        ),
        (
            r#"{"title": "t", "body": {"a": 1}}"#.to_owned(),
            "wrong-schema",
            "`body` must be a string, found an object",
        ),
        (r#"{"title": "t", "body": "b", "id": true}"#.to_owned(), "wrong-schema", "`id`"),
        (r#"{"uri": "u", "headlines": "x"}"#.to_owned(), "wrong-schema", "`headlines`"),
        (r#"[{"title": "t", "body": "b"}]"#.to_owned(), "wrong-schema", "message of its own"),
        (r#"{"title": "", "body": " 12. "}"#.to_owned(), "no-text", "body"),
        (r#"{"title": "", "html": "<p class=a><script>b</script>"}"#.to_owned(), "no-text", "html"),
        (deep(200), "too-deep", "128"),
        (format!("{{\"title\": \"t\", \"body\": \"b\", \"x\": {}}}", deep(100_000)), "too-deep", "128"),
    ] {
        let error = read(&body).unwrap_err();
        assert_eq!(error.reason(), want, "{body:.80}");
        assert!(error.to_string().contains(says), "{error}");
    }
    let broken = b"{\"title\": \"caf\xe9";
    assert!(matches!(read_as(broken, "application/json"), Err(DecodeError::NotUtf8 { at: 14 })));
    assert!(matches!(read_as(b"caf\0\xe9", "text/plain"), Err(DecodeError::NotUtf8 { at: 4 })));
    assert!(DecodeError::REASONS.is_sorted());
}

#[test]
fn a_headline_alone_is_an_article() {
    assert_eq!(read(r#"{"title": "Ports reopen", "body": ""}"#).unwrap().title, "Ports reopen");
}

#[test]
fn an_event_with_a_fault_is_an_article_still() {
    for (name, body, title) in [
        ("half a pair", r#"{"title": "Port \ud83d", "body": "b"}"#, "Port \u{fffd}"),
        ("no number", r#"{"title": "Port", "body": "b", "score": NaN, "rank": 1e999}"#, "Port"),
        ("a raw break", "{\"title\": \"Port\", \"body\": \"one\ntwo\"}", "Port"),
        ("an odd id", r#"{"title": "Port", "body": "b", "id": 99999999999999999999999}"#, "Port"),
    ] {
        let article = read(body).unwrap();
        assert_eq!(article.title, title, "{name}");
        assert!(!article.id.is_empty(), "{name}");
    }
    for (id, want) in [(json!(17.0), "17"), (json!({"$oid": "a1"}), "a1"), (json!(1.5), "1.5")] {
        assert_eq!(read(&json!({"title": "T", "body": "b", "id": id}).to_string()).unwrap().id, want);
    }
}

#[test]
fn a_text_under_a_name_of_no_format_is_no_empty_article() {
    for name in ["content", "text"] {
        let event = json!({"guid": "tag:a,1", "headline": "Hafen", name: "Der Hafen ist offen."});
        let error = read(&event.to_string()).unwrap_err().to_string();
        assert!(error.contains("lacks `body`"), "{name}: {error}");
    }
}

#[test]
fn ninjs_1_x_is_read_as_agencies_send_it() {
    for (name, news, title, content) in [
        (
            "guid",
            json!({"guid": "tag:a,1", "headline": "Hafen", "body_html": "<p>Offen."}),
            "Hafen",
            Content::Html("<p>Offen.".to_owned()),
        ),
        (
            "endings",
            json!({"uri": "u", "headline_main": "Hafen", "headline_a": "H", "body_short": "Offen."}),
            "Hafen",
            Content::Text("Offen.".to_owned()),
        ),
        (
            "blank HTML",
            json!({"uri": "u", "headline": "Hafen", "body_html": "<p> </p>", "body_text": "Offen."}),
            "Hafen",
            Content::Text("Offen.".to_owned()),
        ),
        (
            "no bodies",
            json!({"uri": "u", "headline": "Hafen", "bodies": [], "body_text": "Offen.", "body_words": 1}),
            "Hafen",
            Content::Text("Offen.".to_owned()),
        ),
    ] {
        let article = read(&news.to_string()).unwrap();
        assert_eq!((article.title.as_str(), article.content), (title, content), "{name}");
    }
    for status in ["canceled", "withheld", "stat:canceled"] {
        for field in ["pubstatus", "pubStatus"] {
            let news = json!({"uri": "u", "headline": "Kill", "body_text": "Offen.", field: status});
            assert_eq!(reason(read(&news.to_string())), "canceled", "{news}");
        }
    }
    let news = json!({"uri": "u", "headline": "Hafen", "body_text": "Offen.", "pubstatus": "usable"});
    assert_eq!(reason(read(&news.to_string())), "read");
}

#[test]
fn json_ld_keeps_every_paragraph() {
    for (name, news, want) in [
        ("list", json!({"@type": "NewsArticle", "articleBody": ["One.", "Two."]}), "One.\n\nTwo."),
        (
            "live",
            json!({"@type": "LiveBlogPosting", "liveBlogUpdate": [
                {"headline": "First", "articleBody": "One."}, {"articleBody": "Two."}]}),
            "First\n\nOne.\n\nTwo.",
        ),
        (
            "the second has a body",
            json!([{"@type": "Article", "headline": "x"}, {"@type": "Article", "articleBody": "One."}]),
            "One.",
        ),
    ] {
        assert_eq!(read(&news.to_string()).unwrap().content, Content::Text(want.to_owned()), "{name}");
    }
    let dated =
        json!({"@type": "Article", "articleBody": "b", "datePublished": "soon", "dateCreated": "2025-03-01"});
    assert_eq!(read(&dated.to_string()).unwrap().published_at.unwrap().to_string(), "2025-03-01T00:00:00Z");
}

proptest! {
    #[test]
    fn no_bytes_make_it_panic(body: Vec<u8>, kind in 0_usize..6, packed: bool) {
        let content_type = [None, Some("text/html"), Some("text/plain"), Some("application/json"), Some(";"), Some("")];
        let content_encoding = packed.then_some("gzip");
        let message = Message { body: &body, content_type: content_type[kind], content_encoding };
        if let Err(error) = decode(message, &Limits::default()) {
            prop_assert!(DecodeError::REASONS.contains(&error.reason()));
        }
    }

    #[test]
    fn no_json_makes_it_panic(
        keys in proptest::collection::vec(
            "(@type|@graph|uri|headlines|bodies|specversion|data|data_base64|title|body|html|id|source|authors)", 0..5),
        values in proptest::collection::vec(
            r#"("1.0"|"NewsArticle"|"a"|1|null|\[\]|\{\}|\["a"\]|\[\{"@type":"Article"\}\])"#, 5),
    ) {
        let fields: Vec<String> = keys.iter().zip(&values).map(|(k, v)| format!("\"{k}\": {v}")).collect();
        let _ = read(&format!("{{{}}}", fields.join(", ")));
    }

    #[test]
    fn a_plain_event_keeps_its_body(title in "\\PC{0,40}", body in "[a-zA-Zа-я \n.“”]{1,400}") {
        prop_assume!(body.chars().any(char::is_alphabetic));
        let article = read(&json!({"title": title, "body": body}).to_string()).unwrap();
        prop_assert_eq!(article.title, title);
        prop_assert_eq!(article.content, Content::Text(body));
    }
}
