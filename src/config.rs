//! Settings: defaults < `--config FILE` < `PRESSWATCH__SECTION__KEY` < flags.
//!
//! The defaults are `config/presswatch.toml`, compiled in. An unknown key is an error in every layer; errors name the
//! key, the layer and what is allowed. Secrets are never printed.

mod checks;
mod layers;
pub mod reference;
mod secret;

use std::net::SocketAddr;
use std::num::NonZeroU16;
use std::path::PathBuf;
use std::time::Duration;

pub use layers::{SettingsError, load};
pub use secret::Secret;
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize};

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
    pub worker: Worker,
    pub broker: Broker,
    pub http: Http,
    pub embedded: Embedded,
    pub feeds: Feeds,
    pub lexicon: Lexicon,
    pub watches: Folder,
    pub limits: LimitSettings,
    pub log: Log,
    pub tag: Tag,
}

/// `[tag]`
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "explained in config/presswatch.toml")]
pub struct Tag {
    pub quotes: Quotes,
}

/// `[tag.quotes]`
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "explained in config/presswatch.toml")]
pub struct Quotes {
    #[serde(deserialize_with = "checks::share")]
    pub least: f32,
}

/// `[worker]`: applies to both RabbitMQ and the embedded store.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "explained in config/presswatch.toml")]
pub struct Worker {
    pub prefetch: NonZeroU16,
    pub in_flight_bytes: usize,
    #[serde(deserialize_with = "checks::delays")]
    pub retry_delays: Vec<u32>,
}

/// `[broker]`
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "explained in config/presswatch.toml")]
pub struct Broker {
    pub url: Secret,
    pub heartbeat: u16,
    #[serde(deserialize_with = "checks::some_time")]
    pub timeout: Seconds,
    #[serde(deserialize_with = "checks::name")]
    pub articles_exchange: String,
    #[serde(deserialize_with = "checks::name")]
    pub queue: String,
    #[serde(deserialize_with = "checks::name")]
    pub dead: String,
    #[serde(deserialize_with = "checks::name")]
    pub alerts_exchange: String,
    #[serde(deserialize_with = "checks::name")]
    pub notices_exchange: String,
    #[serde(deserialize_with = "checks::name")]
    pub recent: String,
    pub recent_bytes: u64,
    #[serde(deserialize_with = "checks::some_hours")]
    pub recent_hours: u32,
    pub watches: String,
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
    pub keep_notices: u32,
    pub keep_articles: u32,
}

/// `[feeds]`
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "explained in config/presswatch.toml")]
pub struct Feeds {
    pub file: String,
    #[serde(deserialize_with = "checks::some_time")]
    pub interval: Seconds,
    pub host_pause: Seconds,
    pub at_once: NonZeroU16,
    #[serde(deserialize_with = "checks::some_time")]
    pub timeout: Seconds,
    #[serde(deserialize_with = "checks::some_bytes")]
    pub feed_bytes: usize,
    pub full: bool,
    #[serde(deserialize_with = "checks::some_bytes")]
    pub page_bytes: usize,
    pub private: Vec<String>,
    pub contact: String,
    pub remember_days: u16,
}

/// `[lexicon]`
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "explained in config/presswatch.toml")]
pub struct Lexicon {
    pub dir: PathBuf,
    pub learnt: bool,
}

/// `[watches]`
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

/// A level, or filters that each name one; a misspelt level would be taken for a module name, and nothing would be
/// logged.
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
    /// One object per line.
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

/// What a key accepts, where the type's own message would not say it.
fn allowed(key: &str) -> Option<&'static str> {
    Some(match key {
        "worker.prefetch" | "http.connections" | "feeds.at_once" => "takes a whole number from 1 to 65535",
        "broker.heartbeat" => "takes seconds, a whole number from 0 (off) to 65535",
        "http.listen" => "takes an address and a port, such as 127.0.0.1:9464",
        "http.hosts" => "takes names of hosts, with or without a port, such as [\"news.example\"]",
        "log.format" => "takes `text` or `json`",
        "log.level" => {
            "takes a level, error, warn, info, debug, trace or off, or filters of which each ends in one"
        }
        "worker.retry_delays" => "takes seconds, such as [5, 30, 300], each at most 4294967",
        "broker.articles_exchange"
        | "broker.queue"
        | "broker.dead"
        | "broker.alerts_exchange"
        | "broker.notices_exchange"
        | "broker.recent" => "takes a name that is not empty",
        "shutdown_timeout" | "feeds.host_pause" => "takes seconds, a whole number",
        "broker.timeout" | "http.timeout" | "limits.tag_seconds" | "feeds.interval" | "feeds.timeout" => {
            "takes seconds, a whole number from 1 on"
        }
        "tag.quotes.least" => "takes a number from 0 (all) to 1",
        "limits.message_bytes"
        | "limits.unpacked_bytes"
        | "limits.alert_bytes"
        | "feeds.feed_bytes"
        | "feeds.page_bytes" => "takes bytes, a whole number from 1 on",
        "feeds.full" => "takes `true` or `false`",
        "feeds.private" => {
            "takes hosts, addresses and networks, such as [\"10.0.0.0/8\", \"intranet.example\"]"
        }
        "feeds.remember_days" => "takes days, a whole number from 0 to 65535",
        "limits.header_bytes" | "worker.in_flight_bytes" | "broker.recent_bytes" => {
            "takes bytes, a whole number"
        }
        "broker.recent_hours" => "takes hours, a whole number from 1 on",
        "embedded.keep_alerts" | "embedded.keep_notices" | "embedded.keep_articles" | "limits.headers" => {
            "takes a whole number"
        }
        _ => return None,
    })
}

impl Settings {
    /// The settings in force as TOML, secrets hidden.
    pub fn print(&self) -> String {
        toml::to_string(self).expect("settings fit TOML")
    }

    /// Whether to use RabbitMQ rather than the embedded store.
    pub fn has_broker(&self) -> bool {
        !self.broker.url.is_empty()
    }
}
