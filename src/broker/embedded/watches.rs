//! Changes to watches in the SQLite file, in order.

use rusqlite::params;

use super::store::{Store, StoreError};
use super::{Embedded, Written};
use crate::broker::BrokerError;
use crate::watch::ledger::{Change, KEPT};

/// Changes read at once.
const PAGE: u32 = 5000;

impl Store {
    /// Appends a change; only the last [`KEPT`] of its watch are kept.
    fn add_change(&self, change: &Change) -> Result<(), StoreError> {
        let record = serde_json::to_string(change).unwrap_or_default();
        self.connection
            .prepare_cached("INSERT INTO watch_changes (id, revision, record) VALUES (?1, ?2, ?3)")?
            .execute(params![change.id, change.revision.cast_signed(), record])?;
        let gone = change.revision.saturating_sub(KEPT as u64);
        self.connection
            .prepare_cached("DELETE FROM watch_changes WHERE id = ?1 AND revision <= ?2")?
            .execute(params![change.id, gone.cast_signed()])?;
        Ok(())
    }

    /// The changes after a number, in order, with the number reached. A change that can't be read, say of a later
    /// version, is skipped and logged.
    fn changes_after(&self, number: i64) -> Result<(Vec<Change>, i64), StoreError> {
        let mut select = self.connection.prepare_cached(
            "SELECT number, record FROM watch_changes WHERE number > ?1 ORDER BY number LIMIT ?2",
        )?;
        let mut rows = select.query(params![number, PAGE])?;
        let (mut changes, mut reached) = (Vec::new(), number);
        while let Some(row) = rows.next()? {
            reached = row.get(0)?;
            match serde_json::from_str(&row.get::<_, String>(1)?) {
                Ok(change) => changes.push(change),
                Err(error) => tracing::error!(number = reached, %error, "a change of a watch can't be read"),
            }
        }
        Ok((changes, reached))
    }
}

impl Embedded {
    /// Stores a change; resolves when it is on disk.
    pub async fn add_change(&self, change: Change) -> Result<(), BrokerError> {
        self.writes.write(move |store| store.add_change(&change).map(|()| Written::Done)).await?;
        Ok(())
    }

    /// All stored changes, in order.
    pub async fn changes(&self) -> Result<Vec<Change>, BrokerError> {
        let (mut all, mut from) = (Vec::new(), 0);
        loop {
            let (changes, reached) = self.reads.read(move |store| store.changes_after(from)).await?;
            if reached == from {
                return Ok(all);
            }
            all.extend(changes);
            from = reached;
        }
    }
}
