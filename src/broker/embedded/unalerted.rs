//! The articles that gave no alert, in the SQLite file: the latest of them, for those who try watches.

use rusqlite::{OptionalExtension as _, Row, params};
use tokio::sync::oneshot;

use super::store::{Store, StoreError};
use super::{Answer, Embedded, Job};
use crate::alert::Unalerted;
use crate::broker::BrokerError;
use crate::broker::tail::{Older, Published};

/// A page ends after this many bytes.
const PAGE_BYTES: usize = 16 << 20;

/// What [`published`] reads.
const COLUMNS: &str = "number, article, url, body";

fn published(row: &Row<'_>) -> rusqlite::Result<Published> {
    let (number, url) = (row.get::<_, i64>(0)?, row.get::<_, Option<String>>(2)?);
    Ok(Published {
        number: number.cast_unsigned(),
        id: row.get(1)?,
        keys: url.unwrap_or_default(),
        body: row.get(3)?,
    })
}

impl Store {
    /// Keeps an article in place of an earlier one with its id, and drops the oldest.
    pub(super) fn keep_unalerted(&self, article: &Unalerted) -> Result<(), StoreError> {
        let Unalerted { id, url, body } = article;
        self.connection
            .prepare_cached("INSERT OR REPLACE INTO unalerted (article, url, body) VALUES (?1, ?2, ?3)")?
            .execute(params![id, url, body])?;
        let oldest = self.connection.last_insert_rowid() - i64::from(self.keep.articles);
        self.connection.prepare_cached("DELETE FROM unalerted WHERE number <= ?1")?.execute([oldest])?;
        Ok(())
    }

    fn unalerted_before(&self, number: u64, most: usize) -> Result<Older, StoreError> {
        let mut select = self.connection.prepare_cached(&format!(
            "SELECT {COLUMNS} FROM unalerted WHERE number < ?1 ORDER BY number DESC"
        ))?;
        let mut rows = select.query([i64::try_from(number).unwrap_or(i64::MAX)])?;
        let (mut older, mut bytes) = (Older { reached: number, ..Older::default() }, 0);
        while older.alerts.len() < most && bytes < PAGE_BYTES {
            let Some(row) = rows.next()? else {
                older.ended = true;
                return Ok(older);
            };
            let article = published(row)?;
            bytes += article.body.len();
            (older.reached, older.looked_at) = (article.number, older.looked_at + 1);
            older.alerts.push(article);
        }
        older.ended = rows.next()?.is_none();
        Ok(older)
    }

    fn unalerted(&self, name: &str) -> Result<Option<Published>, StoreError> {
        let find = |column: &str| {
            let mut select = self.connection.prepare_cached(&format!(
                "SELECT {COLUMNS} FROM unalerted WHERE {column} = ?1 ORDER BY number DESC LIMIT 1"
            ))?;
            select.query_row([name], published).optional()
        };
        match find("article")? {
            Some(found) => Ok(Some(found)),
            None => Ok(find("url")?),
        }
    }
}

impl Embedded {
    /// Has an article kept and waits for no answer: it is in the transaction that takes the article off the queue, or an
    /// earlier one.
    pub(super) async fn send_unalerted(&self, article: Unalerted) {
        let (answer, _nobody) = oneshot::channel();
        let keep = move |store: &Store| store.keep_unalerted(&article).map(|()| Answer::Done);
        // an error says that the store's thread has ended
        let _ = self.writes.send(Job { work: Box::new(keep), answer }).await;
    }

    /// The latest articles below a number that gave no alert, up to `most`; the keys of each are its URL. Waits for no
    /// writer.
    pub async fn unalerted_before(&self, number: u64, most: usize) -> Result<Older, BrokerError> {
        let read = move |store: &Store| store.unalerted_before(number, most).map(Answer::Older);
        match Self::ask_by(&self.log, read).await? {
            Answer::Older(older) => Ok(older),
            _ => Ok(Older::default()),
        }
    }

    /// The article with an id or a URL among those that gave no alert.
    pub async fn unalerted(&self, name: String) -> Result<Option<Published>, BrokerError> {
        let read = move |store: &Store| store.unalerted(&name).map(Answer::Published);
        match Self::ask_by(&self.log, read).await? {
            Answer::Published(article) => Ok(article),
            _ => Ok(None),
        }
    }
}
