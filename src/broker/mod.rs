//! The seam between the worker and whatever carries its messages.
//!
//! Three small traits: an [`Inbox`] yields deliveries, each with a [`Receipt`] that settles it once, and an [`Outbox`]
//! takes alerts and answers once they are safe. Two real brokers implement them: [`rabbit`] and [`embedded`];
//! [`memory`] is the pair for the worker's own tests, with failures on demand.

pub mod backend;
pub mod confirmed;
pub mod embedded;
pub(crate) mod held;
#[cfg(test)]
pub mod memory;
pub mod open;
pub mod rabbit;
pub mod tail;
pub mod traceparent;
pub mod wanted;

use std::time::Instant;

use bytes::Bytes;
use jiff::Timestamp;
use sha2::{Digest as _, Sha256};

use crate::alert::{Envelope, Unalerted};
use crate::article::decode::DecodeError;

/// A message as delivered by the broker, to be settled exactly once.
#[derive(Debug)]
pub struct Delivery<R> {
    /// As published, byte for byte.
    pub body: Bytes,
    /// As declared by the publisher.
    pub content_type: Option<String>,
    /// As declared by the publisher.
    pub content_encoding: Option<String>,
    /// As set by the publisher, for the log.
    pub message_id: Option<String>,
    /// The number of its headers, and their total bytes.
    pub headers: (usize, usize),
    /// How often it was tried and requeued before.
    pub attempts: u32,
    /// When this process received it.
    pub received: Instant,
    /// When it was first taken in.
    pub first_seen: Timestamp,
    /// W3C trace context of the publisher, passed on with the alert.
    pub traceparent: Option<String>,
    /// What in its envelope could not be read, in words; the article is dead-lettered for it.
    pub unreadable: Option<String>,
    /// Settles it.
    pub receipt: R,
}

impl<R> Delivery<R> {
    /// The same with its receipt converted.
    pub(super) fn with<S>(self, receipt: impl FnOnce(R) -> S) -> Delivery<S> {
        Delivery {
            receipt: receipt(self.receipt),
            body: self.body,
            content_type: self.content_type,
            content_encoding: self.content_encoding,
            message_id: self.message_id,
            headers: self.headers,
            attempts: self.attempts,
            received: self.received,
            first_seen: self.first_seen,
            traceparent: self.traceparent,
            unreadable: self.unreadable,
        }
    }
}

/// Why a message was dead-lettered. A closed set: it labels metrics and filters `presswatch dead`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Reason(&'static str);

impl Reason {
    /// The tagger panicked on every attempt.
    pub const TAGGER_PANICKED: Self = Self("tagger-panicked");
    /// The tagger took longer than `limits.tag_seconds` on every attempt.
    pub const TAGGER_TIMED_OUT: Self = Self("tagger-timed-out");
    /// It has more headers than `limits.headers`, or more bytes of headers than `limits.header_bytes`.
    pub const TOO_MANY_HEADERS: Self = Self("too-many-headers");
    /// Its alert, or a notice of it, is larger than `limits.alert_bytes` or than the broker accepts.
    pub const ALERT_TOO_LARGE: Self = Self("alert-too-large");
    /// A property, a header name or the routing key is not UTF-8, so the RabbitMQ client can't read it.
    pub const UNREADABLE: Self = Self("unreadable-envelope");
    /// The embedded store could not read it because its file is damaged.
    pub const DAMAGED: Self = Self("damaged");
    /// Its alert, or a notice of it, could not be published on any attempt.
    pub const RETRIES_EXHAUSTED: Self = Self("retries-exhausted");

    /// All reasons: those of [`DecodeError`] and the ones above.
    pub fn all() -> impl Iterator<Item = Self> {
        let own = [
            Self::TAGGER_PANICKED,
            Self::TAGGER_TIMED_OUT,
            Self::TOO_MANY_HEADERS,
            Self::ALERT_TOO_LARGE,
            Self::UNREADABLE,
            Self::DAMAGED,
            Self::RETRIES_EXHAUSTED,
        ];
        DecodeError::REASONS.into_iter().map(Self).chain(own)
    }

    /// As used in headers and labels.
    pub fn as_str(self) -> &'static str {
        self.0
    }

    /// The reason with that name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::all().find(|reason| reason.0 == name)
    }
}

impl From<&DecodeError> for Reason {
    fn from(error: &DecodeError) -> Self {
        Self(error.reason())
    }
}

/// A dead-lettered article, with what its broker needs to find it again.
#[derive(Debug, Clone)]
pub struct Dead<P> {
    /// Where it is.
    pub place: P,
    /// Why, from the closed set; or the broker's own word if the broker dead-lettered it (`delivery_limit`).
    pub reason: String,
    /// The error, in words.
    pub error: String,
    /// How often it was tried.
    pub attempts: u32,
    /// When it was first taken in.
    pub first_seen: Option<Timestamp>,
    /// As declared by the publisher.
    pub content_type: Option<String>,
    /// As received, byte for byte.
    pub body: Vec<u8>,
    /// How many were queued after it when it was read.
    pub behind: u64,
}

impl<P> Dead<P> {
    /// Its name for people, a hash of its body, so that it is the same whenever and wherever one looks: reading a
    /// queue's dead letters changes their order. Articles with the same bytes share it.
    pub fn id(&self) -> String {
        Sha256::digest(&self.body)[..6].iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// The same with its place converted.
    pub fn at<Q>(self, place: impl FnOnce(P) -> Q) -> Dead<Q> {
        let Self { place: at, reason, error, attempts, first_seen, content_type, body, behind } = self;
        Dead { place: place(at), reason, error, attempts, first_seen, content_type, body, behind }
    }
}

/// How a delivery is settled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Disposition {
    /// Done: everything published about it is confirmed, or there was nothing to publish.
    Ack,
    /// To be retried after a while.
    Retry {
        /// What went wrong, for the log.
        error: String,
    },
    /// Never to be retried; kept for a person to look at.
    Dead {
        /// The class of the failure.
        reason: Reason,
        /// What is wrong, in words.
        error: String,
    },
}

/// Why the broker did not take something.
#[derive(Debug, Clone, thiserror::Error)]
pub enum BrokerError {
    /// The connection is down, or was closed while waiting.
    #[error("connection lost: {0}")]
    Connection(String),
    /// No connection could be made: the host is down or unknown, or the virtual host does not exist.
    #[error("{0}")]
    Unreachable(String),
    /// No connection could be made: the broker doesn't know the user, or the password is wrong.
    #[error("{0}")]
    Login(String),
    /// The user lacks a permission, or what is declared on the broker differs; a person must fix it.
    #[error("{0}")]
    Denied(String),
    /// The broker refused the message (`basic.nack`): a queue is full, or a write failed.
    #[error("the broker refused the message")]
    Refused,
    /// The broker accepts no message of that size and would refuse it every time.
    #[error("the broker accepts no message as large as this: {0}")]
    TooLarge(String),
    /// No answer came in time.
    #[error("the broker did not answer within {0:?}")]
    Timeout(std::time::Duration),
    /// No queue is bound for it, so it would be lost.
    #[error("no queue takes what is published to {0}; `presswatch topology` declares what is missing")]
    Unroutable(String),
    /// The store failed to write.
    #[error("store: {0}")]
    Store(String),
}

impl BrokerError {
    /// Whether publishing the same message again may succeed: the error says nothing about the message itself.
    pub fn is_of_connection(&self) -> bool {
        matches!(self, Self::Connection(_) | Self::Timeout(_) | Self::Unreachable(_)) || self.is_refusal()
    }

    /// Whether the error persists until a person changes the settings or the broker.
    pub fn is_refusal(&self) -> bool {
        matches!(self, Self::Login(_) | Self::Denied(_))
    }
}

/// An article to be taken in.
#[derive(Debug, Clone)]
pub struct Incoming {
    /// As received, byte for byte.
    pub body: Bytes,
    /// As declared by the publisher.
    pub content_type: Option<String>,
    /// As declared by the publisher.
    pub content_encoding: Option<String>,
    /// W3C trace context.
    pub traceparent: Option<String>,
}

/// Settles one delivery; consumed by it, so that acking twice does not compile.
pub trait Receipt: Send + Sync + 'static {
    /// Carries out the disposition. On an error the delivery will come again.
    fn settle(self, disposition: Disposition) -> impl Future<Output = Result<(), BrokerError>> + Send;
}

/// A source of deliveries. Reconnects by itself.
pub trait Inbox: Send + 'static {
    /// The type that settles its deliveries.
    type Receipt: Receipt;
    /// The next delivery, as soon as there is one; `None` after [`Inbox::stop`] once nothing is left to hand out.
    /// Dropping the future loses nothing.
    fn next(&mut self) -> impl Future<Output = Option<Delivery<Self::Receipt>>> + Send;
    /// Stops consuming. Deliveries not handed out yet are requeued.
    fn stop(&mut self) -> impl Future<Output = ()> + Send;
    /// Waits until everything settled is written, then leaves.
    fn close(self) -> impl Future<Output = ()> + Send;
}

/// Where alerts, and all other messages to subscribers, are published.
pub trait Outbox: Clone + Send + Sync + 'static {
    /// Resolves when the message is safe: confirmed by the broker, or on disk. Returns the id of a message that came
    /// back as unroutable: this one, or another whose return was noticed with it.
    fn publish(
        &self,
        envelope: &Envelope,
        traceparent: Option<&str>,
    ) -> impl Future<Output = Result<Option<String>, BrokerError>> + Send;
    /// Keeps an article that gave no alert, so that watches can be tried on it. Waits for nothing, and tells no error:
    /// the article is processed all the same.
    fn keep(&self, article: Unalerted) -> impl Future<Output = ()> + Send;
}
