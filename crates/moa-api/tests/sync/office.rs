//! An office with a sandbox of platforms, a workspace of its own, and the way each platform tells the world's figures.

use std::collections::BTreeMap;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Days, NaiveDate, Utc};
use moa_api::dto::client::ClientInput;
use moa_api::dto::connection::{AccountChoice, SignedInDto, SyncAsk, SyncRunDto, SyncWhat};
use moa_api::dto::period::Comparison;
use moa_api::{ApiError, DatabaseAddress, DatabaseSource, KpiBy, KpiQuestion, KpiRow, Moa, MoaOptions, NewKeys};
use moa_domain::calendar::DateRange;
use moa_domain::ports::FixedClock;
use moa_domain::{Basis, Millionths};
use moa_sandbox::world::{self, Campaign, Counts, World};
use moa_sandbox::{Sandbox, browser, google, kakao, meta, naver};
use moa_testing::{TestDatabase, TestSealer};
use moa_text::Lang;
use tempfile::TempDir;
use tokio_util::sync::CancellationToken;

/// Noon in Seoul.
const NOW: &str = "2026-11-22T03:00:00Z";
pub(crate) const CLIENT: &str = "한빛침구";

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

/// A platform as the tests see it: its account, and how it tells a campaign's counts.
#[derive(Clone, Copy)]
pub(crate) struct Telling {
    pub(crate) platform: &'static str,
    /// The basis that gives the amounts as the platform has them.
    pub(crate) basis: Basis,
    tell: fn(&World, &Campaign, NaiveDate, Counts) -> Counts,
}

pub(crate) const NAVER: Telling = Telling { platform: "naver_ads", basis: Basis::Gross, tell: naver_tells };

pub(crate) const GOOGLE: Telling = Telling { platform: "google_ads", basis: Basis::Net, tell: |_, _, _, counts| counts };

pub(crate) const KAKAO: Telling = Telling { platform: "kakao", basis: Basis::Net, tell: |_, _, _, counts| counts };

pub(crate) const META: Telling = Telling { platform: "meta_ads", basis: Basis::Net, tell: meta_tells };

/// Leads are what counts for a campaign for leads.
fn meta_tells(_: &World, campaign: &Campaign, _: NaiveDate, counts: Counts) -> Counts {
    if campaign.kind == "OUTCOME_LEADS" { Counts { purchases: 0, ..counts } } else { counts }
}

/// Brand search is paid by contract.
fn naver_tells(world: &World, campaign: &Campaign, date: NaiveDate, counts: Counts) -> Counts {
    Counts { cost: naver::cost_of_day(world, campaign, date, counts), ..counts }
}

const ENDPOINTS: &str = "endpoints.toml";

async fn program(database: &TestDatabase, folder: &std::path::Path) -> Moa {
    Moa::open(MoaOptions {
        database: Arc::new(Fixed(database.url.clone())),
        clock: Arc::new(FixedClock(NOW.parse().expect("a time"))),
        fonts: folder.to_owned(),
        reports_folder: folder.to_owned(),
        door: "tests",
        max_connections: 8,
        sealer: Arc::new(TestSealer::default()),
        endpoints: Some(folder.join(ENDPOINTS)),
    })
    .await
    .expect("the database is there")
}

pub(crate) struct Office {
    pub(crate) moa: Moa,
    pub(crate) sandbox: Sandbox,
    pub(crate) database: TestDatabase,
    pub(crate) client_id: i32,
    pub(crate) folder: TempDir,
}

impl Office {
    pub(crate) async fn open() -> Self {
        let now: DateTime<Utc> = NOW.parse().expect("a time");
        let sandbox = Sandbox::start(World::agency(11, now), 0).await.expect("a free port");
        let database = moa_testing::database().await;
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::write(folder.path().join(ENDPOINTS), sandbox.endpoints_file(200)).expect("a file");
        let moa = program(&database, folder.path()).await;
        let input = ClientInput { name: CLIENT.to_owned(), currency: "KRW".to_owned(), vat_rate: "10".to_owned() };
        let client_id = moa.add_client(&input).await.expect("a client").id;
        Self { moa, sandbox, database, client_id, folder }
    }

    /// Another program on the same database, with connections of its own.
    pub(crate) async fn another_program(&self) -> Moa {
        program(&self.database, self.folder.path()).await
    }

    pub(crate) fn keys(&self, customers: &[&str]) -> NewKeys {
        NewKeys {
            customers: customers.iter().map(|number| (*number).to_owned()).collect(),
            license: naver::LICENSE.to_owned(),
            secret: naver::SECRET.into(),
        }
    }

    /// Connects every account of a login to the one client.
    pub(crate) async fn connect(&self, signed_in: &SignedInDto) {
        let choices: Vec<AccountChoice> = signed_in
            .accounts
            .iter()
            .map(|account| AccountChoice { account_id: account.account_id.clone(), client_id: self.client_id })
            .collect();
        let connected = self.moa.connect_accounts(&signed_in.id, &choices, None).await.expect("connected");
        assert_eq!(connected.accounts.len(), choices.len());
    }

    pub(crate) async fn with_naver() -> Self {
        let office = Self::open().await;
        let signed_in = office.moa.sign_in_with_keys("naver_ads", office.keys(&["3100001", "3100002"])).await.expect("signed in");
        office.connect(&signed_in).await;
        office
    }

    /// The account in won of a Google login, signed in with the browser.
    pub(crate) async fn with_google() -> Self {
        let office = Self::open().await;
        office.moa.set_app("google_ads", google::CLIENT_ID, Some(google::CLIENT_SECRET.into())).await.expect("an app");
        let signed_in = office.sign_in("google_ads").await.expect("signed in");
        office.connect_only(&signed_in, &["6120034477"]).await;
        office
    }

    pub(crate) async fn with_kakao() -> Self {
        let office = Self::open().await;
        office.moa.set_app("kakao", kakao::CLIENT_ID, Some(kakao::CLIENT_SECRET.into())).await.expect("an app");
        let signed_in = office.sign_in("kakao").await.expect("signed in");
        office.connect(&signed_in).await;
        office
    }

    /// With a token that was made at the platform.
    pub(crate) async fn with_meta() -> Self {
        let office = Self::open().await;
        let signed_in = office.moa.sign_in_with_token("meta_ads", meta::SYSTEM_TOKEN.into()).await.expect("signed in");
        office.connect(&signed_in).await;
        office
    }

    /// A person whose browser follows the platform.
    pub(crate) async fn sign_in(&self, platform: &str) -> Result<SignedInDto, ApiError> {
        let sandbox = self.sandbox.origin();
        let told = move |address: &str| {
            let (address, sandbox) = (address.to_owned(), sandbox.clone());
            tokio::spawn(async move { browser::sign_in(&address, &sandbox).await });
        };
        self.moa.sign_in(platform, Lang::Ko, Duration::from_secs(20), &told).await
    }

    pub(crate) async fn connect_only(&self, signed_in: &SignedInDto, accounts: &[&str]) {
        let choice = |id: &&str| AccountChoice { account_id: (*id).to_owned(), client_id: self.client_id };
        let choices: Vec<AccountChoice> = accounts.iter().map(choice).collect();
        let connected = self.moa.connect_accounts(&signed_in.id, &choices, None).await.expect("connected");
        assert_eq!(connected.accounts.len(), choices.len());
    }

    pub(crate) async fn try_sync(&self, ask: &SyncAsk) -> Vec<SyncRunDto> {
        self.moa.sync(ask, &CancellationToken::new(), &|_| ()).await.expect("the database answers")
    }

    pub(crate) async fn sync(&self, ask: &SyncAsk) -> Vec<SyncRunDto> {
        let runs = self.try_sync(ask).await;
        assert!(!runs.is_empty() && runs.iter().all(|run| run.status == "success"), "{runs:#?}");
        runs
    }

    /// Rows by the text of a key.
    pub(crate) async fn kpi(&self, telling: &Telling, range: DateRange, by: KpiBy, key: &str) -> BTreeMap<String, KpiRow> {
        let question = KpiQuestion {
            client: Some(CLIENT.to_owned()),
            range,
            by,
            comparison: Comparison::None,
            basis: telling.basis,
            platforms: vec![telling.platform.parse().expect("a platform")],
        };
        let rows = self.moa.kpi(&question).await.expect("the database answers").rows;
        let named = |row: &KpiRow| row.keys.get(key).map(|value| value.as_str().map_or_else(|| value.to_string(), str::to_owned));
        rows.into_iter().filter_map(|row| Some((named(&row)?, row))).collect()
    }

    pub(crate) fn accounts(&self, telling: &Telling) -> Vec<&world::Account> {
        self.sandbox.world.of_platform(telling.platform).into_iter().filter(|account| account.currency == "KRW").collect()
    }

    /// What the platform tells of a campaign's day, over all its places.
    pub(crate) fn told(&self, telling: &Telling, account: &world::Account, campaign: &Campaign, date: NaiveDate) -> Counts {
        let mut sum = Counts::default();
        for place in &campaign.places {
            sum += (telling.tell)(&self.sandbox.world, campaign, date, self.sandbox.world.day(account, campaign, place, date));
        }
        sum
    }

    /// Stored figures of every day and campaign of the range are what the platform tells.
    pub(crate) async fn assert_equal(&self, telling: &Telling, range: DateRange) {
        let of_days = self.kpi(telling, range, KpiBy::Day, "date").await;
        for date in range.iter() {
            let mut told = Counts::default();
            for account in self.accounts(telling) {
                for campaign in &account.campaigns {
                    told += self.told(telling, account, campaign, date);
                }
            }
            same(of_days.get(&date.to_string()), told, &date.to_string());
        }
        let of_campaigns = self.kpi(telling, range, KpiBy::Campaign, "campaign_id").await;
        for account in self.accounts(telling) {
            for campaign in &account.campaigns {
                let mut told = Counts::default();
                range.iter().for_each(|date| told += self.told(telling, account, campaign, date));
                same(of_campaigns.get(&campaign.id), told, &campaign.id);
            }
        }
    }
}

/// A stored row is what was told; no row is nothing.
fn same(row: Option<&KpiRow>, told: Counts, what: &str) {
    let stored = row.map(|row| {
        let figures = &row.figures;
        let whole = |text: &Option<String>| text.clone().unwrap_or_default();
        (figures.impressions.clone(), figures.clicks.clone(), figures.cost.clone(), whole(&figures.conversions), whole(&figures.revenue))
    });
    let text = |number: i64| Millionths::from_whole(number).to_string();
    let expected = (text(told.impressions), text(told.clicks), text(told.cost), text(told.purchases), text(told.purchase_value));
    match stored {
        Some(stored) => assert_eq!(stored, expected, "{what}"),
        None => assert_eq!(told.impressions, 0, "{what} is missing"),
    }
}

pub(crate) fn day(text: &str) -> NaiveDate {
    text.parse().expect("a day")
}

pub(crate) fn days(from: &str, to: &str) -> DateRange {
    DateRange::new(day(from), day(to)).expect("forward")
}

/// The days of a morning at the sandbox's date: the longest look-back is Google's.
pub(crate) fn last_days(count: u64) -> DateRange {
    let yesterday = day("2026-11-21");
    DateRange { from: yesterday - Days::new(count - 1), to: yesterday }
}

pub(crate) fn morning() -> SyncAsk {
    SyncAsk::default()
}

pub(crate) fn range_of(range: DateRange) -> SyncAsk {
    SyncAsk { what: SyncWhat::Range, from: Some(range.from.to_string()), to: Some(range.to.to_string()), ..SyncAsk::default() }
}
