//! A client with an ad account and campaigns, and short words for rows.

use moa_domain::{
    BreakdownFact, CampaignKey, ChannelCode, Counts, Currency, DailyFact, DateRange, Dimension, Engagement, HourlyFact, Measures,
    Millionths, MoneyKind, Platform, VatBasis,
};
use moa_store::{
    CampaignSpec, GroupBy, GroupRow, NewAccount, NewClient, Question, Scope, SliceWrite, Store, StoreError, WriteMode, WriteOutcome,
};
use moa_testing::TestDatabase;
use sqlx::{AssertSqlSafe, PgConnection};

pub(crate) const NET: MoneyKind = MoneyKind::new(Currency::KRW, VatBasis::Excluded, 10);
pub(crate) const WITH_VAT: MoneyKind = MoneyKind::new(Currency::KRW, VatBasis::Included, 10);
pub(crate) const DOLLARS: MoneyKind = MoneyKind::new(Currency::USD, VatBasis::Excluded, 10);

pub(crate) const TRAFFIC: Measures = Measures {
    impressions: true,
    clicks: true,
    cost: true,
    conversions: false,
    revenue: false,
    conversions_all: false,
    revenue_all: false,
    engagement: false,
    reach: false,
};
pub(crate) const CONVERSIONS: Measures = Measures {
    impressions: false,
    clicks: false,
    cost: false,
    conversions: true,
    revenue: true,
    conversions_all: true,
    revenue_all: true,
    engagement: false,
    reach: false,
};

pub(crate) fn date(text: &str) -> chrono::NaiveDate {
    text.parse().expect("a date")
}

pub(crate) fn range(from: &str, to: &str) -> DateRange {
    DateRange { from: date(from), to: date(to) }
}

/// Impressions, clicks, cost, conversions and revenue, the last three in whole units.
pub(crate) fn counts([impressions, clicks, cost, conversions, revenue]: [i64; 5]) -> Counts {
    let (conversions, revenue) = (Millionths::from_whole(conversions), Millionths::from_whole(revenue));
    Counts {
        impressions,
        clicks,
        cost: Millionths::from_whole(cost),
        conversions,
        revenue,
        conversions_all: conversions,
        revenue_all: revenue,
    }
}

pub(crate) fn day(campaign: i32, channel: &str, on: &str, figures: [i64; 5]) -> DailyFact<i32> {
    DailyFact {
        campaign,
        channel: ChannelCode::new(channel),
        kind: NET,
        date: date(on),
        counts: counts(figures),
        engagement: Engagement::default(),
        reach: None,
    }
}

pub(crate) fn hour(campaign: i32, channel: &str, on: &str, hour: u8, figures: [i64; 5]) -> HourlyFact<i32> {
    HourlyFact {
        campaign,
        channel: ChannelCode::new(channel),
        kind: NET,
        date: date(on),
        hour,
        counts: counts(figures),
        conversions_known: true,
    }
}

pub(crate) fn finer(campaign: i32, channel: &str, on: &str, dimension: Dimension, name: &str, figures: [i64; 5]) -> BreakdownFact<i32> {
    BreakdownFact {
        campaign,
        channel: ChannelCode::new(channel),
        kind: NET,
        date: date(on),
        dimension,
        parent: None,
        name: name.to_owned(),
        counts: counts(figures),
    }
}

/// A file that says everything; the rest is filled in by the test.
pub(crate) fn file() -> SliceWrite {
    SliceWrite {
        daily: Vec::new(),
        hourly: Vec::new(),
        breakdown: Vec::new(),
        measures: Measures::ALL,
        mode: WriteMode::File,
        today: date("2026-11-24"),
    }
}

pub(crate) fn days(daily: Vec<DailyFact<i32>>) -> SliceWrite {
    SliceWrite { daily, ..file() }
}

pub(crate) fn hours(hourly: Vec<HourlyFact<i32>>) -> SliceWrite {
    SliceWrite { hourly, ..file() }
}

pub(crate) fn breakdown(breakdown: Vec<BreakdownFact<i32>>) -> SliceWrite {
    SliceWrite { breakdown, ..file() }
}

/// Everything a client's account needs to be written to.
pub(crate) struct Account {
    pub(crate) store: Store,
    pub(crate) client: i32,
    pub(crate) id: i32,
    pub(crate) campaigns: Vec<i32>,
}

pub(crate) async fn client(store: &Store, name: &str) -> i32 {
    let new = NewClient { name: name.to_owned(), currency: Currency::KRW, vat_rate: Millionths::from_whole(10), is_sample: false };
    store.add_client(new).await.expect("a client").id
}

pub(crate) fn account_of(client_id: i32, platform: Platform, account_id: &str) -> NewAccount {
    NewAccount {
        client_id,
        platform,
        account_id: account_id.to_owned(),
        account_name: Some(format!("계정 {account_id}")),
        currency: None,
        vat: None,
        vat_rate: None,
        time_zone: None,
        file_only: true,
    }
}

/// An account with `campaigns` campaigns, for a client of that name.
pub(crate) async fn account(store: &Store, client_name: &str, platform: Platform, campaigns: usize) -> Account {
    let client = client(store, client_name).await;
    second_account(store, client, platform, "100", campaigns).await
}

pub(crate) async fn second_account(store: &Store, client: i32, platform: Platform, account_id: &str, campaigns: usize) -> Account {
    let mut tx = store.begin_write().await.expect("a transaction");
    let id = tx.ensure_account(&account_of(client, platform.clone(), account_id)).await.expect("an account").id;
    let specs: Vec<CampaignSpec> = (0..campaigns)
        .map(|number| CampaignSpec {
            key: CampaignKey { id: Some(format!("{account_id}-{number}")), name: Some(format!("캠페인 {number}")) },
            ..CampaignSpec::default()
        })
        .collect();
    let campaigns = tx.ensure_campaigns(id, &platform, &specs).await.expect("campaigns");
    tx.commit().await.expect("committed");
    Account { store: store.clone(), client, id, campaigns }
}

impl Account {
    pub(crate) async fn write(&self, slice: &SliceWrite) -> WriteOutcome {
        self.try_write(slice).await.expect("written")
    }

    pub(crate) async fn try_write(&self, slice: &SliceWrite) -> Result<WriteOutcome, StoreError> {
        let dates: Vec<chrono::NaiveDate> = (slice.daily.iter().map(|fact| fact.date))
            .chain(slice.hourly.iter().map(|fact| fact.date))
            .chain(slice.breakdown.iter().map(|fact| fact.date))
            .collect();
        if let (Some(from), Some(to)) = (dates.iter().min(), dates.iter().max()) {
            self.store.ensure_partitions(DateRange { from: *from, to: *to }).await?;
        }
        let mut tx = self.store.begin_write().await?;
        tx.lock_account(self.id).await?;
        let run = tx.start_run(self.id, "file", "a.csv").await?;
        let outcome = tx.write(&run, slice).await?;
        tx.finish_run(&run, &outcome).await?;
        tx.commit().await?;
        Ok(outcome)
    }

    pub(crate) async fn figures(&self, by: GroupBy, from: &str, to: &str) -> Vec<GroupRow> {
        self.store.figures(&question(Scope::Client(self.client), by, from, to)).await.expect("figures")
    }

    /// The only row of the totals.
    pub(crate) async fn total(&self, from: &str, to: &str) -> Counts {
        let rows = self.figures(GroupBy::Total, from, to).await;
        assert_eq!(rows.len(), 1, "{rows:?}");
        rows[0].counts
    }
}

pub(crate) fn question(scope: Scope, by: GroupBy, from: &str, to: &str) -> Question {
    Question { scope, range: range(from, to), by, platforms: Vec::new(), channels: Vec::new(), campaign: None }
}

/// Daily rows as text, in order: day, campaign, channel, currency and VAT, impressions, clicks, cost, conversions, revenue.
pub(crate) async fn daily_rows(connection: &mut PgConnection) -> Vec<String> {
    texts(
        connection,
        "select format('%s %s %s %s%s %s %s %s %s %s', m.date, k.campaign_name, c.name, trim(d.currency), case when d.vat_included then '+vat' end,
                m.impressions, m.clicks, m.cost / 1000000, m.conversions / 1000000, m.revenue / 1000000)
         from metric_daily m join campaigns k on k.id = m.campaign_id join channels c on c.id = m.channel_id join money_kinds d on d.id = m.money_kind_id
         order by m.date, k.campaign_name, c.name, d.currency, d.vat_included",
    )
    .await
}

/// The first column of every row.
pub(crate) async fn texts(connection: &mut PgConnection, sql: &str) -> Vec<String> {
    let rows: Vec<(String,)> =
        sqlx::query_as(AssertSqlSafe(sql.to_owned())).fetch_all(connection).await.unwrap_or_else(|error| panic!("{sql}: {error}"));
    rows.into_iter().map(|(text,)| text).collect()
}

pub(crate) async fn number(connection: &mut PgConnection, sql: &str) -> i64 {
    let (number,): (i64,) =
        sqlx::query_as(AssertSqlSafe(sql.to_owned())).fetch_one(connection).await.unwrap_or_else(|error| panic!("{sql}: {error}"));
    number
}

pub(crate) async fn run(connection: &mut PgConnection, sql: &str) {
    sqlx::raw_sql(AssertSqlSafe(sql.to_owned())).execute(connection).await.unwrap_or_else(|error| panic!("{sql}: {error}"));
}

/// The server's own word on what it refused.
pub(crate) async fn refusal(connection: &mut PgConnection, sql: &str) -> String {
    match sqlx::raw_sql(AssertSqlSafe(sql.to_owned())).execute(connection).await {
        Ok(_) => panic!("{sql} was allowed"),
        Err(sqlx::Error::Database(error)) => error.message().to_owned(),
        Err(error) => panic!("{sql}: {error}"),
    }
}

/// Every figure of every metric table and roll-up with the transaction that wrote it: equal before and after means nothing was written.
pub(crate) async fn versions(connection: &mut PgConnection) -> Vec<String> {
    let mut all = Vec::new();
    for table in FIGURES {
        all.extend(texts(connection, &format!("select '{table} ' || xmin::text || ' ' || t::text from {table} t order by 1")).await);
    }
    all
}

pub(crate) const FIGURES: [&str; 10] = [
    "metric_daily",
    "metric_hourly",
    "breakdown_entities",
    "breakdown_daily",
    "metric_revisions",
    "roll_client_day",
    "roll_agency_day",
    "roll_client_hour",
    "roll_agency_hour",
    "roll_campaign_mtd",
];

/// Every roll-up equals a fresh aggregate of the base tables.
pub(crate) async fn assert_rollups(connection: &mut PgConnection, after: &str) {
    for (table, fresh) in FRESH {
        let differing = texts(
            connection,
            &format!(
                "with fresh as ({fresh}), kept as (select to_jsonb(t)::text as row from {table} t), wanted as (select to_jsonb(t)::text as row from fresh t)
                 (select 'missing ' || row from (select * from wanted except all select * from kept) a)
                 union all (select 'extra ' || row from (select * from kept except all select * from wanted) b) order by 1"
            ),
        )
        .await;
        assert!(differing.is_empty(), "{table} {after}: {differing:#?}");
    }
}

const FRESH: [(&str, &str); 5] = [
    (
        "roll_client_day",
        "select a.client_id, m.channel_id, m.money_kind_id, m.date, sum(impressions)::bigint as impressions, sum(clicks)::bigint as clicks,
                sum(cost)::bigint as cost, sum(conversions)::bigint as conversions, sum(revenue)::bigint as revenue,
                sum(conversions_all)::bigint as conversions_all, sum(revenue_all)::bigint as revenue_all
         from metric_daily m join campaigns k on k.id = m.campaign_id join marketing_accounts a on a.id = k.marketing_account_id group by 1, 2, 3, 4",
    ),
    (
        "roll_agency_day",
        "select m.channel_id, m.money_kind_id, m.date, sum(impressions)::bigint as impressions, sum(clicks)::bigint as clicks,
                sum(cost)::bigint as cost, sum(conversions)::bigint as conversions, sum(revenue)::bigint as revenue,
                sum(conversions_all)::bigint as conversions_all, sum(revenue_all)::bigint as revenue_all
         from metric_daily m join campaigns k on k.id = m.campaign_id join marketing_accounts a on a.id = k.marketing_account_id
         join clients c on c.id = a.client_id and c.removed_at is null group by 1, 2, 3",
    ),
    (
        "roll_client_hour",
        "select a.client_id, m.money_kind_id, m.date, m.hour, sum(impressions)::bigint as impressions, sum(clicks)::bigint as clicks,
                sum(cost)::bigint as cost, case when bool_and(conversions is not null) then sum(conversions)::bigint end as conversions,
                case when bool_and(revenue is not null) then sum(revenue)::bigint end as revenue,
                case when bool_and(conversions_all is not null) then sum(conversions_all)::bigint end as conversions_all,
                case when bool_and(revenue_all is not null) then sum(revenue_all)::bigint end as revenue_all
         from metric_hourly m join campaigns k on k.id = m.campaign_id join marketing_accounts a on a.id = k.marketing_account_id group by 1, 2, 3, 4",
    ),
    (
        "roll_agency_hour",
        "select m.money_kind_id, m.date, m.hour, sum(impressions)::bigint as impressions, sum(clicks)::bigint as clicks,
                sum(cost)::bigint as cost, case when bool_and(conversions is not null) then sum(conversions)::bigint end as conversions,
                case when bool_and(revenue is not null) then sum(revenue)::bigint end as revenue,
                case when bool_and(conversions_all is not null) then sum(conversions_all)::bigint end as conversions_all,
                case when bool_and(revenue_all is not null) then sum(revenue_all)::bigint end as revenue_all
         from metric_hourly m join campaigns k on k.id = m.campaign_id join marketing_accounts a on a.id = k.marketing_account_id
         join clients c on c.id = a.client_id and c.removed_at is null group by 1, 2, 3",
    ),
    (
        "roll_campaign_mtd",
        "select g.d::date as date, f.campaign_id, f.money_kind_id, count(distinct m.date)::integer as days, sum(impressions)::bigint as impressions,
                sum(clicks)::bigint as clicks, sum(cost)::bigint as cost, sum(conversions)::bigint as conversions, sum(revenue)::bigint as revenue,
                sum(conversions_all)::bigint as conversions_all, sum(revenue_all)::bigint as revenue_all
         from (select campaign_id, money_kind_id, date_trunc('month', date)::date as month, min(date) as first from metric_daily group by 1, 2, 3) f
         cross join lateral generate_series(f.first, f.month + interval '1 month' - interval '1 day', interval '1 day') g (d)
         join metric_daily m on m.campaign_id = f.campaign_id and m.money_kind_id = f.money_kind_id and m.date between f.month and g.d
         group by 1, 2, 3",
    ),
];

/// A test runs on every server, each with a database of its own.
pub(crate) async fn on_each<F: AsyncFn(&TestDatabase)>(test: F) {
    for database in moa_testing::databases().await {
        test(&database).await;
        database.finish().await;
    }
}
