-- Version 1 of the access file: who may use the API and the dashboard, and what they did. It is a file of its own because people
-- and tokens are of several shops, and a state file is of one. Nothing in it lets anybody in: tokens, sessions and invitations are
-- kept as SHA-256 of 32 random bytes, passwords as Argon2id.

PRAGMA application_id = 1969517409; -- "udsa"; a state file has another one, so that neither is taken for the other

CREATE TABLE users (
    name         TEXT NOT NULL PRIMARY KEY,
    role         TEXT NOT NULL,
    shops        TEXT NOT NULL, -- JSON
    ends_at      TEXT,
    token_hash   TEXT UNIQUE,
    password     TEXT,
    created_at   TEXT NOT NULL,
    last_used_at TEXT
) STRICT, WITHOUT ROWID;

CREATE TABLE invitations (
    hash       TEXT NOT NULL PRIMARY KEY,
    name       TEXT NOT NULL,
    role       TEXT NOT NULL,
    shops      TEXT NOT NULL,
    expires_at TEXT NOT NULL,
    used_at    TEXT
) STRICT, WITHOUT ROWID;

CREATE TABLE sessions (
    hash     TEXT NOT NULL PRIMARY KEY,
    name     TEXT NOT NULL REFERENCES users (name) ON DELETE CASCADE,
    began_at TEXT NOT NULL,
    seen_at  TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX sessions_by_name ON sessions (name);

CREATE TABLE audit (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    at         TEXT NOT NULL,
    actor      TEXT NOT NULL,
    address    TEXT NOT NULL,
    shop       TEXT,
    action     TEXT NOT NULL,
    target     TEXT,
    before     TEXT, -- JSON
    after      TEXT, -- JSON
    outcome    TEXT NOT NULL,
    request_id TEXT,
    chain      TEXT NOT NULL -- the fingerprint of this row and of the chain of the row before it
) STRICT;
CREATE INDEX audit_by_actor ON audit (actor, id);
CREATE TRIGGER audit_is_not_changed BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, 'rows of the audit are not changed'); END;
CREATE TRIGGER audit_is_not_removed BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, 'rows of the audit are not removed'); END;

-- What was answered to a request with an idempotency key, for a day.
CREATE TABLE answers (
    actor   TEXT NOT NULL,
    shop    TEXT NOT NULL,
    key     TEXT NOT NULL,
    digest  TEXT NOT NULL,
    status  INTEGER NOT NULL,
    headers TEXT NOT NULL, -- JSON
    body    BLOB NOT NULL,
    kept_at TEXT NOT NULL,
    PRIMARY KEY (actor, shop, key)
) STRICT, WITHOUT ROWID;
