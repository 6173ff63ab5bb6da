use moa_domain::Platform;
use moa_store::{GroupBy, Tally};

use crate::agency::{account, assert_rollups, daily_rows, day, days, on_each, texts};

#[tokio::test]
async fn what_a_split_leaves_of_the_total_stands_on_the_unspecified_channel() {
    on_each(async |database| {
        let a = account(&database.store, "한빛", Platform::MetaAds, 1).await;
        let mut sql = database.superuser().await;
        let of = |channel, cost| day(a.campaigns[0], channel, "2026-11-02", [cost / 10, 1, cost, 0, 0]);
        let (whole, split) = (days(vec![of("meta_all", 1000)]), days(vec![of("facebook", 600), of("instagram", 300)]));
        let settled = [
            "2026-11-02 캠페인 0 facebook KRW 60 1 600 0 0",
            "2026-11-02 캠페인 0 instagram KRW 30 1 300 0 0",
            "2026-11-02 캠페인 0 meta_all KRW 10 0 100 0 0",
        ];
        a.write(&whole).await;
        a.write(&split).await;
        assert_eq!(daily_rows(&mut sql).await, settled);
        assert_eq!(a.total("2026-11-02", "2026-11-02").await.cost, moa_domain::Millionths::from_whole(1000), "nothing is doubled");
        for again in [&split, &whole] {
            let tally = a.write(again).await.daily;
            assert_eq!(tally, Tally { unchanged: again.daily.len(), ..Tally::default() });
        }
        assert_eq!(daily_rows(&mut sql).await, settled);
        a.write(&days(vec![of("instagram", 400)])).await;
        assert_eq!(
            daily_rows(&mut sql).await,
            ["2026-11-02 캠페인 0 facebook KRW 60 1 600 0 0", "2026-11-02 캠페인 0 instagram KRW 40 1 400 0 0"],
            "nothing is left of the total"
        );
        assert_rollups(&mut sql, "after the split").await;
    })
    .await;
}

#[tokio::test]
async fn the_split_may_come_before_the_whole() {
    on_each(async |database| {
        let a = account(&database.store, "한빛", Platform::MetaAds, 1).await;
        let mut sql = database.superuser().await;
        let of = |channel, cost| day(a.campaigns[0], channel, "2026-11-02", [cost / 10, 1, cost, 0, 0]);
        a.write(&days(vec![of("facebook", 600), of("instagram", 300)])).await;
        a.write(&days(vec![of("meta_all", 1000)])).await;
        assert_eq!(daily_rows(&mut sql).await[2], "2026-11-02 캠페인 0 meta_all KRW 10 0 100 0 0");
        let channels = a.figures(GroupBy::Channel, "2026-11-02", "2026-11-02").await;
        let shown: Vec<_> = channels.iter().map(|row| (row.key.channel.as_deref().unwrap_or(""), row.counts.impressions)).collect();
        assert_eq!(shown, [("facebook", 60), ("instagram", 30), ("meta_all", 10)]);
    })
    .await;
}

#[tokio::test]
async fn a_channel_belongs_to_one_platform() {
    on_each(async |database| {
        let own = Platform::Other("instagram".to_owned());
        let a = account(&database.store, "한빛", own, 1).await;
        let mut sql = database.superuser().await;
        a.write(&days(vec![
            day(a.campaigns[0], "instagram", "2026-11-02", [1, 0, 0, 0, 0]),
            day(a.campaigns[0], "facebook", "2026-11-02", [2, 0, 0, 0, 0]),
            day(a.campaigns[0], "릴스", "2026-11-02", [3, 0, 0, 0, 0]),
        ]))
        .await;
        let used = "select distinct c.name || ' ' || c.platform || ' ' || c.is_unspecified from metric_daily m join channels c on c.id = m.channel_id order by 1";
        assert_eq!(
            texts(&mut sql, used).await,
            ["instagram_all instagram true", "instagram_facebook instagram false", "릴스 instagram false"]
        );
    })
    .await;
}
