//! `presswatch run`: the worker on its broker, together with the HTTP port and the feeds.

use std::process::ExitCode;
use std::sync::Arc;
use std::time::Instant;

use anyhow::Context as _;
use presswatch::article::decode::Message;
use presswatch::broker::backend::{Backend, Intake, WatchLog};
use presswatch::broker::confirmed::Confirmed;
use presswatch::broker::open::Opened;
use presswatch::config::Settings;
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

use super::{in_force, reload, unopened};

/// How many alerts a slow stream may fall behind before it misses some, and is told so.
pub const STREAM_BUFFER: usize = 1024;

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
            let opened = Opened::new(settings, &registry, &metrics).await.map_err(unopened)?;
            let (registry, metrics, stop) = (registry.clone(), metrics.clone(), shutdown.clone());
            Box::pin(work(settings, opened, listener, registry, metrics, confirmed, stop)).await
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
            tracing::info!("everything is finished");
            ExitCode::SUCCESS
        }
        Drained::Failed => {
            tracing::error!("ended by the fault above; what was left will be redelivered");
            ExitCode::FAILURE
        }
        Drained::TimedOut => {
            tracing::warn!("not everything was finished in time; what was left will be redelivered");
            ExitCode::FAILURE
        }
    })
}

/// Binds the HTTP port.
async fn listen(settings: &Settings) -> anyhow::Result<TcpListener> {
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
    tracing::warn!("exiting at once");
    Ok(ExitCode::FAILURE)
}

/// The worker's options from the settings.
fn options(settings: &Settings) -> Options {
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
fn port(
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

/// Runs the worker on a broker until `shutdown`.
pub async fn work(
    settings: &Settings,
    opened: Opened,
    listener: TcpListener,
    registry: Registry,
    metrics: Metrics,
    confirmed: Confirmed,
    shutdown: CancellationToken,
) -> anyhow::Result<Drained> {
    let (watch_log, published) = (opened.watch_log.clone(), confirmed.subscribe());
    let watches = (&registry, watch_log.clone());
    let port = port(settings, opened.backend.clone(), watches, &metrics, &confirmed, shutdown.clone());
    let feeder = feeder(settings, opened.backend.intake(), &metrics)?;
    // connects at once, because its state is reported
    let (inbox, outbox, feeds_stop) = (opened.inbox(), opened.outbox(), shutdown.clone());
    let work = async {
        // an article that came before the watches would not be matched against them
        tokio::select! {
            () = watch_log.caught_up() => {}
            () = shutdown.cancelled() => {}
        }
        let tag = tag(registry.live().clone(), &metrics);
        worker::run(inbox, outbox, tag, metrics, options(settings), confirmed, shutdown.clone()).await
    };
    let work = Box::pin(beside_feeds(feeder, &feeds_stop, beside_http(listener, port, work)));
    let drained = Box::pin(opened.beside(published, work)).await.map_err(unopened)??;
    Ok(if opened.backend.is_lost() { Drained::Failed } else { drained })
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
