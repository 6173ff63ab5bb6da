//! The migrated database every test's database is copied from.

use moa_store::{ConnectOptions, Store};
use sqlx::PgConnection;
use sqlx::migrate::Migrator;

use crate::database::{PREFIX, address_of, execute, fresh_name, now_seconds};

static MIGRATIONS: Migrator = sqlx::migrate!("../../migrations");
const MAKING: i64 = 0x6d6f_615f_7465_7374;
/// Databases of runs that were killed are removed after this long.
const LEFT_BEHIND_SECONDS: u64 = 3600;

/// Its name. Made once per set of migrations: many test processes start at once, and roles belong to the whole server, so one of them
/// makes it and the others wait.
pub(crate) async fn ensure(server: &str, connection: &mut PgConnection) -> String {
    let name = format!("moa_template_{:016x}", fingerprint());
    if exists(connection, &name).await {
        return name;
    }
    execute(connection, format!("select pg_advisory_lock({MAKING})")).await;
    if !exists(connection, &name).await {
        remove_left_behind(connection).await;
        let half_made = fresh_name();
        execute(connection, format!("create database {half_made} template template0 encoding 'UTF8'")).await;
        migrate(&address_of(server, &half_made)).await;
        execute(connection, format!("select pg_terminate_backend(pid, 5000) from pg_stat_activity where datname = '{half_made}'")).await;
        execute(connection, format!("alter database {half_made} rename to {name}")).await;
    }
    execute(connection, format!("select pg_advisory_unlock({MAKING})")).await;
    name
}

async fn migrate(url: &str) {
    let options = ConnectOptions { embedded: false, max_connections: 1, application_name: "moa tests".to_owned() };
    let store = Store::connect(url, &options).await.unwrap_or_else(|error| panic!("the migrations failed on {url}: {error}"));
    drop(store);
}

async fn exists(connection: &mut PgConnection, name: &str) -> bool {
    let (there,): (bool,) = sqlx::query_as("select exists (select from pg_database where datname = $1)")
        .bind(name)
        .fetch_one(connection)
        .await
        .expect("the server's list of databases");
    there
}

async fn remove_left_behind(connection: &mut PgConnection) {
    let names: Vec<(String,)> =
        sqlx::query_as("select datname::text from pg_database where datname like 'moa\\_test\\_%' or datname like 'moa\\_template\\_%'")
            .fetch_all(&mut *connection)
            .await
            .expect("the server's list of databases");
    for (name,) in names {
        let made_at: Option<u64> =
            name.strip_prefix(PREFIX).and_then(|rest| rest.split('_').next()).and_then(|seconds| seconds.parse().ok());
        if made_at.is_some_and(|made_at| made_at + LEFT_BEHIND_SECONDS < now_seconds()) {
            execute(connection, format!("drop database if exists {name} with (force)")).await;
        }
    }
}

/// Changes with any migration (FNV-1a over their checksums; nobody attacks it).
fn fingerprint() -> u64 {
    MIGRATIONS
        .iter()
        .flat_map(|migration| migration.checksum.iter())
        .fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3))
}
