//! The connections to the HTTP port: how many at once, how long a client may take to ask, and their end.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::serve::Listener;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use tokio::net::TcpListener;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

/// How long a client may take over the head of a request, and how long a connection is kept that asks for nothing.
const HEAD: Duration = Duration::from_secs(15);

/// Serves until cancelled, and then what is under way. No more than `most` connections are open at once; who comes
/// then waits to be taken in.
pub(super) async fn serve(
    mut listener: TcpListener,
    router: Router,
    most: usize,
    shutdown: CancellationToken,
) {
    let room = Arc::new(Semaphore::new(most));
    let open = GracefulShutdown::new();
    let mut connections = JoinSet::new();
    loop {
        let next = async {
            let place = Arc::clone(&room).acquire_owned().await.expect("never closed");
            // waits out an error such as too many open files
            (place, Listener::accept(&mut listener).await.0)
        };
        let (place, stream) = tokio::select! {
            next = next => next,
            Some(_) = connections.join_next() => continue,
            () = shutdown.cancelled() => break,
        };
        let connection = hyper::server::conn::http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(HEAD)
            .serve_connection(TokioIo::new(stream), TowerToHyperService::new(router.clone()));
        let connection = open.watch(connection);
        connections.spawn(async move {
            // a client that leaves or asks nonsense ends its own connection only
            let _ = connection.await;
            drop(place);
        });
    }
    drop(listener);
    open.shutdown().await;
}
