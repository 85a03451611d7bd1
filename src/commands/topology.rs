//! `presswatch topology`: declares what the worker needs on RabbitMQ.

use std::process::ExitCode;

use presswatch::broker::open;
use presswatch::config::Settings;

use super::unopened;

/// Lists exchanges, queues and bindings, and declares them unless `dry_run` is set.
pub async fn run(dry_run: bool, settings: &Settings) -> anyhow::Result<ExitCode> {
    if !dry_run {
        for note in open::declare(settings).await.map_err(unopened)? {
            tell!("note: {note}");
        }
    }
    for line in open::topology(settings) {
        say!("{line}")?;
    }
    Ok(ExitCode::SUCCESS)
}
