//! `presswatch topology`: declares what the worker needs on RabbitMQ.

use std::process::ExitCode;

use anyhow::Context as _;
use presswatch::broker::rabbit::Names;
use presswatch::config::Settings;

use super::publish::server;

/// Lists exchanges, queues and bindings, and declares them unless told not to.
pub async fn run(dry_run: bool, settings: &Settings) -> anyhow::Result<ExitCode> {
    let names = Names::new(settings);
    if !dry_run {
        let server = server(settings)?;
        let connection = server.connect("presswatch topology").await;
        let connection =
            connection.with_context(|| format!("can't reach the broker at {}", settings.broker.url))?;
        names.declare(&connection, server.timeout).await?;
        if let Err(error) = names.declare_recent(&connection, server.timeout).await {
            tell!("note: there is no history of all workers in the console: {error}");
        }
        let _ = connection.close(200, "done".into()).await;
    }
    for line in names.lines() {
        say!("{line}")?;
    }
    Ok(ExitCode::SUCCESS)
}
