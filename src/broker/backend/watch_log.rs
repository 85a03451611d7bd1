//! Where changes to watches are kept, in one order: the embedded store's file, or the stream that all workers follow.

use std::sync::Arc;

use tokio::sync::Mutex;

use crate::broker::BrokerError;
use crate::broker::embedded::Embedded;
use crate::broker::rabbit::WatchStream;
use crate::registry::Registry;
use crate::watch::ledger::Change;

/// See the module. Cheap to clone.
#[derive(Debug, Clone)]
pub enum WatchLog {
    /// In the store's file; one change at a time.
    Embedded(Embedded, Registry, Arc<Mutex<()>>),
    /// In the stream.
    Rabbit(WatchStream),
}

impl WatchLog {
    /// Reads the changes kept in the embedded store and applies them.
    pub async fn of_store(store: Embedded, registry: Registry) -> Result<Self, BrokerError> {
        let changes = store.changes().await?;
        let by = registry.clone();
        // with many changes this takes as long as loading all watches
        tokio::task::spawn_blocking(move || by.apply(changes))
            .await
            .map_err(|error| BrokerError::Store(error.to_string()))?;
        Ok(Self::Embedded(store, registry, Arc::default()))
    }

    /// Whether all earlier changes are in force.
    pub fn is_read(&self) -> bool {
        match self {
            Self::Embedded(..) => true,
            Self::Rabbit(stream) => stream.is_read(),
        }
    }

    /// Waits until all earlier changes are in force, or until it is known that none can be read.
    pub async fn caught_up(&self) {
        match self {
            Self::Embedded(..) => {}
            Self::Rabbit(stream) => stream.caught_up().await,
        }
    }

    /// Appends a change; returns whether it counted: another change of the same revision may have come first. Once this
    /// resolves it is kept and in force in this worker; after an error it may or may not be.
    pub async fn write(&self, change: Change) -> Result<bool, BrokerError> {
        match self {
            Self::Embedded(store, registry, turn) => {
                let _turn = turn.lock().await;
                if change.revision <= registry.of_ledger(|ledger| ledger.revision(&change.id)) {
                    return Ok(false);
                }
                store.add_change(change.clone()).await?;
                Ok(registry.apply(vec![change]).contains(&true))
            }
            Self::Rabbit(stream) => stream.write(change).await,
        }
    }
}
