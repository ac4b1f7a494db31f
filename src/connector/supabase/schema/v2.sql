-- Version 2: a run says how far the history was when it was told, so that a copy of its head lies where nobody can write it anew.
alter table {schema}.sync_logs add column if not exists history_entries bigint;
alter table {schema}.sync_logs add column if not exists history_head text;
