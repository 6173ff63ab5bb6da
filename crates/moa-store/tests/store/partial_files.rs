//! Files that state only some measures: whatever order they come in, nothing is wiped and nothing doubled.

use moa_domain::{DailyFact, Dimension, HourlyFact, Measures, Platform};
use moa_store::{SliceWrite, Tally, WriteMode};
use moa_testing::TestDatabase;

use crate::agency::{
    CONVERSIONS, NET, TRAFFIC, WITH_VAT, account, assert_rollups, breakdown, daily_rows, day, days, file, finer, hour, hours, number,
    on_each, range, texts, versions,
};

const ON: &str = "2026-11-02";

/// One measure group, said by the campaign's day, by hour, or by keyword.
fn says(grain: usize, measures: Measures, campaign: i32, channel: &str, figures: [[i64; 5]; 2]) -> SliceWrite {
    let [first, second] = figures;
    let both = std::array::from_fn(|place| first[place] + second[place]);
    let slice = match grain {
        0 => days(vec![day(campaign, channel, ON, both)]),
        1 => hours(vec![hour(campaign, channel, ON, 9, first), hour(campaign, channel, ON, 10, second)]),
        _ => breakdown(vec![
            finer(campaign, channel, ON, Dimension::Keyword, "이불", first),
            finer(campaign, channel, ON, Dimension::Keyword, "베개", second),
        ]),
    };
    SliceWrite { measures, ..slice }
}

/// What people see of the figures: hours, finer rows, days, revisions.
async fn state(database: &TestDatabase) -> Vec<String> {
    let mut sql = database.superuser().await;
    let mut state = daily_rows(&mut sql).await;
    state.extend(texts(&mut sql, "select m.hour || ' ' || k.campaign_name || ' ' || row(m.impressions, m.cost, m.conversions, m.revenue, m.measures)::text from metric_hourly m join campaigns k on k.id = m.campaign_id order by 1").await);
    state.extend(texts(&mut sql, "select e.name || ' ' || row(m.impressions, m.cost, m.conversions, m.revenue, m.measures)::text from breakdown_daily m join breakdown_entities e on e.id = m.entity_id order by 1").await);
    state.extend(texts(&mut sql, "select v::text from metric_revisions v order by 1").await);
    state
}

#[tokio::test]
async fn traffic_and_conversions_in_any_order_and_grain_give_the_same_day() {
    on_each(async |database| {
        for traffic_grain in 0..3 {
            for conversions_grain in 0..3 {
                let mut states = Vec::new();
                let mut sql = database.superuser().await;
                for (name, reversed) in [("먼저", false), ("나중", true)] {
                    let a = account(&database.store, &format!("{name} {traffic_grain}{conversions_grain}"), Platform::NaverAds, 1).await;
                    let traffic =
                        says(traffic_grain, TRAFFIC, a.campaigns[0], "naver_search", [[100, 10, 5000, 0, 0], [50, 5, 2500, 0, 0]]);
                    let conversions =
                        says(conversions_grain, CONVERSIONS, a.campaigns[0], "naver_search", [[0, 0, 0, 2, 900], [0, 0, 0, 1, 300]]);
                    let files = if reversed { [&conversions, &traffic] } else { [&traffic, &conversions] };
                    for file in files {
                        a.write(file).await;
                        assert_rollups(&mut sql, "after each").await;
                    }
                    let before = versions(&mut sql).await;
                    for file in [&traffic, &conversions, &conversions, &traffic] {
                        let again = a.write(file).await;
                        assert_eq!(again.finest(), Tally { unchanged: again.finest().unchanged, ..Tally::default() });
                    }
                    assert_eq!(versions(&mut sql).await, before, "again: nothing is written");
                    states.push(state(database).await);
                    crate::agency::run(&mut sql, "delete from marketing_accounts").await;
                }
                assert_eq!(states[0], states[1], "grains {traffic_grain} {conversions_grain}");
                assert_eq!(
                    states[0][0], "2026-11-02 캠페인 0 naver_search KRW 150 15 7500 3 1200",
                    "grains {traffic_grain} {conversions_grain}"
                );
                assert_eq!(number(&mut sql, "select count(*) from metric_revisions").await, 0, "nothing that was said became another");
            }
        }
    })
    .await;
}

#[tokio::test]
async fn a_contract_of_cost_alone_leaves_impressions_and_clicks() {
    on_each(async |database| {
        let a = account(&database.store, "한빛", Platform::NaverAds, 1).await;
        let mut sql = database.superuser().await;
        let no_cost = Measures { cost: false, ..Measures::ALL };
        let shown = SliceWrite { measures: no_cost, ..days(vec![day(a.campaigns[0], "naver_brand", ON, [100, 10, 0, 1, 900])]) };
        let cost = Measures { cost: true, ..Measures::default() };
        let contract = DailyFact { kind: WITH_VAT, ..day(a.campaigns[0], "naver_brand", ON, [0, 0, 11_000, 0, 0]) };
        let contract = SliceWrite { measures: cost, ..days(vec![contract]) };
        for slice in [&shown, &contract, &shown, &contract] {
            a.write(slice).await;
        }
        assert_eq!(daily_rows(&mut sql).await, ["2026-11-02 캠페인 0 naver_brand KRW+vat 100 10 11000 1 900"]);
        assert_eq!(number(&mut sql, "select count(*) from metric_revisions").await, 0);
        assert_rollups(&mut sql, "after the contract").await;
    })
    .await;
}

#[tokio::test]
async fn filling_in_is_new_and_a_restatement_of_it_has_a_revision() {
    on_each(async |database| {
        let a = account(&database.store, "한빛", Platform::NaverAds, 1).await;
        let of = |measures, figures| SliceWrite { measures, ..days(vec![day(a.campaigns[0], "naver_all", ON, figures)]) };
        a.write(&of(TRAFFIC, [100, 10, 5000, 0, 0])).await;
        assert_eq!(a.write(&of(CONVERSIONS, [0, 0, 0, 2, 900])).await.daily, Tally { new: 1, ..Tally::default() });
        assert_eq!(a.write(&of(CONVERSIONS, [0, 0, 0, 3, 900])).await.daily, Tally { restated: 1, ..Tally::default() });
        let revisions = database.store.revisions(a.client, range("2026-11-01", "2026-11-30")).await.expect("revisions");
        let told: Vec<String> = revisions.iter().map(|r| format!("{} {} {}", r.column, r.old, r.new)).collect();
        assert_eq!(told, ["conversions 2 3", "conversions_all 2 3"]);
    })
    .await;
}

#[tokio::test]
async fn conversions_follow_a_cost_on_another_basis() {
    on_each(async |database| {
        let a = account(&database.store, "한빛", Platform::NaverAds, 1).await;
        let mut sql = database.superuser().await;
        let of = |kind, measures, figures| {
            let row = DailyFact { kind, ..day(a.campaigns[0], "naver_all", ON, figures) };
            SliceWrite { measures, ..days(vec![row]) }
        };
        a.write(&of(NET, CONVERSIONS, [0, 0, 0, 2, 900])).await;
        a.write(&of(WITH_VAT, TRAFFIC, [100, 10, 5500, 0, 0])).await;
        assert_eq!(daily_rows(&mut sql).await, ["2026-11-02 캠페인 0 naver_all KRW+vat 100 10 5500 2 900"]);
        assert_eq!(number(&mut sql, "select count(*) from metric_revisions").await, 0, "no figure became another");
        a.write(&of(NET, TRAFFIC, [100, 10, 5000, 0, 0])).await;
        assert_eq!(daily_rows(&mut sql).await, ["2026-11-02 캠페인 0 naver_all KRW 100 10 5000 2 900"]);
        assert_eq!(number(&mut sql, "select count(*) from metric_revisions where reason = 2").await, 1);
        assert_rollups(&mut sql, "on another basis").await;
    })
    .await;
}

#[tokio::test]
async fn a_full_answer_of_traffic_takes_no_conversions_away() {
    on_each(async |database| {
        let a = account(&database.store, "한빛", Platform::NaverAds, 1).await;
        let mut sql = database.superuser().await;
        let campaign = a.campaigns[0];
        let mut full = days(vec![day(campaign, "naver_all", ON, [100, 10, 5000, 2, 900])]);
        full.hourly = vec![hour(campaign, "naver_all", ON, 9, [100, 10, 5000, 2, 900])];
        a.write(&full).await;
        let mode =
            WriteMode::Replace { campaigns: vec![campaign], range: range("2026-11-01", "2026-11-03"), hours: true, dimensions: Vec::new() };
        a.write(&SliceWrite { measures: TRAFFIC, mode, ..file() }).await;
        assert_eq!(daily_rows(&mut sql).await, ["2026-11-02 캠페인 0 naver_all KRW 0 0 0 2 900"]);
        assert_eq!(
            texts(&mut sql, "select row(hour, impressions, conversions / 1000000, measures)::text from metric_hourly").await,
            ["(9,0,2,120)"]
        );
        assert_rollups(&mut sql, "after the answer").await;
    })
    .await;
}

#[tokio::test]
async fn an_hourly_file_of_traffic_leaves_known_conversions() {
    on_each(async |database| {
        let a = account(&database.store, "한빛", Platform::NaverAds, 1).await;
        let mut sql = database.superuser().await;
        let unknown = HourlyFact { conversions_known: false, ..hour(a.campaigns[0], "naver_all", ON, 9, [10, 1, 100, 0, 0]) };
        a.write(&SliceWrite { measures: CONVERSIONS, ..hours(vec![hour(a.campaigns[0], "naver_all", ON, 9, [0, 0, 0, 2, 500])]) }).await;
        a.write(&SliceWrite { measures: TRAFFIC, ..hours(vec![unknown]) }).await;
        assert_eq!(daily_rows(&mut sql).await, ["2026-11-02 캠페인 0 naver_all KRW 10 1 100 2 500"]);
    })
    .await;
}
