-- What the program may do: read and write rows, nothing else. It owns no table and can change none.
grant usage on schema public to moa_app;
grant select, insert, update, delete on all tables in schema public to moa_app;
grant usage, select, update on all sequences in schema public to moa_app;
grant execute on all functions in schema public to moa_app;
-- Months made later belong to moa_owner too.
alter default privileges in schema public grant select, insert, update, delete on tables to moa_app;
alter default privileges in schema public grant usage, select, update on sequences to moa_app;
-- The ledger of migrations is the owner's alone.
revoke insert, update, delete on workspace from moa_app;
