//! Converts bytes to text: UTF-8, else the declared charset, else the detected one.
//!
//! Pages and plain texts come in any charset. JSON is UTF-8 by its standard, and is decoded from another charset only
//! if that is declared: otherwise a stray byte means that something broke on the way.

use std::borrow::Cow;

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, UTF_8};

use super::{DecodeError, unpack};

/// Bytes at the start of a page in which to look for its charset; the standard says 1024, publishers put more before
/// it.
const HEAD: usize = 4096;

/// The charset declared by a media type: `text/html; charset=windows-1251`.
pub(super) fn of_type(content_type: Option<&str>) -> Option<&'static Encoding> {
    content_type?.split(';').skip(1).find_map(|parameter| {
        let (name, value) = parameter.split_once('=')?;
        let value = value.trim().trim_matches(['"', '\'']);
        name.trim().eq_ignore_ascii_case("charset").then(|| Encoding::for_label(value.as_bytes()))?
    })
}

/// The charset that some publishers write in place of the content encoding.
pub(super) fn of_content_encoding(name: &str) -> Option<&'static Encoding> {
    Encoding::for_label(name.trim().as_bytes())
}

/// Decodes JSON: UTF-8, or the declared charset if the bytes are not UTF-8.
pub(super) fn json<'b>(
    bytes: &'b [u8],
    declared: Option<&'static Encoding>,
) -> Result<Cow<'b, str>, DecodeError> {
    match (unpack::utf8(bytes), declared.filter(|charset| *charset != UTF_8)) {
        (Ok(text), _) => Ok(Cow::Borrowed(text)),
        (Err(error), None) => Err(error),
        (Err(error), Some(charset)) => {
            // in web standards, US-ASCII and Latin-1 mean windows-1252, in which all bytes are characters
            let (text, broken) = charset.decode_without_bom_handling(bytes);
            if broken { Err(error) } else { Ok(text) }
        }
    }
}

/// Decodes a page or a plain text. An unreadable byte costs its character, not the article.
pub(super) fn text<'b>(
    bytes: &'b [u8],
    declared: Option<&'static Encoding>,
) -> Result<Cow<'b, str>, DecodeError> {
    let error = match (unpack::utf8(bytes), declared) {
        // no text is valid UTF-8 by chance; but UTF-16 and ISO-2022-JP encode their letters in ASCII with zeros and
        // escapes
        (Ok(text), declared)
            if declared.is_none_or(encoding_rs::Encoding::is_ascii_compatible)
                || !bytes.contains(&0) && !bytes.contains(&0x1b) =>
        {
            return Ok(Cow::Borrowed(text));
        }
        (Ok(_), _) => DecodeError::NotUtf8 { at: 0 },
        (Err(error), _) => error,
    };
    if let Some((charset, mark)) = Encoding::for_bom(bytes) {
        let (text, broken) = charset.decode_without_bom_handling(&bytes[mark..]);
        return if broken && charset != UTF_8 { Err(error) } else { Ok(text) };
    }
    let wide = declared.is_some_and(|charset| !charset.is_ascii_compatible());
    if !wide && is_binary(bytes) {
        return Err(error);
    }
    let lossy = String::from_utf8_lossy(bytes);
    if !wide && is_nearly_utf8(bytes, &lossy) {
        return Ok(lossy);
    }
    let declared = declared.or_else(|| of_page(bytes)).filter(|charset| *charset != UTF_8);
    let charset = declared.unwrap_or_else(|| detected(bytes));
    Ok(charset.decode_without_bom_handling(bytes).0)
}

/// The text of bytes that begin with the byte order mark of UTF-16.
pub(super) fn wide(bytes: &[u8]) -> Option<String> {
    let (charset, mark) = Encoding::for_bom(bytes)?;
    Some(charset.decode_without_bom_handling(&bytes[mark..]).0.into_owned())
}

/// Whether there are more control characters than in any text.
fn is_binary(bytes: &[u8]) -> bool {
    let controls = bytes.iter().filter(|b| matches!(b, 0..=8 | 11 | 14..=26 | 28..=31 | 127)).count();
    bytes.contains(&0) || controls * 100 > bytes.len()
}

/// Whether most of the non-ASCII bytes are UTF-8: no other charset looks like it for long.
fn is_nearly_utf8(bytes: &[u8], lossy: &str) -> bool {
    let (mut good, mut bad) = (0_usize, 0_usize);
    for c in lossy.chars().filter(|c| !c.is_ascii()) {
        if c == '\u{fffd}' { bad += 1 } else { good += 1 }
    }
    good > bad || good == bad && bytes.len() > 512 && bad == 1
}

/// The charset declared at the start of a page: `<meta charset>`, `<meta http-equiv>`, `<?xml encoding>`.
fn of_page(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = bytes[..bytes.len().min(HEAD)].to_ascii_lowercase();
    let mut from = 0;
    while let Some(tag) = memchr::memchr(b'<', &head[from..]).map(|at| from + at) {
        let end = memchr::memchr(b'>', &head[tag..]).map_or(head.len(), |at| tag + at);
        let inner = &head[tag..end];
        let key: &[u8] = if inner.starts_with(b"<meta") { b"charset" } else { b"encoding" };
        if (inner.starts_with(b"<meta") || inner.starts_with(b"<?xml"))
            && let Some(at) = memchr::memmem::find(inner, key)
        {
            let is_label = |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b':' | b'.');
            let value = &inner[at + key.len()..];
            let start = value.iter().position(is_label).unwrap_or(value.len());
            let label = value[start..].split(|b| !is_label(b)).next().unwrap_or_default();
            // if it was readable up to here, it is not UTF-16
            return Encoding::for_label(label).filter(|charset| charset.is_ascii_compatible());
        }
        from = end.max(tag + 1);
    }
    None
}

/// The charset that browsers would guess.
fn detected(bytes: &[u8]) -> &'static Encoding {
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(bytes, true);
    detector.guess(None, Utf8Detection::Deny)
}

#[cfg(test)]
mod tests {
    use super::*;

    const RUSSIAN: &str = "Совет порта решил углубить два причала, работы начнутся осенью и продлятся год.";
    const TURKISH: &str = "Liman kurulu iki rıhtımı derinleştirmeye karar verdi; çalışma güzün başlayacak.";

    fn written(charset: &str, text: &str) -> Vec<u8> {
        Encoding::for_label(charset.as_bytes()).unwrap().encode(text).0.into_owned()
    }

    fn utf16(text: &str) -> Vec<u8> {
        [0xff, 0xfe].into_iter().chain(text.encode_utf16().flat_map(u16::to_le_bytes)).collect()
    }

    #[test]
    fn pages_and_texts_are_read_in_their_charset() {
        let page = |charset: &str, text: &str| {
            let mut bytes = format!("<html><head><meta charset=\"{charset}\"></head><p>").into_bytes();
            bytes.extend(written(charset, text));
            bytes
        };
        for (name, bytes, declared, want) in [
            ("declared by the type", written("windows-1251", RUSSIAN), Some("windows-1251"), RUSSIAN),
            ("declared by the page", page("windows-1251", RUSSIAN), None, RUSSIAN),
            ("an old form", page("koi8-r", RUSSIAN), None, RUSSIAN),
            ("Turkish", page("iso-8859-9", TURKISH), None, TURKISH),
            ("not declared", written("windows-1251", RUSSIAN), None, RUSSIAN),
            ("declared wrongly", RUSSIAN.as_bytes().to_vec(), Some("windows-1251"), RUSSIAN),
            ("declared as UTF-16", RUSSIAN.as_bytes().to_vec(), Some("utf-16le"), RUSSIAN),
            ("Japanese", b"\x1b$B9A\x1b(B".to_vec(), Some("iso-2022-jp"), "港"),
            ("UTF-16", utf16(RUSSIAN), None, RUSSIAN),
            ("two bytes", b"caf\xe9 on the quay".to_vec(), None, "café on the quay"),
        ] {
            let declared = declared.and_then(of_content_encoding);
            let read = text(&bytes, declared).unwrap();
            assert!(read.ends_with(want), "{name}: {read}");
        }
    }

    #[test]
    fn a_stray_byte_costs_its_character() {
        let mut bytes = RUSSIAN.as_bytes().to_vec();
        bytes.splice(0..0, *b"\x93 ");
        assert_eq!(text(&bytes, None).unwrap(), format!("\u{fffd} {RUSSIAN}"));
        assert!(text(b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR", None).is_err());
        assert!(json(b"{\"a\": \"\xff\"}", None).is_err());
        assert_eq!(json(b"{\"a\": \"\xe4\"}", of_content_encoding("latin1")).unwrap(), "{\"a\": \"ä\"}");
    }

    #[test]
    fn a_media_type_declares_its_charset() {
        for (kind, want) in [
            ("text/html; charset=windows-1251", Some("windows-1251")),
            ("text/html;x=y; Charset=\"UTF-8\"", Some("UTF-8")),
            ("text/html; charset=none", None),
            ("text/html", None),
        ] {
            assert_eq!(of_type(Some(kind)).map(Encoding::name), want, "{kind}");
        }
    }
}
