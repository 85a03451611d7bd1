//! `presswatch publish`: publishes articles from files to RabbitMQ, each confirmed.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context as _;
use bytes::Bytes;
use futures_util::StreamExt as _;
use indicatif::{ProgressBar, ProgressStyle};
use presswatch::broker::{BrokerError, Incoming, open};
use presswatch::config::Settings;

use super::input::{Piece, pieces};
use super::unopened;

/// The most unconfirmed at once: half of what a broker handles easily.
const WINDOW: usize = 500;

/// Publishes all files; exit status 1 if a file could not be read or an article could not be published.
pub async fn run(files: &[PathBuf], settings: &Settings) -> anyhow::Result<ExitCode> {
    let exchange = open::exchange(settings).await.map_err(unopened)?;
    let style = ProgressStyle::with_template("{spinner} {pos} confirmed  {per_sec}  {elapsed}")
        .expect("a template that a test shows");
    let bar = ProgressBar::new_spinner().with_style(style);
    let (mut failed, mut refusal) = (0, None);
    let mut confirms = futures_util::stream::iter(pieces(files))
        .map(|piece| {
            let exchange = exchange.clone();
            async move {
                let Piece { place, body, content_type } = piece?;
                let article = Incoming {
                    body: Bytes::from(body),
                    content_type: content_type.map(str::to_owned),
                    content_encoding: None,
                    traceparent: None,
                };
                exchange.accept(article).await.context(place)
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
    exchange.close().await;
    if let Some(error) = refusal {
        say!("{} confirmed, the rest not published", bar.position())?;
        return Err(error);
    }
    say!("{} confirmed, {failed} failed", bar.position())?;
    Ok(if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
