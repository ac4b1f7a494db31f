-- The history in a quarter of the room. What most lines have in common, and an id of 36 letters, stand in a row each; what is the same as the id
-- of the record stands there once. `changes` is what it was to whoever asks.

CREATE TABLE run_numbers (
    number INTEGER NOT NULL PRIMARY KEY,
    run_id TEXT NOT NULL UNIQUE REFERENCES runs (id)
) STRICT;

CREATE TABLE change_kinds (
    number        INTEGER NOT NULL PRIMARY KEY,
    target        TEXT NOT NULL,
    action        TEXT NOT NULL,
    entity        TEXT NOT NULL,
    source_entity TEXT NOT NULL,
    UNIQUE (target, action, entity, source_entity)
) STRICT;

CREATE TABLE change_rows (
    id            INTEGER NOT NULL PRIMARY KEY, -- the order in which they were recorded
    run           INTEGER NOT NULL REFERENCES run_numbers (number),
    kind          INTEGER NOT NULL REFERENCES change_kinds (number),
    is_skip       INTEGER NOT NULL,
    source_id     TEXT NOT NULL,
    source_number TEXT,          -- NULL: the id
    label         TEXT,          -- NULL: the id
    txn_date      TEXT,
    currency      TEXT,
    total         TEXT,
    tax_total     TEXT,
    target_id     TEXT,          -- `=`: the id
    body          TEXT,
    warnings      TEXT,          -- JSON; NULL: none
    reason        TEXT           -- JSON
) STRICT;

INSERT INTO run_numbers (run_id) SELECT DISTINCT run_id FROM changes ORDER BY run_id;
INSERT INTO change_kinds (target, action, entity, source_entity)
    SELECT DISTINCT target, action, entity, source_entity FROM changes ORDER BY 1, 2, 3, 4;
INSERT INTO change_rows
    SELECT changes.id, run_numbers.number, change_kinds.number, action = 'skip', source_id, nullif(source_number, source_id),
           nullif(label, source_id), txn_date, currency, total, tax_total, iif(target_id = source_id, '=', target_id), body,
           nullif(warnings, '[]'), reason
    FROM changes JOIN run_numbers USING (run_id) JOIN change_kinds USING (target, action, entity, source_entity)
    ORDER BY changes.id;
DROP TABLE changes;

CREATE INDEX change_rows_of_run ON change_rows (run);
CREATE INDEX change_rows_with_bodies ON change_rows (run) WHERE body IS NOT NULL;
CREATE INDEX change_rows_skipped ON change_rows (source_id) WHERE is_skip;
CREATE INDEX change_rows_skipped_by_number ON change_rows (coalesce(source_number, source_id)) WHERE is_skip;

CREATE VIEW changes AS
    SELECT change_rows.id AS id, run_numbers.run_id AS run_id, change_kinds.target AS target, change_kinds.action AS action,
           change_kinds.entity AS entity, change_kinds.source_entity AS source_entity, change_rows.source_id AS source_id,
           coalesce(change_rows.source_number, change_rows.source_id) AS source_number,
           coalesce(change_rows.label, change_rows.source_id) AS label, change_rows.txn_date AS txn_date,
           change_rows.currency AS currency, change_rows.total AS total, change_rows.tax_total AS tax_total,
           iif(change_rows.target_id = '=', change_rows.source_id, change_rows.target_id) AS target_id, change_rows.body AS body,
           coalesce(change_rows.warnings, '[]') AS warnings, change_rows.reason AS reason
    FROM change_rows
    JOIN run_numbers ON run_numbers.number = change_rows.run
    JOIN change_kinds ON change_kinds.number = change_rows.kind;
CREATE TRIGGER body_of_change INSTEAD OF UPDATE OF body ON changes BEGIN
    UPDATE change_rows SET body = new.body WHERE id = old.id;
END;

-- What a request meant, whole, as long as it is open. In `ticket_writes` stands from the start what is kept of it: a large text that is
-- replaced by a small one leaves a hole, and nothing fills it again.
CREATE TABLE open_intents (
    ticket_id INTEGER NOT NULL REFERENCES tickets (id),
    position  INTEGER NOT NULL,
    intent    TEXT NOT NULL, -- JSON
    UNIQUE (ticket_id, position)
) STRICT;
