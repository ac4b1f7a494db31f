-- What stood in the books before a write changed, voided or deleted it: the service's own words, whole, so that a run can be taken
-- back later. Written with the ticket, in one transaction.
CREATE TABLE before_images (
    ticket_id       INTEGER NOT NULL REFERENCES tickets (id),
    position        INTEGER NOT NULL, -- that of the write in its ticket
    remote_entity   TEXT NOT NULL,
    remote_id       TEXT NOT NULL,
    remote_revision TEXT NOT NULL,
    body            TEXT NOT NULL,
    PRIMARY KEY (ticket_id, position)
) STRICT, WITHOUT ROWID;
