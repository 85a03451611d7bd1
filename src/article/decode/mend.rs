//! Repairs JSON that its writer got wrong in one of the usual ways. Only for what the strict parser rejected.
//!
//! It repairs control characters and lone surrogates in strings, `\'`, `NaN` and `Infinity`, numbers out of range, and
//! trailing commas.

use serde_json::Value;

/// The value of a text that is JSON apart from such faults.
pub(in crate::article) fn parse(text: &str) -> Option<Value> {
    serde_json::from_str(&mended(text)).ok()
}

fn mended(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 64);
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let taken = match first {
            '"' => string(rest, &mut out),
            '}' | ']' => {
                let end = out.trim_end().len();
                if out[..end].ends_with(',') {
                    out.truncate(end - 1);
                }
                out.push(first);
                1
            }
            '-' | '+' | '0'..='9' | 'a'..='z' | 'A'..='Z' => word(rest, &mut out),
            other => {
                out.push(other);
                other.len_utf8()
            }
        };
        rest = &rest[taken..];
    }
    out
}

/// Copies a number or a word outside of strings; returns the bytes taken.
fn word(rest: &str, out: &mut String) -> usize {
    let end = rest
        .find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '-' | '+' | '.')))
        .unwrap_or(rest.len());
    let word = &rest[..end];
    let number = word.trim_start_matches(['-', '+']);
    let is_digits = number.starts_with(|c: char| c.is_ascii_digit());
    let is_none = matches!(number, "NaN" | "Infinity" | "nan" | "inf" | "undefined")
        || is_digits && word.parse::<f64>().is_ok_and(f64::is_infinite);
    out.push_str(if is_none { "null" } else { word });
    end
}

/// Copies a string with its quotation marks; returns the bytes taken.
fn string(text: &str, out: &mut String) -> usize {
    out.push('"');
    let mut at = 1;
    while let Some(c) = text[at..].chars().next() {
        match c {
            '"' => {
                out.push('"');
                return at + 1;
            }
            '\\' => at += escape(&text[at..], out),
            control if control < ' ' => {
                out.push_str(&format!("\\u{:04x}", u32::from(control)));
                at += 1;
            }
            other => {
                out.push(other);
                at += other.len_utf8();
            }
        }
    }
    at
}

/// Copies an escape; returns the bytes taken. A lone surrogate becomes the replacement character.
fn escape(text: &str, out: &mut String) -> usize {
    let unit = |from: usize| {
        let digits = text.get(from..from + 6)?.strip_prefix("\\u")?;
        u16::from_str_radix(digits, 16).ok().filter(|_| digits.bytes().all(|b| b.is_ascii_hexdigit()))
    };
    match (unit(0), unit(6)) {
        (Some(0xd800..=0xdbff), Some(0xdc00..=0xdfff)) => {
            out.push_str(&text[..12]);
            12
        }
        (Some(0xd800..=0xdfff), _) => {
            out.push_str("\\ufffd");
            6
        }
        _ if text.starts_with("\\'") => {
            out.push('\'');
            2
        }
        _ => {
            let length = text.chars().nth(1).map_or(0, char::len_utf8);
            // a raw line break after the backslash is read as a line break
            if text[1..].starts_with(|c: char| c < ' ') {
                return 1;
            }
            out.push_str(&text[..=length]);
            1 + length
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn usual_faults_are_mended() {
        for (text, want) in [
            (r#"{"a": NaN, "b": [-Infinity, 1]}"#, r#"{"a":null,"b":[null,1]}"#),
            (r#"{"a": 1e999}"#, r#"{"a":null}"#),
            ("{\"a\": \"one\ntwo\tthree\u{1}\"}", r#"{"a":"one\ntwo\tthree\u0001"}"#),
            (r#"{"a": "half \ud83d"}"#, "{\"a\":\"half \u{fffd}\"}"),
            (r#"{"a": "\ude00 half, whole \ud83d\ude00"}"#, "{\"a\":\"\u{fffd} half, whole 😀\"}"),
            (r#"{"a": [1, 2, ], "b": 3,}"#, r#"{"a":[1,2],"b":3}"#),
            (r#"{"a": "it\'s NaN, \"so\\"}"#, r#"{"a":"it's NaN, \"so\\"}"#),
        ] {
            assert_eq!(parse(text).unwrap().to_string(), want, "{text}");
        }
        for text in ["{\"a\": \"cut", "{\"a\": \"\\", "{\"a\": \"\\u", "{\"a\": \"\\ud8", "é", "", "{a: 1}"]
        {
            assert_eq!(parse(text), None, "{text}");
        }
    }
}
