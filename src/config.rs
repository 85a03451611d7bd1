//! Settings: defaults < `--config FILE` < `PRESSWATCH__SECTION__KEY` < flags.
//!
//! The defaults are `config/presswatch.toml`, compiled in. A key that is not there is an error in every layer;
//! errors name the key, the layer and what is allowed. Secrets never print.

mod checks;
pub mod reference;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::net::SocketAddr;
use std::num::NonZeroU16;
use std::path::{Path, PathBuf};
use std::time::Duration;

use config::{Config, File, FileFormat, Map, Source, Value, ValueKind};
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::article::decode::Limits;

/// The file of defaults, which is also the reference of all keys.
pub const DEFAULTS: &str = include_str!("../config/presswatch.toml");

/// Environment variables start with this.
const PREFIX: &str = "PRESSWATCH__";

/// Everything that can be set. Each field is explained in `config/presswatch.toml`.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "explained in config/presswatch.toml")]
pub struct Settings {
    pub data_dir: PathBuf,
    pub shutdown_timeout: Seconds,
    pub broker: Broker,
    pub http: Http,
    pub embedded: Embedded,
    pub lexicon: Folder,
    pub limits: LimitSettings,
    pub log: Log,
}

/// `[broker]`
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "explained in config/presswatch.toml")]
pub struct Broker {
    pub url: Secret,
    pub prefetch: NonZeroU16,
    pub heartbeat: u16,
    #[serde(deserialize_with = "checks::some_time")]
    pub timeout: Seconds,
    pub in_flight_bytes: usize,
    #[serde(deserialize_with = "checks::name")]
    pub articles_exchange: String,
    #[serde(deserialize_with = "checks::name")]
    pub queue: String,
    #[serde(deserialize_with = "checks::name")]
    pub dead: String,
    #[serde(deserialize_with = "checks::name")]
    pub alerts_exchange: String,
    #[serde(deserialize_with = "checks::name")]
    pub recent: String,
    pub recent_bytes: u64,
    #[serde(deserialize_with = "checks::some_hours")]
    pub recent_hours: u32,
    #[serde(deserialize_with = "checks::delays")]
    pub retry_delays: Vec<u32>,
    pub tls_ca: String,
    pub tls_cert: String,
    pub tls_key: String,
}

/// `[http]`
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "explained in config/presswatch.toml")]
pub struct Http {
    pub listen: SocketAddr,
    pub token: Secret,
    pub hosts: Vec<String>,
    #[serde(deserialize_with = "checks::some_time")]
    pub timeout: Seconds,
    pub connections: NonZeroU16,
}

/// `[embedded]`
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "explained in config/presswatch.toml")]
pub struct Embedded {
    pub keep_alerts: u32,
}

/// `[lexicon]`
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "explained in config/presswatch.toml")]
pub struct Folder {
    pub dir: PathBuf,
}

/// `[limits]`
#[derive(Debug, Clone, Copy, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "explained in config/presswatch.toml")]
pub struct LimitSettings {
    #[serde(deserialize_with = "checks::some_bytes")]
    pub message_bytes: usize,
    #[serde(deserialize_with = "checks::some_bytes")]
    pub unpacked_bytes: usize,
    #[serde(deserialize_with = "checks::some_bytes")]
    pub alert_bytes: usize,
    pub headers: usize,
    pub header_bytes: usize,
    #[serde(deserialize_with = "checks::some_time")]
    pub tag_seconds: Seconds,
}

impl From<LimitSettings> for Limits {
    fn from(l: LimitSettings) -> Self {
        Self { message_bytes: l.message_bytes, unpacked_bytes: l.unpacked_bytes }
    }
}

/// `[log]`
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "explained in config/presswatch.toml")]
pub struct Log {
    pub format: LogFormat,
    #[serde(deserialize_with = "log_level")]
    pub level: String,
}

/// A level, or filters of which each names one; a misspelt level would be taken for a module's name, and nothing logged.
fn log_level<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    let text = String::deserialize(deserializer)?;
    let is_level = |level: &str| level.parse::<tracing::metadata::LevelFilter>().is_ok();
    let names_one = |filter: &str| is_level(filter.rsplit('=').next().unwrap_or(filter).trim());
    if text.split(',').all(names_one) { Ok(text) } else { Err(D::Error::custom("no level")) }
}

/// How log lines look.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// For people.
    Text,
    /// One object a line.
    Json,
}

/// A span of time in whole seconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(transparent)]
pub struct Seconds(u32);

impl Seconds {
    /// As a duration.
    pub fn duration(self) -> Duration {
        Duration::from_secs(self.0.into())
    }
}

/// A value that must not be seen: prints as stars, or as nothing if it is empty.
#[derive(Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(transparent)]
pub struct Secret(String);

impl Secret {
    /// Wraps a value.
    pub fn new(value: impl Into<String>) -> Self {
        Self(value.into())
    }

    /// The value itself, for use, not for print.
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
    /// URLs, parted by commas, keep all but their passwords.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut rest = self.0.as_str();
        // a password may hold a comma: only one with a URL behind it parts
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

/// Stars for the password of a URL, for the values of its query, and for all of what can't be told apart: rather too
/// many than too few, since what is no proper URL is printed too.
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
            // a password whose host was forgotten would pass for a port
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

/// Why there are no settings.
#[derive(Debug, thiserror::Error)]
pub enum SettingsError {
    /// The file named by `--config`, or one named by a `…_FILE` variable.
    #[error("{layer}: can't read `{path}`: {error}")]
    Unreadable {
        /// The flag or variable that names the file.
        layer: String,
        /// As given.
        path: PathBuf,
        /// The system's words.
        error: std::io::Error,
    },
    /// Not TOML.
    #[error("{layer}: {error}")]
    Syntax {
        /// The file.
        layer: String,
        /// With line and column.
        error: String,
    },
    /// A key that does not exist.
    #[error("{layer}: unknown key `{key}`; known are {known}")]
    UnknownKey {
        /// File, variable or flag.
        layer: String,
        /// With its section.
        key: String,
        /// The keys that exist at that place.
        known: String,
    },
    /// A value of the wrong kind or out of range.
    #[error("{layer}: `{key}`: {error}")]
    BadValue {
        /// File, variable or flag.
        layer: String,
        /// With its section.
        key: String,
        /// What is allowed.
        error: String,
    },
    /// Values that are right one by one, but not together.
    #[error("{layers}: {error}")]
    Contradiction {
        /// Files, variables and flags that gave them.
        layers: String,
        /// Which keys, and why not.
        error: String,
    },
}

/// One layer's value for one key.
struct Given {
    layer: String,
    key: String,
    value: Value,
}

/// Reads the settings. `environment` is what `std::env::vars` yields, `flags` are keys with the values that flags
/// gave them.
pub fn load(
    file: Option<&Path>,
    environment: impl IntoIterator<Item = (String, String)>,
    flags: &[(&str, String)],
) -> Result<Settings, SettingsError> {
    let defaults = Config::builder()
        .add_source(File::from_str(DEFAULTS, FileFormat::Toml))
        .build()
        .expect("a test reads the file of defaults");
    let known = leaves("", &defaults.cache.kind);
    let mut given = Vec::new();
    if let Some(path) = file {
        given.extend(of_file(path)?);
    }
    given.extend(of_environment(environment)?);
    for (key, value) in flags {
        given.push(Given {
            layer: format!("--{}", key.replace(['.', '_'], "-")),
            key: (*key).to_owned(),
            value: Value::new(None, value.as_str()),
        });
    }
    let mut settings = defaults.clone();
    let mut layers = BTreeMap::new();
    for Given { layer, key, value } in given {
        if !known.contains(&key) {
            return Err(SettingsError::UnknownKey { layer, known: near(&known, &key), key });
        }
        let next = Config::builder().add_source(settings.clone()).set_override(&key, value);
        let next = next.and_then(config::ConfigBuilder::<config::builder::DefaultState>::build);
        // one key at a time, so that an error is that key's
        let checked = next.and_then(|next| next.clone().try_deserialize::<Settings>().map(|_| next));
        settings = checked.map_err(|error| {
            let error = allowed(&key).map_or_else(|| error.to_string(), str::to_owned);
            SettingsError::BadValue { layer: layer.clone(), key: key.clone(), error }
        })?;
        layers.insert(key, layer);
    }
    let settings: Settings = settings.try_deserialize().expect("each key was checked when it was set");
    match checks::contradiction(&settings) {
        None => Ok(settings),
        Some((keys, error)) => {
            let given = keys.iter().filter_map(|key| layers.get(*key)).map(String::as_str);
            let layers = given.collect::<BTreeSet<_>>().into_iter().collect::<Vec<_>>().join(", ");
            Err(SettingsError::Contradiction { layers, error })
        }
    }
}

fn of_file(path: &Path) -> Result<Vec<Given>, SettingsError> {
    let layer = path.display().to_string();
    let text = std::fs::read_to_string(path).map_err(|error| SettingsError::Unreadable {
        layer: "--config".to_owned(),
        path: path.to_owned(),
        error,
    })?;
    let tree = File::from_str(&text, FileFormat::Toml)
        .collect()
        .map_err(|error| SettingsError::Syntax { layer: layer.clone(), error: error.to_string() })?;
    Ok(values("", &ValueKind::Table(tree))
        .into_iter()
        .map(|(key, value)| Given { layer: layer.clone(), key, value })
        .collect())
}

fn of_environment(
    environment: impl IntoIterator<Item = (String, String)>,
) -> Result<Vec<Given>, SettingsError> {
    let mut given = Vec::new();
    for (name, value) in environment {
        let Some(key) = name.strip_prefix(PREFIX) else { continue };
        let key = key.to_ascii_lowercase().replace("__", ".");
        let (key, value) =
            match key.strip_suffix("_file") {
                Some(key) => {
                    let text = std::fs::read_to_string(&value).map_err(|error| {
                        SettingsError::Unreadable { layer: name.clone(), path: value.clone().into(), error }
                    })?;
                    (key.to_owned(), text.trim_end_matches(['\r', '\n']).to_owned())
                }
                None => (key, value),
            };
        // a list is given with commas
        let value = if matches!(key.as_str(), "broker.retry_delays" | "http.hosts") {
            let parts =
                value.split(',').map(str::trim).filter(|part| key != "http.hosts" || !part.is_empty());
            Value::new(None, parts.map(|part| Value::new(None, part)).collect::<Vec<_>>())
        } else {
            Value::new(None, value)
        };
        given.push(Given { layer: name, key, value });
    }
    given.sort_by(|a, b| a.layer.cmp(&b.layer));
    Ok(given)
}

/// All keys below a table with their values; a list is one value.
fn values(prefix: &str, kind: &ValueKind) -> Vec<(String, Value)> {
    let ValueKind::Table(table) = kind else { return Vec::new() };
    let table: &Map<String, Value> = table;
    let mut out = Vec::new();
    for (name, value) in table {
        let key = if prefix.is_empty() { name.clone() } else { format!("{prefix}.{name}") };
        match &value.kind {
            ValueKind::Table(_) => out.extend(values(&key, &value.kind)),
            _ => out.push((key, value.clone())),
        }
    }
    out.sort_by(|a, b| a.0.cmp(&b.0));
    out
}

fn leaves(prefix: &str, kind: &ValueKind) -> Vec<String> {
    values(prefix, kind).into_iter().map(|(key, _)| key).collect()
}

/// The known keys of the same section, or all if the section is unknown.
fn near(known: &[String], key: &str) -> String {
    let section = key.split_once('.').map_or("", |(section, _)| section);
    let same = |k: &&String| section.is_empty() || k.starts_with(&format!("{section}."));
    let mut list: Vec<&str> = known.iter().filter(same).map(String::as_str).collect();
    if list.is_empty() {
        list = known.iter().map(String::as_str).collect();
    }
    list.iter().map(|k| format!("`{k}`")).collect::<Vec<_>>().join(", ")
}

/// What a key takes, where the type's own message would not say it.
fn allowed(key: &str) -> Option<&'static str> {
    Some(match key {
        "broker.prefetch" | "http.connections" => "takes a whole number from 1 to 65535",
        "broker.heartbeat" => "takes seconds, a whole number from 0 (off) to 65535",
        "http.listen" => "takes an address and a port, such as 127.0.0.1:9464",
        "http.hosts" => "takes names of hosts, with or without a port, such as [\"news.example\"]",
        "log.format" => "takes `text` or `json`",
        "log.level" => {
            "takes a level, error, warn, info, debug, trace or off, or filters of which each ends in one"
        }
        "broker.retry_delays" => "takes seconds, such as [5, 30, 300], each at most 4294967",
        "broker.articles_exchange"
        | "broker.queue"
        | "broker.dead"
        | "broker.alerts_exchange"
        | "broker.recent" => "takes a name that is not empty",
        "shutdown_timeout" => "takes seconds, a whole number",
        "broker.timeout" | "http.timeout" | "limits.tag_seconds" => "takes seconds, a whole number from 1 on",
        "limits.message_bytes" | "limits.unpacked_bytes" | "limits.alert_bytes" => {
            "takes bytes, a whole number from 1 on"
        }
        "limits.header_bytes" | "broker.in_flight_bytes" | "broker.recent_bytes" => {
            "takes bytes, a whole number"
        }
        "broker.recent_hours" => "takes hours, a whole number from 1 on",
        "embedded.keep_alerts" | "limits.headers" => "takes a whole number",
        _ => return None,
    })
}

impl Settings {
    /// The settings in force as TOML, secrets hidden.
    pub fn print(&self) -> String {
        toml::to_string(self).expect("settings fit TOML")
    }

    /// Whether a broker is set, rather than the embedded store.
    pub fn has_broker(&self) -> bool {
        !self.broker.url.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn env(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
        pairs.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect()
    }

    #[test]
    fn layers_stand_over_each_other() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("presswatch.toml");
        std::fs::write(&file, "[broker]\nprefetch = 10\nheartbeat = 3\n[log]\nlevel = \"warn\"\n").unwrap();
        let variables = env(&[
            ("PRESSWATCH__BROKER__PREFETCH", "20"),
            ("OTHER", "1"),
            ("PRESSWATCH__LOG__LEVEL", "debug"),
        ]);
        let settings = load(Some(&file), variables, &[("log.level", "trace".to_owned())]).unwrap();
        assert_eq!(settings.broker.heartbeat, 3);
        assert_eq!(settings.broker.prefetch.get(), 20);
        assert_eq!(settings.log.level, "trace");
        assert_eq!(settings.limits.message_bytes, 2 << 20);
    }

    #[test]
    fn errors_name_layer_key_and_what_is_allowed() {
        for (variable, value, want) in [
            (
                "PRESSWATCH__BROKER__PREFETCH",
                "many",
                "PRESSWATCH__BROKER__PREFETCH: `broker.prefetch`: takes a whole number from 1 to 65535",
            ),
            (
                "PRESSWATCH__BROKER__PREFECH",
                "1",
                "PRESSWATCH__BROKER__PREFECH: unknown key `broker.prefech`; known are `broker.alerts_exchange`",
            ),
            ("PRESSWATCH__BROKER__PREFETCH", "0", "`broker.prefetch`: takes a whole number from 1 to 65535"),
            ("PRESSWATCH__BROKER__TIMEOUT", "0", "`broker.timeout`: takes seconds, a whole number from 1 on"),
            ("PRESSWATCH__LIMITS__TAG_SECONDS", "0", "takes seconds, a whole number from 1 on"),
            ("PRESSWATCH__LIMITS__MESSAGE_BYTES", "0", "takes bytes, a whole number from 1 on"),
            ("PRESSWATCH__BROKER__QUEUE", "", "`broker.queue`: takes a name that is not empty"),
            ("PRESSWATCH__BROKER__RETRY_DELAYS", "5,4294968", "each at most 4294967"),
            ("PRESSWATCH__LOG__FORMAT", "xml", "`log.format`: takes `text` or `json`"),
            ("PRESSWATCH__LOG__LEVEL", "loud", "`log.level`: takes a level, error, warn"),
            ("PRESSWATCH__LOG__LEVEL", "info,presswatch=loud", "`log.level`: takes a level, error, warn"),
            ("PRESSWATCH__HTTP__LISTEN", "here", "takes an address and a port"),
            (
                "PRESSWATCH__BROKER__URL_FILE",
                "/nowhere/at/all",
                "PRESSWATCH__BROKER__URL_FILE: can't read `/nowhere/at/all`",
            ),
        ] {
            let error = load(None, env(&[(variable, value)]), &[]).unwrap_err().to_string();
            assert!(error.contains(want), "{error}");
        }
    }

    #[test]
    fn secrets_come_from_files_and_never_print() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("url");
        std::fs::write(&file, "amqp://reader:geheim@mq.example:5672/news\n").unwrap();
        let variables = env(&[
            ("PRESSWATCH__BROKER__URL_FILE", file.to_str().unwrap()),
            ("PRESSWATCH__HTTP__TOKEN", "geheim"),
        ]);
        let settings = load(None, variables, &[]).unwrap();
        assert_eq!(settings.broker.url.reveal(), "amqp://reader:geheim@mq.example:5672/news");
        for shown in [settings.print(), format!("{settings:?}")] {
            assert!(!shown.contains("geheim"), "{shown}");
            assert!(shown.contains("amqp://reader:********@mq.example:5672/news"));
        }
    }

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
