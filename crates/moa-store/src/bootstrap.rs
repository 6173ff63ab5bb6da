//! The first minutes of a database: is it fit, do the roles exist, is the schema the one this program knows.

use sqlx::migrate::Migrator;
use sqlx::{Executor, PgConnection};

use crate::error::StoreError;

static MIGRATIONS: Migrator = sqlx::migrate!("../../migrations");

/// The schema number this program writes. Goes up with every migration.
const SCHEMA: i32 = 1;
const OLDEST_SERVER: u32 = 15;
/// One program at a time prepares a database.
const PREPARING: i64 = 0x6d6f_615f_7072_6570;

/// What an administrator runs once where the login may not create roles.
const ROLES: &str = "\
do $$ begin
  if not exists (select from pg_roles where rolname = 'moa_owner') then create role moa_owner nologin; end if;
  if not exists (select from pg_roles where rolname = 'moa_app') then create role moa_app nologin; end if;
exception when duplicate_object or unique_violation then null;
end $$;
grant moa_owner, moa_app to current_user;
grant usage, create on schema public to moa_owner;
grant usage on schema public to moa_app;";

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
    let known: Option<(i32, i32)> =
        match sqlx::query_as("select to_regclass('public.workspace') is not null").fetch_one(&mut *login).await? {
            (true,) => Some(sqlx::query_as("select schema_version, compatible_from from public.workspace").fetch_one(&mut *login).await?),
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

/// The login must be able to become `moa_app`.
async fn can_work(login: &mut PgConnection) -> Result<(), StoreError> {
    match login.execute("set role moa_app").await {
        Ok(_) => {
            login.execute("reset role").await?;
            Ok(())
        }
        Err(error) if is_privilege(&error) => Err(StoreError::NeedsAdministrator { sql: "grant moa_app to <login>;".to_owned() }),
        Err(error) => Err(error.into()),
    }
}

async fn ensure_roles(login: &mut PgConnection) -> Result<(), StoreError> {
    let (ready,): (bool,) = sqlx::query_as(
        "select coalesce(bool_and(pg_has_role(current_user, oid, 'MEMBER')), false) and count(*) = 2
                and has_schema_privilege((select rolname from pg_roles where rolname = 'moa_owner'), 'public', 'CREATE')
         from pg_roles where rolname in ('moa_owner', 'moa_app')",
    )
    .fetch_one(&mut *login)
    .await?;
    if ready {
        return Ok(());
    }
    match login.execute(ROLES).await {
        Ok(_) => Ok(()),
        Err(error) if is_privilege(&error) => {
            let (user,): (String,) = sqlx::query_as("select quote_ident(current_user)").fetch_one(&mut *login).await?;
            Err(StoreError::NeedsAdministrator { sql: ROLES.replace("current_user", &user) })
        }
        Err(error) => Err(error.into()),
    }
}

fn is_privilege(error: &sqlx::Error) -> bool {
    error.as_database_error().and_then(|error| error.code().map(|code| code == "42501")).unwrap_or(false)
}
