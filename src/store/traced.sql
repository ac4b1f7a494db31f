-- Where a number comes from is asked by anything that a person may have in hand: a document's number or id, an amount with its day, an
-- order's number. Each has its way, however many orders there are.
CREATE INDEX links_by_number ON links (json_extract(posted, '$.number')) WHERE posted IS NOT NULL;
CREATE INDEX links_by_day ON links (json_extract(posted, '$.date'), json_extract(posted, '$.total')) WHERE posted IS NOT NULL;
CREATE INDEX problems_by_source ON problems (source_id);
CREATE INDEX problems_by_number ON problems (source_number);
CREATE INDEX changes_skipped ON changes (source_id) WHERE action = 'skip';
CREATE INDEX changes_skipped_by_number ON changes (source_number) WHERE action = 'skip';
