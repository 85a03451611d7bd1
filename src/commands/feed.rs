//! `presswatch feed`: polls feeds and publishes their articles, to RabbitMQ or into the embedded store.

use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context as _, bail};
use presswatch::broker::backend::Intake;
use presswatch::broker::open;
use presswatch::config::Settings;
use presswatch::feed::{self, Feeder, Memory, Outcome};
use presswatch::metrics::Metrics;
use tokio_util::sync::CancellationToken;

use super::{BadSettings, noun, run, unopened};

/// Polls until SIGTERM or Ctrl-C; with `once`, each feed one time, with exit status 1 if one of them failed.
pub async fn run(
    sources: &[String],
    once: bool,
    full: bool,
    settings: &Settings,
) -> anyhow::Result<ExitCode> {
    let mut settings = settings.clone();
    settings.feeds.full |= full;
    // report an unreadable list before connecting to anything
    feed::list(sources).map_err(|error| BadSettings(error.to_string()))?;
    let intake = intake(&settings).await?;
    let feeder = feeder(sources, &settings, intake.clone(), Metrics::unscraped())?;
    let stop = CancellationToken::new();
    let polled = async {
        if once {
            one_round(&feeder, &stop).await
        } else {
            feeder.run(&stop).await;
            Ok(ExitCode::SUCCESS)
        }
    };
    let status = tokio::select! {
        status = polled => status,
        again = run::stop_on_signals(stop.clone()) => return again,
    };
    intake.close().await;
    status
}

/// The configured broker, which must answer; without one, the embedded store.
async fn intake(settings: &Settings) -> anyhow::Result<Intake> {
    match open::intake(settings).await {
        Err(error) if !settings.has_broker() => Err(unopened(error)).context(
            "the articles can't go into the embedded store; where `presswatch run` works on it, \
             `presswatch run --feeds` polls feeds in the same program",
        ),
        opened => opened.map_err(unopened),
    }
}

/// A feeder that polls the feeds of these files and URLs.
pub fn feeder(
    sources: &[String],
    settings: &Settings,
    intake: Intake,
    metrics: Metrics,
) -> anyhow::Result<Feeder> {
    let feeds = match feed::list(sources) {
        Ok(feeds) => feeds,
        Err(error) => bail!(BadSettings(error.to_string())),
    };
    let days = u64::from(settings.feeds.remember_days);
    let memory = Memory::open(&settings.data_dir, Duration::from_hours(24 * days))
        .with_context(|| format!("`data_dir` {}", settings.data_dir.display()))?;
    let feeder = match Feeder::new(feeds, settings, memory, intake, metrics) {
        Ok(feeder) => feeder,
        Err(error) => bail!(BadSettings(error)),
    };
    tracing::info!(feeds = feeder.feeds().len(), full = settings.feeds.full, "polling feeds");
    Ok(feeder)
}

async fn one_round(feeder: &Feeder, stop: &CancellationToken) -> anyhow::Result<ExitCode> {
    let (mut feeds, mut published, mut known, mut failed) = (0, 0, 0, 0);
    feeder
        .once(stop, |feed, outcome| {
            let Outcome { published: new, known: old, fault, put_off, .. } = outcome;
            feeds += 1;
            published += new;
            known += old;
            match (fault, put_off) {
                (Some(fault), _) => {
                    tell!("error: {fault}");
                    failed += 1;
                }
                (None, Some((until, why))) => tell!("{}: not asked until {until}: {why}", feed.shown()),
                (None, None) => {}
            }
        })
        .await;
    let (feed, article) = (noun(feeds, "feed", "feeds"), noun(published, "article", "articles"));
    say!(
        "{feeds} {feed} polled, {failed} failed; {published} {article} published, {known} known from before"
    )?;
    Ok(if failed == 0 && !stop.is_cancelled() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
