//! From bytes to JSON: size limits, gzip, UTF-8, depth.

use std::borrow::Cow;
use std::io::Read;

use flate2::read::MultiGzDecoder;
use serde_json::Value;

use super::{DecodeError, Limits, Message};

/// Nesting at which `serde_json` stops reading; an article event needs five levels.
const JSON_DEPTH: usize = 128;

/// First two bytes of every gzip member (RFC 1952, section 2.3.1). No UTF-8 text begins so.
const GZIP_MAGIC: [u8; 2] = [0x1f, 0x8b];

/// The bytes without their content encoding, within both limits. A bomb is read only up to the limit.
pub(super) fn unpack<'m>(message: Message<'m>, limits: &Limits) -> Result<Cow<'m, [u8]>, DecodeError> {
    let body = message.body;
    if body.len() > limits.message_bytes {
        return Err(DecodeError::TooLarge { bytes: body.len(), limit: limits.message_bytes });
    }
    let declared = message.content_encoding.unwrap_or_default().trim().to_ascii_lowercase();
    match declared.as_str() {
        "gzip" | "x-gzip" => gunzip(body, limits).map(Cow::Owned),
        // some publishers write the charset here
        "" | "identity" | "utf-8" | "utf8" if body.starts_with(&GZIP_MAGIC) => {
            gunzip(body, limits).map(Cow::Owned)
        }
        "" | "identity" | "utf-8" | "utf8" => plain_within(body, limits).map(Cow::Borrowed),
        _ => Err(DecodeError::BadEncoding(format!("`{declared}` is not read; send gzip or none"))),
    }
}

fn plain_within<'b>(bytes: &'b [u8], limits: &Limits) -> Result<&'b [u8], DecodeError> {
    if bytes.len() > limits.unpacked_bytes {
        return Err(DecodeError::UnpacksTooLarge { limit: limits.unpacked_bytes });
    }
    Ok(bytes)
}

/// Also unpacks what a CloudEvents envelope carries in base64.
pub(super) fn gunzip_if_packed<'b>(bytes: Vec<u8>, limits: &Limits) -> Result<Cow<'b, [u8]>, DecodeError> {
    if bytes.starts_with(&GZIP_MAGIC) {
        return gunzip(&bytes, limits).map(Cow::Owned);
    }
    plain_within(&bytes, limits)?;
    Ok(Cow::Owned(bytes))
}

fn gunzip(body: &[u8], limits: &Limits) -> Result<Vec<u8>, DecodeError> {
    let mut out = Vec::with_capacity((body.len() * 4).min(limits.unpacked_bytes));
    let most = limits.unpacked_bytes as u64 + 1;
    MultiGzDecoder::new(body)
        .take(most)
        .read_to_end(&mut out)
        .map_err(|e| DecodeError::BadEncoding(format!("the gzip data can't be read: {e}; send it whole")))?;
    if out.len() > limits.unpacked_bytes {
        return Err(DecodeError::UnpacksTooLarge { limit: limits.unpacked_bytes });
    }
    Ok(out)
}

/// The bytes as text, without a byte order mark.
pub(super) fn utf8(bytes: &[u8]) -> Result<&str, DecodeError> {
    let text = std::str::from_utf8(bytes).map_err(|e| DecodeError::NotUtf8 { at: e.valid_up_to() })?;
    Ok(text.strip_prefix('\u{feff}').unwrap_or(text))
}

/// The text as JSON.
pub(super) fn parse(text: &str) -> Result<Value, DecodeError> {
    serde_json::from_str(text).map_err(|e| {
        if depth(text) >= JSON_DEPTH {
            DecodeError::TooDeep { limit: JSON_DEPTH }
        } else {
            DecodeError::NotJson(e.to_string())
        }
    })
}

/// How deep the brackets outside of strings go.
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

/// What to say of a text that is none of the known kinds.
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
