//! Where articles are taken in.

use crate::broker::embedded::Embedded;
use crate::broker::rabbit::Publisher;
use crate::broker::{BrokerError, Incoming};

/// A broker as seen by whoever brings articles. Cheap to clone.
#[derive(Debug, Clone)]
pub enum Intake {
    /// The embedded store.
    Embedded(Embedded),
    /// The articles exchange of RabbitMQ.
    Rabbit(Publisher),
}

impl Intake {
    /// Resolves when the article is safe: on disk, or confirmed by the broker.
    pub async fn accept(&self, article: Incoming) -> Result<(), BrokerError> {
        match self {
            Self::Embedded(store) => store.accept(article).await,
            Self::Rabbit(publisher) => publisher.article(&article).await,
        }
    }

    /// Closes the connection, for a caller that has the broker to itself.
    pub async fn close(&self) {
        if let Self::Rabbit(publisher) = self {
            publisher.close().await;
        }
    }
}
