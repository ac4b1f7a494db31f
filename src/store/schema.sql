-- Version 1 of the state file. Later versions are files of their own beside this one; what has shipped is
-- never edited. Times are RFC 3339 text in UTC, money is text, whole values are JSON.

PRAGMA application_id = 1969517433; -- "udsy": tells our file from another program's

-- Whose state this is: one shop and one company for each target.
CREATE TABLE owners (
    target   TEXT NOT NULL PRIMARY KEY,
    identity TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE runs (
    id          TEXT NOT NULL PRIMARY KEY,
    shop        TEXT NOT NULL,
    command     TEXT NOT NULL,
    entities    TEXT NOT NULL, -- JSON list of words
    mode        TEXT NOT NULL,
    dry_run     INTEGER NOT NULL,
    status      TEXT NOT NULL,
    started_at  TEXT NOT NULL,
    finished_at TEXT,
    tally       TEXT NOT NULL  -- JSON
) STRICT;
CREATE INDEX runs_by_start ON runs (started_at, id);
CREATE INDEX runs_running ON runs (id) WHERE status = 'running';

CREATE TABLE changes (
    id            INTEGER PRIMARY KEY, -- the order in which they were recorded
    run_id        TEXT NOT NULL REFERENCES runs (id),
    target        TEXT NOT NULL,
    action        TEXT NOT NULL,
    entity        TEXT NOT NULL,
    source_entity TEXT NOT NULL,
    source_id     TEXT NOT NULL,
    source_number TEXT NOT NULL,
    label         TEXT NOT NULL,
    txn_date      TEXT,
    currency      TEXT,
    total         TEXT,
    tax_total     TEXT,
    target_id     TEXT,
    body          TEXT,
    warnings      TEXT NOT NULL, -- JSON
    reason        TEXT           -- JSON
) STRICT;
CREATE INDEX changes_of_run ON changes (run_id);

-- The journal. A ticket is one request with its exact bytes, on disk before it is sent. AUTOINCREMENT: an id
-- is never given twice, so "oldest first" is the order of ids for good.
CREATE TABLE tickets (
    id              INTEGER PRIMARY KEY AUTOINCREMENT,
    run_id          TEXT NOT NULL REFERENCES runs (id),
    target          TEXT NOT NULL,
    idempotency_key TEXT NOT NULL,
    path            TEXT NOT NULL,
    body            TEXT NOT NULL,
    fingerprint     TEXT NOT NULL, -- of the writes: the same ones tried anew are counted by it
    intended_at     TEXT NOT NULL,
    closed_at       TEXT,          -- every write has an outcome
    -- The service answers a known key with its old answer: a second request under it would never be done.
    UNIQUE (target, idempotency_key)
) STRICT;
CREATE INDEX tickets_open ON tickets (target, id) WHERE closed_at IS NULL;
CREATE INDEX tickets_by_writes ON tickets (fingerprint);

CREATE TABLE ticket_writes (
    ticket_id  INTEGER NOT NULL REFERENCES tickets (id),
    position   INTEGER NOT NULL,
    subject    TEXT NOT NULL, -- `@document:1042/sale`
    intent     TEXT NOT NULL, -- JSON; without its body once the ticket is closed, which has the bytes
    outcome    TEXT,          -- JSON
    settled_at TEXT,
    UNIQUE (ticket_id, position)
) STRICT;
CREATE INDEX ticket_writes_by_subject ON ticket_writes (subject, ticket_id);

-- "This is that". The document as it was posted is inside `posted`.
CREATE TABLE links (
    target          TEXT NOT NULL,
    subject         TEXT NOT NULL,
    order_id        INTEGER,       -- of documents
    remote_entity   TEXT NOT NULL,
    remote_id       TEXT NOT NULL,
    remote_revision TEXT NOT NULL,
    content         TEXT NOT NULL,
    revision        INTEGER NOT NULL,
    state           TEXT NOT NULL,
    posted          TEXT,          -- JSON
    UNIQUE (target, subject)
) STRICT;
CREATE INDEX links_of_order ON links (target, order_id) WHERE order_id IS NOT NULL;

CREATE TABLE cursors (
    source TEXT NOT NULL,
    entity TEXT NOT NULL,
    at     TEXT NOT NULL,
    PRIMARY KEY (source, entity)
) STRICT, WITHOUT ROWID;

CREATE TABLE problems (
    id            TEXT NOT NULL PRIMARY KEY,
    target        TEXT NOT NULL,
    source_entity TEXT NOT NULL,
    source_id     TEXT NOT NULL,
    source_number TEXT NOT NULL,
    subject       TEXT NOT NULL, -- a document's key, or empty for the whole record
    state         TEXT NOT NULL,
    reason        TEXT NOT NULL, -- JSON
    retryable     INTEGER NOT NULL,
    attempts      INTEGER NOT NULL,
    first_seen    TEXT NOT NULL,
    last_seen     TEXT NOT NULL,
    run_id        TEXT NOT NULL REFERENCES runs (id), -- the last one that met it
    why           TEXT,          -- a person's words for leaving it out
    UNIQUE (target, source_entity, source_id, subject)
) STRICT;
CREATE INDEX problems_of_run ON problems (run_id);

CREATE TABLE confirmations (
    token_hash TEXT NOT NULL PRIMARY KEY,
    plan       TEXT NOT NULL,
    expires_at TEXT NOT NULL,
    used_at    TEXT
) STRICT, WITHOUT ROWID;

-- Lists that a connector keeps between runs.
CREATE TABLE kept (
    name TEXT NOT NULL PRIMARY KEY,
    text TEXT NOT NULL,
    at   TEXT NOT NULL
) STRICT;

CREATE TABLE secrets (
    name   TEXT NOT NULL PRIMARY KEY,
    secret TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- What was answered to a caller's own idempotency key.
CREATE TABLE keyed_runs (
    caller_key TEXT NOT NULL PRIMARY KEY,
    document   TEXT NOT NULL
) STRICT;
