//! `presswatch publish`: publishes articles from files to RabbitMQ, each confirmed.

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::{Context as _, bail};
use bytes::Bytes;
use futures_util::StreamExt as _;
use indicatif::{ProgressBar, ProgressStyle};
use presswatch::broker::rabbit::{Health, Names, OnRefusal, Publisher, Server};
use presswatch::broker::{BrokerError, Incoming};
use presswatch::config::Settings;
use presswatch::files::Files;
use presswatch::knowledge::Knowledge;
use presswatch::metrics::Metrics;

use super::BadSettings;
use super::input::{Piece, pieces};

/// The most unconfirmed at once: half of what a broker handles easily.
const WINDOW: usize = 500;

/// Publishes all files; exit status 1 if a file could not be read or an article could not be published.
pub async fn run(files: &[PathBuf], settings: &Settings) -> anyhow::Result<ExitCode> {
    let publisher = publisher(settings)?;
    publisher.connect().await.map_err(|error| unreached(error, settings))?;
    let style = ProgressStyle::with_template("{spinner} {pos} confirmed  {per_sec}  {elapsed}")
        .expect("a template that a test shows");
    let bar = ProgressBar::new_spinner().with_style(style);
    let (mut failed, mut refusal) = (0, None);
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
                if error.downcast_ref().is_some_and(BrokerError::is_refusal) {
                    // all others would fail the same way
                    refusal = Some(error);
                    break;
                }
                bar.suspend(|| tell!("error: {error:#}"));
                failed += 1;
            }
        }
    }
    bar.finish_and_clear();
    drop(confirms);
    publisher.close().await;
    if let Some(error) = refusal {
        say!("{} confirmed, the rest not published", bar.position())?;
        return Err(error);
    }
    say!("{} confirmed, {failed} failed", bar.position())?;
    Ok(if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// A stand-alone publisher for commands.
pub fn publisher(settings: &Settings) -> anyhow::Result<Publisher> {
    let server = server(settings)?;
    // nobody scrapes a command: the metrics are only for the connection's own bookkeeping
    let metrics = Metrics::new(&Knowledge::parse(&Files::none()).context("an empty lexicon")?);
    let (names, health) = (Names::new(settings), Health::new(metrics.clone()));
    Ok(Publisher::new(server, names, health, metrics, OnRefusal::Fail))
}

/// The error of a command that could not connect. A refused login is a wrong setting.
pub fn unreached(error: BrokerError, settings: &Settings) -> anyhow::Error {
    match error {
        BrokerError::Login(words) => BadSettings(format!("`broker.url`: {words}")).into(),
        error @ BrokerError::Denied(_) => error.into(),
        error => {
            anyhow::Error::new(error).context(format!("can't reach the broker at {}", settings.broker.url))
        }
    }
}

/// The configured broker.
pub fn server(settings: &Settings) -> anyhow::Result<Arc<Server>> {
    match Server::new(&settings.broker) {
        Ok(server) => Ok(server),
        Err(error) => bail!(BadSettings(error)),
    }
}
