-- What people look at page by page: runs by how they ended, and what waits, by its age and by its cause.
ALTER TABLE problems ADD COLUMN cause_code TEXT
    GENERATED ALWAYS AS (CASE WHEN json_valid(reason) THEN json_extract(reason, '$.code') END) VIRTUAL;
ALTER TABLE problems ADD COLUMN cause_hint TEXT
    GENERATED ALWAYS AS (CASE WHEN json_valid(reason) THEN json_extract(reason, '$.hint') END) VIRTUAL;
-- What was sent of a customer or an item, which have no total, by our key for it.
CREATE INDEX change_rows_of_names ON change_rows (source_id) WHERE total IS NULL AND body IS NOT NULL;
CREATE INDEX runs_by_status ON runs (status, started_at, id);
CREATE INDEX problems_by_age ON problems (first_seen, id);
CREATE INDEX problems_by_cause ON problems (state, cause_code, cause_hint, first_seen, id);
