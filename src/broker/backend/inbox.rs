//! The inbox and the outbox of a worker, whichever broker it uses.

use super::Backend;
use crate::alert::{Envelope, Unalerted};
use crate::broker::embedded::EmbeddedInbox;
use crate::broker::rabbit::RabbitInbox;
use crate::broker::{BrokerError, Delivery, Disposition, Inbox, Outbox, Receipt};

/// Where a worker takes articles from.
#[derive(Debug)]
pub enum AnyInbox {
    /// The embedded store.
    Embedded(EmbeddedInbox),
    /// The article queue of RabbitMQ.
    Rabbit(RabbitInbox),
}

/// What settles a delivery of an [`AnyInbox`].
#[derive(Debug)]
pub enum AnyReceipt {
    /// From the embedded store.
    Embedded(<EmbeddedInbox as Inbox>::Receipt),
    /// From RabbitMQ.
    Rabbit(<RabbitInbox as Inbox>::Receipt),
}

impl Receipt for AnyReceipt {
    async fn settle(self, disposition: Disposition) -> Result<(), BrokerError> {
        match self {
            Self::Embedded(receipt) => receipt.settle(disposition).await,
            Self::Rabbit(receipt) => receipt.settle(disposition).await,
        }
    }
}

impl Inbox for AnyInbox {
    type Receipt = AnyReceipt;

    async fn next(&mut self) -> Option<Delivery<AnyReceipt>> {
        match self {
            Self::Embedded(inbox) => inbox.next().await.map(|delivery| delivery.with(AnyReceipt::Embedded)),
            Self::Rabbit(inbox) => inbox.next().await.map(|delivery| delivery.with(AnyReceipt::Rabbit)),
        }
    }

    async fn stop(&mut self) {
        match self {
            Self::Embedded(inbox) => inbox.stop().await,
            Self::Rabbit(inbox) => inbox.stop().await,
        }
    }

    async fn close(self) {
        match self {
            Self::Embedded(inbox) => inbox.close().await,
            Self::Rabbit(inbox) => inbox.close().await,
        }
    }
}

impl Outbox for Backend {
    async fn publish(
        &self,
        envelope: &Envelope,
        traceparent: Option<&str>,
    ) -> Result<Option<String>, BrokerError> {
        match self {
            Self::Embedded(store) => store.publish(envelope, traceparent).await,
            Self::Rabbit(publisher, ..) => publisher.publish(envelope, traceparent).await,
        }
    }

    async fn keep(&self, article: Unalerted) {
        match self {
            Self::Embedded(store) => store.keep(article).await,
            Self::Rabbit(publisher, ..) => publisher.keep(article).await,
        }
    }
}
