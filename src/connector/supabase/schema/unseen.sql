grant usage on schema {schema} to service_role;
grant select, insert, update, delete on {places} to service_role;
grant select on {view_places}, {schema}.udsync_schema to service_role;
