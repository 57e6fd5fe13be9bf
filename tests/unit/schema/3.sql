-- What brought a journal of version 2 to version 3: never changed.
ALTER TABLE run ADD COLUMN script_hash TEXT;
CREATE TABLE input (
 source TEXT NOT NULL,
 name TEXT NOT NULL,
 item TEXT NOT NULL,
 what TEXT NOT NULL CHECK (what = 'failed' OR what = 'invalid'
  OR what = 'later' OR what = 'skipped'),
 message TEXT NOT NULL,
 place TEXT NOT NULL,
 seen TEXT,
 first_run INTEGER NOT NULL,
 run INTEGER NOT NULL,
 first_at INTEGER NOT NULL,
 last_at INTEGER NOT NULL,
 times INTEGER NOT NULL CHECK (times > 0),
 PRIMARY KEY (source, name, item)
) STRICT;
PRAGMA user_version = 3;
