//! Logs: text for people or JSON for machines, on stderr.

use std::io::IsTerminal as _;

use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt::format::FmtSpan;

use crate::config::{Log, LogFormat, SettingsError};

/// lapin logs every unroutable alert with its whole body, and an error at every stop; its errors that matter are
/// returned by its functions and logged by us. A level that names lapin shows its log. What the HTML parser thinks of a
/// page's tags is no news either.
const QUIET: &str = "lapin=off,html5ever=off";

/// Starts logging; call it only once.
pub fn start(log: &Log) -> Result<(), SettingsError> {
    let level =
        if log.level.contains("lapin") { log.level.clone() } else { format!("{},{QUIET}", log.level) };
    let filter = EnvFilter::try_new(&level).map_err(|error| SettingsError::BadValue {
        layer: "settings".to_owned(),
        key: "log.level".to_owned(),
        error: format!("`{}` is not a level or filter: {error}", log.level),
    })?;
    let builder = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        // a worker keeps running when nobody reads its log
        .log_internal_errors(false)
        .with_ansi(std::io::stderr().is_terminal())
        .with_span_events(FmtSpan::NONE);
    match log.format {
        LogFormat::Json => builder.json().flatten_event(true).init(),
        LogFormat::Text => builder.with_target(false).init(),
    }
    Ok(())
}
