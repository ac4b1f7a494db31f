-- What is kept of people may be sealed from here on. An earlier version would take what is sealed for the text itself, and so it refuses
-- the file.

-- All of it is sealed with this key; no row: some of it may still be in plain text.
CREATE TABLE veil (
    one    INTEGER NOT NULL PRIMARY KEY CHECK (one = 1),
    key_id TEXT NOT NULL
) STRICT;

-- The run whose answer a caller's key stands for; NULL in rows of earlier versions. With it the bodies in that answer grow old.
ALTER TABLE keyed_runs ADD COLUMN run_id TEXT;
ALTER TABLE keyed_runs ADD COLUMN has_bodies INTEGER NOT NULL DEFAULT 1;

-- What grows old is found without reading what is young, or has been dropped.
CREATE INDEX tickets_with_bodies ON tickets (closed_at) WHERE body <> '' AND closed_at IS NOT NULL;
CREATE INDEX changes_with_bodies ON changes (run_id) WHERE body IS NOT NULL;
