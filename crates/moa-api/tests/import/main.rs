//! Importing report files one after the other: what is asked, what is remembered, which account the rows belong to.

mod accounts;
mod answers;
mod figures;

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use moa_api::dto::client::ClientInput;
use moa_api::dto::import::{FileOutcome, ImportAnswers};
use moa_api::dto::period::Comparison;
use moa_api::{ApiError, DatabaseAddress, DatabaseSource, ImportFile, KpiBy, KpiQuestion, Moa, MoaOptions};
use moa_domain::Basis;
use moa_domain::calendar::DateRange;
use moa_domain::ports::FixedClock;
use moa_testing::TestDatabase;
use tempfile::TempDir;
use tokio_util::sync::CancellationToken;

/// The address of a test's own database; it never moves.
struct Fixed(String);

type Answer<'a> = Pin<Box<dyn Future<Output = Result<DatabaseAddress, ApiError>> + Send + 'a>>;

impl DatabaseSource for Fixed {
    fn address(&self) -> Answer<'_> {
        let address = DatabaseAddress { url: self.0.clone(), embedded: false, location: "test".to_owned() };
        Box::pin(async move { Ok(address) })
    }

    fn revive(&self) -> Answer<'_> {
        self.address()
    }
}

/// A workspace with one client, and a folder of files.
pub(crate) struct Desk {
    moa: Moa,
    client_id: i32,
    folder: TempDir,
    database: TestDatabase,
}

const CLIENT: &str = "한빛침구";

impl Desk {
    pub(crate) async fn open() -> Self {
        let database = moa_testing::database().await;
        let folder = tempfile::tempdir().expect("a folder");
        let options = MoaOptions {
            database: Arc::new(Fixed(database.url.clone())),
            clock: Arc::new(FixedClock("2026-10-01T00:00:00Z".parse().expect("a time"))),
            fonts: folder.path().to_owned(),
            reports_folder: folder.path().to_owned(),
            door: "tests",
            max_connections: 4,
            sealer: Arc::new(moa_testing::TestSealer::default()),
            endpoints: None,
        };
        let moa = Moa::open(options).await.expect("the database is there");
        let input = ClientInput { name: CLIENT.to_owned(), currency: "KRW".to_owned(), vat_rate: "10".to_owned() };
        let client_id = moa.add_client(&input).await.expect("a client").id;
        Self { moa, client_id, folder, database }
    }

    /// Imports a file of this content under a name, with what a person says.
    pub(crate) async fn import(&self, name: &str, content: &str, say: impl FnOnce(&mut ImportAnswers)) -> FileOutcome {
        let path = self.folder.path().join(name);
        std::fs::write(&path, content).expect("a file");
        let mut answers = ImportAnswers { client_id: self.client_id, ..ImportAnswers::default() };
        say(&mut answers);
        let files = vec![ImportFile { path, answers }];
        let outcomes = self.moa.import(files, &CancellationToken::new(), &(Arc::new(|_, _, _: &str| ()) as moa_api::Progress)).await;
        outcomes.expect("the database answers").remove(0)
    }

    /// Net cost of September 2026.
    pub(crate) async fn cost(&self) -> String {
        let question = KpiQuestion {
            client: Some(CLIENT.to_owned()),
            range: DateRange::new("2026-09-01".parse().expect("a day"), "2026-09-30".parse().expect("a day")).expect("a month"),
            by: KpiBy::Total,
            comparison: Comparison::None,
            basis: Basis::Net,
            platforms: Vec::new(),
        };
        let answer = serde_json::to_value(self.moa.kpi(&question).await.expect("figures")).expect("a document");
        answer["rows"][0]["cost"].as_str().unwrap_or("none").to_owned()
    }

    /// Of all days, as a reader of the views sees them.
    pub(crate) async fn likes_and_saves(&self) -> Vec<i64> {
        self.database.numbers("select sum(likes)::bigint, sum(saves)::bigint from campaign_metrics where hour is null").await
    }

    pub(crate) async fn close(self) {
        let Self { moa, database, .. } = self;
        drop(moa);
        database.finish().await;
    }
}

pub(crate) fn code(outcome: &FileOutcome) -> &str {
    outcome.error.as_ref().map_or("done", |error| error.code.as_str())
}
