-- What made a journal of version 1: never changed.
CREATE TABLE meta (
 id INTEGER PRIMARY KEY CHECK (id = 1),
 host TEXT,
 created_at INTEGER NOT NULL
) STRICT;
CREATE TABLE release (
 order_item_id INTEGER PRIMARY KEY,
 code TEXT NOT NULL
  CHECK (length(CAST(code AS BLOB)) BETWEEN 1 AND 255),
 update_stock INTEGER NOT NULL CHECK (update_stock IN (0, 1)),
 state TEXT NOT NULL CHECK (state = 'sending' OR state = 'confirmed'
  OR state = 'pending' OR state = 'rejected' OR state = 'unknown'
  OR state = 'cancelled'),
 attempts INTEGER NOT NULL CHECK (attempts >= 0),
 attempt_stock INTEGER CHECK (attempt_stock IN (0, 1)),
 applied_stock INTEGER CHECK (applied_stock IN (0, 1)),
 started_at INTEGER,
 ms INTEGER,
 sent INTEGER CHECK (sent IN (0, 1)),
 curl INTEGER,
 http_status INTEGER,
 outcome TEXT,
 why TEXT,
 message TEXT,
 reply BLOB,
 mapping_pk INTEGER,
 content_type INTEGER,
 integration_type TEXT,
 source TEXT,
 name TEXT,
 seen TEXT,
 run INTEGER NOT NULL,
 first_at INTEGER NOT NULL,
 last_at INTEGER NOT NULL,
 CHECK (state <> 'confirmed' OR applied_stock IS NOT NULL),
 CHECK (state <> 'sending' OR started_at IS NOT NULL)
) STRICT;
CREATE INDEX release_open ON release (state)
 WHERE state <> 'confirmed';
CREATE INDEX release_run ON release (run);
CREATE TABLE attempt (
 order_item_id INTEGER NOT NULL,
 n INTEGER NOT NULL CHECK (n > 0),
 started_at INTEGER NOT NULL,
 ms INTEGER,
 code TEXT NOT NULL,
 update_stock INTEGER NOT NULL CHECK (update_stock IN (0, 1)),
 sent INTEGER CHECK (sent IN (0, 1)),
 curl INTEGER,
 http_status INTEGER,
 reply BLOB,
 outcome TEXT,
 why TEXT,
 PRIMARY KEY (order_item_id, n)
) STRICT, WITHOUT ROWID;
CREATE TABLE audit (
 id INTEGER PRIMARY KEY,
 order_item_id INTEGER NOT NULL,
 at INTEGER NOT NULL,
 who TEXT NOT NULL,
 what TEXT NOT NULL,
 note TEXT
) STRICT;
CREATE INDEX audit_item ON audit (order_item_id);
CREATE TABLE conflict (
 order_item_id INTEGER NOT NULL,
 code TEXT NOT NULL,
 update_stock INTEGER NOT NULL CHECK (update_stock IN (0, 1)),
 source TEXT,
 name TEXT,
 run INTEGER NOT NULL,
 first_at INTEGER NOT NULL,
 last_at INTEGER NOT NULL,
 PRIMARY KEY (order_item_id, code, update_stock)
) STRICT, WITHOUT ROWID;
CREATE TABLE run (
 id INTEGER PRIMARY KEY AUTOINCREMENT,
 started_at INTEGER NOT NULL,
 ended_at INTEGER,
 script TEXT,
 host TEXT,
 pid INTEGER NOT NULL,
 exit INTEGER,
 summary TEXT
) STRICT;
CREATE TABLE cursor (
 key TEXT PRIMARY KEY,
 value TEXT NOT NULL,
 at INTEGER NOT NULL,
 run INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
PRAGMA application_id = 0x4f6d6e69;
PRAGMA user_version = 1;
PRAGMA journal_mode = WAL;
