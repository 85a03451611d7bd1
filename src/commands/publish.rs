//! `presswatch publish`: articles from files to RabbitMQ, each confirmed.

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::{Context as _, bail};
use bytes::Bytes;
use futures_util::StreamExt as _;
use indicatif::{ProgressBar, ProgressStyle};
use presswatch::broker::Incoming;
use presswatch::broker::rabbit::{Health, Names, Publisher, Server};
use presswatch::config::Settings;
use presswatch::files::Files;
use presswatch::knowledge::Knowledge;
use presswatch::metrics::Metrics;

use super::BadSettings;
use super::input::{Piece, pieces};

/// Unconfirmed at once: half of what a broker keeps up with easily.
const WINDOW: usize = 500;

/// Publishes all files; exit status 1 if a file could not be read or an article not be published.
pub async fn run(files: &[PathBuf], settings: &Settings) -> anyhow::Result<ExitCode> {
    let publisher = publisher(settings)?;
    let connection = publisher.connect().await;
    connection.with_context(|| format!("can't reach the broker at {}", settings.broker.url))?;
    let style = ProgressStyle::with_template("{spinner} {pos} confirmed  {per_sec}  {elapsed}")
        .expect("a template that a test shows");
    let bar = ProgressBar::new_spinner().with_style(style);
    let mut failed = 0;
    let mut confirms = futures_util::stream::iter(pieces(files))
        .map(|piece| {
            let publisher = publisher.clone();
            async move {
                let Piece { place, body, content_type } = piece?;
                let article = Incoming {
                    body: Bytes::from(body),
                    content_type: content_type.map(str::to_owned),
                    content_encoding: None,
                    traceparent: None,
                };
                publisher.article(&article).await.context(place)
            }
        })
        .buffer_unordered(WINDOW);
    while let Some(result) = confirms.next().await {
        match result {
            Ok(()) => bar.inc(1),
            Err(error) => {
                bar.suspend(|| tell!("error: {error:#}"));
                failed += 1;
            }
        }
    }
    bar.finish_and_clear();
    publisher.close().await;
    say!("{} confirmed, {failed} failed", bar.position())?;
    Ok(if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// A publisher on its own, for commands.
pub fn publisher(settings: &Settings) -> anyhow::Result<Publisher> {
    let server = server(settings)?;
    // nobody scrapes a command: the metrics are there for the connection's own book-keeping
    let metrics = Metrics::new(&Knowledge::parse(&Files::none()).context("an empty lexicon")?);
    Ok(Publisher::new(server, Names::new(settings), Health::new(metrics.clone()), metrics))
}

/// The broker that the settings name.
pub fn server(settings: &Settings) -> anyhow::Result<Arc<Server>> {
    match Server::new(&settings.broker) {
        Ok(server) => Ok(server),
        Err(error) => bail!(BadSettings(error)),
    }
}
