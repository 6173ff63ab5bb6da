//! The first minutes of a database: is it fit, do the roles exist, is the schema the one this program knows.

use sqlx::migrate::Migrator;
use sqlx::{Executor, PgConnection};

use crate::error::StoreError;

static MIGRATIONS: Migrator = sqlx::migrate!("../../migrations");

/// The schema number this program writes. Goes up with every migration.
pub(crate) const SCHEMA: i32 = 3;
const OLDEST_SERVER: u32 = 15;
/// One program at a time prepares a database.
const PREPARING: i64 = 0x6d6f_615f_7072_6570;

/// What an administrator runs once, in this database, where the login may not create roles. Again does no harm.
const ROLES: &str = "\
do $$ begin
  if not exists (select from pg_roles where rolname = 'moa_owner') then create role moa_owner nologin; end if;
  if not exists (select from pg_roles where rolname = 'moa_app') then create role moa_app nologin; end if;
exception when duplicate_object or unique_violation then null;
end $$;
grant moa_owner, moa_app to current_user;
grant usage, create on schema public to moa_owner;
grant usage on schema public to moa_app;";
/// What an administrator runs for a login that joins a database that is ready.
const JOIN: &str = "grant moa_app to current_user;";
/// Roles belong to the whole server: another program may be granting the same one for another database at this moment.
const ROLE_ATTEMPTS: u32 = 5;

pub(crate) async fn prepare(login: &mut PgConnection) -> Result<(), StoreError> {
    let (number, version, encoding): (i32, String, String) = sqlx::query_as(
        "select current_setting('server_version_num')::int, current_setting('server_version'), current_setting('server_encoding')",
    )
    .fetch_one(&mut *login)
    .await?;
    if number < i32::try_from(OLDEST_SERVER * 10_000).unwrap_or(i32::MAX) {
        return Err(StoreError::TooOld { found: version, needed: OLDEST_SERVER });
    }
    if encoding != "UTF8" {
        return Err(StoreError::NotUtf8 { found: encoding });
    }
    sqlx::query("select pg_advisory_lock($1)").bind(PREPARING).execute(&mut *login).await?;
    let prepared = migrate(login).await;
    sqlx::query("select pg_advisory_unlock($1)").bind(PREPARING).execute(&mut *login).await?;
    prepared
}

async fn migrate(login: &mut PgConnection) -> Result<(), StoreError> {
    // A database that is ready costs one question at start.
    let known = match sqlx::query_as("select to_regclass('public.workspace') is not null").fetch_one(&mut *login).await? {
        (true,) => Some(versions(login).await?),
        (false,) => None,
    };
    if let Some((found, compatible_from)) = known {
        if compatible_from > SCHEMA {
            return Err(StoreError::SchemaNewer { found, supported: SCHEMA });
        }
        if found >= SCHEMA {
            return can_work(login).await;
        }
    }
    ensure_roles(login).await?;
    login.execute("set role moa_owner; set search_path = public; set client_min_messages = warning").await?;
    let migrated = MIGRATIONS.run_direct(None, &mut *login, false).await;
    login.execute("reset role").await?;
    Ok(migrated?)
}

/// What the database says of itself: its schema number, and the lowest a program must know. A login that joins may not be allowed to read
/// it before it works as `moa_app`.
async fn versions(login: &mut PgConnection) -> Result<(i32, i32), StoreError> {
    const VERSIONS: &str = "select schema_version, compatible_from from public.workspace";
    match sqlx::query_as(VERSIONS).fetch_one(&mut *login).await {
        Err(error) if has_code(&error, &[NO_PRIVILEGE]) => {}
        read => return Ok(read?),
    }
    match login.execute("set role moa_app").await {
        Err(error) if has_code(&error, &[NO_PRIVILEGE]) => return Err(needs_administrator(login, JOIN).await?),
        set => set?,
    };
    let read = sqlx::query_as(VERSIONS).fetch_one(&mut *login).await?;
    login.execute("reset role").await?;
    Ok(read)
}

/// The login must be able to become `moa_app`.
async fn can_work(login: &mut PgConnection) -> Result<(), StoreError> {
    match login.execute("set role moa_app").await {
        Ok(_) => {
            login.execute("reset role").await?;
            Ok(())
        }
        Err(error) if has_code(&error, &[NO_PRIVILEGE]) => Err(needs_administrator(login, JOIN).await?),
        Err(error) => Err(error.into()),
    }
}

async fn ensure_roles(login: &mut PgConnection) -> Result<(), StoreError> {
    for attempt in 1..=ROLE_ATTEMPTS {
        if roles_are_ready(login).await? {
            return Ok(());
        }
        match login.execute(ROLES).await {
            Ok(_) => {}
            Err(error) if has_code(&error, &[NO_PRIVILEGE]) => break,
            Err(error) if has_code(&error, &[CHANGED_MEANWHILE, IS_THERE_ALREADY]) && attempt < ROLE_ATTEMPTS => {}
            Err(error) => return Err(error.into()),
        }
    }
    // A grant without the right to it is a warning, not an error: look again.
    if roles_are_ready(login).await? { Ok(()) } else { Err(needs_administrator(login, ROLES).await?) }
}

/// Both roles are there, the login may become either, and their rights in the schema are given.
async fn roles_are_ready(login: &mut PgConnection) -> Result<bool, StoreError> {
    let (ready,): (bool,) = sqlx::query_as(
        "select count(*) = 2 and coalesce(bool_and(
                  pg_has_role(current_user, oid, case when current_setting('server_version_num')::int >= 160000 then 'SET' else 'MEMBER' end)
                  and has_schema_privilege(oid, 'public', 'USAGE')
                  and (rolname = 'moa_app' or has_schema_privilege(oid, 'public', 'CREATE'))), false)
         from pg_roles where rolname in ('moa_owner', 'moa_app')",
    )
    .fetch_one(login)
    .await?;
    Ok(ready)
}

async fn needs_administrator(login: &mut PgConnection, sql: &str) -> Result<StoreError, StoreError> {
    let (user,): (String,) = sqlx::query_as("select quote_ident(current_user)").fetch_one(login).await?;
    Ok(StoreError::NeedsAdministrator { sql: sql.replace("current_user", &user) })
}

const NO_PRIVILEGE: &str = "42501";
/// "tuple concurrently updated", which has no code of its own.
const CHANGED_MEANWHILE: &str = "XX000";
const IS_THERE_ALREADY: &str = "23505";

fn has_code(error: &sqlx::Error, codes: &[&str]) -> bool {
    error.as_database_error().and_then(sqlx::error::DatabaseError::code).is_some_and(|code| codes.contains(&code.as_ref()))
}
