-- An older row never replaces a newer one, and the very same is not written again.
create or replace function {schema}.udsync_keep_newer() returns trigger
language plpgsql set search_path = '' as $udsync$
begin
    if new.source_at < old.source_at then
        return null;
    end if;
    -- Columns that you have added count: what you write into them is kept.
    if new.source_at is not distinct from old.source_at and new.fingerprint = old.fingerprint and new *= old then
        return null;
    end if;
    new.updated_at := pg_catalog.now();
    return new;
end $udsync$;
revoke execute on function {schema}.udsync_keep_newer() from public;
