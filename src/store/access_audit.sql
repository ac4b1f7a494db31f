-- Since when: the audit of years is read a page at a time.
CREATE INDEX audit_by_time ON audit (at, id);
