//! Google's words and numbers → ours.

use chrono::{Datelike, NaiveDate, NaiveDateTime};
use moa_domain::{CampaignStatus, ChannelCode, Counts, Millionths, Objective, Platform};

use super::wire;
use crate::connector::RemoteCampaign;
use crate::error::{ConnectorError, Kind};
use crate::wire::Number;

/// `now` is in the account's zone.
pub(super) fn campaign(row: wire::CampaignRow, now: NaiveDateTime) -> RemoteCampaign {
    let campaign = row.campaign;
    let budget = row.campaign_budget.unwrap_or_default();
    let amount = |number: Number| number.count().filter(|micros| *micros > 0).map(Millionths);
    let ends = campaign.end_date_time.as_deref().and_then(moment).filter(|end| end.year() < 2037);
    let lifetime = budget.period == "CUSTOM_PERIOD";
    RemoteCampaign {
        status: status(&campaign, ends.is_some_and(|end| end < now)),
        objective: Some(objective(&campaign)),
        // The two exclude each other; amounts are micros in every currency.
        daily_budget: if lifetime { None } else { amount(budget.amount_micros) },
        total_budget: if lifetime { amount(budget.total_amount_micros) } else { None },
        budget_shared: budget.explicitly_shared.0,
        start_date: campaign.start_date_time.as_deref().and_then(moment).map(|start| start.date()),
        end_date: ends.map(|end| end.date()),
        removed: campaign.status == "REMOVED" || campaign.primary_status == "REMOVED",
        id: campaign.id.0,
        name: campaign.name,
        kind: campaign.advertising_channel_type,
    }
}

fn moment(text: &str) -> Option<NaiveDateTime> {
    NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M:%S")
        .ok()
        .or_else(|| text.get(..10)?.parse::<NaiveDate>().ok()?.and_hms_opt(0, 0, 0))
}

/// `None` keeps what was known: a word nobody has heard of.
fn status(campaign: &wire::Campaign, is_over: bool) -> Option<CampaignStatus> {
    if campaign.status == "REMOVED" || campaign.primary_status == "REMOVED" {
        return Some(CampaignStatus::Ended);
    }
    if campaign.primary_status == "ENDED" || campaign.serving_status == "ENDED" || is_over {
        return Some(CampaignStatus::Ended);
    }
    match campaign.status.as_str() {
        "PAUSED" => Some(CampaignStatus::Paused),
        "ENABLED" => Some(CampaignStatus::Active),
        _ => None,
    }
}

/// Google has no objectives: derived from the kind of campaign and how it bids.
fn objective(campaign: &wire::Campaign) -> Objective {
    match campaign.advertising_channel_type.as_str() {
        "PERFORMANCE_MAX" | "SHOPPING" | "MULTI_CHANNEL" | "HOTEL" | "TRAVEL" | "LOCAL_SERVICES" => return Objective::Conversion,
        _ => {}
    }
    match campaign.bidding_strategy_type.as_str() {
        "TARGET_CPA" | "TARGET_ROAS" | "MAXIMIZE_CONVERSIONS" | "MAXIMIZE_CONVERSION_VALUE" | "COMMISSION" | "MANUAL_CPA" => {
            return Objective::Conversion;
        }
        "TARGET_CPM" | "MANUAL_CPM" | "FIXED_CPM" | "FIXED_SHARE_OF_VOICE" | "TARGET_IMPRESSION_SHARE" => return Objective::Awareness,
        _ => {}
    }
    match campaign.advertising_channel_sub_type.as_str() {
        "VIDEO_NON_SKIPPABLE" | "VIDEO_REACH_TARGET_FREQUENCY" | "YOUTUBE_AUDIO" => Objective::Awareness,
        _ => Objective::Consideration,
    }
}

/// Where an ad was shown, and for what Google does not split, the kind of campaign.
pub(super) fn channel(network: &str, campaign_kind: &str) -> ChannelCode {
    ChannelCode::new(match (network, campaign_kind) {
        ("SEARCH" | "SEARCH_PARTNERS", "SHOPPING") => "google_shopping",
        ("SEARCH" | "SEARCH_PARTNERS", _) => "google_search",
        ("CONTENT", _) => "google_display",
        ("YOUTUBE", _) => "youtube",
        ("GOOGLE_OWNED_CHANNELS", _) | ("MIXED", "DEMAND_GEN") => "google_demand_gen",
        ("MIXED", "PERFORMANCE_MAX") => "google_pmax",
        ("MIXED", "MULTI_CHANNEL") => "google_app",
        ("MIXED", "SHOPPING") => "google_shopping",
        _ => "google_other",
    })
}

/// # Errors
/// [`Kind::BadAnswer`], worth another try, for a number that is `null` or none. What is absent is zero.
pub(super) fn counts(metrics: &wire::Metrics) -> Result<Counts, ConnectorError> {
    let present = |number: Option<Number>| match number {
        Some(number) if !number.is_present() => Err(bad_answer("a number is missing")),
        other => Ok(other),
    };
    let count = |number: Option<Number>| match present(number)? {
        None => Ok(0),
        Some(number) => number.count().filter(|count| *count >= 0).ok_or_else(|| bad_answer("a count that is none")),
    };
    let amount = |number: Option<Number>| match present(number)? {
        None => Ok(Millionths::ZERO),
        Some(number) => number.millionths().ok_or_else(|| bad_answer("an amount that does not fit")),
    };
    let micros = |number: Option<Number>| match present(number)? {
        None => Ok(Millionths::ZERO),
        Some(number) => number.count().map(Millionths).ok_or_else(|| bad_answer("an amount that does not fit")),
    };
    Ok(Counts {
        impressions: count(metrics.impressions)?,
        clicks: count(metrics.clicks)?,
        cost: micros(metrics.cost_micros)?,
        conversions: amount(metrics.conversions)?,
        revenue: amount(metrics.conversions_value)?,
        conversions_all: amount(metrics.all_conversions)?,
        revenue_all: amount(metrics.all_conversions_value)?,
    })
}

pub(super) fn bad_answer(what: &str) -> ConnectorError {
    ConnectorError::passing(&Platform::GoogleAds, Kind::BadAnswer, None).with_detail(what)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: &str = "2026-11-22 12:00:00";

    fn read(json: &str) -> RemoteCampaign {
        campaign(serde_json::from_str(json).expect("a row"), moment(NOW).expect("a time"))
    }

    #[test]
    fn campaigns_are_read_with_daily_and_lifetime_budgets() {
        let daily = read(
            r#"{"campaign":{"resourceName":"x","id":"20417755101","name":"[검색] 원두","status":"ENABLED","primaryStatus":"LIMITED","servingStatus":"SERVING",
            "advertisingChannelType":"SEARCH","biddingStrategyType":"MAXIMIZE_CONVERSION_VALUE","startDateTime":"2026-09-01 00:00:00","endDateTime":"2037-12-30 23:59:59"},
            "campaignBudget":{"amountMicros":"150000000000","period":"DAILY","explicitlyShared":true}}"#,
        );
        assert_eq!((daily.daily_budget, daily.total_budget, daily.budget_shared), (Some(Millionths::from_whole(150_000)), None, true));
        assert_eq!((daily.status, daily.end_date), (Some(CampaignStatus::Active), None));
        let lifetime = read(
            r#"{"campaign":{"id":"2","status":"ENABLED","advertisingChannelType":"PERFORMANCE_MAX","endDateTime":"2026-11-21 23:59:59"},
            "campaignBudget":{"totalAmountMicros":"9000000000000","period":"CUSTOM_PERIOD"}}"#,
        );
        assert_eq!((lifetime.daily_budget, lifetime.total_budget), (None, Some(Millionths::from_whole(9_000_000))));
        assert_eq!(lifetime.status, Some(CampaignStatus::Ended), "its last day is over");
        let removed = read(r#"{"campaign":{"id":"3","status":"REMOVED"}}"#);
        assert!(removed.removed && removed.daily_budget.is_none());
        assert_eq!(read(r#"{"campaign":{"id":"4","status":"SOMETHING_NEW"}}"#).status, None);
    }

    #[test]
    fn objectives_follow_kind_and_bidding() {
        let of = |kind: &str, sub: &str, bidding: &str| {
            objective(&wire::Campaign {
                advertising_channel_type: kind.to_owned(),
                advertising_channel_sub_type: sub.to_owned(),
                bidding_strategy_type: bidding.to_owned(),
                ..wire::Campaign::default()
            })
        };
        assert_eq!(of("PERFORMANCE_MAX", "", "TARGET_CPM"), Objective::Conversion);
        assert_eq!(of("SEARCH", "", "TARGET_CPA"), Objective::Conversion);
        assert_eq!(of("SEARCH", "", "TARGET_IMPRESSION_SHARE"), Objective::Awareness);
        assert_eq!(of("VIDEO", "VIDEO_NON_SKIPPABLE", ""), Objective::Awareness);
        assert_eq!(of("SEARCH", "", "MANUAL_CPC"), Objective::Consideration);
        assert_eq!(of("SOMETHING_NEW", "", ""), Objective::Consideration);
    }

    #[test]
    fn networks_become_channels() {
        let cases = [
            ("SEARCH", "SEARCH", "google_search"),
            ("SEARCH_PARTNERS", "PERFORMANCE_MAX", "google_search"),
            ("SEARCH", "SHOPPING", "google_shopping"),
            ("CONTENT", "DISPLAY", "google_display"),
            ("YOUTUBE", "PERFORMANCE_MAX", "youtube"),
            ("GMAIL", "DEMAND_GEN", "google_other"),
            ("DISCOVER", "DEMAND_GEN", "google_other"),
            ("GOOGLE_OWNED_CHANNELS", "X", "google_demand_gen"),
            ("MIXED", "PERFORMANCE_MAX", "google_pmax"),
            ("MIXED", "MULTI_CHANNEL", "google_app"),
            ("MIXED", "DEMAND_GEN", "google_demand_gen"),
            ("MIXED", "SHOPPING", "google_shopping"),
            ("MIXED", "SEARCH", "google_other"),
            ("SOMETHING_NEW", "SEARCH", "google_other"),
        ];
        for (network, kind, expected) in cases {
            assert_eq!(channel(network, kind).as_str(), expected, "{network} {kind}");
        }
    }

    #[test]
    fn numbers_are_exact_and_null_is_no_zero() {
        let read = |json: &str| counts(&serde_json::from_str(json).expect("metrics"));
        let told =
            read(r#"{"clicks":"95","impressions":"20344","costMicros":"61900000000","conversions":3.333333,"conversionsValue":287450.5}"#)
                .expect("counts");
        assert_eq!((told.clicks, told.cost), (95, Millionths::from_whole(61_900)));
        assert_eq!((told.conversions, told.revenue), (Millionths(3_333_333), Millionths(287_450_500_000)));
        assert_eq!(told.conversions_all, Millionths::ZERO, "what is absent is zero");
        assert!(read(r#"{"clicks":null,"impressions":"1"}"#).is_err());
    }
}
