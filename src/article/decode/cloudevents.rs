//! A CloudEvents 1.0 envelope in structured JSON: <https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/formats/json-format.md>.
//!
//! The envelope's `id` names the event, not the article, so the article keeps its own id over redeliveries.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value};

use super::fields::Fields;
use super::{Content, DecodeError, Kind, Limits, article, bare, charset, unpack};
use crate::article::Article;

/// Whether an object is a CloudEvents envelope.
pub(super) fn is(map: &Map<String, Value>) -> bool {
    map.contains_key("specversion")
}

/// The article in the envelope; an envelope within an envelope is not opened.
pub(super) fn open(mut envelope: Fields, limits: &Limits) -> Result<Article, DecodeError> {
    let version = envelope.text("specversion")?.unwrap_or_default();
    if !version.starts_with("1.") {
        return Err(DecodeError::WrongSchema(format!(
            "CloudEvents `specversion` is `{version}`, only 1.x is read"
        )));
    }
    let media = envelope.loose("datacontenttype");
    let kind = Kind::of(media.as_deref());
    match (envelope.take("data"), envelope.text("data_base64")?) {
        (Some(Value::String(text)), _) => of_text(&text, kind),
        (Some(data), _) => article(data),
        (None, Some(packed)) => {
            let packed = packed.trim();
            let bytes = STANDARD.decode(packed).map_err(|e| {
                DecodeError::BadEncoding(format!("CloudEvents `data_base64` can't be read: {e}"))
            })?;
            let bytes = unpack::gunzip_if_packed(bytes, limits)?;
            match kind {
                Some(Kind::Html | Kind::Text) => {
                    of_text(&charset::text(&bytes, charset::of_type(media.as_deref()))?, kind)
                }
                _ => of_text(unpack::utf8(&bytes)?, kind),
            }
        }
        (None, None) => Err(envelope.lacks("`data` or `data_base64`")),
    }
}

fn of_text(text: &str, kind: Option<Kind>) -> Result<Article, DecodeError> {
    match kind.or_else(|| Kind::sniff(text)) {
        Some(Kind::Html) => Ok(bare(Content::Html(text.to_owned()))),
        Some(Kind::Text) => Ok(bare(Content::Text(text.to_owned()))),
        Some(Kind::Json) => article(unpack::parse(text)?),
        None => Err(DecodeError::WrongSchema(
            "CloudEvents `data` is a text; name its kind in `datacontenttype` (`text/plain`, `text/html`)"
                .to_owned(),
        )),
    }
}
