//! From bytes to JSON: size limits, gzip, UTF-8, depth.

use std::borrow::Cow;
use std::io::Read;

use flate2::bufread::GzDecoder;
use serde_json::Value;

use super::{DecodeError, Kind, Limits, Message, amqp, charset, mend};

/// Nesting at which `serde_json` stops; an article event needs five levels.
const JSON_DEPTH: usize = 128;

/// First two bytes of every gzip member (RFC 1952, section 2.3.1). No UTF-8 text begins like that.
const GZIP_MAGIC: [u8; 2] = [0x1f, 0x8b];

/// The bytes without their content encoding, within both limits. A decompression bomb is read only up to the limit.
pub(super) fn unpack<'m>(message: Message<'m>, limits: &Limits) -> Result<Cow<'m, [u8]>, DecodeError> {
    let body = message.body;
    // most of a page is script; it may be as large unpacked as if it came packed
    let limit = match Kind::of(message.content_type).or_else(|| Kind::of_bytes(&body[..body.len().min(4096)]))
    {
        Some(Kind::Html) => limits.message_bytes.max(limits.unpacked_bytes),
        _ => limits.message_bytes,
    };
    if body.len() > limit {
        return Err(DecodeError::TooLarge { bytes: body.len(), limit });
    }
    let declared = message.content_encoding.unwrap_or_default().trim().to_ascii_lowercase();
    let body = amqp::unwrap(body)?;
    match declared.as_str() {
        "gzip" | "x-gzip" => gunzip(&body, limits).map(Cow::Owned),
        // some publishers write the charset here
        other if is_none(other) && body.starts_with(&GZIP_MAGIC) => gunzip(&body, limits).map(Cow::Owned),
        other if is_none(other) => {
            plain_within(&body, limits)?;
            Ok(body)
        }
        _ => Err(DecodeError::BadEncoding(format!("`{declared}` is not read; send gzip or none"))),
    }
}

/// Whether a content encoding means that nothing is packed: identity, a transfer encoding of mail, or a charset.
fn is_none(declared: &str) -> bool {
    matches!(declared, "" | "identity" | "none" | "binary" | "7bit" | "8bit" | "utf8mb4")
        || charset::of_content_encoding(declared).is_some()
}

fn plain_within(bytes: &[u8], limits: &Limits) -> Result<(), DecodeError> {
    if bytes.len() > limits.unpacked_bytes {
        return Err(DecodeError::UnpacksTooLarge { limit: limits.unpacked_bytes });
    }
    Ok(())
}

/// Unpacks bytes that are gzip, such as the base64 data of a CloudEvents envelope.
pub(super) fn gunzip_if_packed<'b>(bytes: Vec<u8>, limits: &Limits) -> Result<Cow<'b, [u8]>, DecodeError> {
    if bytes.starts_with(&GZIP_MAGIC) {
        return gunzip(&bytes, limits).map(Cow::Owned);
    }
    plain_within(&bytes, limits)?;
    Ok(Cow::Owned(bytes))
}

/// Unpacks gzip, up to the limit on unpacked bytes.
pub fn gunzip(body: &[u8], limits: &Limits) -> Result<Vec<u8>, DecodeError> {
    let mut out = Vec::with_capacity((body.len() * 4).min(limits.unpacked_bytes));
    let most = limits.unpacked_bytes as u64 + 1;
    let mut rest = body;
    // a file may have several members, and zeros or a line break after the last, which gzip(1) ignores
    while out.is_empty() && rest.len() == body.len() || rest.starts_with(&GZIP_MAGIC) {
        let mut member = GzDecoder::new(rest);
        let left = most.saturating_sub(out.len() as u64);
        (&mut member).take(left).read_to_end(&mut out).map_err(|e| bad_gzip(&e.to_string()))?;
        if out.len() > limits.unpacked_bytes {
            return Err(DecodeError::UnpacksTooLarge { limit: limits.unpacked_bytes });
        }
        rest = padding_off(member.into_inner());
    }
    if !rest.is_empty() {
        return Err(bad_gzip("other data stands behind it"));
    }
    Ok(out)
}

fn bad_gzip(why: &str) -> DecodeError {
    DecodeError::BadEncoding(format!("the gzip data can't be read: {why}; send it whole"))
}

fn padding_off(rest: &[u8]) -> &[u8] {
    let padding = rest.iter().take_while(|b| **b == 0 || b.is_ascii_whitespace()).count();
    &rest[padding..]
}

/// The bytes as text, without a byte order mark.
pub(super) fn utf8(bytes: &[u8]) -> Result<&str, DecodeError> {
    let text = std::str::from_utf8(bytes).map_err(|e| DecodeError::NotUtf8 { at: e.valid_up_to() })?;
    Ok(text.strip_prefix('\u{feff}').unwrap_or(text))
}

/// Parses the text as JSON, or as JSON with the usual faults repaired.
pub(super) fn parse(text: &str) -> Result<Value, DecodeError> {
    serde_json::from_str(text).or_else(|e| {
        if depth(text) >= JSON_DEPTH {
            return Err(DecodeError::TooDeep { limit: JSON_DEPTH });
        }
        mend::parse(text).ok_or_else(|| DecodeError::NotJson(e.to_string()))
    })
}

/// The depth of nested brackets outside of strings.
fn depth(text: &str) -> usize {
    let (mut depth, mut deepest) = (0_usize, 0);
    let (mut quoted, mut escaped) = (false, false);
    for byte in text.bytes() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' => quoted = !quoted,
            b'{' | b'[' if !quoted => {
                depth += 1;
                deepest = deepest.max(depth);
            }
            b'}' | b']' if !quoted => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    deepest
}

/// A hint for a text that is of no known kind.
pub(super) fn not_json_hint(text: &str, content_type: Option<&str>) -> String {
    let declared =
        content_type.map_or_else(|| "no content type".to_owned(), |c| format!("content type `{c}`"));
    if text.trim_start().is_empty() {
        return format!("the message is empty ({declared})");
    }
    format!(
        "{declared}, and the text begins neither as JSON nor as HTML; declare `text/plain` or `text/html`"
    )
}
