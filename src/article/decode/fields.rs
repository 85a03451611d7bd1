//! Takes typed fields out of a JSON object: strict where the article needs the field, lenient elsewhere.

use serde_json::{Map, Value};

use super::DecodeError;
use crate::article::{Published, date};

/// The fields of one object in a known format; each is taken out once.
#[derive(Debug)]
pub(super) struct Fields {
    map: Map<String, Value>,
    /// The name of the format for errors: "ninjs".
    form: &'static str,
}

impl Fields {
    pub(super) fn new(map: Map<String, Value>, form: &'static str) -> Self {
        Self { map, form }
    }

    /// Whether the field is present and not null.
    pub(super) fn has(&self, name: &str) -> bool {
        self.map.get(name).is_some_and(|v| !v.is_null())
    }

    /// Any value; `None` for null.
    pub(super) fn take(&mut self, name: &str) -> Option<Value> {
        self.map.remove(name).filter(|v| !v.is_null())
    }

    /// A field that the article needs: anything but a string is a schema error.
    pub(super) fn text(&mut self, name: &str) -> Result<Option<String>, DecodeError> {
        match self.take(name) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(other) => Err(self.wrong(name, "a string", &other)),
        }
    }

    /// All fields whose name begins with `prefix`, ordered by name.
    pub(super) fn take_all(&mut self, prefix: &str) -> Vec<(String, Value)> {
        let names: Vec<String> = self.map.keys().filter(|name| name.starts_with(prefix)).cloned().collect();
        names.into_iter().filter_map(|name| self.take(&name).map(|value| (name, value))).collect()
    }

    /// An identifier: a string or a number, or an object that contains one (`{"$oid": …}`); `None` if blank. Also
    /// `None` for a number that has lost its last digits, since two articles could share it.
    pub(super) fn id(&mut self, name: &str) -> Result<Option<String>, DecodeError> {
        match self.take(name) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(filled(&text)),
            Some(Value::Number(number)) => Ok(number_as_id(&number)),
            Some(Value::Object(map)) => Ok(["$oid", "$numberLong", "@value", "value"]
                .iter()
                .find_map(|key| map.get(*key).and_then(Value::as_str).and_then(filled))),
            Some(other) => Err(self.wrong(name, "a string", &other)),
        }
    }

    /// An optional field: anything but a non-blank string gives `None`.
    pub(super) fn loose(&mut self, name: &str) -> Option<String> {
        match self.take(name)? {
            Value::String(text) => filled(&text),
            _ => None,
        }
    }

    /// An optional point in time; `None` if unreadable.
    pub(super) fn time(&mut self, name: &str) -> Option<Published> {
        time(&self.take(name)?)
    }

    /// The error for a field with a value of the wrong type.
    pub(super) fn wrong(&self, name: &str, want: &str, found: &Value) -> DecodeError {
        DecodeError::WrongSchema(format!("{}: `{name}` must be {want}, found {}", self.form, kind(found)))
    }

    /// The error for an object that lacks something required.
    pub(super) fn lacks(&self, what: &str) -> DecodeError {
        DecodeError::WrongSchema(format!("{} lacks {what}", self.form))
    }
}

/// A point in time, as a string in one of the usual formats or as Unix time in seconds or milliseconds.
pub(super) fn time(value: &Value) -> Option<Published> {
    match value {
        Value::String(text) => date::parse(text),
        Value::Number(number) => match number.as_i64() {
            Some(whole) => date::from_epoch(whole),
            None => date::from_epoch_with_fraction(number.as_f64()?),
        },
        // as MongoDB and JSON-LD write typed values
        Value::Object(map) => ["$date", "@value", "$numberLong"].iter().find_map(|key| time(map.get(*key)?)),
        _ => None,
    }
}

/// "12345" for 12345 and 12345.0.
pub(super) fn number_as_id(number: &serde_json::Number) -> Option<String> {
    /// Above this, floating-point numbers skip integers.
    const EXACT: f64 = 9_007_199_254_740_992.0;
    match number.as_f64().filter(|_| number.is_f64()) {
        None => Some(number.to_string()),
        Some(value) if value.abs() >= EXACT => None,
        Some(value) if value.fract() == 0.0 => Some(format!("{value:.0}")),
        Some(value) => Some(value.to_string()),
    }
}

/// The trimmed text; `None` if nothing is left.
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

/// The type of a value as named in messages.
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
