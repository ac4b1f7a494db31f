-- That an order stands undone is kept in a row of its own, so that nothing else that goes wrong with the order takes its place.
UPDATE problems SET subject = 'undone'
WHERE subject = '' AND source_entity = 'order' AND json_extract(reason, '$.code') = 'undone';
