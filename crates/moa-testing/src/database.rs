//! One database of a test.

use std::str::FromStr;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

use moa_store::{ConnectOptions, Store};
use sqlx::postgres::PgConnectOptions;
use sqlx::{AssertSqlSafe, ConnectOptions as _, Connection, PgConnection, Row};

use crate::template;

/// Names the servers, separated by blanks.
const SERVERS: &str = "MOA_TEST_POSTGRES_URLS";
pub(crate) const PREFIX: &str = "moa_test_";

/// A migrated database of one test. Dropping it removes it; [`TestDatabase::finish`] does so and waits.
pub struct TestDatabase {
    /// The address, with a login that may do everything.
    pub url: String,
    pub store: Store,
    /// 15, 18 …
    pub server_major: u32,
    /// The server's database in which databases are made and removed.
    server: String,
    name: String,
    removed: bool,
}

/// One database on every server of `MOA_TEST_POSTGRES_URLS`.
///
/// # Panics
/// When the variable is missing or a server cannot be used.
pub async fn databases() -> Vec<TestDatabase> {
    let mut databases = Vec::new();
    for server in servers() {
        databases.push(TestDatabase::on(&server).await);
    }
    databases
}

/// One database, on the newest server: for tests that are not about the server.
///
/// # Panics
/// When the variable is missing or no server can be used.
pub async fn database() -> TestDatabase {
    let mut newest: Option<(u32, String)> = None;
    for server in servers() {
        let mut connection = connect(&server).await;
        let major = major(&mut connection).await;
        if newest.as_ref().is_none_or(|(known, _)| *known < major) {
            newest = Some((major, server));
        }
    }
    let (_, server) = newest.expect("servers() gives at least one");
    TestDatabase::on(&server).await
}

/// An empty database on every server, not migrated: its address and the server's major version. It is removed by a later run.
///
/// # Panics
/// When the variable is missing or a server cannot be used.
pub async fn blank_database() -> Vec<(String, u32)> {
    let mut urls = Vec::new();
    for server in servers() {
        let mut connection = connect(&server).await;
        let major = major(&mut connection).await;
        let name = fresh_name();
        execute(&mut connection, format!("create database {name} template template0 encoding 'UTF8'")).await;
        urls.push((address_of(&server, &name), major));
    }
    urls
}

impl TestDatabase {
    async fn on(server: &str) -> Self {
        let mut connection = connect(server).await;
        let server_major = major(&mut connection).await;
        let template = template::ensure(server, &mut connection).await;
        let name = fresh_name();
        execute(&mut connection, format!("create database {name} template {template}")).await;
        let url = address_of(server, &name);
        let store = Store::connect(&url, &options()).await.unwrap_or_else(|error| panic!("{url}: {error}"));
        Self { url, store, server_major, server: server.to_owned(), name, removed: false }
    }

    /// A connection with every right, for looking at and arranging what the program may not.
    ///
    /// # Panics
    /// When the server is gone.
    pub async fn superuser(&self) -> PgConnection {
        connect(&self.url).await
    }

    /// One row of whole numbers, asked with every right.
    ///
    /// # Panics
    /// When the statement gives no row, or something else than `bigint`.
    pub async fn numbers(&self, sql: &'static str) -> Vec<i64> {
        let row = sqlx::query(sql).fetch_one(&mut self.superuser().await).await.unwrap_or_else(|error| panic!("{sql}: {error}"));
        (0..row.len()).map(|column| row.get(column)).collect()
    }

    /// Every row of every table as text, binary columns in hexadecimal: for searching what must not be there.
    ///
    /// # Panics
    /// When the server is gone.
    pub async fn everything(&self) -> String {
        let mut connection = self.superuser().await;
        let tables: Vec<String> = sqlx::query_scalar(
            "select format('%I.%I', schemaname, tablename) from pg_tables where schemaname not in ('pg_catalog', 'information_schema') order by 1",
        )
        .fetch_all(&mut connection)
        .await
        .expect("the tables");
        let mut all = String::new();
        for table in tables {
            let sql = format!("select coalesce(string_agg(t::text, E'\\n'), '') from {table} t");
            let rows: String = sqlx::query_scalar(AssertSqlSafe(sql)).fetch_one(&mut connection).await.expect("rows");
            all.push_str(&rows);
        }
        all
    }

    /// Another program's store on the same database.
    ///
    /// # Panics
    /// When the server is gone.
    pub async fn second_store(&self) -> Store {
        Store::connect(&self.url, &options()).await.expect("the database is there")
    }

    /// Removes the database, also from under open connections, and waits for it.
    pub async fn finish(mut self) {
        self.removed = true;
        remove(&self.server, &self.name).await;
    }
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        if self.removed {
            return;
        }
        let (server, name) = (self.server.clone(), self.name.clone());
        // The test's runtime may be ending: a thread and a runtime of its own. What is left behind a later run removes.
        let removing = std::thread::spawn(move || {
            if let Ok(runtime) = tokio::runtime::Builder::new_current_thread().enable_all().build() {
                runtime.block_on(remove(&server, &name));
            }
        });
        drop(removing.join());
    }
}

fn options() -> ConnectOptions {
    ConnectOptions { embedded: false, max_connections: 6, application_name: "moa tests".to_owned() }
}

fn servers() -> Vec<String> {
    let text = std::env::var(SERVERS).unwrap_or_default();
    let servers: Vec<String> = text.split_whitespace().map(str::to_owned).collect();
    assert!(!servers.is_empty(), "{SERVERS} is not set, so there is no Postgres to test on. `npm test` starts the servers and sets it.");
    servers
}

async fn major(connection: &mut PgConnection) -> u32 {
    let (number,): (i32,) =
        sqlx::query_as("select current_setting('server_version_num')::int / 10000").fetch_one(connection).await.expect("a version");
    u32::try_from(number).expect("a version")
}

pub(crate) async fn connect(url: &str) -> PgConnection {
    PgConnection::connect(url).await.unwrap_or_else(|error| panic!("no Postgres at {url}: {error}"))
}

pub(crate) async fn execute(connection: &mut PgConnection, sql: String) {
    if let Err(error) = sqlx::query(AssertSqlSafe(sql.clone())).execute(connection).await {
        panic!("{sql}: {error}");
    }
}

pub(crate) fn address_of(server: &str, name: &str) -> String {
    PgConnectOptions::from_str(server).expect("the address of a server").database(name).to_url_lossy().to_string()
}

pub(crate) fn fresh_name() -> String {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let count = COUNT.fetch_add(1, Ordering::Relaxed);
    format!("{PREFIX}{}_{}_{count}", now_seconds(), std::process::id())
}

pub(crate) fn now_seconds() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |elapsed| elapsed.as_secs())
}

/// Best effort: what cannot be removed now a later run removes.
pub(crate) async fn remove(server: &str, name: &str) {
    if let Ok(mut connection) = PgConnection::connect(server).await {
        drop(sqlx::query(AssertSqlSafe(format!("drop database if exists {name} with (force)"))).execute(&mut connection).await);
    }
}
