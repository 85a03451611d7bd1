//! The sections of an AMQP 1.0 body: <https://docs.oasis-open.org/amqp/core/v1.0/os/amqp-core-messaging-v1.0-os.html#section-message-format>.
//!
//! If a body is a single value, as when some clients send a string, RabbitMQ passes it to consumers of AMQP 0-9-1 in
//! its encoded form.

use std::borrow::Cow;

use super::DecodeError;

/// Descriptor codes of the body sections.
const DATA: u8 = 0x75;
const SEQUENCE: u8 = 0x76;
const VALUE: u8 = 0x77;

/// The string or the bytes in encoded sections; any other message unchanged. No text begins with a zero byte.
pub(super) fn unwrap(body: &[u8]) -> Result<Cow<'_, [u8]>, DecodeError> {
    let Some((VALUE | DATA | SEQUENCE, _)) = section(body) else { return Ok(Cow::Borrowed(body)) };
    let refused = || {
        DecodeError::BadEncoding(
            "an AMQP 1.0 section without string or bytes; send the body as data".to_owned(),
        )
    };
    let mut out: Cow<'_, [u8]> = Cow::Borrowed(&[]);
    let mut rest = body;
    while !rest.is_empty() {
        let Some((VALUE | DATA, value)) = section(rest) else { return Err(refused()) };
        let (bytes, behind) = bytes(value).ok_or_else(refused)?;
        if out.is_empty() {
            out = Cow::Borrowed(bytes);
        } else {
            out.to_mut().extend_from_slice(bytes);
        }
        rest = behind;
    }
    Ok(out)
}

/// The code of a section and what follows it: a zero byte, then the code as a small or a large number.
fn section(body: &[u8]) -> Option<(u8, &[u8])> {
    match body {
        [0, 0x53, code, rest @ ..] | [0, 0x80, 0, 0, 0, 0, 0, 0, 0, code, rest @ ..] => Some((*code, rest)),
        _ => None,
    }
}

/// A binary, a string or a symbol, and what follows it.
fn bytes(value: &[u8]) -> Option<(&[u8], &[u8])> {
    match value {
        [0xa0 | 0xa1 | 0xa3, length, rest @ ..] => rest.split_at_checked(usize::from(*length)),
        [0xb0 | 0xb1 | 0xb3, a, b, c, d, rest @ ..] => {
            rest.split_at_checked(u32::from_be_bytes([*a, *b, *c, *d]) as usize)
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_and_bytes_are_taken_out_of_their_sections() {
        for (name, body, want) in [
            ("string", b"\0\x53\x77\xa1\x02ab".as_slice(), Some("ab")),
            ("long string", b"\0\x53\x77\xb1\0\0\0\x02ab", Some("ab")),
            ("large code", b"\0\x80\0\0\0\0\0\0\0\x77\xa0\x02ab", Some("ab")),
            ("two of data", b"\0\x53\x75\xa0\x02ab\0\x53\x75\xa0\x01c", Some("abc")),
            ("a map", b"\0\x53\x77\xc1\x01\0", None),
            ("a sequence", b"\0\x53\x76\x45", None),
            ("cut off", b"\0\x53\x77\xa1\x09ab", None),
            ("no section", b"{}", Some("{}")),
            ("empty", b"", Some("")),
        ] {
            let read = unwrap(body).ok();
            assert_eq!(read.as_deref(), want.map(str::as_bytes), "{name}");
        }
    }
}
