//! How many questions a screen asks of the database: as many for many clients as for one. One test, because counting listens to the whole
//! process.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on stops")]

use std::future::Future;
use std::io::Write;
use std::pin::Pin;
use std::sync::{Arc, Mutex};

use moa_api::dto::client::ClientInput;
use moa_api::dto::import::ImportAnswers;
use moa_api::dto::period::{Comparison, ShownBasis};
use moa_api::{ApiError, DatabaseAddress, DatabaseSource, ImportFile, KpiBy, KpiQuestion, Moa, MoaOptions, Progress, range};
use moa_domain::Basis;
use moa_host::SystemClock;
use tokio_util::sync::CancellationToken;

struct At(String);

type Found<'a> = Pin<Box<dyn Future<Output = Result<DatabaseAddress, ApiError>> + Send + 'a>>;

impl DatabaseSource for At {
    fn address(&self) -> Found<'_> {
        let address = DatabaseAddress { url: self.0.clone(), embedded: false, location: String::new() };
        Box::pin(async { Ok(address) })
    }

    fn revive(&self) -> Found<'_> {
        self.address()
    }
}

/// Everything that was logged, of which every query is a line.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl Log {
    fn listening() -> Self {
        let log = Self::default();
        let writer = log.clone();
        let filter = tracing_subscriber::EnvFilter::new("sqlx::query=debug");
        tracing_subscriber::fmt().with_env_filter(filter).with_ansi(false).with_writer(move || writer.clone()).init();
        log
    }

    async fn queries_of<T>(&self, work: impl Future<Output = T>) -> (usize, T) {
        self.0.lock().unwrap().clear();
        let answer = work.await;
        let text = String::from_utf8(self.0.lock().unwrap().clone()).expect("the log is text");
        // Preparing a connection is no question.
        (text.lines().filter(|line| line.contains("summary=") && !line.contains("set role")).count(), answer)
    }
}

async fn add_client(moa: &Moa, folder: &std::path::Path, number: i64) -> String {
    let name = format!("광고주 {number}");
    let input = ClientInput { name: name.clone(), currency: "KRW".to_owned(), vat_rate: "10".to_owned() };
    let client = moa.add_client(&input).await.expect("a new name");
    let mut csv = "campaign,date,channel,currency,vat,impressions,clicks,cost,conversions,revenue\n".to_owned();
    for day in 1..=28 {
        let cost = number * 1000 + day;
        csv.push_str(&format!("A,2026-11-{day:02},naver_search,KRW,included,{cost},10,{cost},1,5000\n"));
        csv.push_str(&format!("B,2026-11-{day:02},naver_shopping,USD,excluded,{cost},7,{cost}.25,1,50\n"));
    }
    let path = folder.join(format!("{number}.csv"));
    std::fs::write(&path, csv).expect("the folder is ours");
    let answers = ImportAnswers { client_id: client.id, account: Some(name.clone()), ..ImportAnswers::default() };
    let quiet: Progress = Arc::new(|_: usize, _: usize, _: &str| ());
    let outcomes = moa.import(vec![ImportFile { path, answers }], &CancellationToken::new(), &quiet).await.expect("imports");
    assert!(outcomes[0].error.is_none(), "{:?}", outcomes[0]);
    name
}

#[tokio::test]
async fn the_clients_screen_asks_as_much_for_many_clients_as_for_one() {
    let database = moa_testing::database().await;
    let folder = tempfile::tempdir().expect("a folder");
    let moa = Moa::open(MoaOptions {
        database: Arc::new(At(database.url.clone())),
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
    let log = Log::listening();
    let days = range("2026-11-15".parse().unwrap(), "2026-11-28".parse().unwrap()).expect("a range");
    let overview = || moa.clients_overview(days, Comparison::Previous, ShownBasis::Net);

    let first = add_client(&moa, folder.path(), 1).await;
    let (for_one, _) = log.queries_of(overview()).await;
    let mut names = vec![first];
    for number in 2..=7 {
        names.push(add_client(&moa, folder.path(), number).await);
    }
    moa.add_client(&ClientInput { name: "새 광고주".to_owned(), currency: "KRW".to_owned(), vat_rate: "10".to_owned() })
        .await
        .expect("a new name");
    let (for_many, overview) = log.queries_of(overview()).await;
    let overview = overview.expect("an answer");
    assert!(for_one > 0 && for_one <= 6, "{for_one} questions for one client");
    assert_eq!(for_many, for_one, "questions for {} clients and for one", overview.clients.len());

    // The same figures as one client at a time.
    assert_eq!(overview.clients.len(), names.len() + 1);
    for row in &overview.clients {
        let question = KpiQuestion {
            client: Some(row.client.name.clone()),
            range: days,
            by: KpiBy::Total,
            comparison: Comparison::Previous,
            basis: Basis::Net,
            platforms: Vec::new(),
        };
        let alone = moa.kpi(&question).await.expect("an answer");
        let figures: Vec<_> = row.figures.iter().map(|figures| (figures.currency.clone(), figures.compared.clone())).collect();
        let expected: Vec<_> = alone.rows.into_iter().map(|row| (row.currency, row.figures, row.previous, row.change)).collect();
        assert_eq!(figures.len(), expected.len());
        for ((currency, compared), (of, now, previous, change)) in figures.into_iter().zip(expected) {
            assert_eq!((currency, compared.figures, compared.previous, compared.change), (of, now, previous, change));
        }
        let by_day = moa.kpi(&KpiQuestion { by: KpiBy::Day, comparison: Comparison::None, ..question }).await.expect("an answer");
        for figures in &row.figures {
            let expected: Vec<Option<String>> =
                by_day.rows.iter().filter(|day| day.currency == figures.currency).map(|day| Some(day.figures.cost.clone())).collect();
            assert_eq!(figures.daily_cost, expected);
        }
        let is_new = row.client.name == "새 광고주";
        assert_eq!(
            (row.first_day.as_deref(), row.last_day.as_deref()),
            if is_new { (None, None) } else { (Some("2026-11-01"), Some("2026-11-28")) }
        );
        assert_eq!(row.platforms, if is_new { Vec::<String>::new() } else { vec!["naver_ads".to_owned()] });
        assert_eq!(row.as_of.len(), row.platforms.len());
    }
}
