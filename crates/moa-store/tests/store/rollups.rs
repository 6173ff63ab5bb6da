//! Roll-ups equal fresh aggregates after every step of a long story.

use moa_domain::{DailyFact, Dimension, HourlyFact, Platform};
use moa_store::{SliceWrite, WriteMode};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

use crate::agency::{
    Account, CONVERSIONS, DOLLARS, NET, TRAFFIC, WITH_VAT, account, assert_rollups, client, date, day, file, finer, hour, number, on_each,
    run, second_account,
};

/// What happens next.
#[derive(Debug, Clone)]
enum Step {
    Write { account: usize, rows: Vec<Cell>, measures: usize, replace: bool },
    MoveAccount { account: usize, client: usize },
    MoveCampaign { account: usize },
    RemoveClient { client: usize },
    BringBackClient { client: usize },
    DeleteCampaign { account: usize },
}

/// One row: campaign, day from the first, grain, channel, kind, value.
type Cell = (usize, u64, usize, usize, usize, i64);

const STEPS: usize = 40;
const FIRST: &str = "2026-01-25";

fn step() -> impl Strategy<Value = Step> {
    let cell = (0..3_usize, 0..12_u64, 0..4_usize, 0..3_usize, 0..3_usize, 0..9_i64);
    prop_oneof![
        12 => (0..3_usize, prop::collection::vec(cell, 1..12), 0..4_usize, any::<bool>())
            .prop_map(|(account, rows, measures, replace)| Step::Write { account, rows, measures, replace }),
        1 => (0..3_usize, 0..2_usize).prop_map(|(account, client)| Step::MoveAccount { account, client }),
        1 => (0..3_usize).prop_map(|account| Step::MoveCampaign { account }),
        1 => (0..2_usize).prop_map(|client| Step::RemoveClient { client }),
        1 => (0..2_usize).prop_map(|client| Step::BringBackClient { client }),
        1 => (0..3_usize).prop_map(|account| Step::DeleteCampaign { account }),
    ]
}

fn slice(campaigns: &[i32], rows: &[Cell], measures: usize, replace: bool) -> SliceWrite {
    let mut slice =
        SliceWrite { measures: [moa_domain::Measures::ALL, moa_domain::Measures::ALL, TRAFFIC, CONVERSIONS][measures], ..file() };
    let mut seen = std::collections::HashSet::new();
    for (campaign, after, grain, channel, kind, value) in rows {
        let Some(campaign) = campaigns.get(*campaign) else { continue };
        if !seen.insert((campaign, after, grain, channel, kind)) {
            continue;
        }
        let on = (date(FIRST) + chrono::Days::new(*after)).to_string();
        let channel = ["google_all", "google_search", "youtube"][*channel];
        let kind = [NET, WITH_VAT, DOLLARS][*kind];
        let figures = [value * 100, *value, value * 1000, value % 3, value * 7];
        match grain {
            0 => slice.daily.push(DailyFact { kind, ..day(*campaign, channel, &on, figures) }),
            1 => slice.hourly.push(HourlyFact { kind, conversions_known: value % 2 == 0, ..hour(*campaign, channel, &on, 9, figures) }),
            _ => {
                let dimension = if *grain == 2 { Dimension::Keyword } else { Dimension::Device };
                slice.breakdown.push(moa_domain::BreakdownFact { kind, ..finer(*campaign, channel, &on, dimension, "이불", figures) });
            }
        }
    }
    if replace && !campaigns.is_empty() {
        let range = moa_domain::DateRange { from: date(FIRST), to: date(FIRST) + chrono::Days::new(6) };
        let dimensions = vec![Dimension::Keyword];
        slice.mode = WriteMode::Replace { campaigns: campaigns[..1].to_vec(), range, hours: measures == 1, dimensions };
    }
    slice
}

#[tokio::test]
async fn roll_ups_equal_fresh_aggregates_after_every_step() {
    let mut runner = TestRunner::new_with_rng(Config::default(), TestRng::from_seed(RngAlgorithm::ChaCha, &[7; 32]));
    let story = prop::collection::vec(step(), STEPS..=STEPS).new_tree(&mut runner).expect("a story").current();
    on_each(async |database| {
        let store = &database.store;
        let mut sql = database.superuser().await;
        let mut accounts: Vec<Account> = vec![account(store, "한빛", Platform::GoogleAds, 3).await];
        let clients = [accounts[0].client, client(store, "다온").await];
        for (position, client) in [clients[0], clients[1]].into_iter().enumerate() {
            accounts.push(second_account(store, client, Platform::GoogleAds, &format!("2{position}"), 3).await);
        }
        for (number_of, step) in story.iter().enumerate() {
            match step {
                Step::Write { account, rows, measures, replace } => {
                    let account = &accounts[*account];
                    account.write(&slice(&account.campaigns, rows, *measures, *replace)).await;
                }
                Step::MoveAccount { account, client } => {
                    let (id, client) = (accounts[*account].id, clients[*client]);
                    run(&mut sql, &format!("update marketing_accounts set client_id = {client} where id = {id}")).await;
                }
                Step::MoveCampaign { account } => {
                    let target = (account + 1) % accounts.len();
                    if let Some(campaign) = accounts[*account].campaigns.pop() {
                        let id = accounts[target].id;
                        let name = format!("옮긴 {campaign}");
                        run(
                            &mut sql,
                            &format!("update campaigns set marketing_account_id = {id}, campaign_id = '{name}' where id = {campaign}"),
                        )
                        .await;
                        accounts[target].campaigns.push(campaign);
                    }
                }
                Step::RemoveClient { client } => {
                    run(&mut sql, &format!("update clients set removed_at = now() where id = {}", clients[*client])).await;
                }
                Step::BringBackClient { client } => {
                    run(&mut sql, &format!("update clients set removed_at = null where id = {}", clients[*client])).await;
                }
                Step::DeleteCampaign { account } => {
                    if accounts[*account].campaigns.len() > 2 {
                        let campaign = accounts[*account].campaigns.remove(0);
                        run(&mut sql, &format!("delete from campaigns where id = {campaign}")).await;
                        let left = format!("select count(*) from metric_daily where campaign_id = {campaign}");
                        assert_eq!(number(&mut sql, &left).await, 0);
                    }
                }
            }
            assert_rollups(&mut sql, &format!("after step {number_of}: {step:?}")).await;
        }
        let checks = store.check().await.expect("checked");
        assert!(checks.iter().all(|check| check.ok), "{checks:?}");
    })
    .await;
}

#[tokio::test]
async fn a_check_finds_a_roll_up_that_was_tampered_with() {
    on_each(async |database| {
        let a = account(&database.store, "한빛", Platform::GoogleAds, 1).await;
        let mut sql = database.superuser().await;
        let mut write = crate::agency::days(vec![day(a.campaigns[0], "google_search", "2026-11-02", [10, 1, 100, 1, 500])]);
        write.hourly = vec![hour(a.campaigns[0], "google_search", "2026-11-02", 9, [10, 1, 100, 1, 500])];
        a.write(&write).await;
        for table in ["roll_client_day", "roll_agency_day", "roll_client_hour", "roll_agency_hour", "roll_campaign_mtd"] {
            for column in ["impressions", "clicks", "cost", "conversions", "revenue", "conversions_all", "revenue_all"] {
                run(&mut sql, &format!("update {table} set {column} = {column} + 1")).await;
                let checks = database.store.check().await.expect("checked");
                assert!(checks.iter().any(|check| !check.ok), "{table}.{column}");
                run(&mut sql, &format!("update {table} set {column} = {column} - 1")).await;
            }
        }
        run(&mut sql, "update metric_daily set origins = 87381; insert into metric_daily select date, campaign_id, channel_id + 1, money_kind_id, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, null, 262143, run_id from metric_daily").await;
        let checks = database.store.check().await.expect("checked");
        assert!(checks.iter().any(|check| check.name.starts_with("one source") && !check.ok), "{checks:?}");
    })
    .await;
}
