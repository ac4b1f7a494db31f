-- Documents by their day, for reports: in order and without reading all of them. What is no JSON has no day, and whoever asks is told.
CREATE INDEX links_by_day ON links
    (target, CASE WHEN json_valid(posted) THEN json_extract(posted, '$.date') END, subject)
    WHERE posted IS NOT NULL;
