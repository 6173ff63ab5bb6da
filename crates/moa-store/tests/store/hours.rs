use moa_domain::{HourlyFact, Platform};
use moa_store::{GroupBy, SliceWrite, Tally};

use crate::agency::{WITH_VAT, account, assert_rollups, daily_rows, day, days, file, hour, hours, number, on_each, texts};

#[tokio::test]
async fn a_day_without_a_row_of_its_own_is_the_sum_of_its_hours() {
    on_each(async |database| {
        let a = account(&database.store, "한빛", Platform::GoogleAds, 1).await;
        let mut sql = database.superuser().await;
        let of = |at, channel, figures| hour(a.campaigns[0], channel, "2026-11-02", at, figures);
        a.write(&hours(vec![
            of(9, "google_search", [10, 1, 100, 1, 500]),
            of(10, "google_search", [20, 2, 200, 0, 0]),
            of(10, "youtube", [5, 0, 50, 0, 0]),
        ]))
        .await;
        let derived = ["2026-11-02 캠페인 0 google_search KRW 30 3 300 1 500", "2026-11-02 캠페인 0 youtube KRW 5 0 50 0 0"];
        assert_eq!(daily_rows(&mut sql).await, derived);
        a.write(&hours(vec![of(11, "youtube", [1, 0, 10, 0, 0])])).await;
        assert_eq!(daily_rows(&mut sql).await[1], "2026-11-02 캠페인 0 youtube KRW 6 0 60 0 0", "an hour more");
        assert_rollups(&mut sql, "after the hours").await;

        a.write(&days(vec![day(a.campaigns[0], "google_all", "2026-11-02", [40, 3, 400, 1, 500])])).await;
        let stated = ["2026-11-02 캠페인 0 google_all KRW 40 3 400 1 500"];
        assert_eq!(daily_rows(&mut sql).await, stated, "a stated day wins, on whatever channel");
        a.write(&hours(vec![of(12, "youtube", [1, 0, 10, 0, 0])])).await;
        assert_eq!(daily_rows(&mut sql).await, stated, "hours that come later change nothing of it");
        assert_eq!(number(&mut sql, "select count(*) from metric_hourly").await, 5, "and are kept");
        assert_rollups(&mut sql, "after the day").await;
    })
    .await;
}

#[tokio::test]
async fn unknown_conversions_of_an_hour_are_not_zero() {
    on_each(async |database| {
        let a = account(&database.store, "한빛", Platform::MetaAds, 1).await;
        let mut sql = database.superuser().await;
        let known = hour(a.campaigns[0], "meta_all", "2026-11-02", 9, [10, 1, 100, 2, 500]);
        let unknown = HourlyFact { conversions_known: false, ..hour(a.campaigns[0], "meta_all", "2026-11-02", 10, [10, 1, 100, 0, 0]) };
        a.write(&hours(vec![known.clone(), unknown.clone()])).await;
        let stored = "select hour || ' ' || coalesce((conversions / 1000000)::text, 'unknown') from metric_hourly order by hour";
        assert_eq!(texts(&mut sql, stored).await, ["9 2", "10 unknown"]);
        assert_eq!(daily_rows(&mut sql).await, ["2026-11-02 캠페인 0 meta_all KRW 20 2 200 2 500"], "the day has what is known");
        let rows = a.figures(GroupBy::Hour, "2026-11-02", "2026-11-02").await;
        let shown: Vec<_> = rows.iter().map(|row| (row.key.hour, row.counts.impressions, row.conversions_known)).collect();
        assert_eq!(shown, [(Some(9), 10, true), (Some(10), 10, false)]);

        // A source that does not know them takes nothing away from one that does.
        a.write(&hours(vec![HourlyFact { conversions_known: false, ..known }])).await;
        assert_eq!(texts(&mut sql, stored).await, ["9 2", "10 unknown"]);
        assert_rollups(&mut sql, "after unknown hours").await;
    })
    .await;
}

#[tokio::test]
async fn hours_on_another_vat_basis_replace() {
    on_each(async |database| {
        let a = account(&database.store, "한빛", Platform::MetaAds, 1).await;
        let mut sql = database.superuser().await;
        let net = hour(a.campaigns[0], "meta_all", "2026-11-02", 9, [10, 1, 100, 0, 0]);
        a.write(&hours(vec![net.clone()])).await;
        let gross = SliceWrite { hourly: vec![HourlyFact { kind: WITH_VAT, ..net }], ..file() };
        assert_eq!(a.write(&gross).await.hourly, Tally { restated: 1, ..Tally::default() });
        assert_eq!(daily_rows(&mut sql).await, ["2026-11-02 캠페인 0 meta_all KRW+vat 10 1 100 0 0"]);
        assert_eq!(number(&mut sql, "select count(*) from metric_hourly").await, 1);
        assert_rollups(&mut sql, "after another basis").await;
    })
    .await;
}
