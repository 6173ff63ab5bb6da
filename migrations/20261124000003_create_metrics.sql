-- Counts per campaign, channel, money kind and day or hour. Two tables, because hourly rows outnumber daily ones 24 to 1, and because
-- forgetting "hour is null" in one query would double the spend. Partitioned by month; keys without NULLs; no ratio is stored.

create table metric_daily (
  date            date not null,
  campaign_id     integer not null constraint metric_daily_campaign_fkey references campaigns on delete cascade,
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
  -- 0 stated by a source, 1 the sum of hours, 2 the sum of finer rows. A stated row wins over a derived one.
  origin          smallint not null default 0,
  run_id          integer not null
) partition by range (date);
create unique index metric_daily_key on metric_daily (campaign_id, date, channel_id, money_kind_id);

create table metric_hourly (
  date            date not null,
  campaign_id     integer not null constraint metric_hourly_campaign_fkey references campaigns on delete cascade,
  channel_id      integer not null,
  money_kind_id   integer not null,
  hour            smallint not null constraint metric_hourly_hour check (hour between 0 and 23),
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
  campaign_id     integer not null references campaigns on delete cascade,
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
  entity_id       integer not null constraint breakdown_daily_entity_fkey references breakdown_entities on delete cascade,
  channel_id      integer not null,
  money_kind_id   integer not null,
  impressions     bigint not null default 0,
  clicks          bigint not null default 0,
  cost            bigint not null default 0,
  conversions     bigint not null default 0,
  revenue         bigint not null default 0,
  conversions_all bigint not null default 0,
  revenue_all     bigint not null default 0,
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
-- One row per day of every campaign-month that has rows; `days` counts the metric rows so far.
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
-- would block later ones. Only moa_owner may make tables, so the program calls this function.
create function ensure_months(lo date, hi date) returns void language plpgsql security definer set search_path = public, pg_temp as $$
declare
  parent text;
  month  date;
  name   text;
begin
  for parent in select unnest(array['metric_daily', 'metric_hourly', 'conversion_daily', 'breakdown_daily', 'metric_revisions', 'roll_campaign_mtd']) loop
    month := date_trunc('month', lo)::date;
    while month <= hi loop
      name := parent || '_' || to_char(month, 'YYYY_MM');
      if to_regclass(name) is null then
        perform pg_advisory_xact_lock(hashtextextended('moa partition ' || name, 0));
        if to_regclass(name) is null then
          execute format('create table %I partition of %I for values from (%L) to (%L)%s', name, parent, month, (month + interval '1 month')::date,
            case when parent in ('metric_revisions') then '' else ' with (fillfactor = 80)' end);
        end if;
      end if;
      month := (month + interval '1 month')::date;
    end loop;
  end loop;
end $$;

-- Every roll-up of some clients and campaigns for a window, in the caller's transaction. Two accounts of one client may be written at once:
-- the locks (clients in id order, then the agency) make the later one aggregate in a later statement, which sees the earlier one's rows.
create function refresh_rollups(touched_clients integer[], touched_campaigns integer[], lo date, hi date, with_hours boolean)
returns void language plpgsql security definer set search_path = public, pg_temp as $$
declare
  month_lo date := date_trunc('month', lo)::date;
  month_hi date := (date_trunc('month', hi) + interval '1 month')::date - 1;
  client   integer;
begin
  for client in select distinct unnest(touched_clients) order by 1 loop
    perform pg_advisory_xact_lock(1836018785, client);
  end loop;
  perform pg_advisory_xact_lock(1836018785, 0);

  delete from roll_client_day where client_id = any (touched_clients) and date between lo and hi;
  insert into roll_client_day
    select a.client_id, m.channel_id, m.money_kind_id, m.date,
           sum(m.impressions), sum(m.clicks), sum(m.cost), sum(m.conversions), sum(m.revenue), sum(m.conversions_all), sum(m.revenue_all)
    from marketing_accounts a join campaigns k on k.marketing_account_id = a.id join metric_daily m on m.campaign_id = k.id
    where a.client_id = any (touched_clients) and m.date between lo and hi
    group by 1, 2, 3, 4;

  delete from roll_agency_day where date between lo and hi;
  insert into roll_agency_day
    select r.channel_id, r.money_kind_id, r.date,
           sum(r.impressions), sum(r.clicks), sum(r.cost), sum(r.conversions), sum(r.revenue), sum(r.conversions_all), sum(r.revenue_all)
    from roll_client_day r join clients c on c.id = r.client_id and c.removed_at is null
    where r.date between lo and hi
    group by 1, 2, 3;

  if with_hours then
    delete from roll_client_hour where client_id = any (touched_clients) and date between lo and hi;
    insert into roll_client_hour
      select a.client_id, m.money_kind_id, m.date, m.hour, sum(m.impressions), sum(m.clicks), sum(m.cost),
             case when count(m.conversions) = count(*) then sum(m.conversions) end, case when count(m.revenue) = count(*) then sum(m.revenue) end,
             case when count(m.conversions_all) = count(*) then sum(m.conversions_all) end, case when count(m.revenue_all) = count(*) then sum(m.revenue_all) end
      from marketing_accounts a join campaigns k on k.marketing_account_id = a.id join metric_hourly m on m.campaign_id = k.id
      where a.client_id = any (touched_clients) and m.date between lo and hi
      group by 1, 2, 3, 4;

    delete from roll_agency_hour where date between lo and hi;
    insert into roll_agency_hour
      select r.money_kind_id, r.date, r.hour, sum(r.impressions), sum(r.clicks), sum(r.cost),
             case when count(r.conversions) = count(*) then sum(r.conversions) end, case when count(r.revenue) = count(*) then sum(r.revenue) end,
             case when count(r.conversions_all) = count(*) then sum(r.conversions_all) end, case when count(r.revenue_all) = count(*) then sum(r.revenue_all) end
      from roll_client_hour r join clients c on c.id = r.client_id and c.removed_at is null
      where r.date between lo and hi
      group by 1, 2, 3;
  end if;

  -- Totals of a month change from the first touched day to the month's end.
  delete from roll_campaign_mtd where campaign_id = any (touched_campaigns) and date between month_lo and month_hi;
  insert into roll_campaign_mtd
    select g.date, g.campaign_id, g.money_kind_id, count(m.impressions) over running,
           coalesce(sum(m.impressions) over running, 0), coalesce(sum(m.clicks) over running, 0), coalesce(sum(m.cost) over running, 0),
           coalesce(sum(m.conversions) over running, 0), coalesce(sum(m.revenue) over running, 0),
           coalesce(sum(m.conversions_all) over running, 0), coalesce(sum(m.revenue_all) over running, 0)
    from (
      -- Dense on purpose: a row for every day of a campaign-month that has any, so that "up to day x" is one look-up.
      select k.campaign_id, k.money_kind_id, d::date as date
      from (select distinct campaign_id, money_kind_id, date_trunc('month', date) as month from metric_daily
            where campaign_id = any (touched_campaigns) and date between month_lo and month_hi) k,
           generate_series(k.month, k.month + interval '1 month' - interval '1 day', interval '1 day') d
    ) g
    left join (
      select campaign_id, money_kind_id, date, sum(impressions) as impressions, sum(clicks) as clicks, sum(cost) as cost, sum(conversions) as conversions,
             sum(revenue) as revenue, sum(conversions_all) as conversions_all, sum(revenue_all) as revenue_all
      from metric_daily where campaign_id = any (touched_campaigns) and date between month_lo and month_hi group by 1, 2, 3
    ) m on m.campaign_id = g.campaign_id and m.money_kind_id = g.money_kind_id and m.date = g.date
    window running as (partition by g.campaign_id, g.money_kind_id, date_trunc('month', g.date) order by g.date);
end $$;
