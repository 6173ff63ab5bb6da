//! Traps of Naver SearchAd.

use moa_connectors::http::KeptNowhere;
use moa_connectors::{Call, Connector, ConnectorError, Credentials, Kind, Login, connect};
use moa_domain::{CampaignStatus, Millionths, Platform, VatBasis};
use moa_sandbox::{Fault, Trouble, naver};
use std::sync::Arc;

use crate::conformance::{Bench, account, by_key, day, days, expected, holds, plain, read, removed};

const ACCOUNT: &str = "3100001";

fn login(secret: &str, customers: &[&str]) -> Login {
    let customers = customers.iter().map(|number| (*number).to_owned()).collect();
    Login {
        credentials: Credentials::Keys { license: naver::LICENSE.to_owned(), secret: secret.into(), customers },
        keep: Arc::new(KeptNowhere),
    }
}

fn connector(bench: &Bench) -> Arc<dyn Connector> {
    connect(&Platform::NaverAds, &bench.http, login(naver::SECRET, &[ACCOUNT])).expect("a connector")
}

fn expected_of(bench: &Bench, range: moa_domain::DateRange) -> crate::conformance::Expected {
    let world = &bench.sandbox.world;
    let stored = world.account("naver_ads", ACCOUNT).expect("of the world");
    // Removed campaigns are not in the list, and this window does not know them from before.
    let kind = account(world, "naver_ads", ACCOUNT, VatBasis::Included).kind;
    expected(world, stored, kind, range, |campaign, _, date, counts| {
        if campaign.removed {
            return None;
        }
        let mut told = plain(counts, false);
        told.cost = Millionths::from_whole(naver::cost_of_day(world, campaign, date, counts));
        Some(("naver_search".to_owned(), told))
    })
}

#[tokio::test]
async fn holds_what_every_connector_holds() {
    let bench = Bench::start().await;
    let naver = connector(&bench);
    let account = account(&bench.sandbox.world, "naver_ads", ACCOUNT, VatBasis::Included);
    // The last days, on which no removed campaign runs.
    let range = days("2026-11-18", "2026-11-20");
    holds(&bench, naver.as_ref(), &account, &expected_of(&bench, range), range, "/stats").await;
}

#[tokio::test]
async fn a_removed_campaign_known_from_before_is_still_read() {
    let bench = Bench::start().await;
    let naver = connector(&bench);
    let account = account(&bench.sandbox.world, "naver_ads", ACCOUNT, VatBasis::Included);
    let call = Call::default();
    let mut campaigns = naver.campaigns(&account, &call).await.expect("campaigns");
    assert_eq!(removed(&campaigns), [] as [&str; 0]);
    let gone =
        bench.sandbox.world.account("naver_ads", ACCOUNT).expect("there").campaigns.iter().find(|campaign| campaign.removed).expect("one");
    let known = moa_connectors::RemoteCampaign { id: gone.id.clone(), removed: true, ..campaigns[0].clone() };
    campaigns.push(known);
    let range = days("2026-11-10", "2026-11-12");
    let ask = moa_connectors::Ask { days: range, hours: None, campaigns: &campaigns, now: bench.http.now() };
    let figures = naver.figures(&account, &ask, &call).await.expect("figures");
    assert!(by_key(&figures).keys().any(|(campaign, ..)| *campaign == gone.id));

    // A platform that knows nothing of it any more: what is stored of it stays, and the others are read.
    let refusal = Trouble::Status { status: 404, body: "{\"code\":1001,\"message\":\"x\"}".to_owned(), headers: vec![] };
    bench.sandbox.faults.set(Fault::always(refusal, &gone.id));
    let figures = naver.figures(&account, &ask, &call).await.expect("figures");
    assert!(!figures.answered.contains(&gone.id) && figures.answered.len() + 1 == campaigns.len());
    assert!(by_key(&figures).keys().all(|(campaign, ..)| *campaign != gone.id) && !figures.daily.is_empty());
}

#[tokio::test]
async fn hours_come_with_their_day_and_one_by_one_where_several_are_refused() {
    let bench = Bench::start().await;
    let naver = connector(&bench);
    let account = account(&bench.sandbox.world, "naver_ads", ACCOUNT, VatBasis::Included);
    let range = days("2026-11-20", "2026-11-21");
    let together = read(naver.as_ref(), &account, range, Some(range)).await;
    assert_eq!(by_key(&together), expected_of(&bench, range).days);
    let impressions = |figures: &moa_connectors::Figures| figures.hourly.iter().map(|hour| hour.counts.impressions).sum::<i64>();
    assert_eq!(impressions(&together), together.daily.iter().map(|fact| fact.counts.impressions).sum::<i64>());

    let refusal = Trouble::Status { status: 400, body: "{\"code\":11001,\"message\":\"x\"}".to_owned(), headers: vec![] };
    bench.sandbox.faults.set(Fault { trouble: refusal, at: "/stats?ids".to_owned(), after: 0, times: 3 });
    let fresh = connector(&bench);
    let mut one_by_one = read(fresh.as_ref(), &account, range, Some(range)).await;
    one_by_one.hourly.sort_by_key(|hour| (hour.campaign.clone(), hour.date, hour.hour));
    assert_eq!(one_by_one.hourly.len(), together.hourly.len());
    assert_eq!(by_key(&one_by_one), by_key(&together));
}

#[tokio::test]
async fn older_hours_come_from_large_reports_and_agree_with_their_day() {
    let bench = Bench::start().await;
    let naver = connector(&bench);
    let account = account(&bench.sandbox.world, "naver_ads", ACCOUNT, VatBasis::Included);
    let range = days("2026-11-12", "2026-11-18");
    let figures = read(naver.as_ref(), &account, range, Some(range)).await;
    assert_eq!(figures.hours, Some(range));
    assert_eq!(by_key(&figures), expected_of(&bench, range).days);
    for day in figures.daily.iter().filter(|day| day.counts.impressions > 0) {
        let hours: Vec<_> = figures.hourly.iter().filter(|hour| hour.campaign == day.campaign && hour.date == day.date).collect();
        let sum = |of: fn(&moa_domain::Counts) -> i64| hours.iter().map(|hour| of(&hour.counts)).sum::<i64>();
        assert_eq!(sum(|counts| counts.impressions), day.counts.impressions, "{} {}", day.campaign, day.date);
        assert_eq!(sum(|counts| counts.clicks), day.counts.clicks, "{} {}", day.campaign, day.date);
        assert_eq!(sum(|counts| counts.conversions.0), day.counts.conversions.0, "{} {}", day.campaign, day.date);
        assert_eq!(sum(|counts| counts.conversions_all.0), day.counts.conversions_all.0, "{} {}", day.campaign, day.date);
        assert!(hours.iter().all(|hour| hour.conversions_known));
        let cost = sum(|counts| counts.cost.0);
        assert!(cost == day.counts.cost.0 || cost == 0, "brand search alone has no cost by hour");
    }

    // Too long ago for conversions by hour, and too long ago altogether.
    let old = days("2026-09-01", "2026-09-02");
    assert!(read(naver.as_ref(), &account, old, Some(old)).await.hourly.iter().all(|hour| !hour.conversions_known));
    let refusal = Trouble::Status { status: 400, body: "{\"code\":10004,\"message\":\"x\"}".to_owned(), headers: vec![] };
    bench.sandbox.faults.set(Fault { trouble: refusal, at: "/stat-reports".to_owned(), after: 0, times: 1 });
    let cut = read(naver.as_ref(), &account, old, Some(old)).await;
    assert!(cut.hours.is_none_or(|hours| hours.days() == 1) && !cut.daily.is_empty());
    assert!(cut.notes.iter().any(|note| note.code == "hours_not_kept"));
}

#[tokio::test]
async fn a_clock_that_is_off_is_set_by_the_platform_s_and_a_wrong_secret_is_not_tried_again() {
    let bench = Bench::start().await;
    let account = account(&bench.sandbox.world, "naver_ads", ACCOUNT, VatBasis::Included);
    bench.sandbox.faults.set(Fault::always(Trouble::ClockAhead(300), ""));
    let naver = connector(&bench);
    assert!(!naver.campaigns(&account, &Call::default()).await.expect("campaigns").is_empty());

    let bench = Bench::start().await;
    let wrong = connect(&Platform::NaverAds, &bench.http, login("another secret", &[ACCOUNT])).expect("a connector");
    let error: ConnectorError = wrong.campaigns(&account, &Call::default()).await.expect_err("refused");
    assert_eq!((error.kind, error.vendor_code.as_deref()), (Kind::NeedsLogin, Some("invalid-signature")));
    assert_eq!(bench.sandbox.faults.requests().len(), 1);
}

#[tokio::test]
async fn accounts_are_the_entered_ones_and_those_the_licence_holds() {
    let bench = Bench::start().await;
    let accounts = connector(&bench).accounts(&Call::default()).await.expect("accounts");
    let names: Vec<(&str, Option<&str>)> = accounts.iter().map(|account| (account.id.as_str(), account.name.as_deref())).collect();
    assert_eq!(names, [("3100001", Some("한빛침구 검색광고")), ("3100002", Some("바다식품"))], "display accounts are another interface");
    let unknown = connect(&Platform::NaverAds, &bench.http, login(naver::SECRET, &["999"])).expect("a connector");
    let error = unknown.accounts(&Call::default()).await.expect_err("no rights");
    assert_eq!((error.kind, error.account.as_deref()), (Kind::NoAccess, Some("999")));
    let one_unknown = connect(&Platform::NaverAds, &bench.http, login(naver::SECRET, &["999", "3100001"])).expect("a connector");
    let accounts = one_unknown.accounts(&Call::default()).await.expect("one that may not be read stops no other");
    assert_eq!(accounts.iter().map(|account| account.id.as_str()).collect::<Vec<_>>(), ["3100001", "3100002", "999"]);
}

#[tokio::test]
async fn the_morning_takes_few_requests_and_brand_search_costs_its_contract() {
    let bench = Bench::start().await;
    let naver = connector(&bench);
    let account = account(&bench.sandbox.world, "naver_ads", ACCOUNT, VatBasis::Included);
    let call = Call::default();
    let campaigns = naver.campaigns(&account, &call).await.expect("campaigns");
    let range = days("2026-11-15", "2026-11-21");
    let ask = moa_connectors::Ask { days: range, hours: None, campaigns: &campaigns, now: bench.http.now() };
    let figures = naver.figures(&account, &ask, &call).await.expect("figures");
    // One list, one call for each of the four campaigns, the contracts and their groups.
    assert_eq!(call.requests(), 1 + 4 + 2);
    let brand = figures.daily.iter().find(|fact| fact.campaign.contains("-04-") && fact.date == day("2026-11-21")).expect("a day");
    assert_eq!((brand.counts.cost, brand.kind.vat), (Millionths::from_whole(110_000), VatBasis::Included));
    assert!(figures.notes.iter().any(|note| note.code == "brand_cost_from_contract"));
    let ended = campaigns.iter().find(|campaign| campaign.id.contains("-03-")).expect("the ended one");
    assert_eq!((ended.status, ended.end_date), (Some(CampaignStatus::Ended), Some(day("2026-11-10"))));
}

#[tokio::test]
async fn totals_before_the_switch_are_without_vat() {
    let bench = Bench::start().await;
    let naver = connector(&bench);
    let account = account(&bench.sandbox.world, "naver_ads", ACCOUNT, VatBasis::Included);
    let totals = naver.totals(&account, days("2026-03-29", "2026-03-30"), &Call::default()).await.expect("totals");
    assert_eq!(totals.iter().map(|total| total.kind.vat).collect::<Vec<_>>(), [VatBasis::Excluded, VatBasis::Included]);
    assert!(totals.iter().all(|total| total.cost > Millionths::ZERO));
    let balance = naver.balance(&account, &Call::default()).await.expect("balance").expect("told");
    assert_eq!(balance.amount, Millionths::from_whole(naver::BIZMONEY));
}
