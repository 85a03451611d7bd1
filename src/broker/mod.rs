//! The seam between the worker and whatever carries its messages.
//!
//! Three small traits: an [`Inbox`] yields deliveries, each with a [`Receipt`] that settles it once, and an
//! [`Outbox`] takes alerts and answers when they are safe. Two real brokers stand behind it: [`rabbit`] and
//! [`embedded`]; [`memory`] is the pair for the worker's own tests, with a switch for failures.

pub mod backend;
pub mod confirmed;
pub mod embedded;
pub(crate) mod held;
#[cfg(test)]
pub mod memory;
pub mod rabbit;
pub mod tail;
pub mod traceparent;
pub mod wanted;

use std::time::Instant;

use bytes::Bytes;
use jiff::Timestamp;
use sha2::{Digest as _, Sha256};

use crate::alert::Envelope;
use crate::article::decode::DecodeError;

/// A message as the broker hands it out, to be settled exactly once.
#[derive(Debug)]
pub struct Delivery<R> {
    /// As published, to the byte.
    pub body: Bytes,
    /// As declared by the publisher.
    pub content_type: Option<String>,
    /// As declared by the publisher.
    pub content_encoding: Option<String>,
    /// As set by the publisher, for the log.
    pub message_id: Option<String>,
    /// How many headers it has, and their bytes.
    pub headers: (usize, usize),
    /// How often it was tried before and put back.
    pub attempts: u32,
    /// When this process got it.
    pub received: Instant,
    /// When it was taken in for the first time.
    pub first_seen: Timestamp,
    /// W3C trace context of the publisher, handed on with the alert.
    pub traceparent: Option<String>,
    /// What of its envelope could not be read as it came, in words; the article is dead for it.
    pub unreadable: Option<String>,
    /// Settles it.
    pub receipt: R,
}

/// Why a message went to the dead queue. A closed set: it labels metrics and filters `presswatch dead`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Reason(&'static str);

impl Reason {
    /// The tagger panicked on it, each time that it was tried.
    pub const TAGGER_PANICKED: Self = Self("tagger-panicked");
    /// The tagger took longer over it than `limits.tag_seconds`, each time that it was tried.
    pub const TAGGER_TIMED_OUT: Self = Self("tagger-timed-out");
    /// It has more headers than `limits.headers`, or longer ones than `limits.header_bytes`.
    pub const TOO_MANY_HEADERS: Self = Self("too-many-headers");
    /// Its alert, or a notice of it, is larger than `limits.alert_bytes`, or than the broker takes.
    pub const ALERT_TOO_LARGE: Self = Self("alert-too-large");
    /// A property, the name of a header or the routing key is not UTF-8: the client for RabbitMQ can't read it.
    pub const UNREADABLE: Self = Self("unreadable-envelope");
    /// The embedded store could not read it: its file is damaged.
    pub const DAMAGED: Self = Self("damaged");
    /// Its alert, or a notice of it, could not be published, each time that it was tried.
    pub const RETRIES_EXHAUSTED: Self = Self("retries-exhausted");

    /// All of them: those of [`DecodeError`] and those above.
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

    /// As it stands in headers and labels.
    pub fn as_str(self) -> &'static str {
        self.0
    }

    /// The reason of that name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::all().find(|reason| reason.0 == name)
    }
}

impl From<&DecodeError> for Reason {
    fn from(error: &DecodeError) -> Self {
        Self(error.reason())
    }
}

/// An article among the dead, with what its broker finds it by.
#[derive(Debug, Clone)]
pub struct Dead<P> {
    /// Where it lies.
    pub place: P,
    /// Why, from the closed set; or the broker's own word if it put it there (`delivery_limit`).
    pub reason: String,
    /// In words.
    pub error: String,
    /// How often it was tried.
    pub attempts: u32,
    /// When it came in for the first time.
    pub first_seen: Option<Timestamp>,
    /// As declared.
    pub content_type: Option<String>,
    /// As it came, to the byte.
    pub body: Vec<u8>,
    /// How many lay behind it when it was looked at.
    pub behind: u64,
}

impl<P> Dead<P> {
    /// Its name for people: of its body, so that it is the same whenever and wherever one looks; looking at the dead of a
    /// queue changes their order. Articles of the same bytes share it.
    pub fn id(&self) -> String {
        Sha256::digest(&self.body)[..6].iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// The same with its place told otherwise.
    pub fn at<Q>(self, place: impl FnOnce(P) -> Q) -> Dead<Q> {
        let Self { place: at, reason, error, attempts, first_seen, content_type, body, behind } = self;
        Dead { place: place(at), reason, error, attempts, first_seen, content_type, body, behind }
    }
}

/// What becomes of a delivery.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Disposition {
    /// Done with: what is told of it is confirmed, or there is nothing to tell.
    Ack,
    /// To be tried again after a while.
    Retry {
        /// What went wrong, for the log.
        error: String,
    },
    /// Never to be tried again; kept for a person to look at.
    Dead {
        /// Its class.
        reason: Reason,
        /// What is wrong, in words.
        error: String,
    },
}

/// Why something was not taken by the broker.
#[derive(Debug, Clone, thiserror::Error)]
pub enum BrokerError {
    /// The connection is down, or was closed while waiting.
    #[error("connection lost: {0}")]
    Connection(String),
    /// No connection came about: a host that is down or not known, a virtual host that is not there.
    #[error("{0}")]
    Unreachable(String),
    /// No connection came about: the broker knows the user not, or by another password.
    #[error("{0}")]
    Login(String),
    /// The user lacks a right, or what is declared on the broker differs: a person must put it right.
    #[error("{0}")]
    Denied(String),
    /// The broker refused the message (`basic.nack`): a queue is full, or it failed to write.
    #[error("the broker refused the message")]
    Refused,
    /// The broker takes no message of that size: it would refuse it each time.
    #[error("the broker takes no message as large as this one: {0}")]
    TooLarge(String),
    /// No answer came in time.
    #[error("the broker did not answer within {0:?}")]
    Timeout(std::time::Duration),
    /// No queue is bound for it: it would be gone.
    #[error("no queue takes what is published to {0}; `presswatch topology` declares what is missing")]
    Unroutable(String),
    /// The store could not write.
    #[error("store: {0}")]
    Store(String),
}

impl BrokerError {
    /// Whether the same may be taken when it is published again: nothing was said of the message itself.
    pub fn is_of_connection(&self) -> bool {
        matches!(self, Self::Connection(_) | Self::Timeout(_) | Self::Unreachable(_)) || self.is_refusal()
    }

    /// Whether it stays so until a person changes the settings or the broker.
    pub fn is_refusal(&self) -> bool {
        matches!(self, Self::Login(_) | Self::Denied(_))
    }
}

/// An article to be taken in.
#[derive(Debug, Clone)]
pub struct Incoming {
    /// As it came, to the byte.
    pub body: Bytes,
    /// As declared.
    pub content_type: Option<String>,
    /// As declared.
    pub content_encoding: Option<String>,
    /// W3C trace context.
    pub traceparent: Option<String>,
}

/// Settles one delivery; consumed by it, so that acking twice does not compile.
pub trait Receipt: Send + Sync + 'static {
    /// Carries the disposition out. An error means that the delivery will come again.
    fn settle(self, disposition: Disposition) -> impl Future<Output = Result<(), BrokerError>> + Send;
}

/// Where deliveries come from. Reconnects by itself.
pub trait Inbox: Send + 'static {
    /// What settles its deliveries.
    type Receipt: Receipt;
    /// The next delivery, as soon as there is one; none after [`Inbox::stop`] when nothing is left to hand out.
    /// Dropping the future loses nothing.
    fn next(&mut self) -> impl Future<Output = Option<Delivery<Self::Receipt>>> + Send;
    /// Asks the broker for no more. What was not handed out yet goes back to it.
    fn stop(&mut self) -> impl Future<Output = ()> + Send;
    /// Waits until all that was settled is written, then leaves.
    fn close(self) -> impl Future<Output = ()> + Send;
}

/// Where alerts go, and whatever else is told to subscribers.
pub trait Outbox: Clone + Send + Sync + 'static {
    /// Resolves when the message is safe: confirmed by the broker, or on disk. Gives the id of a message that came back
    /// because nobody is bound for it: of this one, or of another whose return was noticed with it.
    fn publish(
        &self,
        envelope: &Envelope,
        traceparent: Option<&str>,
    ) -> impl Future<Output = Result<Option<String>, BrokerError>> + Send;
}
