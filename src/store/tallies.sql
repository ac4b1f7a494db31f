-- The figures of a run are kept for each target: JSON, `{"quickbooks": {…}}`.
UPDATE runs SET tally = json_object('quickbooks', json(tally));
