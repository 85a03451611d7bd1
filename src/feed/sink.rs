//! Where the article events go.

use bytes::Bytes;

use crate::broker::embedded::Embedded;
use crate::broker::rabbit::Publisher;
use crate::broker::{BrokerError, Incoming};

/// A broker; both answer when the article is safe.
#[derive(Debug, Clone)]
pub enum Sink {
    /// The embedded store.
    Embedded(Embedded),
    /// RabbitMQ, with confirms.
    Rabbit(Publisher),
}

impl Sink {
    /// Resolves when the event is on disk, or confirmed.
    pub(super) async fn publish(&self, event: Vec<u8>) -> Result<(), BrokerError> {
        let article = Incoming {
            body: Bytes::from(event),
            content_type: Some("application/json".to_owned()),
            content_encoding: None,
            traceparent: None,
        };
        match self {
            Self::Embedded(store) => store.accept(article).await,
            Self::Rabbit(publisher) => publisher.article(&article).await,
        }
    }
}
