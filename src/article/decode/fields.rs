//! Taking typed fields out of a JSON object: strict where the article needs the field, lenient where it doesn't.

use jiff::Timestamp;
use serde_json::{Map, Value};

use super::DecodeError;
use crate::article::date;

/// The fields of one object of a known form; each is taken out once.
#[derive(Debug)]
pub(super) struct Fields {
    map: Map<String, Value>,
    /// "ninjs"; named in errors.
    form: &'static str,
}

impl Fields {
    pub(super) fn new(map: Map<String, Value>, form: &'static str) -> Self {
        Self { map, form }
    }

    /// Whether the field is there and not null.
    pub(super) fn has(&self, name: &str) -> bool {
        self.map.get(name).is_some_and(|v| !v.is_null())
    }

    /// Any value; none for null.
    pub(super) fn take(&mut self, name: &str) -> Option<Value> {
        self.map.remove(name).filter(|v| !v.is_null())
    }

    /// A field that the article needs: a string, or the wrong schema.
    pub(super) fn text(&mut self, name: &str) -> Result<Option<String>, DecodeError> {
        match self.take(name) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(other) => Err(self.wrong(name, "a string", &other)),
        }
    }

    /// An identifier: a string or a whole number; blank is none.
    pub(super) fn id(&mut self, name: &str) -> Result<Option<String>, DecodeError> {
        match self.take(name) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(filled(&text)),
            Some(Value::Number(number)) if !number.is_f64() => Ok(Some(number.to_string())),
            Some(other) => Err(self.wrong(name, "a string", &other)),
        }
    }

    /// A field that the article can do without: anything but a filled string is none.
    pub(super) fn loose(&mut self, name: &str) -> Option<String> {
        match self.take(name)? {
            Value::String(text) => filled(&text),
            _ => None,
        }
    }

    /// A point in time that the article can do without; what can't be read is none.
    pub(super) fn time(&mut self, name: &str) -> Option<Timestamp> {
        time(&self.take(name)?)
    }

    /// The error of a field with a value of the wrong type.
    pub(super) fn wrong(&self, name: &str, want: &str, found: &Value) -> DecodeError {
        DecodeError::WrongSchema(format!("{}: `{name}` must be {want}, found {}", self.form, kind(found)))
    }

    /// The error of an object that lacks what it needs.
    pub(super) fn lacks(&self, what: &str) -> DecodeError {
        DecodeError::WrongSchema(format!("{} lacks {what}", self.form))
    }
}

/// A point in time as a string in one of the usual forms, or in seconds or milliseconds since 1970.
pub(super) fn time(value: &Value) -> Option<Timestamp> {
    match value {
        Value::String(text) => date::parse(text),
        Value::Number(number) => date::from_epoch(number.as_i64()?),
        _ => None,
    }
}

/// Trimmed; none if nothing is left.
pub(super) fn filled(text: &str) -> Option<String> {
    let text = text.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

/// Names: a string, an object with one of `keys`, or an array of these.
pub(super) fn names(value: Option<Value>, keys: &[&str]) -> Vec<String> {
    match value {
        Some(Value::String(name)) => filled(&name).into_iter().collect(),
        Some(Value::Array(list)) => list.into_iter().filter_map(|v| name(v, keys)).collect(),
        Some(one) => name(one, keys).into_iter().collect(),
        None => Vec::new(),
    }
}

/// One name; see [`names`].
pub(super) fn name(value: Value, keys: &[&str]) -> Option<String> {
    match value {
        Value::String(name) => filled(&name),
        Value::Object(mut map) => keys.iter().find_map(|key| filled(map.remove(*key)?.as_str()?)),
        _ => None,
    }
}

/// The type of a value as a message names it.
pub(super) fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "an array",
        Value::Object(_) => "an object",
    }
}
