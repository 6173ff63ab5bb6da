-- Counts per campaign, channel, money kind and day or hour. Two tables, because hourly rows outnumber daily ones 24 to 1, and because
-- forgetting "hour is null" in one query would double the spend. Partitioned by month; keys without NULLs; no ratio is stored.
--
-- No foreign keys from here to campaigns: making a month would then lock campaigns against every writer, and a large first sync would queue
-- one check per row. What they would guard is guarded below, by the triggers on campaigns and by the write path, which looks its campaigns up.

create table metric_daily (
  date            date not null,
  campaign_id     integer not null,
  channel_id      integer not null,
  money_kind_id   integer not null,
  impressions     bigint not null default 0,
  clicks          bigint not null default 0,
  -- Millionths of the money kind's currency.
  cost            bigint not null default 0,
  -- Millionths, since platforms give fractions. The kinds the client counts …
  conversions     bigint not null default 0,
  revenue         bigint not null default 0,
  -- … and every kind the platform reports.
  conversions_all bigint not null default 0,
  revenue_all     bigint not null default 0,
  likes           integer not null default 0,
  shares          integer not null default 0,
  comments        integer not null default 0,
  saves           integer not null default 0,
  -- Reach, opens, video views: never summed where they must not be.
  extras          jsonb,
  -- Who said each measure, two bits for each from the lowest: impressions, clicks, cost, conversions, revenue, conversions_all, revenue_all,
  -- engagement, reach. 3 a source stated it, 2 the sum of hours, 1 the sum of finer rows, 0 nobody: a file of conversions says no cost. A
  -- stated measure of a campaign's day wins over a derived one. The default: all of it is stated.
  origins         integer not null default 262143,
  run_id          integer not null
) partition by range (date);
create unique index metric_daily_key on metric_daily (campaign_id, date, channel_id, money_kind_id);

create table metric_hourly (
  date            date not null,
  campaign_id     integer not null,
  channel_id      integer not null,
  money_kind_id   integer not null,
  hour            smallint not null constraint metric_hourly_hour check (hour between 0 and 23),
  -- Which counts were said, a bit for each in the order below.
  measures        smallint not null default 127,
  impressions     bigint not null default 0,
  clicks          bigint not null default 0,
  cost            bigint not null default 0,
  -- NULL is unknown, which is not 0: some platforms give no conversions by hour.
  conversions     bigint,
  revenue         bigint,
  conversions_all bigint,
  revenue_all     bigint,
  run_id          integer not null
) partition by range (date);
create unique index metric_hourly_key on metric_hourly (campaign_id, date, hour, channel_id, money_kind_id);
-- Rows arrive in date order: a few kilobytes of BRIN do what a b-tree of megabytes would.
create index metric_hourly_date on metric_hourly using brin (date) with (pages_per_range = 32);

-- Counts and values per conversion kind: when the client's choice of kinds changes, metric_daily is derived anew from here.
create table conversion_daily (
  date            date not null,
  campaign_id     integer not null,
  channel_id      integer not null,
  money_kind_id   integer not null,
  conversion_kind text not null,
  conversions     bigint not null,
  revenue         bigint not null,
  run_id          integer not null
) partition by range (date);
create unique index conversion_daily_key on conversion_daily (campaign_id, date, channel_id, money_kind_id, conversion_kind);

-- What is finer than a campaign. dimension: 1 ad group, 2 keyword, 3 creative, 4 search term, 5 device.
-- An empty name is what the source itself did not break down.
create table breakdown_entities (
  id          serial primary key,
  campaign_id integer not null references campaigns on delete cascade,
  dimension   smallint not null constraint breakdown_dimension_known check (dimension between 1 and 5),
  parent      text not null default '',
  name        text not null,
  external_id text,
  constraint breakdown_entities_key unique (campaign_id, dimension, parent, name)
);
create table breakdown_daily (
  date            date not null,
  entity_id       integer not null,
  channel_id      integer not null,
  money_kind_id   integer not null,
  impressions     bigint not null default 0,
  clicks          bigint not null default 0,
  cost            bigint not null default 0,
  conversions     bigint not null default 0,
  revenue         bigint not null default 0,
  conversions_all bigint not null default 0,
  revenue_all     bigint not null default 0,
  -- Which counts were said, a bit for each in the order above.
  measures        smallint not null default 127,
  run_id          integer not null
) partition by range (date);
create unique index breakdown_daily_key on breakdown_daily (entity_id, date, channel_id, money_kind_id);

-- What a daily row of a finished day was before it was restated, and what it became. All NULL: there was, or is, no row.
create table metric_revisions (
  date                date not null,
  campaign_id         integer not null,
  channel_id          integer not null,
  money_kind_id       integer not null,
  run_id              integer not null,
  seen_at             timestamptz not null default now(),
  -- 0 restated by its source, 1 another choice of conversion kinds, 2 another VAT basis.
  reason              smallint not null default 0,
  old_impressions     bigint, old_clicks bigint, old_cost bigint, old_conversions bigint, old_revenue bigint, old_conversions_all bigint, old_revenue_all bigint,
  new_impressions     bigint, new_clicks bigint, new_cost bigint, new_conversions bigint, new_revenue bigint, new_conversions_all bigint, new_revenue_all bigint
) partition by range (date);
create index metric_revisions_campaign on metric_revisions (campaign_id, date);

-- Running totals within a month, so that any date range is a few look-ups: total(b) − total(a − 1), plus the month ends between.
-- One row per day from the first metric row of a campaign-month to the month's end, also for days without one, so that "up to day x" is one
-- look-up; `days` counts the days with figures so far.
create table roll_campaign_mtd (
  date            date not null,
  campaign_id     integer not null,
  money_kind_id   integer not null,
  days            integer not null,
  impressions     bigint not null, clicks bigint not null, cost bigint not null, conversions bigint not null, revenue bigint not null,
  conversions_all bigint not null, revenue_all bigint not null
) partition by range (date);
create unique index roll_campaign_mtd_key on roll_campaign_mtd (date, campaign_id, money_kind_id);

-- Sums per client and for the whole agency. Refreshed inside the writing transaction, never by row triggers.
create table roll_client_day (
  client_id       integer not null, channel_id integer not null, money_kind_id integer not null, date date not null,
  impressions     bigint not null, clicks bigint not null, cost bigint not null, conversions bigint not null, revenue bigint not null,
  conversions_all bigint not null, revenue_all bigint not null,
  constraint roll_client_day_key primary key (client_id, date, channel_id, money_kind_id)
);
create table roll_agency_day (
  channel_id      integer not null, money_kind_id integer not null, date date not null,
  impressions     bigint not null, clicks bigint not null, cost bigint not null, conversions bigint not null, revenue bigint not null,
  conversions_all bigint not null, revenue_all bigint not null,
  constraint roll_agency_day_key primary key (date, channel_id, money_kind_id)
);
create table roll_client_hour (
  client_id       integer not null, money_kind_id integer not null, date date not null, hour smallint not null,
  impressions     bigint not null, clicks bigint not null, cost bigint not null,
  -- NULL as soon as one part is unknown.
  conversions     bigint, revenue bigint, conversions_all bigint, revenue_all bigint,
  constraint roll_client_hour_key primary key (client_id, date, hour, money_kind_id)
);
create table roll_agency_hour (
  money_kind_id   integer not null, date date not null, hour smallint not null,
  impressions     bigint not null, clicks bigint not null, cost bigint not null,
  conversions     bigint, revenue bigint, conversions_all bigint, revenue_all bigint,
  constraint roll_agency_hour_key primary key (date, hour, money_kind_id)
);

-- Months are made ahead, in a transaction of their own: a day without a partition would fail its whole batch, and a default partition
-- would block later ones. Only moa_owner may make tables, so the program calls this function. A month is made aside and then attached:
-- "partition of" would lock the whole table against readers and writers, and wait for the longest of them.
create function ensure_months(lo date, hi date) returns void language plpgsql security definer set search_path = public, pg_temp as $$
declare
  parents   text[] := array['metric_daily', 'metric_hourly', 'conversion_daily', 'breakdown_daily', 'metric_revisions', 'roll_campaign_mtd'];
  parent    text;
  month     date;
  partition text;
begin
  if hi - lo > 366 * 50 then
    raise numeric_value_out_of_range using message = format('%s to %s are more than fifty years', lo, hi);
  end if;
  if not exists (
    select from unnest(parents) p, generate_series(date_trunc('month', lo), hi, interval '1 month') m
    where to_regclass(p || '_' || to_char(m, 'YYYY_MM')) is null) then
    return;
  end if;
  -- One program at a time makes months: attaching locks the parent until the end, so two with overlapping ranges would wait for each other.
  -- What was made meanwhile pg_class knows; to_regclass() remembers that it was not there.
  perform pg_advisory_xact_lock(hashtextextended('moa months', 0));
  foreach parent in array parents loop
    month := date_trunc('month', lo)::date;
    while month <= hi loop
      partition := parent || '_' || to_char(month, 'YYYY_MM');
      if not exists (select from pg_class where relname = partition and relnamespace = 'public'::regnamespace) then
        execute format('create table %I (like %I including all)%s', partition, parent,
          case when parent = 'metric_revisions' then '' else ' with (fillfactor = 80)' end);
        execute format('alter table %I attach partition %I for values from (%L) to (%L)', parent, partition, month, (month + interval '1 month')::date);
      end if;
      month := (month + interval '1 month')::date;
    end loop;
  end loop;
end $$;

-- The roll-ups of some clients, in the caller's transaction. Two accounts of one client may be written at once: the locks (clients in id
-- order, then the agency) make the later one aggregate in a later statement, which sees the earlier one's rows.
--   day_lo, day_hi     the window in which daily rows changed; NULL for none
--   hour_lo, hour_hi   the same of hourly rows
--   campaigns, firsts  campaign-months whose daily rows changed, each with the first such day: totals change from it to the month's end
create function refresh_rollups(touched_clients integer[], day_lo date, day_hi date, hour_lo date, hour_hi date, campaigns integer[], firsts date[])
returns void language plpgsql security definer set search_path = public, pg_temp set plan_cache_mode = force_custom_plan as $$
#variable_conflict use_column
declare
  client    integer;
  months_lo date := (select min(f) from unnest(firsts) f);
  months_hi date := (select (date_trunc('month', max(f)) + interval '1 month')::date - 1 from unnest(firsts) f);
begin
  for client in select distinct unnest(touched_clients) order by 1 loop
    perform pg_advisory_xact_lock(1836018785, client);
  end loop;
  perform pg_advisory_xact_lock(1836018785, 0);

  if day_lo is not null then
    delete from roll_client_day where client_id = any (touched_clients) and date between day_lo and day_hi;
    insert into roll_client_day
      select a.client_id, m.channel_id, m.money_kind_id, m.date,
             sum(m.impressions), sum(m.clicks), sum(m.cost), sum(m.conversions), sum(m.revenue), sum(m.conversions_all), sum(m.revenue_all)
      from marketing_accounts a join campaigns k on k.marketing_account_id = a.id join metric_daily m on m.campaign_id = k.id
      where a.client_id = any (touched_clients) and m.date between day_lo and day_hi
      group by 1, 2, 3, 4;

    delete from roll_agency_day where date between day_lo and day_hi;
    insert into roll_agency_day
      select r.channel_id, r.money_kind_id, r.date,
             sum(r.impressions), sum(r.clicks), sum(r.cost), sum(r.conversions), sum(r.revenue), sum(r.conversions_all), sum(r.revenue_all)
      from roll_client_day r join clients c on c.id = r.client_id and c.removed_at is null
      where r.date between day_lo and day_hi
      group by 1, 2, 3;
  end if;

  if hour_lo is not null then
    delete from roll_client_hour where client_id = any (touched_clients) and date between hour_lo and hour_hi;
    insert into roll_client_hour
      select a.client_id, m.money_kind_id, m.date, m.hour, sum(m.impressions), sum(m.clicks), sum(m.cost),
             case when count(m.conversions) = count(*) then sum(m.conversions) end, case when count(m.revenue) = count(*) then sum(m.revenue) end,
             case when count(m.conversions_all) = count(*) then sum(m.conversions_all) end, case when count(m.revenue_all) = count(*) then sum(m.revenue_all) end
      from marketing_accounts a join campaigns k on k.marketing_account_id = a.id join metric_hourly m on m.campaign_id = k.id
      where a.client_id = any (touched_clients) and m.date between hour_lo and hour_hi
      group by 1, 2, 3, 4;

    delete from roll_agency_hour where date between hour_lo and hour_hi;
    insert into roll_agency_hour
      select r.money_kind_id, r.date, r.hour, sum(r.impressions), sum(r.clicks), sum(r.cost),
             case when count(r.conversions) = count(*) then sum(r.conversions) end, case when count(r.revenue) = count(*) then sum(r.revenue) end,
             case when count(r.conversions_all) = count(*) then sum(r.conversions_all) end, case when count(r.revenue_all) = count(*) then sum(r.revenue_all) end
      from roll_client_hour r join clients c on c.id = r.client_id and c.removed_at is null
      where r.date between hour_lo and hour_hi
      group by 1, 2, 3;
  end if;

  if months_lo is not null then
    delete from roll_campaign_mtd r
    using (select t.campaign_id, t.first + n as date
           from unnest(campaigns, firsts) as t (campaign_id, first), generate_series(0, ((date_trunc('month', t.first) + interval '1 month')::date - 1) - t.first) n) gone
    where r.campaign_id = gone.campaign_id and r.date = gone.date and r.date between months_lo and months_hi;
    insert into roll_campaign_mtd
      select s.date + n, s.campaign_id, s.money_kind_id, s.days, s.impressions, s.clicks, s.cost, s.conversions, s.revenue, s.conversions_all, s.revenue_all
      from (
        select p.first, p.campaign_id, p.money_kind_id, p.date,
               coalesce(lead(p.date) over running, (date_trunc('month', p.first) + interval '1 month')::date) as until,
               sum(p.days) over running as days, sum(p.impressions) over running as impressions, sum(p.clicks) over running as clicks,
               sum(p.cost) over running as cost, sum(p.conversions) over running as conversions, sum(p.revenue) over running as revenue,
               sum(p.conversions_all) over running as conversions_all, sum(p.revenue_all) over running as revenue_all
        from (
          -- The day before the first change knows the total so far …
          select t.first, b.campaign_id, b.money_kind_id, b.date, b.days, b.impressions, b.clicks, b.cost, b.conversions, b.revenue, b.conversions_all, b.revenue_all
          from unnest(campaigns, firsts) as t (campaign_id, first)
          join roll_campaign_mtd b on b.campaign_id = t.campaign_id and b.date = t.first - 1 and b.date >= date_trunc('month', t.first)::date
          where b.date between months_lo - 1 and months_hi
          union all
          -- … and the days from it on add to it.
          select t.first, m.campaign_id, m.money_kind_id, m.date, 1, sum(m.impressions), sum(m.clicks), sum(m.cost), sum(m.conversions), sum(m.revenue),
                 sum(m.conversions_all), sum(m.revenue_all)
          from unnest(campaigns, firsts) as t (campaign_id, first)
          join metric_daily m on m.campaign_id = t.campaign_id and m.date >= t.first and m.date < (date_trunc('month', t.first) + interval '1 month')::date
          where m.date between months_lo and months_hi
          group by 1, 2, 3, 4
        ) p
        window running as (partition by p.campaign_id, p.money_kind_id, p.first order by p.date)
      ) s, generate_series(0, s.until - s.date - 1) n
      where s.date + n >= s.first;
  end if;
end $$;

-- Everything anew, after a restore.
create function rebuild_rollups() returns void language plpgsql security definer set search_path = public, pg_temp as $$
declare
  days   record;
  hours  record;
  months record;
begin
  delete from roll_client_day;
  delete from roll_agency_day;
  delete from roll_client_hour;
  delete from roll_agency_hour;
  delete from roll_campaign_mtd;
  select min(date) as lo, max(date) as hi into days from metric_daily;
  select min(date) as lo, max(date) as hi into hours from metric_hourly;
  select array_agg(campaign_id) as campaigns, array_agg(first) as firsts into months
    from (select campaign_id, min(date) as first from metric_daily group by campaign_id, date_trunc('month', date)) m;
  perform refresh_rollups((select array_agg(id) from clients), days.lo, days.hi, hours.lo, hours.hi, months.campaigns, months.firsts);
end $$;

-- Roll-ups of some clients over all their days: what a moved account or a removed client needs. Totals per campaign do not change with them.
create function refresh_clients(touched_clients integer[]) returns void language plpgsql security definer set search_path = public, pg_temp as $$
declare
  days  record;
  hours record;
begin
  select min(date) as lo, max(date) as hi into days from roll_client_day where client_id = any (touched_clients);
  select min(date) as lo, max(date) as hi into hours from roll_client_hour where client_id = any (touched_clients);
  perform refresh_rollups(touched_clients, days.lo, days.hi, hours.lo, hours.hi, '{}', '{}');
end $$;

-- What a deleted campaign takes along. Its account's writers wait: it is a write to the account like theirs.
create function delete_metrics() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
  perform pg_advisory_xact_lock(1836018786, old.marketing_account_id);
  delete from breakdown_daily where entity_id in (select id from breakdown_entities where campaign_id = old.id);
  delete from metric_daily where campaign_id = old.id;
  delete from metric_hourly where campaign_id = old.id;
  delete from conversion_daily where campaign_id = old.id;
  delete from metric_revisions where campaign_id = old.id;
  delete from roll_campaign_mtd where campaign_id = old.id;
  return old;
end $$;
create trigger campaigns_metrics_gone before delete on campaigns for each row execute function delete_metrics();

create function refresh_after_campaigns() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
  perform refresh_clients(array_agg(distinct a.client_id)) from left_side g join marketing_accounts a on a.id = g.marketing_account_id having count(*) > 0;
  return null;
end $$;
create trigger campaigns_rollups_gone after delete on campaigns referencing old table as left_side for each statement execute function refresh_after_campaigns();

-- While the account is still there, so that its client is known when its campaigns go.
create function delete_campaigns() returns trigger language plpgsql as $$
begin
  delete from campaigns where marketing_account_id = old.id;
  return old;
end $$;
create trigger marketing_accounts_campaigns_gone before delete on marketing_accounts for each row execute function delete_campaigns();

-- Figures follow their account to another client, their campaign to another account, and leave the agency's totals with a removed client.
create function move_figures() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
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
    clients_touched := array(select client_id from marketing_accounts where id in (old.marketing_account_id, new.marketing_account_id));
  else
    clients_touched := array[new.id];
  end if;
  perform refresh_clients(clients_touched);
  return null;
end $$;
create trigger marketing_accounts_moved after update of client_id on marketing_accounts for each row
  when (old.client_id is distinct from new.client_id) execute function move_figures();
create trigger campaigns_moved after update of marketing_account_id on campaigns for each row
  when (old.marketing_account_id is distinct from new.marketing_account_id) execute function move_figures();
create trigger clients_removed after update of removed_at on clients for each row
  when ((old.removed_at is null) is distinct from (new.removed_at is null)) execute function move_figures();
