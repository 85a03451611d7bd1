//! `presswatch run`: the worker, over RabbitMQ or the embedded store, together with the HTTP port.

use std::process::ExitCode;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail};
use presswatch::article::decode::Message;
use presswatch::broker::backend::{Backend, Intake, WatchLog};
use presswatch::broker::confirmed::Confirmed;
use presswatch::broker::embedded::{Delays, Embedded, Keep};
use presswatch::broker::rabbit::{
    Bounds, Health, Names, OnRefusal, Publisher, RabbitInbox, Recent, Server, WatchStream,
};
use presswatch::config::{self, Settings};
use presswatch::feed::Feeder;
use presswatch::http::{self, Port};
use presswatch::metrics::Metrics;
use presswatch::pipeline::Live;
use presswatch::registry::Registry;
use presswatch::watch::ledger::Ledger;
use presswatch::worker::{self, Drained, Options, Tag};
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tokio_util::sync::CancellationToken;

use super::{in_force, reload};

/// How many alerts a slow stream may fall behind before it misses some (which it is told).
pub const STREAM_BUFFER: usize = 1024;

/// How long a stopping worker waits until its last alerts are among the recent ones.
const COPYING: Duration = Duration::from_secs(2);

/// Runs until SIGTERM or Ctrl-C; exit status 1 if not everything was finished in time, or after a fault.
pub async fn run(settings: &Settings) -> anyhow::Result<ExitCode> {
    let mut pipeline = super::pipeline(settings)?;
    let metrics = Metrics::new(&pipeline.lexicon);
    let files = in_force::watches(&mut pipeline, settings, None, &Ledger::default())?;
    let confirmed = Confirmed::new(STREAM_BUFFER);
    let shutdown = CancellationToken::new();
    let listener = listen(settings).await?;
    tracing::info!(
        version = env!("CARGO_PKG_VERSION"),
        lexicon = pipeline.lexicon.version,
        http = %listener.local_addr()?,
        "presswatch"
    );
    let registry = Registry::new(Live::new(pipeline), files, metrics.clone());
    let drained = {
        let stop = shutdown.clone();
        let work = async {
            if settings.has_broker() {
                let (registry, metrics, stop) = (registry.clone(), metrics.clone(), shutdown.clone());
                Box::pin(over_rabbit(settings, listener, registry, metrics, confirmed, stop)).await
            } else {
                let store = store(settings)?;
                tracing::info!(folder = %settings.data_dir.display(), "working on the embedded store");
                let (registry, metrics, stop) = (registry.clone(), metrics.clone(), shutdown.clone());
                Box::pin(over_store(settings, store, listener, registry, metrics, confirmed, stop)).await
            }
        };
        tokio::select! {
            drained = work => drained?,
            again = stop_on_signals(stop) => return again,
            never = reload::follow(settings.clone(), registry.clone(), metrics.clone()) => match never? {},
            never = registry.tidy() => match never {},
        }
    };
    Ok(match drained {
        Drained::All => {
            tracing::info!("all is finished");
            ExitCode::SUCCESS
        }
        Drained::Failed => {
            tracing::error!("ended by a fault, told above; what was left will be delivered again");
            ExitCode::FAILURE
        }
        Drained::TimedOut => {
            tracing::warn!("not all was finished in time; what was left will be delivered again");
            ExitCode::FAILURE
        }
    })
}

/// Binds the HTTP port.
pub async fn listen(settings: &Settings) -> anyhow::Result<TcpListener> {
    let address = settings.http.listen;
    TcpListener::bind(address)
        .await
        .with_context(|| format!("`http.listen`: can't listen on {address}; is another presswatch running?"))
}

/// The first signal stops the work; the second exits immediately.
pub async fn stop_on_signals(shutdown: CancellationToken) -> anyhow::Result<ExitCode> {
    let mut term = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    for first in [true, false] {
        tokio::select! {
            _ = term.recv() => {}
            _ = interrupt.recv() => {}
        }
        if first {
            shutdown.cancel();
        }
    }
    tracing::warn!("leaving at once");
    Ok(ExitCode::FAILURE)
}

/// The worker's options from the settings.
pub fn options(settings: &Settings) -> Options {
    Options {
        in_flight_bytes: settings.worker.in_flight_bytes,
        unpacked_bytes: settings.limits.unpacked_bytes,
        retries: settings.worker.retry_delays.len() as u32,
        headers: (settings.limits.headers, settings.limits.header_bytes),
        alert_bytes: settings.limits.alert_bytes,
        tag_timeout: settings.limits.tag_seconds.duration(),
        shutdown_timeout: settings.shutdown_timeout.duration(),
    }
}

/// The worker's tagging function.
fn tag(pipeline: Live, metrics: &Metrics) -> Arc<Tag> {
    let (candidates, seconds) = (metrics.watch_candidates.clone(), metrics.watch_seconds.clone());
    Arc::new(move |message: Message<'_>, received_at| {
        pipeline.current().process_observed(message, received_at, |ask| {
            let began = Instant::now();
            candidates.inc_by(ask().candidates.into());
            seconds.observe(began.elapsed().as_secs_f64());
        })
    })
}

/// The HTTP port with the configured options.
pub fn port(
    settings: &Settings,
    backend: Backend,
    (registry, watch_log): (&Registry, WatchLog),
    metrics: &Metrics,
    confirmed: &Confirmed,
    stop: CancellationToken,
) -> Port {
    Port {
        backend,
        pipeline: registry.live().clone(),
        registry: registry.clone(),
        watch_log,
        catalogue: Arc::default(),
        board: Arc::default(),
        metrics: metrics.clone(),
        confirmed: confirmed.clone(),
        token: settings.http.token.clone(),
        hosts: settings.http.hosts.clone(),
        tag_timeout: settings.limits.tag_seconds.duration(),
        body_limit: settings.limits.message_bytes,
        timeout: settings.http.timeout.duration(),
        connections: settings.http.connections.get().into(),
        shutdown: stop,
    }
}

/// Opens the embedded store in `data_dir`.
pub fn store(settings: &Settings) -> anyhow::Result<Embedded> {
    let delays = settings.worker.retry_delays.iter().map(|s| Duration::from_secs((*s).into())).collect();
    let config::Embedded { keep_alerts: alerts, keep_notices: notices, keep_articles: articles } =
        settings.embedded;
    let keep = Keep { alerts, notices, articles };
    Embedded::open(&settings.data_dir, keep, Delays(delays))
        .with_context(|| format!("`data_dir` {}", settings.data_dir.display()))
}

/// Runs the worker with the embedded store until `shutdown`.
pub async fn over_store(
    settings: &Settings,
    store: Embedded,
    listener: TcpListener,
    registry: Registry,
    metrics: Metrics,
    confirmed: Confirmed,
    shutdown: CancellationToken,
) -> anyhow::Result<Drained> {
    metrics.broker_up.set(1.0);
    let watch_log = WatchLog::of_store(store.clone(), registry.clone()).await?;
    let watches = (&registry, watch_log);
    let port =
        port(settings, Backend::Embedded(store.clone()), watches, &metrics, &confirmed, shutdown.clone());
    let (inbox, tag) = (store.inbox(), tag(registry.live().clone(), &metrics));
    let feeder = feeder(settings, Intake::Embedded(store.clone()), &metrics)?;
    let (outbox, feeds_stop) = (store.clone(), shutdown.clone());
    let work = worker::run(inbox, outbox, tag, metrics, options(settings), confirmed, shutdown);
    let drained = Box::pin(beside_feeds(feeder, &feeds_stop, beside_http(listener, port, work))).await?;
    Ok(if store.is_lost() { Drained::Failed } else { drained })
}

async fn over_rabbit(
    settings: &Settings,
    listener: TcpListener,
    registry: Registry,
    metrics: Metrics,
    confirmed: Confirmed,
    shutdown: CancellationToken,
) -> anyhow::Result<Drained> {
    let server = match Server::new(&settings.broker) {
        Ok(server) => server,
        Err(error) => bail!(super::BadSettings(error)),
    };
    tracing::info!(hosts = ?server.hosts(), "working on RabbitMQ");
    let health = Health::new(metrics.clone());
    let names = Names::new(settings);
    let recent = Recent::new(Arc::clone(&server), names.clone());
    let publisher =
        Publisher::new(Arc::clone(&server), names, Arc::clone(&health), metrics.clone(), OnRefusal::TryAgain);
    let watches = WatchStream::new(Arc::clone(&server), publisher.names().clone(), registry.clone());
    let bounds = Bounds { prefetch: settings.worker.prefetch.get(), bytes: settings.worker.in_flight_bytes };
    let port = port(
        settings,
        Backend::Rabbit(publisher.clone(), Arc::clone(&health), recent.clone()),
        (&registry, WatchLog::Rabbit(watches.clone())),
        &metrics,
        &confirmed,
        shutdown.clone(),
    );
    let feeder = feeder(settings, Intake::Rabbit(publisher.clone()), &metrics)?;
    let (outbox, feeds_stop) = (publisher.clone(), shutdown.clone());
    // ends when no more is published
    let mut copying = std::pin::pin!(recent.copy(confirmed.subscribe()));
    let known = watches.clone();
    // connects at once, because its state is reported
    let inbox = RabbitInbox::start(server, publisher.clone(), Arc::clone(&health), bounds);
    let work = async {
        // an article that came before the watches would not be matched against them
        tokio::select! {
            () = known.caught_up() => {}
            () = shutdown.cancelled() => {}
        }
        let tag = tag(registry.live().clone(), &metrics);
        worker::run(inbox, outbox, tag, metrics, options(settings), confirmed, shutdown.clone()).await
    };
    let drained = tokio::select! {
        drained = Box::pin(beside_feeds(feeder, &feeds_stop, beside_http(listener, port, work))) => drained,
        never = publisher.stay_connected() => match never {},
        never = recent.follow() => match never {},
        never = watches.follow() => match never {},
        () = async { (&mut copying).await; std::future::pending().await } => unreachable!("it is pending"),
        // nothing was consumed yet, and restarting won't help
        why = health.login_refused() => bail!(super::BadSettings(format!("`broker.url`: {why}"))),
    };
    if tokio::time::timeout(COPYING, copying).await.is_err() {
        tracing::debug!("the last alerts are not among the recent ones");
    }
    publisher.close().await;
    drained
}

/// A feeder for the configured feeds; `None` if there are none.
fn feeder(settings: &Settings, intake: Intake, metrics: &Metrics) -> anyhow::Result<Option<Feeder>> {
    if settings.feeds.file.is_empty() {
        return Ok(None);
    }
    let file = std::slice::from_ref(&settings.feeds.file);
    super::feed::feeder(file, settings, intake, metrics.clone()).map(Some)
}

/// Polls feeds while the worker runs. The same token stops both, and both are awaited.
async fn beside_feeds(
    feeder: Option<Feeder>,
    stop: &CancellationToken,
    work: impl Future<Output = anyhow::Result<Drained>>,
) -> anyhow::Result<Drained> {
    let Some(feeder) = feeder else { return work.await };
    // when a worker ends by itself, after a fault, there is nobody left to poll for
    let ended = CancellationToken::new();
    let polling = async {
        let either = stop.child_token();
        tokio::join!(feeder.run(&either), async {
            tokio::select! {
                () = ended.cancelled() => either.cancel(),
                () = either.cancelled() => {}
            }
        })
    };
    let work = async {
        let drained = work.await;
        ended.cancel();
        drained
    };
    tokio::join!(work, polling).0
}

/// Serves HTTP while the worker runs, and a little longer: until it has drained.
async fn beside_http(
    listener: TcpListener,
    port: Port,
    work: impl Future<Output = Drained>,
) -> anyhow::Result<Drained> {
    let server = http::serve(listener, port);
    let mut server = std::pin::pin!(server);
    let mut work = std::pin::pin!(work);
    tokio::select! {
        drained = &mut work => Ok(drained),
        served = &mut server => {
            served.context("the HTTP port failed")?;
            Ok(work.await)
        }
    }
}
