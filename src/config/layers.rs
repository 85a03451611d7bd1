//! Merges the layers of the settings; which layer set which key is kept for the errors.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use config::{Config, ConfigError, File, FileFormat, Map, Source, Value, ValueKind};

use super::{DEFAULTS, PREFIX, Settings, allowed, checks};

/// Why the settings could not be loaded.
#[derive(Debug, thiserror::Error)]
pub enum SettingsError {
    /// The file named by `--config`, or one named by a `…_FILE` variable.
    #[error("{layer}: can't read `{path}`: {error}")]
    Unreadable {
        /// The flag or variable that names the file.
        layer: String,
        /// As given.
        path: PathBuf,
        /// The system's error.
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
    /// An unknown key.
    #[error("{layer}: unknown key `{key}`; known are {known}")]
    UnknownKey {
        /// File, variable or flag.
        layer: String,
        /// The key with its section.
        key: String,
        /// The keys that exist at that place.
        known: String,
    },
    /// A key that has been renamed.
    #[error("{layer}: `{key}` is `{new}` now")]
    Moved {
        /// File, variable or flag.
        layer: String,
        /// The old name.
        key: String,
        /// The new name.
        new: &'static str,
    },
    /// A value of the wrong type or out of range.
    #[error("{layer}: `{key}`: {error}")]
    BadValue {
        /// File, variable or flag.
        layer: String,
        /// The key with its section.
        key: String,
        /// What is allowed.
        error: String,
    },
    /// Values that are valid one by one, but not together.
    #[error("{layers}: {error}")]
    Contradiction {
        /// Files, variables and flags that set them.
        layers: String,
        /// Which keys, and why not.
        error: String,
    },
}

/// Keys of earlier versions, and their new names.
const MOVED: [(&str, &str); 3] = [
    ("broker.prefetch", "worker.prefetch"),
    ("broker.in_flight_bytes", "worker.in_flight_bytes"),
    ("broker.retry_delays", "worker.retry_delays"),
];

/// One layer's value for one key.
struct Given {
    layer: String,
    key: String,
    value: Value,
}

/// Loads the settings. `environment` is what `std::env::vars` yields, `flags` are keys with the values given by flags.
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
    let mut merged = Config::builder().add_source(defaults);
    let mut layers = BTreeMap::new();
    for Given { layer, key, value } in given {
        if !known.contains(&key) {
            return Err(match MOVED.iter().find(|(old, _)| *old == key) {
                Some((_, new)) => SettingsError::Moved { layer, key, new },
                None => SettingsError::UnknownKey { layer, known: near(&known, &key), key },
            });
        }
        merged = merged.set_override(&key, value).map_err(|error| bad_value(&layer, &key, &error))?;
        layers.insert(key, layer);
    }
    let merged = merged.build().expect("layers of known keys");
    let settings: Settings = serde_path_to_error::deserialize(merged).map_err(|error| {
        // an error in an element of a list is reported for the list
        let path = error.path().to_string();
        let key = path.split('[').next().unwrap_or(&path);
        let layer = layers.get(key).map_or("the settings", String::as_str);
        bad_value(layer, key, error.inner())
    })?;
    match checks::contradiction(&settings) {
        None => Ok(settings),
        Some((keys, error)) => {
            let given = keys.iter().filter_map(|key| layers.get(*key)).map(String::as_str);
            let layers = given.collect::<BTreeSet<_>>().into_iter().collect::<Vec<_>>().join(", ");
            Err(SettingsError::Contradiction { layers, error })
        }
    }
}

fn bad_value(layer: &str, key: &str, error: &ConfigError) -> SettingsError {
    let error = allowed(key).map_or_else(|| error.to_string(), str::to_owned);
    SettingsError::BadValue { layer: layer.to_owned(), key: key.to_owned(), error }
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
        // lists are comma-separated
        let value = if matches!(key.as_str(), "worker.retry_delays" | "http.hosts" | "feeds.private") {
            let parts = value
                .split(',')
                .map(str::trim)
                .filter(|part| key == "worker.retry_delays" || !part.is_empty());
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

pub(super) fn leaves(prefix: &str, kind: &ValueKind) -> Vec<String> {
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
        std::fs::write(&file, "[worker]\nprefetch = 10\n[broker]\nheartbeat = 3\n[log]\nlevel = \"warn\"\n")
            .unwrap();
        let variables = env(&[
            ("PRESSWATCH__WORKER__PREFETCH", "20"),
            ("OTHER", "1"),
            ("PRESSWATCH__LOG__LEVEL", "debug"),
        ]);
        let settings = load(Some(&file), variables, &[("log.level", "trace".to_owned())]).unwrap();
        assert_eq!(settings.broker.heartbeat, 3);
        assert_eq!(settings.worker.prefetch.get(), 20);
        assert_eq!(settings.log.level, "trace");
        assert_eq!(settings.limits.message_bytes, 2 << 20);
    }

    #[test]
    fn errors_name_layer_key_and_what_is_allowed() {
        for (variable, value, want) in [
            (
                "PRESSWATCH__WORKER__PREFETCH",
                "many",
                "PRESSWATCH__WORKER__PREFETCH: `worker.prefetch`: takes a whole number from 1 to 65535",
            ),
            (
                "PRESSWATCH__BROKER__PREFECH",
                "1",
                "PRESSWATCH__BROKER__PREFECH: unknown key `broker.prefech`; known are `broker.alerts_exchange`",
            ),
            ("PRESSWATCH__WORKER__PREFETCH", "0", "`worker.prefetch`: takes a whole number from 1 to 65535"),
            ("PRESSWATCH__BROKER__TIMEOUT", "0", "`broker.timeout`: takes seconds, a whole number from 1 on"),
            ("PRESSWATCH__LIMITS__TAG_SECONDS", "0", "takes seconds, a whole number from 1 on"),
            ("PRESSWATCH__LIMITS__MESSAGE_BYTES", "0", "takes bytes, a whole number from 1 on"),
            ("PRESSWATCH__BROKER__QUEUE", "", "`broker.queue`: takes a name that is not empty"),
            ("PRESSWATCH__WORKER__RETRY_DELAYS", "5,4294968", "each at most 4294967"),
            ("PRESSWATCH__BROKER__RETRY_DELAYS", "5", "`broker.retry_delays` is `worker.retry_delays` now"),
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
}
