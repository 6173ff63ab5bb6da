//! Traps of Kakao Moment.

use std::sync::Arc;

use moa_connectors::http::{KeptNowhere, Tokens};
use moa_connectors::oauth::{App, Listener, Returned};
use moa_connectors::{Ask, Call, Connector, Credentials, Kind, Login, connect, sign_in};
use moa_domain::{DateRange, Millionths, Objective, Platform, VatBasis};
use moa_sandbox::{Fault, Trouble, browser, kakao};
use secrecy::ExposeSecret;

use crate::conformance::{Bench, Expected, account, by_key, days, expected, holds, pages, plain, read, removed};

const ACCOUNT: &str = "700101";
const MESSAGE: &str = "1510077";

fn app() -> App {
    App { client_id: kakao::CLIENT_ID.to_owned(), client_secret: Some(kakao::CLIENT_SECRET.into()) }
}

fn connector(bench: &Bench) -> Arc<dyn Connector> {
    let tokens = Tokens { access: kakao::TOKEN.into(), refresh: None, expires_at: None };
    let login = Login { credentials: Credentials::OAuth { app: app(), tokens }, keep: Arc::new(KeptNowhere) };
    connect(&Platform::Kakao, &bench.http, login).expect("a connector")
}

fn expected_of(bench: &Bench, range: DateRange) -> Expected {
    let world = &bench.sandbox.world;
    let stored = world.account("kakao", ACCOUNT).expect("of the world");
    let kind = account(world, "kakao", ACCOUNT, VatBasis::Excluded).kind;
    expected(world, stored, kind, range, |_, _, _, counts| Some(("kakao".to_owned(), plain(counts, false))))
}

#[tokio::test]
async fn holds_what_every_connector_holds() {
    let bench = Bench::start().await;
    let account = account(&bench.sandbox.world, "kakao", ACCOUNT, VatBasis::Excluded);
    let range = days("2026-11-14", "2026-11-21");
    holds(&bench, connector(&bench).as_ref(), &account, &expected_of(&bench, range), range, "adAccounts/report").await;
}

#[tokio::test]
async fn today_and_hours_come_with_their_own_reports() {
    let bench = Bench::start().await;
    let account = account(&bench.sandbox.world, "kakao", ACCOUNT, VatBasis::Excluded);
    let range = days("2026-11-21", "2026-11-22");
    let figures = read(connector(&bench).as_ref(), &account, range, Some(range)).await;
    assert_eq!(by_key(&figures), expected_of(&bench, range).days);
    let hours: i64 = figures.hourly.iter().map(|hour| hour.counts.impressions).sum();
    assert_eq!(hours, figures.daily.iter().map(|fact| fact.counts.impressions).sum::<i64>());
    assert!(figures.hourly.iter().all(|hour| hour.date.to_string() == "2026-11-21" || hour.hour < 12), "noon has not passed");
}

#[tokio::test]
async fn a_message_campaign_that_no_list_names_is_asked_by_its_number() {
    let bench = Bench::start().await;
    let account = account(&bench.sandbox.world, "kakao", ACCOUNT, VatBasis::Excluded);
    let kakao = connector(&bench);
    let call = Call::default();
    let campaigns = kakao.campaigns(&account, &call).await.expect("campaigns");
    assert!(campaigns.iter().all(|campaign| campaign.id != MESSAGE));
    assert_eq!(removed(&kakao.removed_campaigns(&account, &call).await.expect("campaigns")), ["1510003"]);
    let board = campaigns.iter().find(|campaign| campaign.id == "1510001").expect("listed");
    assert_eq!((board.kind.as_str(), board.objective), ("TALK_BIZ_BOARD", Some(Objective::Conversion)));
    assert_eq!((board.daily_budget, board.total_budget), (Some(Millionths::from_whole(150_000)), Some(Millionths::from_whole(4_500_000))));
    assert!(board.start_date.is_some() && board.end_date.is_none());

    let range = days("2026-11-14", "2026-11-21");
    let figures = read(kakao.as_ref(), &account, range, None).await;
    assert_eq!(removed(&figures.strangers), ["1510003"], "deleted ones are known by their figures");
    let stranger = figures.strangers.iter().find(|campaign| !campaign.removed).expect("the messages");
    assert_eq!((stranger.id.as_str(), stranger.kind.as_str(), stranger.removed), (MESSAGE, "TALK_CHANNEL", false));
    assert_eq!(stranger.objective, Some(Objective::Consideration));
    assert!(figures.answered.contains(&MESSAGE.to_owned()));
    let purchases: Millionths = figures
        .conversions
        .iter()
        .filter(|fact| fact.conversion_kind == "purchase")
        .fold(Millionths::ZERO, |sum, fact| sum + fact.conversions);
    assert_eq!(purchases, figures.daily.iter().fold(Millionths::ZERO, |sum, fact| sum + fact.counts.conversions));
    assert_eq!(figures.attribution.as_deref(), Some("7d"));

    // Known from before and in no list: looked after again, so that it is not taken for deleted.
    let mut again = campaigns.clone();
    again.push(moa_connectors::RemoteCampaign { removed: true, status: None, ..stranger.clone() });
    let quiet = days("2020-01-01", "2020-01-02");
    for range in [range, quiet] {
        let ask = Ask { days: range, hours: None, campaigns: &again, now: bench.http.now() };
        let figures = kakao.figures(&account, &ask, &call).await.expect("figures");
        let found = figures.strangers.iter().find(|campaign| campaign.id == MESSAGE).expect("with figures or without");
        assert!(!found.removed, "{range:?}");
    }
}

#[tokio::test]
async fn a_month_takes_one_report_and_a_failure_within_a_success_is_one() {
    let bench = Bench::start().await;
    let account = account(&bench.sandbox.world, "kakao", ACCOUNT, VatBasis::Excluded);
    let kakao = connector(&bench);
    let campaigns = kakao.campaigns(&account, &Call::default()).await.expect("campaigns");
    bench.sandbox.faults.forget_requests();
    let range = days("2026-10-22", "2026-11-21");
    let ask = Ask { days: range, hours: None, campaigns: &campaigns, now: bench.http.now() };
    let figures = kakao.figures(&account, &ask, &Call::default()).await.expect("figures");
    assert_eq!(by_key(&figures), expected_of(&bench, range).days);
    let reports = bench.sandbox.faults.requests().iter().filter(|request| request.contains("/report")).count();
    assert_eq!(reports, 1);

    let limited =
        Trouble::Status { status: 200, body: "{\"code\":-10,\"msg\":\"API limit has been exceeded.\"}".to_owned(), headers: vec![] };
    bench.sandbox.faults.set(Fault::once(limited, "adAccounts/report"));
    let again = kakao.figures(&account, &ask, &Call::default()).await.expect("figures");
    assert_eq!(again, figures);
    let unapproved =
        Trouble::Status { status: 403, body: "{\"code\":-5,\"msg\":\"insufficient permission.\"}".to_owned(), headers: vec![] };
    bench.sandbox.faults.set(Fault::once(unapproved, "adAccounts/report"));
    let error = kakao.figures(&account, &ask, &Call::default()).await.expect_err("not approved");
    assert_eq!((error.kind, error.vendor_code.as_deref()), (Kind::NotApproved, Some("-5")));
}

#[tokio::test]
async fn a_token_that_ended_needs_a_person_at_once() {
    let bench = Bench::start().await;
    let account = account(&bench.sandbox.world, "kakao", ACCOUNT, VatBasis::Excluded);
    bench.sandbox.faults.set(Fault::always(Trouble::RevokedLogin, ""));
    let error = connector(&bench).campaigns(&account, &Call::default()).await.expect_err("ended");
    assert_eq!(error.kind, Kind::NeedsLogin);
    assert_eq!(bench.sandbox.faults.requests().len(), 1, "there is nothing to renew");
    bench.sandbox.faults.clear();
    let balance = connector(&bench).balance(&account, &Call::default()).await.expect("told").expect("some");
    assert_eq!(balance.amount, Millionths::from_whole(kakao::CASH.0 + kakao::CASH.1));
    assert_eq!(connector(&bench).accounts(&Call::default()).await.expect("accounts").len(), 2);
}

#[tokio::test]
async fn a_person_signs_in_at_the_registered_address() {
    let bench = Bench::start().await;
    let way = sign_in(&Platform::Kakao).expect("a way");
    let listener = Listener::bind(way.redirect()).await.expect("a port");
    assert!(way.redirect().addresses().contains(&listener.redirect_uri()));
    let authorisation = way.authorise(&app(), &listener.redirect_uri()).expect("an address");
    let (address, sandbox) = (authorisation.url.to_string(), bench.sandbox.origin());
    let person = tokio::spawn(async move { browser::sign_in(&address, &sandbox).await });
    let returned = listener.returned(&authorisation.state, &pages()).await.expect("an answer");
    person.await.expect("no panic").expect("a page");
    let code = returned.code.expect("a code");
    let granted = way.exchange(&bench.http, &app(), &authorisation, &code, &Call::default()).await.expect("a token");
    assert_eq!((granted.tokens.access.expose_secret(), granted.tokens.expires_at), (kakao::TOKEN, None));
    let again = way.exchange(&bench.http, &app(), &authorisation, &code, &Call::default()).await.expect_err("used");
    assert_eq!((again.kind, again.vendor_code.as_deref()), (Kind::NeedsLogin, Some("KOE320")));

    let of = |error: &str, description: &str| {
        let returned = Returned { error: Some(error.to_owned()), error_description: Some(description.to_owned()), ..Returned::default() };
        way.refusal(&returned).kind
    };
    assert_eq!(of("access_denied", "User denied access"), Kind::Denied);
    assert_eq!(of("invalid_request", "KOE232 consent item is not permitted"), Kind::NotApproved);
}
