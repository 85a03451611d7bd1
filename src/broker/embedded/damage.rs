//! Reads around damage in the file: readable articles are delivered, the others reported.

use jiff::Timestamp;
use rusqlite::params;

use super::store::{Found, PAGE_BYTES, Store, StoreError};
use crate::broker::Reason;

/// The most rows examined one by one around damage in one call.
const AROUND_DAMAGE: i64 = 10_000;

/// An article that can't be read.
#[derive(Debug, Clone)]
pub(super) struct Damaged {
    pub row: i64,
    pub error: String,
    /// As much of it as can be read.
    body: Vec<u8>,
}

impl Store {
    /// The new articles after a row, read one by one, so that unreadable ones don't hold up the others.
    pub(super) fn around_damage(&self, after: i64, limit: u32) -> Result<Found, StoreError> {
        let newest: i64 = self.connection.query_row(
            "SELECT seq FROM sqlite_sequence WHERE name = 'articles'",
            [],
            |r| r.get(0),
        )?;
        let mut found = Found { reached: after, ..Found::default() };
        let (last, mut bytes) = (newest.min(after + AROUND_DAMAGE), 0);
        // rows that may or may not exist: a page of the tree is damaged
        let mut unknown: Option<(i64, StoreError)> = None;
        while found.reached < last && found.articles.len() < limit as usize && bytes < PAGE_BYTES {
            let row = found.reached + 1;
            found.reached = row;
            let error = match self.articles("row = ?1 AND attempts = 0", row, 1, usize::MAX) {
                Ok(articles) => {
                    bytes += articles.iter().map(|w| w.article.body.len()).sum::<usize>();
                    found.articles.extend(articles);
                    tell_of_unknown(unknown.take(), row - 1);
                    continue;
                }
                Err(error) if error.is_damage() => error,
                Err(error) => return Err(error),
            };
            if self.is_there(row).is_ok() {
                found.damaged.push(self.damaged(row, &error));
            } else {
                unknown.get_or_insert((row, error));
            }
        }
        tell_of_unknown(unknown, found.reached);
        found.more = found.reached < newest;
        Ok(found)
    }

    fn is_there(&self, row: i64) -> rusqlite::Result<bool> {
        self.connection.prepare_cached("SELECT 1 FROM articles WHERE row = ?1")?.exists([row])
    }

    pub(super) fn damaged(&self, row: i64, error: &StoreError) -> Damaged {
        let select = "SELECT CAST(body AS BLOB) FROM articles WHERE row = ?1";
        let body = self.connection.query_row(select, [row], |r| r.get(0)).unwrap_or_default();
        Damaged { row, error: error.to_string(), body }
    }

    /// Dead-letters an article that can't be read.
    pub(super) fn bury_damaged(&self, article: &Damaged, now: Timestamp) -> Result<(), StoreError> {
        let Damaged { row, error, body } = article;
        self.connection.execute(
            "INSERT INTO dead (body, attempts, first_seen, died, reason, error)
             SELECT ?2, 1, ?3, ?3, ?4, ?5 FROM articles WHERE row = ?1",
            params![row, body, now.to_string(), Reason::DAMAGED.as_str(), error],
        )?;
        self.done(*row)
    }
}

fn tell_of_unknown(rows: Option<(i64, StoreError)>, to: i64) {
    if let Some((from, error)) = rows {
        tracing::error!(from, to, %error, "a part of the store is damaged; articles in these rows are not processed");
    }
}
