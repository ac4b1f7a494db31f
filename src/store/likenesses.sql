-- By what an account and a product are told from another one with the same id, as long as something in the books is linked to it.

CREATE TABLE likenesses (
    target  TEXT NOT NULL,
    subject TEXT NOT NULL, -- `c7` for the account, `product:500`
    looks   TEXT NOT NULL, -- a digest of its address, or of what it is sold as
    made_at TEXT,          -- by the shop, as far as it was read
    seen_at TEXT NOT NULL, -- by our clock, when it was met first
    PRIMARY KEY (target, subject)
) STRICT, WITHOUT ROWID;
