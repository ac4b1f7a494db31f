-- A chain over the history: an entry for each time that a run ended.
CREATE TABLE chain (
    number   INTEGER PRIMARY KEY,
    previous BLOB NOT NULL,
    run_id   TEXT NOT NULL,
    about    BLOB NOT NULL,
    root     BLOB NOT NULL,
    leaves   INTEGER NOT NULL,
    digest   BLOB NOT NULL
) STRICT;
CREATE INDEX chain_of_run ON chain (run_id, number);

-- Runs that ended before there was a chain: the next run that ends gives them their entries.
CREATE TABLE unchained (number INTEGER PRIMARY KEY, run_id TEXT NOT NULL) STRICT;
INSERT INTO unchained (run_id) SELECT id FROM runs WHERE status <> 'running' ORDER BY finished_at, rowid;

-- Requests that were still open when their run got its entry: what came of them is in a later one.
CREATE TABLE chained_open (ticket_id INTEGER PRIMARY KEY) STRICT;
ALTER TABLE tickets ADD COLUMN settled_entry INTEGER;
CREATE INDEX tickets_settled_later ON tickets (settled_entry) WHERE settled_entry IS NOT NULL;

-- Of the plain body, so that it can be dropped and the chain still holds. NULL in rows of earlier versions.
ALTER TABLE change_rows ADD COLUMN body_digest BLOB;
ALTER TABLE tickets ADD COLUMN body_digest BLOB;

-- Heads that were given to somebody else, and who that was.
CREATE TABLE anchors (
    place  TEXT NOT NULL,
    said   TEXT NOT NULL, -- which of them: a notice, a row
    number INTEGER NOT NULL,
    digest BLOB NOT NULL,
    at     TEXT NOT NULL,
    PRIMARY KEY (place, said)
) STRICT, WITHOUT ROWID;
