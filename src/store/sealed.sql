-- Version 2: what is secret is sealed, and the connections are known without opening it.

-- The bytes are those of the `safe` room: a nonce, and AES-256-GCM with the name as associated data.
CREATE TABLE sealed (
    name   TEXT NOT NULL PRIMARY KEY,
    key_id TEXT NOT NULL, -- which key opens it
    bytes  BLOB NOT NULL,
    at     TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Where the key to them is. At most one row.
CREATE TABLE key_place (
    one    INTEGER NOT NULL PRIMARY KEY CHECK (one = 1),
    key_id TEXT NOT NULL,
    place  TEXT NOT NULL -- JSON
) STRICT;

-- The connections, without anything secret. `secrets` of version 1 is emptied when its rows are sealed.
CREATE TABLE connections (
    name         TEXT NOT NULL PRIMARY KEY,
    about        TEXT NOT NULL, -- JSON
    connected_at TEXT NOT NULL,
    broken_at    TEXT,
    broken_why   TEXT
) STRICT, WITHOUT ROWID;
