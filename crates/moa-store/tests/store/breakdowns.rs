use moa_domain::{Counts, Dimension, Platform};
use moa_store::{GroupBy, SliceWrite, Tally};

use crate::agency::{account, assert_rollups, breakdown, counts, daily_rows, day, days, file, finer, hour, on_each};

const KEYWORD: Dimension = Dimension::Keyword;
const CREATIVE: Dimension = Dimension::Creative;

#[tokio::test]
async fn campaign_days_are_the_sum_of_the_fullest_breakdown() {
    on_each(async |database| {
        let a = account(&database.store, "한빛", Platform::NaverAds, 1).await;
        let mut sql = database.superuser().await;
        let of = |dimension, name, figures| finer(a.campaigns[0], "naver_search", "2026-11-02", dimension, name, figures);
        a.write(&breakdown(vec![of(KEYWORD, "이불", [60, 6, 600, 1, 900]), of(KEYWORD, "", [10, 0, 0, 0, 0])])).await;
        assert_eq!(daily_rows(&mut sql).await, ["2026-11-02 캠페인 0 naver_search KRW 70 6 600 1 900"]);
        let outcome = a.write(&breakdown(vec![of(CREATIVE, "소재", [100, 8, 800, 1, 900])])).await;
        assert_eq!(outcome.breakdown[&CREATIVE], Tally { new: 1, ..Tally::default() });
        assert_eq!(daily_rows(&mut sql).await, ["2026-11-02 캠페인 0 naver_search KRW 100 8 800 1 900"], "creatives know more of the day");
        assert_rollups(&mut sql, "after the breakdowns").await;

        // Children and one line of the rest make their parent.
        let rows = a.figures(GroupBy::Named(KEYWORD), "2026-11-01", "2026-11-30").await;
        let shown: Vec<_> = rows.iter().map(|row| (row.key.name.as_deref(), row.counts.impressions, row.counts.clicks)).collect();
        assert_eq!(shown, [(Some("이불"), 60, 6), (None, 40, 2)]);
    })
    .await;
}

#[tokio::test]
async fn hours_win_over_finer_rows_and_a_stated_day_over_both() {
    on_each(async |database| {
        let a = account(&database.store, "한빛", Platform::NaverAds, 1).await;
        let mut sql = database.superuser().await;
        let campaign = a.campaigns[0];
        a.write(&breakdown(vec![finer(campaign, "naver_all", "2026-11-02", KEYWORD, "이불", [60, 6, 600, 0, 0])])).await;
        a.write(&SliceWrite { hourly: vec![hour(campaign, "naver_all", "2026-11-02", 1, [70, 7, 700, 0, 0])], ..file() }).await;
        assert_eq!(daily_rows(&mut sql).await, ["2026-11-02 캠페인 0 naver_all KRW 70 7 700 0 0"]);
        a.write(&days(vec![day(campaign, "naver_all", "2026-11-02", [80, 8, 800, 0, 0])])).await;
        a.write(&breakdown(vec![finer(campaign, "naver_all", "2026-11-02", KEYWORD, "베개", [1, 0, 0, 0, 0])])).await;
        assert_eq!(daily_rows(&mut sql).await, ["2026-11-02 캠페인 0 naver_all KRW 80 8 800 0 0"]);
        assert_rollups(&mut sql, "at the end").await;
    })
    .await;
}

/// Parts of every grouping add up to the total, also where a breakdown knows more or less than its day.
#[tokio::test]
async fn parts_add_up_to_their_whole() {
    on_each(async |database| {
        let a = account(&database.store, "한빛", Platform::NaverAds, 3).await;
        let dates = ["2026-10-30", "2026-11-02", "2026-11-03"];
        for (position, campaign) in a.campaigns.iter().enumerate() {
            let n = i64::try_from(position).expect("small") + 1;
            for on in dates {
                a.write(&days(vec![day(*campaign, "naver_search", on, [100 * n, 10, 1000 * n, n, 5000])])).await;
                a.write(&SliceWrite {
                    hourly: vec![hour(*campaign, "naver_search", on, 9, [40 * n, 12, 900, n, 1])],
                    breakdown: vec![
                        finer(*campaign, "naver_search", on, KEYWORD, "이불", [70 * n, 11, 1000, 0, 0]),
                        finer(*campaign, "naver_search", on, KEYWORD, "베개", [10, 0, 50 * n, n, 5000]),
                        finer(*campaign, "naver_search", on, KEYWORD, "", [5, 0, 0, 0, 0]),
                    ],
                    ..file()
                })
                .await;
            }
        }
        let total = counts([1800, 90, 18_000, 18, 45_000]);
        let groupings = [
            GroupBy::Total,
            GroupBy::Day,
            GroupBy::Week,
            GroupBy::Month,
            GroupBy::Hour,
            GroupBy::Weekday,
            GroupBy::Platform,
            GroupBy::Channel,
            GroupBy::Account,
            GroupBy::Campaign,
            GroupBy::CampaignChannelDay,
            GroupBy::Named(KEYWORD),
            GroupBy::Finer(KEYWORD),
            GroupBy::Named(Dimension::Device),
        ];
        for by in groupings {
            // A range of one month end and another: running totals, and a short one: base rows.
            for (from, to) in [("2026-10-15", "2026-11-20"), ("2026-10-30", "2026-11-03")] {
                let mut sum = Counts::default();
                for row in a.figures(by, from, to).await {
                    sum += row.counts;
                }
                assert_eq!(sum, total, "{by:?} {from} {to}");
            }
        }
    })
    .await;
}
