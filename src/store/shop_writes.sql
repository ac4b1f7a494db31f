-- Changes of the shop: each is on the disk before it is sent, and what came of it afterwards. A mark that is done is not written again.
CREATE TABLE shop_writes (
    id          INTEGER PRIMARY KEY,
    run_id      TEXT NOT NULL REFERENCES runs (id),
    shop        TEXT NOT NULL, -- its address
    thing       TEXT NOT NULL, -- `order:17`, `customer:5`, `product:3/9`
    mark        TEXT NOT NULL,
    kind        TEXT NOT NULL, -- `note`, `status`, `customer`, `product`
    step        TEXT NOT NULL, -- sealed where there is a key; empty when it was dropped
    intended_at TEXT NOT NULL,
    sent_at     TEXT,
    settled_at  TEXT,
    outcome     TEXT,          -- `done`, `refused`, `not_done`
    came        TEXT           -- what the shop said of it, sealed
) STRICT;
CREATE INDEX shop_writes_by_thing ON shop_writes (shop, thing);
CREATE INDEX shop_writes_by_mark ON shop_writes (shop, mark);
CREATE INDEX shop_writes_by_run ON shop_writes (run_id);
CREATE INDEX shop_writes_open ON shop_writes (shop) WHERE outcome IS NULL;
