//! Traps of Google Ads.

use std::sync::{Arc, Mutex};

use chrono::DateTime;
use moa_connectors::http::{Keep, KeptNowhere, Tokens, Turn};
use moa_connectors::oauth::{App, Listener};
use moa_connectors::{Call, Connector, Credentials, Kind, Login, connect, sign_in};
use moa_domain::{CampaignStatus, DateRange, Millionths, Platform, VatBasis};
use moa_sandbox::{Fault, Trouble, browser, google};
use secrecy::ExposeSecret;

use crate::conformance::{Bench, Expected, account, by_key, day, days, expected, holds, pages, plain, read, removed};

const ACCOUNT: &str = "6120034477";
const DOLLARS: &str = "6120034488";

/// Counts what is kept.
#[derive(Default)]
struct Counted(Mutex<u32>);

#[async_trait::async_trait]
impl Keep for Counted {
    async fn turn(&self) -> Option<Turn> {
        None
    }

    async fn kept(&self) -> Option<Tokens> {
        None
    }

    async fn keep(&self, _: &Tokens) {
        *self.0.lock().expect("no panic") += 1;
    }
}

fn app() -> App {
    App { client_id: google::CLIENT_ID.to_owned(), client_secret: Some(google::CLIENT_SECRET.into()) }
}

/// A login whose access token has ended: it has to be renewed first.
fn connector(bench: &Bench) -> Arc<dyn Connector> {
    let tokens = Tokens { access: "ended".into(), refresh: Some(google::REFRESH_TOKEN.into()), expires_at: Some(DateTime::UNIX_EPOCH) };
    let login = Login { credentials: Credentials::OAuth { app: app(), tokens }, keep: Arc::new(KeptNowhere) };
    connect(&Platform::GoogleAds, &bench.http, login).expect("a connector")
}

fn expected_of(bench: &Bench, id: &str, range: DateRange) -> Expected {
    let world = &bench.sandbox.world;
    let stored = world.account("google_ads", id).expect("of the world");
    let kind = account(world, "google_ads", id, VatBasis::Excluded).kind;
    expected(world, stored, kind, range, |campaign, place, _, counts| {
        let channel = match (place, campaign.kind.as_str()) {
            ("SEARCH", "SHOPPING") => "google_shopping",
            ("SEARCH" | "SEARCH_PARTNERS", _) => "google_search",
            ("CONTENT", _) => "google_display",
            ("YOUTUBE", _) => "youtube",
            _ => "google_pmax",
        };
        Some((channel.to_owned(), plain(counts, stored.currency != "KRW")))
    })
}

#[tokio::test]
async fn holds_what_every_connector_holds() {
    let bench = Bench::start().await;
    let account = account(&bench.sandbox.world, "google_ads", ACCOUNT, VatBasis::Excluded);
    let range = days("2026-11-14", "2026-11-21");
    holds(&bench, connector(&bench).as_ref(), &account, &expected_of(&bench, ACCOUNT, range), range, "searchStream").await;
}

#[tokio::test]
async fn an_account_in_dollars_is_read_in_its_own_zone_to_the_cent() {
    let bench = Bench::start().await;
    let account = account(&bench.sandbox.world, "google_ads", DOLLARS, VatBasis::Excluded);
    // The clocks of Los Angeles went back on 2026-11-01.
    let range = days("2026-10-30", "2026-11-21");
    let figures = read(connector(&bench).as_ref(), &account, range, Some(days("2026-11-20", "2026-11-21"))).await;
    assert_eq!(by_key(&figures), expected_of(&bench, DOLLARS, range).days);
    let of_day = |date: &str| figures.hourly.iter().filter(|hour| hour.date == day(date)).map(|hour| hour.counts.cost.0).sum::<i64>();
    let daily = figures.daily.iter().find(|fact| fact.date == day("2026-11-20")).expect("a day");
    assert_eq!(of_day("2026-11-20"), daily.counts.cost.0);
}

#[tokio::test]
async fn accounts_below_managers_are_found_with_their_way_and_closed_ones_hide_nobody() {
    let bench = Bench::start().await;
    let accounts = connector(&bench).accounts(&Call::default()).await.expect("accounts");
    let found: Vec<(&str, Option<&str>)> = accounts.iter().map(|account| (account.id.as_str(), account.via.as_deref())).collect();
    assert_eq!(found, [(ACCOUNT, Some("5550010001")), (DOLLARS, None)]);
    assert_eq!(accounts[1].time_zone.as_deref(), Some("America/Los_Angeles"));

    // Without its manager the account is forbidden.
    let mut lost = account(&bench.sandbox.world, "google_ads", ACCOUNT, VatBasis::Excluded);
    lost.via = None;
    let error = connector(&bench).campaigns(&lost, &Call::default()).await.expect_err("forbidden");
    assert_eq!((error.kind, error.vendor_code.as_deref()), (Kind::NoAccess, Some("USER_PERMISSION_DENIED")));
}

#[tokio::test]
async fn campaigns_keep_their_removed_ones_and_budgets() {
    let bench = Bench::start().await;
    let account = account(&bench.sandbox.world, "google_ads", ACCOUNT, VatBasis::Excluded);
    let campaigns = connector(&bench).campaigns(&account, &Call::default()).await.expect("campaigns");
    assert_eq!((campaigns.len(), removed(&campaigns)), (5, vec!["18800012345"]));
    let of = |id: &str| campaigns.iter().find(|campaign| campaign.id == id).expect("listed");
    assert_eq!(of("20417755101").daily_budget, Some(Millionths::from_whole(150_000)));
    assert_eq!(of("20417755103").status, Some(CampaignStatus::Ended));
    assert_eq!(of("20417755104").status, Some(CampaignStatus::Paused));
}

#[tokio::test]
async fn a_token_that_ends_is_renewed_once_for_all_and_a_revoked_login_is_not_asked_again() {
    let bench = Bench::start().await;
    let account = account(&bench.sandbox.world, "google_ads", ACCOUNT, VatBasis::Excluded);
    let google = connector(&bench);
    google.campaigns(&account, &Call::default()).await.expect("campaigns");
    bench.sandbox.faults.set(Fault::once(Trouble::ExpiredToken, "searchStream"));
    bench.sandbox.faults.forget_requests();
    let call = Call::default();
    let all = futures_util::future::join_all((0..6).map(|_| google.campaigns(&account, &call))).await;
    assert!(all.iter().all(Result::is_ok), "{all:?}");
    let renewals = bench.sandbox.faults.requests().iter().filter(|request| request.contains("/token")).count();
    assert_eq!(renewals, 1);

    bench.sandbox.faults.clear();
    bench.sandbox.faults.set(Fault::always(Trouble::RevokedLogin, ""));
    bench.sandbox.faults.forget_requests();
    for _ in 0..3 {
        let error = google.campaigns(&account, &Call::default()).await.expect_err("revoked");
        assert_eq!(error.kind, Kind::NeedsLogin);
    }
    let renewals = bench.sandbox.faults.requests().iter().filter(|request| request.contains("/token")).count();
    assert_eq!(renewals, 1, "a renewal that was refused is not asked for again");
}

#[tokio::test]
async fn a_morning_takes_two_questions_and_one_by_hour() {
    let bench = Bench::start().await;
    let account = account(&bench.sandbox.world, "google_ads", ACCOUNT, VatBasis::Excluded);
    let google = connector(&bench);
    google.campaigns(&account, &Call::default()).await.expect("the token is fresh");
    let call = Call::default();
    let campaigns = google.campaigns(&account, &call).await.expect("campaigns");
    let range = days("2026-10-23", "2026-11-22");
    let ask =
        moa_connectors::Ask { days: range, hours: Some(days("2026-11-20", "2026-11-22")), campaigns: &campaigns, now: bench.http.now() };
    google.figures(&account, &ask, &call).await.expect("figures");
    assert_eq!(call.requests(), 3);
}

#[tokio::test]
async fn a_range_too_wide_is_asked_in_halves_and_a_campaign_nobody_lists_keeps_its_days() {
    let bench = Bench::start().await;
    let account = account(&bench.sandbox.world, "google_ads", ACCOUNT, VatBasis::Excluded);
    let google = connector(&bench);
    let range = days("2026-11-12", "2026-11-21");
    let whole = read(google.as_ref(), &account, range, None).await;
    let wide = r#"[{"error":{"code":400,"details":[{"@type":"x.GoogleAdsFailure","errors":[{"errorCode":{"queryError":"DATE_RANGE_TOO_WIDE"}}]}]}}]"#;
    let campaigns = google.campaigns(&account, &Call::default()).await.expect("campaigns");
    let gone = moa_connectors::RemoteCampaign { id: "77".to_owned(), objective: None, removed: true, ..campaigns[0].clone() };
    let known = [campaigns, vec![gone]].concat();
    bench.sandbox.faults.set(Fault::once(Trouble::Status { status: 400, body: wide.to_owned(), headers: vec![] }, "searchStream"));
    bench.sandbox.faults.forget_requests();
    let ask = moa_connectors::Ask { days: range, hours: None, campaigns: &known, now: bench.http.now() };
    let figures = google.figures(&account, &ask, &Call::default()).await.expect("figures");
    assert_eq!(figures.daily, whole.daily);
    assert_eq!(bench.sandbox.faults.requests().len(), 3);
    assert!(!figures.answered.contains(&"77".to_owned()), "its stored days are no zeros");
}

#[tokio::test]
async fn a_person_signs_in_with_the_browser() {
    let bench = Bench::start().await;
    let way = sign_in(&Platform::GoogleAds).expect("a way");
    let listener = Listener::bind(way.redirect()).await.expect("a port");
    let authorisation = way.authorise(&app(), &listener.redirect_uri()).expect("an address");
    let (address, sandbox) = (authorisation.url.to_string(), bench.sandbox.origin());
    let person = tokio::spawn(async move { browser::sign_in(&address, &sandbox).await });
    let returned = listener.returned(&authorisation.state, &pages()).await.expect("an answer");
    assert!(person.await.expect("no panic").expect("a page").ends_with("<p>done</p>"));
    let code = returned.code.expect("a code");
    let granted = way.exchange(&bench.http, &app(), &authorisation, &code, &Call::default()).await.expect("tokens");
    assert_eq!(granted.tokens.refresh.as_ref().map(ExposeSecret::expose_secret), Some(google::REFRESH_TOKEN));

    // The tokens work, and what is renewed is told.
    let kept = Arc::<Counted>::default();
    let expired = Tokens { expires_at: Some(bench.http.now()), ..granted.tokens };
    let login = Login { credentials: Credentials::OAuth { app: app(), tokens: expired }, keep: Arc::clone(&kept) as Arc<dyn Keep> };
    let google = connect(&Platform::GoogleAds, &bench.http, login).expect("a connector");
    assert_eq!(google.accounts(&Call::default()).await.expect("accounts").len(), 2);
    assert_eq!(*kept.0.lock().expect("no panic"), 1);

    // The same code a second time is refused, as is a wrong secret.
    let again = way.exchange(&bench.http, &app(), &authorisation, &code, &Call::default()).await.expect_err("used");
    assert_eq!(again.kind, Kind::NeedsLogin);
    let wrong = App { client_secret: Some("another".into()), ..app() };
    let error = way.exchange(&bench.http, &wrong, &authorisation, &code, &Call::default()).await.expect_err("refused");
    assert_eq!(error.kind, Kind::AppRefused);
}
