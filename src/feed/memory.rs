//! What was seen before: items by their keys, feeds by what their responses said. A SQLite file in the data folder.
//!
//! It is bounded: items that have left their feed are forgotten after a time, and beyond a maximum number, the longest
//! gone first. What is in the latest reading of a feed is kept; otherwise it would be taken for news.

use std::fs::{self, File, TryLockError};
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension as _, params};

use super::item::Key;

/// Name of the file in the data folder.
const FILE: &str = "feeds.sqlite";
const LOCK: &str = "feeds.lock";

/// Stored in the file as `user_version`.
const VERSION: u32 = 1;

const SCHEMA: &str = "
    CREATE TABLE feeds (
        url TEXT PRIMARY KEY,
        etag TEXT,
        last_modified TEXT,
        asked INTEGER NOT NULL,
        read INTEGER NOT NULL DEFAULT 0,
        not_before INTEGER NOT NULL DEFAULT 0,
        why TEXT
    );
    CREATE TABLE items (
        key BLOB PRIMARY KEY,
        feed TEXT NOT NULL,
        seen INTEGER NOT NULL
    ) WITHOUT ROWID;
    CREATE INDEX items_by_time ON items (seen);";

/// Maximum number of items to remember, besides those still in their feeds.
const MOST_ITEMS: i64 = 2_000_000;

/// Why the memory can't be used.
#[derive(Debug, Clone, thiserror::Error)]
pub enum MemoryError {
    /// The folder or a file in it can't be created.
    #[error("can't write in the folder `{0}`: {1}; set `data_dir` to one that can be written")]
    Folder(String, String),
    /// Another process polls feeds with it.
    #[error(
        "the feeds' memory in `{0}` is in use by another presswatch; stop it or set another `data_dir`: two would publish \
         everything twice"
    )]
    InUse(String),
    /// A message from SQLite.
    #[error("`{0}`: {1}; if it is damaged, move it away: everything in the feeds is then published again")]
    Sqlite(String, String),
}

/// What is known about a feed from earlier polls.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Known {
    pub etag: Option<String>,
    pub last_modified: Option<String>,
    /// Until when not to poll it, and why.
    pub put_off: Option<(Timestamp, String)>,
}

/// A handle on the file. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Memory(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    connection: Mutex<Connection>,
    name: String,
    remember: Duration,
    _lock: File,
}

impl Memory {
    /// Opens the file in a folder, creating the folder if needed. Items are remembered for `remember` after they have
    /// left their feeds.
    pub fn open(folder: &Path, remember: Duration) -> Result<Self, MemoryError> {
        let shown = folder.display().to_string();
        let refused = |error: std::io::Error| MemoryError::Folder(shown.clone(), error.to_string());
        fs::create_dir_all(folder).map_err(refused)?;
        let lock = File::create(folder.join(LOCK)).map_err(refused)?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(MemoryError::InUse(shown)),
            Err(TryLockError::Error(error)) => return Err(refused(error)),
        }
        let name = folder.join(FILE).display().to_string();
        let connection =
            opened(&folder.join(FILE)).map_err(|error| MemoryError::Sqlite(name.clone(), error))?;
        Ok(Self(Arc::new(Inner { connection: Mutex::new(connection), name, remember, _lock: lock })))
    }

    /// Runs a piece of work on the file, on a thread that may wait for the disk.
    async fn on<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Connection, &Inner) -> rusqlite::Result<T> + Send + 'static,
    ) -> Result<T, MemoryError> {
        let inner = Arc::clone(&self.0);
        let done = tokio::task::spawn_blocking(move || {
            let mut connection = inner.connection.lock().expect("nothing panics while it is held");
            work(&mut connection, &inner)
                .map_err(|error| MemoryError::Sqlite(inner.name.clone(), error.to_string()))
        });
        done.await.unwrap_or_else(|error| Err(MemoryError::Sqlite(self.0.name.clone(), error.to_string())))
    }

    /// What is known about a feed.
    pub(super) async fn feed(&self, url: &str, now: Timestamp) -> Result<Known, MemoryError> {
        let url = url.to_owned();
        self.on(move |connection, _| {
            connection.execute(
                "INSERT INTO feeds (url, asked) VALUES (?1, ?2) ON CONFLICT (url) DO UPDATE SET asked = ?2",
                params![url, now.as_second()],
            )?;
            let known = connection
                .prepare_cached("SELECT etag, last_modified, not_before, why FROM feeds WHERE url = ?1")?
                .query_row([&url], |r| {
                    let until = Timestamp::from_second(r.get(2)?).ok().filter(|until| *until > now);
                    let why: Option<String> = r.get(3)?;
                    let put_off = until.map(|until| (until, why.unwrap_or_default()));
                    Ok(Known { etag: r.get(0)?, last_modified: r.get(1)?, put_off })
                })
                .optional()?;
            Ok(known.unwrap_or_default())
        })
        .await
    }

    /// Which of these items are known, by any of the keys of each.
    pub(super) async fn had(&self, items: Vec<Vec<Key>>) -> Result<Vec<bool>, MemoryError> {
        self.on(move |connection, _| {
            let mut select = connection.prepare_cached("SELECT 1 FROM items WHERE key = ?1")?;
            items
                .iter()
                .map(|keys| {
                    for key in keys {
                        if select.exists([&key[..]])? {
                            return Ok(true);
                        }
                    }
                    Ok(false)
                })
                .collect()
        })
        .await
    }

    /// Remembers items, seen in a feed now.
    pub(super) async fn remember(
        &self,
        feed: &str,
        keys: Vec<Key>,
        now: Timestamp,
    ) -> Result<(), MemoryError> {
        let feed = feed.to_owned();
        self.on(move |connection, _| {
            let transaction = connection.transaction()?;
            insert(&transaction, &feed, &keys, now)?;
            transaction.commit()
        })
        .await
    }

    /// Records that a feed was read and all its items are safe: what its response said applies from now on.
    pub(super) async fn read(
        &self,
        feed: &str,
        keys: Vec<Key>,
        etag: Option<String>,
        last_modified: Option<String>,
        now: Timestamp,
    ) -> Result<(), MemoryError> {
        let feed = feed.to_owned();
        self.on(move |connection, _| {
            let transaction = connection.transaction()?;
            insert(&transaction, &feed, &keys, now)?;
            transaction.execute(
                "UPDATE feeds SET etag = ?2, last_modified = ?3, read = ?4, not_before = 0, why = NULL WHERE url = ?1",
                params![feed, etag, last_modified, now.as_second()],
            )?;
            transaction.commit()
        })
        .await
    }

    /// Records that a feed must not be polled before `until`.
    pub(super) async fn put_off(&self, feed: &str, until: Timestamp, why: &str) -> Result<(), MemoryError> {
        let (feed, why) = (feed.to_owned(), why.to_owned());
        self.on(move |connection, _| {
            let set = "UPDATE feeds SET not_before = ?2, why = ?3 WHERE url = ?1";
            connection.execute(set, params![feed, until.as_second(), why]).map(|_| ())
        })
        .await
    }

    /// Forgets what is too old or exceeds the limit.
    pub(super) async fn prune(&self, now: Timestamp) -> Result<usize, MemoryError> {
        self.on(move |connection, inner| {
            let oldest = now.as_second().saturating_sub_unsigned(inner.remember.as_secs());
            let transaction = connection.transaction()?;
            transaction.execute("DELETE FROM feeds WHERE asked < ?1", [oldest])?;
            // what is still in its feed was seen at that reading or later
            let gone = "seen < coalesce((SELECT read FROM feeds WHERE url = items.feed), 9223372036854775807)";
            let old = transaction.execute(&format!("DELETE FROM items WHERE seen < ?1 AND {gone}"), [oldest])?;
            let count: i64 = transaction.query_row("SELECT count(*) FROM items", [], |r| r.get(0))?;
            let over = transaction.execute(
                &format!(
                    "DELETE FROM items WHERE key IN (SELECT key FROM items WHERE {gone} ORDER BY seen LIMIT max(0, ?1))"
                ),
                [count - MOST_ITEMS],
            )?;
            transaction.commit()?;
            Ok(old + over)
        })
        .await
    }
}

fn insert(connection: &Connection, feed: &str, keys: &[Key], now: Timestamp) -> rusqlite::Result<()> {
    let mut insert = connection.prepare_cached(
        "INSERT INTO items (key, feed, seen) VALUES (?1, ?2, ?3)
         ON CONFLICT (key) DO UPDATE SET feed = excluded.feed, seen = excluded.seen",
    )?;
    for key in keys {
        insert.execute(params![&key[..], feed, now.as_second()])?;
    }
    Ok(())
}

fn opened(path: &Path) -> Result<Connection, String> {
    let words = |error: rusqlite::Error| error.to_string();
    let connection = Connection::open(path).map_err(words)?;
    connection.busy_timeout(Duration::from_secs(5)).map_err(words)?;
    connection.pragma_update(None, "journal_mode", "WAL").map_err(words)?;
    // what a power cut loses is published again; the alert's id reveals the duplicate
    connection.pragma_update(None, "synchronous", "NORMAL").map_err(words)?;
    let version: u32 = connection.pragma_query_value(None, "user_version", |r| r.get(0)).map_err(words)?;
    match version {
        0 => {
            let all = format!("BEGIN; {SCHEMA} PRAGMA user_version = {VERSION}; COMMIT;");
            connection.execute_batch(&all).map_err(words)?;
        }
        VERSION => {}
        later => return Err(format!("it has version {later}, written by a later presswatch; use that one")),
    }
    Ok(connection)
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY: i64 = 24 * 60 * 60;

    fn day(n: i64) -> Timestamp {
        Timestamp::from_second(1_000 * DAY + n * DAY).unwrap()
    }

    fn key(n: u8) -> Key {
        [n; 16]
    }

    #[tokio::test]
    async fn what_was_had_is_known_after_a_restart() {
        let folder = tempfile::tempdir().unwrap();
        let open = || Memory::open(folder.path(), Duration::from_secs(60 * DAY.cast_unsigned()));
        let memory = open().unwrap();
        assert_eq!(memory.feed("a", day(0)).await.unwrap(), Known::default());
        memory.remember("a", vec![key(1)], day(0)).await.unwrap();
        assert!(open().unwrap_err().to_string().contains("in use"));
        drop(memory);
        let memory = open().unwrap();
        let had = memory.had(vec![vec![key(9), key(1)], vec![key(2)]]).await.unwrap();
        assert_eq!(had, [true, false]);
        // nothing in a response counts before all its items are safe
        assert_eq!(memory.feed("a", day(0)).await.unwrap().etag, None);
        memory.read("a", vec![key(1)], Some("e".to_owned()), None, day(0)).await.unwrap();
        assert_eq!(memory.feed("a", day(0)).await.unwrap().etag.as_deref(), Some("e"));
        memory.put_off("a", day(1), "gone").await.unwrap();
        assert_eq!(memory.feed("a", day(0)).await.unwrap().put_off, Some((day(1), "gone".to_owned())));
        assert_eq!(memory.feed("a", day(2)).await.unwrap().put_off, None);
    }

    #[tokio::test]
    async fn what_left_its_feed_is_forgotten_and_what_it_holds_is_kept() {
        let folder = tempfile::tempdir().unwrap();
        let memory = Memory::open(folder.path(), Duration::from_secs(60 * DAY.cast_unsigned())).unwrap();
        memory.feed("a", day(0)).await.unwrap();
        memory.read("a", vec![key(1), key(2)], None, None, day(0)).await.unwrap();
        memory.read("a", vec![key(2)], None, None, day(1)).await.unwrap();
        // unchanged since, for a long time
        memory.feed("a", day(100)).await.unwrap();
        assert_eq!(memory.prune(day(100)).await.unwrap(), 1);
        assert_eq!(memory.had(vec![vec![key(1)], vec![key(2)]]).await.unwrap(), [false, true]);
        // a feed that is no longer polled goes with all its items
        assert_eq!(memory.prune(day(200)).await.unwrap(), 1);
    }
}
