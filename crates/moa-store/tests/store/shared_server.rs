//! Opening a database on a server that is not Moa's own.

use moa_store::{ConnectOptions, NewClient, Store, StoreError};
use sqlx::{Connection, PgConnection};
use tokio::task::JoinSet;

use crate::agency::{number, on_each, refusal, run, texts};

fn options() -> ConnectOptions {
    ConnectOptions { embedded: false, max_connections: 2, application_name: "moa tests".to_owned() }
}

async fn connect(url: &str) -> PgConnection {
    PgConnection::connect(url).await.expect("a connection")
}

/// The address for another login.
fn address(url: &str, login: &str) -> String {
    let (_, place) = url.split_once('@').expect("an address with a login");
    format!("postgres://{login}:secret@{place}")
}

/// A login of the server, unique to the database it is for.
async fn login(admin: &mut PgConnection, name: &str) -> String {
    let database = texts(admin, "select current_database()::text").await.remove(0);
    let login = format!("{database}_{name}");
    run(admin, &format!("create role {login} login password 'secret'")).await;
    login
}

#[tokio::test]
async fn programs_that_start_at_once_prepare_the_database_once() {
    for (url, _) in moa_testing::blank_database().await {
        let mut starting = JoinSet::new();
        for _ in 0..4 {
            let url = url.clone();
            starting.spawn(async move { Store::connect(&url, &options()).await.map(drop) });
        }
        while let Some(started) = starting.join_next().await {
            started.expect("no panic").expect("ready");
        }
        let mut admin = connect(&url).await;
        assert_eq!(number(&mut admin, "select count(*) from users").await, 1);
    }
}

#[tokio::test]
async fn a_login_that_may_not_prepare_gets_the_sql_for_an_administrator() {
    for (url, major) in moa_testing::blank_database().await {
        // Roles belong to the whole server: opened once, they are there.
        let mut admin = connect(&url).await;
        let first = login(&mut admin, "first").await;
        let refused = Store::connect(&address(&url, &first), &options()).await.map(drop);
        let Err(StoreError::NeedsAdministrator { sql }) = refused else { panic!("{major}: {refused:?}") };
        assert!(sql.contains("create role moa_owner") && sql.contains(&format!("grant moa_owner, moa_app to {first}")), "{sql}");
        assert!(!sql.contains("secret"), "{sql}");
        assert_eq!(number(&mut admin, "select count(*) from pg_class where relname = 'workspace'").await, 0, "nothing was made");
        run(&mut admin, &sql).await;
        run(&mut admin, &sql).await;
        let store = Store::connect(&address(&url, &first), &options()).await.expect("prepared");
        assert_eq!(store.clients().await.expect("clients").len(), 0);
        let owner = "select distinct relowner::regrole::text from pg_class where relnamespace = 'public'::regnamespace";
        assert_eq!(texts(&mut admin, owner).await, ["moa_owner"]);

        // A colleague's login joins with less.
        let second = login(&mut admin, "second").await;
        let refused = Store::connect(&address(&url, &second), &options()).await.map(drop);
        let Err(StoreError::NeedsAdministrator { sql }) = refused else { panic!("{major}: {refused:?}") };
        assert_eq!(sql, format!("grant moa_app to {second};"));
        run(&mut admin, &sql).await;
        let store = Store::connect(&address(&url, &second), &options()).await.expect("joined");
        let new = NewClient {
            name: "한빛".to_owned(),
            currency: moa_domain::Currency::KRW,
            vat_rate: moa_domain::Millionths::from_whole(10),
            is_sample: false,
        };
        store.add_client(new).await.expect("it works");
        let mut colleague = connect(&address(&url, &second)).await;
        refusal(&mut colleague, "create table public.mine (a int)").await;
        refusal(&mut colleague, "set role moa_owner").await;
    }
}

#[tokio::test]
async fn a_schema_newer_than_the_program_is_refused_unless_it_says_it_may_be_used() {
    on_each(async |database| {
        let mut admin = database.superuser().await;
        run(&mut admin, "update workspace set schema_version = 9").await;
        Store::connect(&database.url, &options()).await.expect("it only holds more");
        run(&mut admin, "update workspace set compatible_from = 9").await;
        let refused = Store::connect(&database.url, &options()).await.map(drop);
        assert!(matches!(refused, Err(StoreError::SchemaNewer { found: 9, supported: 3 })), "{refused:?}");
    })
    .await;
}

#[tokio::test]
async fn a_database_of_another_encoding_is_refused() {
    for (url, _) in moa_testing::blank_database().await {
        let mut admin = connect(&url).await;
        let name = format!("{}_ascii", texts(&mut admin, "select current_database()::text").await[0]);
        run(&mut admin, &format!("create database {name} template template0 encoding 'SQL_ASCII' locale_provider libc locale 'C'")).await;
        let (server, _) = url.rsplit_once('/').expect("an address");
        let refused = Store::connect(&format!("{server}/{name}"), &options()).await.map(drop);
        assert!(matches!(&refused, Err(StoreError::NotUtf8 { found }) if found == "SQL_ASCII"), "{refused:?}");
        run(&mut admin, &format!("drop database {name} with (force)")).await;
    }
}

#[tokio::test]
async fn what_cannot_be_reached_is_told_without_its_password() {
    on_each(async |database| {
        let wrong = Store::connect(&address(&database.url, "nobody"), &options()).await.map(drop).expect_err("refused");
        assert!(matches!(wrong, StoreError::Refused { .. }), "{wrong:?}");
        let nowhere =
            Store::connect("postgres://somebody:secret@127.0.0.1:1/moa", &options()).await.map(drop).expect_err("nobody is there");
        assert!(nowhere.is_gone(), "{nowhere:?}");
        for error in [&wrong, &nowhere] {
            let told = format!("{error} {error:?} {:?}", error.values());
            assert!(!told.contains("secret"), "{told}");
        }
    })
    .await;
}
