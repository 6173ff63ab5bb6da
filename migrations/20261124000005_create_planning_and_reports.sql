-- Budgets, insights, reports, jobs, imports, settings.

-- spent and remaining are computed, so that they cannot disagree with the figures.
create table budget_plans (
  id              serial primary key,
  public_id       uuid not null default moa_uuid7() constraint budget_plans_public_id_key unique,
  user_id         integer references users on delete set null,
  client_id       integer references clients on delete cascade,
  name            varchar(255) not null,
  currency        char(3) not null default 'KRW',
  -- net or gross: what the amount was agreed in.
  basis           varchar(10) not null default 'net' constraint budget_plans_basis_known check (basis in ('net', 'gross', 'billed')),
  total_amount    bigint not null constraint budget_plans_amount_positive check (total_amount >= 0),
  period_type     varchar(50) not null constraint budget_plans_period_known check (period_type in ('daily', 'monthly', 'quarterly', 'yearly')),
  start_date      date not null,
  end_date        date not null,
  alert_threshold numeric(5, 2) not null default 80,
  created_at      timestamptz not null default now(),
  updated_at      timestamptz not null default now(),
  change_seq      bigint not null default 0,
  constraint budget_plans_dates_forward check (end_date >= start_date)
);
create trigger budget_plans_change before insert or update on budget_plans for each row execute function stamp_change();
create trigger budget_plans_gone after delete on budget_plans for each row execute function leave_tombstone();

-- The original's budgets. Spend: the client's (or, without a client, every client's) cost of the period in the plan's currency and basis.
create view budgets with (security_invoker = true) as
select b.id, b.user_id, b.name, whole(b.total_amount) as total_amount, spent.amount as spent_amount, whole(b.total_amount) - spent.amount as remaining_amount,
       b.period_type, b.start_date, b.end_date, b.alert_threshold, b.created_at, b.updated_at, b.client_id, b.currency, b.basis
from budget_plans b
cross join lateral (
  select coalesce(round(sum(case
           when b.basis = 'net' and k.vat_included then r.cost * 100 / (100 + k.vat_rate)
           when b.basis <> 'net' and not k.vat_included then r.cost * (100 + k.vat_rate) / 100
           else r.cost end) / 1000000, 6), 0)::numeric(20, 6) as amount
  from roll_client_day r join money_kinds k on k.id = r.money_kind_id join clients c on c.id = r.client_id and c.removed_at is null
  where (b.client_id is null or r.client_id = b.client_id) and r.date between b.start_date and b.end_date and k.currency = b.currency
) spent;
create function write_budgets() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' then
    delete from budget_plans where id = old.id;
    return old;
  elsif tg_op = 'INSERT' then
    insert into budget_plans (user_id, client_id, name, currency, basis, total_amount, period_type, start_date, end_date, alert_threshold)
      values (new.user_id, new.client_id, new.name, coalesce(new.currency, 'KRW'), coalesce(new.basis, 'net'), millionths(new.total_amount), new.period_type,
              new.start_date, new.end_date, coalesce(new.alert_threshold, 80))
      returning id into new.id;
  else
    update budget_plans set user_id = new.user_id, client_id = new.client_id, name = new.name, currency = new.currency, basis = new.basis,
      total_amount = millionths(new.total_amount), period_type = new.period_type, start_date = new.start_date, end_date = new.end_date,
      alert_threshold = new.alert_threshold where id = old.id;
  end if;
  select b.* into new from budgets b where b.id = new.id;
  return new;
end $$;
create trigger budgets_write instead of insert or update or delete on budgets for each row execute function write_budgets();
comment on view budgets is 'spent_amount and remaining_amount are computed; writing them is ignored.';

create table insights (
  id               serial primary key,
  user_id          integer references users on delete set null,
  campaign_id      integer references campaigns on delete set null,
  type             varchar(50) not null,
  category         varchar(50),
  title            varchar(255) not null,
  description      text,
  priority         varchar(20) not null default 'medium',
  potential_impact numeric(10, 2),
  suggested_action text,
  is_read          boolean not null default false,
  is_applied       boolean not null default false,
  created_at       timestamptz not null default now(),
  expires_at       timestamptz,
  public_id        uuid not null default moa_uuid7() constraint insights_public_id_key unique,
  client_id        integer references clients on delete cascade,
  updated_at       timestamptz not null default now(),
  change_seq       bigint not null default 0
);
create index insights_campaign on insights (campaign_id);
create index insights_user_unread on insights (user_id, is_read) where is_read = false;
create trigger insights_change before insert or update on insights for each row execute function stamp_change();
create trigger insights_gone after delete on insights for each row execute function leave_tombstone();
-- Read marks are each person's own.
create table insight_reads (
  insight_id integer not null references insights on delete cascade,
  user_id    integer not null references users on delete cascade,
  read_at    timestamptz not null default now(),
  primary key (insight_id, user_id)
);

create table reports (
  id           serial primary key,
  user_id      integer references users on delete set null,
  title        varchar(255) not null,
  report_type  varchar(50) not null,
  date_from    date not null,
  date_to      date not null,
  file_url     varchar(500),
  status       varchar(50) not null default 'pending',
  config       jsonb,
  created_at   timestamptz not null default now(),
  completed_at timestamptz,
  public_id    uuid not null default moa_uuid7() constraint reports_public_id_key unique,
  client_id    integer references clients on delete cascade,
  -- The frozen document: opening the report gives what was sent, whatever has been restated since.
  document     jsonb,
  updated_at   timestamptz not null default now(),
  change_seq   bigint not null default 0
);
create index reports_created on reports (created_at);
create index reports_client on reports (client_id, created_at desc);
create trigger reports_change before insert or update on reports for each row execute function stamp_change();
create trigger reports_gone after delete on reports for each row execute function leave_tombstone();
create table report_files (
  report_id integer not null references reports on delete cascade,
  kind      varchar(10) not null constraint report_files_kind_known check (kind in ('pdf', 'xlsx')),
  file_name text not null,
  sha256    bytea not null,
  bytes     bytea not null,
  primary key (report_id, kind)
);
-- PDF and workbook are compressed already.
alter table report_files alter column bytes set storage external;

create table jobs (
  id              uuid primary key default moa_uuid7(),
  kind            text not null,
  state           text not null default 'running' constraint jobs_state_known check (state in ('running', 'done', 'failed', 'cancelled')),
  detail          text not null default '',
  percent         smallint,
  error           jsonb,
  result          jsonb,
  started_at      timestamptz not null default now(),
  heartbeat_at    timestamptz not null default now(),
  finished_at     timestamptz,
  cancel_asked_at timestamptz
);
create index jobs_started on jobs (started_at desc);

-- Answers a person gave about a file's columns, for the next file with the same headers.
create table import_mappings (
  client_id   integer not null references clients on delete cascade,
  fingerprint text not null,
  answer      jsonb not null,
  updated_at  timestamptz not null default now(),
  primary key (client_id, fingerprint)
);

create table settings (
  key        text primary key,
  value      jsonb not null,
  updated_at timestamptz not null default now()
);

-- Markup on net media, fee inside gross, commission paid by the medium; dated. Read by `billed`, which comes with reports.
create table fees (
  id         serial primary key,
  client_id  integer not null references clients on delete cascade,
  platform   varchar(50) references platforms (code),
  kind       varchar(20) not null constraint fees_kind_known check (kind in ('markup', 'inside', 'commission')),
  rate       numeric(9, 6) not null,
  valid_from date not null,
  constraint fees_key unique (client_id, platform, kind, valid_from)
);
create table exchange_rates (
  currency char(3) not null,
  quote    char(3) not null,
  date     date not null,
  rate     numeric(20, 10) not null constraint exchange_rates_positive check (rate > 0),
  source   text not null default '',
  primary key (currency, quote, date)
);
