//! The write path on a restated month: daily and hourly rows of which 17.7 % changed, beside what Postgres can do at most.

use bytes::{BufMut, BytesMut};
use chrono::NaiveDate;
use moa_domain::{
    CampaignKey, ChannelCode, Counts, Currency, DailyFact, DateRange, Engagement, HourlyFact, Millionths, MoneyKind, Platform, VatBasis,
};
use moa_store::{CampaignSpec, NewAccount, NewClient, SliceWrite, WriteMode, WriteOutcome};
use serde_json::json;
use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection};

use crate::Outcome;
use crate::agency::last;
use crate::cpu::{Stopwatch, Taken};
use crate::server::Server;

const DAYS: u64 = 28;
const ROWS_PER_CAMPAIGN: usize = 28 * 25;
/// Hours of a thousand. With the days they change, 17.7 % of all rows.
const CHANGED: u64 = 143;

pub(crate) async fn run(rows: usize) -> Outcome {
    let server = Server::start().await?;
    let campaigns = rows.div_ceil(ROWS_PER_CAMPAIGN);
    let rows = campaigns * ROWS_PER_CAMPAIGN;
    let ids = account_with_campaigns(&server, campaigns).await?;
    server.store.ensure_partitions(last(DAYS)).await?;

    let first = write(&server, &ids, 0).await?;
    tell("first load", rows, &first.0, &first.1);
    let again = write(&server, &ids, 0).await?;
    tell("the same again", rows, &again.0, &again.1);
    let restated = write(&server, &ids, 1).await?;
    tell("restated", rows, &restated.0, &restated.1);

    let mut admin = server.admin().await?;
    for (name, indexed) in [("raw binary COPY", false), ("COPY + upsert", true)] {
        let taken = floor(&mut admin, &server, &ids, last(DAYS), indexed).await?;
        println!(
            "{}",
            json!({ "bench": "writes", "case": name, "rows": rows, "cpu_s": taken.cpu_s(), "server_cpu_s": taken.server_cpu_s, "wall_s": taken.wall_s })
        );
    }
    admin.close().await?;
    server.stop()
}

fn tell(case: &str, rows: usize, taken: &Taken, outcome: &WriteOutcome) {
    let tally = |tally: moa_store::Tally| json!({ "new": tally.new, "unchanged": tally.unchanged, "restated": tally.restated });
    println!(
        "{}",
        json!({ "bench": "writes", "case": case, "rows": rows, "cpu_s": taken.cpu_s(), "server_cpu_s": taken.server_cpu_s,
            "wall_s": taken.wall_s, "daily": tally(outcome.daily), "hourly": tally(outcome.hourly) })
    );
}

async fn account_with_campaigns(server: &Server, campaigns: usize) -> Outcome<Vec<i32>> {
    let client = server
        .store
        .add_client(NewClient {
            name: "한빛".to_owned(), currency: Currency::KRW, vat_rate: Millionths::from_whole(10), is_sample: false
        })
        .await?;
    let mut tx = server.store.begin_write().await?;
    let account = tx
        .ensure_account(&NewAccount {
            client_id: client.id,
            platform: Platform::GoogleAds,
            account_id: "1".to_owned(),
            account_name: None,
            currency: Some(Currency::KRW),
            vat: Some(VatBasis::Excluded),
            vat_rate: None,
            time_zone: None,
            file_only: false,
        })
        .await?;
    let specs: Vec<CampaignSpec> = (0..campaigns)
        .map(|number| CampaignSpec {
            key: CampaignKey { id: Some(format!("{}", 7_000_000 + number)), name: Some(format!("캠페인 {number}")) },
            ..CampaignSpec::default()
        })
        .collect();
    let ids = tx.ensure_campaigns(account.id, &Platform::GoogleAds, &specs).await?;
    tx.commit().await?;
    Ok(ids)
}

/// One sync of the window, from rows in memory to the commit.
async fn write(server: &Server, ids: &[i32], version: u64) -> Outcome<(Taken, WriteOutcome)> {
    let (daily, hourly) = facts(ids, version);
    let range = last(DAYS);
    let slice = SliceWrite {
        daily,
        hourly,
        breakdown: Vec::new(),
        measures: moa_domain::Measures::ALL,
        mode: WriteMode::Replace { campaigns: ids.to_vec(), range, hours: true, dimensions: Vec::new() },
        today: range.to + chrono::Days::new(1),
    };
    let (account,): (i32,) = sqlx::query_as("select id from marketing_accounts limit 1").fetch_one(&mut server.admin().await?).await?;
    let watch = Stopwatch::start(server.postmaster);
    let mut tx = server.store.begin_write().await?;
    tx.lock_account(account).await?;
    let run = tx.start_run(account, "incremental", "bench").await?;
    let outcome = tx.write(&run, &slice).await?;
    tx.finish_run(&run, &outcome).await?;
    tx.commit().await?;
    Ok((watch.read(), outcome))
}

fn facts(ids: &[i32], version: u64) -> (Vec<DailyFact<i32>>, Vec<HourlyFact<i32>>) {
    let kind = MoneyKind::new(Currency::KRW, VatBasis::Excluded, 10);
    let channel = ChannelCode::new("google_search");
    let (mut daily, mut hourly) = (Vec::new(), Vec::with_capacity(ids.len() * 28 * 24));
    for date in last(DAYS).iter() {
        for id in ids {
            let mut day = Counts::default();
            for hour in 0..24 {
                let counts = counts_of(*id, date, hour, version);
                day += counts;
                hourly.push(HourlyFact { campaign: *id, channel: channel.clone(), kind, date, hour, counts, conversions_known: true });
            }
            daily.push(DailyFact {
                campaign: *id,
                channel: channel.clone(),
                kind,
                date,
                counts: day,
                engagement: Engagement::default(),
                reach: None,
            });
        }
    }
    (daily, hourly)
}

fn counts_of(id: i32, date: NaiveDate, hour: u8, version: u64) -> Counts {
    let seed = (u64::from(id.unsigned_abs()) << 24) ^ (u64::from(date.to_epoch_days().unsigned_abs()) << 5) ^ u64::from(hour);
    let dice = mixed(seed);
    let changed = version > 0 && dice % 1000 < CHANGED;
    let clicks = i64::try_from(dice >> 8 & 63).unwrap_or(0) + i64::from(changed);
    Counts {
        impressions: clicks * 40 + 7,
        clicks,
        cost: Millionths::from_whole(clicks * 430),
        conversions: Millionths(clicks * 30_000),
        revenue: Millionths::from_whole(clicks * 900),
        conversions_all: Millionths(clicks * 40_000),
        revenue_all: Millionths::from_whole(clicks * 900),
    }
}

/// SplitMix64's mixing step.
fn mixed(seed: u64) -> u64 {
    let mut z = seed.wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// The same rows without Moa: into a bare table, or staged and upserted into an indexed one that holds them already.
pub(crate) async fn floor(admin: &mut PgConnection, server: &Server, ids: &[i32], range: DateRange, indexed: bool) -> Outcome<Taken> {
    let columns =
        "date date, campaign_id integer, hour smallint, channel_id integer, money_kind_id integer, impressions bigint, clicks bigint,
      cost bigint, conversions bigint, revenue bigint, conversions_all bigint, revenue_all bigint";
    admin.execute(AssertSqlSafe(format!("drop table if exists bench_rows; create table bench_rows ({columns})"))).await?;
    if indexed {
        copy(admin, "bench_rows", ids, range, 0).await?;
        admin.execute("create unique index on bench_rows (campaign_id, date, hour, channel_id, money_kind_id)").await?;
        admin.execute("vacuum analyze bench_rows").await?;
    }
    let watch = Stopwatch::start(server.postmaster);
    let mut tx = admin.begin().await?;
    if indexed {
        tx.execute(AssertSqlSafe(format!("create temp table bench_staged ({columns}) on commit drop"))).await?;
        copy(&mut tx, "bench_staged", ids, range, 1).await?;
        tx.execute(
            "insert into bench_rows select * from bench_staged on conflict (campaign_id, date, hour, channel_id, money_kind_id)
             do update set impressions = excluded.impressions, clicks = excluded.clicks, cost = excluded.cost, conversions = excluded.conversions,
               revenue = excluded.revenue, conversions_all = excluded.conversions_all, revenue_all = excluded.revenue_all",
        )
        .await?;
    } else {
        copy(&mut tx, "bench_rows", ids, range, 1).await?;
    }
    tx.commit().await?;
    Ok(watch.read())
}

async fn copy(connection: &mut PgConnection, table: &str, ids: &[i32], range: DateRange, version: u64) -> Outcome {
    let mut bytes = BytesMut::with_capacity(1 << 17);
    bytes.put_slice(b"PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0");
    let mut sink = connection.copy_in_raw(&format!("copy {table} from stdin (format binary)")).await?;
    for date in range.iter() {
        let day = i32::try_from((date - NaiveDate::from_ymd_opt(2000, 1, 1).unwrap_or_default()).num_days())?;
        for id in ids {
            for hour in 0..25_i16 {
                let counts = counts_of(*id, date, u8::try_from(hour)?, version);
                bytes.put_i16(12);
                for value in [day, *id] {
                    bytes.put_i32(4);
                    bytes.put_i32(value);
                }
                bytes.put_i32(2);
                bytes.put_i16(hour);
                for value in [1_i32, 1] {
                    bytes.put_i32(4);
                    bytes.put_i32(value);
                }
                let Counts { impressions, clicks, cost, conversions, revenue, conversions_all, revenue_all } = counts;
                for value in [impressions, clicks, cost.0, conversions.0, revenue.0, conversions_all.0, revenue_all.0] {
                    bytes.put_i32(8);
                    bytes.put_i64(value);
                }
            }
            if bytes.len() >= 1 << 16 {
                sink.send(bytes.split().freeze().as_ref()).await?;
            }
        }
    }
    bytes.put_i16(-1);
    sink.send(bytes.freeze().as_ref()).await?;
    sink.finish().await?;
    Ok(())
}
