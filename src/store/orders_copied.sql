-- An order, its lines and its refunds are one row from here on: a database is given them together, and together they are looked up.
-- In `copied` stay the rows of the other tables, and lines and refunds of which nobody knows the order.

CREATE TABLE orders_copied (
    copy  INTEGER NOT NULL REFERENCES copies (id),
    id    INTEGER NOT NULL, -- the order
    heard BLOB,             -- of what the shop said of it, if the rows are what that came to
    rows  BLOB NOT NULL,    -- ids and marks: see `orders_copied.rs`
    live  INTEGER NOT NULL, -- of which kinds it has rows that are not marked as deleted: 1 its own, 2 lines, 4 refunds
    PRIMARY KEY (copy, id)
) STRICT, WITHOUT ROWID;

INSERT INTO orders_copied (copy, id, rows, live)
SELECT copy,
       coalesce(parent, id) AS of_order,
       unhex('00' || group_concat(
           printf('%02x%016x', kind + 4 * (mark IS NOT NULL) + 8 * (gone <> 0), id) || coalesce(hex(mark), printf('%032x', 0)), '')),
       max((kind = 1) AND NOT gone) + 2 * max((kind = 2) AND NOT gone) + 4 * max((kind = 3) AND NOT gone)
FROM copied
WHERE kind IN (1, 2, 3) AND (kind = 1 OR parent IS NOT NULL)
GROUP BY copy, of_order;

DELETE FROM copied WHERE kind IN (1, 2, 3) AND (kind = 1 OR parent IS NOT NULL);
DROP INDEX copied_of_parent;

-- What a database is just being given and was not known to have: if nobody comes to say what became of it, there may be such rows.
ALTER TABLE copies ADD COLUMN under_way BLOB;
