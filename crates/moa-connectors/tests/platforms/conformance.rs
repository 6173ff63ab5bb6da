//! What every connector has to do, whichever platform it reads: a platform's file calls [`holds`] with its login.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::NaiveDate;
use moa_connectors::http::{Endpoints, Http};
use moa_connectors::oauth::Pages;
use moa_connectors::{Account, AccountTotal, Ask, Call, Connector, Figures, Kind, RemoteCampaign};
use moa_domain::ports::FixedClock;
use moa_domain::{Counts, Currency, DateRange, Millionths, MoneyKind, VatBasis};
use moa_sandbox::world::{self, World};
use moa_sandbox::{Fault, Sandbox, Trouble};

/// Noon in Seoul.
pub(crate) const NOW: &str = "2026-11-22T03:00:00Z";

/// What the browser shows.
pub(crate) fn pages() -> Pages {
    Pages { granted: "<p>done</p>".to_owned(), refused: "<p>refused</p>".to_owned() }
}

pub(crate) struct Bench {
    pub(crate) sandbox: Sandbox,
    pub(crate) http: Arc<Http>,
}

impl Bench {
    pub(crate) async fn start() -> Self {
        let now = NOW.parse().expect("a time");
        let sandbox = Sandbox::start(World::agency(7, now), 0).await.expect("a free port");
        let endpoints = Endpoints::parse(&sandbox.endpoints_file(200), "sandbox").expect("loopback only");
        Self { http: Http::new(endpoints, Arc::new(FixedClock(now))).expect("a trust store"), sandbox }
    }
}

/// How a platform tells a figure of the world: the campaign's counts of a day on one of our channels.
pub(crate) struct Expected {
    pub(crate) kind: MoneyKind,
    /// (campaign, channel, day) → counts.
    pub(crate) days: BTreeMap<(String, String, NaiveDate), Counts>,
}

pub(crate) fn account(world: &World, platform: &str, id: &str, vat: VatBasis) -> Account {
    let account = world.account(platform, id).expect("of the world");
    Account {
        id: id.to_owned(),
        via: account.manager.clone(),
        time_zone: account.time_zone,
        kind: MoneyKind::new(account.currency.parse().unwrap_or(Currency::KRW), vat, 10),
    }
}

pub(crate) fn day(text: &str) -> NaiveDate {
    text.parse().expect("a day")
}

pub(crate) fn days(from: &str, to: &str) -> DateRange {
    DateRange::new(day(from), day(to)).expect("forward")
}

pub(crate) async fn read(connector: &dyn Connector, account: &Account, range: DateRange, hours: Option<DateRange>) -> Figures {
    let call = Call::default();
    let campaigns = connector.campaigns(account, &call).await.expect("campaigns");
    let ask = Ask { days: range, hours, campaigns: &campaigns, now: NOW.parse().expect("a time") };
    connector.figures(account, &ask, &call).await.expect("figures")
}

pub(crate) fn by_key(figures: &Figures) -> BTreeMap<(String, String, NaiveDate), Counts> {
    let mut rows = BTreeMap::new();
    for fact in &figures.daily {
        let before = rows.insert((fact.campaign.clone(), fact.channel.as_str().to_owned(), fact.date), fact.counts);
        assert!(before.is_none(), "{} stands twice on {}", fact.campaign, fact.date);
    }
    rows.retain(|_, counts| *counts != Counts::default());
    rows
}

/// The counts every platform tells alike; a platform's file changes what its platform tells otherwise.
pub(crate) fn plain(counts: world::Counts, cents: bool) -> Counts {
    let money = |value: i64| if cents { Millionths(value * 10_000) } else { Millionths::from_whole(value) };
    Counts {
        impressions: counts.impressions,
        clicks: counts.clicks,
        cost: money(counts.cost),
        conversions: Millionths::from_whole(counts.purchases),
        revenue: money(counts.purchase_value),
        conversions_all: Millionths::from_whole(counts.purchases + counts.others),
        revenue_all: money(counts.purchase_value),
    }
}

/// A suite every platform passes. `path` is part of the address of its figures.
pub(crate) async fn holds(bench: &Bench, connector: &dyn Connector, account: &Account, expected: &Expected, range: DateRange, path: &str) {
    let faults = &bench.sandbox.faults;
    let read_days = || read(connector, account, range, None);
    let equal = |figures: &Figures, what: &str| {
        assert_eq!(by_key(figures), expected.days, "{what}");
        assert!(figures.daily.iter().all(|fact| fact.kind == expected.kind), "{what}");
    };

    // Every row, and the same again.
    let first = read_days().await;
    equal(&first, "as it is");
    assert_eq!(read_days().await, first, "the same window again");
    assert!(first.answered.len() >= expected.days.keys().map(|(campaign, ..)| campaign).collect::<std::collections::BTreeSet<_>>().len());

    // The account's own totals agree with its campaigns.
    let totals: Vec<AccountTotal> = connector.totals(account, range, &Call::default()).await.expect("totals");
    for date in range.iter() {
        let ours: i64 = expected.days.iter().filter(|((_, _, day), _)| *day == date).map(|(_, counts)| counts.cost.0).sum();
        let theirs: i64 = totals.iter().filter(|total| total.date == date).map(|total| total.cost.0).sum();
        assert_eq!(ours, theirs, "total of {date}");
    }

    // What passes is survived, and nothing is doubled.
    let passing = [
        Trouble::Status { status: 429, body: String::new(), headers: vec![("retry-after", "1".to_owned())] },
        Trouble::Status { status: 500, body: "oops".to_owned(), headers: vec![] },
        Trouble::Status { status: 502, body: "<html>".to_owned(), headers: vec![] },
        Trouble::Status { status: 503, body: String::new(), headers: vec![] },
        Trouble::Reset,
        Trouble::Truncated,
        Trouble::NotJson,
        // A byte at a time: given up, and asked again.
        Trouble::Drip(5),
        Trouble::DuplicateRow,
        Trouble::RepeatedPage,
        Trouble::UnknownWord,
    ];
    // The first question may be for campaigns, the next ones are for figures.
    for after in 0..2 {
        for trouble in &passing {
            faults.clear();
            faults.set(Fault { trouble: trouble.clone(), at: path.to_owned(), after, times: 1 });
            equal(&read_days().await, &format!("{trouble:?} after {after}"));
        }
    }
    faults.clear();

    // A number that is null is no zero to be stored over a figure: either it is asked again, or the window fails.
    faults.set(Fault::once(Trouble::NullNumber, path));
    equal(&read_days().await, "a null once");
    faults.clear();

    // Nobody is hammered by an account that is refused.
    faults.set(Fault::always(Trouble::Forbidden(account.id.clone()), ""));
    faults.forget_requests();
    let refused = connector.campaigns(account, &Call::default()).await.expect_err("forbidden");
    assert_eq!((refused.kind, refused.account.as_deref()), (Kind::NoAccess, Some(account.id.as_str())));
    assert!(faults.requests().len() <= 3, "{:?}", faults.requests());
    faults.clear();

    // A platform that is down is given up after a few tries.
    faults.set(Fault::always(Trouble::Status { status: 503, body: String::new(), headers: vec![] }, ""));
    faults.forget_requests();
    let down = connector.campaigns(account, &Call::default()).await.expect_err("down");
    assert!(matches!(down.kind, Kind::Unavailable | Kind::Maintenance), "{down}");
    assert!(faults.requests().len() <= 6, "{:?}", faults.requests());
    faults.clear();

    // It can be stopped.
    let call = Call::default();
    call.cancel.cancel();
    assert_eq!(connector.campaigns(account, &call).await.expect_err("stopped").kind, Kind::Cancelled);
}

/// What the world tells of an account's window, through a platform's own telling: (campaign, place, day, counts) → channel and counts; `None` for what the
/// platform does not tell.
pub(crate) fn expected(
    world: &World,
    account: &world::Account,
    kind: MoneyKind,
    range: DateRange,
    tell: impl Fn(&world::Campaign, &str, NaiveDate, world::Counts) -> Option<(String, Counts)>,
) -> Expected {
    let mut days: BTreeMap<(String, String, NaiveDate), Counts> = BTreeMap::new();
    for campaign in &account.campaigns {
        for place in &campaign.places {
            for date in range.iter() {
                let counts = world.day(account, campaign, place, date);
                if let Some((channel, counts)) = tell(campaign, place, date, counts) {
                    *days.entry((campaign.id.clone(), channel, date)).or_default() += counts;
                }
            }
        }
    }
    days.retain(|_, counts| *counts != Counts::default());
    Expected { kind, days }
}

pub(crate) fn removed(campaigns: &[RemoteCampaign]) -> Vec<&str> {
    campaigns.iter().filter(|campaign| campaign.removed).map(|campaign| campaign.id.as_str()).collect()
}
