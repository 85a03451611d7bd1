//! Consuming: a task that keeps a consumer alive and hands its deliveries on.

use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::Bytes;
use futures_util::StreamExt as _;
use jiff::Timestamp;
use lapin::options::{BasicCancelOptions, BasicConsumeOptions, BasicGetOptions, BasicQosOptions};
use lapin::types::FieldTable;
use lapin::{BasicProperties, Channel, Connection, Consumer};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use super::ack::Acks;
use super::health::{Health, Role, State};
use super::message;
use super::publish::Publisher;
use super::session::{Backoff, CLOSING, Server};
use super::topology::ARTICLE_DELIVERIES;
use super::window::Window;
use crate::broker::held::{Held, Share};
use crate::broker::{BrokerError, Delivery, Disposition, Inbox, Receipt};

const TAG: &str = "presswatch";

/// How often a connection that waits for room is looked at.
const LOOK: Duration = Duration::from_millis(500);

/// Pause before the next connection while one message at a time is taken. A message that lapin can't read breaks each
/// connection that it is sent on, until the broker puts it to the dead after [`ARTICLE_DELIVERIES`] of them, and nothing
/// else is taken meanwhile: that must be over soon.
const QUICK: Duration = Duration::from_millis(20);

/// Quick connections in a row: enough for one such message. Whatever else breaks them is met with the growing pause.
const QUICK_IN_A_ROW: i32 = ARTICLE_DELIVERIES + ARTICLE_DELIVERIES / 2;

/// What may be in work at once.
#[derive(Debug, Clone, Copy)]
pub struct Bounds {
    /// Deliveries taken and not yet acked.
    pub prefetch: u16,
    /// Bytes of their bodies.
    pub bytes: usize,
}

/// Hands out the deliveries of the article queue, over as many connections as it takes.
#[derive(Debug)]
pub struct RabbitInbox {
    deliveries: mpsc::Receiver<Delivery<RabbitReceipt>>,
    stop: CancellationToken,
    supervisor: JoinHandle<Option<Cancelled>>,
}

/// A connection that consumes no more; acks still go over its channel. The channel is kept, since lapin closes one that
/// is dropped by itself, and a connection that is closed meanwhile hangs (seen in one stop of twenty).
#[derive(Debug)]
struct Cancelled {
    connection: Connection,
    channel: Channel,
    queue: String,
}

impl Cancelled {
    /// Closes the connection once the queue has taken all acks.
    ///
    /// While 32 of its commands are not answered by a quorum queue, a channel of RabbitMQ keeps further acks to itself
    /// (`quorum_commands_soft_limit`), and forgets them when it is closed: up to 250 articles came again after one stop
    /// in three under load. A get is answered by the queue itself, after all that was sent before. What it may take
    /// goes back with the close.
    async fn leave(self) {
        if let Err(error) = self.channel.basic_get(self.queue.into(), BasicGetOptions::default()).await {
            tracing::warn!(%error, "the queue may not have taken the last acks: articles may come again");
        }
        if let Err(error) = self.connection.close(200, "done".into()).await {
            tracing::debug!(%error, "the connection was closed before");
        }
    }
}

/// What the supervisor needs.
struct Supervisor {
    server: Arc<Server>,
    publisher: Publisher,
    health: Arc<Health>,
    window: Window,
    held: Arc<Held>,
    /// A delivery that there was no room for, to be given back.
    surplus: Option<u64>,
    probe: Probe,
    out: mpsc::Sender<Delivery<RabbitReceipt>>,
    /// Stays cancelled, so that whoever looks next sees it too.
    stop: CancellationToken,
}

/// One message at a time, after a connection that broke while consuming.
///
/// A message that lapin can't read breaks the connection, and the broker counts the break as a delivery of all that it
/// had sent ahead. With the usual prefetch the good articles behind such a message would reach the delivery limit
/// together with it. All that came back lies at the head of the queue: it is taken one by one, so that only the bad
/// message is counted further.
#[derive(Debug, Default)]
struct Probe {
    /// So many messages may still hide the bad one.
    left: u16,
    /// The prefetch in force.
    prefetch: u16,
    /// The subscription takes one message at a time.
    alone: bool,
    /// Connections in a row that broke before a message came.
    broken: i32,
    /// The last one did.
    just_broke: bool,
}

impl Probe {
    /// The prefetch for the next subscription, where `usual` is the one without a probe.
    fn prefetch(&mut self, usual: u16) -> u16 {
        self.alone = self.left > 0;
        self.prefetch = if self.alone { 1 } else { usual };
        self.prefetch
    }

    /// The connection broke while it was consuming: what it held comes again.
    fn broke(&mut self) {
        self.left = self.left.max(self.prefetch);
        self.broken += 1;
        self.just_broke = true;
    }

    /// A message was read.
    fn read(&mut self) {
        self.broken = 0;
        self.left = self.left.saturating_sub(1);
    }

    /// Whether the subscription takes one message at a time and need not any more.
    fn is_over(&self) -> bool {
        self.alone && self.left == 0
    }

    /// Whether the next connection is to be made at once. After the first break it is not: that may be a broker that
    /// stops, and then all workers come.
    fn is_quick(&mut self) -> bool {
        std::mem::take(&mut self.just_broke) && (2..=QUICK_IN_A_ROW).contains(&self.broken)
    }
}

/// Why a subscription ends while the connection is good.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    /// The worker stops.
    Stopped,
    /// More came than there is room for.
    Full,
    /// More could be sent ahead.
    Grow,
}

impl RabbitInbox {
    /// Starts consuming; reconnects until it is stopped.
    pub fn start(server: Arc<Server>, publisher: Publisher, health: Arc<Health>, bounds: Bounds) -> Self {
        // room for all that may be unacked, so that bodies never pile up behind in lapin, where nothing bounds them
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
        // what was not handed out stays unacked and goes back to the queue
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
        // everything is settled: a broker that does not answer now is left to notice by itself
        if tokio::time::timeout(CLOSING, cancelled.leave()).await.is_err() {
            tracing::warn!("the broker did not answer to the close of the connection");
        }
    }
}

impl Supervisor {
    /// Consumes until stopped; gives the connection back, since acks still go over it.
    async fn run(mut self) -> Option<Cancelled> {
        let mut backoff = Backoff::new();
        while !self.stop.is_cancelled() {
            match self.consume(&mut backoff).await {
                Ok(cancelled) => return Some(cancelled),
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
        }
        None
    }

    /// One connection's life: one subscription after the other. Ends well only when stopped.
    async fn consume(&mut self, backoff: &mut Backoff) -> Result<Cancelled, BrokerError> {
        self.health.set(Role::Consume, State::Connecting);
        let (connection, channel) = self.server.channel("presswatch consume").await?;
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
                    tracing::warn!("the broker did not answer to the cancel of the consumer");
                }
                return Ok(Cancelled { connection, channel, queue: names.queue });
            }
            self.cancel(&channel, consumer, &acks).await.inspect_err(|_| self.probe.broke())?;
            tracing::debug!(?end, prefetch, "subscribing again with another prefetch");
            if !self.room(&channel, end).await? {
                return Ok(Cancelled { connection, channel, queue: names.queue });
            }
        }
    }

    /// Hands deliveries on until something ends it.
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
                // the cancel goes first: what is given back before it would come again at once
                self.surplus = Some(tag);
                return Ok(End::Full);
            }
            if self.probe.is_over() || (!self.probe.alone && self.window.may_grow()) {
                return Ok(End::Grow);
            }
        }
    }

    /// Hands a delivery to the worker; gives its tag if there is no room for it.
    async fn hand_on(&mut self, delivery: lapin::message::Delivery, acks: &Arc<Acks>) -> Option<u64> {
        let (tag, bytes) = (delivery.delivery_tag, delivery.data.len());
        self.window.saw(bytes);
        self.probe.read();
        let Some(share) = self.held.take(bytes) else { return Some(tag) };
        let delivery = self.take(delivery, acks, share);
        tokio::select! {
            // a worker that is gone has stopped
            _ = self.out.send(delivery) => {}
            () = self.stop.cancelled() => {}
        }
        None
    }

    /// Ends a subscription. What still comes is handed on, or given back if there is no room.
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

    /// Waits for room, if there is none; false when the worker stops.
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

/// Settles one delivery: by an ack, after the retry or dead letter that it may need is confirmed.
#[derive(Debug)]
pub struct RabbitReceipt {
    tag: u64,
    acks: Arc<Acks>,
    publisher: Publisher,
    body: Bytes,
    properties: Box<BasicProperties>,
    attempts: u32,
    first_seen: Timestamp,
    _share: Share,
}

impl Receipt for RabbitReceipt {
    async fn settle(self, disposition: Disposition) -> Result<(), BrokerError> {
        let names = self.publisher.names();
        match disposition {
            Disposition::Ack => {}
            // its channel is gone and the broker delivers it again: a copy in a retry queue would double it
            _ if !self.acks.is_open() => {
                return Err(BrokerError::Connection("its channel is gone".to_owned()));
            }
            Disposition::Retry { .. } => {
                let properties =
                    message::of_retry(&self.properties, self.attempts.saturating_add(1), self.first_seen);
                let queue = names.retry_after(self.attempts).unwrap_or_else(|| names.queue.clone());
                self.put("", &queue, properties).await?;
            }
            Disposition::Dead { reason, error } => {
                let (attempts, first_seen) = (self.attempts.saturating_add(1), self.first_seen);
                let properties = message::of_dead(&self.properties, reason, &error, attempts, first_seen);
                let (exchange, key) = (names.dead.clone(), names.queue.clone());
                self.put(&exchange, &key, properties).await?;
            }
        }
        self.acks.finish(self.tag).await
    }
}

impl RabbitReceipt {
    /// Publishes the article as it came, until a queue takes it: it must not be acked before.
    async fn put(&self, exchange: &str, key: &str, properties: BasicProperties) -> Result<(), BrokerError> {
        let mut backoff = Backoff::new();
        loop {
            match self.publisher.put(exchange, key, &self.body, properties.clone()).await {
                Err(BrokerError::Refused) if self.acks.is_open() => {}
                Err(error @ BrokerError::Unroutable(_)) if self.acks.is_open() => {
                    tracing::warn!(%error, "an article is held until it can be put back or to the dead");
                    if let Err(error) = self.publisher.declare().await {
                        tracing::warn!(%error, "can't declare it");
                    }
                }
                answer => return answer,
            }
            backoff.wait().await;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_that_came_back_is_taken_alone_after_a_break() {
        let mut probe = Probe::default();
        assert_eq!(probe.prefetch(3), 3);
        assert!(!probe.is_over());
        probe.broke();
        assert!(!probe.is_quick(), "the broker may be stopping");
        assert_eq!(probe.prefetch(3), 1);
        probe.read();
        probe.read();
        assert!(!probe.is_over());
        // the third one is bad
        for _ in 0..ARTICLE_DELIVERIES {
            probe.broke();
            assert!(probe.is_quick() || probe.broken == 1);
            assert!(!probe.is_quick(), "nothing broke since, so the broker can't be reached");
            assert_eq!(probe.prefetch(3), 1);
        }
        probe.read();
        assert!(probe.is_over());
        assert_eq!(probe.prefetch(3), 3);
    }

    #[test]
    fn quick_connections_end_where_it_is_no_single_message() {
        let mut probe = Probe::default();
        let quick = (0..1000).filter(|_| {
            probe.broke();
            probe.is_quick()
        });
        assert_eq!(i32::try_from(quick.count()).unwrap(), QUICK_IN_A_ROW - 1);
    }
}
