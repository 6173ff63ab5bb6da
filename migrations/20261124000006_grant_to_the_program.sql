-- What the program may do: read and write rows, nothing else. It owns no table and can change none.
grant usage on schema public to moa_app;
grant select, insert, update, delete on all tables in schema public to moa_app;
grant usage, select, update on all sequences in schema public to moa_app;
grant execute on all functions in schema public to moa_app;
-- Months made later belong to moa_owner too.
alter default privileges in schema public grant select, insert, update, delete on tables to moa_app;
alter default privileges in schema public grant usage, select, update on sequences to moa_app;
-- What this database is, and the ledger of migrations, are the owner's alone.
revoke insert, update, delete on workspace from moa_app;
do $$ begin
  if to_regclass('_sqlx_migrations') is not null then
    revoke insert, update, delete on _sqlx_migrations from moa_app;
  end if;
end $$;
-- Functions that act with the owner's rights are for the program, not for everybody who may connect.
revoke execute on function ensure_months, refresh_rollups, rebuild_rollups, refresh_clients, default_money_kind from public;
revoke all on sql_writes from moa_app;
