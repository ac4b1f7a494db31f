-- Tables of somebody else are never touched, and those of a newer udsync are left alone.
do $udsync$
declare
    found_name text;
    found_version integer;
begin
    if not exists (select from pg_catalog.pg_namespace where nspname = '{name}') then
        execute 'create schema {schema}';
    end if;
    select c.relname into found_name
      from pg_catalog.pg_class c
      join pg_catalog.pg_namespace n on n.oid = c.relnamespace
     where n.nspname = '{name}' and c.relname = any (array[{relations}])
       and coalesce(pg_catalog.obj_description(c.oid, 'pg_class'), '') not like 'udsync: %'
     order by c.relname limit 1;
    if found_name is not null then
        raise exception 'the schema "{name}" has a table "%" that is not of udsync', found_name
            using errcode = 'duplicate_table',
                  hint = 'take another schema: `schema = "{other}"` in `[supabase]` of udsync.toml';
    end if;
    if to_regclass('{schema}.udsync_schema') is not null then
        execute 'select max(version) from {schema}.udsync_schema' into found_version;
        if found_version > {version} then
            raise exception 'the tables are of version %, and this udsync knows up to {version}', found_version
                using errcode = 'object_not_in_prerequisite_state', hint = 'update udsync';
        end if;
    end if;
end $udsync$;

