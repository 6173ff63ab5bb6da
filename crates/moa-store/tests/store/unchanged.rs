use moa_domain::{Dimension, Platform};
use moa_store::{SliceWrite, Tally, WriteMode};

use crate::agency::{CONVERSIONS, TRAFFIC, account, breakdown, day, days, file, finer, hour, hours, on_each, range, versions};

/// Ways a source can say its figures.
fn slices(campaigns: &[i32]) -> Vec<SliceWrite> {
    let (one, two) = (campaigns[0], campaigns[1]);
    let figures = [100, 10, 5000, 1, 20_000];
    let mut social = day(one, "instagram", "2026-11-02", figures);
    social.engagement.likes = 5;
    social.reach = Some(90);
    let mut unknown = hour(one, "meta_all", "2026-11-03", 9, figures);
    unknown.conversions_known = false;
    let asked = WriteMode::Replace {
        campaigns: campaigns.to_vec(),
        range: range("2026-10-30", "2026-11-04"),
        hours: true,
        dimensions: vec![Dimension::AdGroup],
    };
    vec![
        days(vec![social.clone(), day(two, "meta_all", "2026-11-02", figures)]),
        hours(vec![unknown, hour(one, "meta_all", "2026-11-03", 10, figures)]),
        breakdown(vec![
            finer(two, "meta_all", "2026-10-31", Dimension::AdGroup, "세트", figures),
            finer(two, "meta_all", "2026-10-31", Dimension::AdGroup, "", figures),
            finer(two, "meta_all", "2026-10-31", Dimension::Creative, "소재", figures),
        ]),
        SliceWrite {
            measures: CONVERSIONS, ..breakdown(vec![finer(one, "meta_all", "2026-11-02", Dimension::Keyword, "이불", figures)])
        },
        SliceWrite { measures: TRAFFIC, ..days(vec![day(one, "facebook", "2026-11-02", figures)]) },
        SliceWrite {
            daily: vec![social, day(two, "meta_all", "2026-11-03", figures)],
            hourly: vec![hour(two, "meta_all", "2026-11-03", 1, figures)],
            breakdown: vec![finer(two, "meta_all", "2026-11-03", Dimension::AdGroup, "세트", figures)],
            mode: asked,
            ..file()
        },
    ]
}

#[tokio::test]
async fn the_same_input_twice_writes_no_row() {
    on_each(async |database| {
        let a = account(&database.store, "한빛", Platform::MetaAds, 2).await;
        let mut sql = database.superuser().await;
        for (position, slice) in slices(&a.campaigns).iter().enumerate() {
            a.write(slice).await;
            let before = versions(&mut sql).await;
            let again = a.write(slice).await;
            assert_eq!(versions(&mut sql).await, before, "slice {position}");
            for tally in [again.daily, again.hourly].iter().chain(again.breakdown.values()) {
                assert_eq!(*tally, Tally { unchanged: tally.unchanged, ..Tally::default() }, "slice {position}");
            }
        }
    })
    .await;
}

#[tokio::test]
async fn a_file_that_says_nothing_writes_nothing() {
    on_each(async |database| {
        let a = account(&database.store, "한빛", Platform::MetaAds, 2).await;
        let mut sql = database.superuser().await;
        let before = versions(&mut sql).await;
        assert_eq!(a.write(&file()).await, moa_store::WriteOutcome::default());
        let silent = SliceWrite { measures: moa_domain::Measures::default(), ..slices(&a.campaigns)[0].clone() };
        assert_eq!(a.write(&silent).await.daily, Tally::default());
        assert_eq!(versions(&mut sql).await, before);
    })
    .await;
}
