-- Runs are numbered in the order in which they took over, so that one that was overtaken sends nothing more; and what an order or
-- a refund is told by from another one with the same id.

ALTER TABLE runs ADD COLUMN number INTEGER;  -- only of runs that write
ALTER TABLE runs ADD COLUMN process TEXT;    -- who it is, for people
CREATE UNIQUE INDEX runs_by_number ON runs (number) WHERE number IS NOT NULL;

CREATE TABLE identities (
    target     TEXT NOT NULL,
    subject    TEXT NOT NULL, -- `1042/sale` for the order, `1042/refund/1050`
    key        TEXT,          -- a digest
    created_at TEXT NOT NULL,
    PRIMARY KEY (target, subject)
) STRICT, WITHOUT ROWID;
