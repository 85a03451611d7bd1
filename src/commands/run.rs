//! `presswatch run`: the worker, over RabbitMQ or over the embedded store, with the HTTP port beside it.

use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, bail};
use presswatch::article::decode::Message;
use presswatch::broker::embedded::{Delays, Embedded};
use presswatch::broker::rabbit::{Bounds, Health, Names, OnRefusal, Publisher, RabbitInbox, Server};
use presswatch::config::Settings;
use presswatch::http::{self, Backend, Port};
use presswatch::metrics::Metrics;
use presswatch::pipeline::{Live, Ready};
use presswatch::worker::{self, Drained, Options, Tag};
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::broadcast;
use tokio_util::sync::CancellationToken;

use super::reload;

/// Alerts that a slow stream may fall behind before it misses some (it is told so).
pub const STREAM_BUFFER: usize = 1024;

/// Runs until SIGTERM or Ctrl-C; exit status 1 if not all could be finished in time, or after a fault.
pub async fn run(settings: &Settings) -> anyhow::Result<ExitCode> {
    let pipeline = super::pipeline(settings)?;
    let metrics = Metrics::new(&pipeline.lexicon);
    let (published, _) = broadcast::channel(STREAM_BUFFER);
    let shutdown = CancellationToken::new();
    let listener = listen(settings).await?;
    tracing::info!(
        version = env!("CARGO_PKG_VERSION"),
        lexicon = pipeline.lexicon.version,
        http = %listener.local_addr()?,
        "presswatch"
    );
    let live = Live::new(pipeline);
    let drained = {
        let stop = shutdown.clone();
        let work = async {
            if settings.has_broker() {
                over_rabbit(settings, listener, live.clone(), metrics.clone(), published, shutdown.clone())
                    .await
            } else {
                let store = store(settings)?;
                tracing::info!(folder = %settings.data_dir.display(), "working on the embedded store");
                over_store(
                    settings,
                    store,
                    listener,
                    live.clone(),
                    metrics.clone(),
                    published,
                    shutdown.clone(),
                )
                .await
            }
        };
        tokio::select! {
            drained = work => drained?,
            again = stop_on_signals(stop) => return again,
            never = reload::follow(settings.clone(), live.clone(), metrics.clone()) => match never? {},
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

/// The first signal stops the work; the second ends the program at once.
async fn stop_on_signals(shutdown: CancellationToken) -> anyhow::Result<ExitCode> {
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

/// How the settings set the worker up.
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

/// What the worker does with a message.
fn tag(pipeline: Live) -> Arc<Tag> {
    Arc::new(move |message: Message<'_>, received_at| pipeline.current().process(message, received_at))
}

/// The HTTP port that the settings ask for.
pub fn port(
    settings: &Settings,
    backend: Backend,
    pipeline: &Live,
    metrics: &Metrics,
    published: &broadcast::Sender<Arc<Ready>>,
    stop: CancellationToken,
) -> Port {
    Port {
        backend,
        pipeline: pipeline.clone(),
        board: Arc::default(),
        metrics: metrics.clone(),
        published: published.clone(),
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
    Embedded::open(&settings.data_dir, settings.embedded.keep_alerts, Delays(delays))
        .with_context(|| format!("`data_dir` {}", settings.data_dir.display()))
}

/// The worker on the embedded store, until `shutdown`.
pub async fn over_store(
    settings: &Settings,
    store: Embedded,
    listener: TcpListener,
    pipeline: Live,
    metrics: Metrics,
    published: broadcast::Sender<Arc<Ready>>,
    shutdown: CancellationToken,
) -> anyhow::Result<Drained> {
    metrics.broker_up.set(1.0);
    let port =
        port(settings, Backend::Embedded(store.clone()), &pipeline, &metrics, &published, shutdown.clone());
    let (inbox, tag) = (store.inbox(), tag(pipeline));
    let outbox = store.clone();
    let work = worker::run(inbox, outbox, tag, metrics, options(settings), published, shutdown);
    let drained = beside_http(listener, port, work).await?;
    Ok(if store.is_lost() { Drained::Failed } else { drained })
}

async fn over_rabbit(
    settings: &Settings,
    listener: TcpListener,
    pipeline: Live,
    metrics: Metrics,
    published: broadcast::Sender<Arc<Ready>>,
    shutdown: CancellationToken,
) -> anyhow::Result<Drained> {
    let server = match Server::new(&settings.broker) {
        Ok(server) => server,
        Err(error) => bail!(super::BadSettings(error)),
    };
    tracing::info!(hosts = ?server.hosts(), "working on RabbitMQ");
    let health = Health::new(metrics.clone());
    let names = Names::new(settings);
    let publisher =
        Publisher::new(Arc::clone(&server), names, Arc::clone(&health), metrics.clone(), OnRefusal::TryAgain);
    let bounds = Bounds { prefetch: settings.worker.prefetch.get(), bytes: settings.worker.in_flight_bytes };
    let inbox = RabbitInbox::start(server, publisher.clone(), Arc::clone(&health), bounds);
    let port = port(
        settings,
        Backend::Rabbit(publisher.clone(), Arc::clone(&health)),
        &pipeline,
        &metrics,
        &published,
        shutdown.clone(),
    );
    let outbox = publisher.clone();
    let work = worker::run(inbox, outbox, tag(pipeline), metrics, options(settings), published, shutdown);
    let drained = tokio::select! {
        drained = beside_http(listener, port, work) => drained,
        never = publisher.stay_connected() => match never {},
        // nothing was taken yet, and starting again won't help
        why = health.login_refused() => bail!(super::BadSettings(format!("`broker.url`: {why}"))),
    };
    publisher.close().await;
    drained
}

/// Serves HTTP while the worker works, and a little longer: until it has drained.
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
