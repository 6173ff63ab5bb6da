//! Figures of a window: one report of all campaigns, and one for each day by hour. Today has a report of its own.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Days, NaiveDate};
use moa_domain::{CampaignStatus, DailyFact, DateRange, Engagement, HourlyFact, Measures};

use super::client::Moment;
use super::limits::report_lane;
use super::parse::{self, Told};
use super::wire;
use crate::connector::{Account, AccountTotal, Ask, Call, ConversionFact, Figures, Note, RemoteCampaign};
use crate::error::{ConnectorError, Kind};

const GROUPS: &str = "BASIC,MESSAGE,PIXEL_SDK_CONVERSION";

type Days1 = BTreeMap<(String, NaiveDate), wire::Metrics>;
type Hours = BTreeMap<(String, NaiveDate, u8), wire::Metrics>;

pub(super) async fn read(moment: &Moment, account: &Account, ask: &Ask<'_>, call: &Call) -> Result<Figures, ConnectorError> {
    let today = ask.now.with_timezone(&account.time_zone).date_naive();
    let mut days = Days1::new();
    for span in spans(ask.days, today) {
        days.extend(by_day(report(moment, &account.id, span, "CAMPAIGN", false, call).await?, span.days, true)?);
    }
    let mut hours = Hours::new();
    for date in ask.hours.into_iter().flat_map(|hours| hours.iter().collect::<Vec<_>>()) {
        let span = Span { days: DateRange { from: date, to: date }, is_today: date == today };
        if date <= today {
            hours.extend(by_hour(report(moment, &account.id, span, "CAMPAIGN", true, call).await?, date)?);
        }
    }

    let strangers = strangers(moment, account, ask.campaigns, days.keys().map(|(id, _)| id.as_str()), call).await?;
    let mut kinds: BTreeMap<&str, &str> = ask.campaigns.iter().map(|campaign| (campaign.id.as_str(), campaign.kind.as_str())).collect();
    kinds.extend(strangers.iter().map(|campaign| (campaign.id.as_str(), campaign.kind.as_str())));
    let messages: BTreeSet<&str> =
        days.keys().map(|(id, _)| id.as_str()).filter(|id| kinds.get(id).is_some_and(|kind| parse::is_message(kind))).collect();
    // An answer by hour without any conversion says nothing of them, unless there were none all day.
    let tells_conversions = |id: &str, date: NaiveDate| {
        let by_hour = hours.range((id.to_owned(), date, 0)..=(id.to_owned(), date, 23));
        by_hour.into_iter().any(|(_, metrics)| metrics.keys().any(|name| name.starts_with("conv_")))
    };
    let told = |campaign: &str, metrics: &wire::Metrics| -> Result<Told, ConnectorError> {
        parse::told(metrics, kinds.get(campaign).copied().unwrap_or_default())
    };

    let (mut daily, mut hourly, mut conversions) = (Vec::new(), Vec::new(), Vec::new());
    for ((campaign, date), metrics) in &days {
        let told = told(campaign, metrics)?;
        conversions.extend(told.conversions.iter().map(|(kind, count, revenue)| ConversionFact {
            campaign: campaign.clone(),
            channel: parse::channel(),
            kind: account.kind,
            date: *date,
            conversion_kind: (*kind).to_owned(),
            conversions: *count,
            revenue: *revenue,
        }));
        daily.push(DailyFact {
            campaign: campaign.clone(),
            channel: parse::channel(),
            kind: account.kind,
            date: *date,
            counts: told.counts,
            engagement: Engagement::default(),
            reach: None,
        });
    }
    for ((campaign, date, hour), metrics) in &hours {
        hourly.push(HourlyFact {
            campaign: campaign.clone(),
            channel: parse::channel(),
            kind: account.kind,
            date: *date,
            hour: *hour,
            counts: told(campaign, metrics)?.counts,
            conversions_known: tells_conversions(campaign, *date)
                || days.get(&(campaign.clone(), *date)).is_some_and(|day| told(campaign, day).is_ok_and(|day| day.conversions.is_empty())),
        });
    }
    let opens = messages.iter().map(|id| (*id).to_owned()).collect::<Vec<_>>();
    let notes = if opens.is_empty() { Vec::new() } else { vec![Note { code: "opens_as_impressions", campaigns: opens }] };
    daily.retain(|fact| fact.counts != moa_domain::Counts::default());
    hourly.retain(|fact| fact.counts != moa_domain::Counts::default());
    let answered = ask.campaigns.iter().chain(&strangers).map(|campaign| campaign.id.clone()).collect::<BTreeSet<_>>();
    Ok(Figures {
        daily,
        hourly,
        conversions,
        measures: Measures { engagement: false, reach: false, ..Measures::ALL },
        answered: answered.into_iter().collect(),
        hours: ask.hours,
        strangers,
        attribution: Some(parse::WINDOW.to_owned()),
        notes,
    })
}

/// Campaigns no list named now, asked one by one: those with figures, and messages that may only be quiet. A deleted one is not asked again.
async fn strangers<'a>(
    moment: &Moment,
    account: &Account,
    known: &'a [RemoteCampaign],
    told: impl Iterator<Item = &'a str>,
    call: &Call,
) -> Result<Vec<RemoteCampaign>, ConnectorError> {
    let is_open = |campaign: &&RemoteCampaign| campaign.status != Some(CampaignStatus::Ended);
    let settled = |campaign: &&RemoteCampaign| {
        !campaign.removed || !is_open(campaign) || !(campaign.kind.is_empty() || parse::is_message(&campaign.kind))
    };
    let quiet = known.iter().filter(|campaign| campaign.removed && is_open(campaign) && parse::is_message(&campaign.kind));
    let settled: BTreeSet<&str> = known.iter().filter(settled).map(|campaign| campaign.id.as_str()).collect();
    let ids: BTreeSet<&str> = told.filter(|id| !settled.contains(id)).chain(quiet.map(|campaign| campaign.id.as_str())).collect();
    let mut strangers = Vec::new();
    for id in ids {
        // What cannot be asked any more is over; what it was is kept from before.
        let nameless = || RemoteCampaign {
            id: id.to_owned(),
            name: None,
            status: Some(CampaignStatus::Ended),
            objective: None,
            daily_budget: None,
            total_budget: None,
            budget_shared: false,
            start_date: None,
            end_date: None,
            kind: known.iter().find(|campaign| campaign.id == id).map(|campaign| campaign.kind.clone()).unwrap_or_default(),
            removed: true,
        };
        strangers.push(moment.detail(&account.id, id, call).await?.unwrap_or_else(nameless));
    }
    Ok(strangers)
}

/// What one report call asks: past days by their dates, today only by its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Span {
    days: DateRange,
    is_today: bool,
}

fn spans(days: DateRange, today: NaiveDate) -> Vec<Span> {
    let past = DateRange::new(days.from, days.to.min(today - Days::new(1))).ok().map(|days| Span { days, is_today: false });
    let today = (days.from <= today && today <= days.to).then_some(Span { days: DateRange { from: today, to: today }, is_today: true });
    past.into_iter().chain(today).collect()
}

async fn report(
    moment: &Moment,
    account: &str,
    span: Span,
    level: &str,
    by_hour: bool,
    call: &Call,
) -> Result<Vec<wire::Row>, ConnectorError> {
    let (start, end) = (span.days.from.format("%Y%m%d").to_string(), span.days.to.format("%Y%m%d").to_string());
    let mut query = vec![("adAccountId", account)];
    if span.is_today {
        query.push(("datePreset", "TODAY"));
    } else {
        query.extend([("start", start.as_str()), ("end", end.as_str())]);
    }
    query.extend([("timeUnit", "DAY"), ("level", level)]);
    if by_hour {
        query.push(("dimension", "HOUR"));
    }
    query.push(("metricsGroup", GROUPS));
    let request = Moment::get("/adAccounts/report", &query, Some(account), report_lane(&moment.app, account), "figures");
    let read = |answer: &crate::http::Answer| {
        let report: wire::Report = answer.json(&moa_domain::Platform::Kakao)?;
        for row in &report.data {
            parse::told(row.metrics.as_ref().unwrap_or(&wire::Metrics::new()), "")?;
            let date = parse::day(&row.start).ok_or_else(|| parse::bad_answer("a day that is none"))?;
            // Around midnight, or with a clock that is off: what is stored of one day would be another's.
            if span.is_today && date != span.days.from {
                return Err(ConnectorError::passing(&moa_domain::Platform::Kakao, Kind::NotReady, None).with_detail("the day has changed"));
            }
        }
        Ok(report.data)
    };
    moment.http.send(&request, &moment.dialect, call, read).await
}

/// Rows by campaign and day; one that stands twice counts once.
fn by_day(rows: Vec<wire::Row>, range: DateRange, of_campaigns: bool) -> Result<Days1, ConnectorError> {
    let mut days = Days1::new();
    for row in rows {
        let date = parse::day(&row.start).ok_or_else(|| parse::bad_answer("a day that is none"))?;
        let campaign = row.dimensions.unwrap_or_default().campaign_id.0;
        if of_campaigns && campaign.is_empty() {
            return Err(parse::bad_answer("a row without its campaign"));
        }
        if range.from <= date && date <= range.to {
            days.insert((campaign, date), row.metrics.unwrap_or_default());
        }
    }
    Ok(days)
}

fn by_hour(rows: Vec<wire::Row>, date: NaiveDate) -> Result<Hours, ConnectorError> {
    let mut hours = Hours::new();
    for row in rows {
        let wire::Dimensions { campaign_id, hour } = row.dimensions.unwrap_or_default();
        let hour = parse::hour(&hour.0).ok_or_else(|| parse::bad_answer("a row without its hour"))?;
        if parse::day(&row.start) == Some(date) && !campaign_id.0.is_empty() {
            hours.insert((campaign_id.0, date, hour), row.metrics.unwrap_or_default());
        }
    }
    Ok(hours)
}

/// The account's own totals, in pieces of 31 days. Opens stand for impressions where messages were sent, as for campaigns.
pub(super) async fn totals(moment: &Moment, account: &Account, days: DateRange, call: &Call) -> Result<Vec<AccountTotal>, ConnectorError> {
    let today = moment.http.now().with_timezone(&account.time_zone).date_naive();
    let mut totals = Vec::new();
    let mut from = days.from;
    while from <= days.to {
        let piece = DateRange { from, to: (from + Days::new(30)).min(days.to) };
        for span in spans(piece, today) {
            let rows = report(moment, &account.id, span, "AD_ACCOUNT", false, call).await?;
            for ((_, date), metrics) in by_day(rows, span.days, false)? {
                let counts = parse::told(&metrics, "DISPLAY")?.counts;
                totals.push(AccountTotal {
                    date,
                    kind: account.kind,
                    impressions: counts.impressions,
                    clicks: counts.clicks,
                    cost: counts.cost,
                });
            }
        }
        from = piece.to + Days::new(1);
    }
    Ok(totals)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn today_is_asked_by_its_name_and_never_by_its_date() {
        let day = |text: &str| text.parse::<NaiveDate>().expect("a day");
        let range = |from: &str, to: &str| DateRange { from: day(from), to: day(to) };
        let today = day("2026-11-22");
        let asked = spans(range("2026-11-15", "2026-11-22"), today);
        assert_eq!(
            asked,
            [
                Span { days: range("2026-11-15", "2026-11-21"), is_today: false },
                Span { days: range("2026-11-22", "2026-11-22"), is_today: true }
            ]
        );
        assert_eq!(spans(range("2026-11-01", "2026-11-05"), today).len(), 1);
        assert_eq!(spans(range("2026-11-22", "2026-11-22"), today).len(), 1);
    }
}
