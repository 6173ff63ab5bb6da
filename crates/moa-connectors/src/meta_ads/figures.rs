//! Figures of a window: days by placement, hours for the campaign as a whole. A window too large is halved, and a single day that is still
//! too large is made as a report by Meta.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Days, NaiveDate};
use moa_domain::{ChannelCode, Counts, DailyFact, DateRange, Engagement, HourlyFact, Measures, Platform};
use serde_json::json;

use super::client::{List, Meta, address, get};
use super::limits::{POLL_EVERY, POLLS, ROWS, lane};
use super::{actions, parse, wire};
use crate::connector::{Account, AccountTotal, Ask, Call, ConversionFact, Figures, Note, RemoteCampaign};
use crate::error::{ConnectorError, Kind};
use crate::http::{Body, Request};

const FIELDS: &str = "account_id,account_currency,campaign_id,campaign_name,impressions,clicks,inline_link_clicks,spend,actions,action_values,attribution_setting";
const HOUR_FIELDS: &str = "account_id,campaign_id,campaign_name,impressions,clicks,inline_link_clicks,spend";
/// The default window, and those that stand in for it where Meta withholds it.
const WINDOWS: &str = r#"["default","1d_click","7d_click","1d_view"]"#;
const BY_PLACE: &str = "publisher_platform";
const BY_HOUR: &str = "hourly_stats_aggregated_by_advertiser_time_zone";

pub(super) async fn read(meta: &Meta, account: &Account, ask: &Ask<'_>, call: &Call) -> Result<Figures, ConnectorError> {
    let question = [("level", "campaign"), ("breakdowns", BY_PLACE), ("fields", FIELDS), ("action_attribution_windows", WINDOWS)];
    let days = insights(meta, account, &question, ask.days, call).await?;
    let hours = match ask.hours {
        Some(range) => {
            insights(meta, account, &[("level", "campaign"), ("breakdowns", BY_HOUR), ("fields", HOUR_FIELDS)], range, call).await?
        }
        None => Vec::new(),
    };
    let strangers = strangers(meta, account, ask.campaigns, days.iter().chain(&hours), call).await?;
    let objectives: BTreeMap<&str, &str> =
        ask.campaigns.iter().chain(&strangers).map(|campaign| (campaign.id.as_str(), campaign.kind.as_str())).collect();

    let mut by_place = Days1::default();
    let has_links = days.iter().any(|row| row.inline_link_clicks.is_some());
    for row in &days {
        by_place.take(row, ask.days, objectives.get(row.campaign_id.0.as_str()).copied().unwrap_or_default(), has_links)?;
    }
    let answered = ask.campaigns.iter().chain(&strangers).map(|campaign| campaign.id.clone()).collect::<BTreeSet<_>>();
    let mut notes = Vec::new();
    if !by_place.fixed_windows.is_empty() {
        notes.push(Note { code: "fixed_attribution_windows", campaigns: by_place.fixed_windows.iter().cloned().collect() });
    }
    Ok(Figures {
        hourly: of_hours(&hours, account, ask.hours)?,
        attribution: by_place.settings(),
        conversions: by_place.conversions(account),
        daily: by_place.facts(account),
        measures: Measures { reach: false, ..Measures::ALL },
        answered: answered.into_iter().collect(),
        hours: ask.hours,
        strangers,
        notes,
    })
}

type Key = (String, NaiveDate, ChannelCode);

/// Rows by campaign, day and place; one that stands twice counts once.
#[derive(Default)]
struct Days1 {
    rows: BTreeMap<Key, (Counts, Engagement, Vec<actions::Converted>)>,
    fixed_windows: BTreeSet<String>,
    settings: BTreeSet<String>,
}

impl Days1 {
    fn take(&mut self, row: &wire::Insight, range: DateRange, objective: &str, has_links: bool) -> Result<(), ConnectorError> {
        let date = day(row)?;
        if date < range.from || range.to < date {
            return Ok(());
        }
        let (converted, fixed) = actions::conversions(&row.actions, &row.action_values)?;
        let counted = actions::counted(objective);
        let of = |kind: &str| converted.iter().find(|converted| converted.kind == kind);
        let mut counts = Counts { cost: parse::amount(row.spend)?, ..traffic(row, has_links)? };
        counts.conversions = of(counted).map(|converted| converted.conversions).unwrap_or_default();
        counts.revenue = of("purchase").map(|converted| converted.revenue).unwrap_or_default();
        for converted in &converted {
            counts.conversions_all = counts.conversions_all + converted.conversions;
            counts.revenue_all = counts.revenue_all + converted.revenue;
        }
        if fixed {
            self.fixed_windows.insert(row.campaign_id.0.clone());
        }
        self.settings.extend(row.attribution_setting.clone());
        let key = (row.campaign_id.0.clone(), date, parse::channel(row.publisher_platform.as_deref()));
        self.rows.insert(key, (counts, actions::engagement(&row.actions)?, converted));
        Ok(())
    }

    /// The settings behind conversions, in Meta's words; several where ad sets differ.
    fn settings(&self) -> Option<String> {
        (!self.settings.is_empty()).then(|| self.settings.iter().cloned().collect::<Vec<_>>().join(", "))
    }

    fn conversions(&self, account: &Account) -> Vec<ConversionFact> {
        let of_row = |((campaign, date, channel), (_, _, converted)): (&Key, &(Counts, Engagement, Vec<actions::Converted>))| {
            let fact = |converted: &actions::Converted| ConversionFact {
                campaign: campaign.clone(),
                channel: channel.clone(),
                kind: account.kind,
                date: *date,
                conversion_kind: converted.kind.to_owned(),
                conversions: converted.conversions,
                revenue: converted.revenue,
            };
            converted.iter().map(fact).collect::<Vec<_>>()
        };
        self.rows.iter().flat_map(of_row).collect()
    }

    fn facts(self, account: &Account) -> Vec<DailyFact<String>> {
        let fact = |((campaign, date, channel), (counts, engagement, _))| DailyFact {
            campaign,
            channel,
            kind: account.kind,
            date,
            counts,
            engagement,
            reach: None,
        };
        self.rows
            .into_iter()
            .map(fact)
            .filter(|fact| fact.counts != Counts::default() || fact.engagement != Engagement::default())
            .collect()
    }
}

/// Clicks are those on links, where an answer tells them at all; clicks of every kind else.
fn traffic(row: &wire::Insight, has_links: bool) -> Result<Counts, ConnectorError> {
    let all = parse::count(row.clicks)?;
    let links = parse::count(row.inline_link_clicks)?;
    Ok(Counts { impressions: parse::count(row.impressions)?, clicks: if has_links { links } else { all }, ..Counts::default() })
}

/// Hours know no conversions outside Meta and no places.
fn of_hours(rows: &[wire::Insight], account: &Account, range: Option<DateRange>) -> Result<Vec<HourlyFact<String>>, ConnectorError> {
    let has_links = rows.iter().any(|row| row.inline_link_clicks.is_some());
    let mut hours = BTreeMap::new();
    for row in rows {
        let date = day(row)?;
        let hour = row.hour.as_deref().and_then(parse::hour).ok_or_else(|| parse::bad_answer("a row without its hour"))?;
        let counts = Counts { cost: parse::amount(row.spend)?, ..traffic(row, has_links)? };
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

/// A row all of whose numbers can be read.
fn whole(row: &wire::Insight) -> Result<(), ConnectorError> {
    traffic(row, true)?;
    parse::amount(row.spend)?;
    actions::conversions(&row.actions, &row.action_values)?;
    actions::engagement(&row.actions)?;
    Ok(())
}

/// Rows of a range, in as many pieces as it takes.
async fn insights(
    meta: &Meta,
    account: &Account,
    question: &[(&str, &str)],
    range: DateRange,
    call: &Call,
) -> Result<Vec<wire::Insight>, ConnectorError> {
    let path = format!("/act_{}/insights", account.id);
    let mut rows = Vec::new();
    let mut open = vec![range];
    while let Some(piece) = open.pop() {
        let days = time_range(piece);
        let mut query = question.to_vec();
        query.extend([("time_range", days.as_str()), ("time_increment", "1")]);
        let list = List { path: &path, query: &query, account: Some(&account.id), largest: ROWS, operation: "figures" };
        match meta.all_checked(&list, whole, call).await {
            Ok(found) => rows.extend::<Vec<wire::Insight>>(found),
            Err(error) if error.kind == Kind::TooMuchData && piece.days() > 1 => {
                let middle = piece.from + Days::new(u64::try_from(piece.days() / 2).unwrap_or(1));
                open.push(DateRange { from: middle, to: piece.to });
                open.push(DateRange { from: piece.from, to: middle - Days::new(1) });
            }
            Err(error) if error.kind == Kind::TooMuchData => rows.extend(report(meta, account, &query, call).await?),
            Err(error) => return Err(error),
        }
    }
    Ok(rows)
}

/// A report that Meta makes by itself: ordered, asked for until it is whole, then read. A run that failed is ordered once more.
async fn report(meta: &Meta, account: &Account, query: &[(&str, &str)], call: &Call) -> Result<Vec<wire::Insight>, ConnectorError> {
    for _ in 0..2 {
        let url = address(&format!("/act_{}/insights", account.id), query);
        let request = Request::post(url, Body::Json(json!({})), lane(&account.id), "figures").about(&account.id);
        let run: wire::Run = meta.http.send(&request, &meta.dialect, call, |answer| answer.json(&Platform::MetaAds)).await?;
        let run = run.report_run_id.0;
        for _ in 0..POLLS {
            meta.http.pause(&Platform::MetaAds, POLL_EVERY, call).await?;
            let request = get(&format!("/{run}"), &[], Some(&account.id), "figures");
            let state: wire::RunState = meta.http.send(&request, &meta.dialect, call, |answer| answer.json(&Platform::MetaAds)).await?;
            // Read too early it would be incomplete.
            if state.async_status == "Job Completed" && state.async_percent_completion.count() == Some(100) {
                let path = format!("/{run}/insights");
                let list = List { path: &path, query: &[], account: Some(&account.id), largest: ROWS, operation: "figures" };
                return meta.all_checked(&list, whole, call).await;
            }
            if matches!(state.async_status.as_str(), "Job Failed" | "Job Skipped") {
                break;
            }
        }
    }
    Err(ConnectorError::passing(&Platform::MetaAds, Kind::TooMuchData, None).for_account(&account.id))
}

fn time_range(range: DateRange) -> String {
    json!({ "since": range.from.to_string(), "until": range.to.to_string() }).to_string()
}

/// The account's own totals, without any split: placements are estimates.
pub(super) async fn totals(meta: &Meta, account: &Account, days: DateRange, call: &Call) -> Result<Vec<AccountTotal>, ConnectorError> {
    let question = [("level", "account"), ("fields", "account_id,impressions,clicks,inline_link_clicks,spend")];
    let rows = insights(meta, account, &question, days, call).await?;
    let has_links = rows.iter().any(|row| row.inline_link_clicks.is_some());
    let mut totals = BTreeMap::new();
    for row in &rows {
        let counts = traffic(row, has_links)?;
        let total = AccountTotal {
            date: day(row)?,
            kind: account.kind,
            impressions: counts.impressions,
            clicks: counts.clicks,
            cost: parse::amount(row.spend)?,
        };
        totals.insert(total.date, total);
    }
    Ok(totals.into_values().collect())
}
