-- Each filter of the list that people leaf through has its way, newest first.
CREATE INDEX deliveries_of_shop ON deliveries (shop, id);
CREATE INDEX deliveries_by_verdict ON deliveries (shop, verdict, id);
CREATE INDEX deliveries_by_source ON deliveries (shop, source, id);
