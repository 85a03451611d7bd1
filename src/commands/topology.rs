//! `presswatch topology`: declares what the worker needs on RabbitMQ.

use std::process::ExitCode;

use presswatch::broker::rabbit::Names;
use presswatch::config::Settings;

use super::publish::{server, unreached};

/// Lists exchanges, queues and bindings, and declares them unless `dry_run` is set.
pub async fn run(dry_run: bool, settings: &Settings) -> anyhow::Result<ExitCode> {
    let names = Names::new(settings);
    if !dry_run {
        let server = server(settings)?;
        let connection = server.connect("presswatch topology").await;
        let connection = connection.map_err(|error| unreached(error, settings))?;
        names.declare(&connection, server.timeout).await?;
        if let Err(error) = names.declare_recent(&connection, server.timeout).await {
            tell!("note: there is no history of all workers in the console: {error}");
        }
        if let Err(error) = names.declare_watches(&connection, server.timeout).await {
            tell!("note: no watches can be written over HTTP: {error}");
        }
        let _ = connection.close(200, "done".into()).await;
    }
    for line in names.lines() {
        say!("{line}")?;
    }
    Ok(ExitCode::SUCCESS)
}
