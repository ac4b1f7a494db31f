-- Which kinds of records a run was about, so that runs about one of them are found without reading all others. Triggers keep it, because
-- nothing else may forget to: a run is written when it begins, and changes how it stands until it has ended.
CREATE TABLE run_entities (
    entity     TEXT NOT NULL,
    started_at TEXT NOT NULL,
    id         TEXT NOT NULL,
    status     TEXT NOT NULL,
    PRIMARY KEY (entity, started_at, id)
) STRICT, WITHOUT ROWID;
INSERT OR IGNORE INTO run_entities
    SELECT named.value, runs.started_at, runs.id, runs.status FROM runs, json_each(runs.entities) AS named;
CREATE INDEX run_entities_by_status ON run_entities (entity, status, started_at, id);
CREATE TRIGGER entities_of_run AFTER INSERT ON runs BEGIN
    INSERT OR IGNORE INTO run_entities SELECT value, new.started_at, new.id, new.status FROM json_each(new.entities);
END;
CREATE TRIGGER status_of_run AFTER UPDATE OF status ON runs BEGIN
    UPDATE run_entities SET status = new.status
    WHERE entity IN (SELECT value FROM json_each(new.entities)) AND started_at = new.started_at AND id = new.id;
END;
