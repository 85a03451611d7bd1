//! The SQLite file: its schema and every statement on it. Synchronous; a connection is owned by one thread.

use std::fs::{self, File, TryLockError};
use std::io::ErrorKind;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

use bytes::Bytes;
use jiff::Timestamp;
use rusqlite::{Connection, ErrorCode, OpenFlags, params};

use super::damage::Damaged;
use crate::broker::Incoming;

/// Written to the file as `user_version`. To raise it, add a step to [`MIGRATIONS`].
const SCHEMA: usize = MIGRATIONS.len();

/// One step per version. A file of an older version is migrated step by step; a newer one is refused.
const MIGRATIONS: &[&str] = &[
    "CREATE TABLE articles (
        row INTEGER PRIMARY KEY AUTOINCREMENT,
        body BLOB NOT NULL,
        content_type TEXT,
        content_encoding TEXT,
        traceparent TEXT,
        attempts INTEGER NOT NULL DEFAULT 0,
        first_seen TEXT NOT NULL,
        due INTEGER NOT NULL
     );
     CREATE TABLE alerts (
        sequence INTEGER PRIMARY KEY AUTOINCREMENT,
        id TEXT NOT NULL UNIQUE,
        keys TEXT NOT NULL,
        body BLOB NOT NULL
     );
     CREATE TABLE dead (
        row INTEGER PRIMARY KEY AUTOINCREMENT,
        body BLOB NOT NULL,
        content_type TEXT,
        content_encoding TEXT,
        traceparent TEXT,
        attempts INTEGER NOT NULL,
        first_seen TEXT NOT NULL,
        died TEXT NOT NULL,
        reason TEXT NOT NULL,
        error TEXT NOT NULL
     );",
    "CREATE INDEX retries_by_due ON articles (due) WHERE attempts > 0;",
    "CREATE TABLE notices (
        row INTEGER PRIMARY KEY,
        owner TEXT NOT NULL,
        number INTEGER NOT NULL,
        id TEXT NOT NULL UNIQUE,
        keys TEXT NOT NULL,
        body BLOB NOT NULL,
        UNIQUE (owner, number)
     );",
    "CREATE TABLE watch_changes (
        number INTEGER PRIMARY KEY AUTOINCREMENT,
        id TEXT NOT NULL,
        revision INTEGER NOT NULL,
        record TEXT NOT NULL
     );
     CREATE INDEX changes_by_watch ON watch_changes (id, revision);",
    "CREATE TABLE unalerted (
        number INTEGER PRIMARY KEY AUTOINCREMENT,
        article TEXT NOT NULL UNIQUE,
        url TEXT,
        body BLOB NOT NULL
     );
     CREATE INDEX unalerted_by_url ON unalerted (url) WHERE url IS NOT NULL;",
];

/// How much of what was published to keep.
#[derive(Debug, Clone, Copy)]
pub struct Keep {
    /// The number of latest alerts.
    pub alerts: u32,
    /// The number of latest notices per owner.
    pub notices: u32,
    /// The number of latest articles that gave no alert.
    pub articles: u32,
}

/// Why the store can't be used.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The folder can't be created.
    #[error("can't make the folder `{0}`: {1}; set `data_dir` to one that can be written")]
    Folder(String, std::io::Error),
    /// A file of that name is not a store.
    #[error("`{0}` is not a presswatch store; move it away or set another `data_dir`")]
    NoStore(String),
    /// SQLite's own message: disk full, no permission, damaged file.
    #[error("{0}")]
    Sqlite(#[from] rusqlite::Error),
    /// The file was written by a later presswatch.
    #[error(
        "the store has version {found}, but this presswatch knows only versions up to {SCHEMA}; use a later presswatch"
    )]
    Newer {
        /// The version in the file.
        found: usize,
    },
    /// Another process has it open.
    #[error("the store in `{0}` is in use by another presswatch; stop it or set another `data_dir`")]
    InUse(String),
    /// The thread could not be started.
    #[error("can't start the store's thread: {0}")]
    Thread(std::io::Error),
    /// Anything written now would be lost when the process ends.
    #[error(
        "`{0}` was deleted, moved away or replaced while presswatch worked on it; put the store back, or leave it away \
         to begin with an empty one, and start presswatch again"
    )]
    Lost(String),
}

impl StoreError {
    /// Whether a row, or a page of the file, is unreadable, and will be the next time too.
    pub fn is_damage(&self) -> bool {
        match self {
            // an error without an SQLite code is a value of another type than was written
            Self::Sqlite(error) => error
                .sqlite_error_code()
                .is_none_or(|code| matches!(code, ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase)),
            _ => false,
        }
    }
}

/// An article waiting to be processed.
#[derive(Debug)]
pub(super) struct Waiting {
    pub row: i64,
    pub article: Incoming,
    pub attempts: u32,
    pub first_seen: Timestamp,
}

/// Articles read from the store.
#[derive(Debug, Default)]
pub(super) struct Found {
    pub articles: Vec<Waiting>,
    /// Those that can't be read.
    pub damaged: Vec<Damaged>,
    /// The row up to which new ones were looked for.
    pub reached: i64,
    /// Whether there may be more, even if none were found here.
    pub more: bool,
}

/// A page of new articles ends after this many bytes of bodies.
pub(super) const PAGE_BYTES: usize = 8 << 20;

#[derive(Debug)]
pub(super) struct Store {
    pub(super) connection: Connection,
    pub(super) keep: Keep,
    /// Its files as they were when opened.
    files: Vec<(PathBuf, (u64, u64))>,
    /// Held while the store is open for writing.
    _lock: Option<File>,
}

/// The store's file name in its folder.
pub(super) const FILE: &str = "presswatch.sqlite";

/// Locked by the process that works on the store. A separate file, because closing a file of SQLite's would release the
/// locks that SQLite holds on it.
const LOCK: &str = "presswatch.lock";

impl Store {
    pub fn open(folder: &Path, keep: Keep) -> Result<Self, StoreError> {
        let name = folder.display().to_string();
        let refused = |e| StoreError::Folder(name.clone(), e);
        fs::create_dir_all(folder).map_err(refused)?;
        // one process at a time: two workers on one file would tag every article twice
        let lock = File::create(folder.join(LOCK)).map_err(refused)?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(StoreError::InUse(name)),
            Err(TryLockError::Error(error)) => return Err(refused(error)),
        }
        let connection = Connection::open(folder.join(FILE))?;
        connection.busy_timeout(Duration::from_secs(2))?;
        let in_use = |e: rusqlite::Error| match e.sqlite_error_code() {
            Some(ErrorCode::DatabaseBusy) => StoreError::InUse(folder.display().to_string()),
            Some(ErrorCode::NotADatabase) => StoreError::NoStore(folder.join(FILE).display().to_string()),
            _ => StoreError::Sqlite(e),
        };
        connection.pragma_update(None, "journal_mode", "WAL").map_err(in_use)?;
        // FULL: a commit is on disk when it returns, even after a power cut
        connection.pragma_update(None, "synchronous", "FULL")?;
        let found: usize = connection
            .pragma_query_value(None, "user_version", |r| r.get::<_, u32>(0))
            .map_err(in_use)? as usize;
        if found > SCHEMA {
            return Err(StoreError::Newer { found });
        }
        for (at, step) in MIGRATIONS.iter().enumerate().skip(found) {
            connection
                .execute_batch(&format!("BEGIN; {step} PRAGMA user_version = {}; COMMIT;", at + 1))
                .map_err(in_use)?;
        }
        let files = [FILE.to_owned(), format!("{FILE}-wal")].into_iter().filter_map(|name| {
            let path = folder.join(name);
            let now = identity(&fs::metadata(&path).ok()?);
            Some((path, now))
        });
        let files = files.collect();
        Ok(Self { connection, keep, files, _lock: Some(lock) })
    }

    /// Another connection to an open store, to read alongside the one that writes.
    pub fn reader(folder: &Path) -> Result<Self, StoreError> {
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(folder.join(FILE), flags)?;
        connection.busy_timeout(Duration::from_secs(2))?;
        let keep = Keep { alerts: 0, notices: 0, articles: 0 };
        Ok(Self { connection, keep, files: Vec::new(), _lock: None })
    }

    /// Fails if its files are no longer where they were opened: anything written then can't be found again.
    pub fn in_place(&self) -> Result<(), StoreError> {
        let gone = self.files.iter().find(|(path, opened)| match fs::metadata(path) {
            Ok(now) => identity(&now) != *opened,
            Err(error) => error.kind() == ErrorKind::NotFound,
        });
        gone.map_or(Ok(()), |(path, _)| Err(StoreError::Lost(path.display().to_string())))
    }

    /// Runs `work` in one transaction.
    pub fn transaction(&mut self, work: impl FnOnce(&Self)) -> Result<(), StoreError> {
        self.connection.execute_batch("BEGIN IMMEDIATE")?;
        work(self);
        self.connection.execute_batch("COMMIT").map_err(|error| {
            self.connection.execute_batch("ROLLBACK").ok();
            error.into()
        })
    }

    /// Runs one piece of a transaction; if it fails, only that piece is rolled back.
    pub fn savepoint<T>(&self, work: impl FnOnce(&Self) -> Result<T, StoreError>) -> Result<T, StoreError> {
        self.connection.execute_batch("SAVEPOINT piece")?;
        let result = work(self);
        match result {
            Ok(value) => {
                self.connection.execute_batch("RELEASE piece").map(|()| value).map_err(StoreError::from)
            }
            Err(error) => {
                // a full disk may have rolled back the whole transaction: then the savepoint is gone, and the first
                // error is the one to report
                self.connection.execute_batch("ROLLBACK TO piece; RELEASE piece").ok();
                Err(error)
            }
        }
    }

    pub fn accept(&self, article: &Incoming, now: Timestamp) -> Result<(), StoreError> {
        let mut insert = self.connection.prepare_cached(
            "INSERT INTO articles (body, content_type, content_encoding, traceparent, first_seen, due)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        )?;
        let Incoming { body, content_type, content_encoding, traceparent } = article;
        let (first_seen, due) = (now.to_string(), now.as_millisecond());
        insert.execute(params![
            body.as_ref(),
            content_type,
            content_encoding,
            traceparent,
            first_seen,
            due
        ])?;
        Ok(())
    }

    /// New articles after a row, in order of arrival. Call it on a reader: SQLite commits nothing in a transaction that
    /// met damage.
    pub fn fresh(&self, after: i64, limit: u32) -> Result<Found, StoreError> {
        match self.articles("row > ?1 AND attempts = 0 ORDER BY row", after, limit, PAGE_BYTES) {
            Ok(articles) => {
                let reached = articles.last().map_or(after, |w| w.row);
                Ok(Found { articles, reached, ..Found::default() })
            }
            Err(error) if error.is_damage() => self.around_damage(after, limit),
            Err(error) => Err(error),
        }
    }

    /// Articles whose retry is due, the longest overdue first.
    pub fn retries(&self, now: Timestamp, limit: u32) -> Result<Found, StoreError> {
        // all of them, as the caller can tell from this which ones are done
        let due = now.as_millisecond();
        match self.articles("attempts > 0 AND due <= ?1 ORDER BY due", due, limit, usize::MAX) {
            Ok(articles) => return Ok(Found { articles, ..Found::default() }),
            Err(error) if error.is_damage() => {}
            Err(error) => return Err(error),
        }
        let mut select = self.connection.prepare_cached(
            "SELECT row FROM articles WHERE attempts > 0 AND due <= ?1 ORDER BY due LIMIT ?2",
        )?;
        let rows: Vec<i64> =
            select.query_map(params![due, limit], |r| r.get(0))?.collect::<Result<_, _>>()?;
        let mut found = Found::default();
        for row in rows {
            match self.articles("row = ?1", row, 1, usize::MAX) {
                Ok(articles) => found.articles.extend(articles),
                Err(error) if error.is_damage() => found.damaged.push(self.damaged(row, &error)),
                Err(error) => return Err(error),
            }
        }
        Ok(found)
    }

    pub(super) fn articles(
        &self,
        which: &str,
        bound: i64,
        limit: u32,
        most_bytes: usize,
    ) -> Result<Vec<Waiting>, StoreError> {
        let mut select = self.connection.prepare_cached(&format!(
            "SELECT row, body, content_type, content_encoding, traceparent, attempts, first_seen
             FROM articles WHERE {which} LIMIT ?2"
        ))?;
        let mut rows = select.query(params![bound, limit])?;
        let (mut page, mut bytes) = (Vec::new(), 0);
        // read the rest of a page of large ones once these are done
        while bytes < most_bytes
            && let Some(r) = rows.next()?
        {
            let article = Incoming {
                body: Bytes::from(r.get::<_, Vec<u8>>(1)?),
                content_type: r.get(2)?,
                content_encoding: r.get(3)?,
                traceparent: r.get(4)?,
            };
            bytes += article.body.len();
            let first_seen = r.get::<_, String>(6)?.parse().unwrap_or(Timestamp::UNIX_EPOCH);
            let attempts = u32::try_from(r.get::<_, i64>(5)?).unwrap_or(u32::MAX);
            page.push(Waiting { row: r.get(0)?, article, attempts, first_seen });
        }
        Ok(page)
    }

    pub fn done(&self, row: i64) -> Result<(), StoreError> {
        self.connection.prepare_cached("DELETE FROM articles WHERE row = ?1")?.execute([row])?;
        Ok(())
    }

    /// Requeues an article after all others, under a new row, due after a delay.
    pub fn again(&self, row: i64, now: Timestamp, delay: Duration) -> Result<(), StoreError> {
        let due = now.as_millisecond() + i64::try_from(delay.as_millis()).unwrap_or(i64::MAX / 2);
        self.connection
            .prepare_cached(
                "INSERT INTO articles (body, content_type, content_encoding, traceparent, attempts, first_seen, due)
                 SELECT body, content_type, content_encoding, traceparent, min(attempts + 1, 4294967295), first_seen, ?2
                 FROM articles WHERE row = ?1",
            )?
            .execute(params![row, due])?;
        self.done(row)
    }

    pub fn waiting(&self) -> Result<u64, StoreError> {
        let count: i64 = self.connection.query_row("SELECT count(*) FROM articles", [], |r| r.get(0))?;
        Ok(count.cast_unsigned())
    }
}

/// An id that tells a folder's store from any other; `None` if there is no store.
pub fn identity_of(folder: &Path) -> Option<String> {
    let (device, file) = identity(&fs::metadata(folder.join(FILE)).ok()?);
    Some(format!("{device}-{file}"))
}

/// What tells a file from another with the same name.
fn identity(file: &fs::Metadata) -> (u64, u64) {
    (file.dev(), file.ino())
}
