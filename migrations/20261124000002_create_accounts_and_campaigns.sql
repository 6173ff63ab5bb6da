-- Logins, ad accounts, campaigns.

-- One authorisation serves many ad accounts, so it is kept once: one repair for all of them. Tokens are authenticated ciphertext bound to
-- public_id; the sealing key is in the operating system's keychain.
create table platform_logins (
  id               serial primary key,
  public_id        uuid not null default moa_uuid7() constraint platform_logins_public_id_key unique,
  platform         varchar(50) not null references platforms (code),
  label            text not null,
  access_token     bytea,
  refresh_token    bytea,
  token_expires_at timestamptz,
  key_id           text,
  created_at       timestamptz not null default now(),
  updated_at       timestamptz not null default now()
);

create table marketing_accounts (
  id           serial primary key,
  -- Who added it. A leaver's accounts stay.
  user_id      integer references users on delete set null,
  platform     varchar(50) not null constraint marketing_accounts_platform_fkey references platforms (code),
  account_id   varchar(255) not null,
  account_name varchar(255),
  is_connected boolean not null default true,
  created_at   timestamptz not null default now(),
  updated_at   timestamptz not null default now(),
  public_id    uuid not null default moa_uuid7() constraint marketing_accounts_public_id_key unique,
  client_id    integer not null constraint marketing_accounts_client_fkey references clients,
  login_id     integer references platform_logins on delete set null,
  -- What the account's amounts are, where it is known; a file's rows may still be of another kind.
  currency     char(3),
  vat_included boolean,
  vat_rate     numeric(5, 2),
  time_zone    text,
  is_file_only boolean not null default false,
  change_seq   bigint not null default 0,
  -- Two staff connecting one account must not double its spend.
  constraint marketing_accounts_platform_account_key unique (platform, account_id)
);
create index marketing_accounts_client on marketing_accounts (client_id);
create index marketing_accounts_user on marketing_accounts (user_id);

-- The original document knows no client: a row written its way is kept on the client of unassigned accounts, made on demand.
create function default_client() returns trigger language plpgsql as $$
begin
  if new.client_id is null then
    insert into clients (name, is_unassigned) values ('미지정', true) on conflict do nothing;
    select id into new.client_id from clients where is_unassigned and removed_at is null;
    if new.client_id is null then
      -- An agency may have a client of that very name.
      insert into clients (name, is_unassigned) values ('미지정 계정 ' || moa_uuid7(), true) returning id into new.client_id;
    end if;
  end if;
  return new;
end $$;
create trigger marketing_accounts_client_default before insert on marketing_accounts for each row execute function default_client();
create trigger marketing_accounts_change before insert or update on marketing_accounts for each row execute function stamp_change();
create trigger marketing_accounts_gone after delete on marketing_accounts for each row execute function leave_tombstone();

-- An amount's kind: amounts of two kinds are never added.
create table money_kinds (
  id           serial primary key,
  currency     char(3) not null,
  vat_included boolean not null,
  vat_rate     numeric(5, 2) not null,
  constraint money_kinds_key unique (currency, vat_included, vat_rate)
);

create table campaigns (
  id                   serial primary key,
  marketing_account_id integer not null constraint campaigns_account_fkey references marketing_accounts on delete cascade,
  -- The platform's id. A campaign known by name only (from files) has its name here until the id is known.
  campaign_id          varchar(255) not null,
  campaign_name        varchar(255) not null,
  platform             varchar(50) not null references platforms (code),
  status               varchar(50),
  objective            varchar(100),
  daily_budget         numeric(20, 6),
  total_budget         numeric(20, 6),
  start_date           date,
  end_date             date,
  created_at           timestamptz not null default now(),
  updated_at           timestamptz not null default now(),
  public_id            uuid not null default moa_uuid7() constraint campaigns_public_id_key unique,
  id_known             boolean not null default true,
  budget_shared        boolean not null default false,
  removed_at           timestamptz,
  change_seq           bigint not null default 0,
  constraint campaigns_account_campaign_key unique (marketing_account_id, campaign_id)
);
create index campaigns_account_name on campaigns (marketing_account_id, campaign_name);
create trigger campaigns_change before insert or update on campaigns for each row execute function stamp_change();
create trigger campaigns_gone after delete on campaigns for each row execute function leave_tombstone();

-- Names and ids a campaign was known by before: a file of last year still finds it.
create table campaign_aliases (
  campaign_id integer not null references campaigns on delete cascade,
  alias       text not null,
  since       timestamptz not null default now(),
  primary key (campaign_id, alias)
);

-- The story of every run: a sync of an account, a file, a statement by hand. Metric rows carry the run that last wrote them.
create table data_sync_logs (
  id                   serial primary key,
  marketing_account_id integer references marketing_accounts on delete cascade,
  sync_type            varchar(50) not null,
  status               varchar(50) not null constraint data_sync_logs_status_known check (status in ('success', 'failed', 'partial', 'in_progress')),
  records_synced       integer not null default 0,
  error_message        text,
  started_at           timestamptz not null default now(),
  completed_at         timestamptz,
  created_at           timestamptz not null default now(),
  -- The file's name, or the platform's endpoint.
  source               text not null default '',
  window_from          date,
  window_to            date,
  records_unchanged    integer not null default 0,
  records_restated     integer not null default 0,
  requests             integer not null default 0,
  error_code           text
);
create index data_sync_logs_account on data_sync_logs (marketing_account_id, completed_at);
create index data_sync_logs_started on data_sync_logs (started_at);
-- What plain SQL on the views writes is a run like any other.
insert into data_sync_logs (sync_type, status, source, completed_at) values ('sql', 'success', 'plain SQL', now());
