//! Declares exchanges and queues, idempotently; reports what differs from an existing one.

use std::time::Duration;

use lapin::options::{ExchangeBindOptions, ExchangeDeclareOptions, QueueBindOptions, QueueDeclareOptions};
use lapin::types::{AMQPValue, FieldTable};
use lapin::{Channel, Connection, ExchangeKind};

use crate::alert::{EVERY_ALERT, Pattern};
use crate::broker::BrokerError;
use crate::config::Settings;

/// How often an article may be delivered without being settled (the worker was killed while holding it) before the
/// broker dead-letters it: by default brokers from 4.0 on do so after 20, and each kill counts for everything
/// prefetched. Dead letters themselves must never be dropped for having been read.
pub(super) const ARTICLE_DELIVERIES: i32 = 100;

/// The names in force and what follows from them.
#[derive(Debug, Clone)]
pub struct Names {
    /// Topic exchange, in.
    pub articles: String,
    /// Quorum queue bound to it.
    pub queue: String,
    /// Exchange and quorum queue for dead letters.
    pub dead: String,
    /// Topic exchange, out.
    pub alerts: String,
    /// Topic exchange for notices to owners of watches, out.
    pub notices: String,
    /// Seconds before each retry.
    pub retry_delays: Vec<u32>,
    /// Stream queue of recent alerts; `None` if there should be none.
    pub recent: Option<RecentQueue>,
    /// Stream queue of changes to watches; `None` if there should be none.
    pub watches: Option<String>,
}

/// The stream queue of recent alerts.
#[derive(Debug, Clone)]
pub struct RecentQueue {
    /// Its name.
    pub name: String,
    /// Approximate number of bytes to keep.
    pub bytes: u64,
    /// Hours to keep them.
    pub hours: u32,
}

/// Why the topology could not be declared.
#[derive(Debug, thiserror::Error)]
pub enum TopologyError {
    /// Something with that name exists but differs.
    #[error("{what} exists but differs: {words}; delete it or change its name in the settings")]
    Differs {
        /// "queue `presswatch.articles`".
        what: String,
        /// The broker's message: which argument.
        words: String,
    },
    /// It is missing, and the user may not declare it.
    #[error(
        "{what}: {words}; give the user the right to configure it, or declare it with `presswatch topology`"
    )]
    Refused {
        /// "queue `presswatch.articles`".
        what: String,
        /// The broker's message.
        words: String,
    },
    /// The connection failed; worth a retry.
    #[error(transparent)]
    Broker(#[from] BrokerError),
}

impl From<TopologyError> for BrokerError {
    /// For callers that retry: an operator may fix it meanwhile.
    fn from(error: TopologyError) -> Self {
        match error {
            TopologyError::Broker(error) => error,
            error => Self::Denied(error.to_string()),
        }
    }
}

/// One thing to declare.
enum Step {
    Exchange { name: String, kind: ExchangeKind, arguments: FieldTable },
    Queue { name: String, arguments: FieldTable },
    BindQueue { queue: String, exchange: String, key: String },
    BindExchange { to: String, from: String, key: String },
}

impl Names {
    /// From the settings.
    pub fn new(settings: &Settings) -> Self {
        let Settings { broker, worker, .. } = settings;
        Self {
            articles: broker.articles_exchange.clone(),
            queue: broker.queue.clone(),
            dead: broker.dead.clone(),
            alerts: broker.alerts_exchange.clone(),
            notices: broker.notices_exchange.clone(),
            retry_delays: worker.retry_delays.clone(),
            recent: (broker.recent_bytes > 0).then(|| RecentQueue {
                name: broker.recent.clone(),
                bytes: broker.recent_bytes,
                hours: broker.recent_hours,
            }),
            watches: Some(broker.watches.clone()).filter(|name| !name.is_empty()),
        }
    }

    /// Headers exchange bound to `alerts`, for AND.
    pub fn matches(&self) -> String {
        format!("{}.match", self.alerts)
    }

    /// Alternate exchange of `alerts` or of `notices`.
    fn unrouted(of: &str) -> String {
        format!("{of}.unrouted")
    }

    /// The exchange to bind a queue to by a pattern.
    pub fn bound_by(&self, pattern: &Pattern) -> &str {
        if pattern.asks_for_notices() { &self.notices } else { &self.alerts }
    }

    /// The queue that holds an article for `seconds` before its retry: "presswatch.articles.retry.5s".
    pub fn retry(&self, seconds: u32) -> String {
        let delay = if seconds.is_multiple_of(60) && seconds > 0 {
            format!("{}m", seconds / 60)
        } else {
            format!("{seconds}s")
        };
        format!("{}.retry.{delay}", self.queue)
    }

    /// The delay queue for the retry after `attempts` earlier ones.
    pub fn retry_after(&self, attempts: u32) -> Option<String> {
        let last = self.retry_delays.len().checked_sub(1)?;
        Some(self.retry(self.retry_delays[(attempts as usize).min(last)]))
    }

    fn steps(&self) -> Vec<Step> {
        let quorum = || {
            let mut table = FieldTable::default();
            table.insert("x-queue-type".into(), text("quorum"));
            table
        };
        // at-least-once dead-lettering requires all three of these
        let dead_lettering = |table: &mut FieldTable, exchange: &str, key: &str| {
            table.insert("x-dead-letter-exchange".into(), text(exchange));
            table.insert("x-dead-letter-routing-key".into(), text(key));
            table.insert("x-dead-letter-strategy".into(), text("at-least-once"));
            table.insert("x-overflow".into(), text("reject-publish"));
        };
        let exchange =
            |name: &str, kind, arguments| Step::Exchange { name: name.to_owned(), kind, arguments };
        // unroutable messages go there
        let unrouted = |of: &str| {
            let mut table = FieldTable::default();
            table.insert("alternate-exchange".into(), text(&Self::unrouted(of)));
            table
        };
        let mut articles = quorum();
        dead_lettering(&mut articles, &self.dead, &self.queue);
        articles.insert("x-delivery-limit".into(), AMQPValue::LongInt(ARTICLE_DELIVERIES));
        let mut dead = quorum();
        dead.insert("x-delivery-limit".into(), AMQPValue::LongInt(i32::MAX));
        let mut steps = vec![
            exchange(&self.articles, ExchangeKind::Topic, FieldTable::default()),
            exchange(&self.dead, ExchangeKind::Topic, FieldTable::default()),
            exchange(&Self::unrouted(&self.alerts), ExchangeKind::Fanout, FieldTable::default()),
            exchange(&self.alerts, ExchangeKind::Topic, unrouted(&self.alerts)),
            exchange(&Self::unrouted(&self.notices), ExchangeKind::Fanout, FieldTable::default()),
            exchange(&self.notices, ExchangeKind::Topic, unrouted(&self.notices)),
            exchange(&self.matches(), ExchangeKind::Headers, FieldTable::default()),
            Step::BindExchange { to: self.matches(), from: self.alerts.clone(), key: EVERY_ALERT.to_owned() },
            Step::Queue { name: self.dead.clone(), arguments: dead },
            Step::BindQueue { queue: self.dead.clone(), exchange: self.dead.clone(), key: "#".to_owned() },
            Step::Queue { name: self.queue.clone(), arguments: articles },
            Step::BindQueue {
                queue: self.queue.clone(),
                exchange: self.articles.clone(),
                key: "#".to_owned(),
            },
        ];
        for seconds in &self.retry_delays {
            // the TTL is the queue's: a message's own would wait behind a longer one at the head
            let mut arguments = quorum();
            dead_lettering(&mut arguments, "", &self.queue);
            arguments.insert("x-message-ttl".into(), AMQPValue::LongInt((*seconds * 1000).cast_signed()));
            steps.push(Step::Queue { name: self.retry(*seconds), arguments });
        }
        steps
    }

    /// Declares everything missing, within a time limit. What exists already and may not be declared by this user is
    /// left as it is.
    pub async fn declare(&self, connection: &Connection, within: Duration) -> Result<(), TopologyError> {
        match tokio::time::timeout(within, self.declare_each(connection)).await {
            Ok(answer) => answer,
            Err(_) => Err(BrokerError::Timeout(within).into()),
        }
    }

    async fn declare_each(&self, connection: &Connection) -> Result<(), TopologyError> {
        let mut channel = open(connection).await?;
        for step in self.steps() {
            let Err(error) = step.carry_out(&channel, false).await else { continue };
            let code = error_code(&error);
            let (what, words) = (step.name(), error.to_string());
            match code {
                Some(406) => return Err(TopologyError::Differs { what, words }),
                Some(403) => {
                    // a failed step closes its channel
                    channel = open(connection).await?;
                    match &step {
                        Step::Exchange { .. } | Step::Queue { .. } => {
                            if step.carry_out(&channel, true).await.is_err() {
                                return Err(TopologyError::Refused { what, words });
                            }
                        }
                        // a binding can't be checked: without the permission, assume it exists
                        Step::BindQueue { .. } | Step::BindExchange { .. } => {
                            tracing::debug!(what, "not bound: no right to, taken as bound before");
                        }
                    }
                }
                _ => return Err(BrokerError::Connection(format!("{what}: {words}")).into()),
            }
        }
        Ok(())
    }

    /// Declares the queue of recent alerts, if there should be one. An existing one with other limits is used as it is,
    /// and logged. Fails where there is none and none can be declared, as before RabbitMQ 3.9.
    pub async fn declare_recent(
        &self,
        connection: &Connection,
        within: Duration,
    ) -> Result<(), TopologyError> {
        let Some(step) = self.recent.as_ref().map(RecentQueue::step) else { return Ok(()) };
        if let Some(differs) = declare_stream(connection, &step, within).await? {
            tracing::warn!(error = %differs, "recent alerts are kept within the limits that the queue already has");
        }
        Ok(())
    }

    /// Declares the queue of changes to watches, if there should be one; fails like [`Self::declare_recent`].
    pub async fn declare_watches(
        &self,
        connection: &Connection,
        within: Duration,
    ) -> Result<(), TopologyError> {
        let Some(step) = self.watches_step() else { return Ok(()) };
        match declare_stream(connection, &step, within).await? {
            // only a stream can be followed by several workers; a queue with a limit would lose watches
            Some(differs) => Err(differs),
            None => Ok(()),
        }
    }

    fn watches_step(&self) -> Option<Step> {
        let mut arguments = FieldTable::default();
        arguments.insert("x-queue-type".into(), text("stream"));
        Some(Step::Queue { name: self.watches.clone()?, arguments })
    }

    /// The topology for people, one thing per line.
    pub fn lines(&self) -> Vec<String> {
        let recent = self.recent.as_ref().map(|queue| format!("{} (stream)", queue.step().name()));
        let watches = self.watches_step().map(|step| format!("{} (stream)", step.name()));
        self.steps().iter().map(Step::name).chain(recent).chain(watches).collect()
    }
}

/// Declares a stream. If it exists already and differs, that is returned as an error that the caller may ignore.
async fn declare_stream(
    connection: &Connection,
    step: &Step,
    within: Duration,
) -> Result<Option<TopologyError>, TopologyError> {
    let declaring = async {
        let channel = open(connection).await?;
        let Err(error) = step.carry_out(&channel, false).await else { return Ok(None) };
        let (what, words) = (step.name(), error.to_string());
        let code = error_code(&error);
        // a failed step closes its channel
        let channel = open(connection).await?;
        if step.carry_out(&channel, true).await.is_ok() {
            return Ok((code == Some(406)).then_some(TopologyError::Differs { what, words }));
        }
        Err(match code {
            Some(403 | 406) => TopologyError::Refused { what, words },
            _ => BrokerError::Connection(format!("{what}: {words}")).into(),
        })
    };
    match tokio::time::timeout(within, declaring).await {
        Ok(answer) => answer,
        Err(_) => Err(BrokerError::Timeout(within).into()),
    }
}

/// A stream drops whole segments of its file; what it keeps is divided into this many.
const SEGMENTS: u64 = 10;

/// Bytes of a segment, minimum and maximum; the maximum is RabbitMQ's default.
const SEGMENT: (u64, u64) = (1 << 20, 500_000_000);

impl RecentQueue {
    fn step(&self) -> Step {
        let number = |n: u64| AMQPValue::LongLongInt(i64::try_from(n).unwrap_or(i64::MAX));
        let mut arguments = FieldTable::default();
        arguments.insert("x-queue-type".into(), text("stream"));
        arguments.insert("x-max-length-bytes".into(), number(self.bytes));
        arguments.insert("x-max-age".into(), text(&format!("{}h", self.hours)));
        let segment = (self.bytes / SEGMENTS).clamp(SEGMENT.0, SEGMENT.1);
        arguments.insert("x-stream-max-segment-size-bytes".into(), number(segment));
        Step::Queue { name: self.name.clone(), arguments }
    }
}

async fn open(connection: &Connection) -> Result<Channel, BrokerError> {
    connection.create_channel().await.map_err(super::session::lost)
}

fn text(value: &str) -> AMQPValue {
    AMQPValue::LongString(value.into())
}

/// The AMQP reply code of an error, if the broker sent one: 403 access refused, 404 not found, 406 differs.
pub(super) fn error_code(error: &lapin::Error) -> Option<u16> {
    match error.kind() {
        lapin::ErrorKind::ProtocolError(error) => Some(error.get_id()),
        _ => None,
    }
}

impl Step {
    async fn carry_out(&self, channel: &Channel, passive: bool) -> lapin::Result<()> {
        match self {
            Self::Exchange { name, kind, arguments } => {
                let options = ExchangeDeclareOptions { passive, durable: true, ..Default::default() };
                channel.exchange_declare(name.as_str().into(), kind.clone(), options, arguments.clone()).await
            }
            Self::Queue { name, arguments } => {
                let options = QueueDeclareOptions { passive, durable: true, ..Default::default() };
                channel.queue_declare(name.as_str().into(), options, arguments.clone()).await.map(|_| ())
            }
            Self::BindQueue { queue, exchange, key } => {
                let (queue, exchange, key) =
                    (queue.as_str().into(), exchange.as_str().into(), key.as_str().into());
                channel
                    .queue_bind(queue, exchange, key, QueueBindOptions::default(), FieldTable::default())
                    .await
            }
            Self::BindExchange { to, from, key } => {
                let (to, from, key) = (to.as_str().into(), from.as_str().into(), key.as_str().into());
                channel
                    .exchange_bind(to, from, key, ExchangeBindOptions::default(), FieldTable::default())
                    .await
            }
        }
    }

    fn name(&self) -> String {
        match self {
            Self::Exchange { name, kind, .. } => {
                format!("exchange `{name}` ({})", format!("{kind:?}").to_lowercase())
            }
            Self::Queue { name, .. } => format!("queue `{name}`"),
            Self::BindQueue { queue, exchange, key } => {
                format!("binding of queue `{queue}` to `{exchange}` by `{key}`")
            }
            Self::BindExchange { to, from, key } => {
                format!("binding of exchange `{to}` to `{from}` by `{key}`")
            }
        }
    }
}
