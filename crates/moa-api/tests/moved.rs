//! A database whose server comes back on another port, as the keeper's does: the next thing a person does works, whether it reads or writes.

use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex};

use moa_api::dto::client::ClientInput;
use moa_api::{ApiError, DatabaseAddress, DatabaseSource, Moa, MoaOptions};
use moa_host::SystemClock;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

/// A port that leads to the server for as long as it lives.
struct Port {
    url: String,
    door: tokio::task::JoinHandle<()>,
}

impl Port {
    async fn open(url: &str) -> Self {
        let (before, rest) = url.split_once('@').expect("credentials");
        let (server, database) = rest.split_once('/').expect("a database");
        let server = server.to_owned();
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let here = listener.local_addr().expect("bound");
        let door = tokio::spawn(async move {
            let mut guests = JoinSet::new();
            while let Ok((mut guest, _)) = listener.accept().await {
                let server = server.clone();
                guests.spawn(async move {
                    let mut server = TcpStream::connect(&server).await.expect("the server is there");
                    // Either side may leave.
                    let _ = tokio::io::copy_bidirectional(&mut guest, &mut server).await;
                });
            }
        });
        Self { url: format!("{before}@{here}/{database}"), door }
    }
}

/// A server that is found at another port each time it is brought back.
struct Moving {
    url: String,
    port: Mutex<Port>,
}

type Found<'a> = Pin<Box<dyn Future<Output = Result<DatabaseAddress, ApiError>> + Send + 'a>>;

impl DatabaseSource for Moving {
    fn address(&self) -> Found<'_> {
        let url = self.port.lock().expect("no panic").url.clone();
        Box::pin(async { Ok(DatabaseAddress { url, embedded: false, location: String::new() }) })
    }

    fn revive(&self) -> Found<'_> {
        Box::pin(async {
            let port = Port::open(&self.url).await;
            *self.port.lock().expect("no panic") = port;
            self.address().await
        })
    }
}

#[tokio::test]
async fn what_a_person_writes_after_the_database_moved_is_kept() {
    let database = moa_testing::database().await;
    let source = Arc::new(Moving { url: database.url.clone(), port: Mutex::new(Port::open(&database.url).await) });
    let folder = tempfile::tempdir().expect("a folder");
    let moa = Moa::open(MoaOptions {
        database: Arc::clone(&source) as Arc<dyn DatabaseSource>,
        clock: Arc::new(SystemClock::standing_at("2026-11-29T09:00:00+09:00").expect("a time")),
        fonts: folder.path().to_owned(),
        reports_folder: folder.path().to_owned(),
        door: "test",
        max_connections: 5,
        sealer: Arc::new(moa_testing::TestSealer::default()),
        endpoints: None,
    })
    .await
    .expect("the database is there");
    let move_away = || source.port.lock().expect("no panic").door.abort();
    let named = |name: &str| ClientInput { name: name.to_owned(), currency: "KRW".to_owned(), vat_rate: "10".to_owned() };

    move_away();
    let client = moa.add_client(&named("한빛")).await.expect("kept");
    move_away();
    moa.edit_client(client.id, &named("한빛침구")).await.expect("kept");
    move_away();
    let settings = moa.settings().await.expect("read");
    move_away();
    moa.save_settings(&settings).await.expect("kept");
    let names: Vec<String> = moa.client_list().await.expect("read").into_iter().map(|client| client.name).collect();
    assert_eq!(names, ["한빛침구"]);
}
