-- Which runs took another one back. What is left of a document is told by its requests, in the order in which they went out, those of a
-- run that was taken back left out together with those that took it back.
CREATE TABLE undos (
    run_id TEXT PRIMARY KEY REFERENCES runs (id),
    undone TEXT NOT NULL -- the run that was taken back
) STRICT, WITHOUT ROWID;
