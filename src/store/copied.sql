-- What each database was given, so that only what changed is sent again, and what of links and runs is to be told there.

CREATE TABLE copies (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    target       TEXT NOT NULL,
    place        TEXT NOT NULL,   -- the shop and the database
    adopted      INTEGER NOT NULL DEFAULT 0, -- what the database held before us is known
    read_through TEXT,            -- the copy's own cursor over the orders
    last_kind    INTEGER,         -- the row that was sent last: if the database has lost it, it has lost more
    last_id      TEXT,
    last_at      TEXT,
    told         INTEGER NOT NULL DEFAULT 0, -- as far in `touched` as the database was told
    UNIQUE (target, place)
) STRICT;

CREATE TABLE copied (
    copy   INTEGER NOT NULL REFERENCES copies (id),
    kind   INTEGER NOT NULL, -- the table
    id     ANY NOT NULL,     -- a number where the table has numbers
    parent INTEGER,          -- the order of a line or of a refund; of a run in the log its last change that was told
    mark   BLOB,             -- the beginning of the fingerprint; NULL of what is buried
    gone   INTEGER NOT NULL, -- the row is marked as deleted
    PRIMARY KEY (copy, kind, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX copied_of_parent ON copied (copy, kind, parent) WHERE parent IS NOT NULL;

-- Each link and each run by its last change, in the order of these changes. AUTOINCREMENT: who was told up to a number
-- misses nothing.
CREATE TABLE touched (
    seq    INTEGER PRIMARY KEY AUTOINCREMENT,
    what   TEXT NOT NULL, -- link, run
    target TEXT NOT NULL, -- of a link
    name   TEXT NOT NULL, -- the link's subject, the run's id
    UNIQUE (what, target, name)
) STRICT;

INSERT INTO touched (what, target, name) SELECT 'link', target, subject FROM links ORDER BY rowid;
INSERT INTO touched (what, target, name)
    SELECT 'run', '', id FROM runs WHERE status <> 'running' ORDER BY started_at, id;

CREATE TRIGGER link_made AFTER INSERT ON links BEGIN
    DELETE FROM touched WHERE what = 'link' AND target = new.target AND name = new.subject;
    INSERT INTO touched (what, target, name) VALUES ('link', new.target, new.subject);
END;
CREATE TRIGGER link_changed AFTER UPDATE ON links
WHEN (old.remote_entity, old.remote_id, old.remote_revision, old.state, old.posted)
    IS NOT (new.remote_entity, new.remote_id, new.remote_revision, new.state, new.posted)
BEGIN
    DELETE FROM touched WHERE what = 'link' AND target = new.target AND name = new.subject;
    INSERT INTO touched (what, target, name) VALUES ('link', new.target, new.subject);
END;
CREATE TRIGGER link_removed AFTER DELETE ON links BEGIN
    DELETE FROM touched WHERE what = 'link' AND target = old.target AND name = old.subject;
    INSERT INTO touched (what, target, name) VALUES ('link', old.target, old.subject);
END;
CREATE TRIGGER run_ended AFTER UPDATE ON runs
WHEN new.status <> 'running' AND (old.status, old.tally) IS NOT (new.status, new.tally)
BEGIN
    DELETE FROM touched WHERE what = 'run' AND target = '' AND name = new.id;
    INSERT INTO touched (what, target, name) VALUES ('run', '', new.id);
END;
