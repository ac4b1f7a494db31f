-- What is kept of requests, of documents and of changes is packed from here on. An earlier version would take what is packed for the text
-- itself, and so it refuses the file. What stands in the file already stays as it is.

-- By what writes are counted without unpacking what was meant.
CREATE TABLE write_kinds (
    number        INTEGER NOT NULL PRIMARY KEY,
    action        TEXT NOT NULL,
    source_entity TEXT NOT NULL,
    source_id     TEXT NOT NULL, -- `1`: a number of the shop; `x`: a key of ours; `x.`: one of two parts
    UNIQUE (action, source_entity, source_id)
) STRICT;
ALTER TABLE ticket_writes ADD COLUMN kind INTEGER REFERENCES write_kinds (number); -- NULL: the JSON of `intent` says it
