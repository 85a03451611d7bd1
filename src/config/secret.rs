//! Values that must not be shown.

use std::fmt;

use serde::{Deserialize, Serialize, Serializer};

/// A value that must not be shown: prints as asterisks, or as nothing if it is empty.
#[derive(Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(transparent)]
pub struct Secret(String);

impl Secret {
    /// Wraps a value.
    pub fn new(value: impl Into<String>) -> Self {
        Self(value.into())
    }

    /// The value itself, to use but not to print.
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// Whether nothing is set.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl fmt::Display for Secret {
    /// Comma-separated URLs are printed in full except for their passwords.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut rest = self.0.as_str();
        // a password may contain a comma: only one followed by a URL is a separator
        while let Some(at) = rest.match_indices(',').map(|(at, _)| at).find(|at| {
            let next = rest[at + 1..].trim_start();
            ["amqp://", "amqps://"].iter().any(|scheme| next.starts_with(scheme))
        }) {
            write!(f, "{},", hide_password(&rest[..at]))?;
            rest = &rest[at + 1..];
        }
        f.write_str(&hide_password(rest))
    }
}

impl Serialize for Secret {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// Replaces the password of a URL and the values of its query with asterisks, and everything that is ambiguous: rather
/// too much than too little, since malformed URLs are printed too.
fn hide_password(value: &str) -> String {
    const STARS: &str = "********";
    if value.is_empty() {
        return String::new();
    }
    let Some((scheme, rest)) = value.split_once("://") else { return STARS.to_owned() };
    let is_end = |c| matches!(c, '/' | '?' | '#');
    let (user, place) = match rest.rsplit_once('@') {
        // a password with a `?`, or a query with an `@`
        Some((user, _)) if user.contains(['?', '#']) => return format!("{scheme}://{STARS}"),
        Some((user, place)) => (Some(user.split([':', '/', ',']).next().unwrap_or_default()), place),
        None => {
            // a password whose host is missing would look like a port
            let host = rest.split(is_end).next().unwrap_or_default();
            let port = host.rsplit_once(':').map_or("", |(_, port)| port.trim_end_matches(']'));
            let is_port = host.starts_with('[') || port.bytes().all(|b| b.is_ascii_digit());
            if !is_port {
                return format!("{scheme}://{STARS}");
            }
            (None, rest)
        }
    };
    let mut out = format!("{scheme}://");
    if let Some(user) = user {
        out += &format!("{user}:{STARS}@");
    }
    let at = place.find(['?', '#']).unwrap_or(place.len());
    out += &place[..at];
    if at < place.len() {
        let query = place[at + 1..].split('&').map(|pair| match pair.split_once('=') {
            Some((name, _)) => format!("{name}={STARS}"),
            None => STARS.to_owned(),
        });
        out += &place[at..=at];
        out += &query.collect::<Vec<_>>().join("&");
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_part_of_a_password_prints() {
        for (url, want) in [
            ("amqp://u:pa,geheim@h/v", "amqp://u:********@h/v"),
            ("amqp://u:ge,heim@h/v, amqps://w:geheim,@i", "amqp://u:********@h/v,amqps://w:********@i"),
            ("amqp://h,amqp://u:geheim@i:1/%2f", "amqp://h,amqp://u:********@i:1/%2f"),
            ("amqp://h/v?heartbeat=5&password=geheim", "amqp://h/v?heartbeat=********&password=********"),
            ("amqp://u:x@h/v?password=ge&heim", "amqp://u:********@h/v?password=********&********"),
            ("amqp://h/v?password=geheim@x", "amqp://********"),
            ("amqp://u:ge?heim@h", "amqp://********"),
            ("amqp://u:ge#heim@h", "amqp://********"),
            ("amqp://u:ge@heim/x@h", "amqp://u:********@h"),
            ("amqp://u:geheim", "amqp://********"),
            ("amqp://[::1]:5672/v", "amqp://[::1]:5672/v"),
            ("amqp://h:5672", "amqp://h:5672"),
            ("geheim,amqp://u:geheim@h", "********,amqp://u:********@h"),
            ("ge,heim", "********"),
            ("", ""),
        ] {
            assert_eq!(Secret::new(url).to_string().replace(", ", ","), want, "{url}");
        }
    }
}
