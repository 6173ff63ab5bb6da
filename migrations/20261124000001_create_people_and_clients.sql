-- Who works here, for whom, and where the ads run.

-- UUIDs that sort by time (version 7), also on Postgres 15 to 17, which have no uuidv7(). Rows made by plain SQL get one too.
create function moa_uuid7() returns uuid language sql volatile parallel safe set search_path = pg_catalog as $$
  select encode(set_bit(set_bit(
    overlay(uuid_send(gen_random_uuid()) placing substring(int8send((extract(epoch from clock_timestamp()) * 1000)::bigint) from 3) from 1 for 6),
    52, 1), 53, 1), 'hex')::uuid
$$;

-- One row: what this database is, and which programs may write to it.
create table workspace (
  only_row        boolean primary key default true constraint workspace_has_one_row check (only_row),
  public_id       uuid not null default moa_uuid7(),
  schema_version  integer not null,
  compatible_from integer not null,
  created_at      timestamptz not null default now()
);
insert into workspace (schema_version, compatible_from) values (1, 1);
comment on column workspace.compatible_from is 'The lowest schema number a program must know to write here.';

create table users (
  id            serial primary key,
  email         varchar(255) not null constraint users_email_key unique,
  -- '!' is no Argon2id hash, so nobody can sign in with it: someone who was not given a password yet, or came with a backup.
  password_hash varchar(255) not null default '!',
  name          varchar(100) not null,
  company_name  varchar(200),
  role          varchar(50) not null default 'user' constraint users_role_known check (role in ('admin', 'user', 'viewer')),
  created_at    timestamptz not null default now(),
  updated_at    timestamptz not null default now(),
  last_login    timestamptz,
  -- Users are deactivated, never deleted: a leaver must not take clients' figures along.
  is_active     boolean not null default true
);
-- The person at this computer, until people are invited.
insert into users (email, name, role) values ('owner@localhost', '소유자', 'admin');

-- Numbers every change of what is copied offline later; a copy asks for everything above the number it has.
create sequence change_seq;
create table tombstones (
  change_seq bigint primary key default nextval('change_seq'),
  table_name text not null,
  public_id  uuid not null,
  removed_at timestamptz not null default now()
);
create function stamp_change() returns trigger language plpgsql as $$
begin
  -- A restore keeps what the backup holds.
  if current_setting('moa.restoring', true) = 'on' then return new; end if;
  new.change_seq := nextval('change_seq');
  new.updated_at := now();
  return new;
end $$;
create function leave_tombstone() returns trigger language plpgsql as $$
begin
  insert into tombstones (table_name, public_id) values (tg_table_name, old.public_id);
  return old;
end $$;

create table clients (
  id            serial primary key,
  public_id     uuid not null default moa_uuid7() constraint clients_public_id_key unique,
  name          text not null constraint clients_name_not_blank check (btrim(name) <> ''),
  currency      char(3) not null default 'KRW',
  vat_rate      numeric(5, 2) not null default 10 constraint clients_vat_rate_percent check (vat_rate between 0 and 100),
  is_sample     boolean not null default false,
  -- The one client that holds accounts nobody has assigned yet, so that no figure is outside every total.
  is_unassigned boolean not null default false,
  created_at    timestamptz not null default now(),
  updated_at    timestamptz not null default now(),
  -- A removed client leaves every screen and total; its figures stay stored and its name becomes free.
  removed_at    timestamptz,
  change_seq    bigint not null default 0
);
create unique index clients_name_key on clients (name) where removed_at is null;
create unique index clients_one_unassigned on clients (is_unassigned) where is_unassigned and removed_at is null;
create trigger clients_change before insert or update on clients for each row execute function stamp_change();
create trigger clients_gone after delete on clients for each row execute function leave_tombstone();

create table client_members (
  client_id integer not null references clients on delete cascade,
  user_id   integer not null references users on delete cascade,
  primary key (client_id, user_id)
);
comment on table client_members is 'Who may see what. Admins see every client without a row here.';

-- Platforms (매체). `family` is the short word the original document uses in channels.platform.
create table platforms (
  code          varchar(50) primary key constraint platforms_code_form check (code ~ '^[a-z0-9_]{2,40}$'),
  family        varchar(50) not null constraint platforms_family_key unique,
  display_name  varchar(100) not null,
  has_connector boolean not null default false
);
insert into platforms (code, family, display_name, has_connector) values
  ('google_ads', 'google', 'Google Ads', true),
  ('meta_ads', 'meta', 'Meta', true),
  ('naver_ads', 'naver', '네이버', true),
  ('kakao', 'kakao', '카카오', true);

create table channels (
  id           serial primary key,
  name         varchar(100) not null constraint channels_name_key unique,
  platform     varchar(50) not null constraint channels_platform_fkey references platforms (family),
  display_name varchar(100) not null,
  icon_url     varchar(500),
  is_active    boolean not null default true,
  -- The channel a figure stands on when the platform or the file does not say which.
  is_unspecified boolean not null default false
);
create unique index channels_one_unspecified on channels (platform) where is_unspecified;
insert into channels (name, platform, display_name) values
  ('google_search', 'google', 'Google 검색광고'),
  ('google_display', 'google', 'Google 디스플레이'),
  ('youtube', 'google', 'YouTube 광고'),
  ('facebook', 'meta', 'Facebook 광고'),
  ('instagram', 'meta', 'Instagram 광고'),
  ('naver_search', 'naver', '네이버 검색광고'),
  ('naver_display', 'naver', '네이버 디스플레이');
insert into channels (name, platform, display_name, is_unspecified) values
  ('kakao', 'kakao', '카카오 광고', true),
  ('google_all', 'google', 'Google 전체', true),
  ('meta_all', 'meta', 'Meta 전체', true),
  ('naver_all', 'naver', '네이버 전체', true);
insert into channels (name, platform, display_name) values
  ('google_shopping', 'google', 'Google 쇼핑'),
  ('google_pmax', 'google', 'Google 실적 최대화'),
  ('google_demand_gen', 'google', 'Google 디맨드젠'),
  ('messenger', 'meta', 'Messenger'),
  ('audience_network', 'meta', 'Audience Network'),
  ('threads', 'meta', 'Threads'),
  ('naver_shopping', 'naver', '네이버 쇼핑검색'),
  ('naver_brand', 'naver', '네이버 브랜드검색'),
  ('kakao_bizboard', 'kakao', '카카오 비즈보드'),
  ('kakao_message', 'kakao', '카카오 메시지'),
  ('kakao_keyword', 'kakao', '카카오 키워드광고');
