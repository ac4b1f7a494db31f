-- Schedules: what runs by itself, and what came of each time.

CREATE TABLE schedules (
    name        TEXT NOT NULL PRIMARY KEY,
    cron        TEXT NOT NULL,
    timezone    TEXT NOT NULL,
    mode        TEXT NOT NULL,
    entities    TEXT NOT NULL, -- JSON
    targets     TEXT NOT NULL, -- JSON
    yes         INTEGER NOT NULL,
    max_changes INTEGER,
    enabled     INTEGER NOT NULL,
    through     TEXT NOT NULL, -- every time up to here has had its run, or needs none
    -- The time that has begun and is not done.
    slot        TEXT,
    run_id      TEXT,
    begun_at    TEXT,
    attempts    INTEGER NOT NULL DEFAULT 0,
    again_at    TEXT
) STRICT, WITHOUT ROWID;

-- One row for each time that was worked off. The key is what lets no time be done twice.
CREATE TABLE slots (
    schedule TEXT NOT NULL REFERENCES schedules (name) ON DELETE CASCADE,
    slot     TEXT NOT NULL,
    missed   INTEGER NOT NULL, -- earlier times that this one stands for
    run_id   TEXT NOT NULL,
    ended_at TEXT NOT NULL,
    exit     INTEGER NOT NULL,
    code     TEXT,
    PRIMARY KEY (schedule, slot)
) STRICT, WITHOUT ROWID;
