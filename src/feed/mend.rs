//! Repairs feeds with the usual mistakes before they are parsed.
//!
//! In XML it repairs text before the root, `&` that starts no reference, references to characters that do not exist,
//! and versions and namespaces of old formats. Entities declared in the document are unknown to the parser: they stay
//! as written, whatever they would expand to. In JSON it repairs ids that are numbers and fields of the wrong type.

use std::borrow::Cow;

use serde_json::{Map, Value};

/// Most bytes before the root: a declaration, comments, output of a script.
const BEFORE_ROOT: usize = 64 << 10;

/// Maximum length of an entity name.
const ENTITY: usize = 32;

const ATOM: &str = "http://www.w3.org/2005/Atom";
const RSS_1: &str = "http://purl.org/rss/1.0/";

/// The XML of a feed from its root on; `None` if it has no root of a feed.
pub(super) fn xml(text: &str) -> Option<String> {
    let at = root(text)?;
    let end = at + end_of_tag(&text[at..])?;
    let mut tag = text[at..end].to_owned();
    match name(&text[at + 1..]).1 {
        "rss" => {
            let version = attribute(&tag, "version").map(|(_, value)| value.to_owned());
            if !matches!(version.as_deref(), Some("2.0" | "0.91" | "0.92" | "")) {
                set(&mut tag, "version", Some("2.0"));
            }
            set(&mut tag, "xmlns", None);
        }
        "RDF" => set(&mut tag, "xmlns", Some(RSS_1)),
        _ if attribute(&tag, "xmlns").is_some() => set(&mut tag, "xmlns", Some(ATOM)),
        _ => {}
    }
    Some(tag + &addresses_apart(&ampersands(&text[end..])))
}

/// Puts a space between an e-mail address and an adjacent non-ASCII letter: feed-rs 3.0.0 cuts a name one byte next to
/// the address and panics if that is inside a letter.
fn addresses_apart(text: &str) -> Cow<'_, str> {
    let bytes = text.as_bytes();
    let is_part = |byte: &u8| byte.is_ascii_graphic() && !matches!(byte, b'<' | b'>' | b'&' | b'@');
    let mut out = String::new();
    let mut copied = 0;
    for at in memchr::memchr_iter(b'@', bytes) {
        let start = bytes[..at].iter().rposition(|byte| !is_part(byte)).map_or(0, |before| before + 1);
        let end = bytes[at + 1..].iter().position(|byte| !is_part(byte)).map_or(bytes.len(), |n| at + 1 + n);
        let apart = [
            (start > 0 && !bytes[start - 1].is_ascii(), start),
            (end < bytes.len() && !bytes[end].is_ascii(), end),
        ];
        for (is_apart, cut) in apart {
            if is_apart && cut >= copied {
                out.push_str(&text[copied..cut]);
                out.push(' ');
                copied = cut;
            }
        }
    }
    if copied == 0 {
        return Cow::Borrowed(text);
    }
    out.push_str(&text[copied..]);
    Cow::Owned(out)
}

/// The position of the root of a feed.
fn root(text: &str) -> Option<usize> {
    memchr::memchr_iter(b'<', text.as_bytes())
        .take_while(|at| *at < BEFORE_ROOT)
        .find(|at| matches!(name(&text[at + 1..]).1, "rss" | "feed" | "RDF" | "entry"))
}

/// The prefix and the local name at the start of a tag.
fn name(text: &str) -> (&str, &str) {
    let end = text.find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, ':' | '_' | '-'))).unwrap_or(0);
    text[..end].split_once(':').unwrap_or(("", &text[..end]))
}

/// The length of a tag up to its `>`, which may also occur in an attribute.
fn end_of_tag(text: &str) -> Option<usize> {
    let mut quote = None;
    for (at, byte) in text.bytes().enumerate() {
        match (byte, quote) {
            (b'>', None) => return Some(at + 1),
            (b'"' | b'\'', None) => quote = Some(byte),
            (byte, Some(open)) if byte == open => quote = None,
            _ => {}
        }
    }
    None
}

/// The range of an attribute in a tag, including the space before it, and its value.
fn attribute<'t>(tag: &'t str, name: &str) -> Option<(std::ops::Range<usize>, &'t str)> {
    let mut from = 0;
    while let Some(at) = tag[from..].find(name).map(|at| from + at) {
        from = at + name.len();
        let before = tag[..at].trim_end().len();
        let Some(rest) = tag[from..].trim_start().strip_prefix('=').map(str::trim_start) else { continue };
        let Some(quote) = rest.chars().next().filter(|c| matches!(c, '"' | '\'')) else { continue };
        let Some(length) = rest[1..].find(quote).filter(|_| before < at) else { continue };
        let start = tag.len() - rest.len() + 1;
        return Some((before..start + length + 1, &tag[start..start + length]));
    }
    None
}

/// Sets or removes an attribute of a tag.
fn set(tag: &mut String, name: &str, value: Option<&str>) {
    if let Some((range, _)) = attribute(tag, name) {
        tag.replace_range(range, "");
    }
    if let Some(value) = value {
        let end = tag.trim_end_matches(['>', '/']).trim_end().len();
        tag.insert_str(end, &format!(" {name}=\"{value}\""));
    }
}

/// XML in which each `&` starts a valid reference; within CDATA and comments it is an ordinary character.
pub(super) fn ampersands(text: &str) -> Cow<'_, str> {
    let bytes = text.as_bytes();
    let mut out: Option<String> = None;
    let (mut copied, mut at) = (0, 0);
    while let Some(next) = memchr::memchr2(b'&', b'<', &bytes[at..]).map(|next| at + next) {
        let rest = &text[next..];
        at = next + 1;
        if let Some(end) = verbatim(rest) {
            at = next + end;
        } else if bytes[next] == b'&' {
            let taken = match reference(rest) {
                Reference::Good => continue,
                Reference::NoCharacter(length) => (length, ""),
                Reference::None => (1, "&amp;"),
            };
            let out = out.get_or_insert_with(|| String::with_capacity(text.len() + 64));
            out.push_str(&text[copied..next]);
            out.push_str(taken.1);
            copied = next + taken.0;
            at = copied;
        }
    }
    match out {
        Some(mut out) => {
            out.push_str(&text[copied..]);
            Cow::Owned(out)
        }
        None => Cow::Borrowed(text),
    }
}

/// The length of a CDATA section or a comment.
fn verbatim(text: &str) -> Option<usize> {
    let (begin, end) =
        [("<![CDATA[", "]]>"), ("<!--", "-->")].into_iter().find(|(b, _)| text.starts_with(b))?;
    Some(text[begin.len()..].find(end).map_or(text.len(), |at| begin.len() + at + end.len()))
}

enum Reference {
    Good,
    /// Its length; the number is not that of a character.
    NoCharacter(usize),
    None,
}

fn reference(text: &str) -> Reference {
    let window = &text.as_bytes()[1..text.len().min(ENTITY + 2)];
    let Some(end) = window.iter().position(|b| *b == b';') else { return Reference::None };
    let inner = &window[..end];
    match inner {
        [b'#', digits @ ..] => {
            let (digits, radix) = match digits {
                [b'x' | b'X', digits @ ..] => (digits, 16),
                digits => (digits, 10),
            };
            let number = std::str::from_utf8(digits).ok().filter(|d| !d.is_empty());
            let all = digits.iter().all(|b| char::from(*b).is_digit(radix));
            match number.filter(|_| all) {
                None => Reference::None,
                Some(number) => match u32::from_str_radix(number, radix).ok().and_then(char::from_u32) {
                    // `X` is a mistake that the parser does not tolerate
                    Some(c) if c >= ' ' && inner.get(1) != Some(&b'X') => Reference::Good,
                    Some('\t' | '\n' | '\r') if inner.get(1) != Some(&b'X') => Reference::Good,
                    _ => Reference::NoCharacter(end + 2),
                },
            }
        }
        [first, rest @ ..] if first.is_ascii_alphabetic() && rest.iter().all(u8::is_ascii_alphanumeric) => {
            Reference::Good
        }
        _ => Reference::None,
    }
}

/// Fields of an item that are text.
const TEXTS: [&str; 9] = [
    "id",
    "url",
    "external_url",
    "title",
    "content_html",
    "content_text",
    "summary",
    "date_published",
    "date_modified",
];

/// A JSON feed in which each field that is read has the right type; `None` if it has no items.
pub(super) fn json(value: Value) -> Option<Value> {
    let Value::Object(mut feed) = value else { return None };
    let Some(Value::Array(items)) = feed.remove("items") else { return None };
    let items: Vec<Value> = items.into_iter().filter_map(item).collect();
    let mut out = Map::new();
    out.insert("version".to_owned(), "https://jsonfeed.org/version/1.1".into());
    out.insert("title".to_owned(), feed.remove("title").and_then(text).unwrap_or_default().into());
    if let Some(language) = feed.remove("language").and_then(text) {
        out.insert("language".to_owned(), language.into());
    }
    out.insert("authors".to_owned(), authors(&mut feed));
    out.insert("items".to_owned(), items.into());
    Some(out.into())
}

fn item(value: Value) -> Option<Value> {
    let Value::Object(mut item) = value else { return None };
    let mut out = Map::new();
    for field in TEXTS {
        if let Some(text) = item.remove(field).and_then(text) {
            out.insert(field.to_owned(), text.into());
        }
    }
    out.insert("authors".to_owned(), authors(&mut item));
    Some(out.into())
}

fn text(value: Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// Authors given as objects or plain names, under the field name of either version.
fn authors(object: &mut Map<String, Value>) -> Value {
    let all = match object.remove("authors").or_else(|| object.remove("author")) {
        Some(Value::Array(all)) => all,
        Some(one) => vec![one],
        None => Vec::new(),
    };
    let named = all.into_iter().filter_map(|author| match author {
        Value::Object(mut author) => author.remove("name").and_then(text),
        other => text(other),
    });
    named.map(|name| serde_json::json!({ "name": name })).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ampersands_that_begin_no_reference_are_escaped() {
        for (text, want) in [
            ("a &amp; b &#8217; &#x20AC; &nbsp;", "a &amp; b &#8217; &#x20AC; &nbsp;"),
            ("AT&T, a?b=1&c=2 & d&", "AT&amp;T, a?b=1&amp;c=2 &amp; d&amp;"),
            ("x&#0;y&#xD800;z&#x1f;&#;&#XA9;", "xyz&amp;#;"),
            ("<![CDATA[a & b]]> & <!-- c & d -->", "<![CDATA[a & b]]> &amp; <!-- c & d -->"),
            ("<![CDATA[a & b", "<![CDATA[a & b"),
            ("é&é;", "é&amp;é;"),
        ] {
            assert_eq!(ampersands(text), want);
        }
    }

    #[test]
    fn addresses_stand_apart_from_letters() {
        for (text, want) in [
            ("пресс-desk@a.example", "пресс -desk@a.example"),
            ("«desk@a.example»", "« desk@a.example »"),
            ("(desk@a.example), x@y é", "(desk@a.example), x@y é"),
            ("é@é@", "é @ é @"),
        ] {
            assert_eq!(addresses_apart(text), want);
        }
    }

    #[test]
    fn old_forms_become_those_that_are_read() {
        for (text, want) in [
            (
                "\n<?xml version='1.0'?><!DOCTYPE x [<!ENTITY a 'b'>]><rss version='2.0'>",
                "<rss version='2.0'>",
            ),
            ("<b>Warning</b><rss>", "<rss version=\"2.0\">"),
            (
                "<rss xmlns='http://x' xmlns:dc='http://dc' version = \"2.0.1\" >",
                "<rss xmlns:dc='http://dc' version=\"2.0\" >",
            ),
            (
                "<rdf:RDF xmlns:rdf='r' xmlns='http://my.netscape.com/rdf/simple/0.9/'>",
                "<rdf:RDF xmlns:rdf='r' xmlns=\"http://purl.org/rss/1.0/\">",
            ),
            (
                "<feed version='0.3' xmlns='http://purl.org/atom/ns#'>",
                "<feed version='0.3' xmlns=\"http://www.w3.org/2005/Atom\">",
            ),
            (
                "<a:feed xmlns:a='http://www.w3.org/2005/Atom'>",
                "<a:feed xmlns:a='http://www.w3.org/2005/Atom'>",
            ),
        ] {
            assert_eq!(xml(text).as_deref(), Some(want), "{text}");
        }
        assert_eq!(xml("<html><body>no feed</body></html>"), None);
        assert_eq!(xml("<rss version='2.0"), None);
    }
}
