//! Meta's words, amounts and times → ours.

use chrono::{DateTime, FixedOffset, Utc};
use chrono_tz::Tz;
use moa_domain::{CampaignStatus, ChannelCode, Currency, Millionths, Platform};

use super::{actions, wire};
use crate::connector::RemoteCampaign;
use crate::error::{ConnectorError, Kind};
use crate::wire::Number;

/// The placement's family. There is no list of those allowed: new ones come.
pub(super) fn channel(publisher: Option<&str>) -> ChannelCode {
    ChannelCode::new(match publisher {
        Some(publisher) if !publisher.is_empty() => publisher,
        _ => "meta_all",
    })
}

/// Hours cannot be split by placement.
pub(super) fn whole_channel() -> ChannelCode {
    ChannelCode::new("meta_all")
}

/// Budgets are in the currency's smallest part. Meta has its own list of currencies without one; of all others a hundred make a whole.
pub(super) fn budget(number: Number, currency: Currency) -> Option<Millionths> {
    const WHOLE: [&str; 11] = ["CLP", "COP", "CRC", "HUF", "ISK", "IDR", "JPY", "KRW", "PYG", "TWD", "VND"];
    let smallest = number.count().filter(|amount| *amount > 0)?;
    let parts = if WHOLE.contains(&currency.code()) { 1 } else { 100 };
    smallest.checked_mul(1_000_000 / parts).map(Millionths)
}

pub(super) fn campaign(campaign: wire::Campaign, currency: Currency, zone: Tz, now: DateTime<Utc>) -> RemoteCampaign {
    let stops = campaign.stop_time.as_deref().and_then(time);
    let over = stops.is_some_and(|stop| stop < now);
    RemoteCampaign {
        status: status(&campaign.effective_status, over),
        objective: Some(actions::objective(&campaign.objective)),
        daily_budget: budget(campaign.daily_budget, currency),
        total_budget: budget(campaign.lifetime_budget, currency),
        budget_shared: false,
        start_date: campaign.start_time.as_deref().and_then(time).map(|start| start.with_timezone(&zone).date_naive()),
        end_date: stops.map(|stop| stop.with_timezone(&zone).date_naive()),
        removed: matches!(campaign.effective_status.as_str(), "DELETED" | "ARCHIVED"),
        id: campaign.id.0,
        name: campaign.name,
        kind: campaign.objective,
    }
}

/// `None` keeps what was known: a word nobody has heard of.
fn status(text: &str, over: bool) -> Option<CampaignStatus> {
    match text {
        "ACTIVE" | "IN_PROCESS" | "WITH_ISSUES" if over => Some(CampaignStatus::Ended),
        "ACTIVE" | "IN_PROCESS" | "WITH_ISSUES" => Some(CampaignStatus::Active),
        "PAUSED" => Some(CampaignStatus::Paused),
        "ARCHIVED" | "DELETED" => Some(CampaignStatus::Ended),
        _ => None,
    }
}

/// `2026-10-01T09:00:00+0900`: an offset without its colon.
fn time(text: &str) -> Option<DateTime<Utc>> {
    let time: Option<DateTime<FixedOffset>> =
        DateTime::parse_from_str(text, "%Y-%m-%dT%H:%M:%S%z").or_else(|_| DateTime::parse_from_rfc3339(text)).ok();
    time.map(|time| time.with_timezone(&Utc))
}

/// `13:00:00 - 13:59:59`.
pub(super) fn hour(text: &str) -> Option<u8> {
    text.get(..2)?.parse().ok().filter(|hour| *hour < 24)
}

/// # Errors
/// `null` where a number is usual. What is absent is zero.
pub(super) fn count(number: Option<Number>) -> Result<i64, ConnectorError> {
    match number {
        None => Ok(0),
        Some(number) => number.count().filter(|count| *count >= 0).ok_or_else(|| bad_answer("a number is missing")),
    }
}

/// # Errors
/// As [`count`].
pub(super) fn amount(number: Option<Number>) -> Result<Millionths, ConnectorError> {
    match number {
        None => Ok(Millionths::ZERO),
        Some(number) => number.millionths().ok_or_else(|| bad_answer("a number is missing")),
    }
}

pub(super) fn bad_answer(what: &str) -> ConnectorError {
    ConnectorError::passing(&Platform::MetaAds, Kind::BadAnswer, None).with_detail(what)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn budgets_are_in_smallest_parts_and_times_without_a_colon() {
        let number = |text: &str| serde_json::from_str::<Number>(text).expect("a number");
        let usd: Currency = "USD".parse().expect("a currency");
        assert_eq!(budget(number("\"5000\""), Currency::KRW), Some(Millionths::from_whole(5_000)));
        assert_eq!(budget(number("\"5000\""), usd), Some(Millionths::from_whole(50)));
        assert_eq!(budget(number("\"0\""), usd), None);
        let json = r#"{"id":"1","name":"겨울","effective_status":"ACTIVE","objective":"OUTCOME_SALES","daily_budget":"150000","start_time":"2026-11-01T00:00:00+0900",
            "stop_time":"2026-11-21T23:59:59+0900","special_ad_categories":[]}"#;
        let read = campaign(
            serde_json::from_str(json).expect("a campaign"),
            Currency::KRW,
            chrono_tz::Asia::Seoul,
            "2026-11-22T03:00:00Z".parse().expect("a time"),
        );
        assert_eq!((read.status, read.daily_budget), (Some(CampaignStatus::Ended), Some(Millionths::from_whole(150_000))));
        assert_eq!(read.start_date.map(|day| day.to_string()).as_deref(), Some("2026-11-01"));
    }

    #[test]
    fn statuses_hours_and_places() {
        let cases = [
            ("ACTIVE", false, Some(CampaignStatus::Active)),
            ("WITH_ISSUES", false, Some(CampaignStatus::Active)),
            ("IN_PROCESS", true, Some(CampaignStatus::Ended)),
            ("PAUSED", true, Some(CampaignStatus::Paused)),
            ("ARCHIVED", false, Some(CampaignStatus::Ended)),
            ("DELETED", false, Some(CampaignStatus::Ended)),
            ("SOMETHING_NEW", false, None),
        ];
        for (text, over, expected) in cases {
            assert_eq!(status(text, over), expected, "{text}");
        }
        assert_eq!((hour("13:00:00 - 13:59:59"), hour("00:00:00 - 00:59:59"), hour("x")), (Some(13), Some(0), None));
        assert_eq!(channel(Some("threads")).as_str(), "threads");
        assert_eq!(channel(None).as_str(), "meta_all");
    }
}
