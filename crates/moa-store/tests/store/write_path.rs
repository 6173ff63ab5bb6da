use moa_domain::{DateRange, Dimension, Platform};
use moa_store::{GroupBy, SliceWrite, StoreError, Tally, WriteMode};

use crate::agency::{
    DOLLARS, WITH_VAT, account, assert_rollups, breakdown, daily_rows, date, day, days, file, finer, hour, number, on_each, range,
};

const KEYWORD: Dimension = Dimension::Keyword;

fn replace(campaigns: &[i32], range: DateRange, daily: Vec<moa_domain::DailyFact<i32>>) -> SliceWrite {
    SliceWrite { daily, mode: WriteMode::Replace { campaigns: campaigns.to_vec(), range, hours: false, dimensions: Vec::new() }, ..file() }
}

#[tokio::test]
async fn new_rows_then_a_restatement_then_zero() {
    on_each(async |database| {
        let a = account(&database.store, "한빛", Platform::NaverAds, 1).await;
        let mut sql = database.superuser().await;
        let write = |figures| days(vec![day(a.campaigns[0], "naver_search", "2026-11-02", figures)]);
        assert_eq!(a.write(&write([100, 10, 5000, 1, 20_000])).await.daily, Tally { new: 1, ..Tally::default() });
        assert_eq!(a.write(&write([100, 11, 5500, 2, 40_000])).await.daily, Tally { restated: 1, ..Tally::default() });
        assert_eq!(a.write(&write([0; 5])).await.daily, Tally { restated: 1, ..Tally::default() }, "a stated zero is a figure");
        assert_eq!(daily_rows(&mut sql).await, ["2026-11-02 캠페인 0 naver_search KRW 0 0 0 0 0"]);
        let revisions = database.store.revisions(a.client, range("2026-11-01", "2026-11-30")).await.expect("revisions");
        let told: Vec<String> = revisions.iter().map(|r| format!("{} {} {}", r.column, r.old, r.new)).collect();
        assert_eq!(
            told,
            [
                "clicks 10 11",
                "cost 5000 5500",
                "conversions 1 2",
                "revenue 20000 40000",
                "conversions_all 1 2",
                "revenue_all 20000 40000",
                "impressions 100 0",
                "clicks 11 0",
                "cost 5500 0",
                "conversions 2 0",
                "revenue 40000 0",
                "conversions_all 2 0",
                "revenue_all 40000 0",
            ]
        );
        assert!(revisions.iter().all(|r| r.source == "a.csv" && r.channel == "naver_search" && r.campaign_id == "100-0"));
        assert_rollups(&mut sql, "after zero").await;
    })
    .await;
}

#[tokio::test]
async fn only_finished_days_have_revisions() {
    on_each(async |database| {
        let a = account(&database.store, "한빛", Platform::NaverAds, 1).await;
        let write = |clicks| {
            let figures = [100, clicks, 5000, 0, 0];
            days(vec![day(a.campaigns[0], "naver_all", "2026-11-23", figures), day(a.campaigns[0], "naver_all", "2026-11-24", figures)])
        };
        a.write(&write(1)).await;
        a.write(&write(2)).await;
        let revisions = database.store.revisions(a.client, range("2026-11-01", "2026-11-30")).await.expect("revisions");
        let told: Vec<_> = revisions.iter().map(|r| (r.date, r.column.as_str())).collect();
        assert_eq!(told, [(date("2026-11-23"), "clicks")], "today is not finished");
    })
    .await;
}

#[tokio::test]
async fn a_file_never_deletes_and_a_gap_leaves_its_days() {
    on_each(async |database| {
        let a = account(&database.store, "한빛", Platform::NaverAds, 2).await;
        let mut sql = database.superuser().await;
        let (one, two) = (a.campaigns[0], a.campaigns[1]);
        let full = ["2026-11-01", "2026-11-02", "2026-11-03"].map(|on| day(one, "naver_all", on, [10, 1, 100, 0, 0]));
        a.write(&days([full.to_vec(), vec![day(two, "naver_all", "2026-11-02", [7, 0, 0, 0, 0])]].concat())).await;
        let outcome = a
            .write(&days(vec![
                day(one, "naver_all", "2026-11-01", [10, 1, 100, 0, 0]),
                day(one, "naver_all", "2026-11-03", [10, 2, 200, 0, 0]),
            ]))
            .await;
        assert_eq!(outcome.daily, Tally { new: 0, unchanged: 1, restated: 1 });
        assert_eq!(
            daily_rows(&mut sql).await,
            [
                "2026-11-01 캠페인 0 naver_all KRW 10 1 100 0 0",
                "2026-11-02 캠페인 0 naver_all KRW 10 1 100 0 0",
                "2026-11-02 캠페인 1 naver_all KRW 7 0 0 0 0",
                "2026-11-03 캠페인 0 naver_all KRW 10 2 200 0 0",
            ]
        );
    })
    .await;
}

#[tokio::test]
async fn a_full_answer_makes_absent_rows_zero_and_leaves_campaigns_that_were_not_asked() {
    on_each(async |database| {
        let a = account(&database.store, "한빛", Platform::GoogleAds, 2).await;
        let mut sql = database.superuser().await;
        let (asked, other) = (a.campaigns[0], a.campaigns[1]);
        let figures = [10, 1, 100, 0, 0];
        let mut first = days(vec![
            day(asked, "google_search", "2026-11-01", figures),
            day(asked, "google_search", "2026-11-02", figures),
            day(asked, "google_search", "2026-11-05", figures),
            day(other, "google_search", "2026-11-02", figures),
        ]);
        first.hourly = vec![hour(asked, "google_search", "2026-11-02", 9, figures), hour(other, "google_search", "2026-11-02", 9, figures)];
        first.breakdown = vec![finer(asked, "google_search", "2026-11-02", KEYWORD, "이불", figures)];
        a.write(&first).await;
        let window = range("2026-11-01", "2026-11-03");
        let answer = replace(&[asked], window, vec![day(asked, "google_search", "2026-11-01", figures)]);
        assert_eq!(a.write(&answer).await.daily, Tally { new: 0, unchanged: 1, restated: 1 });
        let left = [
            "2026-11-01 캠페인 0 google_search KRW 10 1 100 0 0",
            "2026-11-02 캠페인 1 google_search KRW 10 1 100 0 0",
            "2026-11-05 캠페인 0 google_search KRW 10 1 100 0 0",
        ];
        assert_eq!(daily_rows(&mut sql).await, left);
        assert_eq!(number(&mut sql, "select count(*) from metric_hourly").await, 1, "its hours are zero too, the other campaign's are not");
        assert_eq!(number(&mut sql, "select count(*) from breakdown_daily").await, 0, "and so is what is finer");
        let revisions = database.store.revisions(a.client, range("2026-11-01", "2026-11-30")).await.expect("revisions");
        let told: Vec<String> = revisions.iter().map(|r| format!("{} {} {} {}", r.date, r.column, r.old, r.new)).collect();
        assert_eq!(told, ["2026-11-02 impressions 10 0", "2026-11-02 clicks 1 0", "2026-11-02 cost 100 0"]);
        assert_eq!(a.write(&answer).await.daily, Tally { new: 0, unchanged: 1, restated: 0 });
        assert_eq!(daily_rows(&mut sql).await, left);
        assert_rollups(&mut sql, "after the answer").await;
    })
    .await;
}

#[tokio::test]
async fn an_amount_on_another_vat_basis_replaces_and_another_currency_stays() {
    on_each(async |database| {
        let a = account(&database.store, "한빛", Platform::GoogleAds, 1).await;
        let mut sql = database.superuser().await;
        let figures = [10, 1, 110, 0, 0];
        let of = |kind| days(vec![moa_domain::DailyFact { kind, ..day(a.campaigns[0], "google_search", "2026-11-02", figures) }]);
        a.write(&of(WITH_VAT)).await;
        a.write(&of(DOLLARS)).await;
        let net = days(vec![day(a.campaigns[0], "google_search", "2026-11-02", [10, 1, 100, 0, 0])]);
        assert_eq!(a.write(&net).await.daily, Tally { restated: 1, ..Tally::default() });
        assert_eq!(
            daily_rows(&mut sql).await,
            ["2026-11-02 캠페인 0 google_search KRW 10 1 100 0 0", "2026-11-02 캠페인 0 google_search USD 10 1 110 0 0"]
        );
        assert_eq!(number(&mut sql, "select count(*) from metric_revisions where reason = 2").await, 1);
        let rows = a.figures(GroupBy::Total, "2026-11-01", "2026-11-30").await;
        assert_eq!(rows.len(), 2, "two currencies are two rows: {rows:?}");
        assert_rollups(&mut sql, "after another basis").await;
    })
    .await;
}

#[tokio::test]
async fn a_key_that_stands_twice_is_refused_and_nothing_is_written() {
    on_each(async |database| {
        let a = account(&database.store, "한빛", Platform::GoogleAds, 1).await;
        let mut sql = database.superuser().await;
        let row = day(a.campaigns[0], "google_search", "2026-11-02", [1; 5]);
        let twice = [
            days(vec![row.clone(), row.clone()]),
            SliceWrite { hourly: vec![hour(a.campaigns[0], "google_search", "2026-11-02", 3, [1; 5]); 2], ..file() },
            breakdown(vec![finer(a.campaigns[0], "google_search", "2026-11-02", KEYWORD, "이불", [1; 5]); 2]),
        ];
        for slice in twice {
            assert!(matches!(a.try_write(&slice).await, Err(StoreError::DuplicateKey)));
        }
        for table in ["metric_daily", "metric_hourly", "breakdown_daily", "data_sync_logs where sync_type <> 'sql'"] {
            assert_eq!(number(&mut sql, &format!("select count(*) from {table}")).await, 0, "{table}");
        }
    })
    .await;
}

#[tokio::test]
async fn sums_that_cannot_be_stored_are_refused() {
    on_each(async |database| {
        let a = account(&database.store, "한빛", Platform::GoogleAds, 2).await;
        let mut sql = database.superuser().await;
        let huge = [i64::MAX / 2 + 1, 0, 0, 0, 0];
        let hours = |campaign, at: [u8; 2]| at.map(|at| hour(campaign, "google_search", "2026-11-02", at, huge)).to_vec();
        let too_large = [
            // One campaign's day as the sum of its hours.
            SliceWrite { hourly: hours(a.campaigns[0], [1, 2]), ..file() },
            // As the sum of its keywords.
            breakdown(["이불", "베개"].map(|name| finer(a.campaigns[0], "google_search", "2026-11-02", KEYWORD, name, huge)).to_vec()),
            // Two campaigns in a roll-up.
            days(a.campaigns.iter().map(|campaign| day(*campaign, "google_search", "2026-11-02", huge)).collect()),
        ];
        for slice in too_large {
            assert!(matches!(a.try_write(&slice).await, Err(StoreError::TooLarge)));
        }
        let mut loved = day(a.campaigns[0], "google_search", "2026-11-02", [1; 5]);
        loved.engagement.likes = i64::from(i32::MAX) + 1;
        assert!(matches!(a.try_write(&days(vec![loved])).await, Err(StoreError::TooLarge)));
        assert_eq!(number(&mut sql, "select count(*) from metric_daily").await, 0);
        a.write(&days(vec![day(a.campaigns[0], "google_search", "2026-11-02", huge)])).await;
        assert_eq!(a.total("2026-11-02", "2026-11-02").await.impressions, i64::MAX / 2 + 1, "alone it fits");
    })
    .await;
}

#[tokio::test]
async fn campaigns_of_another_account_are_refused() {
    on_each(async |database| {
        let a = account(&database.store, "한빛", Platform::GoogleAds, 1).await;
        let b = account(&database.store, "다온", Platform::MetaAds, 1).await;
        let stray = days(vec![day(b.campaigns[0], "google_search", "2026-11-02", [1; 5])]);
        assert!(matches!(a.try_write(&stray).await, Err(StoreError::Refused { .. })));
    })
    .await;
}

#[tokio::test]
async fn what_was_not_committed_leaves_nothing() {
    on_each(async |database| {
        let a = account(&database.store, "한빛", Platform::GoogleAds, 1).await;
        let mut sql = database.superuser().await;
        database.store.ensure_partitions(range("2026-11-01", "2026-11-30")).await.expect("a month");
        for ended in ["dropped", "rolled back"] {
            let mut tx = database.store.begin_write().await.expect("a transaction");
            tx.lock_account(a.id).await.expect("locked");
            let run = tx.start_run(a.id, "file", "a.csv").await.expect("a run");
            tx.write(&run, &days(vec![day(a.campaigns[0], "google_search", "2026-11-02", [1; 5])])).await.expect("written");
            if ended == "rolled back" {
                tx.rollback().await.expect("rolled back");
            }
        }
        for table in ["metric_daily", "roll_client_day", "roll_campaign_mtd", "data_sync_logs where sync_type <> 'sql'"] {
            assert_eq!(number(&mut sql, &format!("select count(*) from {table}")).await, 0, "{table}");
        }
    })
    .await;
}
