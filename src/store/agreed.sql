-- What the shop and the books agreed on, a row a record that both share, and where they do not agree, a row a field.

CREATE TABLE agreed (
    target    TEXT NOT NULL,
    entity    TEXT NOT NULL,
    record_id TEXT NOT NULL,
    number    TEXT NOT NULL,
    remote_id TEXT NOT NULL,
    revision  TEXT NOT NULL, -- of the books, when it was last read
    shop      TEXT NOT NULL, -- digest of what the shop said then
    made_by   TEXT NOT NULL, -- digest of the mapping; under another one nothing was agreed
    standing  TEXT NOT NULL,
    said      TEXT NOT NULL, -- the pairs by field, sealed where there is a key
    PRIMARY KEY (target, entity, record_id)
) STRICT;

CREATE TABLE field_conflicts (
    seq        INTEGER PRIMARY KEY,
    id         TEXT NOT NULL, -- `F7K2`; the same field of the same record keeps it
    target     TEXT NOT NULL,
    entity     TEXT NOT NULL,
    record_id  TEXT NOT NULL,
    number     TEXT NOT NULL,
    field      TEXT NOT NULL,
    cause      TEXT NOT NULL,
    said       TEXT NOT NULL, -- both sides, their base and what was decided, sealed where there is a key
    since      TEXT NOT NULL,
    run_id     TEXT NOT NULL,
    settled_at TEXT,          -- kept for good: whoever lost can be read here
    settled_by TEXT
) STRICT;
CREATE INDEX field_conflicts_by_id ON field_conflicts (id);
CREATE INDEX field_conflicts_by_record ON field_conflicts (target, entity, record_id);
CREATE UNIQUE INDEX field_conflicts_open ON field_conflicts (target, entity, record_id, field) WHERE settled_at IS NULL;
