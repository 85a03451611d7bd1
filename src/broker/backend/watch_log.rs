//! Where changes of watches are kept, in one order: the file of the embedded store, or the stream that all workers follow.

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
    /// In its file; one change after the other.
    Embedded(Embedded, Registry, Arc<Mutex<()>>),
    /// In the stream.
    Rabbit(WatchStream),
}

impl WatchLog {
    /// Reads what the embedded store keeps and puts it in force.
    pub async fn of_store(store: Embedded, registry: Registry) -> Result<Self, BrokerError> {
        let changes = store.changes().await?;
        let by = registry.clone();
        // of many it takes as long as to load all watches
        tokio::task::spawn_blocking(move || by.apply(changes))
            .await
            .map_err(|error| BrokerError::Store(error.to_string()))?;
        Ok(Self::Embedded(store, registry, Arc::default()))
    }

    /// Whether all that was changed before is in force.
    pub fn is_read(&self) -> bool {
        match self {
            Self::Embedded(..) => true,
            Self::Rabbit(stream) => stream.is_read(),
        }
    }

    /// Adds a change; whether it counted: another may have been made of the same revision before. It is kept, and in force in
    /// this worker, when this resolves. After an error it may be so or not.
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
