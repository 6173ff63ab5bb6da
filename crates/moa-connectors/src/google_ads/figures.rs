//! Figures of a window: one question for its days, one for its hours. A row that is not there is zero.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use moa_domain::{ChannelCode, Counts, DailyFact, DateRange, Engagement, HourlyFact, Measures};

use super::client::Google;
use super::{parse, wire};
use crate::connector::{Account, AccountTotal, Ask, Call, Figures, RemoteCampaign};
use crate::error::{ConnectorError, Kind};

const METRICS: &str = "metrics.impressions, metrics.clicks, metrics.cost_micros, metrics.conversions, metrics.conversions_value, \
    metrics.all_conversions, metrics.all_conversions_value";

pub(super) async fn read(google: &Google, account: &Account, ask: &Ask<'_>, call: &Call) -> Result<Figures, ConnectorError> {
    let query = format!("SELECT campaign.id, segments.date, segments.ad_network_type, {METRICS} FROM campaign {}", between(ask.days));
    let days = rows(google.stream(account, &query, "figures", call).await?, ask.days)?;
    let hours = match ask.hours {
        Some(range) => {
            let query = format!(
                "SELECT campaign.id, segments.date, segments.hour, segments.ad_network_type, {METRICS} FROM campaign {}",
                between(range)
            );
            rows(google.stream(account, &query, "figures", call).await?, range)?
        }
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
        let hour = key.hour.filter(|hour| *hour < 24).ok_or_else(|| parse::bad_answer("a row without its hour"))?;
        *hourly.entry((key.campaign.clone(), key.date, hour, channel(key))).or_default() += *counts;
    }
    let strangers = strangers(days.keys().chain(hours.keys()), &kinds);
    let answered = ask.campaigns.iter().chain(&strangers).map(|campaign| campaign.id.clone()).collect();
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

/// Rows by key; one that stands twice counts once.
fn rows(rows: Vec<wire::FigureRow>, range: DateRange) -> Result<BTreeMap<Key, Counts>, ConnectorError> {
    let mut by_key = BTreeMap::new();
    for row in rows {
        let campaign = row.campaign.ok_or_else(|| parse::bad_answer("a row without its campaign"))?.id.0;
        let date: NaiveDate = row.segments.date.parse().map_err(|_| parse::bad_answer("a day that is none"))?;
        if range.from <= date && date <= range.to {
            let key = Key { campaign, date, hour: row.segments.hour, network: row.segments.ad_network_type };
            by_key.insert(key, parse::counts(&row.metrics)?);
        }
    }
    Ok(by_key)
}

/// Campaigns with figures that no list named: made between the two questions.
fn strangers<'a>(keys: impl Iterator<Item = &'a Key>, known: &BTreeMap<&str, &str>) -> Vec<RemoteCampaign> {
    let ids: std::collections::BTreeSet<&str> = keys.map(|key| key.campaign.as_str()).filter(|id| !known.contains_key(id)).collect();
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
    let rows: Vec<wire::FigureRow> = match google.stream(account, &of_account, "totals", call).await {
        Err(error) if error.kind == Kind::BadRequest => {
            let of_campaigns = format!("SELECT campaign.id, {fields} FROM campaign {}", between(days));
            google.stream(account, &of_campaigns, "totals", call).await?
        }
        rows => rows?,
    };
    let mut seen = BTreeMap::new();
    for row in rows {
        let date: NaiveDate = row.segments.date.parse().map_err(|_| parse::bad_answer("a day that is none"))?;
        let campaign = row.campaign.map(|campaign| campaign.id.0).unwrap_or_default();
        seen.insert((date, campaign), parse::counts(&row.metrics)?);
    }
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
