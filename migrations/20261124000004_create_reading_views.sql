-- The original document's reading surface: one table of metrics with KPIs, channel performance per user. Everything is computed on read.

-- numerator / denominator, exact, rounded once: half away from zero at six places; NULL when the denominator is 0. Plain numeric division
-- would round to its own scale first and then again.
create function kpi_ratio(numerator numeric, denominator numeric) returns numeric language sql immutable parallel safe as $$
  select case when denominator = 0 then null
              else sign(numerator) * sign(denominator) * div(2000000 * abs(numerator) + abs(denominator), 2 * abs(denominator)) * 0.000001 end
$$;
-- Amounts and conversions come in millionths, as stored. Percent for ctr, conversion_rate and roi; roas is a plain ratio.
create function kpi_ctr(clicks numeric, impressions numeric) returns numeric language sql immutable parallel safe as $$ select kpi_ratio(100 * clicks, impressions) $$;
create function kpi_cpc(cost numeric, clicks numeric) returns numeric language sql immutable parallel safe as $$ select kpi_ratio(cost, 1000000 * clicks) $$;
create function kpi_cpm(cost numeric, impressions numeric) returns numeric language sql immutable parallel safe as $$ select kpi_ratio(cost, 1000 * impressions) $$;
create function kpi_conversion_rate(conversions numeric, clicks numeric) returns numeric language sql immutable parallel safe as $$ select kpi_ratio(conversions, 10000 * clicks) $$;
create function kpi_cpa(cost numeric, conversions numeric) returns numeric language sql immutable parallel safe as $$ select kpi_ratio(cost, conversions) $$;
create function kpi_roas(revenue numeric, cost numeric) returns numeric language sql immutable parallel safe as $$ select kpi_ratio(revenue, cost) $$;
create function kpi_roi(revenue numeric, cost numeric) returns numeric language sql immutable parallel safe as $$ select kpi_ratio(100 * (revenue - cost), cost) $$;

-- Stored millionths as the decimal a person reads.
create function whole(millionths bigint) returns numeric language sql immutable parallel safe as $$ select (millionths / 1000000.0)::numeric(20, 6) $$;
create function millionths(amount numeric) returns bigint language sql immutable parallel safe as $$ select round(amount * 1000000)::bigint $$;

-- The original's id, derived from the key, so that it stays with its row. The parts stand side by side: 24 bits campaign, 14 days since 2000,
-- 5 hour, 12 channel, 8 money kind. What does not fit (the year 2045, 16 million campaigns) gets a negative number from a hash instead.
create function metric_id(campaign integer, channel integer, money_kind integer, date date, hour integer) returns bigint language sql immutable parallel safe as $$
  select case when campaign < 1 << 24 and date - date '2000-01-01' between 0 and 16383 and channel < 4096 and money_kind < 256
    then (campaign::bigint << 39) | ((date - date '2000-01-01')::bigint << 25) | (coalesce(hour + 1, 0)::bigint << 20) | (channel::bigint << 8) | money_kind
    else -1 - ('x' || substr(md5(concat_ws('/', campaign, channel, money_kind, date - date '2000-01-01', hour)), 1, 15))::bit(60)::bigint end
$$;

create view campaign_metrics with (security_invoker = true) as
select metric_id(m.campaign_id, m.channel_id, m.money_kind_id, m.date, m.hour) as id, m.campaign_id, m.date, m.hour,
       m.impressions, m.clicks, kpi_ctr(m.clicks, m.impressions) as ctr,
       whole(m.cost) as cost, kpi_cpc(m.cost, m.clicks) as cpc, kpi_cpm(m.cost, m.impressions) as cpm,
       whole(m.conversions) as conversions, kpi_conversion_rate(m.conversions, m.clicks) as conversion_rate, kpi_cpa(m.cost, m.conversions) as cpa,
       whole(m.revenue) as revenue, kpi_roas(m.revenue, m.cost) as roas, kpi_roi(m.revenue, m.cost) as roi,
       m.likes, m.shares, m.comments, m.saves,
       run.started_at as created_at, coalesce(run.completed_at, run.started_at) as updated_at,
       m.channel_id, kind.currency, kind.vat_included, kind.vat_rate
from (
  select campaign_id, date, null::integer as hour, channel_id, money_kind_id, impressions, clicks, cost, conversions, revenue, likes, shares, comments, saves, run_id
  from metric_daily
  union all
  select campaign_id, date, hour, channel_id, money_kind_id, impressions, clicks, cost, conversions, revenue, 0, 0, 0, 0, run_id
  from metric_hourly
) m
join money_kinds kind on kind.id = m.money_kind_id
left join data_sync_logs run on run.id = m.run_id;
comment on view campaign_metrics is
  'One row per campaign, channel, money kind and day (hour NULL) or hour. Sum either the days or the hours, never both. KPIs are computed on read. '
  'INSERT replaces the row of its key; a missing channel or money kind is the campaign''s default; a written ratio is ignored. '
  'ON CONFLICT and partition statements do not work on a view: write to it with plain INSERT, UPDATE and DELETE.';

-- The channel and money kind a plain row of this campaign belongs to: those of its latest row, else what the platform and account say.
create function default_channel(campaign integer) returns integer language sql stable set search_path = public, pg_temp as $$
  select coalesce(
    (select channel_id from metric_daily where campaign_id = campaign order by date desc, channel_id limit 1),
    (select c.id from campaigns k join platforms p on p.code = k.platform join channels c on c.platform = p.family and c.is_unspecified where k.id = campaign))
$$;
create function default_money_kind(campaign integer) returns integer language plpgsql security definer set search_path = public, pg_temp as $$
declare
  found integer;
  account_currency char(3);
  account_included boolean;
  account_rate numeric;
begin
  select money_kind_id into found from metric_daily where campaign_id = campaign order by date desc, money_kind_id limit 1;
  if found is not null then return found; end if;
  select coalesce(a.currency, c.currency), coalesce(a.vat_included, false), coalesce(a.vat_rate, c.vat_rate)
    into account_currency, account_included, account_rate
    from campaigns k join marketing_accounts a on a.id = k.marketing_account_id join clients c on c.id = a.client_id where k.id = campaign;
  insert into money_kinds (currency, vat_included, vat_rate) values (account_currency, account_included, account_rate) on conflict do nothing;
  select id into found from money_kinds where currency = account_currency and vat_included = account_included and vat_rate = account_rate;
  return found;
end $$;

-- What the running statement has touched through campaign_metrics, so that its end settles each day once. Nothing here outlives a statement.
create table sql_writes (
  backend     integer not null,
  campaign_id integer not null,
  date        date not null,
  hours       boolean not null,
  constraint sql_writes_key primary key (backend, campaign_id, date, hours)
);

-- Who said a measure of a daily row; measures are numbered from 0 as metric_daily.origins says.
create function origin_of(origins integer, measure integer) returns integer language sql immutable parallel safe as $$ select (origins >> 2 * measure) & 3 $$;

-- What had been said and is now another. What nobody had said is no revision when somebody says it.
create function keep_revision(run integer, was metric_daily, becomes metric_daily) returns void language sql set search_path = public, pg_temp as $$
  insert into metric_revisions
  select was.date, was.campaign_id, was.channel_id, was.money_kind_id, run, now(), 0,
         was.impressions, was.clicks, was.cost, was.conversions, was.revenue, was.conversions_all, was.revenue_all,
         becomes.impressions, becomes.clicks, becomes.cost, becomes.conversions, becomes.revenue, becomes.conversions_all, becomes.revenue_all
  where was.date < current_date and exists (
    select from (values
      (0, was.impressions, becomes.impressions), (1, was.clicks, becomes.clicks), (2, was.cost, becomes.cost),
      (3, was.conversions, becomes.conversions), (4, was.revenue, becomes.revenue),
      (5, was.conversions_all, becomes.conversions_all), (6, was.revenue_all, becomes.revenue_all)) as told (measure, before, now)
    where origin_of(was.origins, measure) <> 0 and before is distinct from now)
$$;

create function write_campaign_metrics() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
declare
  run      integer := (select id from data_sync_logs where sync_type = 'sql' order by id limit 1);
  channel  integer;
  kind     integer;
  old_kind integer;
  moves    boolean := true;
  none     metric_daily;
  was      metric_daily;
  was_hour metric_hourly;
  becomes  metric_daily;
begin
  if tg_op <> 'DELETE' then
    if not exists (select from campaigns where id = new.campaign_id) then
      raise foreign_key_violation using message = format('there is no campaign %s', new.campaign_id), constraint = 'campaign_metrics_campaign_fkey';
    end if;
    -- A write to the account like that of a file: its day is settled from all its rows, so the next writer waits for this one.
    perform pg_advisory_xact_lock(1836018786, marketing_account_id) from campaigns where id = new.campaign_id;
    perform ensure_months(new.date, new.date);
    channel := coalesce(new.channel_id, default_channel(new.campaign_id));
    if not exists (select from channels where id = channel) then
      raise foreign_key_violation using message = format('there is no channel %s', channel), constraint = 'campaign_metrics_channel_fkey';
    end if;
    if new.currency is null then
      kind := default_money_kind(new.campaign_id);
    else
      insert into money_kinds (currency, vat_included, vat_rate) values (new.currency, coalesce(new.vat_included, false), coalesce(new.vat_rate, 10)) on conflict do nothing;
      select id into kind from money_kinds where currency = new.currency and vat_included = coalesce(new.vat_included, false) and vat_rate = coalesce(new.vat_rate, 10);
    end if;
    insert into sql_writes values (pg_backend_pid(), new.campaign_id, new.date, new.hour is not null) on conflict do nothing;
  end if;

  -- An update that keeps its key changes the row; one that does not takes the row away first.
  if tg_op <> 'INSERT' then
    perform pg_advisory_xact_lock(1836018786, marketing_account_id) from campaigns where id = old.campaign_id;
    select id into old_kind from money_kinds where currency = old.currency and vat_included = old.vat_included and vat_rate = old.vat_rate;
    insert into sql_writes values (pg_backend_pid(), old.campaign_id, old.date, old.hour is not null) on conflict do nothing;
    moves := tg_op = 'DELETE'
      or (old.campaign_id, old.date, old.hour, old.channel_id, old_kind) is distinct from (new.campaign_id, new.date, new.hour, channel, kind);
    if old.hour is null then
      select * into was from metric_daily where campaign_id = old.campaign_id and date = old.date and channel_id = old.channel_id and money_kind_id = old_kind for update;
    else
      select * into was_hour from metric_hourly
        where campaign_id = old.campaign_id and date = old.date and hour = old.hour and channel_id = old.channel_id and money_kind_id = old_kind for update;
    end if;
    if moves then
      delete from metric_daily where old.hour is null and campaign_id = old.campaign_id and date = old.date and channel_id = old.channel_id and money_kind_id = old_kind;
      delete from metric_hourly where campaign_id = old.campaign_id and date = old.date and hour = old.hour and channel_id = old.channel_id and money_kind_id = old_kind;
      perform keep_revision(run, was, none);
    end if;
    if tg_op = 'DELETE' then
      return old;
    end if;
    -- The original knows one figure of conversions and one of revenue. Written, they stand for both of ours; left alone, both stay.
    if new.conversions is not distinct from old.conversions then
      becomes.conversions_all := coalesce(was.conversions_all, was_hour.conversions_all);
    end if;
    if new.revenue is not distinct from old.revenue then
      becomes.revenue_all := coalesce(was.revenue_all, was_hour.revenue_all);
    end if;
    becomes.extras := was.extras;
  end if;

  if new.hour is null then
    if moves then
      select * into was from metric_daily where campaign_id = new.campaign_id and date = new.date and channel_id = channel and money_kind_id = kind for update;
    end if;
    insert into metric_daily as m (date, campaign_id, channel_id, money_kind_id, impressions, clicks, cost, conversions, revenue, conversions_all, revenue_all,
                                   likes, shares, comments, saves, extras, run_id)
      values (new.date, new.campaign_id, channel, kind, coalesce(new.impressions, 0), coalesce(new.clicks, 0), coalesce(millionths(new.cost), 0),
              coalesce(millionths(new.conversions), 0), coalesce(millionths(new.revenue), 0),
              coalesce(becomes.conversions_all, millionths(new.conversions), 0), coalesce(becomes.revenue_all, millionths(new.revenue), 0),
              coalesce(new.likes, 0), coalesce(new.shares, 0), coalesce(new.comments, 0), coalesce(new.saves, 0), becomes.extras, run)
      on conflict (campaign_id, date, channel_id, money_kind_id) do update set
        impressions = excluded.impressions, clicks = excluded.clicks, cost = excluded.cost, conversions = excluded.conversions, revenue = excluded.revenue,
        conversions_all = excluded.conversions_all, revenue_all = excluded.revenue_all, likes = excluded.likes, shares = excluded.shares,
        comments = excluded.comments, saves = excluded.saves, extras = excluded.extras, origins = excluded.origins, run_id = excluded.run_id
      returning * into becomes;
    perform keep_revision(run, was, becomes);
  else
    insert into metric_hourly (date, campaign_id, channel_id, money_kind_id, hour, measures, impressions, clicks, cost, conversions, revenue, conversions_all,
                               revenue_all, run_id)
      values (new.date, new.campaign_id, channel, kind, new.hour,
              7 | case when new.conversions is null then 0 else 40 end | case when new.revenue is null then 0 else 80 end, coalesce(new.impressions, 0), coalesce(new.clicks, 0), coalesce(millionths(new.cost), 0),
              millionths(new.conversions), millionths(new.revenue), coalesce(becomes.conversions_all, millionths(new.conversions)),
              coalesce(becomes.revenue_all, millionths(new.revenue)), run)
      on conflict (campaign_id, date, hour, channel_id, money_kind_id) do update set
        impressions = excluded.impressions, clicks = excluded.clicks, cost = excluded.cost, conversions = excluded.conversions, revenue = excluded.revenue,
        conversions_all = excluded.conversions_all, revenue_all = excluded.revenue_all, measures = excluded.measures, run_id = excluded.run_id;
  end if;

  select cm.* into new from campaign_metrics cm where cm.campaign_id = new.campaign_id and cm.date = new.date
    and cm.hour is not distinct from new.hour and cm.channel_id = channel
    and (cm.currency, cm.vat_included, cm.vat_rate) = (select k.currency, k.vat_included, k.vat_rate from money_kinds k where k.id = kind);
  return new;
end $$;
create trigger campaign_metrics_write instead of insert or update or delete on campaign_metrics for each row execute function write_campaign_metrics();

-- Who has the word on each measure of a campaign's day after a statement: rows that were stated, else the sum of its hours, else the sum of
-- finer rows, which no statement changes.
create function settle_day(run integer, campaign integer, day date) returns void language plpgsql set search_path = public, pg_temp as $$
declare
  stated integer;
  hourly integer;
  finer  integer;
  pair   record;
begin
  select coalesce(bit_or(1 << n) filter (where origin_of(origins, n) = 3), 0), coalesce(bit_or(1 << n) filter (where origin_of(origins, n) = 1), 0)
    into stated, finer from metric_daily, generate_series(0, 8) n where campaign_id = campaign and date = day;
  select coalesce(bit_or(measures), 0) & ~stated into hourly from metric_hourly where campaign_id = campaign and date = day;
  finer := finer & ~stated & ~hourly;

  for pair in
    with hours as (
      select channel_id, money_kind_id,
             sum(impressions) filter (where measures & hourly & 1 <> 0) as impressions, sum(clicks) filter (where measures & hourly & 2 <> 0) as clicks,
             sum(cost) filter (where measures & hourly & 4 <> 0) as cost, sum(conversions) filter (where measures & hourly & 8 <> 0) as conversions,
             sum(revenue) filter (where measures & hourly & 16 <> 0) as revenue,
             sum(conversions_all) filter (where measures & hourly & 32 <> 0) as conversions_all,
             sum(revenue_all) filter (where measures & hourly & 64 <> 0) as revenue_all
      from metric_hourly where campaign_id = campaign and date = day group by 1, 2
    ), parts as (
      -- What each row keeps of itself, beside what it gets from its hours.
      select coalesce((m.was).channel_id, h.channel_id) as channel_id, coalesce((m.was).money_kind_id, h.money_kind_id) as money_kind_id,
             (select coalesce(bit_or(1 << n), 0) from generate_series(0, 8) n
              where origin_of((m.was).origins, n) = 3 or (origin_of((m.was).origins, n) = 1 and finer >> n & 1 = 1)) as keeps,
             m.was, array[h.impressions, h.clicks, h.cost, h.conversions, h.revenue, h.conversions_all, h.revenue_all, null, null] as got
      from (select d as was from metric_daily d where d.campaign_id = campaign and d.date = day) m
      full join hours h on h.channel_id = (m.was).channel_id and h.money_kind_id = (m.was).money_kind_id
    )
    select p.channel_id, p.money_kind_id, p.was,
           (select coalesce(sum(case when got[n + 1] is not null then 2 when keeps >> n & 1 = 1 then origin_of((p.was).origins, n) else 0 end << 2 * n), 0)
            from generate_series(0, 8) n)::integer as origins,
           coalesce(got[1], case when keeps & 1 <> 0 then (p.was).impressions end, 0)::bigint as impressions,
           coalesce(got[2], case when keeps & 2 <> 0 then (p.was).clicks end, 0)::bigint as clicks,
           coalesce(got[3], case when keeps & 4 <> 0 then (p.was).cost end, 0)::bigint as cost,
           coalesce(got[4], case when keeps & 8 <> 0 then (p.was).conversions end, 0)::bigint as conversions,
           coalesce(got[5], case when keeps & 16 <> 0 then (p.was).revenue end, 0)::bigint as revenue,
           coalesce(got[6], case when keeps & 32 <> 0 then (p.was).conversions_all end, 0)::bigint as conversions_all,
           coalesce(got[7], case when keeps & 64 <> 0 then (p.was).revenue_all end, 0)::bigint as revenue_all
    from parts p
  loop
    declare
      was     metric_daily := pair.was;
      becomes metric_daily := pair.was;
      said    integer := stated | hourly | finer;
    begin
      becomes.date := day;
      becomes.campaign_id := campaign;
      becomes.channel_id := pair.channel_id;
      becomes.money_kind_id := pair.money_kind_id;
      becomes.impressions := pair.impressions;
      becomes.clicks := pair.clicks;
      becomes.cost := pair.cost;
      becomes.conversions := pair.conversions;
      becomes.revenue := pair.revenue;
      becomes.conversions_all := pair.conversions_all;
      becomes.revenue_all := pair.revenue_all;
      -- Where only one of two is known, both hold it.
      if said & 40 = 8 then becomes.conversions_all := becomes.conversions; end if;
      if said & 40 = 32 then becomes.conversions := becomes.conversions_all; end if;
      if said & 80 = 16 then becomes.revenue_all := becomes.revenue; end if;
      if said & 80 = 64 then becomes.revenue := becomes.revenue_all; end if;
      becomes.likes := coalesce(was.likes, 0);
      becomes.shares := coalesce(was.shares, 0);
      becomes.comments := coalesce(was.comments, 0);
      becomes.saves := coalesce(was.saves, 0);
      becomes.origins := pair.origins;
      becomes.run_id := run;
      continue when (becomes.impressions, becomes.clicks, becomes.cost, becomes.conversions, becomes.revenue, becomes.conversions_all, becomes.revenue_all,
                     becomes.origins)
        is not distinct from (was.impressions, was.clicks, was.cost, was.conversions, was.revenue, was.conversions_all, was.revenue_all, was.origins);
      delete from metric_daily where campaign_id = campaign and date = day and channel_id = becomes.channel_id and money_kind_id = becomes.money_kind_id;
      if becomes.origins = 0 then
        becomes := null;
      else
        insert into metric_daily select becomes.*;
      end if;
      perform keep_revision(run, was, becomes);
    end;
  end loop;
end $$;

create function settle_sql_writes() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
declare
  run     integer := (select id from data_sync_logs where sync_type = 'sql' order by id limit 1);
  touched record;
begin
  for touched in select distinct campaign_id, date from sql_writes where backend = pg_backend_pid() order by 1, 2 loop
    perform settle_day(run, touched.campaign_id, touched.date);
  end loop;
  select array_agg(distinct a.client_id) as clients, min(w.date) as lo, max(w.date) as hi,
         min(w.date) filter (where w.hours) as hour_lo, max(w.date) filter (where w.hours) as hour_hi
    into touched
    from sql_writes w join campaigns k on k.id = w.campaign_id join marketing_accounts a on a.id = k.marketing_account_id where w.backend = pg_backend_pid();
  perform refresh_rollups(touched.clients, touched.lo, touched.hi, touched.hour_lo, touched.hour_hi, array_agg(m.campaign_id), array_agg(m.first))
    from (select campaign_id, min(date) as first from sql_writes where backend = pg_backend_pid() group by campaign_id, date_trunc('month', date)) m
    having count(*) > 0;
  delete from sql_writes where backend = pg_backend_pid();
  return null;
end $$;
create trigger campaign_metrics_settle after insert or update or delete on campaign_metrics for each statement execute function settle_sql_writes();

-- Sums per channel and day, for every user who may see the client. Currency and VAT kind are kept apart: they are never added.
create view channel_performance with (security_invoker = true) as
select metric_id(u.id, r.channel_id, r.money_kind_id, r.date, null) as id,
       u.id as user_id, r.channel_id, r.date,
       whole(sum(r.cost)::bigint) as total_spend, sum(r.impressions)::bigint as total_impressions, sum(r.clicks)::bigint as total_clicks,
       whole(sum(r.conversions)::bigint) as total_conversions, whole(sum(r.revenue)::bigint) as total_revenue,
       kpi_cpc(sum(r.cost), sum(r.clicks)) as avg_cpc, kpi_ctr(sum(r.clicks), sum(r.impressions)) as avg_ctr, kpi_roas(sum(r.revenue), sum(r.cost)) as avg_roas,
       max(c.created_at) as created_at, max(c.updated_at) as updated_at,
       k.currency, k.vat_included, k.vat_rate
from roll_client_day r
join clients c on c.id = r.client_id and c.removed_at is null
join money_kinds k on k.id = r.money_kind_id
join users u on u.is_active and (u.role = 'admin' or exists (select 1 from client_members m where m.client_id = c.id and m.user_id = u.id))
group by u.id, r.channel_id, r.money_kind_id, r.date, k.currency, k.vat_included, k.vat_rate;
