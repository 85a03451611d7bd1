//! Dead letters in the SQLite file.

use jiff::Timestamp;
use rusqlite::params;

use super::store::{PAGE_BYTES, Store, StoreError};
use crate::broker::Dead;

/// A page ends after this many dead letters.
const PAGE_DEAD: usize = 100;

impl Store {
    /// Dead-letters an article.
    pub fn bury(&self, row: i64, reason: &str, error: &str, now: Timestamp) -> Result<(), StoreError> {
        self.connection
            .prepare_cached(
                "INSERT INTO dead (body, content_type, content_encoding, traceparent, attempts, first_seen, died, reason, error)
                 SELECT body, content_type, content_encoding, traceparent, min(attempts + 1, 4294967295), first_seen, ?2, ?3, ?4
                 FROM articles WHERE row = ?1",
            )?
            .execute(params![row, now.to_string(), reason, error])?;
        self.done(row)
    }

    /// A page of the dead letters after a row, oldest first, each with its row; empty at the end.
    pub fn dead_after(&self, row: i64) -> Result<Vec<Dead<i64>>, StoreError> {
        let mut select = self.connection.prepare_cached(
            "SELECT row, reason, error, attempts, first_seen, content_type, body FROM dead WHERE row > ?1 ORDER BY row",
        )?;
        let mut rows = select.query([row])?;
        let (mut page, mut bytes) = (Vec::new(), 0);
        while bytes < PAGE_BYTES
            && page.len() < PAGE_DEAD
            && let Some(r) = rows.next()?
        {
            let dead = Dead {
                place: r.get(0)?,
                reason: r.get(1)?,
                error: r.get(2)?,
                attempts: r.get(3)?,
                first_seen: r.get::<_, String>(4)?.parse().ok(),
                content_type: r.get(5)?,
                body: r.get(6)?,
                behind: 0,
            };
            bytes += dead.body.len();
            page.push(dead);
        }
        let last = page.last().map_or(row, |dead| dead.place);
        let behind: i64 =
            self.connection.query_row("SELECT count(*) FROM dead WHERE row > ?1", [last], |r| r.get(0))?;
        for (dead, behind) in page.iter_mut().rev().zip(behind.cast_unsigned()..) {
            dead.behind = behind;
        }
        Ok(page)
    }

    /// Removes a dead letter for good; false if it was not there.
    pub fn drop_dead(&self, row: i64) -> Result<bool, StoreError> {
        Ok(self.connection.execute("DELETE FROM dead WHERE row = ?1", [row])? == 1)
    }

    /// Requeues a dead letter after all that wait; false if it was not there.
    pub fn replay(&self, row: i64, now: Timestamp) -> Result<bool, StoreError> {
        self.connection.execute(
            "INSERT INTO articles (body, content_type, content_encoding, traceparent, first_seen, due)
             SELECT body, content_type, content_encoding, traceparent, first_seen, ?2 FROM dead WHERE row = ?1",
            params![row, now.as_millisecond()],
        )?;
        self.drop_dead(row)
    }
}
