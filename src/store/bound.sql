-- Entries of the runs from before there was a chain, as far as they are made. They become the chain when all of them are there, so that
-- nothing waits beside a chain that has begun.
CREATE TABLE chain_drafts (
    number   INTEGER PRIMARY KEY,
    previous BLOB NOT NULL,
    run_id   TEXT NOT NULL,
    about    BLOB NOT NULL,
    root     BLOB NOT NULL,
    leaves   INTEGER NOT NULL,
    digest   BLOB NOT NULL,
    waited   INTEGER NOT NULL -- the number of the run in `unchained`
) STRICT;

-- What the books call a customer, as earlier versions kept it with what came of a request.
CREATE INDEX outcomes_with_names ON ticket_writes (ticket_id)
    WHERE subject >= '@customer:' AND subject < '@customer;'
      AND CASE WHEN json_valid(outcome) THEN json_extract(outcome, '$.done.label') END <> '';
