//! Figures of a window: one question for its days, one for its hours. A row that is not there is zero.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Days, NaiveDate};
use moa_domain::{ChannelCode, Counts, DailyFact, DateRange, Engagement, HourlyFact, Measures};

use super::client::Google;
use super::limits::DAYS_BY_HOUR;
use super::{errors, parse, wire};
use crate::connector::{Account, AccountTotal, Ask, Call, Figures, RemoteCampaign};
use crate::error::{ConnectorError, Kind};

const METRICS: &str = "metrics.impressions, metrics.clicks, metrics.cost_micros, metrics.conversions, metrics.conversions_value, \
    metrics.all_conversions, metrics.all_conversions_value";

pub(super) async fn read(google: &Google, account: &Account, ask: &Ask<'_>, call: &Call) -> Result<Figures, ConnectorError> {
    let days = rows(google, account, Asked { range: ask.days, by_hour: false }, call).await?;
    let hours = match ask.hours {
        Some(range) => rows(google, account, Asked { range, by_hour: true }, call).await?,
        None => BTreeMap::new(),
    };

    let kinds: BTreeMap<&str, &str> = ask.campaigns.iter().map(|campaign| (campaign.id.as_str(), campaign.kind.as_str())).collect();
    let channel = |key: &Key| parse::channel(&key.network, kinds.get(key.campaign.as_str()).copied().unwrap_or_default());
    let mut daily: BTreeMap<(String, NaiveDate, ChannelCode), Counts> = BTreeMap::new();
    for (key, counts) in &days {
        *daily.entry((key.campaign.clone(), key.date, channel(key))).or_default() += *counts;
    }
    let mut hourly: BTreeMap<(String, NaiveDate, u8, ChannelCode), Counts> = BTreeMap::new();
    for (key, counts) in &hours {
        let hour = key.hour.unwrap_or_default();
        *hourly.entry((key.campaign.clone(), key.date, hour, channel(key))).or_default() += *counts;
    }
    let strangers = strangers(days.keys().chain(hours.keys()), &kinds);
    // The question names no campaign: of one Google no longer lists, only rows are an answer.
    let told: BTreeSet<&str> = days.keys().map(|key| key.campaign.as_str()).collect();
    let listed = ask.campaigns.iter().filter(|campaign| campaign.objective.is_some() || told.contains(campaign.id.as_str()));
    let answered = listed.chain(&strangers).map(|campaign| campaign.id.clone()).collect();
    Ok(Figures {
        daily: daily
            .into_iter()
            .map(|((campaign, date, channel), counts)| DailyFact {
                campaign,
                channel,
                kind: account.kind,
                date,
                counts,
                engagement: Engagement::default(),
                reach: None,
            })
            .collect(),
        hourly: hourly
            .into_iter()
            .map(|((campaign, date, hour, channel), counts)| HourlyFact {
                campaign,
                channel,
                kind: account.kind,
                date,
                hour,
                counts,
                conversions_known: true,
            })
            .collect(),
        conversions: Vec::new(),
        measures: Measures { engagement: false, reach: false, ..Measures::ALL },
        answered,
        hours: ask.hours,
        strangers,
        // Windows differ from conversion action to conversion action.
        attribution: None,
        notes: Vec::new(),
    })
}

/// What a row is about: every segment that was asked, or rows would fall together.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Key {
    campaign: String,
    date: NaiveDate,
    hour: Option<u8>,
    network: String,
}

/// What one question is about.
#[derive(Debug, Clone, Copy)]
struct Asked {
    range: DateRange,
    by_hour: bool,
}

/// Rows of a range by key, in as many pieces as it takes.
async fn rows(google: &Google, account: &Account, asked: Asked, call: &Call) -> Result<BTreeMap<Key, Counts>, ConnectorError> {
    let hour = if asked.by_hour { "segments.hour, " } else { "" };
    let mut rows = BTreeMap::new();
    let longest = if asked.by_hour { DAYS_BY_HOUR } else { asked.range.days() };
    let mut open = pieces(asked.range, longest);
    while let Some(range) = open.pop() {
        let query =
            format!("SELECT campaign.id, segments.date, {hour}segments.ad_network_type, {METRICS} FROM campaign {}", between(range));
        let piece = Asked { range, ..asked };
        let read = |rows| by_key(rows, piece);
        match google.stream((&account.id, account.via.as_deref()), &query, "figures", call, read).await {
            Ok(found) => rows.extend(found),
            Err(error) if errors::wants_smaller(&error) && range.days() > 1 => open.extend(pieces(range, (range.days() + 1) / 2)),
            Err(error) => return Err(error),
        }
    }
    Ok(rows)
}

fn pieces(range: DateRange, longest: i64) -> Vec<DateRange> {
    let length = u64::try_from(longest.max(1)).unwrap_or(1);
    let mut pieces = Vec::new();
    let mut from = range.from;
    while from <= range.to {
        let to = (from + Days::new(length - 1)).min(range.to);
        pieces.push(DateRange { from, to });
        from = to + Days::new(1);
    }
    pieces
}

/// Rows by key; one that stands twice counts once.
fn by_key(rows: Vec<wire::FigureRow>, asked: Asked) -> Result<BTreeMap<Key, Counts>, ConnectorError> {
    let mut by_key = BTreeMap::new();
    for row in rows {
        let campaign = row.campaign.ok_or_else(|| parse::bad_answer("a row without its campaign"))?.id.0;
        let date: NaiveDate = row.segments.date.parse().map_err(|_| parse::bad_answer("a day that is none"))?;
        let hour = row.segments.hour.filter(|hour| *hour < 24);
        if asked.by_hour && hour.is_none() {
            return Err(parse::bad_answer("a row without its hour"));
        }
        let counts = parse::counts(&row.metrics)?;
        if asked.range.from <= date && date <= asked.range.to {
            by_key.insert(Key { campaign, date, hour, network: row.segments.ad_network_type }, counts);
        }
    }
    Ok(by_key)
}

/// Campaigns with figures that no list named: made between the two questions.
fn strangers<'a>(keys: impl Iterator<Item = &'a Key>, known: &BTreeMap<&str, &str>) -> Vec<RemoteCampaign> {
    let ids: BTreeSet<&str> = keys.map(|key| key.campaign.as_str()).filter(|id| !known.contains_key(id)).collect();
    let stranger = |id: &str| RemoteCampaign {
        id: id.to_owned(),
        name: None,
        status: None,
        objective: None,
        daily_budget: None,
        total_budget: None,
        budget_shared: false,
        start_date: None,
        end_date: None,
        kind: String::new(),
        removed: false,
    };
    ids.into_iter().map(stranger).collect()
}

fn between(range: DateRange) -> String {
    format!("WHERE segments.date BETWEEN '{}' AND '{}'", range.from, range.to)
}

/// The account's own totals; where they are not to be had, those of its campaigns.
pub(super) async fn totals(google: &Google, account: &Account, days: DateRange, call: &Call) -> Result<Vec<AccountTotal>, ConnectorError> {
    let fields = "segments.date, metrics.impressions, metrics.clicks, metrics.cost_micros";
    let of_account = format!("SELECT customer.id, {fields} FROM customer {}", between(days));
    let way = (account.id.as_str(), account.via.as_deref());
    let read = |rows: Vec<wire::FigureRow>| {
        let mut seen = BTreeMap::new();
        for row in rows {
            let date: NaiveDate = row.segments.date.parse().map_err(|_| parse::bad_answer("a day that is none"))?;
            let campaign = row.campaign.map(|campaign| campaign.id.0).unwrap_or_default();
            seen.insert((date, campaign), parse::counts(&row.metrics)?);
        }
        Ok(seen)
    };
    let seen = match google.stream(way, &of_account, "totals", call, read).await {
        Err(error) if error.kind == Kind::BadRequest => {
            let of_campaigns = format!("SELECT campaign.id, {fields} FROM campaign {}", between(days));
            google.stream(way, &of_campaigns, "totals", call, read).await?
        }
        seen => seen?,
    };
    let mut totals: BTreeMap<NaiveDate, Counts> = BTreeMap::new();
    for ((date, _), counts) in seen {
        *totals.entry(date).or_default() += counts;
    }
    Ok(totals
        .into_iter()
        .map(|(date, counts)| AccountTotal {
            date,
            kind: account.kind,
            impressions: counts.impressions,
            clicks: counts.clicks,
            cost: counts.cost,
        })
        .collect())
}
