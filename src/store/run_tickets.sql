-- What a run has sent, without reading what all the others have; and the runs that ended early, without reading those that did not.
CREATE INDEX tickets_of_run ON tickets (run_id);
CREATE INDEX runs_ended_early ON runs (id) WHERE status IN ('interrupted', 'failed');
