//! Every figure is the platform's; again changes nothing; a restatement is the new truth with the old values kept.

use moa_api::KpiBy;
use moa_api::dto::connection::{SyncAsk, SyncWhat};
use moa_domain::calendar::DateRange;
use tokio_util::sync::CancellationToken;

use crate::office::{CLIENT, GOOGLE, KAKAO, META, NAVER, Office, Telling, day, days, last_days, morning, range_of};

/// What holds whichever platform was connected.
pub(crate) async fn holds(office: &Office, telling: &Telling) {
    let lately = last_days(7);
    let longer = last_days(60);
    let platform_runs = office.accounts(telling).len();

    // A range of one's own, then the morning: the same figures.
    let runs = office.sync(&range_of(longer)).await;
    assert_eq!(runs.len(), platform_runs);
    office.assert_equal(telling, longer).await;
    office.sync(&morning()).await;
    let again = office.sync(&morning()).await;
    assert!(again.iter().all(|run| run.records_synced == 0 && run.restated == 0), "{again:#?}");
    office.assert_equal(telling, longer).await;
    let revisions = office.moa.revisions_of(CLIENT, longer).await.expect("revisions");
    assert_eq!(revisions, [], "nothing was restated");

    // A restatement inside the look-back.
    let account = office.accounts(telling)[0];
    let campaign = account.campaigns.iter().find(|campaign| !campaign.paused && campaign.last_day.is_none()).expect("a running campaign");
    let restated = day("2026-11-18");
    let old = office.told(telling, account, campaign, restated);
    office.sandbox.world.restate(&campaign.id, restated, restated);
    let runs = office.sync(&morning()).await;
    assert!(runs.iter().any(|run| run.restated > 0), "{runs:#?}");
    office.assert_equal(telling, longer).await;
    let revisions = office.moa.revisions_of(CLIENT, longer).await.expect("revisions");
    assert!(revisions.iter().all(|revision| revision.date == "2026-11-18" && revision.campaign_id == campaign.id), "{revisions:#?}");
    if campaign.places.len() == 1 {
        let impressions = revisions.iter().find(|revision| revision.column == "impressions").expect("impressions were restated");
        assert_eq!(impressions.old, old.impressions.to_string());
    }

    // One of a campaign the platform no longer lists.
    let gone = account.campaigns.iter().find(|campaign| campaign.removed);
    if let Some(gone) = gone {
        let restated = day("2026-11-16");
        office.sandbox.world.restate(&gone.id, restated, restated);
        office.sync(&morning()).await;
        office.assert_equal(telling, longer).await;
    }

    // One beyond it is found when its range is read again.
    let older = days("2026-10-02", "2026-10-03");
    office.sandbox.world.restate(&campaign.id, older.from, older.to);
    office.sync(&morning()).await;
    let stored = office.kpi(telling, older, KpiBy::Campaign, "campaign_id").await;
    let mut now = moa_sandbox::world::Counts::default();
    older.iter().for_each(|date| now += office.told(telling, account, campaign, date));
    assert_ne!(stored[&campaign.id].figures.impressions, now.impressions.to_string(), "the morning does not look back that far");
    let compared = office.moa.reconcile(CLIENT, older, &CancellationToken::new()).await.expect("compared");
    assert_eq!(compared.problems, []);
    let of_account = |date: &str| compared.days.iter().find(|day| day.date == date && day.account_id == account.id).expect("every day");
    if now.cost > 0 {
        assert_eq!(of_account("2026-10-02").reason, "restated", "{compared:#?}");
    }
    office.sync(&range_of(older)).await;
    office.assert_equal(telling, longer).await;

    // The platform's own totals agree.
    let compared = office.moa.reconcile(CLIENT, lately, &CancellationToken::new()).await.expect("compared");
    assert_eq!(compared.days.len(), 7 * platform_runs);
    assert!(compared.days.iter().all(|day| day.reason == "equal"), "{compared:#?}");
}

/// Hours of the last days are the platform's, and a day is the sum of its hours.
pub(crate) async fn holds_by_hour(office: &Office, telling: &Telling) {
    let lately = last_days(2);
    office.sync(&SyncAsk { what: SyncWhat::Hourly, ..SyncAsk::default() }).await;
    let stored = office.kpi(telling, lately, KpiBy::Hour, "hour").await;
    for hour in 0..24_u32 {
        let mut told = (0, 0);
        for account in office.accounts(telling) {
            for campaign in &account.campaigns {
                for place in &campaign.places {
                    for date in lately.iter() {
                        let counts = office.sandbox.world.hour(account, campaign, place, date, hour);
                        told = (told.0 + counts.impressions, told.1 + counts.clicks);
                    }
                }
            }
        }
        let row = stored.get(&hour.to_string()).map(|row| (row.figures.impressions.clone(), row.figures.clicks.clone()));
        assert_eq!(row.unwrap_or(("0".to_owned(), "0".to_owned())), (told.0.to_string(), told.1.to_string()), "hour {hour}");
    }
    office.assert_equal(telling, DateRange { from: lately.from, to: lately.to }).await;

    // A day that is restated takes its hours along, also where the morning reads days alone.
    let older = days("2026-11-16", "2026-11-17");
    office.sync(&SyncAsk { by_hour: true, ..range_of(older) }).await;
    let account = office.accounts(telling)[0];
    let campaign = account.campaigns.iter().find(|campaign| !campaign.paused && campaign.last_day.is_none()).expect("a running campaign");
    office.sandbox.world.restate(&campaign.id, older.from, older.from);
    office.sync(&morning()).await;
    let of_hours = office.kpi(telling, older, KpiBy::Hour, "hour").await;
    let of_days = office.kpi(telling, older, KpiBy::Day, "date").await;
    let sum = |rows: &std::collections::BTreeMap<String, moa_api::KpiRow>| -> i64 {
        rows.values().map(|row| row.figures.impressions.parse::<i64>().expect("a count")).sum()
    };
    assert_eq!(sum(&of_hours), sum(&of_days));
    assert!(of_hours.get("null").is_none_or(|rest| rest.figures.impressions == "0"), "no hour is left over: {of_hours:#?}");
    office.assert_equal(telling, older).await;
}

#[tokio::test]
async fn naver_figures_are_naver_s() {
    holds(&Office::with_naver().await, &NAVER).await;
}

#[tokio::test]
async fn naver_hours_are_naver_s() {
    holds_by_hour(&Office::with_naver().await, &NAVER).await;
}

#[tokio::test]
async fn google_figures_are_google_s() {
    holds(&Office::with_google().await, &GOOGLE).await;
}

#[tokio::test]
async fn google_hours_are_google_s() {
    holds_by_hour(&Office::with_google().await, &GOOGLE).await;
}

#[tokio::test]
async fn kakao_figures_and_hours_are_kakao_s() {
    let office = Office::with_kakao().await;
    holds(&office, &KAKAO).await;
    holds_by_hour(&office, &KAKAO).await;
}

#[tokio::test]
async fn meta_figures_and_hours_are_meta_s() {
    let office = Office::with_meta().await;
    holds(&office, &META).await;
    holds_by_hour(&office, &META).await;
}

#[tokio::test]
async fn a_client_s_choice_of_conversions_counts_at_once_and_in_later_syncs() {
    let office = Office::with_kakao().await;
    let lately = last_days(7);
    office.sync(&range_of(lately)).await;
    let conversions = || async {
        let rows = office.kpi(&KAKAO, lately, KpiBy::Platform, "platform").await;
        rows["kakao"].figures.conversions.clone().expect("told")
    };
    let (purchases, kinds) = (conversions().await, office.moa.conversion_kinds(office.client_id).await.expect("kinds"));
    let of = |kind: &str| kinds.iter().find(|told| told.kind == kind).expect("told").conversions.clone();
    assert_eq!(purchases, of("purchase"));
    assert!(office.moa.choose_conversion_kinds(office.client_id, "kakao", &["nothing".to_owned()]).await.is_err());

    office.moa.choose_conversion_kinds(office.client_id, "kakao", &["add_to_cart".to_owned()]).await.expect("chosen");
    assert_eq!(conversions().await, of("add_to_cart"), "stored days are counted anew");
    let again = office.sync(&range_of(lately)).await;
    assert!(again.iter().all(|run| run.restated == 0), "a sync counts the same way: {again:#?}");
    assert_eq!(conversions().await, of("add_to_cart"));

    office.moa.choose_conversion_kinds(office.client_id, "kakao", &[]).await.expect("given back");
    office.sync(&range_of(lately)).await;
    assert_eq!(conversions().await, purchases);
}
