-- What brought a journal of version 1 to version 2: never changed.
ALTER TABLE release ADD COLUMN resent INTEGER NOT NULL DEFAULT 0
 CHECK (resent IN (0, 1));
PRAGMA user_version = 2;
