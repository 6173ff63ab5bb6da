-- What the first months of syncing taught: when a job was whole, names that mean several campaigns, and locks in one order.

alter table data_sync_logs
  -- With the last window of a job: when the job began. Its figures are at least as new as this, and nothing of it is missing.
  add column job_began_at timestamptz;
update data_sync_logs set job_began_at = started_at
 where status = 'success' and sync_type in ('morning', 'full', 'deep') and window_from <= completed_at::date - 6;

-- Roll-ups of some clients over all their days. The locks of refresh_rollups come first: whoever holds them may be adding a day that the range
-- would miss.
create or replace function refresh_clients(touched_clients integer[]) returns void language plpgsql security definer set search_path = public, pg_temp as $$
declare
  client integer;
  days   record;
  hours  record;
begin
  for client in select distinct unnest(touched_clients) order by 1 loop
    perform pg_advisory_xact_lock(1836018785, client);
  end loop;
  perform pg_advisory_xact_lock(1836018785, 0);
  select min(date) as lo, max(date) as hi into days from roll_client_day where client_id = any (touched_clients);
  select min(date) as lo, max(date) as hi into hours from roll_client_hour where client_id = any (touched_clients);
  perform refresh_rollups(touched_clients, days.lo, days.hi, hours.lo, hours.hi, '{}', '{}');
end $$;

-- Figures follow their account to another client, their campaign to another account, and leave the agency's totals with a removed client.
-- Whoever moves many campaigns at once renews the sums once, and says so by moa.sums_follow.
create or replace function move_figures() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
declare
  clients_touched integer[];
begin
  -- Whoever writes to the account now knows it by its old place: this waits for them, and they read the place anew after it.
  if tg_table_name = 'marketing_accounts' then
    perform pg_advisory_xact_lock(1836018786, new.id);
    clients_touched := array[old.client_id, new.client_id];
  elsif tg_table_name = 'campaigns' then
    perform pg_advisory_xact_lock(1836018786, least(old.marketing_account_id, new.marketing_account_id));
    perform pg_advisory_xact_lock(1836018786, greatest(old.marketing_account_id, new.marketing_account_id));
    if current_setting('moa.sums_follow', true) = 'on' then
      return null;
    end if;
    clients_touched := array(select client_id from marketing_accounts where id in (old.marketing_account_id, new.marketing_account_id));
  else
    clients_touched := array[new.id];
  end if;
  perform refresh_clients(clients_touched);
  return null;
end $$;

-- Takes away a campaign's figures from a day on: the platform tells them under another campaign. The caller holds the account's lock and
-- renews the sums.
create function cut_campaign_figures(campaign integer, first date) returns void language plpgsql security definer set search_path = public, pg_temp as $$
begin
  delete from metric_daily where campaign_id = campaign and date >= first;
  -- A month without a day left is renewed by nobody.
  delete from roll_campaign_mtd where campaign_id = campaign and date >= first;
  delete from metric_hourly where campaign_id = campaign and date >= first;
  delete from conversion_daily where campaign_id = campaign and date >= first;
  delete from metric_revisions where campaign_id = campaign and date >= first;
  delete from breakdown_daily where entity_id in (select id from breakdown_entities where campaign_id = campaign) and date >= first;
end $$;
revoke execute on function cut_campaign_figures from public;
grant execute on function cut_campaign_figures to moa_app;

update workspace set schema_version = 3;
