//! The connection of a publisher and its channels: made, mended, closed.

use std::convert::Infallible;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use lapin::options::ConfirmSelectOptions;
use lapin::{Channel, Connection};
use tokio::sync::Mutex;

use super::Publisher;
use crate::broker::BrokerError;
use crate::broker::rabbit::health::{Role, State};
use crate::broker::rabbit::session::{Backoff, CLOSING};

/// Channels that alerts are published on, in turn, and as many for notices. The broker routes what comes over one
/// channel in one process, and an alert with its keys takes much routing: a loop that publishes alerts got 1.2 to 1.3
/// times as many a second through over four as over one.
const CHANNELS: usize = 4;

/// How often to check an idle connection.
const CONNECTION_LOOK: Duration = Duration::from_millis(500);

/// Where the open connection is kept, if there is one.
#[derive(Debug)]
pub(super) struct Slot {
    live: Option<Live>,
    backoff: Backoff,
}

impl Slot {
    /// Before the first connection.
    pub fn empty() -> Self {
        Self { live: None, backoff: Backoff::new() }
    }
}

/// An open connection.
#[derive(Debug, Clone)]
pub(super) struct Live {
    pub connection: Arc<Connection>,
    /// For alerts and articles: many at once on each.
    channels: Arc<[Channel]>,
    /// For notices. The broker closes a channel over a missing permission or exchange, and everything unconfirmed on it
    /// is published again: no alert should be because of a fault with notices.
    notices: Arc<[Channel]>,
    /// For messages that must not be lost if unroutable: one at a time, since lapin can attach a returned message to
    /// the confirm of another publish that is under way on the same channel.
    pub single: Arc<Mutex<Channel>>,
}

impl Live {
    /// The channel whose turn it is, for a notice or for anything else.
    pub fn channel(&self, is_notice: bool, turn: usize) -> &Channel {
        let channels = if is_notice { &self.notices } else { &self.channels };
        &channels[turn % CHANNELS]
    }

    fn is_open(&self) -> bool {
        // the single channel, while in use, is checked by its user
        let mut channels = self.channels.iter().chain(self.notices.iter());
        channels.all(|channel| channel.status().connected()) && self.single_is_open()
    }

    fn single_is_open(&self) -> bool {
        self.single.try_lock().map_or(true, |channel| channel.status().connected())
    }
}

impl Publisher {
    /// Connects now, with a single attempt.
    pub async fn connect(&self) -> Result<(), BrokerError> {
        self.live(1).await.map(|_| ())
    }

    /// Connects, and reconnects whenever the connection is lost, so that readiness tells the truth before there is
    /// anything to publish.
    pub async fn stay_connected(&self) -> Infallible {
        loop {
            match self.live(u32::MAX).await {
                Ok(live) if live.connection.status().blocked() => {
                    self.shared.health.set(Role::Publish, State::Blocked);
                }
                Ok(_) => self.shared.health.set(Role::Publish, State::Up),
                Err(error) => tracing::debug!(%error, "not connected"),
            }
            tokio::time::sleep(CONNECTION_LOOK).await;
        }
    }

    /// The current connection, or a new one after at most `tries` attempts. A channel closed before anything was
    /// confirmed on it (a revoked permission, a missing exchange) is reopened with a growing pause.
    pub(super) async fn live(&self, tries: u32) -> Result<Live, BrokerError> {
        let mut slot = self.shared.live.lock().await;
        if let Some(live) = slot.live.as_ref().filter(|live| live.is_open()) {
            return Ok(live.clone());
        }
        let health = &self.shared.health;
        let mut old = slot.live.take();
        if old.is_some() {
            let why = self.why().clone();
            let closed = || BrokerError::Connection("the connection was closed".to_owned());
            health.failed(Role::Publish, &why.unwrap_or_else(closed));
        }
        if self.shared.proved.swap(false, Ordering::Relaxed) {
            slot.backoff.reset();
        } else {
            slot.backoff.wait().await;
        }
        for tried in 1..=tries {
            if self.shared.closing.load(Ordering::Relaxed) {
                break;
            }
            health.set(Role::Publish, State::Connecting);
            // only a channel may have been closed, by a missing exchange or a revoked permission
            let opened = match old.take().filter(|old| old.connection.status().connected()) {
                Some(old) => self.mend(&old).await,
                None => match self.shared.server.connect("presswatch publish").await {
                    Ok(connection) => self.open(Arc::new(connection), None).await,
                    Err(error) => Err(error),
                },
            };
            match opened {
                Ok(live) => {
                    health.set(Role::Publish, State::Up);
                    return Ok(slot.live.insert(live).clone());
                }
                Err(error) => {
                    if tried == tries || self.is_final(&error) {
                        health.set(Role::Publish, State::Down);
                        return Err(error);
                    }
                    health.failed(Role::Publish, &error);
                    slot.backoff.wait().await;
                }
            }
        }
        Err(BrokerError::Connection("closing".to_owned()))
    }

    /// Replaces the channels that the broker closed, and declares again whatever may be missing.
    async fn mend(&self, old: &Live) -> Result<Live, BrokerError> {
        self.shared.names.declare(&old.connection, self.shared.server.timeout).await?;
        self.open(Arc::clone(&old.connection), Some(old)).await
    }

    /// Opens channels on a connection; those of `old` that are still open are kept.
    async fn open(&self, connection: Arc<Connection>, old: Option<&Live>) -> Result<Live, BrokerError> {
        let channels = self.channels(&connection, old.map(|old| &*old.channels)).await?;
        let notices = self.channels(&connection, old.map(|old| &*old.notices)).await?;
        let single = match old.filter(|old| old.single_is_open()) {
            Some(old) => Arc::clone(&old.single),
            None => Arc::new(Mutex::new(self.confirming(&connection).await?)),
        };
        Ok(Live { connection, channels, notices, single })
    }

    async fn channels(
        &self,
        connection: &Connection,
        old: Option<&[Channel]>,
    ) -> Result<Arc<[Channel]>, BrokerError> {
        let mut channels = Vec::with_capacity(CHANNELS);
        for at in 0..CHANNELS {
            let open = old.map(|old| &old[at]).filter(|channel| channel.status().connected());
            channels.push(match open {
                Some(channel) => channel.clone(),
                None => self.confirming(connection).await?,
            });
        }
        Ok(channels.into())
    }

    pub(super) async fn confirming(&self, connection: &Connection) -> Result<Channel, BrokerError> {
        let server = &self.shared.server;
        let channel = server.answer(connection.create_channel()).await?;
        server.answer(channel.confirm_select(ConfirmSelectOptions::default())).await?;
        Ok(channel)
    }

    /// Stops reconnecting and closes the connection.
    pub async fn close(&self) {
        self.shared.closing.store(true, Ordering::Relaxed);
        let close = async {
            if let Some(live) = self.shared.live.lock().await.live.take() {
                let _ = live.connection.close(200, "done".into()).await;
            }
            if let Some((connection, _)) = self.shared.alone.lock().await.take() {
                let _ = connection.close(200, "done".into()).await;
            }
        };
        // a broker that does not answer will notice by itself
        let _ = tokio::time::timeout(CLOSING, close).await;
    }
}
