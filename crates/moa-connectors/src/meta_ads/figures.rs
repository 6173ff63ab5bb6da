//! Figures of a window: days by placement with the platform's own total beside, hours for the campaign as a whole.
//!
//! Placements are estimates, so they need not add up: what they miss of a campaign's day stands on the unspecified channel.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use moa_domain::{ChannelCode, Counts, DailyFact, DateRange, Engagement, HourlyFact, Measures, Millionths};

use super::client::Meta;
use super::insights::insights;
use super::{actions, parse, wire};
use crate::connector::{Account, AccountTotal, Ask, Call, ConversionFact, Figures, Note, RemoteCampaign};
use crate::error::ConnectorError;

const FIELDS: &str = "account_id,account_currency,campaign_id,campaign_name,impressions,clicks,inline_link_clicks,spend,actions,action_values,attribution_setting";
const HOUR_FIELDS: &str = "account_id,campaign_id,campaign_name,impressions,clicks,inline_link_clicks,spend";
/// The default window, and those that stand in for it where Meta withholds it.
const WINDOWS: &str = r#"["default","1d_click","7d_click","1d_view"]"#;
/// Where even that comes back without any.
const FIXED_WINDOWS: &str = r#"["1d_click","7d_click","1d_view"]"#;
const BY_PLACE: &str = "publisher_platform";
const BY_HOUR: &str = "hourly_stats_aggregated_by_advertiser_time_zone";

pub(super) async fn read(meta: &Meta, account: &Account, ask: &Ask<'_>, call: &Call) -> Result<Figures, ConnectorError> {
    let mut days = Days::ask(meta, account, ask.days, WINDOWS, call).await?;
    let withheld = days.withheld();
    let mut notes = Vec::new();
    if !withheld.is_empty() {
        days.replace_actions(Days::ask(meta, account, ask.days, FIXED_WINDOWS, call).await?, &withheld);
        let still: Vec<String> = days.withheld().into_iter().filter(|campaign| days.has_spent(campaign)).collect();
        if !still.is_empty() {
            notes.push(Note { code: "withheld_conversions", campaigns: still });
        }
    }
    let hours = match ask.hours {
        Some(range) => {
            insights(meta, account, &[("level", "campaign"), ("breakdowns", BY_HOUR), ("fields", HOUR_FIELDS)], range, call).await?
        }
        None => Vec::new(),
    };
    let strangers = strangers(meta, account, ask.campaigns, days.all().chain(&hours), call).await?;
    let objectives: BTreeMap<&str, &str> =
        ask.campaigns.iter().chain(&strangers).map(|campaign| (campaign.id.as_str(), campaign.kind.as_str())).collect();
    let with_links = tells_links(days.all().chain(&hours));

    let meaning = Meaning { objectives, with_links };
    let told = meaning.of_days(&days, ask.days)?;
    if !told.fixed_windows.is_empty() {
        notes.push(Note { code: "fixed_attribution_windows", campaigns: told.fixed_windows.iter().cloned().collect() });
    }
    let answered = ask.campaigns.iter().chain(&strangers).map(|campaign| campaign.id.clone()).collect::<BTreeSet<_>>();
    Ok(Figures {
        hourly: of_hours(&hours, account, ask.hours, with_links)?,
        attribution: days.settings(),
        conversions: told.conversions(account),
        daily: told.facts(account),
        measures: Measures { reach: false, ..Measures::ALL },
        answered: answered.into_iter().collect(),
        hours: ask.hours,
        strangers,
        notes,
    })
}

/// Answers for the days of a window.
struct Days {
    by_place: Vec<wire::Insight>,
    /// The same without any split.
    whole: Vec<wire::Insight>,
}

impl Days {
    async fn ask(meta: &Meta, account: &Account, range: DateRange, windows: &str, call: &Call) -> Result<Self, ConnectorError> {
        let question = [("level", "campaign"), ("fields", FIELDS), ("action_attribution_windows", windows)];
        let split = [&question[..], &[("breakdowns", BY_PLACE)]].concat();
        Ok(Self {
            by_place: insights(meta, account, &split, range, call).await?,
            whole: insights(meta, account, &question, range, call).await?,
        })
    }

    fn all(&self) -> impl Iterator<Item = &wire::Insight> {
        self.by_place.iter().chain(&self.whole)
    }

    /// Campaigns whose actions Meta names without a value, or keeps to itself altogether though somebody clicked.
    fn withheld(&self) -> BTreeSet<String> {
        let (mut bare, mut clicked, mut told) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
        for row in self.all() {
            let lists = row.actions.iter().chain(&row.action_values);
            if lists.clone().flatten().any(wire::Action::is_bare) {
                bare.insert(row.campaign_id.0.clone());
            }
            if lists.count() > 0 {
                told.insert(row.campaign_id.0.clone());
            }
            if row.clicks.or(row.inline_link_clicks).and_then(crate::wire::Number::count).is_some_and(|clicks| clicks > 0) {
                clicked.insert(row.campaign_id.0.clone());
            }
        }
        bare.extend(clicked.difference(&told).cloned());
        bare
    }

    fn has_spent(&self, campaign: &str) -> bool {
        self.all().any(|row| {
            row.campaign_id.0 == campaign && row.spend.and_then(crate::wire::Number::millionths).is_some_and(|spend| !spend.is_zero())
        })
    }

    /// Takes some campaigns' actions from another answer; everything else stays as it was first told.
    fn replace_actions(&mut self, other: Self, campaigns: &BTreeSet<String>) {
        for (rows, others) in [(&mut self.by_place, other.by_place), (&mut self.whole, other.whole)] {
            let key = |row: &wire::Insight| (row.campaign_id.0.clone(), row.date_start.clone(), row.publisher_platform.clone());
            let mut others: BTreeMap<_, wire::Insight> = others.into_iter().map(|row| (key(&row), row)).collect();
            for row in rows.iter_mut().filter(|row| campaigns.contains(&row.campaign_id.0)) {
                if let Some(other) = others.remove(&key(row)) {
                    (row.actions, row.action_values) = (other.actions, other.action_values);
                }
            }
        }
    }

    /// The settings behind conversions, in Meta's words; several where ad sets differ.
    fn settings(&self) -> Option<String> {
        let settings: BTreeSet<&str> = self.all().filter_map(|row| row.attribution_setting.as_deref()).collect();
        (!settings.is_empty()).then(|| settings.into_iter().collect::<Vec<_>>().join(", "))
    }
}

/// Whether an answer tells clicks on links at all: an absent number of those is none then. Elsewhere clicks of every kind have to do.
fn tells_links<'a>(mut rows: impl Iterator<Item = &'a wire::Insight>) -> bool {
    rows.any(|row| row.inline_link_clicks.is_some())
}

fn traffic(row: &wire::Insight, has_links: bool) -> Result<Counts, ConnectorError> {
    let clicks = if has_links { row.inline_link_clicks } else { row.clicks };
    Ok(Counts {
        impressions: parse::count(row.impressions)?,
        clicks: parse::count(clicks)?,
        cost: parse::amount(row.spend)?,
        ..Counts::default()
    })
}

type Key = (String, NaiveDate, ChannelCode);

/// What one row comes to.
#[derive(Default, Clone, PartialEq)]
struct Told {
    counts: Counts,
    engagement: Engagement,
    converted: BTreeMap<&'static str, (Millionths, Millionths)>,
}

impl Told {
    fn add(&mut self, other: &Self, sign: i64) {
        let (to, from) = (&mut self.counts, &other.counts);
        to.impressions += sign * from.impressions;
        to.clicks += sign * from.clicks;
        let money = [
            (&mut to.cost, from.cost),
            (&mut to.conversions, from.conversions),
            (&mut to.revenue, from.revenue),
            (&mut to.conversions_all, from.conversions_all),
            (&mut to.revenue_all, from.revenue_all),
        ];
        for (sum, amount) in money {
            sum.0 += sign * amount.0;
        }
        let (to, from) = (&mut self.engagement, &other.engagement);
        to.likes += sign * from.likes;
        to.comments += sign * from.comments;
        to.shares += sign * from.shares;
        to.saves += sign * from.saves;
        for (kind, (conversions, revenue)) in &other.converted {
            let sum = self.converted.entry(kind).or_default();
            sum.0.0 += sign * conversions.0;
            sum.1.0 += sign * revenue.0;
        }
    }

    fn is_nothing(&self) -> bool {
        self.counts == Counts::default()
            && self.engagement == Engagement::default()
            && self.converted.values().all(|sum| *sum == Default::default())
    }
}

/// How rows are understood.
struct Meaning<'a> {
    /// Campaign → objective.
    objectives: BTreeMap<&'a str, &'a str>,
    with_links: bool,
}

impl Meaning<'_> {
    /// Campaign days by place, and on the unspecified channel what the places miss of the whole. A row that stands twice counts once.
    fn of_days(&self, days: &Days, range: DateRange) -> Result<Placed, ConnectorError> {
        let mut placed = Placed::default();
        for row in &days.by_place {
            if let Some((date, told)) = self.of_row(row, range, &mut placed.fixed_windows)? {
                placed.rows.insert((row.campaign_id.0.clone(), date, parse::channel(row.publisher_platform.as_deref())), told);
            }
        }
        let mut wholes = BTreeMap::new();
        for row in &days.whole {
            if let Some((date, told)) = self.of_row(row, range, &mut placed.fixed_windows)? {
                wholes.insert((row.campaign_id.0.clone(), date), told);
            }
        }
        for ((campaign, date, _), told) in &placed.rows {
            if let Some(whole) = wholes.get_mut(&(campaign.clone(), *date)) {
                whole.add(told, -1);
            }
        }
        for ((campaign, date), rest) in wholes.into_iter().filter(|(_, rest)| !rest.is_nothing()) {
            placed.rows.entry((campaign, date, parse::whole_channel())).or_default().add(&rest, 1);
        }
        Ok(placed)
    }

    fn of_row(
        &self,
        row: &wire::Insight,
        range: DateRange,
        fixed_windows: &mut BTreeSet<String>,
    ) -> Result<Option<(NaiveDate, Told)>, ConnectorError> {
        let date = day(row)?;
        if date < range.from || range.to < date {
            return Ok(None);
        }
        let (told, values) = (row.actions.as_deref().unwrap_or_default(), row.action_values.as_deref().unwrap_or_default());
        let (converted, fixed) = actions::conversions(told, values)?;
        let counted = actions::counted(self.objectives.get(row.campaign_id.0.as_str()).copied().unwrap_or_default());
        let of = |kind: &str| converted.iter().find(|converted| converted.kind == kind);
        let mut counts = traffic(row, self.with_links)?;
        counts.conversions = of(counted).map(|converted| converted.conversions).unwrap_or_default();
        counts.revenue = of("purchase").map(|converted| converted.revenue).unwrap_or_default();
        for converted in &converted {
            counts.conversions_all = counts.conversions_all + converted.conversions;
            counts.revenue_all = counts.revenue_all + converted.revenue;
        }
        if fixed {
            fixed_windows.insert(row.campaign_id.0.clone());
        }
        let converted = converted.into_iter().map(|converted| (converted.kind, (converted.conversions, converted.revenue))).collect();
        Ok(Some((date, Told { counts, engagement: actions::engagement(told)?, converted })))
    }
}

/// Campaign days on their channels.
#[derive(Default)]
struct Placed {
    rows: BTreeMap<Key, Told>,
    fixed_windows: BTreeSet<String>,
}

impl Placed {
    fn conversions(&self, account: &Account) -> Vec<ConversionFact> {
        let of_row = |((campaign, date, channel), told): (&Key, &Told)| {
            let fact = |(kind, (conversions, revenue)): (&&'static str, &(Millionths, Millionths))| ConversionFact {
                campaign: campaign.clone(),
                channel: channel.clone(),
                kind: account.kind,
                date: *date,
                conversion_kind: (*kind).to_owned(),
                conversions: *conversions,
                revenue: *revenue,
            };
            told.converted.iter().filter(|(_, sum)| **sum != Default::default()).map(fact).collect::<Vec<_>>()
        };
        self.rows.iter().flat_map(of_row).collect()
    }

    fn facts(self, account: &Account) -> Vec<DailyFact<String>> {
        let fact = |((campaign, date, channel), told): (Key, Told)| DailyFact {
            campaign,
            channel,
            kind: account.kind,
            date,
            counts: told.counts,
            engagement: told.engagement,
            reach: None,
        };
        self.rows.into_iter().filter(|(_, told)| !told.is_nothing()).map(fact).collect()
    }
}

/// Hours know no conversions outside Meta and no places.
fn of_hours(
    rows: &[wire::Insight],
    account: &Account,
    range: Option<DateRange>,
    with_links: bool,
) -> Result<Vec<HourlyFact<String>>, ConnectorError> {
    let mut hours = BTreeMap::new();
    for row in rows {
        let date = day(row)?;
        let hour = row.hour.as_deref().and_then(parse::hour).ok_or_else(|| parse::bad_answer("a row without its hour"))?;
        let counts = traffic(row, with_links)?;
        if range.is_some_and(|range| range.from <= date && date <= range.to) && counts != Counts::default() {
            hours.insert((row.campaign_id.0.clone(), date, hour), counts);
        }
    }
    Ok(hours
        .into_iter()
        .map(|((campaign, date, hour), counts)| HourlyFact {
            campaign,
            channel: parse::whole_channel(),
            kind: account.kind,
            date,
            hour,
            counts,
            conversions_known: false,
        })
        .collect())
}

fn day(row: &wire::Insight) -> Result<NaiveDate, ConnectorError> {
    row.date_start.parse().map_err(|_| parse::bad_answer("a day that is none"))
}

/// Campaigns with figures that no list named: asked by their numbers.
async fn strangers<'a>(
    meta: &Meta,
    account: &Account,
    known: &[RemoteCampaign],
    rows: impl Iterator<Item = &'a wire::Insight>,
    call: &Call,
) -> Result<Vec<RemoteCampaign>, ConnectorError> {
    let known: BTreeSet<&str> = known.iter().map(|campaign| campaign.id.as_str()).collect();
    let mut named: BTreeMap<&str, Option<&str>> = BTreeMap::new();
    for row in rows.filter(|row| !row.campaign_id.0.is_empty() && !known.contains(row.campaign_id.0.as_str())) {
        named.insert(&row.campaign_id.0, row.campaign_name.as_deref());
    }
    let mut strangers = Vec::new();
    for (id, name) in named {
        let by_name = || RemoteCampaign {
            id: id.to_owned(),
            name: name.map(str::to_owned),
            status: None,
            objective: None,
            daily_budget: None,
            total_budget: None,
            budget_shared: false,
            start_date: None,
            end_date: None,
            kind: String::new(),
            removed: true,
        };
        strangers.push(meta.campaign(account, id, call).await?.unwrap_or_else(by_name));
    }
    Ok(strangers)
}

/// The account's own totals, without any split: placements are estimates.
pub(super) async fn totals(meta: &Meta, account: &Account, days: DateRange, call: &Call) -> Result<Vec<AccountTotal>, ConnectorError> {
    let question = [("level", "account"), ("fields", "account_id,impressions,clicks,inline_link_clicks,spend")];
    let rows = insights(meta, account, &question, days, call).await?;
    let with_links = tells_links(rows.iter());
    let mut totals = BTreeMap::new();
    for row in &rows {
        let Counts { impressions, clicks, cost, .. } = traffic(row, with_links)?;
        let date = day(row)?;
        totals.insert(date, AccountTotal { date, kind: account.kind, impressions, clicks, cost });
    }
    Ok(totals.into_values().collect())
}
