-- The original document's reading surface: one table of metrics with KPIs, channel performance per user. Everything is computed on read.

-- numerator / denominator, exact, rounded once: half away from zero at six places; NULL when the denominator is 0. Plain numeric division
-- would round to its own scale first and then again.
create function kpi_ratio(numerator numeric, denominator numeric) returns numeric language sql immutable parallel safe as $$
  select case when denominator = 0 then null
              else sign(numerator) * sign(denominator) * div(2000000 * abs(numerator) + abs(denominator), 2 * abs(denominator)) / 1000000.000000 end
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

-- The original's id, derived from the key: the same row has the same id on every server and in every version.
create function metric_id(campaign integer, channel integer, money_kind integer, date date, hour integer) returns bigint language sql immutable parallel safe as $$
  select ('x' || substr(md5(concat_ws('/', campaign, channel, money_kind, date - date '2000-01-01', hour)), 1, 15))::bit(60)::bigint
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

create function write_campaign_metrics() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
declare
  run     integer;
  client  integer;
  channel integer;
  kind    integer;
  before  metric_daily%rowtype;
begin
  select id into run from data_sync_logs where sync_type = 'sql' order by id limit 1;
  if tg_op <> 'INSERT' then
    select a.client_id into client from campaigns k join marketing_accounts a on a.id = k.marketing_account_id where k.id = old.campaign_id;
    select id into kind from money_kinds where currency = old.currency and vat_included = old.vat_included and vat_rate = old.vat_rate;
    if old.hour is null then
      delete from metric_daily where campaign_id = old.campaign_id and date = old.date and channel_id = old.channel_id and money_kind_id = kind returning * into before;
    else
      delete from metric_hourly where campaign_id = old.campaign_id and date = old.date and hour = old.hour and channel_id = old.channel_id and money_kind_id = kind;
    end if;
    perform refresh_rollups(array[client], array[old.campaign_id], old.date, old.date, old.hour is not null);
    if tg_op = 'DELETE' then
      if old.hour is null and old.date < current_date then
        insert into metric_revisions (date, campaign_id, channel_id, money_kind_id, run_id, old_impressions, old_clicks, old_cost, old_conversions, old_revenue, old_conversions_all, old_revenue_all)
          values (old.date, old.campaign_id, old.channel_id, kind, run, before.impressions, before.clicks, before.cost, before.conversions, before.revenue, before.conversions_all, before.revenue_all);
      end if;
      return old;
    end if;
  end if;

  if not exists (select 1 from campaigns where id = new.campaign_id) then
    raise foreign_key_violation using message = format('there is no campaign %s', new.campaign_id), constraint = 'metric_daily_campaign_fkey';
  end if;
  perform ensure_months(new.date, new.date);
  channel := coalesce(new.channel_id, default_channel(new.campaign_id));
  if new.currency is null then
    kind := default_money_kind(new.campaign_id);
  else
    insert into money_kinds (currency, vat_included, vat_rate) values (new.currency, coalesce(new.vat_included, false), coalesce(new.vat_rate, 10)) on conflict do nothing;
    select id into kind from money_kinds where currency = new.currency and vat_included = coalesce(new.vat_included, false) and vat_rate = coalesce(new.vat_rate, 10);
  end if;
  if new.hour is null then
    if tg_op = 'INSERT' then
      select * into before from metric_daily where campaign_id = new.campaign_id and date = new.date and channel_id = channel and money_kind_id = kind;
    end if;
    insert into metric_daily as m (date, campaign_id, channel_id, money_kind_id, impressions, clicks, cost, conversions, revenue, conversions_all, revenue_all,
                                   likes, shares, comments, saves, run_id)
      values (new.date, new.campaign_id, channel, kind, coalesce(new.impressions, 0), coalesce(new.clicks, 0), coalesce(millionths(new.cost), 0),
              coalesce(millionths(new.conversions), 0), coalesce(millionths(new.revenue), 0), coalesce(millionths(new.conversions), 0), coalesce(millionths(new.revenue), 0),
              coalesce(new.likes, 0), coalesce(new.shares, 0), coalesce(new.comments, 0), coalesce(new.saves, 0), run)
      on conflict (campaign_id, date, channel_id, money_kind_id) do update set
        impressions = excluded.impressions, clicks = excluded.clicks, cost = excluded.cost, conversions = excluded.conversions, revenue = excluded.revenue,
        conversions_all = excluded.conversions_all, revenue_all = excluded.revenue_all, likes = excluded.likes, shares = excluded.shares,
        comments = excluded.comments, saves = excluded.saves, origin = 0, run_id = excluded.run_id;
    if new.date < current_date and before.date is not null then
      insert into metric_revisions
        select m.date, m.campaign_id, m.channel_id, m.money_kind_id, run, now(), 0,
               before.impressions, before.clicks, before.cost, before.conversions, before.revenue, before.conversions_all, before.revenue_all,
               m.impressions, m.clicks, m.cost, m.conversions, m.revenue, m.conversions_all, m.revenue_all
        from metric_daily m where m.campaign_id = new.campaign_id and m.date = new.date and m.channel_id = channel and m.money_kind_id = kind;
    end if;
  else
    insert into metric_hourly (date, campaign_id, channel_id, money_kind_id, hour, impressions, clicks, cost, conversions, revenue, conversions_all, revenue_all, run_id)
      values (new.date, new.campaign_id, channel, kind, new.hour, coalesce(new.impressions, 0), coalesce(new.clicks, 0), coalesce(millionths(new.cost), 0),
              millionths(new.conversions), millionths(new.revenue), millionths(new.conversions), millionths(new.revenue), run)
      on conflict (campaign_id, date, hour, channel_id, money_kind_id) do update set
        impressions = excluded.impressions, clicks = excluded.clicks, cost = excluded.cost, conversions = excluded.conversions, revenue = excluded.revenue,
        conversions_all = excluded.conversions_all, revenue_all = excluded.revenue_all, run_id = excluded.run_id;
  end if;
  select a.client_id into client from campaigns k join marketing_accounts a on a.id = k.marketing_account_id where k.id = new.campaign_id;
  perform refresh_rollups(array[client], array[new.campaign_id], new.date, new.date, new.hour is not null);

  select cm.* into new from campaign_metrics cm where cm.campaign_id = new.campaign_id and cm.date = new.date
    and cm.hour is not distinct from new.hour and cm.channel_id = channel
    and (cm.currency, cm.vat_included, cm.vat_rate) = (select k.currency, k.vat_included, k.vat_rate from money_kinds k where k.id = kind);
  return new;
end $$;
create trigger campaign_metrics_write instead of insert or update or delete on campaign_metrics for each row execute function write_campaign_metrics();

-- Sums per channel and day, for every user who may see the client. Currency and VAT kind are kept apart: they are never added.
create view channel_performance with (security_invoker = true) as
select ('x' || substr(md5(concat_ws('/', u.id, r.channel_id, r.money_kind_id, r.date - date '2000-01-01')), 1, 15))::bit(60)::bigint as id,
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
