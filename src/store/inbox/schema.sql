-- Version 1 of the inbox. It is a file of its own beside the state file: what is deleted here every day does not touch the ledger, a
-- run that writes much does not hold up a delivery, and whoever loses it loses nothing that a sweep does not find.

PRAGMA application_id = 1969517433;

-- What is to be looked at: a set of names, not a list of deliveries.
CREATE TABLE pending (
    shop            TEXT NOT NULL,
    source          TEXT NOT NULL,
    kind            TEXT NOT NULL,
    id              TEXT NOT NULL,
    seq             INTEGER NOT NULL, -- grows with every word of it; whoever has looked takes out what he has seen, and no more
    first_seen      TEXT NOT NULL,
    last_seen       TEXT NOT NULL,
    attempts        INTEGER NOT NULL DEFAULT 0,
    not_before      TEXT,
    waits_for_sweep INTEGER NOT NULL DEFAULT 0,
    again           INTEGER NOT NULL DEFAULT 0, -- the same was told once more since it was taken
    PRIMARY KEY (shop, source, kind, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX pending_by_age ON pending (shop, first_seen);

-- What has taken in another.
CREATE TABLE merges (
    shop   TEXT NOT NULL,
    source TEXT NOT NULL,
    kind   TEXT NOT NULL,
    id     TEXT NOT NULL,
    other  TEXT NOT NULL,
    seq    INTEGER NOT NULL,
    PRIMARY KEY (shop, source, kind, id, other)
) STRICT, WITHOUT ROWID;

CREATE TABLE deliveries (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    shop        TEXT NOT NULL,
    received_at TEXT NOT NULL,
    source      TEXT NOT NULL,
    topic       TEXT NOT NULL,
    verdict     TEXT NOT NULL,
    queued      INTEGER NOT NULL,
    duplicate   INTEGER NOT NULL,
    ignored     INTEGER NOT NULL,
    odd         INTEGER NOT NULL,
    run_id      TEXT
) STRICT;
CREATE INDEX deliveries_by_time ON deliveries (received_at);

CREATE TABLE delivery_keys (
    delivery INTEGER NOT NULL REFERENCES deliveries (id) ON DELETE CASCADE,
    kind     TEXT NOT NULL,
    id       TEXT NOT NULL,
    PRIMARY KEY (delivery, kind, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX delivery_keys_by_name ON delivery_keys (kind, id, delivery);

-- By what the same is known again.
CREATE TABLE told (
    shop    TEXT NOT NULL,
    told_as TEXT NOT NULL,
    until   TEXT NOT NULL,
    PRIMARY KEY (shop, told_as)
) STRICT, WITHOUT ROWID;
CREATE INDEX told_by_end ON told (until);

-- When something of this topic came last, whatever its verdict.
CREATE TABLE last_told (
    shop   TEXT NOT NULL,
    source TEXT NOT NULL,
    topic  TEXT NOT NULL,
    at     TEXT NOT NULL,
    PRIMARY KEY (shop, source, topic)
) STRICT, WITHOUT ROWID;

-- What is counted and not kept.
CREATE TABLE counted (
    shop    TEXT NOT NULL,
    source  TEXT NOT NULL,
    verdict TEXT NOT NULL,
    hour    TEXT NOT NULL,
    count   INTEGER NOT NULL,
    last_at TEXT NOT NULL,
    PRIMARY KEY (shop, source, verdict, hour)
) STRICT, WITHOUT ROWID;
