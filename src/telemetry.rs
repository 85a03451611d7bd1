//! Logs: text for people or JSON for machines, on stderr.

use std::io::IsTerminal as _;

use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt::format::FmtSpan;

use crate::config::{Log, LogFormat, SettingsError};

/// lapin logs every alert that nobody is bound for, with its whole body, and an error at every stop; what matters of its
/// errors comes back from its functions and is logged by us. A level that names lapin shows it. What the parser of pages
/// thinks of their tags is no news either.
const QUIET: &str = "lapin=off,html5ever=off";

/// Starts logging; once in a program's life.
pub fn start(log: &Log) -> Result<(), SettingsError> {
    let level =
        if log.level.contains("lapin") { log.level.clone() } else { format!("{},{QUIET}", log.level) };
    let filter = EnvFilter::try_new(&level).map_err(|error| SettingsError::BadValue {
        layer: "settings".to_owned(),
        key: "log.level".to_owned(),
        error: format!("`{}` is no level or filter: {error}", log.level),
    })?;
    let builder = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        // a worker goes on working when nobody takes its log any more
        .log_internal_errors(false)
        .with_ansi(std::io::stderr().is_terminal())
        .with_span_events(FmtSpan::NONE);
    match log.format {
        LogFormat::Json => builder.json().flatten_event(true).init(),
        LogFormat::Text => builder.with_target(false).init(),
    }
    Ok(())
}
