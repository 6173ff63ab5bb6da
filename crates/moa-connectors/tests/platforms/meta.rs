//! Traps of the Meta Marketing API.

use std::sync::Arc;

use moa_connectors::http::{KeptNowhere, Tokens};
use moa_connectors::oauth::{App, Listener, Returned};
use moa_connectors::{AccountState, Ask, Call, Connector, Credentials, Kind, Login, Retry, connect, examine_token, sign_in};
use moa_domain::{CampaignStatus, DateRange, Millionths, Platform, VatBasis};
use moa_sandbox::{Fault, Trouble, browser, meta};
use secrecy::ExposeSecret;

use crate::conformance::{Bench, Expected, account, by_key, days, expected, holds, pages, plain, read, removed};

const ACCOUNT: &str = "410022003300";

fn app() -> App {
    App { client_id: meta::APP_ID.to_owned(), client_secret: Some(meta::APP_SECRET.into()) }
}

fn with(bench: &Bench, app: App, token: &str) -> Arc<dyn Connector> {
    let tokens = Tokens { access: token.into(), refresh: None, expires_at: None };
    let login = Login { credentials: Credentials::OAuth { app, tokens }, keep: Arc::new(KeptNowhere) };
    connect(&Platform::MetaAds, &bench.http, login).expect("a connector")
}

fn connector(bench: &Bench) -> Arc<dyn Connector> {
    with(bench, app(), meta::TOKEN)
}

fn expected_of(bench: &Bench, range: DateRange) -> Expected {
    let world = &bench.sandbox.world;
    let stored = world.account("meta_ads", ACCOUNT).expect("of the world");
    let kind = account(world, "meta_ads", ACCOUNT, VatBasis::Excluded).kind;
    expected(world, stored, kind, range, |campaign, place, _, counts| {
        let mut told = plain(counts, false);
        // Leads are what counts for a campaign for leads.
        if campaign.kind == "OUTCOME_LEADS" {
            told.conversions = Millionths::ZERO;
        }
        Some((place.to_owned(), told))
    })
}

#[tokio::test]
async fn holds_what_every_connector_holds() {
    let bench = Bench::start().await;
    let account = account(&bench.sandbox.world, "meta_ads", ACCOUNT, VatBasis::Excluded);
    let range = days("2026-11-12", "2026-11-21");
    holds(&bench, connector(&bench).as_ref(), &account, &expected_of(&bench, range), range, "insights").await;
}

#[tokio::test]
async fn hours_stand_on_the_whole_and_know_no_conversions() {
    let bench = Bench::start().await;
    let account = account(&bench.sandbox.world, "meta_ads", ACCOUNT, VatBasis::Excluded);
    let range = days("2026-11-20", "2026-11-22");
    let figures = read(connector(&bench).as_ref(), &account, range, Some(range)).await;
    assert_eq!(by_key(&figures), expected_of(&bench, range).days);
    let sum = |counts: &mut dyn Iterator<Item = i64>| counts.sum::<i64>();
    assert_eq!(
        sum(&mut figures.hourly.iter().map(|hour| hour.counts.impressions)),
        sum(&mut figures.daily.iter().map(|fact| fact.counts.impressions))
    );
    assert!(figures.hourly.iter().all(|hour| hour.channel.as_str() == "meta_all" && !hour.conversions_known));
    assert!(figures.daily.iter().any(|fact| fact.engagement.likes > 0));
    assert_eq!(figures.attribution.as_deref(), Some("7d_click_1d_view"));
    let kinds: std::collections::BTreeSet<&str> = figures.conversions.iter().map(|fact| fact.conversion_kind.as_str()).collect();
    assert_eq!(kinds.into_iter().collect::<Vec<_>>(), ["purchase", "sign_up"]);
}

#[tokio::test]
async fn what_places_miss_of_the_total_stands_on_the_whole() {
    let bench = Bench::start().await;
    let account = account(&bench.sandbox.world, "meta_ads", ACCOUNT, VatBasis::Excluded);
    let range = days("2026-11-12", "2026-11-21");
    bench.sandbox.faults.set(Fault::always(Trouble::SplitMisses, "insights"));
    let figures = read(connector(&bench).as_ref(), &account, range, None).await;
    let placed = |(campaign, channel, day): (String, String, chrono::NaiveDate)| {
        let channel = if channel == "audience_network" { "meta_all".to_owned() } else { channel };
        (campaign, channel, day)
    };
    let expected: std::collections::BTreeMap<_, _> =
        expected_of(&bench, range).days.into_iter().map(|(key, counts)| (placed(key), counts)).collect();
    assert_eq!(by_key(&figures), expected);
    let of_kinds: i64 = figures.conversions.iter().map(|fact| fact.conversions.0).sum();
    let of_days: i64 = figures.daily.iter().map(|fact| fact.counts.conversions_all.0).sum();
    assert_eq!(of_kinds, of_days);
}

#[tokio::test]
async fn conversions_that_are_withheld_are_asked_by_fixed_windows_and_are_never_taken_for_none() {
    let bench = Bench::start().await;
    let account = account(&bench.sandbox.world, "meta_ads", ACCOUNT, VatBasis::Excluded);
    let (range, meta) = (days("2026-11-12", "2026-11-21"), connector(&bench));
    let told = |figures: &moa_connectors::Figures| figures.notes.iter().map(|note| note.code).collect::<Vec<_>>();

    bench.sandbox.faults.set(Fault::always(Trouble::WithheldConversions, "insights"));
    let figures = read(meta.as_ref(), &account, range, None).await;
    assert_eq!((by_key(&figures), told(&figures)), (expected_of(&bench, range).days, vec!["fixed_attribution_windows"]));

    bench.sandbox.faults.clear();
    bench.sandbox.faults.set(Fault::always(Trouble::NoConversions, "insights"));
    let figures = read(meta.as_ref(), &account, range, None).await;
    assert_eq!(told(&figures), ["withheld_conversions"]);
    assert!(figures.notes[0].campaigns.contains(&"120210000000010001".to_owned()), "{:?}", figures.notes);
}

#[tokio::test]
async fn pages_that_never_end_are_given_up() {
    let bench = Bench::start().await;
    let account = account(&bench.sandbox.world, "meta_ads", ACCOUNT, VatBasis::Excluded);
    bench.sandbox.faults.set(Fault::always(Trouble::RepeatedPage, "insights"));
    let meta = connector(&bench);
    let campaigns = meta.campaigns(&account, &Call::default()).await.expect("campaigns");
    let range = days("2026-11-12", "2026-11-21");
    let ask = Ask { days: range, hours: None, campaigns: &campaigns, now: bench.http.now() };
    let error = meta.figures(&account, &ask, &Call::default()).await.expect_err("in circles");
    assert_eq!(error.kind, Kind::BadAnswer);
    assert!(bench.sandbox.faults.requests().len() < 12, "{}", bench.sandbox.faults.requests().len());
}

#[tokio::test]
async fn an_ended_token_is_asked_with_once() {
    let bench = Bench::start().await;
    let ended = with(&bench, app(), "EAAended");
    for _ in 0..3 {
        assert_eq!(ended.accounts(&Call::default()).await.expect_err("ended").kind, Kind::NeedsLogin);
    }
    assert_eq!(bench.sandbox.faults.requests().len(), 1);
}

#[tokio::test]
async fn deleted_campaigns_are_listed_and_budgets_may_stand_on_ad_sets() {
    let bench = Bench::start().await;
    let account = account(&bench.sandbox.world, "meta_ads", ACCOUNT, VatBasis::Excluded);
    let meta = connector(&bench);
    let campaigns = meta.campaigns(&account, &Call::default()).await.expect("campaigns");
    assert_eq!(removed(&campaigns), ["120210000000010003"]);
    let budgets: Vec<_> = campaigns.iter().filter(|campaign| !campaign.removed).map(|campaign| campaign.daily_budget).collect();
    assert_eq!(budgets, [Some(Millionths::from_whole(150_000)); 2]);
    assert_eq!(campaigns[2].status, Some(CampaignStatus::Ended));

    // A platform that does not list deleted ones: their figures make them known.
    let refusal = Trouble::Status { status: 400, body: r#"{"error":{"message":"m","code":100}}"#.to_owned(), headers: vec![] };
    bench.sandbox.faults.set(Fault::once(refusal, "DELETED"));
    let fewer = meta.campaigns(&account, &Call::default()).await.expect("campaigns");
    assert_eq!(fewer.len(), 2);
    bench.sandbox.faults.forget_requests();
    meta.campaigns(&account, &Call::default()).await.expect("campaigns");
    assert!(bench.sandbox.faults.requests().iter().all(|request| !request.contains("DELETED")), "what was refused is not asked again");
    let range = days("2026-11-10", "2026-11-12");
    let ask = Ask { days: range, hours: None, campaigns: &fewer, now: bench.http.now() };
    let figures = meta.figures(&account, &ask, &Call::default()).await.expect("figures");
    assert_eq!(
        figures.strangers.iter().map(|campaign| (campaign.id.as_str(), campaign.removed)).collect::<Vec<_>>(),
        [("120210000000010003", true)]
    );
    assert_eq!(by_key(&figures), expected_of(&bench, range).days);
}

#[tokio::test]
async fn too_much_data_is_asked_in_pieces_and_at_last_as_a_report() {
    let bench = Bench::start().await;
    let account = account(&bench.sandbox.world, "meta_ads", ACCOUNT, VatBasis::Excluded);
    let meta = connector(&bench);
    let campaigns = meta.campaigns(&account, &Call::default()).await.expect("campaigns");
    let too_much = || Trouble::Status {
        status: 500,
        body: r#"{"error":{"code":1,"message":"Please reduce the amount of data you're asking for"}}"#.to_owned(),
        headers: vec![],
    };
    let range = days("2026-11-20", "2026-11-21");
    // Every smaller page, then each day alone, of which the first at last as a report.
    bench.sandbox.faults.set(Fault { trouble: too_much(), at: "time_increment=1&limit=".to_owned(), after: 0, times: 7 });
    let ask = Ask { days: range, hours: None, campaigns: &campaigns, now: bench.http.now() };
    let figures = meta.figures(&account, &ask, &Call::default()).await.expect("figures");
    assert_eq!(by_key(&figures), expected_of(&bench, range).days);
    assert!(bench.sandbox.faults.requests().iter().any(|request| request.starts_with("POST") && request.contains("/insights")));
}

#[tokio::test]
async fn throttling_says_when_to_come_back_and_no_token_is_ever_in_an_address() {
    let bench = Bench::start().await;
    let account = account(&bench.sandbox.world, "meta_ads", ACCOUNT, VatBasis::Excluded);
    let meta = connector(&bench);
    meta.campaigns(&account, &Call::default()).await.expect("campaigns");
    assert!(bench.sandbox.faults.requests().iter().all(|request| !request.contains("EAA")), "{:?}", bench.sandbox.faults.requests());
    let usage = r#"{"410022003300":[{"type":"ads_insights","call_count":100,"estimated_time_to_regain_access":3}]}"#;
    let throttled = Trouble::Status {
        status: 400,
        body: r#"{"error":{"message":"m","code":80000,"error_subcode":2446079}}"#.to_owned(),
        headers: vec![("x-business-use-case-usage", usage.to_owned())],
    };
    bench.sandbox.faults.set(Fault::always(throttled, "campaigns"));
    let error = meta.campaigns(&account, &Call::default()).await.expect_err("throttled");
    assert_eq!(error.kind, Kind::RateLimited);
    assert!(matches!(error.retry, Retry::After(Some(wait)) if wait.as_secs() == 3 * 60), "{error:?}");
}

#[tokio::test]
async fn a_system_user_s_token_works_without_an_app_and_an_ended_one_needs_a_person() {
    let bench = Bench::start().await;
    let meta = with(&bench, App { client_id: String::new(), client_secret: None }, meta::SYSTEM_TOKEN);
    let accounts = meta.accounts(&Call::default()).await.expect("accounts");
    assert_eq!(
        accounts.iter().map(|account| (account.id.as_str(), account.state)).collect::<Vec<_>>(),
        [(ACCOUNT, AccountState::Open), ("410022003311", AccountState::Open)]
    );
    let examine = |token: &'static str| {
        let http = Arc::clone(&bench.http);
        async move { examine_token(&Platform::MetaAds, &http, token.into(), &Call::default()).await }
    };
    let granted = examine(meta::SYSTEM_TOKEN).await.expect("works").expect("Meta takes tokens");
    assert_eq!((granted.label.as_deref(), granted.login_ends_at), (Some("모아 연결"), None));
    let granted = examine(meta::TOKEN).await.expect("works").expect("Meta takes tokens");
    assert_eq!(granted.login_ends_at.map(|end| end.timestamp()), Some(1_797_000_000));
    assert_eq!(examine(meta::BARE_TOKEN).await.expect_err("not allowed to read").kind, Kind::MissingScope);
    assert_eq!(examine("EAAended").await.expect_err("ended").kind, Kind::NeedsLogin);

    bench.sandbox.faults.forget_requests();
    let ended = with(&bench, app(), "EAAended");
    let error = ended.accounts(&Call::default()).await.expect_err("ended");
    assert_eq!((error.kind, error.vendor_code.as_deref()), (Kind::NeedsLogin, Some("190/463")));
    assert_eq!(bench.sandbox.faults.requests().len(), 1);
}

#[tokio::test]
async fn a_person_signs_in_with_the_agency_s_own_app() {
    let bench = Bench::start().await;
    let way = sign_in(&Platform::MetaAds).expect("a way");
    let listener = Listener::bind(way.redirect()).await.expect("a port");
    let authorisation = way.authorise(&app(), &listener.redirect_uri()).expect("an address");
    assert!(!authorisation.url.as_str().contains(meta::APP_SECRET));
    let (address, sandbox) = (authorisation.url.to_string(), bench.sandbox.origin());
    let person = tokio::spawn(async move { browser::sign_in(&address, &sandbox).await });
    let returned = listener.returned(&authorisation.state, &pages()).await.expect("an answer");
    person.await.expect("no panic").expect("a page");
    let code = returned.code.expect("a code");
    let granted = way.exchange(&bench.http, &app(), &authorisation, &code, &Call::default()).await.expect("a token");
    assert_eq!(granted.tokens.access.expose_secret(), meta::TOKEN);
    let days = (granted.login_ends_at.expect("an end") - bench.http.now()).num_days();
    assert!((58..=60).contains(&days), "{days}");
    let wrong = App { client_secret: Some("another".into()), ..app() };
    let refused = way.exchange(&bench.http, &wrong, &authorisation, &code, &Call::default()).await.expect_err("refused");
    assert_eq!(refused.kind, Kind::AppRefused);
    let denied = way.refusal(&Returned { error: Some("access_denied".to_owned()), ..Returned::default() });
    assert_eq!(denied.kind, Kind::Denied);
    let bare = App { client_secret: None, ..app() };
    assert_eq!(way.authorise(&bare, &listener.redirect_uri()).map(drop).expect_err("no secret").kind, Kind::AppRefused);
}
