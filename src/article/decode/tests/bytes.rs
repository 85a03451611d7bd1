//! From bytes to text: media types, packing, charsets and sizes.

use super::*;

#[test]
fn the_media_type_decides_and_else_the_content() {
    let text = "The ports reopened on Monday.";
    assert_eq!(
        read_as(text.as_bytes(), "text/plain; charset=utf-8").unwrap().content,
        Content::Text(text.to_owned())
    );
    assert!(matches!(read_as(b"<p>Hi", "Text/HTML").unwrap().content, Content::Html(_)));
    assert!(matches!(read("<!DOCTYPE html><p>Hi").unwrap().content, Content::Html(_)));
    assert!(matches!(read("\u{feff} <html lang=en><p>Hi").unwrap().content, Content::Html(_)));
    assert_eq!(reason(read(text)), "not-json");
    assert_eq!(reason(read("<rss><channel>")), "not-json");
    assert_eq!(reason(read_as(b"<rss><channel>", "application/xml")), "not-json");
    assert_eq!(reason(read_as(text.as_bytes(), "application/json")), "not-json");
}

#[test]
fn gzip_is_unpacked_up_to_the_limit() {
    let event = json!({"id": "a-1", "title": "T", "body": "Some text."}).to_string();
    let packed = gzip(event.as_bytes());
    let read = |body: &[u8], encoding, limits: Limits| {
        decode(Message { body, content_type: None, content_encoding: encoding }, &limits)
    };
    for encoding in [None, Some("gzip"), Some("x-gzip"), Some("utf-8")] {
        assert_eq!(read(&packed, encoding, Limits::default()).unwrap().id, "a-1", "{encoding:?}");
    }
    let two_members = [gzip(&event.as_bytes()[..9]), gzip(&event.as_bytes()[9..])].concat();
    assert_eq!(read(&two_members, Some("gzip"), Limits::default()).unwrap().id, "a-1");
    for padding in ["\n", "\0\0\0", " \r\n"] {
        let padded = [&packed, padding.as_bytes()].concat();
        assert_eq!(read(&padded, Some("gzip"), Limits::default()).unwrap().id, "a-1");
    }
    let bomb = gzip(&vec![b' '; 64 << 20]);
    assert!(bomb.len() < 1 << 20);
    for (body, encoding, limits, want) in [
        (bomb.as_slice(), Some("gzip"), Limits::default(), "unpacks-too-large"),
        (bomb.as_slice(), None, Limits::default(), "unpacks-too-large"),
        (&packed[..packed.len() - 9], Some("gzip"), Limits::default(), "bad-encoding"),
        (event.as_bytes(), Some("gzip"), Limits::default(), "bad-encoding"),
        (event.as_bytes(), Some("br"), Limits::default(), "bad-encoding"),
        (event.as_bytes(), None, Limits { message_bytes: 8, unpacked_bytes: 800 }, "too-large"),
        (event.as_bytes(), None, Limits { message_bytes: 800, unpacked_bytes: 8 }, "unpacks-too-large"),
    ] {
        assert_eq!(reason(read(body, encoding, limits)), want);
    }
}

#[test]
fn text_is_read_in_its_charset() {
    for (name, body, kind, encoding, want) in [
        ("type", &b"<p>\xef\xee\xf0\xf2"[..], "text/html; charset=windows-1251", None, "<p>порт"),
        ("content encoding", b"\xef\xee\xf0\xf2", "text/plain", Some("windows-1251"), "порт"),
        (
            "page",
            b"<html><meta charset=koi8-r><p>\xd0\xcf\xd2\xd4",
            "",
            None,
            "<html><meta charset=koi8-r><p>порт",
        ),
        ("guess", b"caf\xe9", "text/plain", None, "café"),
        ("UTF-16", b"\xff\xfep\0o\0r\0t\0", "text/plain", None, "port"),
    ] {
        let message = Message { body, content_type: Some(kind), content_encoding: encoding };
        let (Content::Text(text) | Content::Html(text)) =
            decode(message, &Limits::default()).unwrap().content;
        assert_eq!(text, want, "{name}");
    }
    let event = "{\"title\": \"порт\", \"body\": \"\"}";
    for encoding in ["binary", "us-ascii", "8bit", "iso-8859-1", "utf-8"] {
        let message =
            Message { body: event.as_bytes(), content_type: None, content_encoding: Some(encoding) };
        assert_eq!(decode(message, &Limits::default()).unwrap().title, "порт", "{encoding}");
    }
}

#[test]
fn a_value_of_amqp_1_0_is_opened() {
    let event = br#"{"id": "a-1", "title": "Port", "body": "b"}"#;
    let body = [&[0, 0x53, 0x77, 0xa1, event.len() as u8], &event[..]].concat();
    assert_eq!(read_as(&body, "application/json").unwrap().id, "a-1");
    assert_eq!(reason(read_as(b"\0\x53\x77\xc1\x01\0", "application/json")), "bad-encoding");
}

#[test]
fn a_page_may_be_as_large_as_unpacked() {
    let page = format!("<!DOCTYPE html><script>{}</script><p>Port", " ".repeat(3 << 20));
    assert_eq!(reason(read(&page)), "read");
    assert_eq!(reason(read_as(page.as_bytes(), "text/html")), "read");
    assert_eq!(reason(read_as(page.as_bytes(), "text/plain")), "too-large");
    let page = format!("<!DOCTYPE html><p>Port{}", " ".repeat(9 << 20));
    assert_eq!(reason(read(&page)), "too-large");
}
