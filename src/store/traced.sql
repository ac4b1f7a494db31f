-- Where a number comes from is asked by anything that a person may have in hand: a document's number or id, an amount with its day, an
-- order's number. Each has its way, however many orders there are.
CREATE INDEX links_by_number ON links
    (CASE WHEN json_valid(posted) THEN json_extract(posted, '$.number') END)
    WHERE posted IS NOT NULL;
CREATE INDEX links_by_worth ON links
    (CASE WHEN json_valid(posted) THEN json_extract(posted, '$.date') END,
     CASE WHEN json_valid(posted) THEN json_extract(posted, '$.total') END)
    WHERE posted IS NOT NULL;
CREATE INDEX problems_by_source ON problems (source_id);
CREATE INDEX problems_by_number ON problems (source_number);
CREATE INDEX changes_skipped ON changes (source_id) WHERE action = 'skip';
CREATE INDEX changes_skipped_by_number ON changes (source_number) WHERE action = 'skip';
