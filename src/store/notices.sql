-- Incidents and the notices about them, how often a record was tried, and what was asked under a caller's key.

CREATE TABLE incidents (
    id        INTEGER PRIMARY KEY AUTOINCREMENT,
    kind      TEXT NOT NULL,
    subject   TEXT NOT NULL,
    concern   TEXT NOT NULL, -- JSON: its words
    opened_at TEXT NOT NULL,
    last_seen TEXT NOT NULL,
    seen      INTEGER NOT NULL,
    closed_at TEXT
) STRICT;
CREATE UNIQUE INDEX incidents_open ON incidents (kind, subject) WHERE closed_at IS NULL;

CREATE TABLE notices (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    incident    INTEGER NOT NULL REFERENCES incidents (id),
    tells       TEXT NOT NULL, -- trouble, recovery
    channel     TEXT NOT NULL,
    made_at     TEXT NOT NULL,
    due_at      TEXT NOT NULL,
    sent_at     TEXT,
    given_up_at TEXT,
    attempts    INTEGER NOT NULL DEFAULT 0,
    error       TEXT,
    UNIQUE (incident, tells, channel)
) STRICT;
CREATE INDEX notices_waiting ON notices (due_at) WHERE sent_at IS NULL AND given_up_at IS NULL;

-- How often in a row something temporary has kept a record out of the books.
ALTER TABLE problems ADD COLUMN tries INTEGER NOT NULL DEFAULT 0;

-- A digest of the arguments of the run that a key stands for; NULL in rows of earlier versions.
ALTER TABLE keyed_runs ADD COLUMN arguments TEXT;
