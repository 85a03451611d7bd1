//! Consuming: a task that keeps a consumer alive and hands on its deliveries.

use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::Bytes;
use futures_util::StreamExt as _;
use jiff::Timestamp;
use lapin::options::{BasicCancelOptions, BasicConsumeOptions, BasicQosOptions};
use lapin::types::FieldTable;
use lapin::{Channel, Connection, Consumer};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use super::ack::Acks;
use super::health::{Health, Role, State};
use super::leave::Cancelled;
use super::message;
use super::probe::{Probe, QUICK};
use super::publish::Publisher;
use super::readable::Mended;
use super::receipt::RabbitReceipt;
use super::session::{Backoff, CLOSING, Server};
use super::window::Window;
use crate::broker::held::{Held, Share};
use crate::broker::{BrokerError, Delivery, Inbox};

const TAG: &str = "presswatch";

/// How often to check a connection that waits for room.
const LOOK: Duration = Duration::from_millis(500);

/// How often to check whether all deliveries of a connection are settled.
const SETTLED_LOOK: Duration = Duration::from_millis(20);

/// Limits on unacked deliveries.
#[derive(Debug, Clone, Copy)]
pub struct Bounds {
    /// The most unacked deliveries.
    pub prefetch: u16,
    /// The most bytes of their bodies.
    pub bytes: usize,
}

/// Yields the deliveries of the article queue, over as many connections as it takes.
#[derive(Debug)]
pub struct RabbitInbox {
    deliveries: mpsc::Receiver<Delivery<RabbitReceipt>>,
    stop: CancellationToken,
    supervisor: JoinHandle<Option<Cancelled>>,
}

/// The state of the task that consumes.
struct Supervisor {
    server: Arc<Server>,
    publisher: Publisher,
    health: Arc<Health>,
    window: Window,
    held: Arc<Held>,
    /// A delivery for which there was no room, to be requeued.
    surplus: Option<u64>,
    probe: Probe,
    /// What the current connection made readable; `None` if it doesn't do so.
    mended: Option<Mended>,
    /// The tag of its newest delivery.
    newest: u64,
    out: mpsc::Sender<Delivery<RabbitReceipt>>,
    /// Stays cancelled, so that later checks see it too.
    stop: CancellationToken,
}

/// Why a subscription ends while the connection is still good.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    /// The worker is stopping.
    Stopped,
    /// More deliveries came than there is room for.
    Full,
    /// The prefetch may grow.
    Grow,
    /// Messages no longer need to be made readable.
    Through,
}

impl RabbitInbox {
    /// Starts consuming; reconnects until it is stopped.
    pub fn start(server: Arc<Server>, publisher: Publisher, health: Arc<Health>, bounds: Bounds) -> Self {
        // room for all that may be unacked, so that bodies never pile up in lapin, where nothing bounds them
        let (out, deliveries) = mpsc::channel(bounds.prefetch.into());
        let stop = CancellationToken::new();
        let window = Window::new(bounds.prefetch, bounds.bytes);
        let held = Held::new(bounds.bytes);
        let supervisor = Supervisor {
            server,
            publisher,
            health,
            window,
            held,
            surplus: None,
            probe: Probe::default(),
            mended: None,
            newest: 0,
            out,
            stop: stop.clone(),
        };
        #[expect(clippy::disallowed_methods, reason = "`close` awaits it")]
        let supervisor = tokio::spawn(supervisor.run());
        Self { deliveries, stop, supervisor }
    }
}

impl Inbox for RabbitInbox {
    type Receipt = RabbitReceipt;

    async fn next(&mut self) -> Option<Delivery<RabbitReceipt>> {
        self.deliveries.recv().await
    }

    async fn stop(&mut self) {
        self.stop.cancel();
        self.deliveries.close();
        // deliveries not handed out stay unacked and are requeued
        while self.deliveries.recv().await.is_some() {}
    }

    async fn close(self) {
        self.stop.cancel();
        drop(self.deliveries);
        let cancelled = match self.supervisor.await {
            Ok(Some(cancelled)) => cancelled,
            Ok(None) => return,
            Err(error) => {
                tracing::error!(%error, "the intake has failed");
                return;
            }
        };
        cancelled.leave().await;
    }
}

impl Supervisor {
    /// Consumes until stopped; returns the connection, since acks still go over it.
    async fn run(mut self) -> Option<Cancelled> {
        let mut backoff = Backoff::new();
        while !self.stop.is_cancelled() {
            match self.consume(&mut backoff).await {
                Ok((cancelled, End::Through)) => {
                    cancelled.leave().await;
                    continue;
                }
                Ok((cancelled, _)) => return Some(cancelled),
                Err(error) => self.health.failed(Role::Consume, &error),
            }
            let quick = self.probe.is_quick();
            let pause = async {
                if quick {
                    tokio::time::sleep(QUICK).await;
                } else {
                    backoff.wait().await;
                }
            };
            tokio::select! {
                () = pause => {}
                () = self.stop.cancelled() => {}
            }
            self.health.set(Role::Consume, State::Connecting);
        }
        None
    }

    /// Connects and opens a channel, as the probe requires.
    async fn connect(&mut self) -> Result<(Connection, Channel), BrokerError> {
        const NAME: &str = "presswatch consume";
        self.newest = 0;
        self.mended = None;
        if !self.probe.needs_readable() {
            return self.server.channel(NAME).await;
        }
        let (connection, mended) = self.server.connect_readable(NAME).await?;
        let channel = self.server.answer(connection.create_channel()).await?;
        self.mended = Some(mended);
        Ok((connection, channel))
    }

    /// Runs one subscription after another on one connection. Returns `Ok` when stopped, or once messages no longer
    /// need to be made readable.
    async fn consume(&mut self, backoff: &mut Backoff) -> Result<(Cancelled, End), BrokerError> {
        let (connection, channel) = self.connect().await?;
        let names = self.publisher.names().clone();
        names.declare(&connection, self.server.timeout).await?;
        let acks = Arc::new(Acks::new(channel.clone(), self.server.timeout));
        loop {
            let prefetch = self.probe.prefetch(self.window.prefetch());
            self.server.answer(channel.basic_qos(prefetch, BasicQosOptions::default())).await?;
            let (queue, options) = (names.queue.as_str().into(), BasicConsumeOptions::default());
            let consuming = channel.basic_consume(queue, TAG.into(), options, FieldTable::default());
            let mut consumer = self.server.answer(consuming).await?;
            self.health.set(Role::Consume, State::Up);
            backoff.reset();
            let end = self.subscription(&mut consumer, &acks).await.inspect_err(|_| self.probe.broke())?;
            if end == End::Stopped {
                let cancel = channel.basic_cancel(TAG.into(), BasicCancelOptions::default());
                if tokio::time::timeout(CLOSING, cancel).await.is_err() {
                    tracing::warn!("the broker did not confirm that the consumer was cancelled");
                }
                return Ok((Cancelled { connection, channel, queue: names.queue }, end));
            }
            self.cancel(&channel, consumer, &acks).await.inspect_err(|_| self.probe.broke())?;
            if self.is_through() {
                let end = self.settled(&acks).await?;
                return Ok((Cancelled { connection, channel, queue: names.queue }, end));
            }
            tracing::debug!(?end, prefetch, "subscribing again with another prefetch");
            if !self.room(&channel, end).await? {
                return Ok((Cancelled { connection, channel, queue: names.queue }, End::Stopped));
            }
        }
    }

    /// Hands on deliveries until something ends the subscription.
    async fn subscription(&mut self, consumer: &mut Consumer, acks: &Arc<Acks>) -> Result<End, BrokerError> {
        loop {
            let delivery = tokio::select! {
                biased;
                () = self.stop.cancelled() => return Ok(End::Stopped),
                delivery = consumer.next() => delivery,
            };
            let delivery = match delivery {
                Some(Ok(delivery)) => delivery,
                Some(Err(error)) => return Err(BrokerError::Connection(error.to_string())),
                // a deleted queue or a cancel by the server: no error, but no more deliveries
                None => return Err(BrokerError::Connection("the consumer was cancelled".to_owned())),
            };
            if let Some(tag) = self.hand_on(delivery, acks).await {
                // cancel first: anything requeued before would come again at once
                self.surplus = Some(tag);
                return Ok(End::Full);
            }
            if self.is_through() {
                return Ok(End::Through);
            }
            if self.probe.is_over() || (!self.probe.is_alone() && self.window.may_grow()) {
                return Ok(End::Grow);
            }
        }
    }

    /// Whether the connection makes messages readable but no longer needs to.
    fn is_through(&self) -> bool {
        self.mended.is_some() && !self.probe.needs_readable()
    }

    /// Waits until all deliveries of a connection are settled, so that it can be closed.
    async fn settled(&self, acks: &Acks) -> Result<End, BrokerError> {
        while !acks.are_done(self.newest) {
            if !acks.is_open() {
                return Err(BrokerError::Connection("lost before all was settled".to_owned()));
            }
            tokio::select! {
                () = self.stop.cancelled() => return Ok(End::Stopped),
                () = tokio::time::sleep(SETTLED_LOOK) => {}
            }
        }
        Ok(End::Through)
    }

    /// Hands a delivery to the worker; returns its tag if there is no room for it.
    async fn hand_on(&mut self, delivery: lapin::message::Delivery, acks: &Arc<Acks>) -> Option<u64> {
        let (tag, bytes) = (delivery.delivery_tag, delivery.data.len());
        let unreadable = self.mended.as_ref().and_then(|mended| mended.take(tag));
        self.newest = tag;
        self.window.saw(bytes);
        self.probe.read(unreadable.is_some());
        let Some(share) = self.held.take(bytes) else { return Some(tag) };
        let delivery = Delivery { unreadable, ..self.take(delivery, acks, share) };
        tokio::select! {
            // if the worker is gone, it has stopped
            _ = self.out.send(delivery) => {}
            () = self.stop.cancelled() => {}
        }
        None
    }

    /// Cancels a subscription. Deliveries that still come are handed on, or requeued if there is no room.
    async fn cancel(
        &mut self,
        channel: &Channel,
        mut consumer: Consumer,
        acks: &Arc<Acks>,
    ) -> Result<(), BrokerError> {
        let server = Arc::clone(&self.server);
        let cancel = server.answer(channel.basic_cancel(TAG.into(), BasicCancelOptions::default()));
        let mut cancel = std::pin::pin!(cancel);
        let mut cancelled = false;
        let mut surplus = self.surplus.take();
        loop {
            tokio::select! {
                biased;
                answer = &mut cancel, if !cancelled => {
                    answer?;
                    cancelled = true;
                }
                () = std::future::ready(()), if surplus.is_some() => {
                    if let Some(tag) = surplus.take() {
                        acks.give_back(tag).await?;
                    }
                }
                delivery = consumer.next() => match delivery {
                    Some(Ok(delivery)) => surplus = self.hand_on(delivery, acks).await,
                    Some(Err(error)) => return Err(BrokerError::Connection(error.to_string())),
                    None => return Ok(()),
                },
            }
        }
    }

    /// Waits for room if there is none; false when the worker is stopping.
    async fn room(&mut self, channel: &Channel, end: End) -> Result<bool, BrokerError> {
        if end == End::Grow {
            return Ok(true);
        }
        loop {
            tokio::select! {
                () = self.stop.cancelled() => return Ok(false),
                () = self.held.half_free() => return Ok(true),
                () = tokio::time::sleep(LOOK) => if !channel.status().connected() {
                    return Err(BrokerError::Connection("lost while waiting for room".to_owned()));
                },
            }
        }
    }

    fn take(
        &self,
        delivery: lapin::message::Delivery,
        acks: &Arc<Acks>,
        share: Share,
    ) -> Delivery<RabbitReceipt> {
        let properties = delivery.properties;
        let first_seen = message::first_seen(&properties, Timestamp::now());
        let attempts = message::attempts(&properties);
        let text = |s: &Option<lapin::types::ShortString>| s.as_ref().map(|s| s.as_str().to_owned());
        let body = Bytes::from(delivery.data);
        Delivery {
            body: body.clone(),
            content_type: text(properties.content_type()),
            content_encoding: text(properties.content_encoding()),
            message_id: text(properties.message_id()),
            headers: message::size_of_headers(&properties),
            attempts,
            received: Instant::now(),
            first_seen,
            traceparent: message::traceparent(&properties),
            unreadable: None,
            receipt: RabbitReceipt {
                tag: delivery.delivery_tag,
                acks: Arc::clone(acks),
                publisher: self.publisher.clone(),
                body,
                properties: Box::new(properties),
                attempts,
                first_seen,
                _share: share,
            },
        }
    }
}
