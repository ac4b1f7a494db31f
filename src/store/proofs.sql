-- What came of comparing both sides, and which differences a person has looked at and leaves.

CREATE TABLE reconciliations (
    id       TEXT NOT NULL PRIMARY KEY,
    target   TEXT NOT NULL,
    first    TEXT NOT NULL, -- the days that it is about
    last     TEXT NOT NULL,
    made_at  TEXT NOT NULL,
    document TEXT NOT NULL  -- `udsync/reconcile/1`, which names no person
) STRICT, WITHOUT ROWID;
CREATE INDEX reconciliations_by_time ON reconciliations (made_at);

CREATE TABLE accepted_differences (
    id          TEXT NOT NULL PRIMARY KEY, -- that of the difference
    covers      TEXT NOT NULL,             -- its figures; with others it is accepted no more
    who         TEXT NOT NULL,
    why         TEXT NOT NULL,
    accepted_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;
