-- Rows are for the secret key alone: whoever else shall see them needs a policy and a grant of yours. Roles that a plain PostgreSQL
-- does not have are left out.
do $udsync$
declare
    this text;
    role text;
begin
    foreach this in array array[{tables}, 'udsync_schema'] loop
        execute format('alter table {schema}.%I enable row level security', this);
    end loop;
    if current_setting('server_version_num')::integer >= 150000 then
        foreach this in array array[{views}] loop
            execute format('alter view {schema}.%I set (security_invoker = true)', this);
        end loop;
    end if;
    foreach role in array array['anon', 'authenticated'] loop
        continue when not exists (select from pg_catalog.pg_roles where rolname = role);
        foreach this in array array[{relations}] loop
            execute format('revoke all on {schema}.%I from %I', this, role);
        end loop;
    end loop;
    if exists (select from pg_catalog.pg_roles where rolname = 'service_role') then
        execute 'grant usage on schema {schema} to service_role';
        foreach this in array array[{tables}] loop
            execute format('grant select, insert, update, delete on {schema}.%I to service_role', this);
        end loop;
        foreach this in array array[{views}, 'udsync_schema'] loop
            execute format('grant select on {schema}.%I to service_role', this);
        end loop;
    end if;
    -- A smaller and quicker form for what the shop said, where the server has it.
    foreach this in array array[{tables}] loop
        begin
            execute format('alter table {schema}.%I alter column raw set compression lz4', this);
        exception when feature_not_supported or syntax_error or invalid_parameter_value then
            null;
        end;
    end loop;
end $udsync$;
