//! Logs: text for people or JSON for machines, on stderr.

use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt::format::FmtSpan;

use crate::config::{Log, LogFormat, SettingsError};

/// Starts logging; once in a program's life.
pub fn start(log: &Log) -> Result<(), SettingsError> {
    let filter = EnvFilter::try_new(&log.level).map_err(|error| SettingsError::BadValue {
        layer: "settings".to_owned(),
        key: "log.level".to_owned(),
        error: format!("`{}` is no level or filter: {error}", log.level),
    })?;
    let builder = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_span_events(FmtSpan::NONE);
    match log.format {
        LogFormat::Json => builder.json().flatten_event(true).init(),
        LogFormat::Text => builder.with_target(false).init(),
    }
    Ok(())
}
