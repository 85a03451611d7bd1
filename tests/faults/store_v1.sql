-- A store as version 1 left it (before the index of retries). Frozen: it stands for files that are out there.
CREATE TABLE articles (
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
);
INSERT INTO alerts (id, keys, body) VALUES ('a1', 'country.AZ', CAST('{"id":"a1","subject":"from-before"}' AS BLOB));
INSERT INTO dead (body, attempts, first_seen, died, reason, error)
    VALUES (CAST('{"title":' AS BLOB), 1, '2026-05-01T00:00:00Z', '2026-05-01T00:00:01Z', 'not-json', 'cut off');
PRAGMA journal_mode = WAL;
PRAGMA user_version = 1;
