-- Version 2 of the access file: by what a process proves that this file is its own, and until when somebody is in who is invited for a
-- while.
CREATE TABLE own (secret TEXT NOT NULL) STRICT;
ALTER TABLE invitations ADD COLUMN ends_at TEXT;
