-- What connecting to platforms needs: the agency's own apps, logins by key or token, what is known of each connected account, how far a
-- long sync has come, and the platforms' own totals to reconcile with.

-- One app per platform: the agency's own. Its secret is sealed like a login's and bound to public_id.
create table platform_apps (
  platform      varchar(50) primary key references platforms (code),
  public_id     uuid not null default moa_uuid7() constraint platform_apps_public_id_key unique,
  client_id     text not null constraint platform_apps_client_id_not_blank check (btrim(client_id) <> ''),
  client_secret bytea,
  key_id        text,
  updated_at    timestamptz not null default now()
);

alter table platform_logins
  -- oauth: a sign-in; keys: a licence and the secret that signs; token: one somebody made at the platform.
  add column kind           varchar(10) not null default 'oauth' constraint platform_logins_kind_known check (kind in ('oauth', 'keys', 'token')),
  -- The licence of keys: an identifier, no secret.
  add column identifier     text,
  add column secret         bytea,
  -- When somebody has to sign in again at the latest.
  add column login_ends_at  timestamptz,
  add column needs_login    boolean not null default false;

alter table marketing_accounts
  -- The way access is held, sent along with every call: a manager's id at Google.
  add column via            text,
  -- The basis of cost is what platforms of this kind usually tell and nobody has confirmed it for this account.
  add column vat_is_assumed boolean not null default false,
  -- What kept the last run from succeeding, as code and values; NULL after a success.
  add column trouble        jsonb,
  add column attribution    text,
  -- Prepaid money left, in millionths of the account's currency.
  add column balance        bigint,
  add column balance_at     timestamptz;

-- The platform's own word for the kind of campaign, sent along when its figures are asked.
alter table campaigns add column platform_kind text;

alter table data_sync_logs
  add column error_values jsonb,
  -- What a person should know of figures that came: codes with campaigns.
  add column notes        jsonb;

-- A long sync goes newest first. What is left of it stands here, so that it goes on after a kill instead of from the start.
create table sync_plans (
  marketing_account_id integer primary key references marketing_accounts on delete cascade,
  sync_type            varchar(50) not null,
  -- Oldest day still to be read, and the newest.
  left_from            date not null,
  left_to              date not null,
  started_at           timestamptz not null default now(),
  updated_at           timestamptz not null default now()
);

-- The platform's own total of an account's day.
create table platform_totals (
  marketing_account_id integer not null references marketing_accounts on delete cascade,
  date                 date not null,
  money_kind_id        integer not null references money_kinds,
  impressions          bigint not null,
  clicks               bigint not null,
  -- Millionths of the money kind's currency.
  cost                 bigint not null,
  read_at              timestamptz not null default now(),
  primary key (marketing_account_id, date, money_kind_id)
);

-- Which conversion kinds a client counts at a platform; without rows the platform's own choice stands.
create table client_conversion_kinds (
  client_id       integer not null references clients on delete cascade,
  platform        varchar(50) not null references platforms (code),
  conversion_kind text not null,
  primary key (client_id, platform, conversion_kind)
);

update workspace set schema_version = 2;

-- The figures of a campaign that was known by file become those of its connected twin: before the first day the twin has any, since files and
-- platform may tell the same day in different ways. The caller holds both accounts' locks and deletes the campaign afterwards.
create function merge_campaign_figures(by_file integer, connected integer) returns void language plpgsql security definer set search_path = public, pg_temp as $$
declare
  known date := coalesce((select min(date) from metric_daily where campaign_id = connected), 'infinity'::date);
begin
  update metric_daily set campaign_id = connected where campaign_id = by_file and date < known;
  update metric_hourly set campaign_id = connected where campaign_id = by_file and date < known;
  update conversion_daily set campaign_id = connected where campaign_id = by_file and date < known;
  update metric_revisions set campaign_id = connected where campaign_id = by_file and date < known;
  -- Finer rows: entities of one name are one entity.
  insert into breakdown_entities (campaign_id, dimension, parent, name, external_id)
    select connected, dimension, parent, name, external_id from breakdown_entities where campaign_id = by_file on conflict do nothing;
  update breakdown_daily b set entity_id = t.id
    from breakdown_entities f join breakdown_entities t on t.campaign_id = connected and t.dimension = f.dimension and t.parent = f.parent and t.name = f.name
    where f.campaign_id = by_file and b.entity_id = f.id and b.date < known;
  delete from breakdown_daily where entity_id in (select id from breakdown_entities where campaign_id = by_file);
end $$;

-- All sums of an account's client and campaigns anew.
create function refresh_account(account integer) returns void language plpgsql security definer set search_path = public, pg_temp as $$
declare
  client integer := (select client_id from marketing_accounts where id = account);
  days   record;
  hours  record;
  months record;
begin
  select min(m.date) as lo, max(m.date) as hi into days from campaigns k join metric_daily m on m.campaign_id = k.id where k.marketing_account_id = account;
  select min(m.date) as lo, max(m.date) as hi into hours from campaigns k join metric_hourly m on m.campaign_id = k.id where k.marketing_account_id = account;
  select array_agg(campaign_id) as campaigns, array_agg(first) as firsts into months from (
    select m.campaign_id, min(m.date) as first from campaigns k join metric_daily m on m.campaign_id = k.id
    where k.marketing_account_id = account group by m.campaign_id, date_trunc('month', m.date)) m;
  perform refresh_rollups(array[client], days.lo, days.hi, hours.lo, hours.hi, months.campaigns, months.firsts);
end $$;
revoke execute on function merge_campaign_figures, refresh_account from public;
grant execute on function merge_campaign_figures, refresh_account to moa_app;
