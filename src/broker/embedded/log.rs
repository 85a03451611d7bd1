//! The reading side of the SQLite file's log of alerts and of each owner's notices.

use jiff::Timestamp;
use rusqlite::{OptionalExtension as _, params};

use super::store::{Store, StoreError};
use super::{Answer, Embedded};
use crate::broker::BrokerError;
use crate::broker::tail::{Newer, Older, Published};
use crate::broker::wanted::{Look, Wanted, received_at};

/// The most alerts examined to find the latest with certain keys.
const LATEST_OF: u32 = 20_000;

/// Bytes of alerts searched in one call: read and matched in less than a second.
const SEARCHED: usize = 16 << 20;

/// The most alerts that may lie between a retried one and those received with it.
const RETRIED: u64 = 1000;

/// A page of the log ends after this many wanted alerts, bytes of them, or examined alerts.
const PAGE_ALERTS: usize = 100;
const PAGE_OF_LOG: usize = 256 << 10;
const LOOKED_AT: u32 = 2000;

impl Store {
    /// A page of the alerts after a number whose keys are wanted.
    pub fn alerts_after(&self, number: u64, wanted: &dyn Fn(&str) -> bool) -> Result<Newer, StoreError> {
        let mut select = self.connection.prepare_cached(
            "SELECT sequence, keys, body FROM alerts WHERE sequence > ?1 ORDER BY sequence LIMIT ?2",
        )?;
        let mut rows = select.query(params![number.cast_signed(), LOOKED_AT])?;
        let (mut page, mut bytes) = (Newer { reached: number, ..Newer::default() }, 0);
        page.gone = self.oldest()?.saturating_sub(number + 1);
        while page.alerts.len() < PAGE_ALERTS
            && bytes < PAGE_OF_LOG
            && let Some(r) = rows.next()?
        {
            page.reached = r.get::<_, i64>(0)?.cast_unsigned();
            let keys: String = r.get(1)?;
            // skip reading a body that is not wanted
            if wanted(&keys) {
                let body: Vec<u8> = r.get(2)?;
                bytes += body.len();
                let id = page.reached.to_string();
                page.alerts.push(Published { number: page.reached, id, keys, body });
            }
        }
        Ok(page)
    }

    /// The latest wanted alerts below a number, up to `most`.
    pub fn alerts_before(&self, number: u64, most: usize, wanted: &Wanted) -> Result<Older, StoreError> {
        let mut select = self.connection.prepare_cached(
            "SELECT sequence, keys, body FROM alerts WHERE sequence < ?1 ORDER BY sequence DESC LIMIT ?2",
        )?;
        let below = i64::try_from(number).unwrap_or(i64::MAX);
        let mut rows = select.query(params![below, LATEST_OF])?;
        let mut older = Older { reached: number, ..Older::default() };
        let mut bytes = 0;
        while older.alerts.len() < most && bytes < SEARCHED {
            let Some(r) = rows.next()? else {
                older.ended = older.looked_at < LATEST_OF as usize;
                return Ok(older);
            };
            older.reached = r.get::<_, i64>(0)?.cast_unsigned();
            older.looked_at += 1;
            let keys: String = r.get(1)?;
            if !wanted.by_keys(&keys) {
                continue;
            }
            let body: Vec<u8> = r.get(2)?;
            bytes += body.len();
            match wanted.by_body(&body) {
                Look::Take => {
                    let id = older.reached.to_string();
                    older.alerts.push(Published { number: older.reached, id, keys, body });
                }
                Look::Leave => {}
                Look::End => {
                    older.ended = true;
                    return Ok(older);
                }
            }
        }
        older.ended = older.looked_at < LATEST_OF as usize && rows.next()?.is_none();
        Ok(older)
    }

    /// A page of up to `most` of an owner's notices after a number.
    pub fn notices_of(&self, owner: &str, number: u64, most: usize) -> Result<Newer, StoreError> {
        let mut select = self.connection.prepare_cached(
            "SELECT number, keys, body FROM notices WHERE owner = ?1 AND number > ?2 ORDER BY number",
        )?;
        let after = i64::try_from(number).unwrap_or(i64::MAX);
        let mut rows = select.query(params![owner, after])?;
        let (mut page, mut bytes) = (Newer { reached: number, ..Newer::default() }, 0);
        page.gone = self.oldest_notice(owner)?.saturating_sub(number.saturating_add(1));
        while page.alerts.len() < most
            && bytes < PAGE_OF_LOG
            && let Some(r) = rows.next()?
        {
            page.reached = r.get::<_, i64>(0)?.cast_unsigned();
            let (id, keys, body) = (page.reached.to_string(), r.get(1)?, r.get::<_, Vec<u8>>(2)?);
            bytes += body.len();
            page.alerts.push(Published { number: page.reached, id, keys, body });
        }
        Ok(page)
    }

    /// The routing keys of the latest notices of all owners, up to [`LATEST_OF`] and back to a time, and when the
    /// article of each came in.
    pub fn notices_since(&self, from: Timestamp) -> Result<Vec<(String, Timestamp)>, StoreError> {
        let mut owners = self.connection.prepare_cached("SELECT DISTINCT owner FROM notices")?;
        let owners = owners.query_map([], |r| r.get(0))?.collect::<Result<Vec<String>, _>>()?;
        let mut select = self
            .connection
            .prepare_cached("SELECT keys, body FROM notices WHERE owner = ?1 ORDER BY number DESC")?;
        let mut found = Vec::new();
        for owner in owners {
            let mut rows = select.query([owner])?;
            while found.len() < LATEST_OF as usize
                && let Some(r) = rows.next()?
                && let Some(came) = received_at(&r.get::<_, Vec<u8>>(1)?).filter(|came| *came >= from)
            {
                found.push((r.get(0)?, came));
            }
        }
        Ok(found)
    }

    /// The number of an owner's oldest kept notice; 0 if there is none.
    fn oldest_notice(&self, owner: &str) -> Result<u64, StoreError> {
        let oldest: Option<i64> = self
            .connection
            .prepare_cached("SELECT min(number) FROM notices WHERE owner = ?1")?
            .query_row([owner], |r| r.get(0))?;
        Ok(oldest.unwrap_or(0).cast_unsigned())
    }

    /// The alert with an id.
    pub fn alert(&self, id: &str) -> Result<Option<Published>, StoreError> {
        let mut select =
            self.connection.prepare_cached("SELECT sequence, keys, body FROM alerts WHERE id = ?1")?;
        let found = select.query_row([id], |r| {
            let number = r.get::<_, i64>(0)?.cast_unsigned();
            Ok(Published { number, id: number.to_string(), keys: r.get(1)?, body: r.get(2)? })
        });
        Ok(found.optional()?)
    }

    /// A number below which are all alerts whose articles were received before `time`, and few others. Numbers increase
    /// with time, so a binary search finds it.
    pub fn number_at(&self, time: Timestamp) -> Result<u64, StoreError> {
        let mut select = self.connection.prepare_cached(
            "SELECT sequence, body FROM alerts WHERE sequence >= ?1 ORDER BY sequence LIMIT 1",
        )?;
        let (mut low, mut high) = (self.oldest()?, self.newest()? + 1);
        while low < high {
            let middle = low.midpoint(high);
            let row = select.query_row([middle.cast_signed()], |r| {
                Ok((r.get::<_, i64>(0)?.cast_unsigned(), r.get::<_, Vec<u8>>(1)?))
            });
            match row.optional()? {
                Some((number, body)) if received_at(&body).is_some_and(|at| at < time) => low = number + 1,
                _ => high = middle,
            }
        }
        // a retried article was received earlier than ones with lower numbers
        Ok(low + RETRIED)
    }

    /// The number of the oldest kept alert, or of the next one if there is none.
    fn oldest(&self) -> Result<u64, StoreError> {
        let oldest: Option<i64> = self
            .connection
            .prepare_cached("SELECT min(sequence) FROM alerts")?
            .query_row([], |r| r.get(0))?;
        oldest.map_or_else(|| Ok(self.newest()? + 1), |oldest| Ok(oldest.cast_unsigned()))
    }

    /// The highest number ever given to an alert; 0 before the first.
    pub fn newest(&self) -> Result<u64, StoreError> {
        let newest: Option<i64> = self
            .connection
            .query_row("SELECT seq FROM sqlite_sequence WHERE name = 'alerts'", [], |r| r.get(0))
            .optional()?;
        Ok(newest.unwrap_or(0).cast_unsigned())
    }
}

impl Embedded {
    /// A page of up to `most` of an owner's notices after a number, oldest first. Each owner's notices are numbered
    /// separately, from 1. Waits for no writer.
    pub async fn notices_of(&self, owner: &str, number: u64, most: usize) -> Result<Newer, BrokerError> {
        let owner = owner.to_owned();
        let read = move |store: &Store| store.notices_of(&owner, number, most).map(Answer::Alerts);
        match Self::ask_by(&self.log, read).await? {
            Answer::Alerts(page) => Ok(page),
            _ => Ok(Newer::default()),
        }
    }

    /// The routing keys of the latest notices back to a time, and when the article of each came in.
    pub async fn notices_since(&self, from: Timestamp) -> Result<Vec<(String, Timestamp)>, BrokerError> {
        let read = move |store: &Store| store.notices_since(from).map(Answer::Noticed);
        match Self::ask_by(&self.log, read).await? {
            Answer::Noticed(found) => Ok(found),
            _ => Ok(Vec::new()),
        }
    }
}
